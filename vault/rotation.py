"""Giving a vault a new secret. Stored bytes are not touched: only wrapped data keys change, sealed fields as they are
next written.

A crash between the steps leaves a vault that works: old versions open what they sealed until nothing needs them.
"""

from typing import Final

from django.db import transaction
from django.db.models import Max

from compliance import audit
from compliance.audit import Actor, Target
from vault import secrets
from vault.models import Matter, StoredObject, Vault, VaultSecret
from vault.sealing import unwrap_data_key, wrap_data_key

# Rows a transaction: short enough that other writers of a small machine do not notice.
_BATCH: Final = 200


def rotate(*, actor: Actor, vault: Vault) -> int:
    """A new secret for the vault, then its data keys under it; the new version.

    Other processes go on with the version before for as long as they keep it open (secrets.CACHE_SECONDS); ``rewrap``
    again afterwards to move what they made meanwhile. Raises KeyStoreDown, KeyDestroyed.
    """
    newest = vault.secrets.aggregate(newest=Max("version"))["newest"] or 0
    version = newest + 1
    wrapped = secrets.next_secret(vault, version)
    with transaction.atomic():
        VaultSecret.objects.create(vault=vault, version=version, wrapped=wrapped)
        matter_id = Matter.objects.filter(vault=vault).values_list("id", flat=True).first()
        audit.record(
            "vault:key:rotated",
            organization_id=vault.organization_id,
            actor=actor,
            target=Target("vault", vault.id, matter_id),
            version=version,
        )
    secrets.forget(vault.id)
    rewrap(vault)
    return version


def rewrap(vault: Vault) -> int:
    """Wraps every data key under the newest secret; how many were not yet. May be repeated and interrupted."""
    version, newest = secrets.current(vault)
    count = 0
    while True:
        waiting = StoredObject.objects.filter(vault=vault, key_version__lt=version).exclude(wrapped_data_key=b"")
        batch = list(waiting.only("id", "key_version", "wrapped_data_key")[:_BATCH])
        if not batch:
            return count
        for obj in batch:
            place = {"organization": vault.organization_id, "vault": vault.id, "object_id": obj.id}
            old = bytes(obj.wrapped_data_key)
            data_key = unwrap_data_key(secrets.version(vault, obj.key_version).wrapping, old, **place)
            fresh = wrap_data_key(newest.wrapping, data_key, version=version, **place)
            # Only where nothing happened meanwhile: an erasure must not be undone by a key written back.
            unchanged = StoredObject.objects.filter(pk=obj.pk, wrapped_data_key=old)
            count += unchanged.update(wrapped_data_key=fresh, key_version=version)
