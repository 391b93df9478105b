"""What goes into the vault comes out again, to the right people only, and is gone when it is erased."""

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from vault import objects, parts, secrets
from vault.envelope import SealBroken
from vault.errors import (
    AlreadyStored,
    BadContentType,
    BadFileName,
    KeyDestroyed,
    NotStored,
    OnHold,
    PartForgotten,
    SizeMismatch,
    StorageDown,
    TooLarge,
)
from vault.keystore import key_store
from vault.models import LegalHold, Matter, ObjectPart, StoredObject

pytestmark = pytest.mark.django_db
SEGMENT = 2**20
RECORDING = hashlib.shake_256(b"recording").digest(2 * SEGMENT + 777)


def files(obj: StoredObject) -> list[Path]:
    return sorted((Path(settings.DATA_DIR) / "objects" / "local" / str(obj.vault_id) / str(obj.id)).glob("*"))


def events(obj: StoredObject) -> list[str]:
    return list(AuditEvent.objects.filter(target_id=str(obj.id)).order_by("at").values_list("type", flat=True))


@pytest.mark.parametrize("length", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT + 777])
def test_what_was_put_comes_back(put: Callable[..., StoredObject], length: int) -> None:
    obj = put(RECORDING[:length])
    assert objects.get_bytes(obj) == RECORDING[:length]
    assert objects.sha256(obj) == hashlib.sha256(RECORDING[:length]).hexdigest()
    assert (obj.state, obj.plain_size) == ("stored", length)
    objects.opener(obj).verify()


def test_any_range_is_the_slice(put: Callable[..., StoredObject]) -> None:
    obj = put(RECORDING)
    for start, length in ((0, 1), (SEGMENT - 3, 7), (2 * SEGMENT, 777), (5, 2 * SEGMENT), (2 * SEGMENT + 777, 0)):
        assert b"".join(objects.open_range(obj, start, length)) == RECORDING[start : start + length]
    with pytest.raises(ValueError):
        objects.open_range(obj, 0, len(RECORDING) + 1)


def test_a_decoder_can_seek_in_it_as_in_a_file(put: Callable[..., StoredObject]) -> None:
    plain, ours = io.BytesIO(RECORDING), io.BufferedReader(objects.PlainReader(put(RECORDING)))
    for offset, whence, count in ((10, 0, 5), (-9, 2, 20), (SEGMENT - 2, 0, 9), (-3, 1, SEGMENT), (0, 0, -1)):
        assert plain.seek(offset, whence) == ours.seek(offset, whence)
        assert plain.read(count) == ours.read(count)
        assert plain.tell() == ours.tell()


