"""The result: locked original, what was found private in it, and the views of it."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from compliance.models import DisclosurePolicy
from portal.accounts.models import Member
from transcription.models.job import Job
from transcription.models.proceeding import Proceeding
from vault.models import StoredObject, Vault
from vault.sealed import sealed_json, sealed_text


class Transcript(models.Model):
    """One result of a Proceeding. ``version`` counts Revisions: 1 is the original as it came."""

    class State(models.TextChoices):
        HIDING = "hiding", "Hiding private details"
        READY = "ready", "Ready"
        HELD = "held", "Needs checking"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proceeding = models.ForeignKey(Proceeding, on_delete=models.PROTECT, related_name="transcripts")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="transcript")
    # The Proceeding's transcript is the one that was not superseded.
    superseded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.HIDING)
    # JSON of transcription.originals.Original, as the provider gave it (word ids added); never changed.
    original = models.ForeignKey(StoredObject, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=12, blank=True, default="")
    provider = models.SlugField(max_length=32)
    model = models.CharField(max_length=80, blank=True, default="")
    basic_engine = models.BooleanField(default=False)
    speakers_guessed = models.BooleanField(default=False)
    confidence = models.FloatField(null=True, blank=True)
    duration_ms = models.PositiveBigIntegerField(default=0)
    words = models.PositiveIntegerField(default=0)
    utterances = models.PositiveIntegerField(default=0)
    # A hold: reason code, owner, since when; how it was released.
    held_reason = models.CharField(max_length=40, blank=True, default="")
    held_owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_since = models.DateTimeField(null=True, blank=True)
    released_way = models.CharField(max_length=24, blank=True, default="")
    # Since when it is to be read again although it is checked; what is shown stays until then. Tries that were begun, when
    # the last one was, and why none is made any more (as problems.explain knows it).
    recheck_since = models.DateTimeField(null=True, blank=True)
    recheck_tries = models.PositiveSmallIntegerField(default=0)
    recheck_tried_at = models.DateTimeField(null=True, blank=True)
    recheck_problem = models.CharField(max_length=40, blank=True, default="")
    # How often that found something else.
    rereads = models.PositiveIntegerField(default=0)
    # Being checked again after a hold: when its next try is due (None: it is not), and how many were begun.
    again_due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    again_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["proceeding"], condition=models.Q(superseded_at=None), name="one_live_transcript")
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["recheck_since"], condition=models.Q(recheck_since__isnull=False), name="to_be_read_again")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.proceeding.matter.vault


class Speaker(models.Model):
    """One voice of a transcript: a letter, the name that people gave it, and the one that came with the text."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="speakers")
    label = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    channel = models.PositiveSmallIntegerField(null=True, blank=True)
    role = models.CharField(max_length=24, blank=True, default="")
    name_sealed = models.BinaryField(default=bytes)
    heard_as_sealed = models.BinaryField(default=bytes)

    # What people typed: shown inside the wall, as a matter's parties are.
    name = sealed_text("name_sealed")
    # What the speech service or a document called the voice: part of the text, and private where names are.
    heard_as = sealed_text("heard_as_sealed")

    class Meta:
        ordering = ["transcript", "position"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transcript", "label"], name="one_speaker_per_label")
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class DetectionSet(models.Model):
    """What the second pass found in one version of the current text; a new check replaces it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="detection_sets")
    version = models.PositiveIntegerField()
    # What of the matter the pass was told: its ``words_version`` then. Found under an older one, nothing is shown.
    words_version = models.PositiveIntegerField(default=1)
    # The transcript's ``rereads`` when these were found: with ``words_version`` it tells one content from the next.
    rereads = models.PositiveIntegerField(default=0)
    # The newest "it is English" that the pass was told of, by the decision's number; 0 where there was none.
    told = models.PositiveIntegerField(default=0)
    recogniser = models.CharField(max_length=80)  # name and version of the pass
    # type -> how many
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    # compliance.redaction.Detections as JSON
    detections_sealed = models.BinaryField(default=bytes)

    detections = sealed_json("detections_sealed")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["transcript", "version"], name="one_pass_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.transcript_id} v{self.version}"

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class DoubtCount(models.Model):
    """What is open to doubt in a transcript's newest checked version, whoever looks: counts and risk, nothing of content.

    Written in the transaction in which findings or decisions change (``transcription.doubt_counts``). A transcript that
    was checked and has no row, or one of an earlier version, was not counted yet.
    """

    transcript = models.OneToOneField(Transcript, on_delete=models.CASCADE, primary_key=True, related_name="doubt_count")
    version = models.PositiveIntegerField()
    # By kind, as ``transcription.weighing`` tells them apart; each doubt is of one kind.
    suggested = models.PositiveIntegerField(default=0)
    provider_only = models.PositiveIntegerField(default=0)
    ours_only = models.PositiveIntegerField(default=0)
    unsure = models.PositiveIntegerField(default=0)
    quiet = models.PositiveIntegerField(default=0)
    not_checked = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    risk = models.FloatField(default=0.0)
    # Since when something waits; None while nothing does.
    since = models.DateTimeField(null=True, blank=True)
    # Words of lines that are hidden whole since their language could not be checked, decided about or not; the code of it.
    unread = models.PositiveIntegerField(default=0)
    unread_language = models.CharField(max_length=12, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.transcript_id}: {self.total}"


class Rendition(models.Model):
    """One version of the current text under one version of one policy.

    ``edition`` counts review decisions, changes of the matter's parties and lists, and readings that found something else.
    """

    class State(models.TextChoices):
        BUILDING = "building"
        READY = "ready"
        STALE = "stale"

    class Audio(models.TextChoices):
        NONE = "none"
        BUILDING = "building"
        READY = "ready"
        FAILED = "failed"
        # Made, and heard by nobody until it was listened to.
        CHECKING = "checking"
        # Something that must be silent was heard in it, or the check could not be done.
        HELD = "held"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="renditions")
    version = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1)
    # Of the calendar, where the policy shows no year of birth that tells an age over 89; 0 where it doesn't ask.
    year = models.PositiveSmallIntegerField(default=0)
    policy = models.ForeignKey(DisclosurePolicy, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, choices=State, default=State.BUILDING)
    hidden_spans = models.PositiveIntegerField(default=0)
    hidden_counts = models.JSONField(default=dict)
    # HMAC-SHA256 over lines, voices and times, keyed by the vault: whether two editions read the same. "": not yet made.
    text_digest = models.CharField(max_length=64, blank=True, default="")
    audio_state = models.CharField(max_length=16, choices=Audio, default=Audio.NONE)
    # One redacted copy a recording, in order: [object id]
    audio_objects = models.JSONField(default=list)
    # When the copies were listened to again; who is to look where they are held.
    audio_checked_at = models.DateTimeField(null=True, blank=True)
    # Tries of the check that were begun, and when the last one was; how much of the sound it listened to so far, in ms.
    audio_tries = models.PositiveSmallIntegerField(default=0)
    audio_tried_at = models.DateTimeField(null=True, blank=True)
    audio_listened_ms = models.PositiveBigIntegerField(default=0)
    audio_to_listen_ms = models.PositiveBigIntegerField(default=0)
    # Why they are held, as problems.explain knows it.
    audio_held_reason = models.CharField(max_length=40, blank=True, default="")
    # Where something was heard in them, in ms of the whole: [[start, end]]
    audio_heard = models.JSONField(default=list)
    audio_owner = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["transcript", "version", "edition", "policy", "year"], name="one_rendition_per_view"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def sealing_vault(self) -> Vault:
        return self.transcript.sealing_vault


class RenditionPage(models.Model):
    """A run of utterances of a Rendition, small enough to open for one screen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rendition = models.ForeignKey(Rendition, on_delete=models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()
    first_utterance = models.PositiveIntegerField()
    utterances = models.PositiveIntegerField()
    start_ms = models.PositiveBigIntegerField(default=0)
    end_ms = models.PositiveBigIntegerField(default=0)
    # [{"n", "speaker", "start", "end", "text", "chips": [...], "words": [...]}]
    content_sealed = models.BinaryField(default=bytes)

    content = sealed_json("content_sealed")

    class Meta:
        ordering = ["rendition", "number"]
        constraints: ClassVar[list[Any]] = [models.UniqueConstraint(fields=["rendition", "number"], name="one_page_per_number")]

    def __str__(self) -> str:
        return f"{self.rendition_id} page {self.number}"

    @property
    def sealing_vault(self) -> Vault:
        return self.rendition.sealing_vault
