"""Key stores by name. A new one is one file beside ``local.py`` and one entry here."""

from collections.abc import Callable
from typing import Final

from django.conf import settings

from vault.keystore.base import KeyStore
from vault.keystore.local import LocalKeyStore

__all__ = ["KEY_STORES", "KeyStore", "key_store"]

KEY_STORES: Final[dict[str, Callable[[], KeyStore]]] = {
    "local": lambda: LocalKeyStore(settings.KEY_DIR),
}


def key_store() -> KeyStore:
    """The key store that the setting KEY_STORE names. Raises ValueError for a name that is not registered."""
    name: str = settings.KEY_STORE
    if name not in KEY_STORES:
        raise ValueError(f"KEY_STORE must be one of {', '.join(sorted(KEY_STORES))}.")
    return KEY_STORES[name]()
