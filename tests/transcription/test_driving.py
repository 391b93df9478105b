"""A Job gets to its end from its rows alone: whatever is cut off is done again, whatever was done is not done twice."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent, ProviderSetting
from portal.accounts.models import Member
from tests.peers.casedev import Peer
from tests.transcription.pipeline import SPEECH, begin, delete_all, drive, let_time_pass
from transcription import driving, ingest, jobs, renditions, second_pass, submissions
from transcription.models import Proceeding, Submission, Transcript
from transcription.providers.casedev.client import CaseDev
from vault import objects
from vault.errors import StorageDown
from vault.models import Grant, Matter, StoredObject

JFK = (SPEECH / "jfk.wav").read_bytes()
TWO = (SPEECH / "two-channels.wav").read_bytes()


def events(kind: str) -> int:
    return AuditEvent.objects.filter(type=kind).count()


def test_the_whole_way_by_upload(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.polls = 3
    proceeding, job = begin(matter, paralegal, JFK, speakers_expected=2, vocabulary=["Whitfield"])
    drive(job)
    proceeding.refresh_from_db()
    assert (job.state, proceeding.state, job.failure) == ("completed", "ready", "")
    asked = next(a for a in peer.asked if a.path == "/voice/transcription").json
    assert (asked["speakers_expected"], asked["word_boost"], asked["language_code"]) == (2, ["Whitfield"], "en")
    assert "webhook_url" not in asked
    transcript = ingest.live_transcript(proceeding.id)
    assert transcript is not None
    assert (transcript.words, transcript.duration_ms, transcript.state) == (7, 11_000, "ready")
    rendition = transcript.renditions.get()
    assert (rendition.audio_state, rendition.hidden_spans) == ("ready", 1)
    assert "Marta" not in json.dumps(list(renditions.utterances(rendition)))
    row = Submission.objects.get()
    assert row.result is not None
    assert json.loads(objects.get_bytes(row.result))["text"].startswith("Speaker A")
    delete_all()
    row.refresh_from_db()
    assert row.deletion == "done"
    assert {(p["target"], p["confirmed"]) for p in row.deletion_proof} == {(row.provider_id, True), ("portal/o1", True)}
    assert peer.jobs == {}
    assert peer.objects == {}
    for kind in ("compliance:egress:allowed", "transcription:provider:submitted", "transcription:job:completed"):
        assert events(kind) == 1
    assert events("transcription:provider:deleted") == 2


def test_the_whole_way_by_link(linked: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert job.state == "completed"
    asked = next(a for a in linked.asked if a.path == "/voice/transcription").json
    assert asked["audio_url"].startswith(f"{linked.url}/vault/objects/")
    token = asked["webhook_url"].removeprefix(f"{linked.url}/webhooks/engine/")
    row = Submission.objects.get()
    assert row.token_hash == submissions.token_hash(token)
    assert token not in json.dumps(list(Submission.objects.values()), default=str)
    grant = Grant.objects.get()
    assert (grant.submission_id, grant.method) == (row.id, "GET")
    assert grant.revoked_at is not None
    assert linked.objects == {}


def test_an_answer_that_got_lost_is_asked_for_again_not_made_again(linked: Peer, matter: Matter, paralegal: Member) -> None:
    linked.fail("POST", "/voice/transcription", 0)
    _, job = begin(matter, paralegal, JFK)
    driving.drive(job.id)
    row = Submission.objects.get()
    assert (row.state, row.provider_id, row.attempts) == ("submitting", "", 1)
    assert len(linked.jobs) == 1
    drive(job)
    assert job.state == "completed"
    assert linked.count("POST", "/voice/transcription") == 2
    assert Grant.objects.count() == 1
    assert Submission.objects.get().provider_id == "tr_1"


def test_a_process_that_dies_while_it_submits_is_replaced(
    linked: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = begin(matter, paralegal, JFK)
    create = CaseDev.create

    def killed(self: CaseDev, order: Any) -> str:
        create(self, order)
        raise KeyboardInterrupt

    monkeypatch.setattr(CaseDev, "create", killed)
    with pytest.raises(KeyboardInterrupt):
        driving.drive(job.id)
    assert Submission.objects.get().state == "submitting"
    monkeypatch.setattr(CaseDev, "create", create)
    drive(job)
    assert (job.state, len(linked.asked) > 2) == ("completed", True)
    assert Transcript.objects.count() == 1


def test_two_uploads_of_one_submission_leave_nothing_behind(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.fail("POST", "/voice/transcription", 0)
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert job.state == "completed"
    delete_all()
    assert peer.objects == {}


def test_an_engine_that_was_restarted_gets_it_again(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.polls = 3
    _, job = begin(matter, paralegal, JFK)
    driving.drive(job.id)
    assert Submission.objects.get().state == "submitted"
    peer.forget_everything()
    drive(job)
    assert job.state == "completed"
    assert Transcript.objects.count() == 1
    assert peer.count("POST", "/voice/transcription$") == 2


def test_an_engine_that_forgets_every_time_is_given_up(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.polls = 99
    _, job = begin(matter, paralegal, JFK)
    for _ in range(60):
        peer.forget_everything()
        let_time_pass()
        driving.advance(job.id)
    job.refresh_from_db()
    assert (job.state, job.failure) == ("failed", "provider_error")
    assert job.proceeding.recordings.get().object.state == "stored"


@pytest.mark.parametrize("status", [0, 429, 500, 503])
@pytest.mark.parametrize(("method", "path"), [("POST", "/voice/transcription"), ("GET", "/voice/"), ("GET", "/healthz")])
def test_a_stumbling_service_is_waited_for(
    peer: Peer, matter: Matter, paralegal: Member, status: int, method: str, path: str
) -> None:
    for _ in range(2):
        peer.fail(method, path, status, headers={"Retry-After": "120"})
    _, job = begin(matter, paralegal, JFK)
    driving.drive(job.id)
    job.refresh_from_db()
    waiting = Submission.objects.first()
    due = waiting.due_at if waiting and waiting.attempts else job.due_at
    if status != 0 and path != "/voice/":
        assert due - timezone.now() > timedelta(seconds=100)
    drive(job)
    assert job.state == "completed"
    assert Transcript.objects.count() == 1


def test_a_service_that_is_down_for_good_fails_the_job_and_keeps_the_recording(
    settings: Any, peer: Peer, matter: Matter, paralegal: Member
) -> None:
    settings.ENGINE_URL = "http://127.0.0.1:9"
    proceeding, job = begin(matter, paralegal, JFK)
    drive(job)
    proceeding.refresh_from_db()
    assert (job.state, job.failure, proceeding.state) == ("failed", "provider_down", "failed")
    settings.ENGINE_URL = peer.url
    second = jobs.again(actor=Actor("member", paralegal.id), member=paralegal, proceeding=proceeding)
    assert drive(second).state == "completed"
    proceeding.refresh_from_db()
    assert proceeding.state == "ready"


def test_garbage_for_a_result_is_never_taken(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.result = {"utterances": [{"text": 5}]}
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert (job.state, job.failure) == ("failed", "provider_garbage")
    assert not Transcript.objects.exists()
    delete_all()
    assert peer.jobs == {}


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ({"status": "error", "error": "x", "code": "not_a_recording"}, "not_media"),
        ({"status": "failed", "error": {"message": "x"}}, "provider_error"),
        ({"status": "error", "code": "fetch_failed", "retryable": True}, "provider_error"),
    ],
)
def test_a_failed_job_there_fails_here_with_its_reason(
    peer: Peer, matter: Matter, paralegal: Member, said: dict[str, Any], failure: str
) -> None:
    peer.result = said
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert (job.state, job.failure) == ("failed", failure)


def test_silence_becomes_a_transcript_that_is_empty(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.result = {"audio_duration": 11, "text": "", "utterances": [], "words": []}
    _, job = begin(matter, paralegal, JFK)
    assert drive(job).state == "completed"
    assert Transcript.objects.get().words == 0


def test_recordings_in_order_become_one_text(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK, TWO)
    assert drive(job).state == "completed"
    transcript = Transcript.objects.get()
    original = ingest.load_original(transcript)
    assert [u.start for u in original.utterances] == [500, 4000, 11_500, 15_000]
    assert original.speakers == ("A", "B", "C", "D")
    assert original.duration_ms == 16_000
    assert len(transcript.renditions.get().audio_objects) == 2
    assert list(Submission.objects.values_list("offset_ms", flat=True)) == [0, 11_000]


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"", "empty_file"),
        (b"just some words, not sound" * 50, "not_media"),
        (JFK[:100], "no_duration"),
        (JFK[: len(JFK) // 2], "cut_off"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "not_media"),
        (b"RIFF" + bytes(range(256)) * 20, "not_media"),
        (b"RIFF\0\0\0\0WAVE" + b"\1" * 900, "damaged"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "damaged"),
    ],
)
def test_what_is_no_recording_is_refused_before_anything_is_sent(
    peer: Peer, matter: Matter, paralegal: Member, data: bytes, failure: str
) -> None:
    proceeding, job = begin(matter, paralegal, data)
    drive(job)
    assert (job.state, job.failure) == ("failed", failure)
    assert proceeding.recordings.get().refusal == failure
    assert peer.count("POST", "") == 0


def test_over_long_names_figure_and_limit(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    monkeypatch.setattr(CaseDev, "limits", replace(CaseDev.limits, max_ms=5000))
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert (job.failure, job.failure_facts) == ("too_long", {"found": "11.0 s", "limit": "5.0 s"})


def test_the_basic_engine_needs_a_yes(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.basic = True
    proceeding, job = begin(matter, paralegal, JFK)
    assert drive(job).failure == "basic_engine_not_accepted"
    actor = Actor("member", paralegal.id)
    second = jobs.again(actor=actor, member=paralegal, proceeding=proceeding, basic_engine_accepted=True)
    assert drive(second).state == "completed"


def test_another_region_is_refused_recorded_and_explained(peer: Peer, matter: Matter, paralegal: Member) -> None:
    ProviderSetting.objects.create(
        organization=matter.organization, provider="casedev", enabled=True, agreement="nda", data_classes=["privileged"],
        agreed_until=timezone.now().date(),
    )  # fmt: skip
    proceeding, job = begin(matter, paralegal, JFK, provider="casedev")
    drive(job)
    assert (job.state, job.failure) == ("failed", "egress_region")
    event = AuditEvent.objects.get(type="compliance:egress:refused")
    assert (event.facts["vault_region"], event.facts["provider_region"], event.facts["reason"]) == ("local", "us", "region")
    assert peer.count("POST", "") == 0
    assert not Grant.objects.exists()


def test_a_member_who_left_sends_nothing(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    Member.objects.filter(pk=paralegal.pk).update(is_active=False)
    assert drive(job).failure == "egress_right"


def test_cancelling_deletes_what_is_there_already(peer: Peer, matter: Matter, paralegal: Member) -> None:
    peer.polls = 99
    proceeding, job = begin(matter, paralegal, JFK)
    driving.drive(job.id)
    assert len(peer.jobs) == 1
    jobs.cancel(actor=Actor("member", paralegal.id), member=paralegal, proceeding=proceeding)
    delete_all()
    assert (peer.jobs, peer.objects) == ({}, {})
    drive(job)
    assert job.state == "cancelled"
    assert not Transcript.objects.exists()


def test_cancelled_while_it_is_being_sent(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceeding, job = begin(matter, paralegal, JFK)
    create = CaseDev.create

    def cancelled(self: CaseDev, order: Any) -> str:
        jobs.cancel(actor=Actor("member", paralegal.id), member=paralegal, proceeding=proceeding)
        return create(self, order)

    monkeypatch.setattr(CaseDev, "create", cancelled)
    drive(job)
    assert job.state == "cancelled"
    delete_all()
    assert (peer.jobs, peer.objects) == ({}, {})


@pytest.mark.parametrize("where", ["store_original", "run", "ensure", "finish"])
def test_dying_anywhere_after_the_result_makes_one_transcript(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    place: Any = {"store_original": ingest, "run": second_pass, "ensure": renditions, "finish": jobs}[where]
    whole = getattr(place, where)
    left = [True]

    def dies_after(*args: Any, **more: Any) -> Any:
        made = whole(*args, **more)
        if left.pop() if left else False:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(place, where, dies_after)
    _, job = begin(matter, paralegal, JFK)
    with pytest.raises(KeyboardInterrupt):
        drive(job)
    drive(job)
    assert job.state == "completed"
    assert Transcript.objects.count() == 1
    assert StoredObject.objects.filter(kind="original", state="stored").count() == 1
    assert StoredObject.objects.filter(kind="result", state="stored").count() == 1
    assert events("transcription:job:completed") == 1
    assert peer.count("POST", "/voice/transcription$") == 1


def test_storage_that_is_down_is_waited_for(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ingest.store_original
    downs = [1, 1]

    def down(*args: Any, **more: Any) -> Any:
        if downs:
            downs.pop()
            raise StorageDown
        return whole(*args, **more)

    monkeypatch.setattr(ingest, "store_original", down)
    _, job = begin(matter, paralegal, JFK)
    assert drive(job).state == "completed"


def test_a_step_that_breaks_every_time_ends(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("Marta Whitfield")

    monkeypatch.setattr(ingest, "store_original", broken)
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    assert (job.state, job.failure) == ("failed", "internal")
    assert "ZeroDivisionError" in caplog.text
    assert "Marta" not in caplog.text


def test_a_pass_that_kills_its_process_ends_in_a_hold(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    _, job = begin(matter, paralegal, JFK)
    monkeypatch.setattr(second_pass, "run", killed)
    for _ in range(20):
        let_time_pass()
        try:
            driving.drive(job.id)
        except KeyboardInterrupt:
            continue
    job.refresh_from_db()
    assert job.state == "held"
    assert (Transcript.objects.get().state, Proceeding.objects.get().state) == ("held", "held")
