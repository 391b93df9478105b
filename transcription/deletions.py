"""Deleting at the provider what it had of us, with proof: method, status and time of each step, and a look afterwards."""

import logging
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from compliance.audit import SYSTEM
from transcription import jobs
from transcription.models import Submission
from transcription.providers import registry
from transcription.providers.base import Deleted, Provider, ProviderError

log = logging.getLogger(__name__)
# Tried again without end (a copy must not stay there), but not too often.
_FIRST_WAIT: Final = timedelta(seconds=10)
_LONGEST_WAIT: Final = timedelta(hours=1)


def due(limit: int = 20) -> list[Submission]:
    """Submissions with something to delete now."""
    rows = Submission.objects.filter(deletion=Submission.Deletion.DUE, due_at__lte=timezone.now())
    return list(rows.select_related("job__proceeding__matter").order_by("due_at")[:limit])


def run(submission: Submission) -> bool:
    """Deletes everything that may lie at the provider; True when all of it is known to be gone. Not inside a transaction."""
    provider = registry.get(submission.job.provider)
    confirmed = True
    for target, thing in _there(submission):
        try:
            done = _delete(provider, thing)
        except ProviderError as error:
            log.warning("deletion.failed submission=%s code=%s status=%s", submission.id, error.code, error.status)
            confirmed = False
            continue
        _prove(submission, target, done, provider)
        confirmed = confirmed and done.confirmed
    now = timezone.now()
    if confirmed:
        with transaction.atomic():
            row = Submission.objects.select_for_update().get(pk=submission.pk)
            # Another orphan may have been found meanwhile.
            if not list(_there(row)):
                Submission.objects.filter(pk=row.pk).update(deletion=Submission.Deletion.DONE)
        return True
    Submission.objects.filter(pk=submission.pk).update(due_at=now + _wait(submission))
    return False


def _there(submission: Submission) -> list[tuple[str, dict[str, Any]]]:
    """What is to be deleted and has no confirmed proof yet: (name in the proof, what)."""
    gone = {entry["target"] for entry in submission.deletion_proof if entry.get("confirmed")}
    things: dict[str, dict[str, Any]] = {}
    if submission.provider_id:
        things[submission.provider_id] = {"id": submission.provider_id}
    for orphan in submission.orphans:
        if orphan.get("id"):
            things[orphan["id"]] = {"id": orphan["id"]}
        leftovers = orphan.get("leftovers") or {}
        if leftovers.get("object"):
            things[leftovers["object"]] = {"leftovers": leftovers}
    return [(target, thing) for target, thing in things.items() if target not in gone]


def _delete(provider: Provider, thing: dict[str, Any]) -> Deleted:
    return provider.delete(thing["id"]) if "id" in thing else provider.clean(thing["leftovers"])


def _prove(submission: Submission, target: str, done: Deleted, provider: Provider) -> None:
    now = timezone.now().isoformat(timespec="seconds")
    with transaction.atomic():
        row = Submission.objects.select_for_update().get(pk=submission.pk)
        entry = {"target": target, "confirmed": done.confirmed, "at": now, "steps": [dict(s) for s in done.steps]}
        Submission.objects.filter(pk=row.pk).update(deletion_proof=[*row.deletion_proof, entry])
        jobs.record(
            "transcription:provider:deleted",
            submission.job,
            SYSTEM,
            provider=provider.name,
            submission=submission.id,
            status=done.status,
            confirmed=done.confirmed,
        )


def _wait(submission: Submission) -> timedelta:
    tried = sum(1 for entry in submission.deletion_proof if not entry.get("confirmed"))
    return min(_FIRST_WAIT * (1 << min(tried, 10)), _LONGEST_WAIT)
