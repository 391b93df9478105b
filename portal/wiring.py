"""Joins the rooms: gives lower rooms what they declare as Protocols."""

from uuid import UUID

import structlog
from django.conf import settings

from compliance import checkpoints, persons
from portal.checkpoint_copies import FolderCopies
from portal.errors import PortalError
from vault.persons import PersonSealer


def install() -> None:
    persons.install(PersonSealer())
    checkpoints.install(FolderCopies(settings.CHECKPOINT_DIR))


def object_stored(object_id: UUID) -> None:
    """Called when an upload is complete. Whatever works on it also finds it in the database; this only spares a wait."""
    # Imported here: the recognisers that hang on the tasks take seconds to load, and few commands need them.
    from transcription import intake, proceedings, tasks  # noqa: PLC0415

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
