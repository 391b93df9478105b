"""Webhooks of ours: signed, thin, sent until they are taken, never to places inside."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.conf import settings as portal_settings
from django.utils import timezone
from standardwebhooks import Webhook

from compliance.models import AuditEvent
from portal.accounts import keys
from portal.accounts.rights import Scope
from tests.transcription.elsewhere import host
from transcription import notices
from transcription.models import Job, OutboundNotice, Proceeding


@pytest.fixture
def key(attorney):
    return keys.create(attorney, "tests", [Scope.TRANSCRIPTION_CREATE])


@pytest.fixture
def ended(matter, attorney, key):
    def make(url, state="completed"):
        proceeding = Proceeding.objects.create(matter=matter, kind="deposition", created_by=attorney)
        job = Job(proceeding=proceeding, provider="engine", requested_by=attorney, api_key=key.row, state=state)
        job.webhook_url = url
        job.finished_at = timezone.now()
        job.save(force_insert=True)
        return job

    return make


def test_a_notice_is_signed_in_both_forms_and_holds_no_content(ended, key, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        job = ended(f"{receiver.url}/hook?secret=1")
        assert notices.create_missing() == 1
        assert notices.create_missing() == 0
        assert notices.send_due() == 1
        assert notices.send_due() == 0
    (method, path, headers, body) = receiver.asked[0]
    assert (method, path) == ("POST", "/hook?secret=1")
    expected = hmac.new(key.webhook_secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Signature"] == expected
    sent = Webhook(key.webhook_secret).verify(body, {name.lower(): value for name, value in headers.items()})
    assert (sent["transcript_id"], sent["status"]) == (str(job.id), "completed")
    assert "text" not in sent
    notice = OutboundNotice.objects.get()
    assert notice.delivered_at is not None
    event = AuditEvent.objects.get(type="transcription:webhook:sent")
    assert event.facts == {"job": str(job.id), "status": 200, "attempt": 1}
    assert receiver.url not in json.dumps(event.facts)
    assert b"hook" not in bytes(job.webhook_url_sealed)


def test_a_failure_is_tried_again_later_with_the_same_id(ended, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        receiver.answer = lambda path: (503, {"Retry-After": "120"}, b"")
        ended(receiver.url, "failed")
        notices.create_missing()
        notices.send_due()
        notice = OutboundNotice.objects.get()
        assert (notice.attempts, notice.last_status, notice.delivered_at) == (1, 503, None)
        assert notice.due_at > timezone.now() + timedelta(seconds=100)
        assert notices.send_due() == 0
        OutboundNotice.objects.update(due_at=timezone.now())
        receiver.answer = lambda path: (204, {}, b"")
        notices.send_due()
    first, second = receiver.asked
    assert first[2]["webhook-id"] == second[2]["webhook-id"]
    assert json.loads(second[3])["status"] == "error"
    assert OutboundNotice.objects.get().delivered_at is not None


@pytest.mark.parametrize(("status", "given_up"), [(301, False), (404, False), (410, True), (500, False)])
def test_what_is_not_a_success(ended, settings, status, given_up):
    with host() as receiver, host() as inside:
        settings.TRUSTED_ORIGINS = [receiver.url, inside.url]
        receiver.answer = lambda path: (status, {"Location": inside.url}, b"")
        ended(receiver.url)
        notices.create_missing()
        notices.send_due()
        assert inside.asked == []  # a redirect is a failure, and never followed
    notice = OutboundNotice.objects.get()
    assert (notice.given_up_at is not None) == given_up
    assert notice.delivered_at is None


def test_it_is_given_up_after_the_last_attempt(ended, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        receiver.answer = lambda path: (500, {}, b"")
        ended(receiver.url)
        notices.create_missing()
        for _ in range(len(notices.SCHEDULE) + 3):
            OutboundNotice.objects.update(due_at=timezone.now())
            notices.send_due()
    assert len(receiver.asked) == len(notices.SCHEDULE) + 1
    assert OutboundNotice.objects.get().given_up_at is not None


def test_an_address_inside_is_given_up_and_nothing_is_sent(ended):
    with host() as inside:
        ended(inside.url.replace("http://", "https://"))
        notices.create_missing()
        assert notices.send_due() == 1
        assert inside.asked == []
    assert OutboundNotice.objects.get().given_up_at is not None


def test_a_revoked_key_is_told_nothing(ended, key, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        ended(receiver.url)
        notices.create_missing()
        keys.revoke(key.row)
        notices.send_due()
        assert receiver.asked == []


def test_two_senders_do_not_send_the_same_notice_at_once(ended, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        ended(receiver.url)
        notices.create_missing()
        notice = OutboundNotice.objects.get()
        # Somebody took it a moment ago and has not settled it yet.
        assert OutboundNotice.objects.filter(pk=notice.id).update(due_at=timezone.now() + timedelta(seconds=30))
        assert not notices.send(notice.id)
        OutboundNotice.objects.update(due_at=timezone.now())
        assert notices.send(notice.id)
        assert not notices.send(notice.id)
    assert len(receiver.asked) == 1


def test_the_secret_is_not_stored(key):
    assert key.webhook_secret == keys.webhook_secret(key.row, portal_settings.WEBHOOK_KEYS)
