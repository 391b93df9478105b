"""What commands read with: the model and the recognisers of this portal's settings, or others by their arguments."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from compliance.redaction import DetectSettings


def add_arguments(parser: CommandParser) -> None:
    parser.add_argument(
        "--model",
        help="an installed spaCy pipeline, a path or Presidio's YAML, instead of REDACTION_MODEL; '' for the packaged one",
    )
    parser.add_argument(
        "--recognisers", help="a file of recognisers in Presidio's YAML, instead of REDACTION_RECOGNISERS; '' for none"
    )


def detect_settings(options: dict[str, Any]) -> DetectSettings:
    model, recognisers = options["model"], options["recognisers"]
    return DetectSettings(
        model=(settings.REDACTION_MODEL if model is None else model) or None,
        recogniser_file=(settings.REDACTION_RECOGNISERS if recognisers is None else recognisers) or None,
    )
