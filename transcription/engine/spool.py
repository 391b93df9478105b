"""Uploaded recordings between arrival and decoding: sealed on disk, the key only in this process's memory.

A file is AES-256-GCM segments of 1 MiB under a key that is made for this upload and never written; the segment's number
is the nonce and is never used twice under a key. When the engine ends or crashes, what is left is unreadable for ever.
"""

from __future__ import annotations

import fcntl
import io
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from transcription.engine.config import MAX_BYTES
from transcription.engine.errors import EngineError

SEGMENT = 1024 * 1024
TAG = 16
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Spooled:
    """A sealed upload: where it lies, its key, its size in bytes in clear."""

    path: Path
    key: bytes = field(repr=False)
    size: int


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


class SpoolWriter:
    """Takes an upload piece by piece. `close` gives the `Spooled`; `abandon` leaves nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{secrets.token_hex(16)}.sealed"
        self._key = AESGCM.generate_key(bit_length=256)
        self._cipher = AESGCM(self._key)
        self._file = self._path.open("xb")
        self._path.chmod(0o600)
        self._pending = bytearray()
        self._segments = 0
        self.size = 0

    def write(self, piece: bytes) -> None:
        """Seal what fills a segment. Raises `EngineError` `too_large`."""
        self.size += len(piece)
        if self.size > MAX_BYTES:
            raise EngineError(
                "too_large",
                f"The recording is larger than {MAX_BYTES // 1024**3} GB, the most that can be taken. "
                "Save it in a compressed form (M4A or Opus) or in parts.",
                status=413,
            )
        self._pending += piece
        while len(self._pending) >= SEGMENT:
            self._seal(SEGMENT)

    def _seal(self, length: int) -> None:
        clear = bytes(self._pending[:length])
        del self._pending[:length]
        self._file.write(self._cipher.encrypt(_nonce(self._segments), clear, None))
        self._segments += 1

    def close(self) -> Spooled:
        if self._pending:
            self._seal(len(self._pending))
        self._file.close()
        return Spooled(self._path, self._key, self.size)

    def abandon(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


class SpoolReader(io.RawIOBase):
    """A seekable reader of a sealed upload; opens one segment at a time. Raises `OSError` for a changed file."""

    def __init__(self, spooled: Spooled) -> None:
        super().__init__()
        self._spooled = spooled
        self._cipher = AESGCM(spooled.key)
        self._file = spooled.path.open("rb")
        self._position = 0
        self._cached: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._spooled.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        number, within = divmod(self._position, SEGMENT)
        if self._position >= self._spooled.size:
            return 0
        if self._cached[0] != number:
            self._file.seek(number * (SEGMENT + TAG))
            sealed = self._file.read(min(SEGMENT, self._spooled.size - number * SEGMENT) + TAG)
            try:
                self._cached = (number, self._cipher.decrypt(_nonce(number), sealed, None))
            except InvalidTag as error:
                raise OSError("the sealed upload was changed on disk") from error
        piece = self._cached[1][within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._cached = (-1, b"")
        super().close()


class SpoolFolder:
    """This engine's own folder of uploads below the configured one, locked while the engine lives.

    Opening it removes the folders of engines that are gone (their keys went with them) and leaves those that live.
    """

    def __init__(self, below: Path) -> None:
        below.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.removed = sum(_remove_if_left(folder) for folder in below.iterdir() if folder.is_dir())
        self.path = below / secrets.token_hex(8)
        self.path.mkdir(mode=0o700)
        self._lock = (self.path / _LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _remove_if_left(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
            return True
    except OSError:
        return False  # its engine lives, or another one removes it just now
