"""Presidio's analyzer for blocks with many findings: a turn of fifty thousand words may have ten thousand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerResult
from presidio_analyzer.nlp_engine import NlpArtifacts

from compliance.redaction.artifacts import ReadArtifacts
from compliance.redaction.detections import CHOSEN
from compliance.redaction.foreign import WordContext, checked
from compliance.redaction.presidio_names import portal_type
from compliance.redaction.recognisers.base import DialogueArtifacts
from compliance.redaction.spoken_patterns import spoken_results


class DialogueAnalyzer(AnalyzerEngine):
    """``AnalyzerEngine.analyze`` compares each result with each other; ``results`` is that without the square.

    Its ``context_aware_enhancer`` is a WordContext, which knows whose results have to be how good.
    """

    @property
    def context(self) -> WordContext:
        found: Any = self.context_aware_enhancer
        assert isinstance(found, WordContext)  # noqa: S101  # for the type checker: an engine makes it so
        return found

    def results(self, text: str, artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """What all recognisers find in ``text``, by score, without duplicates and what lies inside another of its type.

        Those that are not ours are told what Presidio tells them, and what they find has the portal's types.
        """
        recognisers = self.registry.get_recognizers(language="en", all_fields=True)
        entities = self.get_supported_entities(language="en")
        found: list[RecognizerResult] = []
        theirs = ReadArtifacts(text, artifacts) if isinstance(artifacts, DialogueArtifacts) else artifacts
        for recogniser in recognisers:
            foreign = recogniser.id in self.context.foreign
            if not recogniser.is_loaded:
                recogniser.load()
                recogniser.is_loaded = True
            told = theirs if foreign else artifacts
            results = recogniser.analyze(text=text, entities=entities, nlp_artifacts=told) or []
            if isinstance(recogniser, PatternRecognizer) and isinstance(artifacts, DialogueArtifacts):
                # Nobody's but an operator's: those of the portal are wrapped, and its rules read what is said themselves.
                results = [*results, *spoken_results(recogniser, entities, artifacts)]
            for result in results:
                if foreign:
                    checked(recogniser, result, len(text))
                    result.entity_type = portal_type(result.entity_type)
                known = {
                    RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recogniser.id,
                    RecognizerResult.RECOGNIZER_NAME_KEY: str(getattr(recogniser, "name", "")),
                }
                # One that wraps another says the other's name, would be taken for nobody's and its results lost.
                result.recognition_metadata = (result.recognition_metadata or {}) | known
                found.append(result)
        found = self._enhance_using_context(text, found, artifacts, recognisers, None)
        return unrepeated(result for result in found if self.context.counts(result))


def unrepeated(found: Iterable[RecognizerResult]) -> list[RecognizerResult]:
    """As ``EntityRecognizer.remove_duplicates``: the better result stays, what lies inside one of its type goes; but what
    somebody chose to hide stays beside the same from elsewhere, which a policy may show."""
    by_chance: set[RecognizerResult] = set()
    chosen: set[RecognizerResult] = set()
    for result in found:
        (chosen if CHOSEN in (result.recognition_metadata or {}).get("marks", ()) else by_chance).add(result)
    return [*_outermost(chosen), *_outermost(by_chance)]


def _outermost(found: Iterable[RecognizerResult]) -> list[RecognizerResult]:
    kept: list[RecognizerResult] = []
    # By type: where results begin and end that lie in no other; both rise.
    outer: dict[str, tuple[list[int], list[int]]] = {}
    for result in sorted(found, key=lambda r: (-r.score, r.start, r.start - r.end)):
        starts, ends = outer.setdefault(result.entity_type, ([], []))
        before = bisect_right(starts, result.start)
        if result.score == 0 or before and ends[before - 1] >= result.end:
            continue
        low = bisect_left(starts, result.start)
        high = bisect_right(ends, result.end, lo=low)
        starts[low:high], ends[low:high] = [result.start], [result.end]
        kept.append(result)
    return kept
