"""What every storage of parts promises, tried on files and on an S3 interface (moto's, in this process)."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from django.core.files.storage import storages
from moto import mock_aws

from compliance.audit import Actor
from vault import objects, parts
from vault.backends.base import PartStorage
from vault.backends.local import LocalParts
from vault.backends.s3 import UPLOAD_PART, S3Parts
from vault.errors import PartMissing, StorageDown, StorageFull
from vault.models import Matter
from vault.storage import part_storage

DATA = os.urandom(UPLOAD_PART + 12_345)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Parts]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="sealed")
        yield S3Parts(bucket_name="sealed", location="vaults", region_name="us-east-1", default_acl=None)


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> PartStorage:
    if request.param == "local":
        return LocalParts(location=str(tmp_path / "objects"))
    return request.getfixturevalue("s3")


@pytest.fixture
def name() -> str:
    return f"{uuid4()}/{uuid4()}/{uuid4()}.part"


def write(storage: PartStorage, name: str, data: bytes, step: int = 1_000_003) -> None:
    writer = storage.write_part(name)
    for start in range(0, len(data), step):
        writer.write(data[start : start + step])
    writer.close()


@pytest.mark.parametrize("length", [0, 1, UPLOAD_PART, len(DATA)])
def test_what_was_written_can_be_read_in_any_range(storage: PartStorage, name: str, length: int) -> None:
    write(storage, name, DATA[:length])
    for start, count in ((0, 10), (0, length), (5, 0), (max(0, length - 3), 100), (length, 5), (length + 99, 5)):
        assert storage.read_range(name, start, count) == DATA[:length][start : start + count]


def test_a_part_that_is_not_there_is_missing_not_empty(storage: PartStorage, name: str) -> None:
    with pytest.raises(PartMissing):
        storage.read_range(name, 0, 10)
    storage.delete_part(name)


@pytest.mark.parametrize("length", [10, len(DATA)])
def test_an_aborted_part_leaves_nothing_at_any_moment(storage: PartStorage, name: str, length: int) -> None:
    writer = storage.write_part(name)
    writer.write(DATA[:length])
    writer.abort()
    writer.abort()
    with pytest.raises(PartMissing):
        storage.read_range(name, 0, 10)
    other = name.replace(".part", "2.part")
    writer = storage.write_part(other)
    writer.write(DATA[:length])
    writer.close()
    writer.abort()
    with pytest.raises(PartMissing):
        storage.read_range(other, 0, 10)


def test_a_deleted_part_is_gone_and_its_neighbours_stay(storage: PartStorage, name: str) -> None:
    neighbour = f"{name.rpartition('/')[0]}/neighbour.part"
    for each in (name, neighbour):
        write(storage, each, b"sealed")
    storage.delete_part(name)
    storage.delete_part(name)
    with pytest.raises(PartMissing):
        storage.read_range(name, 0, 1)
    assert storage.read_range(neighbour, 0, 99) == b"sealed"


def test_health_is_said(storage: PartStorage, name: str) -> None:
    storage.health()


def test_a_bucket_that_is_not_there_is_down(s3: S3Parts) -> None:
    missing = S3Parts(bucket_name="another", region_name="us-east-1", default_acl=None)
    with pytest.raises((StorageDown, PartMissing)):
        missing.health()
    writer = missing.write_part("a/b/c.part")
    writer.write(b"x")
    with pytest.raises((StorageDown, PartMissing)) as error:
        writer.close()
    assert "another" not in str(error.value)


def test_a_killed_s3_writer_leaves_no_object(s3: S3Parts, name: str) -> None:
    s3.write_part(name).write(DATA)
    with pytest.raises(PartMissing):
        s3.read_range(name, 0, 1)


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    storage = LocalParts(location=str(tmp_path / "objects"))
    for bad in ("../outside.part", "/etc/passwd", "a/../../outside.part"):
        with pytest.raises(Exception, match="outside"):
            storage.write_part(bad)


def test_a_full_disk_is_said_as_such(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalParts(location=str(tmp_path / "objects"))
    writer = storage.write_part(name)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageFull) as error:
        writer.write(b"x")
    assert (error.value.status, str(tmp_path) in str(error.value)) == (507, False)
    monkeypatch.undo()
    writer.abort()


def test_a_part_is_never_written_over(tmp_path: Path, name: str) -> None:
    storage = LocalParts(location=str(tmp_path / "objects"))
    write(storage, name, b"first")
    with pytest.raises(StorageDown):
        storage.write_part(name)
    assert storage.read_range(name, 0, 9) == b"first"


@pytest.mark.django_db
def test_objects_live_in_s3_as_they_do_in_files(
    s3: S3Parts, matter: Matter, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(storages._storages, "vault-local", s3)
    assert part_storage("local") is s3
    put: Callable[..., object] = objects.put_bytes
    obj = put(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav", data=DATA)
    assert objects.get_bytes(obj) == DATA
    assert b"".join(objects.open_range(obj, UPLOAD_PART - 5, 10)) == DATA[UPLOAD_PART - 5 : UPLOAD_PART + 5]
    assert all(DATA[:64] not in item.get()["Body"].read() for item in s3.bucket.objects.all())
    # A writer that was killed: nothing to close, the part is forgotten.
    other = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    parts.begin(other).write(DATA)
    assert parts.settle(other.parts.get()) is None
    objects.erase(actor=actor, obj=obj)
    assert list(s3.bucket.objects.all()) == []


def test_a_region_without_storage_is_refused() -> None:
    with pytest.raises(StorageDown):
        part_storage("nowhere")
