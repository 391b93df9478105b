"""The door for speech services' notices: ``POST /webhooks/<provider>/<token>``.

Believed over the raw bytes, looked up by the correlation token, sealed, noted once, answered; everything that takes time
follows in the queue. What a notice says is never taken for the result: the result is fetched.
"""

import hashlib
import logging
import time
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from compliance import audit
from compliance.audit import Actor, Target
from portal.errors import PortalError
from transcription import jobs, submissions, tasks
from transcription.models import Submission, WebhookReceipt
from transcription.providers import registry
from transcription.providers.base import Notice
from transcription.signatures import SignatureError

log = logging.getLogger(__name__)
# case.dev's notice carries the whole text: seven hours are half a megabyte.
BODY_LIMIT: Final = 1024 * 1024


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str, token: str) -> HttpResponse:
    """401 without a good signature, 400 for no notice, 413 over the limit, 404 for a job that is not ours, else 200."""
    announced = request.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) > BODY_LIMIT:
        return _refused(provider, token, "too_large", 413)
    body = request.read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        return _refused(provider, token, "too_large", 413)
    try:
        notice = registry.get(provider).believe(dict(request.headers), body, time.time())
    except registry.UnknownProvider:
        return _answer("unknown", 404)
    except SignatureError as error:
        return _refused(provider, token, f"signature_{error.code}", 401)
    except ValueError:
        return _refused(provider, token, "not_a_notice", 400)
    submission = _find(provider, token)
    if submission is None:
        log.warning("webhook.unknown provider=%s", provider)
        return _answer("unknown", 404)
    try:
        job_id = note(submission, provider, notice, body)
    except PortalError as error:
        # The key store is down, say: they send it again.
        log.warning("webhook.not_kept submission=%s error=%s", submission.id, error.code)
        return _answer("unavailable", 503)
    if job_id is not None:
        tasks.enqueue(job_id)
    return JsonResponse({"received": True})


def note(submission: Submission, provider: str, notice: Notice, body: bytes) -> UUID | None:
    """Keeps the notice sealed, once, and makes its Job due; None for one that was here before. Raises keystore errors."""
    dedupe = hashlib.sha256(
        b"\0".join((submission.id.bytes, (notice.message_id or "").encode(), b"" if notice.message_id else body))
    ).hexdigest()
    if WebhookReceipt.objects.filter(dedupe=dedupe).exists():
        return None
    receipt = WebhookReceipt(submission=submission, provider=provider, scheme=notice.scheme, dedupe=dedupe)
    receipt.body = body
    matter = submission.job.proceeding.matter
    now = timezone.now()
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
            audit.record(
                "transcription:webhook:received",
                organization_id=matter.organization_id,
                actor=Actor("provider"),
                target=Target("proceeding", submission.job.proceeding_id, matter.id),
                provider=provider,
                submission=submission.id,
            )
            if not submissions.adopt(submission, notice.provider_id):
                row = Submission.objects.get(pk=submission.pk)
                if row.provider_id == notice.provider_id and row.state == Submission.State.SUBMITTED:
                    Submission.objects.filter(pk=row.pk).update(due_at=now)
                elif row.provider_id != notice.provider_id:
                    submissions.found_orphan(row, notice.provider_id)
            jobs.wake([submission.job_id])
            WebhookReceipt.objects.filter(pk=receipt.pk).update(processed_at=now)
    except IntegrityError:
        # The same notice at the same time, by another connection.
        return None
    return submission.job_id


def _find(provider: str, token: str) -> Submission | None:
    rows = Submission.objects.select_related("job__proceeding__matter", "recording__object__vault")
    return rows.filter(token_hash=submissions.token_hash(token), job__provider=provider).first()


def _refused(provider: str, token: str, reason: str, status: int) -> HttpResponse:
    """Records the refusal where it is known whose it is; strangers' noise is logged only."""
    log.warning("webhook.refused provider=%s reason=%s", provider if provider in registry.names() else "?", reason)
    submission = _find(provider, token)
    if submission is not None:
        matter = submission.job.proceeding.matter
        audit.refuse(
            "transcription:webhook:refused",
            organization_id=matter.organization_id,
            actor=Actor("anonymous"),
            target=Target("proceeding", submission.job.proceeding_id, matter.id),
            provider=provider,
            reason=reason,
        )
    return _answer(reason, status)


def _answer(code: str, status: int) -> HttpResponse:
    return JsonResponse({"code": code}, status=status)


urlpatterns = [path("<slug:provider>/<str:token>", receive, name="provider-webhook")]
