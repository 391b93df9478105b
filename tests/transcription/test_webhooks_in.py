"""The door for notices: forged, repeated, late, foreign or oversized ones change nothing, and good ones only wake a Job."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from compliance.models import AuditEvent
from portal.accounts.models import Member
from tests.peers import casedev as peers
from tests.peers.casedev import Peer
from tests.transcription.pipeline import SPEECH, begin, delete_all, drive
from transcription import driving, submissions, webhooks
from transcription.models import Job, Submission, Transcript, WebhookReceipt
from transcription.signatures import sign_body, standard_headers
from vault.models import Matter

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
JFK = (SPEECH / "jfk.wav").read_bytes()


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    with peers.running("key-for-tests-123") as running:
        settings.ENGINE_URL = settings.PUBLIC_URL = running.url
        settings.ENGINE_API_KEY = "key-for-tests-123"
        settings.ENGINE_WEBHOOK_SECRET = SECRET
        yield running


@pytest.fixture
def submitted(peer: Peer, matter: Matter, paralegal: Member) -> Submission:
    """Sent, and being waited for: the next look is an hour away."""
    peer.polls = 1
    _, job = begin(matter, paralegal, JFK)
    driving.advance(job.id)
    Job.objects.update(due_at=timezone.now())
    driving.advance(job.id)
    later = timezone.now() + timedelta(hours=1)
    Job.objects.update(due_at=later)
    Submission.objects.update(due_at=later)
    row = Submission.objects.get()
    assert row.state == "submitted"
    return row


def body_of(row: Submission, **more: Any) -> bytes:
    return json.dumps({"transcript_id": row.provider_id, "status": "completed", "text": "My name is Marta"} | more).encode()


def post(row: Submission, body: bytes, headers: dict[str, str] | None = None, provider: str = "engine", token: str = "") -> Any:
    signed = {"X-Signature": sign_body(SECRET, body)} if headers is None else headers
    path = f"/webhooks/{provider}/{token or submissions.token_of(row)}"
    return Client(enforce_csrf_checks=True).post(path, body, content_type="application/json", headers=signed)


def test_a_good_notice_is_sealed_recorded_and_wakes_the_job(peer: Peer, submitted: Submission) -> None:
    body = body_of(submitted)
    assert post(submitted, body).status_code == 200
    receipt = WebhookReceipt.objects.get()
    assert receipt.body == body
    assert b"Marta" not in bytes(receipt.body_sealed)
    assert AuditEvent.objects.filter(type="transcription:webhook:received").count() == 1
    assert Submission.objects.get().due_at <= timezone.now()
    job = drive(Job.objects.get())
    assert job.state == "completed"
    # What the notice says is not the result: it was fetched.
    assert Transcript.objects.get().words == 7


def test_a_replay_is_answered_and_changes_nothing(peer: Peer, submitted: Submission) -> None:
    body = body_of(submitted)
    post(submitted, body)
    drive(Job.objects.get())
    before = list(Submission.objects.values()), list(Job.objects.values()), AuditEvent.objects.count()
    for _ in range(3):
        assert post(submitted, body).status_code == 200
    assert (list(Submission.objects.values()), list(Job.objects.values()), AuditEvent.objects.count()) == before
    assert WebhookReceipt.objects.count() == Transcript.objects.count() == 1


def test_a_standard_webhook_is_told_by_its_id(peer: Peer, submitted: Submission) -> None:
    now = int(time.time())
    one, other = body_of(submitted), body_of(submitted, attempt=2)
    assert post(submitted, one, standard_headers([SECRET], "msg_1", now, one)).status_code == 200
    assert post(submitted, other, standard_headers([SECRET], "msg_1", now, other)).status_code == 200
    assert WebhookReceipt.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"X-Signature": "00" * 32},
        {"X-Signature": "nonsense"},
        {"X-Case-Signature": "sha256=" + "00" * 32, "X-Case-Timestamp": "1"},
        "other secret",
        "other body",
        "too old",
    ],
)
def test_forged_notices_are_refused_and_recorded(peer: Peer, submitted: Submission, forged: Any) -> None:
    body = body_of(submitted)
    now = int(time.time())
    headers = {
        "other secret": {"X-Signature": sign_body("another secret", body)},
        "other body": {"X-Signature": sign_body(SECRET, body + b" ")},
        "too old": standard_headers([SECRET], "msg_1", now - 400, body),
    }.get(forged if isinstance(forged, str) else "", forged)
    assert post(submitted, body, headers).status_code == 401
    assert not WebhookReceipt.objects.exists()
    assert Submission.objects.get().due_at > timezone.now() + timedelta(minutes=50)
    event = AuditEvent.objects.get(type="transcription:webhook:refused")
    assert (event.outcome, event.facts["provider"]) == ("refused", "engine")


def test_jobs_that_are_not_ours_have_one_answer(peer: Peer, submitted: Submission) -> None:
    body = body_of(submitted)
    answers = {
        (r.status_code, r.content)
        for r in (
            post(submitted, body, token="1.AAAA"),
            post(submitted, body, token=submissions.token_of(submitted) + "x"),
            post(submitted, body, provider="nobody"),
        )
    }
    assert answers == {(404, b'{"code": "unknown"}')}
    assert not WebhookReceipt.objects.exists()


def test_another_services_address_does_not_open_it(peer: Peer, submitted: Submission, settings: Any) -> None:
    settings.CASEDEV_WEBHOOK_SECRET = SECRET
    assert post(submitted, body_of(submitted), provider="casedev").status_code == 404


def test_over_the_limit_is_413(peer: Peer, submitted: Submission) -> None:
    body = body_of(submitted, text="x" * webhooks.BODY_LIMIT)
    assert post(submitted, body).status_code == 413
    assert AuditEvent.objects.get(type="transcription:webhook:refused").facts["reason"] == "too_large"


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b"{}", b'{"transcript_id": 7}', b"[" * 50_000])
def test_signed_nonsense_is_400(peer: Peer, submitted: Submission, body: bytes) -> None:
    assert post(submitted, body).status_code == 400
    assert not WebhookReceipt.objects.exists()


def test_only_post(peer: Peer, submitted: Submission) -> None:
    assert Client().get(f"/webhooks/engine/{submissions.token_of(submitted)}").status_code == 405


def test_a_notice_for_another_job_of_theirs_is_an_orphan(peer: Peer, submitted: Submission) -> None:
    peer.jobs["tr_other"] = {"asked": {}, "polls": 0}
    assert post(submitted, body_of(submitted, transcript_id="tr_other")).status_code == 200
    drive(Job.objects.get())
    delete_all()
    assert peer.jobs == {}
    assert Transcript.objects.count() == 1


def test_a_notice_before_our_own_answer_is_adopted(peer: Peer, submitted: Submission) -> None:
    Submission.objects.update(state="submitting", provider_id="")
    assert post(submitted, body_of(submitted)).status_code == 200
    row = Submission.objects.get()
    assert (row.state, row.provider_id) == ("submitted", submitted.provider_id)
    assert drive(Job.objects.get()).state == "completed"
    assert peer.count("POST", "/voice/transcription$") == 1


def test_tokens_outlive_the_rotation_of_their_key(peer: Peer, submitted: Submission, settings: Any) -> None:
    old = submissions.token_of(submitted)
    settings.CORRELATION_KEYS = {**settings.CORRELATION_KEYS, "2": "n" * 40}
    assert submissions.token_of(submitted) != old
    assert post(submitted, body_of(submitted), token=old).status_code == 200
