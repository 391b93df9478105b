"""Erasing a whole matter: its vault's key is destroyed, and with it every copy, backups included.

Three steps that may be repeated: the request is recorded and the matter closed; the key is destroyed; what is left of
it is emptied. ``finish_pending`` takes up what a killed process did not end.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from portal.errors import PortalError
from vault import objects, secrets
from vault.errors import KeyUnknown, OnHold
from vault.keystore import key_store
from vault.models import Erasure, Grant, LegalHold, Matter, StoredObject, Vault, VaultSecret

_BATCH: Final = 20


def erase_matter(*, actor: Actor, matter: Matter) -> Erasure:
    """Erases the matter with everything in its vault; there is no way back. Repeating it changes nothing.

    Raises OnHold (recorded as a refusal). Raises KeyStoreDown or StorageDown after the matter was closed: the erasure
    then stays ``scheduled`` and is finished by ``finish_pending``.
    """
    place = Target("matter", matter.id, matter.id)
    if LegalHold.objects.filter(matter=matter, released_at=None).exists():
        audit.refuse(
            "vault:matter:erasure_refused",
            organization_id=matter.organization_id,
            actor=actor,
            target=place,
            reason="on_hold",
        )
        raise OnHold
    with transaction.atomic():
        row = Matter.objects.select_for_update().get(pk=matter.pk)
        erasure = Erasure.objects.filter(scope=Erasure.Scope.VAULT, target_id=row.vault_id).first()
        if erasure is None:
            if LegalHold.objects.filter(matter=row, released_at=None).exists():
                raise OnHold
            Matter.objects.filter(pk=row.pk).update(erased_at=timezone.now())
            Grant.objects.filter(object__vault=row.vault_id, revoked_at=None).update(revoked_at=timezone.now())
            erasure = Erasure.objects.create(
                organization_id=row.organization_id,
                scope=Erasure.Scope.VAULT,
                target_id=row.vault_id,
                matter_id=row.id,
                requested_by=actor.id,
            )
            count = StoredObject.objects.filter(vault=row.vault_id).count()
            audit.record(
                "vault:matter:erased",
                organization_id=row.organization_id,
                actor=actor,
                target=place,
                objects=count,
                certificate=erasure.id,
            )
    return erasure if erasure.state == "done" else _finish(erasure)


def finish_pending() -> int:
    """Ends erasures that were begun; how many. Those whose key store or storage is down stay for the next time."""
    done = 0
    for erasure in Erasure.objects.filter(scope=Erasure.Scope.VAULT, state="scheduled")[:_BATCH]:
        try:
            _finish(erasure)
        except PortalError as error:
            if not error.retryable:
                raise
            continue
        done += 1
    return done


def _finish(erasure: Erasure) -> Erasure:
    vault = Vault.objects.get(pk=erasure.target_id)
    try:
        key_store(vault.key_store).destroy(vault.key_id)
    except KeyUnknown:
        # No key and no record of one: nothing opens the vault, which is what was asked for.
        if key_store(vault.key_store).exists(vault.key_id):
            raise
    secrets.forget(vault.id)
    stored = StoredObject.objects.filter(vault=vault).exclude(state=StoredObject.State.ERASED)
    count, size = 0, 0
    now = timezone.now()
    for obj in stored.select_related("vault").iterator():
        objects.delete_bytes(obj)
        count, size = count + 1, size + obj.plain_size
        StoredObject.objects.filter(pk=obj.pk).update(
            state=StoredObject.State.ERASED,
            erased_at=now,
            wrapped_data_key=b"",
            manifest_sealed=b"",
            file_name_sealed=b"",
            metadata_sealed=b"",
        )
    with transaction.atomic():
        VaultSecret.objects.filter(vault=vault).update(wrapped=b"", retired_at=now)
        Vault.objects.filter(pk=vault.pk).update(destroyed_at=now)
        certificate = {
            "objects": count,
            "bytes": size,
            "key_store": vault.key_store,
            "key_id": vault.key_id,
            "key": "destroyed",
            "backups": "unreadable from now on: their key is gone",
        }
        Erasure.objects.filter(pk=erasure.pk).update(state="done", done_at=now, certificate=certificate)
    erasure.refresh_from_db()
    return erasure
