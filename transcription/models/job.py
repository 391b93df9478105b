"""Attempts to have a Proceeding transcribed. Every Job can be driven to its end from its rows alone."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import ApiKey, Member
from transcription.models.proceeding import Proceeding, Recording
from vault.models import StoredObject, Vault
from vault.sealed import sealed_json, sealed_raw, sealed_text


class Job(models.Model):
    """One attempt by one Provider: one or more Submissions."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TRANSCRIBING = "transcribing", "Transcribing"
        INGESTING = "ingesting", "Fetching the result"
        REDACTING = "redacting", "Hiding private details"
        COMPLETED = "completed", "Ready"
        HELD = "held", "Needs checking"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    FINAL: ClassVar[frozenset[str]] = frozenset({State.COMPLETED, State.HELD, State.FAILED, State.CANCELLED})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="jobs")
    provider = models.SlugField(max_length=32)
    model = models.CharField(max_length=80, blank=True, default="")
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    state_since = models.DateTimeField(default=timezone.now)
    progress = models.FloatField(default=0.0)  # 0..1
    expected_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Not before this moment (backoff); the sweeper takes what is due.
    due_at = models.DateTimeField(default=timezone.now)
    # Whoever works on it holds it until then; lost by time when the process dies.
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_holder = models.CharField(max_length=80, blank=True, default="")
    failure = models.CharField(max_length=40, blank=True, default="")
    failure_facts = models.JSONField(default=dict)
    requested_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    api_key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Of an API request: HMAC of its body, so that an identical one within ten minutes finds this Job.
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_index=True)
    # Flags and codes only: speaker_labels, speakers_expected, language_code, redact_pii, redact_pii_policies, …
    options = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    vocabulary_sealed = models.BinaryField(default=bytes)
    webhook_url_sealed = models.BinaryField(default=bytes)

    vocabulary = sealed_json("vocabulary_sealed")
    webhook_url = sealed_text("webhook_url_sealed")

    class Meta:
        ordering = ["-created_at"]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["state", "due_at"])]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.proceeding.matter.vault


class Submission(models.Model):
    """One piece or channel of a Job as it was sent to the provider."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SUBMITTING = "submitting"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        INGESTED = "ingested"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Deletion(models.TextChoices):
        """At the provider."""

        NONE = "none"
        DUE = "due"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="submissions")
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="submissions")
    position = models.PositiveSmallIntegerField(default=0)
    offset_ms = models.PositiveBigIntegerField(default=0)
    channel = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.WAITING)
    state_since = models.DateTimeField(default=timezone.now)
    provider_id = models.CharField(max_length=120, blank=True, default="", db_index=True)
    # The correlation token travels in the callback URL; here lies its hash only.
    token_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    progress = models.FloatField(default=0.0)
    failure = models.CharField(max_length=40, blank=True, default="")
    result = models.ForeignKey(StoredObject, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deletion = models.CharField(max_length=8, choices=Deletion, default=Deletion.NONE)
    # [{"method", "status", "at", "provider_id"}]: the proof that nothing is left there.
    deletion_proof = models.JSONField(default=list)
    # Earlier provider ids of this Submission (resubmitted after a crash); deleted there when found.
    orphans = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["job", "position"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["job", "position"], name="one_submission_per_position")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.recording.object.vault


class WebhookReceipt(models.Model):
    """A verified callback, kept sealed. ``dedupe`` makes a repeated delivery change nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="receipts")
    provider = models.SlugField(max_length=32)
    scheme = models.CharField(max_length=24)
    dedupe = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    body_sealed = models.BinaryField(default=bytes)

    body = sealed_raw("body_sealed")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.submission.sealing_vault


class OutboundNotice(models.Model):
    """A webhook of ours to an API client: thin, signed, tried again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=32)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["job", "event"], name="one_notice_per_event")]

    def __str__(self) -> str:
        return str(self.id)
