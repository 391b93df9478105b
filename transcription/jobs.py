"""Jobs as rows: asking for one, cancelling it, repeating it, and who works on it now.

A Job is driven from its rows alone (``transcription.driving``). Whoever works on it holds its lease, which is lost by
time: a killed process holds nothing up for longer than LEASE. Every change of state is conditional on the state before.
"""

import os
import socket
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Conflict, NotFound
from transcription.models import Job, Proceeding, Recording, Submission, Transcript
from transcription.providers import registry
from vault import grants, matters

# Renewed three times within it; after a kill the work goes on this much later.
LEASE: Final = timedelta(seconds=45)
DOCUMENT: Final = "document"
_OF_LANGUAGE: Final = ("language_code", "language_detection")
_HERE: Final = f"{socket.gethostname()[:40]}/"
_START: Final = uuid4().hex[:12]


def holder() -> str:
    """This process's name (workers fork after this module was loaded): a lease of a process that is gone is free at once."""
    return f"{_HERE}{os.getpid()}/{_START}"


class StillRunning(Conflict):
    code = "still_running"
    message = "This is being transcribed already. Wait for it, or cancel it first."


class NothingToCancel(Conflict):
    code = "nothing_to_cancel"
    message = "There is nothing to cancel: this is not being transcribed."


def prepare(
    *,
    proceeding: Proceeding,
    member: Member,
    provider: str,
    api_key: ApiKey | None = None,
    options: Mapping[str, Any] | None = None,
    vocabulary: Sequence[str] = (),
    webhook_url: str = "",
    fingerprint: str = "",
    job_id: UUID | None = None,
) -> Job:
    """A Job, sealed but not stored: ``start`` it in a transaction. Raises BadInput for an unknown provider, keystore errors."""
    if provider != DOCUMENT and provider not in registry.names():
        raise BadInput("This speech service is not set up here.", known=registry.names())
    job = Job(
        id=job_id or uuid4(),
        proceeding=proceeding,
        provider=provider,
        requested_by=member,
        api_key=api_key,
        fingerprint=fingerprint,
        options=dict(options or {}),
    )
    job.vocabulary = list(vocabulary) or None
    job.webhook_url = webhook_url
    return job


def start(job: Job, *, actor: Actor) -> None:
    """Stores a prepared Job in the caller's transaction. Raises StillRunning."""
    proceeding = Proceeding.objects.select_for_update().get(pk=job.proceeding_id)
    if Job.objects.filter(proceeding=proceeding).exclude(state__in=Job.FINAL).exists():
        raise StillRunning
    job.save(force_insert=True)
    _proceeding_state(job, Proceeding.State.RECEIVED)
    record("transcription:job:created", job, actor, job=job.id, provider=job.provider, policy=proceeding.policy_name)


def again(
    *,
    actor: Actor,
    member: Member,
    proceeding: Proceeding,
    provider: str = "",
    speakers_expected: int | None = None,
    basic_engine_accepted: bool | None = None,
    api_key: ApiKey | None = None,
    options: Mapping[str, Any] | None = None,
    vocabulary: Sequence[str] | None = None,
    webhook_url: str = "",
    language: str = "",
) -> Job:
    """ "Transcribe again": a new Job; the transcript there is stays until the new one comes.

    What is not said of options, vocabulary and language is as it was the last time.

    Raises Refused, NotFound, StillRunning, BadInput.
    """
    _allow(actor, member, proceeding)
    last = Job.objects.filter(proceeding=proceeding).order_by("-created_at").first()
    proceeding.provider = provider or proceeding.provider
    if speakers_expected is not None:
        proceeding.speakers_expected = speakers_expected
    if basic_engine_accepted is not None:
        proceeding.basic_engine_accepted = basic_engine_accepted
    if options is None and last is not None:
        options = last.options
    if language:
        proceeding.language = language
        # A program may have asked for another one, or to have it found out.
        options = {name: value for name, value in (options or {}).items() if name not in _OF_LANGUAGE}
    job = prepare(
        proceeding=proceeding,
        member=member,
        provider=proceeding.provider,
        api_key=api_key,
        options=options,
        vocabulary=vocabulary if vocabulary is not None else (last.vocabulary or ()) if last else (),
        webhook_url=webhook_url,
    )
    with transaction.atomic():
        proceeding.save(update_fields=["provider", "speakers_expected", "basic_engine_accepted", "language"])
        # Another service may take what the last one refused.
        Recording.objects.filter(proceeding=proceeding).exclude(check_state=Recording.Check.PENDING).update(
            check_state=Recording.Check.PENDING, refusal="", refusal_facts={}
        )
        start(job, actor=actor)
    return job


