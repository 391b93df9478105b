"""Joins the rooms: gives lower rooms what they declare as Protocols."""

from uuid import UUID

import structlog
from django.conf import settings

from compliance import checkpoints, persons
from portal.checkpoint_copies import FolderCopies
from vault.persons import PersonSealer


def install() -> None:
    persons.install(PersonSealer())
    checkpoints.install(FolderCopies(settings.CHECKPOINT_DIR))


def object_stored(object_id: UUID) -> None:
    """Called when an upload is complete. Whatever works on it also finds it in the database; this only spares a wait."""
    structlog.get_logger(__name__).info("object_stored", object_id=str(object_id))
