"""Signed tree heads in C2SP form: tlog-checkpoint bodies in signed notes, Ed25519. Knows no Django.

https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "\u2014 "


class BadNote(Exception):
    """Not a checkpoint, or not signed by the key that was expected."""


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with its name, written ``name+hash+base64`` as Go's note package does: what an auditor pins."""

    name: str
    key: Ed25519PublicKey

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key.public_bytes_raw()).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(_ED25519 + self.key.public_bytes_raw()).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """Raises BadNote for what is no Ed25519 verifier key, or one whose hash does not fit."""
        name, plus, rest = text.strip().partition("+")
        tag, second, encoded = rest.partition("+")
        try:
            data = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            raise BadNote("The key is not written as name+hash+base64.") from None
        if not (plus and second and name) or len(data) != 33 or data[:1] != _ED25519:
            raise BadNote("The key is not an Ed25519 key written as name+hash+base64.")
        found = cls(name, Ed25519PublicKey.from_public_bytes(data[1:]))
        if found.key_hash.hex() != tag:
            raise BadNote("The key's hash does not fit the key.")
        return found


def sign(head: Head, name: str, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note."""
    body = head.body()
    verifier = Verifier(name, key.public_key())
    signature = base64.b64encode(verifier.key_hash + key.sign(body.encode())).decode()
    return f"{body}\n{_DASH}{name} {signature}\n"


def open_note(text: str, verifier: Verifier) -> Head:
    """What the note says, if this key signed it. Raises BadNote."""
    body, blank, signatures = text.partition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise BadNote("Not a signed note.")
    body += "\n"
    for line in signatures.splitlines():
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        if not line.startswith(_DASH) or name != verifier.name:
            continue
        try:
            data = base64.b64decode(encoded, validate=True)
            if data[:4] != verifier.key_hash:
                continue
            verifier.key.verify(data[4:], body.encode())
        except (binascii.Error, ValueError, InvalidSignature):
            raise BadNote("The signature is false.") from None
        return _head(body)
    raise BadNote("Not signed by this key.")


def _head(body: str) -> Head:
    lines = body.split("\n")
    try:
        origin, size, encoded = lines[:3]
        decoded = base64.b64decode(encoded, validate=True)
        # "01" and "+1" are other spellings of a size that nobody writes.
        if not origin or str(int(size)) != size or int(size) < 0 or len(decoded) != 32:
            raise ValueError(size)
    except (binascii.Error, ValueError):
        raise BadNote("Not a checkpoint.") from None
    return Head(origin, int(size), decoded)
