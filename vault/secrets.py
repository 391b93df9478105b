"""A vault's secret: made once, wrapped by the vault's key in the key store, opened for seconds at a time."""

import threading
import time
from typing import TYPE_CHECKING, Final
from uuid import UUID

from vault import sealing
from vault.errors import KeyDestroyed
from vault.keystore import key_store
from vault.sealing import VaultKeys

if TYPE_CHECKING:  # the models seal their columns with this module
    from vault.models.matter import Vault

# Long enough that a page or a batch asks the key store once; short enough that a key destroyed by another process
# stops opening things almost at once.
CACHE_SECONDS: Final = 20.0
_CACHE_ENTRIES: Final = 256

_lock = threading.Lock()
_cache: dict[tuple[UUID, int], tuple[float, VaultKeys]] = {}
_newest: dict[UUID, tuple[float, int]] = {}


def create(vault: "Vault") -> None:
    """The vault's key in the key store. Outside of a transaction: a networked key store may take its time.

    Raises KeyStoreDown.
    """
    key_store(vault.key_store).create(vault.key_id)


def first_secret(vault: "Vault") -> bytes:
    """A first secret, wrapped, of a vault whose key was created; the caller stores it as version 1."""
    secret = sealing.new_key()
    wrapped = key_store(vault.key_store).wrap(vault.key_id, secret, _context(vault.id, 1))
    _remember(vault.id, 1, sealing.derive_vault_keys(secret))
    return wrapped


def next_secret(vault: "Vault", number: int) -> bytes:
    """A further secret, wrapped; the caller stores it as version ``number``. Not used before it is stored.

    Raises KeyStoreDown, KeyDestroyed.
    """
    return key_store(vault.key_store).wrap(vault.key_id, sealing.new_key(), _context(vault.id, number))


def current(vault: "Vault") -> tuple[int, VaultKeys]:
    """The newest version and its keys: what new things are sealed under. Raises KeyStoreDown, KeyDestroyed."""
    now = time.monotonic()
    with _lock:
        known = _newest.get(vault.id)
    if known is None or known[0] < now:
        newest = vault.secrets.order_by("-version").values_list("version", flat=True)
        number = newest.first()
        if number is None:
            raise KeyDestroyed
        known = (now + CACHE_SECONDS, number)
        with _lock:
            _newest[vault.id] = known
    return known[1], version(vault, known[1])


def version(vault: "Vault", number: int) -> VaultKeys:
    """The keys of one version. Raises KeyStoreDown, KeyDestroyed."""
    now = time.monotonic()
    with _lock:
        cached = _cache.get((vault.id, number))
    if cached is not None and cached[0] > now:
        return cached[1]
    row = vault.secrets.filter(version=number).first()
    if row is None:
        raise KeyDestroyed
    secret = key_store(vault.key_store).unwrap(vault.key_id, bytes(row.wrapped), _context(vault.id, number))
    keys = sealing.derive_vault_keys(secret)
    _remember(vault.id, number, keys)
    return keys


def forget(vault_id: UUID | None = None) -> None:
    """Drops opened keys of one vault (of all: None) from this process."""
    with _lock:
        for key in [key for key in _cache if vault_id in (None, key[0])]:
            del _cache[key]
        for known in [known for known in _newest if vault_id in (None, known)]:
            del _newest[known]


def _context(vault_id: UUID, number: int) -> dict[str, str]:
    return {"vault": str(vault_id), "version": str(number)}


def _remember(vault_id: UUID, number: int, keys: VaultKeys) -> None:
    until = time.monotonic() + CACHE_SECONDS
    with _lock:
        if len(_cache) >= _CACHE_ENTRIES:
            _cache.clear()
        _cache[(vault_id, number)] = (until, keys)
        _newest[vault_id] = (until, max(number, _newest.get(vault_id, (0.0, 0))[1]))
