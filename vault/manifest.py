"""What an object's stored bytes are: its parts in order, their lengths and sums. Knows no framework and no key.

``vault.envelope`` seals the JSON of a Manifest; the sealed manifest is the commit of an object. Lengths are in bytes,
SHA-256 sums in lower-case hex.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Self
from uuid import UUID

import rfc8785

SEGMENT_SIZE: Final = 2**20
TAG_LENGTH: Final = 16
HEADER_LENGTH: Final = 60
FORMAT: Final = "sealscript-manifest"
VERSION: Final = 1
# S3 allows 10,000 parts in a multipart upload; a resumable upload over a bad line makes fewer.
MAX_PARTS: Final = 10_000
# 8 TiB a part: 2**39 AES blocks under one key, far below where GCM's bounds begin to matter (2**64).
MAX_SEGMENTS: Final = 2**23

_HEX_32 = re.compile(r"[0-9a-f]{64}")


class BadManifest(ValueError):
    """A manifest that contradicts itself; the message names the rule, never a value."""


def sealed_length(plain_length: int) -> int:
    """Bytes that a whole part of ``plain_length`` bytes takes in storage."""
    segments = max(1, -(-plain_length // SEGMENT_SIZE))
    return HEADER_LENGTH + plain_length + segments * TAG_LENGTH


@dataclass(frozen=True, slots=True)
class PartInfo:
    """One part as stored. ``number`` names it in storage; its place in the manifest's list is its place in the object.

    ``cut``: its writer was killed; it consists of whole segments and has no last one.
    """

    number: int
    salt: str
    plain_length: int
    cipher_length: int
    segments: int
    sha256_plain: str
    sha256_cipher: str
    cut: bool = False

    def check(self) -> None:
        """Raises BadManifest when the figures do not fit the format."""
        whole = (self.number, self.plain_length, self.cipher_length, self.segments)
        if any(type(figure) is not int or figure < 0 for figure in whole) or type(self.cut) is not bool:
            raise BadManifest("a part's figures must be whole numbers")
        for text in (self.salt, self.sha256_plain, self.sha256_cipher):
            if not isinstance(text, str) or not _HEX_32.fullmatch(text):
                raise BadManifest("a part's salt and sums must be 32 bytes in hex")
        if not 1 <= self.segments <= MAX_SEGMENTS:
            raise BadManifest("a part has at least one segment")
        if self.cut and self.plain_length != self.segments * SEGMENT_SIZE:
            raise BadManifest("a cut part consists of whole segments")
        if self.segments != max(1, -(-self.plain_length // SEGMENT_SIZE)):
            raise BadManifest("a part's segments do not fit its length")
        if self.cipher_length != HEADER_LENGTH + self.plain_length + self.segments * TAG_LENGTH:
            raise BadManifest("a part's stored length does not fit its length")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts of one object in order, and the sums of the whole (see ``vault.envelope``)."""

    object_id: UUID
    parts: tuple[PartInfo, ...]
    sha256_plain: str

    @classmethod
    def of(cls, object_id: UUID, parts: Iterable[PartInfo], sha256_plain: str | None = None) -> Self:
        """A manifest of ``parts``. The whole's sum may be left out where there is one part: it is that part's.

        Raises BadManifest.
        """
        listed = tuple(parts)
        if sha256_plain is None:
            if len(listed) != 1:
                raise BadManifest("the sum of the whole is needed where there are several parts")
            sha256_plain = listed[0].sha256_plain
        manifest = cls(object_id, listed, sha256_plain)
        manifest.check()
        return manifest

    @property
    def plain_length(self) -> int:
        return sum(part.plain_length for part in self.parts)

    @property
    def cipher_length(self) -> int:
        return sum(part.cipher_length for part in self.parts)

    @property
    def segments(self) -> int:
        return sum(part.segments for part in self.parts)

    @property
    def sha256_cipher(self) -> str:
        """SHA-256 over the parts' 32-byte sums in order."""
        return hashlib.sha256(b"".join(bytes.fromhex(part.sha256_cipher) for part in self.parts)).hexdigest()

    def check(self) -> None:
        """Raises BadManifest when it contradicts itself."""
        if not 1 <= len(self.parts) <= MAX_PARTS:
            raise BadManifest(f"an object has between 1 and {MAX_PARTS} parts")
        for part in self.parts:
            part.check()
        if len({part.number for part in self.parts}) != len(self.parts):
            raise BadManifest("a part is listed twice")
        if len({part.salt for part in self.parts}) != len(self.parts):
            raise BadManifest("two parts have the same salt")
        if not _HEX_32.fullmatch(self.sha256_plain):
            raise BadManifest("the sum of the whole must be 32 bytes in hex")
        if len(self.parts) == 1 and self.sha256_plain != self.parts[0].sha256_plain:
            raise BadManifest("the sum of the whole is not that of its only part")

    def to_json(self) -> bytes:
        """Canonical JSON (RFC 8785): the same manifest always gives the same bytes."""
        return rfc8785.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "object": str(self.object_id),
                "segment_size": SEGMENT_SIZE,
                "plain_length": self.plain_length,
                "cipher_length": self.cipher_length,
                "segments": self.segments,
                "sha256_plain": self.sha256_plain,
                "sha256_cipher": self.sha256_cipher,
                "parts": [asdict(part) for part in self.parts],
            }
        )

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Reads what to_json wrote. Raises BadManifest for anything else, also for a summary that does not add up."""
        try:
            read: Any = json.loads(data)
            names = {field.name for field in fields(PartInfo)}
            if any(set(part) != names for part in read["parts"]):
                raise BadManifest("a part has other fields than this version knows")
            manifest = cls(UUID(read["object"]), tuple(PartInfo(**part) for part in read["parts"]), read["sha256_plain"])
            manifest.check()
        except (AttributeError, KeyError, TypeError, RecursionError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise BadManifest("not a manifest of this version") from error
        except ValueError as error:
            raise error if isinstance(error, BadManifest) else BadManifest("not a manifest of this version") from error
        if manifest.to_json() != data:
            raise BadManifest("not the canonical form, or its summary does not add up")
        return manifest
