"""Keys that come of a vault secret, and values sealed under them: wrapped data keys and fields.

Formats: ``vault.envelope``. Knows no framework.
"""

import dataclasses
import secrets
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_LENGTH: Final = 32
NONCE_LENGTH: Final = 12
_BLOB_FORMAT: Final = 1
_PREFIX_LENGTH: Final = 1 + 4
_MAX_VERSION: Final = 2**32 - 1

Id = str | int | UUID


class SealBroken(Exception):
    """What was read is not what was sealed here: altered, cut, out of order, of another place or under another key."""


def new_key() -> bytes:
    """A fresh random key: a data key or a vault secret."""
    return secrets.token_bytes(KEY_LENGTH)


def derive(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    """One 32-byte key by HKDF-SHA256 (RFC 5869). Raises ValueError for a secret of another length than 32 bytes."""
    if len(secret) != KEY_LENGTH:
        raise ValueError(f"a key has {KEY_LENGTH} bytes")
    return HKDF(algorithm=SHA256(), length=KEY_LENGTH, salt=salt, info=info).derive(secret)


def bind(label: str, *items: Id) -> bytes:
    """Associated data that names a place; lengths before each item, so that no two places have the same bytes."""
    encoded = [str(item).encode() for item in (label, *items)]
    return b"".join(len(item).to_bytes(4, "big") + item for item in encoded)


@dataclasses.dataclass(frozen=True, slots=True)
class VaultKeys:
    """The keys of one version of a vault secret: for data keys, for fields, for the search index."""

    wrapping: bytes = dataclasses.field(repr=False)
    field: bytes = dataclasses.field(repr=False)
    index: bytes = dataclasses.field(repr=False)


def derive_vault_keys(vault_secret: bytes) -> VaultKeys:
    """The three keys of a 32-byte vault secret."""
    return VaultKeys(*(derive(vault_secret, None, f"sealscript vault {use} v1".encode()) for use in _USES))


_USES: Final = ("wrapping", "field", "index")


def _seal(key: bytes, plaintext: bytes, version: int, aad: bytes) -> bytes:
    if not 0 <= version <= _MAX_VERSION:
        raise ValueError("a key version is an unsigned 32-bit number")
    nonce = secrets.token_bytes(NONCE_LENGTH)
    prefix = bytes((_BLOB_FORMAT,)) + version.to_bytes(4, "big")
    return prefix + nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def _open(key: bytes, blob: bytes, aad: bytes) -> bytes:
    nonce_end = _PREFIX_LENGTH + NONCE_LENGTH
    try:
        return AESGCM(key).decrypt(blob[_PREFIX_LENGTH:nonce_end], blob[nonce_end:], aad)
    except (InvalidTag, ValueError):
        raise SealBroken("A sealed value does not open.") from None


def blob_version(blob: bytes) -> int:
    """The version of the vault secret that a sealed value needs; authenticated only when the value opens.

    Raises SealBroken for something that is no sealed value.
    """
    if len(blob) < _PREFIX_LENGTH or blob[0] != _BLOB_FORMAT:
        raise SealBroken("Not a sealed value of a known format.")
    return int.from_bytes(blob[1:_PREFIX_LENGTH], "big")


def wrap_data_key(wrapping_key: bytes, data_key: bytes, *, organization: Id, vault: Id, object_id: Id, version: int) -> bytes:
    """Wraps an object's data key for exactly this organization, vault, object and key version."""
    if len(data_key) != KEY_LENGTH:
        raise ValueError(f"a key has {KEY_LENGTH} bytes")
    aad = bind("sealscript data key v1", organization, vault, object_id, version)
    return _seal(wrapping_key, data_key, version, aad)


def unwrap_data_key(wrapping_key: bytes, blob: bytes, *, organization: Id, vault: Id, object_id: Id) -> bytes:
    """The data key, if it was wrapped for this place. Raises SealBroken."""
    aad = bind("sealscript data key v1", organization, vault, object_id, blob_version(blob))
    return _open(wrapping_key, blob, aad)


def seal_field(field_key: bytes, plaintext: bytes, *, table: str, row: Id, column: str, version: int) -> bytes:
    """Seals one value for exactly this row and column."""
    return _seal(field_key, plaintext, version, bind("sealscript field v1", table, row, column, version))


def open_field(field_key: bytes, blob: bytes, *, table: str, row: Id, column: str) -> bytes:
    """The value, if it was sealed for this row and column. Raises SealBroken."""
    return _open(field_key, blob, bind("sealscript field v1", table, row, column, blob_version(blob)))
