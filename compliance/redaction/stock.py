"""Presidio as it comes, to measure beside: its own recognisers and the same model, one turn at a time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry, RecognizerResult
from presidio_analyzer.predefined_recognizers import EmailRecognizer

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.nlp import nlp_engine
from compliance.redaction.recognisers.patterns import EXTRACT

LEAST = 0.3  # Presidio's own results below it are guesses without a context word
BATCH = 64


class OfflineEmailRecognizer(EmailRecognizer):
    """Presidio's, with the list of domains in the package instead of one fetched from the network."""

    def validate_result(self, pattern_text: str) -> bool:
        return bool(EXTRACT(pattern_text).fqdn)


@cache
def stock_analyzer(model: str | None = None) -> AnalyzerEngine:
    nlp, _ = nlp_engine(model)
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    registry.remove_recognizer("EmailRecognizer")
    registry.add_recognizer(OfflineEmailRecognizer())
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


def stock_spans(dialogue: Dialogue, model: str | None = None) -> list[list[tuple[int, int]]]:
    """What stock Presidio would hide, a list a turn (its scores above zero; organizations left alone)."""
    analyzer: Any = stock_analyzer(model)
    return [_spans(analyzer.analyze(turn.text, language="en", score_threshold=LEAST)) for turn in dialogue.turns]


def stock_spans_in_batches(dialogue: Dialogue, model: str | None = None) -> list[list[tuple[int, int]]]:
    """As ``stock_spans``, with the model reading many turns at once: Presidio's ``BatchAnalyzerEngine``."""
    batches = BatchAnalyzerEngine(stock_analyzer(model))
    texts = [turn.text for turn in dialogue.turns]
    found = batches.analyze_iterator(texts, language="en", batch_size=BATCH, score_threshold=LEAST)
    return [_spans(results) for results in found]


def _spans(results: Iterable[RecognizerResult]) -> list[tuple[int, int]]:
    return [(r.start, r.end) for r in results if r.entity_type not in ("ORGANIZATION", "NRP")]
