"""The shapes of answers, for the API's description. Unknown fields may be added; none of these is taken away."""

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[dict[str, Any]]


class Pagination(Shape):
    limit = serializers.IntegerField()
    has_more = serializers.BooleanField()
    next_cursor = serializers.CharField(allow_null=True)


class VaultMatter(Shape):
    id = serializers.UUIDField()
    number = serializers.CharField(help_text="The short number that may be said outside the wall.")
    kind = serializers.CharField()
    dataClass = serializers.CharField()


class VaultSummary(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    createdAt = serializers.DateTimeField()
    region = serializers.CharField()
    matter = VaultMatter()


class VaultLists(Shape):
    always_hide = serializers.IntegerField(help_text="Entries of what is always hidden.")
    always_show = serializers.IntegerField(help_text="Entries of what is always shown.")


class Party(Shape):
    name = serializers.CharField()
    role = serializers.CharField(allow_blank=True, help_text="What they are, for example plaintiff.")


class Rechecking(Shape):
    """How far the matter's transcripts were checked again after its parties or lists were changed; zeros when nothing is."""

    running = serializers.BooleanField(help_text="Transcripts are being checked again now.")
    total = serializers.IntegerField()
    checked = serializers.IntegerField()
    held = serializers.IntegerField(help_text="Not among them: a person looks at these first.")


class Words(Shape):
    vaultId = serializers.UUIDField()
    title = serializers.CharField()
    parties = Party(many=True)
    always_hide = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="null where this key may not read it; lists has its number."
    )
    always_show = serializers.ListField(child=serializers.CharField())
    lists = VaultLists()
    version = serializers.IntegerField(help_text="Of names and lists together; a new title or role is no new version.")
    rechecking = Rechecking()


class VaultDetails(VaultSummary):
    filesBucket = serializers.CharField()
    enableIndexing = serializers.BooleanField()
    metadata = serializers.DictField(allow_null=True)
    totalObjects = serializers.IntegerField()
    totalBytes = serializers.IntegerField()
    policy = serializers.CharField(required=False, help_text="What programs have transcribed in it hides at least this.")
    lists = VaultLists(required=False)


class VaultList(Shape):
    vaults = VaultSummary(many=True)
    total = serializers.IntegerField(help_text="Vaults in this answer.")
    pagination = Pagination()


class ErasureState(Shape):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(["scheduled", "done"])
    url = serializers.CharField()
    certificate = serializers.DictField(allow_null=True)


class VaultErasure(Shape):
    success = serializers.BooleanField()
    status = serializers.ChoiceField(["deleted", "deletion_queued"])
    deletedVault = serializers.DictField()
    erasure = ErasureState()


class UploadInstructions(Shape):
    method = serializers.CharField()
    headers = serializers.DictField()
    note = serializers.CharField()


class UploadBegun(Shape):
    objectId = serializers.UUIDField()
    uploadUrl = serializers.CharField()
    expiresIn = serializers.IntegerField(help_text="Seconds.")
    instructions = UploadInstructions()


class UploadConfirmed(Shape):
    objectId = serializers.UUIDField()
    vaultId = serializers.UUIDField()
    status = serializers.ChoiceField(["completed", "failed"])
    alreadyConfirmed = serializers.BooleanField()


class MultipartBegun(Shape):
    objectId = serializers.UUIDField()
    uploadId = serializers.UUIDField()
    partSizeBytes = serializers.IntegerField()
    partCount = serializers.IntegerField()


class PartUrl(Shape):
    partNumber = serializers.IntegerField()
    url = serializers.CharField()


class PartUrlList(Shape):
    urls = PartUrl(many=True)


class MultipartDone(Shape):
    success = serializers.BooleanField()
    objectId = serializers.UUIDField()


class ObjectSummary(Shape):
    id = serializers.UUIDField()
    vaultId = serializers.UUIDField()
    filename = serializers.CharField(allow_blank=True)
    contentType = serializers.CharField()
    sizeBytes = serializers.IntegerField(allow_null=True)
    createdAt = serializers.DateTimeField()
    ingestionStatus = serializers.ChoiceField(["awaiting_upload", "processing", "completed", "failed", "deleted"])
    kind = serializers.CharField()


class ObjectList(Shape):
    vaultId = serializers.UUIDField()
    objects = ObjectSummary(many=True)
    count = serializers.IntegerField()
    pagination = Pagination()


class ObjectDetails(ObjectSummary):
    downloadUrl = serializers.CharField(allow_blank=True, help_text="Gives the key's view; also good as audio_url.")
    expiresIn = serializers.IntegerField()


class ObjectErased(Shape):
    success = serializers.BooleanField()
    deletedObject = serializers.DictField()
    erasure = serializers.DictField()


