"""What was said, and the recordings of it."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import Member
from vault.models import Matter, StoredObject, Vault
from vault.sealed import sealed_json, sealed_text


class Proceeding(models.Model):
    """One deposition, hearing, visit or dictation: one or more Recordings in order, or one document."""

    class Kind(models.TextChoices):
        DEPOSITION = "deposition", "Deposition"
        DICTATION = "dictation", "Dictation"
        DOCUMENT = "document", "Document"
        HEARING = "hearing", "Hearing"
        VISIT = "visit", "Visit"

    class State(models.TextChoices):
        """People's words (DESIGN: states)."""

        RECEIVED = "received", "Received"
        CHECKING = "checking", "Checking"
        WAITING = "waiting", "Waiting"
        TRANSCRIBING = "transcribing", "Transcribing"
        HIDING = "hiding", "Hiding private details"
        READY = "ready", "Ready"
        HELD = "held", "Needs checking"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        ERASED = "erased", "Erased"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="proceedings")
    kind = models.CharField(max_length=16, choices=Kind)
    state = models.CharField(max_length=16, choices=State, default=State.RECEIVED)
    state_since = models.DateTimeField(default=timezone.now)
    # How the person who uploaded wants it transcribed; a Job copies it.
    provider = models.SlugField(max_length=32, default="engine")
    policy_name = models.SlugField(max_length=40, default="identifiers")
    speakers_expected = models.PositiveSmallIntegerField(null=True, blank=True, default=2)
    language = models.CharField(max_length=12, default="en")
    # "Basic engine: many words will be wrong" was chosen on upload.
    basic_engine_accepted = models.BooleanField(default=False)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    title_sealed = models.BinaryField(default=bytes)

    title = sealed_text("title_sealed")

    class Meta:
        ordering = ["-created_at"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["matter", "-created_at"]),
            models.Index(fields=["state", "state_since"]),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.matter.vault


class Recording(models.Model):
    """A stored object that is audio or video (or a text document of a Proceeding), and what was found out about it."""

    class Check(models.TextChoices):
        """State of the preflight."""

        PENDING = "pending"
        PASSED = "passed"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="recordings")
    object = models.OneToOneField(StoredObject, on_delete=models.PROTECT, related_name="recording")
    position = models.PositiveSmallIntegerField(default=0)
    check_state = models.CharField(max_length=16, choices=Check, default=Check.PENDING)
    refusal = models.CharField(max_length=40, blank=True, default="")
    # The figures of a refusal: {"found": …, "limit": …}; numbers and format names only.
    refusal_facts = models.JSONField(default=dict)
    media = models.CharField(max_length=8, blank=True, default="")  # audio, video, text
    container = models.CharField(max_length=40, blank=True, default="")
    codec = models.CharField(max_length=40, blank=True, default="")
    duration_ms = models.PositiveBigIntegerField(null=True, blank=True)
    channels = models.PositiveSmallIntegerField(null=True, blank=True)
    sample_rate = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Loudness peaks for the waveform, sealed: the rhythm of speech is content.
    peaks_sealed = models.BinaryField(default=bytes)

    peaks = sealed_json("peaks_sealed")

    class Meta:
        ordering = ["proceeding", "position"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["proceeding", "position"], name="one_recording_per_position")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.object.vault
