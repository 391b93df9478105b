"""A new secret changes no stored byte; a destroyed one leaves nothing that opens."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from portal.accounts.rights import Role
from vault import erasing, matters, objects, rotation, secrets
from vault.errors import KeyDestroyed, KeyStoreDown, OnHold
from vault.keystore import key_store
from vault.keystore.local import LocalKeyStore
from vault.models import Erasure, LegalHold, Matter, StoredObject, VaultSecret

pytestmark = pytest.mark.django_db


@pytest.fixture
def privacy_officer(paralegal: Member, make_member: Callable[..., Member]) -> Member:
    return make_member(paralegal.organization, Role.PRIVACY_OFFICER)


def files(matter: Matter) -> dict[str, bytes]:
    folder = Path(settings.DATA_DIR) / "objects" / "local" / str(matter.vault_id)
    return {str(path): path.read_bytes() for path in folder.rglob("*.part")}


def test_rotation_touches_no_stored_byte_and_everything_still_opens(
    put: Callable[..., StoredObject], matter: Matter, actor: Actor
) -> None:
    before = [put(f"recording {n}".encode()) for n in range(3)]
    stored = files(matter)
    assert rotation.rotate(actor=actor, vault=matter.vault) == 2
    after = put(b"after")
    assert after.key_version == 2
    for n, obj in enumerate(before):
        old = bytes(obj.wrapped_data_key)
        obj.refresh_from_db()
        assert (obj.key_version, bytes(obj.wrapped_data_key) != old) == (2, True)
        assert objects.get_bytes(obj) == f"recording {n}".encode()
        assert obj.file_name == "Whitfield day 1.wav"
    assert {name: data for name, data in files(matter).items() if name in stored} == stored
    assert AuditEvent.objects.get(type="vault:key:rotated").facts == {"version": 2}
    matter.refresh_from_db()
    assert matter.title == "Whitfield v. Harbor Logistics"
    matter.title = "Whitfield v. Harbor"
    matter.save()
    assert Matter.objects.get(pk=matter.pk).title == "Whitfield v. Harbor"


def test_rotation_can_be_interrupted_and_repeated(
    put: Callable[..., StoredObject], matter: Matter, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [put(b"x") for _ in range(3)]
    real, calls = rotation.wrap_data_key, []

    def failing(*args: object, **more: object) -> bytes:
        calls.append(1)
        if len(calls) == 2:
            raise KeyStoreDown
        return real(*args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(rotation, "wrap_data_key", failing)
        with pytest.raises(KeyStoreDown):
            rotation.rotate(actor=actor, vault=matter.vault)
    for obj in made:
        obj.refresh_from_db()
        assert objects.get_bytes(obj) == b"x"
    assert rotation.rewrap(matter.vault) == 2
    assert rotation.rewrap(matter.vault) == 0


def test_an_erasure_during_rotation_is_not_undone(
    put: Callable[..., StoredObject], matter: Matter, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    obj, real = put(b"x"), rotation.wrap_data_key

    def erasing(*args: object, **more: object) -> bytes:
        objects.erase(actor=actor, obj=obj)
        return real(*args, **more)

    monkeypatch.setattr(rotation, "wrap_data_key", erasing)
    rotation.rotate(actor=actor, vault=matter.vault)
    obj.refresh_from_db()
    assert (obj.state, bytes(obj.wrapped_data_key)) == ("erased", b"")


def test_a_wrapped_secret_of_another_vault_does_not_open(matter: Matter, paralegal: Member, actor: Actor) -> None:
    other = matters.create(actor=actor, member=paralegal, kind="legal", title="Other")
    blob = VaultSecret.objects.get(vault=other.vault).wrapped
    VaultSecret.objects.filter(vault=matter.vault).update(wrapped=blob)
    secrets.forget()
    with pytest.raises(Exception, match="does not open"):
        secrets.current(matter.vault)


def test_erasing_a_matter_leaves_nothing_that_opens(
    put: Callable[..., StoredObject], privacy_officer: Member, matter: Matter, actor: Actor
) -> None:
    obj = put(b"recording")
    backup = StoredObject.objects.filter(pk=obj.pk).values().get()
    secret = VaultSecret.objects.get(vault=matter.vault).wrapped
    part = files(matter)
    done = erasing.finish(erasing.request(actor=actor, member=privacy_officer, matter=matter).id)
    assert (done.state, done.backups_until) == ("done", None)
    assert files(matter) == {}
    assert not matters.visible_to(Member.objects.get(pk=actor.id)).exists()
    # A restored content backup: rows, secret and bytes come back, the key does not.
    StoredObject.objects.filter(pk=obj.pk).update(**{k: v for k, v in backup.items() if k != "id"})
    VaultSecret.objects.filter(vault=matter.vault).update(wrapped=secret)
    for name, data in part.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(data)
    secrets.forget()
    obj.refresh_from_db()
    with pytest.raises(KeyDestroyed):
        objects.get_bytes(obj)
    with pytest.raises(KeyDestroyed):
        _ = Matter.objects.get(pk=matter.pk).title


def test_a_key_store_that_is_down_leaves_the_erasure_for_later(
    put: Callable[..., StoredObject], privacy_officer: Member, matter: Matter, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(b"recording")

    def down(self: LocalKeyStore, key_id: str) -> None:
        raise KeyStoreDown

    with monkeypatch.context() as patched:
        patched.setattr(LocalKeyStore, "destroy", down)
        requested = erasing.request(actor=actor, member=privacy_officer, matter=matter)
        with pytest.raises(KeyStoreDown):
            erasing.finish(requested.id)
    assert Erasure.objects.get().state == "scheduled"
    assert not matters.visible_to(Member.objects.get(pk=actor.id)).exists()
    assert erasing.finish_requested() == 1
    assert erasing.finish_requested() == 0
    assert not key_store().exists(matter.vault.key_id)
    assert erasing.request(actor=actor, member=privacy_officer, matter=matter).state == "done"
    assert AuditEvent.objects.filter(type="vault:matter:erased").count() == 1


def test_a_held_matter_is_not_erased_and_the_refusal_is_recorded(
    privacy_officer: Member, matter: Matter, actor: Actor, paralegal: Member
) -> None:
    LegalHold.objects.create(matter=matter, placed_by=paralegal)
    with pytest.raises(OnHold):
        erasing.request(actor=actor, member=privacy_officer, matter=matter)
    assert AuditEvent.objects.get(type="vault:matter:erasure_refused").facts == {"reason": "legal_hold"}
    assert key_store().exists(matter.vault.key_id)
