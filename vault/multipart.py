"""Uploads in several parts: each part has a link of its own, and completing puts them together in order."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance.audit import Actor
from portal.errors import BadInput, NotFound
from vault import grants, objects
from vault.errors import SizeMismatch
from vault.models import ObjectPart, StoredObject, Upload, Vault
from vault.parts import MAX_OBJECT_BYTES, require_receiving

MIN_PART_BYTES: Final = 5 * 2**20  # all but the last; case.dev's and S3's figure
DEFAULT_PART_BYTES: Final = 64 * 2**20
MAX_PARTS: Final = 10_000
# A recording of seven hours over an office line; part links are minted as they are needed.
LIFETIME: Final = timedelta(days=2)
PART_LINK_SECONDS: Final = 6 * 3600


class BadPart(BadInput):
    code = "invalid_part"
    message = "A part has a number from 1 to the number of parts, and every part but the last has the agreed size."


@dataclass(frozen=True, slots=True)
class Begun:
    obj: StoredObject
    upload: Upload
    part_size: int
    part_count: int


def begin(
    *,
    actor: Actor,
    vault: Vault,
    kind: str,
    content_type: str,
    file_name: str,
    size: int,
    part_size: int | None = None,
    metadata: dict[str, Any] | None = None,
    api_key_id: UUID | None = None,
) -> Begun:
    """An object that will arrive in parts. Raises BadPart, TooLarge, KeyStoreDown."""
    part_size = part_size or min(DEFAULT_PART_BYTES, max(size, MIN_PART_BYTES))
    count = max(1, -(-size // part_size))
    if not MIN_PART_BYTES <= part_size <= MAX_OBJECT_BYTES or count > MAX_PARTS:
        raise BadPart(minimum=MIN_PART_BYTES, maximum=MAX_OBJECT_BYTES, parts=MAX_PARTS)
    with transaction.atomic():
        obj = objects.create(
            actor=actor, vault=vault, kind=kind, content_type=grants.media_type(content_type), file_name=file_name,
            metadata=metadata, expected_size=size,
        )  # fmt: skip
        upload = Upload.objects.create(
            object=obj,
            kind=Upload.Kind.MULTIPART,
            length=size,
            part_size=part_size,
            api_key_id=api_key_id,
            expires_at=timezone.now() + LIFETIME,
        )
    return Begun(obj, upload, part_size, count)


def find(vault: Vault, upload_id: UUID, object_id: UUID) -> Upload:
    """The multipart upload of an object in this vault. Raises NotFound."""
    found = (
        Upload.objects.select_related("object__vault__organization")
        .filter(pk=upload_id, kind=Upload.Kind.MULTIPART, object_id=object_id, object__vault=vault)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def part_links(*, actor: Actor, upload: Upload, wanted: list[tuple[int, int]]) -> list[tuple[int, str]]:
    """A PUT link for each (number, size). Raises BadPart, AlreadyStored, PartForgotten."""
    require_receiving(upload.object)
    part_size, length = upload.part_size or 0, upload.length or 0
    count = max(1, -(-length // part_size))
    for number, size in wanted:
        due = part_size if number < count else length - part_size * (count - 1)
        if not 1 <= number <= count or size != due:
            raise BadPart(number=number, parts=count, size=due if 1 <= number <= count else None, found=size)
    obj = upload.object
    seconds = min(PART_LINK_SECONDS, obj.vault.organization.presign_cap_seconds)
    links: list[tuple[int, str]] = []
    with transaction.atomic():
        for number, size in wanted:
            _, url = grants.mint(actor=actor, obj=obj, method="PUT", seconds=seconds, size=size, part_number=number)
            links.append((number, url))
    return links


def complete(*, actor: Actor, upload: Upload, listed: list[tuple[int, str]], size: int) -> StoredObject:
    """Puts the parts together; each is named with the ETag that its PUT answered. Repeating it changes nothing.

    Raises BadPart for an ETag that is not the part's, NotStored, SizeMismatch, PartForgotten.
    """
    obj = upload.object
    if obj.state == StoredObject.State.STORED:
        return obj
    if size != upload.length:
        raise SizeMismatch(announced=upload.length, received=size)
    closed = dict(obj.parts.filter(state=ObjectPart.State.CLOSED).values_list("number", "cipher_sha256"))
    for number, etag in listed:
        if number in closed and etag.strip().strip('"') != closed[number]:
            raise BadPart("The ETag of a part is not the one that its upload answered.", number=number)
    return objects.commit_parts(actor=actor, obj=obj, numbers=sorted(number for number, _ in listed))


def abort(*, actor: Actor, upload: Upload) -> None:
    """Gives the upload up and deletes its parts. Nothing changes where it was completed or given up before."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk, finished_at=None, aborted_at=None).update(aborted_at=timezone.now())
        for grant in upload.object.grants.filter(method="PUT", revoked_at=None).select_related("object__vault"):
            grants.revoke(actor=actor, grant=grant)
    objects.fail(actor=actor, obj=upload.object, reason="cancelled")