def test_neither_the_database_nor_the_files_hold_what_was_stored(put: Callable[..., StoredObject]) -> None:
    text = b"The witness Marta Whitfield was born on the third of March." * 400
    obj = put(text, metadata={"note": "Whitfield"})
    (file,) = files(obj)
    assert b"Whitfield" not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o077 == 0
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if not table.startswith("vault_"):
                continue
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - a table of ours
            for row in cursor.fetchall():
                joined = b"|".join(v if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
                assert b"Whitfield" not in joined, table
                assert hashlib.sha256(text).hexdigest().encode() not in joined, table
    assert obj.file_name == "Whitfield day 1.wav"


def test_every_act_has_its_event(put: Callable[..., StoredObject], actor: Actor) -> None:
    obj = put(b"abc")
    objects.record_read(actor=actor, obj=obj)
    objects.record_read(actor=actor, obj=obj)
    objects.erase(actor=actor, obj=obj)
    assert events(obj) == ["vault:object:created", "vault:object:stored", "vault:object:read", "vault:object:erased"]


def test_an_altered_or_truncated_file_is_refused(put: Callable[..., StoredObject]) -> None:
    obj = put(RECORDING)
    (file,) = files(obj)
    good = file.read_bytes()
    file.write_bytes(good[:100] + bytes((good[100] ^ 1,)) + good[101:])
    with pytest.raises(SealBroken):
        objects.get_bytes(obj)
    file.write_bytes(good[:-1])
    with pytest.raises(SealBroken):
        objects.get_bytes(obj)
    # Another segment is untouched and opens: a range reads only what it needs.
    assert b"".join(objects.open_range(obj, 10, 5)) == RECORDING[10:15]


def test_bytes_of_another_object_in_its_place_are_refused(put: Callable[..., StoredObject]) -> None:
    one, two = put(RECORDING), put(RECORDING)
    files(one)[0].write_bytes(files(two)[0].read_bytes())
    with pytest.raises(SealBroken):
        objects.get_bytes(one)


def test_a_wrapped_key_moved_to_another_object_is_refused(put: Callable[..., StoredObject]) -> None:
    one, two = put(b"one"), put(b"two")
    StoredObject.objects.filter(pk=one.pk).update(wrapped_data_key=bytes(two.wrapped_data_key))
    one.refresh_from_db()
    with pytest.raises(SealBroken):
        objects.get_bytes(one)


def test_a_later_attempt_takes_the_place_of_a_stopped_one(matter: Matter, actor: Actor) -> None:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    first = parts.begin(obj)
    first.write(RECORDING)
    second = parts.begin(obj)
    second.write(b"second")
    objects.commit_part(actor=actor, obj=obj, receiver=second, info=objects.seal_part(obj, second))
    with pytest.raises(AlreadyStored):
        objects.commit_part(actor=actor, obj=obj, receiver=first, info=objects.seal_part(obj, first))
    first.abandon()
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == b"second"
    assert len(files(obj)) == 1


def test_a_stopped_attempt_cannot_close_its_part_any_more(matter: Matter, actor: Actor) -> None:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    first = parts.begin(obj)
    parts.begin(obj)
    with pytest.raises(PartForgotten):
        objects.commit_part(actor=actor, obj=obj, receiver=first, info=objects.seal_part(obj, first))


def test_an_object_of_several_parts_is_committed_in_the_order_given(matter: Matter, actor: Actor) -> None:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    for number, data in ((2, RECORDING[SEGMENT + 5 :]), (1, RECORDING[: SEGMENT + 5]), (3, b"left out")):
        receiver = parts.begin(obj, number=number)
        receiver.write(data)
        receiver.close(receiver.seal())
    with pytest.raises(NotStored):
        objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2, 4])
    objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == RECORDING
    assert objects.sha256(obj) == hashlib.sha256(RECORDING).hexdigest()
    with pytest.raises(AlreadyStored):
        objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])


def test_another_size_than_announced_stores_nothing(matter: Matter, actor: Actor) -> None:
    obj = objects.create(
        actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav", expected_size=10
    )  # fmt: skip
    receiver = parts.begin(obj, limit=10)
    with pytest.raises(TooLarge):
        receiver.write(b"eleven byte")
    receiver.write(b"nine byte")
    with pytest.raises(SizeMismatch):
        objects.seal_part(obj, receiver)
    receiver.abandon()
    obj.refresh_from_db()
    assert (obj.state, files(obj)) == ("receiving", [])
    with pytest.raises(TooLarge):
        objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="a/b", expected_size=2**40)


def test_what_a_killed_writer_left_is_closed_or_forgotten(matter: Matter, actor: Actor) -> None:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    receiver = parts.begin(obj)
    receiver.write(RECORDING)
    (file,) = files(obj)
    with file.open("ab") as handle:
        handle.write(os.urandom(1000))  # a torn segment
    row = parts.settle(ObjectPart.objects.get(object=obj))
    assert row is not None
    assert (row.state, row.cut, row.plain_size) == ("closed", True, 2 * SEGMENT)
    rest = parts.begin(obj, number=2)
    rest.write(RECORDING[row.plain_size :])
    rest.close(rest.seal())
    objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == RECORDING
    objects.opener(obj).verify()

    other = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    parts.begin(other).write(b"less than a segment")
    assert parts.settle(ObjectPart.objects.get(object=other)) is None
    assert files(other) == []


def test_erasing_destroys_key_and_bytes_and_says_until_when_backups_open_it(
    put: Callable[..., StoredObject], actor: Actor
) -> None:
    obj = put(RECORDING)
    erasure = objects.erase(actor=actor, obj=obj)
    assert objects.erase(actor=actor, obj=obj).pk == erasure.pk
    obj.refresh_from_db()
    assert (obj.state, bytes(obj.wrapped_data_key), bytes(obj.manifest_sealed), obj.file_name) == ("erased", b"", b"", "")
    assert files(obj) == []
    assert (erasure.backups_until - erasure.done_at.date()).days == settings.BACKUP_DAYS
    with pytest.raises(NotStored):
        objects.get_bytes(obj)


