"""Callbacks of a speech service, what is deleted there, who may repeat, and holds on what a Job has made."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests.peers.casedev import Peer
from tests.transcription.pipeline import SPEECH, begin, delete_all, drive
from transcription import driving, forgetting, holding, ingest, jobs, second_pass, submissions
from transcription.models import Job, Submission, Transcript, WebhookReceipt
from transcription.providers.base import Delivery
from vault import objects
from vault.errors import OnHold, StorageDown
from vault.models import LegalHold, Matter, StoredObject

JFK = (SPEECH / "jfk.wav").read_bytes()

JFK = (SPEECH / "jfk.wav").read_bytes()
TWO = (SPEECH / "two-channels.wav").read_bytes()


def events(kind: str) -> int:
    return AuditEvent.objects.filter(type=kind).count()


def test_a_callback_that_is_faster_than_the_answer_is_adopted(linked: Peer, matter: Matter, paralegal: Member) -> None:
    linked.fail("POST", "/voice/transcription", 0)
    _, job = begin(matter, paralegal, JFK)
    driving.drive(job.id)
    row = Submission.objects.get()
    assert submissions.adopt(row, "tr_1")
    assert not submissions.adopt(row, "tr_2")
    drive(job)
    assert job.state == "completed"
    assert linked.count("POST", "/voice/transcription$") == 1


def test_an_orphan_is_deleted_when_its_callback_names_it(linked: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    linked.jobs["tr_orphan"] = {"asked": {}, "polls": 0}
    delete_all()
    row = Submission.objects.get()
    assert row.deletion == "done"
    submissions.found_orphan(row, "tr_orphan")
    submissions.found_orphan(row, "tr_orphan")
    delete_all()
    row.refresh_from_db()
    assert linked.jobs == {}
    assert row.deletion == "done"
    assert not WebhookReceipt.objects.exists()


def test_a_deletion_that_is_refused_is_tried_until_it_is_confirmed(peer: Peer, matter: Matter, paralegal: Member) -> None:
    for status in (403, 409, 500):
        peer.fail("DELETE", "/voice/", status)
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    delete_all()
    delete_all()
    assert Submission.objects.get().deletion == "done"
    assert peer.jobs == {}


def test_delivery_is_recorded(peer: Peer, matter: Matter, paralegal: Member) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    event = AuditEvent.objects.get(type="transcription:provider:submitted")
    assert event.facts["delivery"] == Delivery.UPLOAD


def test_another_firms_attorney_cannot_repeat_it(
    peer: Peer, matter: Matter, paralegal: Member, firm: Organization, make_member: Callable[..., Member]
) -> None:
    from portal.errors import NotFound

    proceeding, job = begin(matter, paralegal, JFK)
    drive(job)
    outsider = make_member(firm, Role.ATTORNEY)
    with pytest.raises(NotFound):
        jobs.again(actor=Actor("member", outsider.id), member=outsider, proceeding=proceeding)
    assert Job.objects.count() == 1


def test_cancelling_a_repetition_leaves_the_transcript_there_was(
    peer: Peer, matter: Matter, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    proceeding, job = begin(matter, paralegal, JFK)
    drive(job)
    first = Transcript.objects.get(proceeding=proceeding)
    actor = Actor("member", paralegal.id)

    def cancel(*_: Any) -> None:
        jobs.cancel(actor=actor, member=paralegal, proceeding=proceeding)

    # While the result is sealed: it comes too late and is not kept.
    second = jobs.again(actor=actor, member=paralegal, proceeding=proceeding)
    real = ingest._speakers
    monkeypatch.setattr(ingest, "_speakers", lambda *given: (cancel(), real(*given))[1])
    assert drive(second).state == "cancelled"
    monkeypatch.setattr(ingest, "_speakers", real)
    assert Transcript.objects.get(proceeding=proceeding) == first
    # While the second pass reads the new one: the first takes its place again.
    third = jobs.again(actor=actor, member=paralegal, proceeding=proceeding)
    monkeypatch.setattr(second_pass, "run", cancel)
    assert drive(third).state == "cancelled"
    assert Transcript.objects.get(proceeding=proceeding, superseded_at=None) == first
    proceeding.refresh_from_db()
    assert proceeding.state == "ready"


def test_a_hold_on_one_recording_keeps_all_that_was_made_of_it(
    peer: Peer, matter: Matter, paralegal: Member, attorney: Member
) -> None:
    proceeding, job = begin(matter, paralegal, JFK)
    drive(job)
    transcript = Transcript.objects.get(proceeding=proceeding)
    LegalHold.objects.create(matter=matter, object_id=proceeding.recordings.get().object_id, placed_by=attorney)
    with pytest.raises(OnHold):
        holding.destroy(Actor("member", attorney.id), attorney, transcript)
    transcript.original.refresh_from_db()
    assert transcript.original.state == "stored"
    assert not StoredObject.objects.filter(state="erased").exists()
    assert events("vault:matter:erasure_refused") == 1


def test_an_eraser_that_dies_leaves_nothing_that_opens(
    peer: Peer, matter: Matter, paralegal: Member, attorney: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, job = begin(matter, paralegal, JFK)
    drive(job)
    original = Transcript.objects.get(job=job).original

    def down(_: StoredObject) -> None:
        raise StorageDown

    monkeypatch.setattr(objects, "delete_bytes", down)
    with pytest.raises(StorageDown):
        forgetting.erase_transcription(actor=Actor("member", attorney.id), member=attorney, job=job)
    monkeypatch.undo()
    copies = StoredObject.objects.filter(kind__in=["original", "result", "redacted_audio"])
    assert original.id in set(copies.values_list("id", flat=True))
    assert {(row.state, bytes(row.wrapped_data_key)) for row in copies} == {("erased", b"")}
    assert objects.delete_leftovers(50) >= 3
