"""What an organization looks for itself in its transcripts."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import Organization
from vault.models import Vault
from vault.sealed import sealed_json


class PatternSetting(models.Model):
    """One of an organization's own patterns. A list of words may name clients, so that all that was typed is sealed."""

    class Kind(models.TextChoices):
        EXPRESSION = "expression", "Regular expression"
        WORDS = "words", "List of words"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # The organization's own, not a matter's.
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind)
    # One of the portal's types of private details, or "private".
    type = models.CharField(max_length=32)
    version = models.PositiveIntegerField(default=1)
    created_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)
    changed_by = models.UUIDField()
    changed_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)
    # {"name": …, "look_for": …, "context": [words], "examples": [texts]}
    content_sealed = models.BinaryField(default=bytes)

    content = sealed_json("content_sealed")

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["organization", "retired_at"])]

    def __str__(self) -> str:
        return f"pattern {self.id}"

    @property
    def sealing_vault(self) -> Vault:
        return self.vault
