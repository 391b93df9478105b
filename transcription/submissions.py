"""Submissions: one Recording as it was sent to a provider, driven step by step from its row.

Before anything is sent, a transaction of its own commits the state ``submitting``, the hash of the correlation token and
the gate's decision. Whatever dies after that, the next step finds the row and asks again with the same Idempotency-Key
and the same token: the provider's job is adopted, or made once more and the orphan deleted when its callback names it.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from compliance import residency
from compliance.audit import SYSTEM, Actor, Target
from compliance.residency import Destination, EgressRefused
from transcription import jobs
from transcription.models import Job, Recording, Submission
from transcription.normalising import Piece, ResultInvalid, original_of
from transcription.providers.base import Delivery, Media, Order, Provider, ProviderError, Remote, RemoteState, Sent
from vault import grants, objects
from vault.models import Grant, StoredObject

log = logging.getLogger(__name__)

# Backoff of what may succeed later: 5 s, 10 s, … at most ten minutes; given up after so many.
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
MAX_ATTEMPTS: Final = 8
# How often an id that the provider forgot (an engine that was restarted) is submitted anew.
MAX_LOST: Final = 5
# The engine is next door; a paid service counts requests.
POLL_OWN: Final = timedelta(seconds=2)
POLL_EXTERNAL: Final = (timedelta(seconds=5), timedelta(seconds=60))
# A provider has this much time for one recording: a day, or eight times its length.
PATIENCE: Final = timedelta(hours=24)
# A link serves until the provider has read everything; the engine reads in step with decoding.
LINK_SECONDS: Final = 6 * 3600
_LINK_LEFT: Final = timedelta(minutes=10)
S = Submission.State


class SubmissionFailed(Exception):
    """The Job cannot go on: a code of ``transcription.problems`` with its facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def plan(job: Job) -> list[Submission]:
    """One Submission per Recording, in order; those that are there stay."""
    rows: list[Submission] = []
    offset = 0
    with transaction.atomic():
        for recording in Recording.objects.filter(proceeding_id=job.proceeding_id).order_by("position"):
            row, _ = Submission.objects.get_or_create(
                job=job, position=recording.position, defaults={"recording": recording, "offset_ms": offset}
            )
            rows.append(row)
            offset += recording.duration_ms or 0
    return rows


# --- the correlation token ---------------------------------------------------------------------------------------


def token_of(submission: Submission) -> str:
    """The secret part of the callback address: an HMAC, so that it can be made again after a crash and is never stored."""
    key_id = next(reversed(settings.CORRELATION_KEYS))
    return f"{key_id}.{_mac(key_id, 'callback', str(submission.id))}"


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _mac(key_id: str, purpose: str, text: str) -> str:
    key = settings.CORRELATION_KEYS[key_id].encode()
    mac = hmac.digest(key, f"{purpose}:{text}".encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def _idempotency_key(submission: Submission) -> str:
    """The same until an earlier attempt is known to be void."""
    return _mac(next(reversed(settings.CORRELATION_KEYS)), "attempt", f"{submission.id}:{_void(submission)}")


# --- one step ----------------------------------------------------------------------------------------------------


def step(submission: Submission, provider: Provider) -> None:
    """Does the next thing for a Submission that is due: submits, or asks how it stands. Not inside a transaction.

    Raises SubmissionFailed when the Job has to fail; storage and key store errors pass through.
    """
    try:
        if submission.state in (S.WAITING, S.SUBMITTING):
            _submit(submission, provider)
        elif submission.state == S.SUBMITTED:
            _poll(submission, provider)
    except ProviderError as error:
        _later(submission, error)


def _later(submission: Submission, error: ProviderError) -> None:
    attempts = submission.attempts + 1
    log.warning(
        "submission.attempt_failed submission=%s code=%s status=%s attempts=%s",
        submission.id,
        error.code,
        error.status,
        attempts,
    )
    if not error.retryable or attempts >= MAX_ATTEMPTS:
        raise SubmissionFailed(error.code)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, timedelta(seconds=error.retry_after))
    Submission.objects.filter(pk=submission.pk).update(attempts=attempts, due_at=timezone.now() + wait)