def cancel(*, actor: Actor, member: Member, proceeding: Proceeding) -> Job:
    """Stops the running Job; what the provider has of it is deleted there. Raises Refused, NotFound, NothingToCancel."""
    _allow(actor, member, proceeding)
    with transaction.atomic():
        running = Job.objects.select_for_update().filter(proceeding=proceeding).exclude(state__in=Job.FINAL)
        job = running.first()
        if job is None:
            raise NothingToCancel
        _end(job, Job.State.CANCELLED, "cancelled", {})
        record("transcription:job:cancelled", job, actor, job=job.id)
    return job


def _allow(actor: Actor, member: Member, proceeding: Proceeding) -> None:
    matters.require(actor, member, Action.SUBMIT, Kind.RECORDING, Target("proceeding", proceeding.id, proceeding.matter_id))
    if not matters.visible_to(member).filter(pk=proceeding.matter_id).exists():
        raise NotFound


def move(job: Job, to: str, shown: str, **fields: Any) -> bool:
    """From the state that this instance has to another one; False when somebody changed it meanwhile."""
    now = timezone.now()
    with transaction.atomic():
        rows = Job.objects.filter(pk=job.pk, state=job.state)
        if not rows.update(state=to, state_since=now, due_at=now, attempts=0, **fields):
            return False
        _proceeding_state(job, shown)
    job.refresh_from_db()
    return True


def finish(job: Job, transcript: Transcript) -> bool:
    """The end that everybody hopes for, or a hold. False when the Job ended otherwise meanwhile."""
    held = transcript.state == Transcript.State.HELD
    to, shown = (Job.State.HELD, Proceeding.State.HELD) if held else (Job.State.COMPLETED, Proceeding.State.READY)
    with transaction.atomic():
        if not move(job, to, shown, finished_at=timezone.now(), progress=1.0):
            return False
        if not held:
            record(
                "transcription:job:completed",
                job,
                SYSTEM,
                job=job.id,
                words=transcript.words,
                duration_ms=transcript.duration_ms,
            )
    return True


def fail(job: Job, code: str, facts: Mapping[str, Any] | None = None) -> bool:
    """Gives the Job up; the recording is kept. False when the Job ended otherwise meanwhile."""
    with transaction.atomic():
        row = Job.objects.select_for_update().filter(pk=job.pk).exclude(state__in=Job.FINAL).first()
        if row is None:
            return False
        _end(row, Job.State.FAILED, code, facts or {})
        record("transcription:job:failed", row, SYSTEM, job=row.id, reason=code)
    job.refresh_from_db()
    return True


def _end(job: Job, state: str, code: str, facts: Mapping[str, Any]) -> None:
    now = timezone.now()
    Job.objects.filter(pk=job.pk).update(
        state=state, state_since=now, finished_at=now, failure=code, failure_facts=dict(facts), lease_until=None
    )
    for submission in job.submissions.exclude(state__in=(Submission.State.INGESTED, Submission.State.CANCELLED)):
        # What may lie at the provider is deleted there, found by its id or by the callback that still comes.
        there = bool(submission.provider_id or submission.orphans)
        ended = Submission.State.CANCELLED if state == Job.State.CANCELLED else Submission.State.FAILED
        done = submission.deletion == Submission.Deletion.DONE
        Submission.objects.filter(pk=submission.pk).update(
            state=ended,
            state_since=now,
            due_at=now,
            deletion=submission.deletion if done or not there else Submission.Deletion.DUE,
        )
        grants.revoke_for_submission(actor=SYSTEM, submission_id=submission.id)
    _give_back(job, now)
    readable = Transcript.objects.filter(proceeding_id=job.proceeding_id, superseded_at=None)
    kept = readable.first()
    if kept is not None and kept.state == Transcript.State.READY:
        shown = Proceeding.State.READY
    elif kept is not None and kept.state == Transcript.State.HELD:
        shown = Proceeding.State.HELD
    elif kept is not None and kept.again_due_at is not None:
        shown = Proceeding.State.HIDING
    else:
        shown = Proceeding.State.CANCELLED if state == Job.State.CANCELLED else Proceeding.State.FAILED
    _proceeding_state(job, shown)


