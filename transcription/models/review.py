"""What people do with a transcript: correct, decide, reveal, sign. All of it append-only."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from portal.accounts.models import Member
from transcription.models.transcript import Rendition, Transcript
from vault.models import Vault
from vault.sealed import sealed_json, sealed_text


class Revision(models.Model):
    """A list of operations on word ids; the original stays. Revision n leads to version n + 1."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    operations_sealed = models.BinaryField(default=bytes)

    operations = sealed_json("operations_sealed")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transcript", "number"], name="one_revision_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} r{self.number}"

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class ReviewAct(models.Model):
    """A person's decision about one span: it is private or not, it may be heard, the finding is right; or about a line
    that could not be checked. The last one counts."""

    class Decision(models.TextChoices):
        ACCEPT = "accept", "Accept"
        HIDE = "hide", "Hide more"
        NOT_PRIVATE = "not_private", "Not private"
        SUGGEST = "suggest", "Suggested: not private"
        HEARD = "heard", "Not private: may be heard"
        ENGLISH = "english", "It is English"
        RELEASE = "release", "Line read and shown"
        LEAVE = "leave", "Line left hidden"
        UNDO = "undo", "Undo"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="review_acts")
    version = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=16, choices=Decision)
    reason = models.CharField(max_length=40)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    # {"detection": id} or {"first_word", "last_word", "type"}; a note
    span_sealed = models.BinaryField(default=bytes)
    note_sealed = models.BinaryField(default=bytes)

    span = sealed_json("span_sealed")
    note = sealed_text("note_sealed")

    class Meta:
        ordering = ["transcript", "number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transcript", "number"], name="one_review_act_per_number")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class Reveal(models.Model):
    """Opening hidden spans for a stated purpose, for at most 30 minutes."""

    class Purpose(models.TextChoices):
        CARE = "care", "Care of this patient"
        COURT = "court", "Court order or subpoena"
        LITIGATION = "litigation", "Work on this case"
        PATIENT_REQUEST = "patient_request", "Request of the person concerned"
        QUALITY = "quality", "Checking what was hidden"

    class Scope(models.TextChoices):
        PERSON = "person"
        SPAN = "span"
        TRANSCRIPT = "transcript"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="reveals")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=24, choices=Purpose)
    scope = models.CharField(max_length=16, choices=Scope)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    note_sealed = models.BinaryField(default=bytes)
    # {"detections": [ids]} for a span or a person
    what_sealed = models.BinaryField(default=bytes)

    note = sealed_text("note_sealed")
    what = sealed_json("what_sealed")

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class SignOff(models.Model):
    """A person's signature under one version as they saw it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="sign_offs")
    version = models.PositiveIntegerField()
    rendition = models.ForeignKey(Rendition, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)
    # SHA-256 of what was signed, keyed by the vault: nothing can be guessed from it.
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-signed_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transcript", "member", "digest"], name="one_signature_per_text")
        ]

    def __str__(self) -> str:
        return str(self.id)