def test_a_hold_keeps_what_it_names(put: Callable[..., StoredObject], actor: Actor, matter: Matter, paralegal: Member) -> None:
    held, free = put(b"held"), put(b"free")
    hold = LegalHold.objects.create(matter=matter, object_id=held.id, placed_by=paralegal)
    objects.erase(actor=actor, obj=free)
    with pytest.raises(OnHold):
        objects.erase(actor=actor, obj=held)
    assert objects.get_bytes(held) == b"held"
    LegalHold.objects.filter(pk=hold.pk).update(object_id=None)
    with pytest.raises(OnHold):
        objects.erase(actor=actor, obj=held)


def test_bytes_that_a_killed_eraser_left_are_deleted_later(
    put: Callable[..., StoredObject], actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = put(b"abc")

    def down(_: StoredObject) -> None:
        raise StorageDown

    with monkeypatch.context() as patched:
        patched.setattr(objects, "delete_bytes", down)
        with pytest.raises(StorageDown):
            objects.erase(actor=actor, obj=obj)
    assert len(files(obj)) == 1
    assert objects.delete_leftovers(10) == 1
    assert files(obj) == []
    assert objects.delete_leftovers(10) == 0


def test_a_destroyed_vault_key_makes_every_copy_unreadable(put: Callable[..., StoredObject], matter: Matter) -> None:
    obj = put(b"abc")
    key_store().destroy(matter.vault.key_id)
    secrets.forget()
    with pytest.raises(KeyDestroyed):
        objects.get_bytes(obj)


def test_a_storage_that_is_down_is_said_and_leaves_nothing(
    put: Callable[..., StoredObject], matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vault.backends.local import LocalParts

    def down(self: object, name: str) -> None:
        raise StorageDown

    monkeypatch.setattr(LocalParts, "write_part", down)
    with pytest.raises(StorageDown) as error:
        put(b"abc")
    assert error.value.retryable
    assert StoredObject.objects.get(vault=matter.vault).state == "failed"


@pytest.mark.parametrize(
    "bad",
    ["", "wav", "audio/", "/wav", "audio/wav\r\nX-Evil: 1", "audio/wav; charset=x", "audio/ä", f"audio/{'x' * 100}", "a b/c"],
)
def test_what_is_no_media_type_is_refused(put: Callable[..., StoredObject], bad: str) -> None:
    with pytest.raises(BadContentType):
        put(b"x", content_type=bad)


def test_a_file_name_that_cannot_be_kept_is_refused_and_others_are_kept_as_typed(
    put: Callable[..., StoredObject],
) -> None:
    for bad in ("x" * 256, "a\nb.wav", "a\x00b"):
        with pytest.raises(BadFileName):
            put(b"x", file_name=bad)
    for good in ("", "Zoë & Müller – Tag 1.wav", "x" * 255, "../../etc/passwd", "<script>.wav"):
        assert put(b"x", file_name=good).file_name == good


def two_parts(matter: Matter, actor: Actor) -> StoredObject:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    for number, data in ((1, RECORDING[:10]), (2, RECORDING[10:])):
        receiver = parts.begin(obj, number=number)
        receiver.write(data)
        receiver.close(receiver.seal())
    return obj


def test_a_commit_that_was_killed_while_checking_can_be_repeated(matter: Matter, actor: Actor) -> None:
    obj = two_parts(matter, actor)
    StoredObject.objects.filter(pk=obj.pk).update(state="checking")
    objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == RECORDING
    assert events(obj).count("vault:object:stored") == 1


def test_a_part_sent_again_while_its_object_is_checked_is_not_committed_half(
    matter: Matter, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj = two_parts(matter, actor)
    real = objects._sum_of

    def meanwhile(*args: object) -> str:
        total = real(*args)
        ObjectPart.objects.filter(object=obj, number=2).update(state="forgotten")
        return total

    with monkeypatch.context() as patched:
        patched.setattr(objects, "_sum_of", meanwhile)
        with pytest.raises(PartForgotten):
            objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])
    obj.refresh_from_db()
    assert (obj.state, bytes(obj.manifest_sealed)) == ("receiving", b"")