def _give_back(job: Job, now: datetime) -> None:
    """A Transcript that nobody will finish checking gives its place back to the one before it."""
    unfinished = Transcript.objects.filter(job=job, state=Transcript.State.HIDING, superseded_at=None)
    if unfinished.update(superseded_at=now):
        before = Transcript.objects.filter(proceeding_id=job.proceeding_id, superseded_at__lt=now).exclude(job=job)
        latest = before.order_by("-superseded_at").values_list("id", flat=True).first()
        if latest is not None:
            Transcript.objects.filter(pk=latest).update(superseded_at=None)


def _proceeding_state(job: Job, state: str) -> None:
    rows = Proceeding.objects.filter(pk=job.proceeding_id).exclude(state__in=(state, Proceeding.State.ERASED))
    rows.update(state=state, state_since=timezone.now())


def show(job: Job, state: str) -> None:
    """What people are told of the Job's Proceeding."""
    _proceeding_state(job, state)


def record(event: str, of: Job, actor: Actor, /, **facts: Any) -> None:
    matter = of.proceeding.matter
    audit.record(
        event,
        organization_id=matter.organization_id,
        actor=actor,
        target=Target("proceeding", of.proceeding_id, matter.id),
        **facts,
    )


# --- who works on it ---------------------------------------------------------------------------------------------


def due(limit: int = 50) -> list[UUID]:
    """Jobs that somebody should work on now, those that wait longest first."""
    now = timezone.now()
    waiting = Job.objects.exclude(state__in=Job.FINAL).filter(_free(now), due_at__lte=now)
    return list(waiting.order_by("due_at").values_list("id", flat=True)[:limit])


def claim(job_id: UUID) -> Job | None:
    """The Job, leased to this process; None when it is final, not due, or somebody else's."""
    now = timezone.now()
    rows = Job.objects.filter(_free(now), pk=job_id, due_at__lte=now).exclude(state__in=Job.FINAL)
    if not rows.update(lease_until=now + LEASE, lease_holder=holder()):
        return None
    return Job.objects.select_related("proceeding__matter__vault", "requested_by").get(pk=job_id)


def renew(job_id: UUID) -> bool:
    """Keeps the lease while a long step runs; False when it was lost."""
    mine = Job.objects.filter(pk=job_id, lease_holder=holder())
    return bool(mine.update(lease_until=timezone.now() + LEASE))


def release(job_id: UUID) -> None:
    Job.objects.filter(pk=job_id, lease_holder=holder()).update(lease_until=None)


def wait(job: Job, until: datetime, *, attempts: int | None = None) -> None:
    """Not before ``until``."""
    fields: dict[str, Any] = {"due_at": until}
    if attempts is not None:
        fields["attempts"] = attempts
    Job.objects.filter(pk=job.pk, state=job.state).update(**fields)


def wake(job_ids: Iterable[UUID]) -> None:
    """Due now: something happened."""
    Job.objects.filter(pk__in=list(job_ids)).exclude(state__in=Job.FINAL).update(due_at=timezone.now())


def free_leases_of_the_dead() -> int:
    """Frees leases whose holder ran on this machine and is gone; how many."""
    held = Job.objects.filter(lease_until__gt=timezone.now(), lease_holder__startswith=_HERE)
    gone = [job.pk for job in held.only("pk", "lease_holder") if not _alive(job.lease_holder)]
    return Job.objects.filter(pk__in=gone).update(lease_until=None)


def _alive(name: str) -> bool:
    if name == holder():
        return True
    try:
        pid = int(name.split("/")[1])
        # Its number may have been given to this very process after a restart.
        if pid == os.getpid():
            return False
        os.kill(pid, 0)
    except (ValueError, IndexError, OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _free(now: datetime) -> Q:
    return Q(lease_until=None) | Q(lease_until__lt=now)
