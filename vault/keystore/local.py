"""The key store of one machine: one file a key in a directory of its own, with a backup of its own.

A file ``<key id>.key`` (0600, directory 0700) holds ``sealscript-key 1 <64 hex>`` and a newline. A destroyed key leaves
an empty ``<key id>.destroyed``, which wins over a key file that an old backup brings back. Knows no framework.

A wrapped secret is ``1 u8 ‖ nonce [12] ‖ AES-256-GCM(key, nonce, aad = canonical JSON of key id and context, secret)``.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.errors import KeyDestroyed, KeyRefused, KeyStoreDown, KeyUnknown
from vault.keystore.base import Context, check_key_id

_NONCE_LENGTH: Final = 12
_FORMAT: Final = b"\x01"
_FILE_PREFIX: Final = "sealscript-key 1 "


class LocalKeyStore:
    """KeyStore in files under ``directory``, which is made (0700) with the first key."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def create(self, key_id: str) -> None:
        with self._answering():
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self._tombstone(key_id).exists():
                raise KeyDestroyed
            path = self._path(key_id)
            if path.exists():
                return
            temporary = path.with_suffix(f".{secrets.token_hex(8)}.new")
            _write(temporary, f"{_FILE_PREFIX}{secrets.token_hex(32)}\n".encode())
            try:
                # link, not rename: of two makers of one key the second must not replace what the first already used.
                with contextlib.suppress(FileExistsError):
                    os.link(temporary, path)
            finally:
                temporary.unlink()
            self._sync_directory()

    def wrap(self, key_id: str, secret: bytes, context: Context) -> bytes:
        nonce = secrets.token_bytes(_NONCE_LENGTH)
        return _FORMAT + nonce + AESGCM(self._read(key_id)).encrypt(nonce, secret, _aad(key_id, context))

    def unwrap(self, key_id: str, blob: bytes, context: Context) -> bytes:
        key = AESGCM(self._read(key_id))
        nonce, sealed = blob[1 : 1 + _NONCE_LENGTH], blob[1 + _NONCE_LENGTH :]
        if blob[:1] != _FORMAT or len(nonce) != _NONCE_LENGTH:
            raise KeyRefused
        try:
            return key.decrypt(nonce, sealed, _aad(key_id, context))
        except InvalidTag:
            raise KeyRefused from None

    def destroy(self, key_id: str) -> None:
        with self._answering():
            path, tombstone = self._path(key_id), self._tombstone(key_id)
            if not path.exists() and not tombstone.exists():
                raise KeyUnknown
            # The tombstone first: killed after this line, the key is refused, and destroying again finishes the work.
            if not tombstone.exists():
                _write(tombstone, b"")
                self._sync_directory()
            with contextlib.suppress(FileNotFoundError):
                _overwrite(path)
                path.unlink()
            self._sync_directory()

    def exists(self, key_id: str) -> bool:
        with self._answering():
            return self._path(key_id).exists() and not self._tombstone(key_id).exists()

    def health(self) -> None:
        with self._answering():
            if not self._directory.exists():
                # Before the first key there is no directory; it must be possible to make one.
                near = next(parent for parent in self._directory.parents if parent.exists())
                if not os.access(near, os.W_OK):
                    raise KeyStoreDown
                return
            if self._directory.stat().st_mode & 0o077:
                raise KeyStoreDown("The key directory is open to other users. Set its mode to 0700.")
            if not os.access(self._directory, os.R_OK | os.W_OK | os.X_OK):
                raise KeyStoreDown

    def _path(self, key_id: str) -> Path:
        check_key_id(key_id)
        return self._directory / f"{key_id}.key"

    def _tombstone(self, key_id: str) -> Path:
        return self._path(key_id).with_suffix(".destroyed")

    def _read(self, key_id: str) -> bytes:
        with self._answering():
            if self._tombstone(key_id).exists():
                raise KeyDestroyed
            if not self._directory.is_dir():
                # A directory that is not mounted says nothing of the keys in it.
                raise KeyStoreDown
            try:
                text = self._path(key_id).read_text(encoding="ascii")
            except FileNotFoundError:
                raise KeyUnknown from None
        prefix, key = text[: len(_FILE_PREFIX)], text[len(_FILE_PREFIX) :].strip()
        if prefix != _FILE_PREFIX or len(key) != 64:
            raise KeyUnknown("A key file is damaged. An administrator must restore it from its backup.")
        return bytes.fromhex(key)

    def _sync_directory(self) -> None:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Errors of the file system become KeyStoreDown; they name paths, so their text goes no further."""
        try:
            yield
        except OSError:
            raise KeyStoreDown from None


def _aad(key_id: str, context: Context) -> bytes:
    return rfc8785.dumps({"key": key_id, "context": dict(context)})


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _overwrite(path: Path) -> None:
    """In place, so that the blocks that held the key hold noise. A copying file system keeps the old blocks until it
    reuses them: KEY_DIR does not belong on one, nor on one with snapshots."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, secrets.token_bytes(os.fstat(descriptor).st_size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
