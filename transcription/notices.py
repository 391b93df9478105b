"""Webhooks of ours: when a Job that an API client asked for has ended, its ``webhook_url`` is told so.

Thin by design: ids, state and figures; the text is fetched with the key. Rows drive everything: a notice is sent until
it was taken or given up, at least once, with the same ``webhook-id`` each time.
"""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Target
from portal.accounts import keys
from portal.errors import PortalError
from transcription import outside, signatures
from transcription.models import Job, OutboundNotice, Transcript

# Standard Webhooks' example schedule: waits after each failed attempt.
SCHEDULE: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
TIMEOUT_SECONDS: Final = 15.0
MAX_RETRY_AFTER: Final = timedelta(hours=24)
# While one process sends, no other takes the same notice.
_CLAIMED_FOR: Final = timedelta(seconds=TIMEOUT_SECONDS * 4)
_EVENTS: Final = {
    Job.State.COMPLETED: "completed",
    Job.State.FAILED: "error",
    Job.State.CANCELLED: "error",
}

log = structlog.get_logger()


def create_missing(limit: int = 100) -> int:
    """Makes the notice of every ended Job that wants one and has none yet; how many."""
    made = 0
    # A transcript that was held is told of when somebody released it.
    ended = Q(state__in=list(_EVENTS)) | Q(state=Job.State.HELD, transcript__state=Transcript.State.READY)
    wanted = Job.objects.filter(ended, notices=None).exclude(webhook_url_sealed=b"")
    for job in wanted.order_by("finished_at")[:limit]:
        try:
            with transaction.atomic():
                OutboundNotice.objects.create(job=job, event=_EVENTS.get(Job.State(job.state), "completed"))
        except IntegrityError:
            continue  # another process was first
        made += 1
    return made


def due(limit: int = 20) -> list[UUID]:
    """Notices to be sent now."""
    rows = OutboundNotice.objects.filter(delivered_at=None, given_up_at=None, due_at__lte=timezone.now())
    return list(rows.order_by("due_at").values_list("id", flat=True)[:limit])


def send_due(limit: int = 20) -> int:
    """Sends what is due, one after the other; how many were tried."""
    return sum(send(notice_id) for notice_id in due(limit))


def send(notice_id: UUID) -> bool:
    """Tries one notice, if it is due and nobody else does; never raises for what the other side does."""
    now = timezone.now()
    free = OutboundNotice.objects.filter(pk=notice_id, delivered_at=None, given_up_at=None, due_at__lte=now)
    if not free.update(due_at=now + _CLAIMED_FOR):
        return False
    notice = OutboundNotice.objects.select_related("job__api_key", "job__proceeding__matter__vault").get(pk=notice_id)
    job = notice.job
    if job.api_key is None or job.api_key.revoked_at is not None or job.proceeding.matter.erased_at is not None:
        _give_up(notice, 0)
        return True
    try:
        place = outside.check(job.webhook_url)
        content = body(job, notice)
        response = outside.post(place, content, headers(notice, content, now), TIMEOUT_SECONDS)
    except PortalError as error:
        _settle(notice, 0, None, final=isinstance(error, outside.AddressRefused))
        return True
    _settle(notice, response.status_code, response.headers.get("Retry-After"), final=response.status_code == 410)
    return True


def body(job: Job, notice: OutboundNotice) -> bytes:
    """What is sent: case.dev's fields without the text, and Standard Webhooks' envelope around ids."""
    transcript = getattr(job, "transcript", None)
    found: dict[str, Any] = {
        "type": f"voice.transcription.{'completed' if notice.event == 'completed' else 'failed'}",
        "timestamp": notice.created_at.isoformat(),
        "transcript_id": str(job.id),
        "status": notice.event,
        "audio_duration": round(transcript.duration_ms / 1000, 3) if transcript is not None else None,
        "confidence": transcript.confidence if transcript is not None else None,
        "data": {"id": str(job.id), "vault_id": str(job.proceeding.matter.vault_id), "error": job.failure or None},
    }
    return json.dumps(found, separators=(",", ":")).encode()


def headers(notice: OutboundNotice, content: bytes, now: datetime) -> dict[str, str]:
    """``X-Signature`` over the body, and Standard Webhooks' three, all with the key's webhook secret."""
    key = notice.job.api_key
    if key is None:
        raise ValueError("only a job of an API key has a notice")
    secret = keys.webhook_secret(key, settings.WEBHOOK_KEYS)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Sealscript-Webhooks/1",
        "X-Signature": signatures.sign_body(secret, content),
        **signatures.standard_headers([secret], f"msg_{notice.id.hex}", int(now.timestamp()), content),
    }


def _settle(notice: OutboundNotice, status: int, retry_after: str | None, *, final: bool) -> None:
    attempt = notice.attempts + 1
    if 200 <= status < 300:
        _store(notice, status, delivered_at=timezone.now())
    elif final or attempt > len(SCHEDULE):
        _give_up(notice, status)
    else:
        wait = SCHEDULE[attempt - 1]
        if retry_after and retry_after.isascii() and retry_after.isdigit():
            wait = min(max(wait, timedelta(seconds=int(retry_after[:6]))), MAX_RETRY_AFTER)
        _store(notice, status, due_at=timezone.now() + wait)


def _give_up(notice: OutboundNotice, status: int) -> None:
    _store(notice, status, given_up_at=timezone.now())


def _store(notice: OutboundNotice, status: int, **changed: datetime) -> None:
    job = notice.job
    attempt = notice.attempts + 1
    with transaction.atomic():
        OutboundNotice.objects.filter(pk=notice.pk).update(attempts=attempt, last_status=status, **changed)
        audit.record(
            "transcription:webhook:sent",
            organization_id=job.proceeding.matter.organization_id,
            actor=SYSTEM,
            target=Target("job", job.id, job.proceeding.matter_id),
            outcome="done" if "delivered_at" in changed else "failed",
            job=job.id,
            status=status,
            attempt=attempt,
        )
    log.info("notice_sent", job=str(job.id), status=status, attempt=attempt)
