"""The envelope: how bytes, keys and fields are sealed. Knows no framework and no database.

All integers are big-endian; all keys are 32 bytes; ``‖`` joins. AEAD is AES-256-GCM (NIST SP 800-38D, 12-byte nonce,
16-byte tag), key derivation HKDF-SHA256 (RFC 5869).

**Part.** An object is one or more parts; each writer opens a new one and never goes on with another's::

    header   = "SLSC" ‖ version u8 = 1 ‖ suite u8 = 1 ‖ 0 u16 ‖ segment size u32 = 1 MiB ‖ object id [16] ‖ salt [32]
    part key = HKDF-SHA256(ikm = data key, salt = salt, info = "sealscript part v1" ‖ header)
    part     = header ‖ segment 0 ‖ … ‖ segment n-1
    segment  = AES-256-GCM(part key, nonce = counter [11] ‖ last u8, aad = header, plaintext of at most 1 MiB)

That is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015): the counter begins at 0, ``last`` is 1 for
the final segment and 0 for all before, which are full. Only an empty part has an empty segment. The salt is random and
the part key lives in one PartSealer, so no (key, nonce) ever seals two plaintexts. Nothing of a part depends on the key
that wraps its data key: rotation touches no bytes.

**Cut part.** A part whose writer was killed keeps its whole segments (``survey_part``) and is listed as ``cut``: it has
no last segment, none is made up for it (that would use a nonce again), and the manifest vouches for its end.

**Manifest.** Canonical JSON (RFC 8785) of order, salts, lengths, segment counts and SHA-256 sums, sealed under the
data key; it is the commit. ``sha256_plain`` of the whole is over the whole plaintext, ``sha256_cipher`` of the whole
over the parts' 32-byte ``sha256_cipher`` in order. The salts bind each place to its part, so that parts of one object
cannot be swapped::

    sealed manifest = "SLSM" ‖ 1 u8 ‖ salt [32] ‖ AES-256-GCM(k, nonce = 0, aad = the bytes before, JSON)
    k               = HKDF-SHA256(ikm = data key, salt = salt, info = "sealscript manifest v1" ‖ object id [16])

**Keys.** The vault secret gives three keys, HKDF-SHA256(ikm = vault secret, no salt, info = label), with the labels
``sealscript vault wrapping v1``, ``sealscript vault field v1`` and ``sealscript vault index v1``.

**Sealed value** (a wrapped data key, a sealed field)::

    blob = format u8 = 1 ‖ key version u32 ‖ nonce [12] ‖ AES-256-GCM(key, nonce, aad, plaintext)
    aad  = for each of (label, item, …): length u32 ‖ UTF-8 bytes

A data key binds ("sealscript data key v1", organization, vault, object, key version) under the wrapping key; a field
("sealscript field v1", table, row, column, key version) under the field key. Ids are written as str() writes them.
Nonces are random: a field key seals far fewer than the 2**32 values for which SP 800-38D allows that.

Every refusal is SealBroken, which says nothing of what was sealed.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.manifest import HEADER_LENGTH, MAX_SEGMENTS, SEGMENT_SIZE, TAG_LENGTH, BadManifest, Manifest, PartInfo
from vault.sealing import (
    KEY_LENGTH,
    NONCE_LENGTH,
    SealBroken,
    VaultKeys,
    blob_version,
    derive,
    derive_vault_keys,
    new_key,
    open_field,
    seal_field,
    unwrap_data_key,
    wrap_data_key,
)

__all__ = [
    "HEADER_LENGTH",
    "KEY_LENGTH",
    "SEGMENT_SIZE",
    "TAG_LENGTH",
    "Manifest",
    "ObjectOpener",
    "PartInfo",
    "PartSealer",
    "ReadPart",
    "SealBroken",
    "VaultKeys",
    "blob_version",
    "derive_vault_keys",
    "new_key",
    "open_field",
    "open_manifest",
    "open_part",
    "seal_field",
    "seal_manifest",
    "survey_part",
    "unwrap_data_key",
    "wrap_data_key",
]

SALT_LENGTH: Final = 32
SEALED_SEGMENT: Final = SEGMENT_SIZE + TAG_LENGTH
_PART_MAGIC: Final = b"SLSC"
_MANIFEST_MAGIC: Final = b"SLSM\x01"
_VERSION: Final = 1
_SUITE: Final = 1

ReadPart = Callable[[int, int, int], bytes]
"""(part number, first byte, count) → exactly these stored bytes; fewer are refused as truncation."""


def _header(object_id: UUID, salt: bytes) -> bytes:
    fixed = _PART_MAGIC + bytes((_VERSION, _SUITE, 0, 0)) + SEGMENT_SIZE.to_bytes(4, "big")
    return fixed + object_id.bytes + salt


def _nonce(counter: int, last: bool) -> bytes:
    return counter.to_bytes(NONCE_LENGTH - 1, "big") + (b"\x01" if last else b"\x00")


class _PartKey:
    """Opens segments of one part."""

    def __init__(self, data_key: bytes, object_id: UUID, salt: bytes) -> None:
        self.header = _header(object_id, salt)
        self._aead = AESGCM(derive(data_key, salt, b"sealscript part v1" + self.header))

    def open(self, counter: int, last: bool, sealed: bytes | memoryview) -> bytes:
        try:
            return self._aead.decrypt(_nonce(counter, last), sealed, self.header)
        except InvalidTag:
            raise SealBroken("A segment does not open.") from None


def _part_key(data_key: bytes, object_id: UUID, header: bytes) -> _PartKey:
    if len(header) < HEADER_LENGTH:
        raise SealBroken("A part is shorter than its header.")
    key = _PartKey(data_key, object_id, header[-SALT_LENGTH:])
    if key.header != header:
        raise SealBroken("A part's header is not one of this object, version and suite.")
    return key


class PartSealer:
    """Seals one part as its bytes arrive: store ``header``, then what ``update`` and ``finish`` give.

    Memory is one segment beside the chunk given. After ``finish`` (or when abandoned) a sealer is used up; who goes on
    opens a new part. The figures and sums run along and cover exactly what was given out.
    """

    def __init__(self, data_key: bytes, object_id: UUID) -> None:
        self._salt = secrets.token_bytes(SALT_LENGTH)
        self.header = _header(object_id, self._salt)
        self._aead = AESGCM(derive(data_key, self._salt, b"sealscript part v1" + self.header))
        # One buffer for the part's life: growing one anew for each segment costs a third of the speed.
        self._buffer = memoryview(bytearray(SEGMENT_SIZE))
        self._held = 0
        self._finished = False
        self._plain = hashlib.sha256()
        self._cipher = hashlib.sha256(self.header)
        self.plain_length = 0
        self.cipher_length = HEADER_LENGTH
        self.segments = 0

    def update(self, data: bytes | bytearray | memoryview) -> bytes:
        """Takes plaintext of any length; gives the sealed segments that are full by now (often none)."""
        if self._finished:
            raise ValueError("this part is finished; open a new one")
        view = memoryview(data).cast("B")
        self.plain_length += len(view)
        sealed: list[bytes] = []
        # A full segment waits for one more byte: only then it is known not to be the last.
        while self._held + len(view) > SEGMENT_SIZE:
            take = SEGMENT_SIZE - self._held
            self._plain.update(view[:take])
            if self._held:
                self._buffer[self._held :] = view[:take]
                self._held = 0
                sealed.append(self._seal(self._buffer, last=False))
            else:
                sealed.append(self._seal(view[:take], last=False))
            view = view[take:]
        self._plain.update(view)
        self._buffer[self._held : self._held + len(view)] = view
        self._held += len(view)
        return sealed[0] if len(sealed) == 1 else b"".join(sealed)

    def finish(self) -> bytes:
        """Gives the last segment; the part is whole once it is stored."""
        if self._finished:
            raise ValueError("this part is finished; open a new one")
        self._finished = True
        return self._seal(self._buffer[: self._held], last=True)

    def info(self, number: int) -> PartInfo:
        """The part's entry for the manifest. Raises ValueError before ``finish``."""
        if not self._finished:
            raise ValueError("this part is not finished")
        sums = self._plain.hexdigest(), self._cipher.hexdigest()
        return PartInfo(number, self._salt.hex(), self.plain_length, self.cipher_length, self.segments, *sums)

    def _seal(self, plain: memoryview, *, last: bool) -> bytes:
        if self.segments >= MAX_SEGMENTS:
            raise ValueError("this part is full; open a new one")
        sealed = self._aead.encrypt(_nonce(self.segments, last), plain, self.header)
        self.segments += 1
        self.cipher_length += len(sealed)
        self._cipher.update(sealed)
        return sealed