def _submit(submission: Submission, provider: Provider) -> None:
    job = submission.job
    delivery = provider.delivery(settings.PUBLIC_URL)
    link = _commit(submission, provider, delivery)
    sent = None
    if delivery is Delivery.UPLOAD:
        sent = provider.send(_media(submission))
        # What lies there now is deleted afterwards, whatever becomes of this process.
        _note(submission, {"leftovers": dict(sent.leftovers)})
    order = _order(submission, job, link, sent)
    try:
        provider_id = provider.create(order)
    except ProviderError as error:
        if error.status == 422 and sent is not None:
            # The key was used with another upload by an attempt whose answer got lost: this is a new request.
            _note(submission, {"void": True})
            provider_id = provider.create(_order(submission, job, link, sent))
        else:
            raise
    with transaction.atomic():
        now = timezone.now()
        taken = Submission.objects.filter(pk=submission.pk, state=S.SUBMITTING).update(
            state=S.SUBMITTED, state_since=now, provider_id=provider_id, attempts=0, due_at=now + POLL_OWN, progress=0.0
        )
        if taken:
            jobs.record(
                "transcription:provider:submitted",
                job,
                SYSTEM,
                provider=provider.name,
                submission=submission.id,
                delivery=delivery.value,
            )
    if not taken:
        # Cancelled, or its callback was faster: then the id is known already.
        submission.refresh_from_db()
        if submission.provider_id != provider_id:
            found_orphan(submission, provider_id)
    submission.refresh_from_db()


def _commit(submission: Submission, provider: Provider, delivery: Delivery) -> str | None:
    """The transaction before the POST. The link, where there is to be one. Raises SubmissionFailed when refused."""
    job = submission.job
    matter = job.proceeding.matter
    to = Destination(provider.name, provider.region, provider.hosts, provider.external)
    target = Target("proceeding", job.proceeding_id, matter.id)
    actor = Actor("member", job.requested_by_id)
    known: dict[str, Any] = {"organization_id": matter.organization_id, "vault_region": matter.vault.region, "target": target}
    link = None
    try:
        with transaction.atomic():
            residency.authorize_egress(
                actor=actor,
                requested_by=job.requested_by,
                data_class=matter.data_class,
                destination=to,
                delivery=delivery.value,
                submission_id=submission.id,
                **known,
            )
            taken = Submission.objects.filter(pk=submission.pk, state__in=(S.WAITING, S.SUBMITTING)).update(
                state=S.SUBMITTING, state_since=timezone.now(), token_hash=token_hash(token_of(submission))
            )
            if not taken:
                raise SubmissionFailed("cancelled")
            if delivery is Delivery.LINK:
                link = _link(submission)
    except EgressRefused as refusal:
        residency.record_refusal(
            actor=actor, destination=to, reason=refusal.reason, submission_id=submission.id, **known
        )  # fmt: skip
        raise SubmissionFailed(f"egress_{refusal.reason}") from None
    submission.refresh_from_db()
    return link


def _link(submission: Submission) -> str:
    """A grant for this Submission: the one there is while it lives, so that asking again is the same request."""
    obj = submission.recording.object
    enough = timezone.now() + _LINK_LEFT
    live = Grant.objects.filter(
        object=obj, method="GET", submission_id=submission.id, revoked_at=None, expires_at__gt=enough
    )  # fmt: skip
    grant = live.select_related("object__vault__organization").order_by("-created_at").first()
    if grant is not None:
        return grants.url_of(grant)
    cap = obj.vault.organization.presign_cap_seconds
    _, url = grants.mint(actor=SYSTEM, obj=obj, method="GET", seconds=min(LINK_SECONDS, cap), submission_id=submission.id)
    return url


def _media(submission: Submission) -> Media:
    obj = submission.recording.object

    def chunks() -> Iterator[bytes]:
        return iter(objects.open_range(obj))

    return Media(chunks, obj.plain_size, obj.content_type or "application/octet-stream")


def _order(submission: Submission, job: Job, link: str | None, sent: Sent | None) -> Order:
    proceeding = job.proceeding
    options = job.options or {}
    detect = options.get("language_detection") is True
    language = str(options.get("language_code") or proceeding.language or "")
    speakers = options.get("speakers_expected", proceeding.speakers_expected)
    lists = proceeding.matter.lists or {}
    vocabulary = [*(job.vocabulary or ()), *lists.get("vocabulary", ())]
    return Order(
        link=link,
        sent=sent,
        # Where a link can be fetched from us, a callback can reach us.
        webhook_url=f"{settings.PUBLIC_URL}/webhooks/{job.provider}/{token_of(submission)}" if link else None,
        idempotency_key=_idempotency_key(submission),
        language=None if detect or not language else language,
        speaker_labels=options.get("speaker_labels", True) is not False,
        speakers_expected=speakers if isinstance(speakers, int) else None,
        multichannel=options.get("multichannel"),
        vocabulary=tuple(dict.fromkeys(vocabulary)),
    )


