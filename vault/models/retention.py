"""Keeping, holding, erasing."""

import uuid

from django.db import models
from django.utils import timezone

from portal.accounts.models import Member, Organization
from vault.models.matter import Matter, Vault
from vault.sealed import sealed_text


class LegalHold(models.Model):
    """While one is open, nothing of the matter (or of the one object) is erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="holds")
    object_id = models.UUIDField(null=True, blank=True)
    placed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)
    reason_sealed = models.BinaryField(default=bytes)

    reason = sealed_text("reason_sealed")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.matter.vault


class Erasure(models.Model):
    """The erasure ledger: what was destroyed, when, and until when a backup can still open it. Holds no content."""

    class Scope(models.TextChoices):
        OBJECT = "object"
        VAULT = "vault"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    scope = models.CharField(max_length=16, choices=Scope)
    target_id = models.UUIDField()
    matter_id = models.UUIDField(null=True)
    requested_by = models.UUIDField(null=True)
    requested_at = models.DateTimeField(default=timezone.now)
    # scheduled (a key service waits before it destroys) or done
    state = models.CharField(max_length=16, default="scheduled")
    done_at = models.DateTimeField(null=True, blank=True)
    # Backups made before may open an erased object until this date; null for a destroyed vault key.
    backups_until = models.DateField(null=True, blank=True)
    certificate = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.id)
