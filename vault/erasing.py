"""Erasing a matter: its vault's key is destroyed, and with it everything that was ever sealed under it.

Two steps, so that a crash between them leaves nothing half done: the request (a row of the ledger; from then on nobody
sees the matter) commits first, then the key is destroyed; ``finish_requested`` goes on where a process was killed.
"""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from vault import matters, objects, secrets
from vault.errors import KeyUnknown, OnHold
from vault.keystore import key_store
from vault.models import Erasure, Grant, Matter, StoredObject, Vault

# Objects whose bytes are deleted in one go of the sweeper; the key is gone long before.
_BYTES_BATCH: Final = 200


def request(*, actor: Actor, member: Member, matter: Matter) -> Erasure:
    """Requests the erasure of everything in the matter; the ledger's row. Idempotent.

    Raises Refused, and OnHold while a legal hold is open; both are recorded.
    """
    target = Target("matter", matter.id, matter.id)
    matters.require(actor, member, Action.DELETE, Kind.MATTER, target)
    with transaction.atomic():
        row = Matter.objects.select_for_update().select_related("vault").get(pk=matter.pk)
        held = row.holds.filter(released_at=None).exists()
        if not held and row.erased_at is not None:
            return Erasure.objects.get(scope=Erasure.Scope.VAULT, target_id=row.vault_id)
        if not held:
            now = timezone.now()
            row.erased_at = row.closed_at = now
            row.save(update_fields=["erased_at", "closed_at"])
            Grant.objects.filter(object__vault=row.vault, revoked_at=None).update(revoked_at=now)
            erasure = Erasure.objects.create(
                organization_id=row.organization_id,
                scope=Erasure.Scope.VAULT,
                target_id=row.vault_id,
                matter_id=row.id,
                requested_by=actor.id,
            )
            audit.record(
                "vault:matter:erasure_requested",
                organization_id=row.organization_id,
                actor=actor,
                target=target,
                certificate=erasure.id,
            )
            return erasure
    audit.refuse(
        "vault:matter:erasure_refused",
        organization_id=matter.organization_id,
        actor=actor,
        target=target,
        reason="legal_hold",
    )
    raise OnHold


def finish(erasure_id: UUID, actor: Actor = SYSTEM) -> Erasure:
    """Destroys the key of a requested erasure and writes the certificate. May be repeated. Raises KeyStoreDown."""
    erasure = Erasure.objects.get(pk=erasure_id, scope=Erasure.Scope.VAULT)
    vault = Vault.objects.get(pk=erasure.target_id)
    if erasure.state != "done":
        store = key_store(vault.key_store)
        try:
            store.destroy(vault.key_id)
        except KeyUnknown:
            # No key and no record of its destruction: nothing opens the vault, which is what was asked for.
            if store.exists(vault.key_id):
                raise
        secrets.forget(vault.id)
        erasure = _certify(erasure, vault, actor)
    objects.delete_leftovers(_BYTES_BATCH)
    return erasure


def finish_requested(limit: int = 10) -> int:
    """Finishes erasures that were requested and not carried out (a process was killed); how many."""
    open_rows = Erasure.objects.filter(scope=Erasure.Scope.VAULT, state="scheduled").order_by("requested_at")
    found = list(open_rows.values_list("id", flat=True)[:limit])
    for erasure_id in found:
        finish(erasure_id)
    return len(found)


def _certify(erasure: Erasure, vault: Vault, actor: Actor) -> Erasure:
    with transaction.atomic():
        row = Erasure.objects.select_for_update().get(pk=erasure.pk)
        if row.state == "done":
            return row
        now = timezone.now()
        stored = StoredObject.objects.filter(vault=vault).exclude(state=StoredObject.State.ERASED)
        figures = {"objects": stored.count(), "bytes": stored.aggregate(sum=Sum("cipher_size"))["sum"] or 0}
        Vault.objects.filter(pk=vault.pk).update(destroyed_at=now)
        # Emptied besides: what lies in the table is of no use to anybody, and this way it shows.
        vault.secrets.update(wrapped=b"", retired_at=now)
        stored.update(
            state=StoredObject.State.ERASED,
            erased_at=now,
            wrapped_data_key=b"",
            manifest_sealed=b"",
            file_name_sealed=b"",
            metadata_sealed=b"",
        )
        row.state, row.done_at = "done", now
        row.certificate = _certificate(row, vault, figures)
        row.save(update_fields=["state", "done_at", "certificate"])
        audit.record(
            "vault:matter:erased",
            organization_id=row.organization_id,
            actor=actor,
            target=Target("matter", row.matter_id or "", row.matter_id),
            objects=figures["objects"],
            certificate=row.id,
        )
    return row


def _certificate(row: Erasure, vault: Vault, figures: dict[str, int]) -> dict[str, Any]:
    """What was destroyed and how, in ids and figures. Copies in content backups are unreadable: the key is in none."""
    return {
        "version": 1,
        "erasure": str(row.id),
        "organization": str(row.organization_id),
        "vault": str(vault.id),
        "matter": str(row.matter_id),
        "region": vault.region,
        "method": "key_destroyed",
        "key_store": vault.key_store,
        "key": vault.key_id,
        "requested_at": row.requested_at.isoformat(),
        "done_at": row.done_at.isoformat() if row.done_at else None,
        "content_backups": "unreadable",
        **figures,
    }
