"""Parts as files on this machine, behind Django's storage interface."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import FileSystemStorage
from django.utils._os import safe_makedirs
from django.utils.deconstruct import deconstructible

from vault.errors import PartMissing, StorageDown, StorageFull


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """Errors of the file system name paths; what people get does not."""
    try:
        yield
    except FileNotFoundError:
        raise PartMissing from None
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull from None
        raise StorageDown from None


_FULL = {errno.ENOSPC, errno.EDQUOT}


class LocalPartWriter:
    """Writes one file; it is durable, with its directory entry, when close returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with _answering():
            safe_makedirs(str(path.parent), 0o700, exist_ok=True)
            self._descriptor: int | None = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def write(self, data: bytes) -> None:
        if self._descriptor is None:
            raise ValueError("this part is closed")
        view = memoryview(data)
        with _answering():
            while view:
                view = view[os.write(self._descriptor, view) :]

    def close(self) -> None:
        if self._descriptor is None:
            raise ValueError("this part is closed")
        with _answering():
            os.fsync(self._descriptor)
            self._release()
            _sync_directory(self._path.parent)

    def abort(self) -> None:
        with _answering():
            self._release()
            self._path.unlink(missing_ok=True)

    def _release(self) -> None:
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            os.close(descriptor)


@deconstructible
class LocalParts(FileSystemStorage):
    """PartStorage in a directory (0700, files 0600)."""

    def write_part(self, name: str) -> LocalPartWriter:
        return LocalPartWriter(Path(self.path(name)))

    def read_range(self, name: str, start: int, count: int) -> bytes:
        with _answering():
            descriptor = os.open(self.path(name), os.O_RDONLY)
            try:
                return os.pread(descriptor, count, start)
            finally:
                os.close(descriptor)

    def cut_part(self, name: str, length: int) -> None:
        with _answering():
            descriptor = os.open(self.path(name), os.O_WRONLY)
            try:
                os.ftruncate(descriptor, length)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def delete_part(self, name: str) -> None:
        path = Path(self.path(name))
        with _answering():
            path.unlink(missing_ok=True)
            # The folder of the last part of an object goes with it; others' parts keep theirs.
            with contextlib.suppress(OSError):
                path.parent.rmdir()

    def health(self) -> None:
        with _answering():
            folder = Path(self.location)
            safe_makedirs(str(folder), 0o700, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise StorageDown


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
