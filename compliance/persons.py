"""Sealing what names a person in the log under a key that can be destroyed.

This room has no key store; the portal installs one that satisfies ``PersonSealer``.
"""

from typing import Protocol
from uuid import UUID

from portal.errors import Unavailable


class PersonSealer(Protocol):
    def seal(self, organization_id: UUID, person_id: UUID, plaintext: bytes) -> bytes:
        """Ciphertext under the person's key, made on first use. Raises Unavailable when the key store is down."""

    def open(self, person_id: UUID, ciphertext: bytes) -> bytes | None:
        """The plaintext, or None when the person's key was destroyed."""


class NotWired(Unavailable):
    code = "audit_unavailable"
    message = "The audit log cannot be written at the moment, so the act was not carried out."


_sealer: PersonSealer | None = None


def install(sealer: PersonSealer) -> None:
    global _sealer
    _sealer = sealer


def sealer() -> PersonSealer:
    """The installed sealer. Raises NotWired: without it nothing may be recorded, so nothing may be done."""
    if _sealer is None:
        raise NotWired
    return _sealer
