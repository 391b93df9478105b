"""Which utterances are in a language that the recognisers do not cover."""

from __future__ import annotations

from compliance.redaction.dialogue import Turn

COVERED = frozenset(["en"])


def uncovered_language(turn: Turn, transcript_language: str | None) -> str | None:
    """The language code when the turn is not in a covered one ("" where it has no name), else None."""
    language = (turn.language or transcript_language or "en").replace("_", "-").split("-")[0].lower()
    if language not in COVERED:
        return language
    return None
