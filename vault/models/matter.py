"""Matters with their walls, and the vault of each."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import Member, Organization
from vault.sealed import sealed_json, sealed_text


class Matter(models.Model):
    """One legal case or one patient chart. Outside its wall only its short number is said."""

    class Kind(models.TextChoices):
        LEGAL = "legal", "Legal matter"
        CLINICAL = "clinical", "Patient chart"

    class DataClass(models.TextChoices):
        HEALTH = "health", "Health data"
        PERSONAL = "personal", "Personal data"
        PRIVILEGED = "privileged", "Privileged"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="matters")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=16, choices=Kind)
    data_class = models.CharField(max_length=16, choices=DataClass)
    vault = models.OneToOneField("vault.Vault", on_delete=models.PROTECT, related_name="matter")
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # Counts the changes of what the second pass is told: names of parties, and the lists. What was found before the
    # newest one is not shown. The second: the version under which all transcripts have been checked again.
    words_version = models.PositiveIntegerField(default=1)
    words_settled = models.PositiveIntegerField(default=1)
    title_sealed = models.BinaryField(default=bytes)
    # [{"name": …, "role": …}]
    parties_sealed = models.BinaryField(default=bytes)
    # {"hide": [entries], "show": [entries], "hide_by": {folded entry: who put it there}, "vocabulary": [words]}
    lists_sealed = models.BinaryField(default=bytes)
    # What an API client sent as metadata and description.
    metadata_sealed = models.BinaryField(default=bytes)

    title = sealed_text("title_sealed")
    parties = sealed_json("parties_sealed")
    lists = sealed_json("lists_sealed")
    metadata = sealed_json("metadata_sealed")

    class Meta:
        ordering = ["-created_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organization", "number"], name="one_matter_per_number")
        ]

    def __str__(self) -> str:
        return self.short

    @property
    def short(self) -> str:
        """The number that may be said outside the wall."""
        return f"{'C' if self.kind == self.Kind.CLINICAL else 'L'}-{self.number:04d}"

    @property
    def sealing_vault(self) -> "Vault":
        return self.vault


class MatterMember(models.Model):
    """The wall: who may open the matter. Nobody passes it by role alone."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="wall")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="matter_rows")
    added_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["matter", "member"], name="one_row_per_matter_and_member")
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}: {self.member_id}"


class Vault(models.Model):
    """Where a matter's bytes lie: one region, one key of its own in the key store."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="vaults")
    region = models.CharField(max_length=32)
    key_store = models.CharField(max_length=16)
    key_id = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.id)


class VaultSecret(models.Model):
    """One version of a vault's secret, wrapped by the vault's key in the key store. The newest seals, all open."""

    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, related_name="secrets")
    version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["vault", "version"], name="one_secret_per_version")]

    def __str__(self) -> str:
        return f"{self.vault_id} v{self.version}"
