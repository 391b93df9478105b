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


def key_store(name: str = "") -> KeyStore:
    """The key store of that name (a vault stays with the one it was made in), else the one the setting KEY_STORE names.

    Raises ValueError for a name that is not registered.
    """
    name = name or settings.KEY_STORE
    if name not in KEY_STORES:
        raise ValueError(f"a key store is one of {', '.join(sorted(KEY_STORES))}")
    return KEY_STORES[name]()
