"""What a key store must do. A Vault's key never leaves it; secrets go in to be wrapped and come out unwrapped."""

import re
from collections.abc import Mapping
from typing import Final, Protocol

Context = Mapping[str, str]
"""What a wrapped secret is bound to, such as {"vault": "…", "version": "1"}; the same again is needed to unwrap it."""

# A kind and a UUID, "vault-…" or "person-…": safe as a file name, an alias of a cloud key and a path of a key engine.
KEY_ID: Final = re.compile(r"[a-z]{1,20}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def check_key_id(key_id: str) -> None:
    """Raises ValueError for an id that no key can have."""
    if not KEY_ID.fullmatch(key_id):
        raise ValueError("a key id is a kind and a UUID, such as vault-01234567-89ab-cdef-0123-456789abcdef")


class KeyStore(Protocol):
    """Keeps keys by id. Every method raises vault.errors.KeyStoreDown when the store does not answer."""

    def create(self, key_id: str) -> None:
        """Makes a key; nothing changes where it exists. Raises KeyDestroyed: an id is never used twice."""

    def wrap(self, key_id: str, secret: bytes, context: Context) -> bytes:
        """Seals a short secret under the key and to the context. Raises KeyDestroyed, KeyUnknown."""

    def unwrap(self, key_id: str, blob: bytes, context: Context) -> bytes:
        """Gives back what wrap sealed. Raises KeyDestroyed, KeyUnknown, KeyRefused (altered, or another context)."""

    def destroy(self, key_id: str) -> None:
        """Destroys the key for ever; once it returns nothing opens what was wrapped. May be repeated.

        Raises KeyUnknown.
        """

    def exists(self, key_id: str) -> bool:
        """Whether the key can be used now."""

    def health(self) -> None:
        """Returns when the store can be used; raises KeyStoreDown when it cannot."""