def _blocks(chunks: Iterable[bytes], first: int, size: int) -> Iterator[bytes]:
    """Cuts a stream into one block of ``first`` bytes and blocks of ``size``; the last may be shorter."""
    held, want = bytearray(), first
    for chunk in chunks:
        held += chunk
        while len(held) >= want:
            yield bytes(held[:want])
            del held[:want]
            want = size
    if held:
        yield bytes(held)


def open_part(data_key: bytes, object_id: UUID, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Opens one whole part from its stored bytes, in any chunks, segment by segment.

    Yields authenticated plaintext as it goes; the whole is authentic only when the iterator ends by itself. Raises
    SealBroken, at the end also for a part that was cut.
    """
    blocks = _blocks(chunks, HEADER_LENGTH, SEALED_SEGMENT)
    key = _part_key(data_key, object_id, next(blocks, b""))
    held = next(blocks, None)
    if held is None:
        raise SealBroken("A part has no segment.")
    counter = 0
    for block in blocks:
        yield key.open(counter, False, held)
        held, counter = block, counter + 1
    plain = key.open(counter, True, held)
    if not plain and counter:
        raise SealBroken("A part ends in an empty segment.")
    if plain:
        yield plain


def survey_part(data_key: bytes, object_id: UUID, number: int, chunks: Iterable[bytes]) -> PartInfo | None:
    """What is left of a part whose writer was killed: its longest authentic beginning.

    The answer's ``cipher_length`` is where storage must cut the part off; ``cut`` is False when nothing was missing.
    None: not one whole segment, the part is to be forgotten. Raises SealBroken for the header of another object.
    """
    blocks = _blocks(chunks, HEADER_LENGTH, SEALED_SEGMENT)
    header = next(blocks, b"")
    if len(header) < HEADER_LENGTH:
        return None
    key = _part_key(data_key, object_id, header)
    plain_sum, cipher_sum = hashlib.sha256(), hashlib.sha256(header)
    counter, plain_length, cipher_length, last = 0, 0, HEADER_LENGTH, False
    for block in blocks:
        for last in (False, True):
            try:
                plain = key.open(counter, last, block)
            except SealBroken:
                continue
            break
        else:
            last = False
            break
        if not last and len(plain) != SEGMENT_SIZE:
            break
        plain_sum.update(plain)
        cipher_sum.update(block)
        counter, plain_length, cipher_length = counter + 1, plain_length + len(plain), cipher_length + len(block)
        if last:
            break
    if not counter:
        return None
    sums = plain_sum.hexdigest(), cipher_sum.hexdigest()
    return PartInfo(number, header[-SALT_LENGTH:].hex(), plain_length, cipher_length, counter, *sums, cut=not last)


class ObjectOpener:
    """Opens an object, or any byte range of it, by reading only the segments asked for.

    ``read(part number, first byte, count)`` gives stored bytes. Each segment's place (part, counter, whether it is the
    last) comes from the manifest, so truncation, reordering and swapped parts are refused in ranges, too.
    """

    def __init__(self, data_key: bytes, manifest: Manifest, read: ReadPart) -> None:
        self.manifest = manifest
        self._data_key = data_key
        self._read = read
        self._keys: dict[int, _PartKey] = {}

    def open(self, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Yields the plaintext from ``start``, ``length`` bytes or to the end, at most one segment at a time.

        Raises ValueError for a range outside the object, SealBroken for bytes that are not those sealed.
        """
        whole = self.manifest.plain_length
        stop = whole if length is None else start + length
        if not 0 <= start <= stop <= whole:
            raise ValueError("the range lies outside the object")
        return self._open(start, stop)

    def _open(self, start: int, stop: int) -> Iterator[bytes]:
        if start == stop:
            return
        begin = 0
        for part in self.manifest.parts:
            end = begin + part.plain_length
            if begin < stop and start < end:
                yield from self._open_in_part(part, max(start, begin) - begin, min(stop, end) - begin)
            begin = end

    def _open_in_part(self, part: PartInfo, start: int, stop: int) -> Iterator[bytes]:
        for counter in range(start // SEGMENT_SIZE, -(-stop // SEGMENT_SIZE)):
            plain = self._open_segment(part, counter, self._read_segment(part, counter))
            first = counter * SEGMENT_SIZE
            yield plain[max(start - first, 0) : stop - first]

    def _read_segment(self, part: PartInfo, counter: int) -> bytes:
        first = HEADER_LENGTH + counter * SEALED_SEGMENT
        count = min(SEALED_SEGMENT, part.cipher_length - first)
        sealed = self._read(part.number, first, count)
        if len(sealed) != count:
            raise SealBroken("A part is shorter than its manifest says.")
        return sealed

    def _open_segment(self, part: PartInfo, counter: int, sealed: bytes) -> bytes:
        key = self._keys.get(part.number)
        if key is None:
            key = _PartKey(self._data_key, self.manifest.object_id, bytes.fromhex(part.salt))
            self._keys[part.number] = key
        return key.open(counter, counter == part.segments - 1 and not part.cut, sealed)

    def verify(self) -> None:
        """Reads everything once and compares it with every sum of the manifest. Raises SealBroken."""
        whole = hashlib.sha256()
        for part in self.manifest.parts:
            header = self._read(part.number, 0, HEADER_LENGTH)
            if header != _header(self.manifest.object_id, bytes.fromhex(part.salt)):
                raise SealBroken("A part's header is not the one its manifest names.")
            plain_sum, cipher_sum = hashlib.sha256(), hashlib.sha256(header)
            for counter in range(part.segments):
                sealed = self._read_segment(part, counter)
                plain = self._open_segment(part, counter, sealed)
                cipher_sum.update(sealed)
                plain_sum.update(plain)
                whole.update(plain)
            if (plain_sum.hexdigest(), cipher_sum.hexdigest()) != (part.sha256_plain, part.sha256_cipher):
                raise SealBroken("A part's sums are not those of its manifest.")
        if whole.hexdigest() != self.manifest.sha256_plain:
            raise SealBroken("The object's sum is not that of its manifest.")


def seal_manifest(data_key: bytes, manifest: Manifest) -> bytes:
    """Seals an object's manifest under its data key: the commit."""
    prefix = _MANIFEST_MAGIC + secrets.token_bytes(SALT_LENGTH)
    return prefix + _manifest_aead(data_key, manifest.object_id, prefix).encrypt(_nonce(0, False), manifest.to_json(), prefix)


def open_manifest(data_key: bytes, object_id: UUID, sealed: bytes) -> Manifest:
    """The manifest of this object. Raises SealBroken, also for another object's."""
    prefix_length = len(_MANIFEST_MAGIC) + SALT_LENGTH
    prefix, rest = sealed[:prefix_length], sealed[prefix_length:]
    if len(rest) < TAG_LENGTH or not prefix.startswith(_MANIFEST_MAGIC):
        raise SealBroken("Not a sealed manifest of a known version.")
    try:
        manifest = Manifest.from_json(_manifest_aead(data_key, object_id, prefix).decrypt(_nonce(0, False), rest, prefix))
    except (InvalidTag, BadManifest):
        raise SealBroken("A manifest does not open.") from None
    if manifest.object_id != object_id:
        raise SealBroken("A manifest is that of another object.")
    return manifest


def _manifest_aead(data_key: bytes, object_id: UUID, prefix: bytes) -> AESGCM:
    salt = prefix[len(_MANIFEST_MAGIC) :]
    return AESGCM(derive(data_key, salt, b"sealscript manifest v1" + object_id.bytes))