class Presigned(Shape):
    presignedUrl = serializers.CharField()
    expiresAt = serializers.DateTimeField()
    expiresIn = serializers.IntegerField()
    operation = serializers.ChoiceField(["GET", "PUT", "HEAD", "DELETE"])
    objectId = serializers.UUIDField()
    vaultId = serializers.UUIDField()


class Warned(Shape):
    code = serializers.CharField()
    message = serializers.CharField()


class TranscriptionBegun(Shape):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(["queued", "processing", "completed", "error"])
    vault_id = serializers.UUIDField()
    source_object_id = serializers.UUIDField()
    warnings = Warned(many=True)


class SpokenWord(Shape):
    text = serializers.CharField()
    start = serializers.IntegerField(allow_null=True, help_text="Milliseconds.")
    end = serializers.IntegerField(allow_null=True, help_text="Milliseconds.")
    confidence = serializers.FloatField(allow_null=True, help_text="0 to 1.")
    speaker = serializers.CharField()
    hidden = serializers.BooleanField(help_text="A label that stands for private words.")


class SpokenTurn(Shape):
    speaker = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    start = serializers.IntegerField(allow_null=True)
    end = serializers.IntegerField(allow_null=True)
    confidence = serializers.FloatField(allow_null=True)
    words = SpokenWord(many=True)


class Redaction(Shape):
    policy = serializers.CharField()
    version = serializers.IntegerField()
    requested = serializers.DictField()
    applied = serializers.ListField(child=serializers.CharField())
    hidden_spans = serializers.IntegerField()


class Transcription(Shape):
    """``text`` and what follows are there when ``status`` is completed."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(["queued", "processing", "completed", "error"])
    status_detail = serializers.CharField(required=False, help_text="held_for_review: somebody must check it first.")
    vault_id = serializers.UUIDField()
    source_object_id = serializers.UUIDField(allow_null=True)
    error = serializers.CharField(required=False)
    text = serializers.CharField(required=False, allow_blank=True, help_text="A turn a line: Speaker A: …")
    utterances = SpokenTurn(many=True, required=False)
    words = SpokenWord(many=True, required=False)
    audio_duration = serializers.FloatField(required=False, help_text="Seconds.")
    confidence = serializers.FloatField(required=False, allow_null=True, help_text="0 to 1.")
    language_code = serializers.CharField(required=False)
    redaction = Redaction(required=False)
    warnings = Warned(many=True)


class PolicySummary(Shape):
    name = serializers.CharField()
    title = serializers.CharField(help_text="What pages call it.")
    preset = serializers.BooleanField()
    version = serializers.IntegerField()
    retired = serializers.BooleanField(
        help_text="Not offered any more. What was shown under it is shown under it still; the list leaves it out."
    )
    createdAt = serializers.DateTimeField()


class PolicyDetails(PolicySummary):
    rules = serializers.DictField(
        child=serializers.CharField(), help_text="How each type of private detail is shown: label, box, show and so on."
    )
    other = serializers.CharField(help_text="How types of your organization's own patterns are shown.")
    versions = serializers.ListField(child=serializers.IntegerField(), help_text="All versions that are kept, newest first.")


class PolicyList(Shape):
    policies = PolicySummary(many=True)
    total = serializers.IntegerField()


class Held(Shape):
    reason = serializers.CharField(help_text="A code that stays the same.")
    message = serializers.CharField()
    since = serializers.DateTimeField()


class DoubtCounts(Shape):
    """Open doubts by kind; each is of one."""

    suggested = serializers.IntegerField(help_text="Suggested as not private; for somebody who may reveal.")
    provider_only = serializers.IntegerField(help_text="Found by the speech service alone.")
    ours_only = serializers.IntegerField(help_text="Found by the second pass alone.")
    unsure = serializers.IntegerField()
    quiet = serializers.IntegerField(help_text="Readable, but silent in the audio.")


class ReviewRow(Shape):
    transcriptId = serializers.UUIDField()
    transcriptionId = serializers.UUIDField(allow_null=True, help_text="null for what was uploaded as text.")
    vaultId = serializers.UUIDField()
    matter = VaultMatter()
    state = serializers.ChoiceField(["hiding", "ready", "held"])
    since = serializers.DateTimeField(help_text="Since when it waits.")
    held = Held(allow_null=True, help_text="Why nobody can read it before somebody decided.")
    audio_held = Held(many=True, help_text="Bleeped copies that wait to be listened to.")
    counts = DoubtCounts(allow_null=True, help_text="null while it is held.")
    risk = serializers.FloatField(allow_null=True, help_text="By what is lacking of being sure and how much harm it does.")
    url = serializers.CharField(help_text="The page on which somebody decides.")


class ReviewList(Shape):
    transcripts = ReviewRow(many=True)
    total = serializers.IntegerField(help_text="Transcripts in this answer.")
    pagination = Pagination()
