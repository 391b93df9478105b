"""Encrypted things in a vault, and the parts that they are made of."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from vault.models.matter import Vault
from vault.sealed import sealed_json, sealed_text


class StoredObject(models.Model):
    """One encrypted thing. Its bytes are parts in the vault's storage; the sealed manifest is the commit."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", "Document"
        EXPORT = "export", "Export"
        ORIGINAL = "original", "Locked original"
        RECORDING = "recording", "Recording"
        REDACTED_AUDIO = "redacted_audio", "Audio with private details silent"
        RESULT = "result", "Speech service's answer"

    class State(models.TextChoices):
        RECEIVING = "receiving", "Receiving"
        CHECKING = "checking", "Checking"
        STORED = "stored", "Stored"
        FAILED = "failed", "Failed"
        ERASED = "erased", "Erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vault = models.ForeignKey(Vault, on_delete=models.PROTECT, related_name="stored")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.RECEIVING)
    content_type = models.CharField(max_length=100)
    # Announced before the first byte (null: not said), and found.
    expected_size = models.PositiveBigIntegerField(null=True, blank=True)
    plain_size = models.PositiveBigIntegerField(default=0)
    cipher_size = models.PositiveBigIntegerField(default=0)
    failure = models.CharField(max_length=40, blank=True, default="")
    created_by = models.UUIDField(null=True)  # member or key
    created_at = models.DateTimeField(default=timezone.now)
    stored_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # What it was made from: a redacted copy from its recording, say.
    source = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="derived")
    # Wrapped under the vault's wrapping key of this version; emptied by erasure.
    key_version = models.PositiveIntegerField(default=1)
    wrapped_data_key = models.BinaryField(default=bytes)
    manifest_sealed = models.BinaryField(default=bytes)
    file_name_sealed = models.BinaryField(default=bytes)
    metadata_sealed = models.BinaryField(default=bytes)

    file_name = sealed_text("file_name_sealed")
    metadata = sealed_json("metadata_sealed")

    class Meta:
        ordering = ["-created_at"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["vault", "kind", "-created_at"])]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.vault


class ObjectPart(models.Model):
    """One envelope part: one PUT, PATCH request or multipart part. Never reopened for writing."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        FORGOTTEN = "forgotten", "Forgotten"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object = models.ForeignKey(StoredObject, on_delete=models.CASCADE, related_name="parts")
    # Place in the object; parts cut by a crash are forgotten and their number may be taken again.
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    storage_name = models.CharField(max_length=200)
    plain_size = models.PositiveBigIntegerField(default=0)
    cipher_size = models.PositiveBigIntegerField(default=0)
    segments = models.PositiveIntegerField(default=0)
    # Of the part's header: binds its place in the manifest to exactly these bytes.
    salt = models.CharField(max_length=64, blank=True, default="")
    # Its writer was killed: it ends at a whole segment, without a last one.
    cut = models.BooleanField(default=False)
    cipher_sha256 = models.CharField(max_length=64, blank=True, default="")
    # Plain SHA-256, sealed: a hash of a known file would tell that it is here.
    digest_sealed = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=timezone.now)

    digest = sealed_text("digest_sealed")

    class Meta:
        ordering = ["object", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["object", "number"], condition=~models.Q(state="forgotten"), name="one_live_part_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.object_id} part {self.number}"

    @property
    def sealing_vault(self) -> Vault:
        return self.object.vault