def _poll(submission: Submission, provider: Provider) -> None:
    try:
        remote = provider.retrieve(submission.provider_id)
    except ProviderError as error:
        if not error.unknown_id:
            raise
        _lost(submission)
        return
    if remote.state is RemoteState.COMPLETED:
        _take(submission, remote)
    elif remote.state is RemoteState.FAILED:
        if not remote.retryable or _void(submission) >= MAX_LOST:
            raise SubmissionFailed(remote.code or "provider_error")
        _again(submission)
    elif timezone.now() - submission.state_since > _patience(submission):
        raise SubmissionFailed("provider_slow")
    else:
        progress = submission.progress if remote.progress is None else max(submission.progress, remote.progress)
        if remote.state is RemoteState.PROCESSING:
            progress = max(progress, 0.01)
        Submission.objects.filter(pk=submission.pk, state=S.SUBMITTED).update(
            progress=progress, due_at=_next_poll(submission, provider)
        )


def _lost(submission: Submission) -> None:
    """The provider does not know the id: it was restarted or forgot. Submitted again, not without end."""
    if _void(submission) >= MAX_LOST:
        raise SubmissionFailed("provider_error")
    log.warning("submission.lost submission=%s", submission.id)
    _again(submission)


def _void(submission: Submission) -> int:
    """How many earlier attempts came to nothing at the provider."""
    return sum(1 for orphan in submission.orphans if orphan.get("void"))


def _again(submission: Submission) -> None:
    """Gives the provider's job up and submits anew, later each time."""
    now = timezone.now()
    wait = FIRST_WAIT * _void(submission)
    orphan = {"id": submission.provider_id, "void": True}
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        if row.state == S.SUBMITTED:
            Submission.objects.filter(pk=row.pk).update(
                state=S.WAITING,
                state_since=now,
                provider_id="",
                attempts=0,
                progress=0.0,
                due_at=now + wait,
                orphans=[*row.orphans, orphan],
            )
            grants.revoke_for_submission(actor=SYSTEM, submission_id=row.id)


def _take(submission: Submission, remote: Remote) -> None:
    """Seals the answer, then lets the provider's copy be deleted."""
    raw = remote.answer or b""
    try:
        original_of([piece_of(submission, raw)])
    except (ResultInvalid, ValueError, RecursionError):
        raise ProviderError("provider_garbage", retryable=True) from None
    stored = objects.put_bytes(
        actor=SYSTEM,
        vault=submission.recording.object.vault,
        kind=StoredObject.Kind.RESULT,
        content_type="application/json",
        data=raw,
        source=submission.recording.object,
    )
    now = timezone.now()
    with transaction.atomic():
        taken = Submission.objects.filter(pk=submission.pk, state=S.SUBMITTED, result=None).update(
            state=S.RETURNED,
            state_since=now,
            result=stored,
            deletion=Submission.Deletion.DUE,
            due_at=now,
            progress=1.0,
            attempts=0,
        )
        if taken:
            grants.revoke_for_submission(actor=SYSTEM, submission_id=submission.id)
    if not taken:
        objects.erase(actor=SYSTEM, obj=stored)
    submission.refresh_from_db()


def piece_of(submission: Submission, raw: bytes) -> Piece:
    """The answer with its place in the Proceeding. Raises ValueError, RecursionError for what is not JSON."""
    return Piece(json.loads(raw), submission.offset_ms, submission.recording.duration_ms, submission.channel)


def _next_poll(submission: Submission, provider: Provider) -> datetime:
    now = timezone.now()
    if not provider.external:
        return now + POLL_OWN
    first, last = POLL_EXTERNAL
    # The longer it has been waited for, the less often it is asked for.
    return now + min(last, max(first, (now - submission.state_since) / 20))


def _patience(submission: Submission) -> timedelta:
    return max(PATIENCE, timedelta(milliseconds=8 * (submission.recording.duration_ms or 0)))


def _note(submission: Submission, orphan: dict[str, Any]) -> None:
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        Submission.objects.filter(pk=row.pk).update(orphans=[*row.orphans, orphan])
    submission.refresh_from_db()


def found_orphan(submission: Submission, provider_id: str) -> None:
    """A job at the provider that nobody waits for: it is deleted there."""
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        if provider_id == row.provider_id or any(o.get("id") == provider_id for o in row.orphans):
            return
        Submission.objects.filter(pk=row.pk).update(
            orphans=[*row.orphans, {"id": provider_id}], deletion=Submission.Deletion.DUE, due_at=timezone.now()
        )


def adopt(submission: Submission, provider_id: str) -> bool:
    """A callback came before the answer to our POST (or instead of it): its id is ours. In the caller's transaction."""
    now = timezone.now()
    waiting = Submission.objects.filter(pk=submission.pk, state=S.SUBMITTING, provider_id="")
    return bool(
        waiting.update(state=S.SUBMITTED, state_since=now, provider_id=provider_id, attempts=0, due_at=now)
    )  # fmt: skip
