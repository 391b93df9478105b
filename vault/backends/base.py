"""What a place for sealed parts must do. Only ciphertext ever passes here."""

from typing import Protocol


class PartWriter(Protocol):
    """Takes one part's stored bytes in order. Raises vault.errors.StorageDown."""

    def write(self, data: bytes) -> None:
        """Appends ``data``."""

    def close(self) -> None:
        """Returns when all that was written survives a power cut; only then does the part exist."""

    def abort(self) -> None:
        """Drops what was written. May be called at any time, also after a failure."""


class PartStorage(Protocol):
    """One region's storage: a Django Storage (settings.STORAGES["vault-<region>"]) that also does these.

    Every method raises vault.errors.StorageDown when the storage does not answer.
    """

    def write_part(self, name: str) -> PartWriter:
        """Begins a part under a new name."""

    def read_range(self, name: str, start: int, count: int) -> bytes:
        """``count`` stored bytes from ``start``; fewer only where the part ends. Raises PartMissing."""

    def cut_part(self, name: str, length: int) -> None:
        """Drops what lies behind ``length`` bytes of a part whose writer was killed. Raises PartMissing."""

    def delete_part(self, name: str) -> None:
        """Deletes the part; nothing changes where there is none."""

    def health(self) -> None:
        """Returns when parts can be written; raises StorageDown when not."""
