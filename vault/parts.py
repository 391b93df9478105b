"""Receiving an object's bytes: one part a writer, sealed as they come.

``begin`` and ``PartReceiver.close`` each take one short transaction; between them no database connection is held, so
that a slow line holds nothing but its own segment of memory. What a killed process leaves is an OPEN row and perhaps a
file: ``settle`` closes it at its last whole segment or forgets it. No part is ever written to again.
"""

import contextlib
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import transaction

from vault import secrets
from vault.envelope import Manifest, PartSealer, SealBroken, survey_part
from vault.errors import AlreadyStored, NotStored, PartForgotten, PartMissing, StorageDown, TooLarge
from vault.manifest import MAX_PARTS, PartInfo
from vault.models import ObjectPart, StoredObject
from vault.sealing import unwrap_data_key
from vault.storage import new_part_name, part_storage

# What case.dev's own single upload takes; longer recordings come as several files of one proceeding.
MAX_OBJECT_BYTES: Final = 5 * 2**30
# Stored bytes are re-read in blocks of this size: few calls to a networked storage, little memory.
_READ_BLOCK: Final = 8 * 2**20


def data_key(obj: StoredObject) -> bytes:
    """The object's data key. Raises NotStored after erasure, KeyStoreDown, KeyDestroyed."""
    if not obj.wrapped_data_key:
        raise NotStored
    vault = obj.vault
    keys = secrets.version(vault, obj.key_version)
    return unwrap_data_key(
        keys.wrapping,
        bytes(obj.wrapped_data_key),
        organization=vault.organization_id,
        vault=vault.id,
        object_id=obj.id,
    )


class PartReceiver:
    """Seals what arrives into one part. Not for several threads at once.

    ``write`` raises TooLarge beyond ``limit`` and StorageDown; after any error call ``abandon``.
    """

    def __init__(self, part: ObjectPart, key: bytes, object_id: UUID, region: str, limit: int) -> None:
        self._part = part
        self._limit = limit
        self._storage = part_storage(region)
        self._sealer = PartSealer(key, object_id)
        self._writer = self._storage.write_part(part.storage_name)
        self._writer.write(self._sealer.header)

    @property
    def number(self) -> int:
        return self._part.number

    @property
    def received(self) -> int:
        """Plain bytes taken so far."""
        return self._sealer.plain_length

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.received + len(data) > self._limit:
            raise TooLarge(limit=self._limit)
        sealed = self._sealer.update(data)
        if sealed:
            self._writer.write(sealed)

    def seal(self) -> PartInfo:
        """Ends the part; its bytes survive a power cut when this returns. Needs no database."""
        self._writer.write(self._sealer.finish())
        self._writer.close()
        return self._sealer.info(self._part.number)

    def close(self, info: PartInfo) -> ObjectPart:
        """Records the sealed part; call in the transaction of whatever it completes. Raises PartForgotten."""
        return close_row(self._part, info)

    def abandon(self) -> bool:
        """Forgets the part and its bytes; the object stays open for another attempt.

        False, and nothing is changed, for a part that was closed: whoever gives up after the commit must not delete
        what is stored.
        """
        # The row first: bytes without a row would be looked for by nobody.
        forget(self._part)
        if ObjectPart.objects.filter(pk=self._part.pk, state=ObjectPart.State.CLOSED).exists():
            return False
        with contextlib.suppress(StorageDown):
            self._writer.abort()
        return True


def begin(obj: StoredObject, *, number: int = 1, limit: int = MAX_OBJECT_BYTES) -> PartReceiver:
    """Opens a part. An earlier one of this number is forgotten: the attempt that began last counts.

    Raises AlreadyStored, NotStored (failed or erased), StorageDown, KeyStoreDown.
    """
    if not 1 <= number <= MAX_PARTS:
        raise ValueError(f"a part's number lies between 1 and {MAX_PARTS}")
    key = data_key(obj)
    with transaction.atomic():
        row = StoredObject.objects.select_for_update().get(pk=obj.pk)
        require_receiving(row)
        replaced = list(row.parts.filter(number=number).exclude(state=ObjectPart.State.FORGOTTEN))
        for part in replaced:
            ObjectPart.objects.filter(pk=part.pk).update(state=ObjectPart.State.FORGOTTEN)
        part = ObjectPart.objects.create(object=row, number=number, storage_name=new_part_name(row.vault_id, row.pk))
    for old in replaced:
        delete_bytes(old)
    try:
        return PartReceiver(part, key, obj.id, obj.vault.region, limit)
    except StorageDown:
        forget(part)
        raise


def require_receiving(obj: StoredObject) -> None:
    """Raises AlreadyStored or NotStored for an object that takes no bytes."""
    if obj.state in {StoredObject.State.STORED, StoredObject.State.CHECKING}:
        raise AlreadyStored
    if obj.state != StoredObject.State.RECEIVING:
        raise NotStored


def close_row(part: ObjectPart, info: PartInfo) -> ObjectPart:
    """Writes a part's figures beside it. Raises PartForgotten when something else took its place meanwhile."""
    row = ObjectPart.objects.select_for_update().select_related("object__vault").get(pk=part.pk)
    if row.state != ObjectPart.State.OPEN:
        raise PartForgotten
    row.state = ObjectPart.State.CLOSED
    row.plain_size, row.cipher_size, row.segments = info.plain_length, info.cipher_length, info.segments
    row.salt, row.cut, row.cipher_sha256 = info.salt, info.cut, info.sha256_cipher
    row.digest = info.sha256_plain
    row.save()
    return row


def part_info(row: ObjectPart) -> PartInfo:
    """A closed part's entry for the manifest."""
    return PartInfo(
        number=row.number,
        salt=row.salt,
        plain_length=row.plain_size,
        cipher_length=row.cipher_size,
        segments=row.segments,
        sha256_plain=row.digest,
        sha256_cipher=row.cipher_sha256,
        cut=row.cut,
    )


def forget(part: ObjectPart) -> None:
    """Marks an open part as given up; a closed one stays."""
    ObjectPart.objects.filter(pk=part.pk, state=ObjectPart.State.OPEN).update(state=ObjectPart.State.FORGOTTEN)


def delete_bytes(part: ObjectPart) -> None:
    """Deletes a part's bytes from storage. Raises StorageDown."""
    part_storage(part.object.vault.region).delete_part(part.storage_name)


def settle(part: ObjectPart) -> ObjectPart | None:
    """Closes an open part whose writer is gone at its last whole segment, or forgets it (None).

    The caller knows that the writer is gone. Nothing is sealed for this: the manifest vouches for a cut end.
    Raises StorageDown, KeyStoreDown.
    """
    obj = part.object
    storage = part_storage(obj.vault.region)
    try:
        info = survey_part(data_key(obj), obj.id, part.number, stored_chunks(part))
    except (PartMissing, SealBroken):
        info = None
    if info is None:
        forget(part)
        storage.delete_part(part.storage_name)
        return None
    storage.cut_part(part.storage_name, info.cipher_length)
    with transaction.atomic():
        return close_row(part, info)


def stored_chunks(part: ObjectPart) -> Iterator[bytes]:
    """The stored bytes of a part in blocks."""
    storage, start = part_storage(part.object.vault.region), 0
    while block := storage.read_range(part.storage_name, start, _READ_BLOCK):
        yield block
        start += len(block)


def manifest_of(obj: StoredObject, rows: list[ObjectPart], sha256_plain: str | None = None) -> Manifest:
    """The manifest of closed parts in this order."""
    return Manifest.of(obj.id, [part_info(row) for row in rows], sha256_plain)
