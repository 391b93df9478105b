"""``detect``: the second pass over a whole dialogue."""

from __future__ import annotations

from dataclasses import dataclass

from compliance.redaction.detections import DetectionFailed, Detections
from compliance.redaction.dialogue import Dialogue


@dataclass(frozen=True, slots=True)
class DetectSettings:
    """``time_limit`` in seconds for one transcript; None for the default, which grows with the number of words."""

    time_limit: float | None = None


def detect(dialogue: Dialogue, *, settings: DetectSettings | None = None) -> Detections:
    """Every private span of ``dialogue``.

    Raises DetectionFailed when any recogniser fails or the time limit passes; the caller then holds the transcript.
    """
    raise DetectionFailed("configuration", "No recognisers are configured.")
