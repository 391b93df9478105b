"""Facts about acts, who sees what, and who may receive data. Knows matters and objects by id only."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import Organization


class AuditEvent(models.Model):
    """One fact. Never changed, never deleted (triggers in the first migration refuse both).

    ``actor_sealed`` holds name, address and agent under the person's own key, which can be destroyed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    actor_sealed = models.BinaryField(default=bytes)
    target_kind = models.CharField(max_length=32, blank=True, default="")
    target_id = models.CharField(max_length=80, blank=True, default="")
    matter_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=16, default="done")
    facts = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True, default="")
    # Set for acts that are merged (reads and plays per member, version and quarter of an hour): one row a key.
    merge_key = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["organization", "at"]),
            models.Index(fields=["organization", "type", "at"]),
            models.Index(fields=["organization", "matter_id", "at"]),
            models.Index(fields=["organization", "actor_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Leaf(models.Model):
    """The order of facts: leaf ``index`` of the organization's Merkle tree (RFC 6962, section 2.1). Append-only."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    index = models.PositiveBigIntegerField()
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organization", "index"], name="one_leaf_per_index")
        ]

    def __str__(self) -> str:
        return f"leaf {self.index}"


class Checkpoint(models.Model):
    """A signed tree head over the first ``size`` leaves, in C2SP tlog-checkpoint form. Append-only."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organization", "size"], name="one_checkpoint_per_size")
        ]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class PersonKey(models.Model):
    """The key under which a person's name, address and agent are sealed in the log, wrapped by the key store."""

    person_id = models.UUIDField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.person_id)


class DisclosurePolicy(models.Model):
    """One version of one policy: which types are hidden and how. Presets have no organization."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()
    # type -> way of hiding, as compliance.redaction.policies reads it
    rules = models.JSONField()
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Since when every transcript that was shown under an older version has its view under this one.
    settled_at = models.DateTimeField(null=True, blank=True)
    # Said on the newest version's row for the whole policy: it is not offered any more, and what chose it stays.
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organization", "name", "version"], name="one_policy_version"),
            models.UniqueConstraint(
                fields=["name", "version"], condition=models.Q(organization=None), name="one_preset_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class AudienceRule(models.Model):
    """One cell of the audience table: for this matter (null: all of the organization) this audience gets this policy.

    ``audience`` is ``role:<role>``, ``member:<id>``, ``key:<id>``, ``guest`` or ``export``. ``verbatim`` is given to a
    ``member:`` only, with a purpose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    matter_id = models.UUIDField(null=True, blank=True)
    audience = models.CharField(max_length=64)
    policy_name = models.SlugField(max_length=40)
    purpose = models.CharField(max_length=32, blank=True, default="")
    set_by = models.UUIDField(null=True)
    set_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["matter_id", "audience"],
                condition=models.Q(removed_at=None, matter_id__isnull=False),
                name="one_rule_per_matter_and_audience",
            ),
            models.UniqueConstraint(
                fields=["organization", "audience"],
                condition=models.Q(removed_at=None, matter_id__isnull=True),
                name="one_default_rule_per_audience",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audience}: {self.policy_name}"


class ProviderSetting(models.Model):
    """Whether an organization uses a provider, and what was agreed with it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    provider = models.SlugField(max_length=32)
    enabled = models.BooleanField(default=False)
    # Data classes that the agreement covers, and its end; the engine needs none (data does not leave).
    agreement = models.CharField(max_length=16, blank=True, default="")
    data_classes = models.JSONField(default=list)
    agreed_until = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["organization", "provider"], name="one_setting_per_provider")
        ]

    def __str__(self) -> str:
        return self.provider
