"""Ways in: presigned URLs, uploads under way, answers kept for repeated requests."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from vault.models.matter import Vault
from vault.models.objects import StoredObject
from vault.sealed import sealed_json


class Grant(models.Model):
    """A presigned URL. The URL carries this row's id and a MAC; the row is checked at each request."""

    class Method(models.TextChoices):
        DELETE = "DELETE"
        GET = "GET"
        HEAD = "HEAD"
        PUT = "PUT"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object = models.ForeignKey(StoredObject, on_delete=models.CASCADE, related_name="grants")
    method = models.CharField(max_length=8, choices=Method)
    key_id = models.CharField(max_length=16)  # of GRANT_KEYS, which makes the MAC
    content_type = models.CharField(max_length=100, blank=True, default="")
    size = models.PositiveBigIntegerField(null=True, blank=True)
    # For a multipart upload: the part's number.
    part_number = models.PositiveIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveIntegerField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # For whom: the Submission that the provider fetches for (id only), or who asked.
    submission_id = models.UUIDField(null=True, blank=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["submission_id"])]

    def __str__(self) -> str:
        return str(self.id)


class Upload(models.Model):
    """An upload that is under way or stopped: it outlives the session of whoever began it."""

    class Kind(models.TextChoices):
        FETCH = "fetch"  # by us, from an address that an API client named
        MULTIPART = "multipart"
        PUT = "put"
        TUS = "tus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    object = models.OneToOneField(StoredObject, on_delete=models.CASCADE, related_name="upload")
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PUT)
    member_id = models.UUIDField(null=True)
    api_key_id = models.UUIDField(null=True)
    offset = models.PositiveBigIntegerField(default=0)
    length = models.PositiveBigIntegerField(null=True)
    # multipart: bytes a part, as agreed at the start
    part_size = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    aborted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.id)


class IdempotentAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, kept for 24 hours under the vault's keys."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    api_key_id = models.UUIDField()
    route = models.CharField(max_length=120)
    key_hash = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)  # null: the first request is still under way
    vault = models.ForeignKey(Vault, on_delete=models.CASCADE, null=True, related_name="+")
    answer_sealed = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(default=timezone.now)

    answer = sealed_json("answer_sealed")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["api_key_id", "route", "key_hash"], name="one_answer_per_key")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault | None:
        return self.vault
