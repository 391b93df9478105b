"""The vault of an organization itself: what it sets for all of its matters and would not have read in a stolen database."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction

from portal.accounts.models import Organization
from vault import secrets
from vault.models import Vault, VaultSecret


def own_vault(organization: Organization) -> Vault:
    """The vault that belongs to no matter, made on first use. Not inside a transaction: a key store may take its time.

    Two first uses at once may make two; what was sealed says itself under which. Raises KeyStoreDown.
    """
    own = Vault.objects.filter(organization=organization, matter__isnull=True, destroyed_at=None)
    known = own.order_by("created_at").first()
    if known is not None:
        return known
    vault_id = uuid4()
    vault = Vault(
        id=vault_id,
        organization=organization,
        region=organization.default_region,
        key_store=settings.KEY_STORE,
        key_id=f"vault-{vault_id}",
    )
    secrets.create(vault)
    wrapped = secrets.first_secret(vault)
    with transaction.atomic():
        vault.save(force_insert=True)
        VaultSecret.objects.create(vault=vault, version=1, wrapped=wrapped)
    return vault
