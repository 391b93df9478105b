"""Transcript-aware redaction: a library that knows no web framework.

``detect(dialogue) -> Detections`` finds what is private in a whole conversation; ``render(dialogue, detections,
policy) -> Rendition`` makes the text one audience may see and the silences of what it may hear;
``redact_audio(source, silences)`` makes that audio. ``detect`` opens no socket and never returns part of a result.
"""

from compliance.redaction.audio import AudioUnreadable, redact_audio
from compliance.redaction.detecting import DetectSettings, detect, known_private, listed
from compliance.redaction.detections import (
    DETECTION_FAILURES,
    TYPES,
    Detection,
    DetectionFailed,
    Detections,
    HiddenTurn,
    PrivateType,
    QuietWords,
)
from compliance.redaction.dialogue import Dialogue, DialogueInvalid, ProviderMark, Turn, Word
from compliance.redaction.doubtful import DOUBTFUL_BELOW
from compliance.redaction.own_patterns import OwnPattern
from compliance.redaction.policies import DEFAULT_POLICY, PRESETS, Policy, PolicyUnknown, Rule, only, preset
from compliance.redaction.provider_marks import marked as marked_by_provider
from compliance.redaction.rendering import (
    END_OF_MEDIA_MS,
    SILENCE_PADDING_MS,
    Chip,
    RenderedTurn,
    RenderedWord,
    Rendition,
    merge_silences,
    render,
)

__all__ = [
    "DEFAULT_POLICY",
    "DETECTION_FAILURES",
    "DOUBTFUL_BELOW",
    "END_OF_MEDIA_MS",
    "PRESETS",
    "SILENCE_PADDING_MS",
    "TYPES",
    "AudioUnreadable",
    "Chip",
    "DetectSettings",
    "Detection",
    "DetectionFailed",
    "Detections",
    "Dialogue",
    "DialogueInvalid",
    "HiddenTurn",
    "OwnPattern",
    "Policy",
    "PolicyUnknown",
    "PrivateType",
    "ProviderMark",
    "QuietWords",
    "RenderedTurn",
    "RenderedWord",
    "Rendition",
    "Rule",
    "Turn",
    "Word",
    "detect",
    "known_private",
    "listed",
    "marked_by_provider",
    "merge_silences",
    "only",
    "preset",
    "redact_audio",
    "render",
]
