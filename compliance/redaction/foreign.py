"""Recognisers that are not the portal's own: from Presidio's YAML and from installed packages.

They are read as Presidio reads them, by score and context words, except that nothing of theirs may open a socket, and that
a pattern which takes too long fails the pass: Presidio logs that and goes on, and what it would have found would be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Any

import regex
from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult, RemoteRecognizer
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from compliance.redaction.context_words import near, phrases_of
from compliance.redaction.detections import DetectionFailed
from compliance.redaction.recognisers.base import DialogueArtifacts

ENTRY_POINTS = "sealscript.recognisers"
# Scores of Presidio's weak patterns (0.01 to 0.3) mean "only beside a context word", which raises them to 0.4 at least. What
# stays below this was not meant to count: a four-digit number is no badge because somebody has badges of four digits.
FLOOR = 0.35
# What a context word adds, and what it gives at least: Presidio's own defaults.
CONTEXT_GAIN = 0.35
CONTEXT_SCORE = 0.4
# For one pattern and one block of turns; the slowest that are sane take some milliseconds.
SECONDS_A_BLOCK = 10.0


@dataclass(frozen=True, slots=True)
class Foreign:
    """A recogniser and where it comes from: the file, or an entry point's name."""

    recogniser: EntityRecognizer
    origin: str

    @property
    def name(self) -> str:
        return str(getattr(self.recogniser, "name", ""))


def from_entry_points() -> list[Foreign]:
    """What installed packages offer: each entry point is a callable that makes a recogniser."""
    return [Foreign(_safe(point.load()()), f"entry point {point.name}") for point in metadata.entry_points(group=ENTRY_POINTS)]


def from_file(path: str | None) -> list[Foreign]:
    """What an operator wrote in Presidio's YAML."""
    if path is None:
        return []
    made: Any = RecognizerRegistryProvider(conf_file=path).create_recognizer_registry()
    return [Foreign(_safe(recogniser), "file") for recogniser in made.recognizers]


def _safe(recogniser: EntityRecognizer) -> EntityRecognizer:
    """Raises DetectionFailed for what is no recogniser, or one that would open a socket."""
    if not isinstance(recogniser, EntityRecognizer):
        raise DetectionFailed("configuration", f"{type(recogniser).__name__} is not a Presidio EntityRecognizer.")
    if isinstance(recogniser, RemoteRecognizer | EmailRecognizer):
        raise DetectionFailed("configuration", f"{type(recogniser).__name__} would open a connection, which the pass may not.")
    if isinstance(recogniser, PatternRecognizer):
        listed: list[Any] = getattr(recogniser, "patterns")  # noqa: B009  # whose type is nowhere said
        for pattern in listed:
            # Presidio compiles what is not compiled yet for these flags, so this one stays.
            pattern.compiled_regex = _Held(regex.compile(pattern.regex, recogniser.global_regex_flags))
            pattern.compiled_with_flags = recogniser.global_regex_flags
    return recogniser


class _Held:
    """A compiled pattern whose time limit is an error that Presidio does not swallow."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)

    def finditer(self, text: str, **_: Any) -> Iterator[Any]:
        try:
            yield from self._compiled.finditer(text, timeout=SECONDS_A_BLOCK)
        except TimeoutError:
            raise DetectionFailed("time_limit", "A pattern of the recogniser file takes too long.") from None


class WordContext(ContextAwareEnhancer):
    """Presidio's context words for recognisers that are not ours, by the words of the turn and the question before it.

    Presidio's own looks for lemmas in a spaCy document of the text, which no block of turns has. Our recognisers read the
    dialogue themselves.
    """

    def __init__(self, foreign: Collection[str]) -> None:
        super().__init__(
            context_similarity_factor=CONTEXT_GAIN,
            min_score_with_context_similarity=CONTEXT_SCORE,
            context_prefix_count=0,
            context_suffix_count=0,
        )
        self.foreign = frozenset(foreign)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        if not self.foreign or not isinstance(nlp_artifacts, DialogueArtifacts):
            return raw_results
        wanted = {r.id: phrases_of(r.context) for r in recognizers if r.id in self.foreign and r.context}
        for result in raw_results:
            known = result.recognition_metadata or {}
            phrases = wanted.get(known.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""))
            if not phrases or known.get(RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY):
                continue
            turn, start = nlp_artifacts.place(result.start)
            if near(nlp_artifacts.view, turn, start, start + result.end - result.start, phrases):
                result.score = min(1.0, max(result.score + self.context_similarity_factor, self.min_score_with_context_similarity))
        return raw_results

    def counts(self, result: RecognizerResult) -> bool:
        """Whether a result is good enough: ours always are."""
        known = result.recognition_metadata or {}
        return result.score >= FLOOR or known.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY) not in self.foreign
