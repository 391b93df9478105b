"""Uploads by presigned PUT: beginning one, and what becomes of those that nobody finishes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance.audit import SYSTEM, Actor
from vault import grants, objects
from vault.models import StoredObject, Upload, Vault

# Seven hours of video over an office line take a while; one link should do for them.
DEFAULT_SECONDS: Final = 12 * 3600
_SWEEP_BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Begun:
    """An object that waits for its bytes at ``url`` (on our own pages: ``path``) for ``seconds``."""

    obj: StoredObject
    url: str
    path: str
    seconds: int


def begin(
    *,
    actor: Actor,
    vault: Vault,
    content_type: str,
    kind: str = StoredObject.Kind.RECORDING,
    file_name: str = "",
    size: int | None = None,
    metadata: dict[str, Any] | None = None,
    seconds: int = DEFAULT_SECONDS,
    member_id: UUID | None = None,
    api_key_id: UUID | None = None,
) -> Begun:
    """An object, its upload and a PUT link for exactly this type (and size, if given).

    An interrupted PUT may be repeated with the same link until it expires. Raises TooLarge, BadLifetime, KeyStoreDown.
    """
    seconds = min(seconds, vault.organization.presign_cap_seconds)
    with transaction.atomic():
        obj = objects.create(
            actor=actor,
            vault=vault,
            kind=kind,
            content_type=grants.media_type(content_type) or "application/octet-stream",
            file_name=file_name,
            metadata=metadata,
            expected_size=size,
        )
        grant, url = grants.mint(
            actor=actor, obj=obj, method="PUT", seconds=seconds, content_type=content_type, size=size, max_uses=1
        )
        Upload.objects.create(object=obj, length=size, expires_at=grant.expires_at, member_id=member_id, api_key_id=api_key_id)
    return Begun(obj, url, grants.path_of(grant), seconds)


def cancel(*, actor: Actor, obj: StoredObject) -> None:
    """Gives up an upload that somebody stopped. Nothing changes where it is already stored."""
    with transaction.atomic():
        Upload.objects.filter(object=obj, finished_at=None, aborted_at=None).update(aborted_at=timezone.now())
        for grant in obj.grants.filter(method="PUT", revoked_at=None):
            grants.revoke(actor=actor, grant=grant)
    objects.fail(actor=actor, obj=obj, reason="cancelled")


def sweep() -> int:
    """Gives up uploads whose time is over, and deletes bytes that a killed process left; how many there were.

    An upload that is still flowing when its link expires is allowed an hour more. May run in several processes.
    """
    late = timezone.now() - timedelta(hours=1)
    expired = Upload.objects.filter(
        object__state__in=[StoredObject.State.RECEIVING, StoredObject.State.CHECKING], aborted_at=None, expires_at__lt=late
    ).select_related("object__vault")[:_SWEEP_BATCH]
    count = 0
    for upload in expired:
        objects.fail(actor=SYSTEM, obj=upload.object, reason="expired")
        Upload.objects.filter(pk=upload.pk).update(aborted_at=timezone.now())
        count += 1
    return count + objects.delete_leftovers(_SWEEP_BATCH)
