"""The sweeper finds what nobody was told of, one at a time, and one failing part stops no other."""

import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from compliance import policies
from portal.accounts.models import Member
from tests.peers.casedev import Peer
from tests.transcription.pipeline import SPEECH, begin, drive, let_time_pass
from transcription import audio, driving, renditions, sweeper, tasks
from transcription.models import Job, Lease, Rendition, Submission, Transcript
from transcription.sweeper import Part, Sweeper, hold_lease
from vault.errors import StorageDown
from vault.models import Matter

JFK = (SPEECH / "jfk.wav").read_bytes()


def test_a_lease_has_one_holder_and_is_lost_by_time(db: None) -> None:
    assert hold_lease("x", "one", 60)
    assert hold_lease("x", "one", 60)
    assert not hold_lease("x", "two", 60)
    Lease.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert hold_lease("x", "two", 60)
    assert not hold_lease("x", "one", 60)


def test_jobs_are_sent_by_their_ids_and_nothing_else(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = begin(matter, paralegal, JFK)
    sent: list[object] = []
    monkeypatch.setattr(tasks, "enqueue", sent.append)
    assert sweeper.send_jobs() == 1
    assert sent == [job.id]


def test_without_any_queue_the_sweeper_does_it_all(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    for _ in range(20):
        let_time_pass()
        Job.objects.update(due_at=timezone.now() - sweeper.OVERDUE * 2)
        sweeper.drive_late()
        sweeper.delete_at_providers()
    job.refresh_from_db()
    assert job.state == "completed"
    assert Submission.objects.get().deletion == "done"
    assert Transcript.objects.count() == 1


def test_a_view_that_was_opened_later_gets_its_sound(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    opened = renditions.ensure(Transcript.objects.get(), policies.preset_row("everything"))
    assert opened.audio_state == "building"
    assert sweeper.make_sound() == 1
    assert Rendition.objects.get(pk=opened.pk).audio_state == "ready"
    assert sweeper.make_sound() == 0


def test_sound_that_crashes_the_bleeper_holds_up_nobody_elses(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        _, job = begin(matter, paralegal, JFK)
        drive(job)
    bad, good = (renditions.ensure(t, policies.preset_row("everything")) for t in Transcript.objects.order_by("created_at"))
    whole = audio.redact_audio

    def crashes(source: Any, silences: Any) -> Any:
        if crashing:
            crashing.pop()
            raise AttributeError("John Smith")
        return whole(source, silences)

    monkeypatch.setattr(audio, "redact_audio", crashes)
    for number in range(audio.TRIES):
        crashing = [True]
        assert sweeper.make_sound() == (2 if number == 0 else 1)
        good.refresh_from_db()
        assert good.audio_state == "ready"
        assert good.audio_tries == 0
        # Not at once again.
        assert sweeper.make_sound() == 0
        Rendition.objects.filter(audio_state="building").update(audio_tried_at=timezone.now() - audio.AGAIN * 2)
    bad.refresh_from_db()
    assert (bad.audio_state, bad.audio_tries) == ("failed", 0)
    assert "AttributeError" in caplog.text
    assert "John" not in caplog.text


def test_storage_that_is_down_is_no_try_of_the_sound(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    row = renditions.ensure(Transcript.objects.get(), policies.preset_row("everything"))

    def down(*_: object, **__: object) -> None:
        raise StorageDown

    with monkeypatch.context() as patched:
        patched.setattr(audio.objects, "put_bytes", down)
        for _ in range(audio.TRIES + 1):
            sweeper.make_sound()
            Rendition.objects.filter(pk=row.pk).update(audio_tried_at=None)
    row.refresh_from_db()
    assert (row.audio_state, row.audio_tries) == ("building", 0)
    sweeper.make_sound()
    row.refresh_from_db()
    assert row.audio_state == "ready"


def test_a_crash_of_the_bleeper_leaves_the_text_checked_and_shown(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crashes(*_: object) -> None:
        raise AttributeError

    _, job = begin(matter, paralegal, JFK)
    monkeypatch.setattr(audio, "redact_audio", crashes)
    drive(job)
    job.refresh_from_db()
    assert job.state == "completed"
    assert Transcript.objects.get().state == Transcript.State.READY
    assert set(Rendition.objects.values_list("audio_state", "audio_tries")) == {("building", 1)}


def test_the_queues_folder_comes_back(settings: Any, tmp_path: Path) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.BROKER_DIR = tmp_path / "broker"
    assert sweeper.mend_broker() == 2
    assert (tmp_path / "broker" / "control").is_dir()
    assert sweeper.mend_broker() == 0


def test_a_queue_that_is_down_is_no_error(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OSError

    _, job = begin(matter, paralegal, JFK)
    monkeypatch.setattr(tasks.drive, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True) as ran:
        tasks.enqueue(job.id)
    assert len(ran) == 1


def test_a_part_that_fails_is_logged_by_its_kind(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ValueError("Marta Whitfield")

    done: list[int] = []
    sweeper.sweep([Part("broken", broken), Part("good", lambda: done.append(1))])
    assert done == [1]
    assert "ValueError" in caplog.text
    assert "Marta" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_slow_part_holds_no_other_up_and_is_not_called_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "parts", list)
    slow, quick, over = [0], [0], threading.Event()

    def wait() -> None:
        slow[0] += 1
        over.wait(10)

    def count() -> None:
        quick[0] += 1

    # As many slow ones as there may ever be: each part has a thread of its own.
    others = [Part(f"stuck_{number}", lambda: over.wait(10)) for number in range(12)]
    running = Sweeper([*others, Part("slow", wait), Part("quick", count)], seconds=0.05)
    running.start()
    deadline = time.monotonic() + 10
    while quick[0] < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    over.set()
    running.stop()
    assert quick[0] >= 3
    assert slow[0] == 1


def test_a_job_is_driven_by_one_process_at_a_time(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    Job.objects.update(lease_until=timezone.now() + timedelta(seconds=30), lease_holder="elsewhere/1/x")
    assert not driving.advance(job.id)
    assert sweeper.send_jobs() == 0
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert driving.advance(job.id)
