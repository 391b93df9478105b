"""Which storage holds a vault's parts: the one of its region."""

from typing import cast
from uuid import UUID, uuid4

from django.core.files.storage import InvalidStorageError, storages

from vault.backends.base import PartStorage
from vault.errors import StorageDown


def part_storage(region: str) -> PartStorage:
    """The storage of a region (settings.STORAGES["vault-<region>"]). Raises StorageDown when it is not set up."""
    try:
        return cast(PartStorage, storages[f"vault-{region}"])
    except InvalidStorageError:
        raise StorageDown("The storage of this region is not set up.", region=region) from None


def new_part_name(vault_id: UUID, object_id: UUID) -> str:
    """A name that was never used before: bytes of a forgotten part are never taken for those of a later one."""
    return f"{vault_id}/{object_id}/{uuid4()}.part"
