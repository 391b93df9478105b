"""What a request for a transcription holds: case.dev's fields, today's and the older ones, and two of ours."""

from typing import Any, Final

from rest_framework import serializers

from compliance.redaction import TYPES
from transcription.outside import MAX_URL
from transcription.proceedings import SPEAKERS_LIMIT

WORDS_LIMIT: Final = 1000  # as many as the most generous speech service takes
WORD_LIMIT: Final = 100
LANGUAGE: Final = r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})?$"


class TranscriptionCreate(serializers.Serializer[dict[str, Any]]):
    """Either ``audio_url``, or ``vault_id`` and ``object_id``."""

    audio_url = serializers.CharField(required=False, max_length=MAX_URL)
    vault_id = serializers.UUIDField(required=False)
    object_id = serializers.UUIDField(required=False)
    speaker_labels = serializers.BooleanField(required=False)
    speakers_expected = serializers.IntegerField(required=False, min_value=1, max_value=SPEAKERS_LIMIT)
    language_code = serializers.RegexField(LANGUAGE, required=False, max_length=12)
    language_detection = serializers.BooleanField(required=False)
    redact_pii = serializers.BooleanField(required=False)
    redact_pii_policies = serializers.ListField(child=serializers.ChoiceField(TYPES), required=False, max_length=len(TYPES))
    word_boost = serializers.ListField(
        child=serializers.CharField(max_length=WORD_LIMIT), required=False, max_length=WORDS_LIMIT
    )
    boost_param = serializers.ChoiceField(["low", "default", "high"], required=False)
    auto_highlights = serializers.BooleanField(required=False)
    content_safety = serializers.BooleanField(required=False)
    content_safety_labels = serializers.BooleanField(required=False)
    webhook_url = serializers.CharField(required=False, max_length=MAX_URL)
    format = serializers.ChoiceField(["json", "text"], required=False)
    format_text = serializers.BooleanField(required=False)
    punctuate = serializers.BooleanField(required=False)
    disfluencies = serializers.BooleanField(required=False)
    speech_models = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=10)
    # Ours: false refuses the basic engine, whose words are often wrong, where no better model is there.
    basic_engine = serializers.BooleanField(required=False)
    # Ours: a speech service other than the organization's own engine.
    provider = serializers.RegexField(r"^[a-z0-9_-]{1,32}$", required=False, max_length=32)


# Understood, but there is nothing here that does them: said in warnings rather than refused, so that scripts work.
WITHOUT_EFFECT: Final = ("auto_highlights", "content_safety", "content_safety_labels", "disfluencies", "speech_models")
# Flags and codes that the Job keeps; addresses and vocabulary are sealed apart.
OPTIONS: Final = (
    "speaker_labels",
    "speakers_expected",
    "language_code",
    "language_detection",
    "redact_pii",
    "redact_pii_policies",
    "boost_param",
    "auto_highlights",
    "content_safety",
    "content_safety_labels",
    "format",
    "format_text",
    "punctuate",
    "disfluencies",
)
