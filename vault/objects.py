"""The only door to what is stored: create, receive, commit, open, erase.

Readable bytes exist in memory only. Every act records its event in its own transaction; reads are recorded before their
first byte by whoever answers for them (``record_read``).
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from vault import parts, secrets
from vault.envelope import ObjectOpener, ReadPart, open_manifest, seal_manifest
from vault.errors import BadContentType, BadFileName, NotStored, OnHold, PartForgotten, SizeMismatch, TooLarge
from vault.manifest import SEGMENT_SIZE, Manifest, PartInfo
from vault.models import Erasure, Grant, LegalHold, Matter, ObjectPart, StoredObject, Upload, Vault
from vault.sealing import new_key, wrap_data_key
from vault.storage import part_storage

# Small objects (originals, results, exports) are handed about as bytes; more than this must be streamed.
MAX_BYTES_IN_MEMORY: Final = 256 * 2**20
# What file systems take; it goes into a header when the file is downloaded.
MAX_FILE_NAME: Final = 255
# RFC 6838, section 4.2; short enough for its column.
_MEDIA_TYPE: Final = re.compile(r"(?=.{3,100}$)[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*")


def target(obj: StoredObject) -> Target:
    """The object as the log names it."""
    matter_id = Matter.objects.filter(vault_id=obj.vault_id).values_list("id", flat=True).first()
    return Target("object", obj.id, matter_id)


def create(
    *,
    actor: Actor,
    vault: Vault,
    kind: str,
    content_type: str,
    file_name: str = "",
    metadata: dict[str, Any] | None = None,
    expected_size: int | None = None,
    source: StoredObject | None = None,
    created_by: UUID | None = None,
) -> StoredObject:
    """An empty object with a data key of its own, ready to receive.

    Raises TooLarge, BadContentType, BadFileName, KeyStoreDown, KeyDestroyed.
    """
    if not _MEDIA_TYPE.fullmatch(content_type):
        raise BadContentType
    if len(file_name) > MAX_FILE_NAME or not file_name.isprintable():
        raise BadFileName(limit=MAX_FILE_NAME, found=len(file_name))
    if expected_size is not None and expected_size > parts.MAX_OBJECT_BYTES:
        raise TooLarge(limit=parts.MAX_OBJECT_BYTES, found=expected_size)
    version, keys = secrets.current(vault)
    object_id = uuid4()
    obj = StoredObject(
        id=object_id,
        vault=vault,
        kind=kind,
        content_type=content_type,
        expected_size=expected_size,
        source=source,
        created_by=created_by or actor.id,
        key_version=version,
        wrapped_data_key=wrap_data_key(
            keys.wrapping,
            new_key(),
            organization=vault.organization_id,
            vault=vault.id,
            object_id=object_id,
            version=version,
        ),
    )
    obj.file_name = file_name
    obj.metadata = metadata
    with transaction.atomic():
        obj.save(force_insert=True)
        _record("vault:object:created", actor, obj, kind=kind, size=expected_size)
    return obj


def seal_part(obj: StoredObject, receiver: parts.PartReceiver) -> PartInfo:
    """Ends the bytes of a part that is the whole object; they are durable when this returns. Needs no database.

    Raises SizeMismatch for another size than announced, StorageDown.
    """
    if obj.expected_size is not None and receiver.received != obj.expected_size:
        raise SizeMismatch(announced=obj.expected_size, received=receiver.received)
    return receiver.seal()


def commit_part(*, actor: Actor, obj: StoredObject, receiver: parts.PartReceiver, info: PartInfo) -> StoredObject:
    """Commits an object of one sealed part (``seal_part``): the way of a single PUT.

    Raises PartForgotten, AlreadyStored; the object then stays open for another attempt (call ``receiver.abandon``).
    """
    key = parts.data_key(obj)
    with transaction.atomic():
        row = StoredObject.objects.select_for_update().select_related("vault").get(pk=obj.pk)
        parts.require_receiving(row)
        receiver.close(info)
        _commit(actor, row, key, Manifest.of(row.id, [info]))
    return row


def commit_parts(*, actor: Actor, obj: StoredObject, numbers: list[int]) -> StoredObject:
    """Commits an object of several closed parts in this order. The parts are read once for the sum of the whole.

    May be called again when a process was killed in between. Raises NotStored when a part is missing, AlreadyStored,
    PartForgotten when a part was sent again meanwhile, SizeMismatch, StorageDown.
    """
    with transaction.atomic():
        row = StoredObject.objects.select_for_update().select_related("vault").get(pk=obj.pk)
        if row.state != StoredObject.State.CHECKING:
            parts.require_receiving(row)
        closed = {part.number: part for part in row.parts.filter(state=ObjectPart.State.CLOSED)}
        if not numbers or len(set(numbers)) != len(numbers) or not set(numbers) <= set(closed):
            raise NotStored("A part is missing or listed twice.", have=sorted(closed))
        chosen = [closed[number] for number in numbers]
        infos = [parts.part_info(part) for part in chosen]
        size = sum(info.plain_length for info in infos)
        if row.expected_size is not None and size != row.expected_size:
            raise SizeMismatch(announced=row.expected_size, received=size)
        StoredObject.objects.filter(pk=row.pk).update(state=StoredObject.State.CHECKING)
    key = parts.data_key(row)
    checking = StoredObject.objects.filter(pk=row.pk, state=StoredObject.State.CHECKING)
    try:
        manifest = Manifest.of(row.id, infos, _sum_of(row, key, infos))
        with transaction.atomic():
            row = StoredObject.objects.select_for_update().select_related("vault").get(pk=obj.pk)
            if row.state != StoredObject.State.CHECKING:
                parts.require_receiving(row)
            still = row.parts.filter(pk__in=[part.pk for part in chosen], state=ObjectPart.State.CLOSED)
            if still.count() != len(chosen):
                raise PartForgotten
            _commit(actor, row, key, manifest)
    except BaseException:
        checking.update(state=StoredObject.State.RECEIVING)
        raise
    return row


def _sum_of(obj: StoredObject, key: bytes, infos: list[PartInfo]) -> str:
    provisional = Manifest(obj.id, tuple(infos), "0" * 64)
    whole = hashlib.sha256()
    for block in ObjectOpener(key, provisional, _reader(obj)).open():
        whole.update(block)
    return whole.hexdigest()


def _commit(actor: Actor, row: StoredObject, key: bytes, manifest: Manifest) -> None:
    row.manifest_sealed = seal_manifest(key, manifest)
    row.state = StoredObject.State.STORED
    row.plain_size, row.cipher_size = manifest.plain_length, manifest.cipher_length
    row.stored_at = timezone.now()
    Upload.objects.filter(object=row).update(finished_at=row.stored_at)
    row.save(update_fields=["manifest_sealed", "state", "plain_size", "cipher_size", "stored_at"])
    _record("vault:object:stored", actor, row, kind=row.kind, size=row.plain_size)


def put_bytes(
    *,
    actor: Actor,
    vault: Vault,
    kind: str,
    content_type: str,
    data: bytes | Iterable[bytes],
    file_name: str = "",
    metadata: dict[str, Any] | None = None,
    source: StoredObject | None = None,
    head: Callable[[], bytes] | None = None,
) -> StoredObject:
    """Stores a whole object: bytes, or chunks that are never gathered. Not inside a transaction (it writes files).

    ``head`` gives bytes that come before ``data`` and are only known after it: it is called when ``data`` is at its end.
    Raises KeyStoreDown, StorageDown, TooLarge; then nothing is left but a failed row.
    """
    obj = create(
        actor=actor, vault=vault, kind=kind, content_type=content_type, file_name=file_name, metadata=metadata,
        source=source,
    )  # fmt: skip
    try:
        receiver = parts.begin(obj)
    except Exception:
        fail(actor=actor, obj=obj, reason="storage")
        raise
    try:
        for chunk in [data] if isinstance(data, bytes) else data:
            # Segment-sized steps stay in the processor's cache: sums and cipher run at twice the speed.
            for start in range(0, len(chunk), SEGMENT_SIZE):
                receiver.write(memoryview(chunk)[start : start + SEGMENT_SIZE])
        if head is not None:
            with transaction.atomic():
                receiver.close(seal_part(obj, receiver))
            receiver = parts.begin(obj, number=2)
            receiver.write(head())
            with transaction.atomic():
                receiver.close(seal_part(obj, receiver))
            return commit_parts(actor=actor, obj=obj, numbers=[2, 1])
        return commit_part(actor=actor, obj=obj, receiver=receiver, info=seal_part(obj, receiver))
    except BaseException:
        receiver.abandon()
        fail(actor=actor, obj=obj, reason="interrupted")
        raise


def fail(*, actor: Actor, obj: StoredObject, reason: str) -> None:
    """Gives up an object that never arrived; its bytes are deleted, the row says why."""
    with transaction.atomic():
        row = StoredObject.objects.select_for_update().select_related("vault").get(pk=obj.pk)
        if row.state not in {StoredObject.State.RECEIVING, StoredObject.State.CHECKING}:
            return
        row.state, row.failure = StoredObject.State.FAILED, reason
        row.wrapped_data_key = b""
        row.save(update_fields=["state", "failure", "wrapped_data_key"])
        _record("vault:object:failed", actor, row, reason=reason)
    delete_bytes(row)


def opener(obj: StoredObject) -> ObjectOpener:
    """Opens the stored object, whole or any range. Raises NotStored, KeyStoreDown, KeyDestroyed, SealBroken."""
    if obj.state != StoredObject.State.STORED:
        raise NotStored
    key = parts.data_key(obj)
    manifest = open_manifest(key, obj.id, bytes(obj.manifest_sealed))
    return ObjectOpener(key, manifest, _reader(obj))


def _reader(obj: StoredObject) -> ReadPart:
    storage = part_storage(obj.vault.region)
    closed = obj.parts.filter(state=ObjectPart.State.CLOSED)
    names = dict(closed.values_list("number", "storage_name"))

    def read(number: int, start: int, count: int) -> bytes:
        name = names.get(number)
        return storage.read_range(name, start, count) if name else b""

    return read


def open_range(obj: StoredObject, start: int = 0, length: int | None = None) -> Iterator[bytes]:
    """The plaintext from ``start``, a segment at a time. Raises as ``opener``; ValueError outside the object."""
    return opener(obj).open(start, length)


def get_bytes(obj: StoredObject, limit: int = MAX_BYTES_IN_MEMORY) -> bytes:
    """The whole plaintext. Raises TooLarge beyond ``limit``, and as ``opener``."""
    if obj.plain_size > limit:
        raise TooLarge(limit=limit, found=obj.plain_size)
    return b"".join(open_range(obj))


def sha256(obj: StoredObject) -> str:
    """SHA-256 of the whole plaintext in hex, from the sealed manifest."""
    return opener(obj).manifest.sha256_plain


class PlainReader(io.RawIOBase):
    """A stored object as a seekable binary file, for decoders. Holds one open segment; wrap in io.BufferedReader."""

    def __init__(self, obj: StoredObject) -> None:
        self._opener = opener(obj)
        self._size = self._opener.manifest.plain_length
        self._at = 0
        self._segment = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("a position before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        if self._at >= self._size or not len(view):
            return 0
        block = self._at // SEGMENT_SIZE
        first = block * SEGMENT_SIZE
        if self._segment[0] != block:
            stop = min(first + SEGMENT_SIZE, self._size)
            self._segment = (block, b"".join(self._opener.open(first, stop - first)))
        piece = self._segment[1][self._at - first : self._at - first + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


def record_read(*, actor: Actor, obj: StoredObject, merge: str | None = "object") -> None:
    """Records that the object is read; call before the first byte. Repeated reads within 15 minutes are one fact."""
    with transaction.atomic():
        _record("vault:object:read", actor, obj, merge=merge, kind=obj.kind, bytes=obj.plain_size)


def erase(*, actor: Actor, obj: StoredObject) -> Erasure:
    """Destroys the object's wrapped data key, then its bytes. Idempotent. Raises OnHold, recorded. Not in a transaction.

    Backups made before can open it until they expire; the erasure names that date.
    """
    require_no_hold(actor=actor, of=[obj])
    erasure = destroy_key(actor=actor, obj=obj)
    delete_bytes(obj)
    return erasure


def require_no_hold(*, actor: Actor, of: Iterable[StoredObject]) -> None:
    """Raises OnHold, recorded, when a legal hold is open on any of them: call it before the first of several is erased."""
    for obj in of:
        place = target(obj)
        if place.matter_id and _held(place.matter_id, obj.id):
            audit.refuse(
                "vault:matter:erasure_refused",
                organization_id=obj.vault.organization_id,
                actor=actor,
                target=place,
                reason="legal_hold",
            )
            raise OnHold


def destroy_key(*, actor: Actor, obj: StoredObject) -> Erasure:
    """The part of ``erase`` that is rows only, in the caller's transaction. Call ``delete_bytes`` when it is committed;
    if that never happens, ``delete_leftovers`` does it. Idempotent. Raises OnHold."""
    place = target(obj)
    with transaction.atomic():
        row = StoredObject.objects.select_for_update().select_related("vault").get(pk=obj.pk)
        if place.matter_id and _held(place.matter_id, row.id):
            raise OnHold
        if row.state == StoredObject.State.ERASED:
            return Erasure.objects.get(scope=Erasure.Scope.OBJECT, target_id=row.id)
        now = timezone.now()
        row.state, row.erased_at = StoredObject.State.ERASED, now
        row.wrapped_data_key = row.manifest_sealed = row.file_name_sealed = row.metadata_sealed = b""
        row.save()
        row.parts.exclude(digest_sealed=b"").update(digest_sealed=b"")
        Grant.objects.filter(object=row, revoked_at=None).update(revoked_at=now)
        erasure = Erasure.objects.create(
            organization_id=row.vault.organization_id,
            scope=Erasure.Scope.OBJECT,
            target_id=row.id,
            matter_id=place.matter_id,
            requested_by=actor.id,
            state="done",
            done_at=now,
            backups_until=(now + timedelta(days=settings.BACKUP_DAYS)).date(),
        )
        _record("vault:object:erased", actor, row, certificate=erasure.id)
    return erasure


def _held(matter_id: UUID, object_id: UUID) -> bool:
    open_holds = LegalHold.objects.filter(matter_id=matter_id, released_at=None)
    return open_holds.filter(object_id=None).exists() or open_holds.filter(object_id=object_id).exists()


def delete_bytes(obj: StoredObject) -> None:
    """Deletes what is left in storage of an object that is erased or failed. May be repeated. Raises StorageDown."""
    storage = part_storage(obj.vault.region)
    for part in obj.parts.all():
        storage.delete_part(part.storage_name)
    obj.parts.update(state=ObjectPart.State.FORGOTTEN)


def delete_leftovers(limit: int) -> int:
    """Deletes bytes of erased and failed objects where a killed process did not come to it; how many objects."""
    gone = StoredObject.objects.filter(
        state__in=[StoredObject.State.ERASED, StoredObject.State.FAILED],
        parts__state__in=[ObjectPart.State.OPEN, ObjectPart.State.CLOSED],
    )
    found = list(gone.select_related("vault").distinct()[:limit])
    for obj in found:
        delete_bytes(obj)
    return len(found)


def _record(event: str, actor: Actor, obj: StoredObject, **facts: Any) -> None:
    audit.record(event, organization_id=obj.vault.organization_id, actor=actor, target=target(obj), **facts)
