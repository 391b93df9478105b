"""Joins the rooms: gives lower rooms what they declare as Protocols."""

from uuid import UUID

import structlog
from django.conf import settings

from compliance import checkpoints, persons
from portal.accounts.models import Organization
from portal.checkpoint_copies import FolderCopies
from portal.errors import PortalError
from transcription import intake, proceedings, sweeper, tasks
from vault.persons import PersonSealer

# What happened within so many seconds is not under a signed checkpoint yet.
CHECKPOINT_SECONDS = 10.0


def install() -> None:
    persons.install(PersonSealer())
    checkpoints.install(FolderCopies(settings.CHECKPOINT_DIR))
    sweeper.register("intake", settings.SWEEP_SECONDS, intake.sweep)
    sweeper.register("checkpoints", CHECKPOINT_SECONDS, advance_logs)


def advance_logs() -> None:
    """Orders and signs what happened in every organization since the last time."""
    for organization_id in Organization.objects.values_list("id", flat=True):
        checkpoints.advance(organization_id)


def object_stored(object_id: UUID) -> None:
    """Called when an upload is complete. Whatever works on it also finds it in the database; this only spares a wait."""
    log = structlog.get_logger(__name__)
    log.info("object_stored", object=str(object_id))
    try:
        made = intake.complete(object_id)
    except PortalError as error:
        # The bytes are safe and the answer to whoever sent them says so; the sweeper tries again.
        log.warning("intake_failed", object=str(object_id), code=error.code)
        return
    job = proceedings.latest_job(made) if made else None
    if job is not None:
        tasks.enqueue(job.id)
