"""Presidio's pattern recognisers on what is said as it would be written: their patterns, checksums and context words as they are."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import regex
from presidio_analyzer import PatternRecognizer, RecognizerResult

from compliance.redaction.loosening import loosened
from compliance.redaction.pattern_safety import PatternRefused, compiled
from compliance.redaction.recognisers.base import DialogueArtifacts
from compliance.redaction.spoken_text import spoken

# Flags of ``regex`` that RE2 has too. Under any other nothing is left out of a pattern.
_FLAGS = {regex.IGNORECASE: "i", regex.MULTILINE: "m", regex.DOTALL: "s"}


def spoken_results(recogniser: PatternRecognizer, entities: list[str], artifacts: DialogueArtifacts) -> Iterator[RecognizerResult]:
    """What it finds in what the turns of a block say and do not write, at the words that say it."""
    expression = " ".join(pattern.regex for pattern in _patterns(recogniser))
    loose = _loose(recogniser)
    for turn, begin in zip(artifacts.turns, artifacts.starts, strict=True):
        said = spoken(artifacts.view, turn)
        for form in said.forms:
            for result in _analyzed(recogniser, form.text, entities):
                if form.says(result.start, result.end):
                    yield _placed(result, begin, form.original_span(result.start, result.end))
        for code in said.codes:
            if loose is not None and code.begins_for(expression):
                for result in _analyzed(loose, code.written.text, entities):
                    place = code.found(result.start, result.end)
                    if place is not None:
                        yield _placed(result, begin, place)


def _patterns(recogniser: PatternRecognizer) -> list[Any]:
    listed: list[Any] = getattr(recogniser, "patterns")  # noqa: B009  # whose type is nowhere said
    return listed


def _analyzed(recogniser: PatternRecognizer, text: str, entities: list[str]) -> list[RecognizerResult]:
    """Without artifacts: those there are belong to the text as it stands."""
    return recogniser.analyze(text, entities, None) or []


def _placed(result: RecognizerResult, begin: int, place: tuple[int, int]) -> RecognizerResult:
    result.start, result.end = begin + place[0], begin + place[1]
    return result


@lru_cache(maxsize=256)
def _loose(recogniser: PatternRecognizer) -> PatternRecognizer | None:
    """The recogniser with patterns without the signs that people do not say; None where it has none that RE2 can read.

    Only RE2 may read them: a repeat whose sign may be missing takes others for ever.
    """
    if type(recogniser).analyze is not PatternRecognizer.analyze:
        return None  # it reads its patterns in a way of its own
    known: Any = recogniser.global_regex_flags
    flags = regex.RegexFlag(known)
    letters = "".join(letter for flag, letter in _FLAGS.items() if flag & flags)
    if flags & ~(regex.IGNORECASE | regex.MULTILINE | regex.DOTALL | regex.VERSION0 | regex.VERSION1 | regex.UNICODE | regex.ASCII):
        return None
    patterns: list[Any] = []
    for pattern in _patterns(recogniser):
        try:
            read = compiled(loosened(pattern.regex), letters)
        except PatternRefused:
            continue
        twin = copy.copy(pattern)
        twin.compiled_regex, twin.compiled_with_flags = read, known
        patterns.append(twin)
    if not patterns:
        return None
    made = copy.copy(recogniser)
    setattr(made, "patterns", patterns)  # noqa: B010  # as above
    return made

