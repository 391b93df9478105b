"""Names and places that the language model finds. It reads windows of turns, since it was trained on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding

PEOPLE = frozenset(["PERSON", "PER"])
PLACES = frozenset(["LOCATION", "LOC", "GPE", "FAC"])
MEDICAL = frozenset(["MEDICAL", "DISEASE", "DRUG"])
# A window is this many turns or characters; each begins with the last turns of the one before, as context.
WINDOW_TURNS = 8
WINDOW_CHARACTERS = 2_000
CONTEXT_TURNS = 2
BATCH = 64
# A turn longer than this is read in pieces at white space.
PIECE = 5_000


def model_entities(view: DialogueView, nlp: NlpEngine) -> dict[int, list[tuple[int, int, str]]]:
    """(start, end, label) in each turn's cleaned text."""

    def make(v: DialogueView) -> dict[int, list[tuple[int, int, str]]]:
        windows = list(_windows(v))
        found: dict[int, list[tuple[int, int, str]]] = {}
        texts = ("\n".join(piece for _, _, piece, _ in window) for window in windows)
        batches: Any = nlp.process_batch(texts, language="en", batch_size=BATCH)
        for window, (_, artifacts) in zip(windows, batches, strict=True):
            starts: list[int] = []
            at = 0
            for _, _, piece, _ in window:
                starts.append(at)
                at += len(piece) + 1
            for entity in artifacts.entities:
                for (turn, offset, piece, context), start in zip(window, starts, strict=True):
                    low, high = max(entity.start_char, start), min(entity.end_char, start + len(piece))
                    if low < high and not context:
                        found.setdefault(turn, []).append((offset + low - start, offset + high - start, entity.label_))
        return found

    return view.once("model entities", make)


def _windows(view: DialogueView) -> Iterator[list[tuple[int, int, str, bool]]]:
    """Lists of (turn, offset in it, text, whether only for context)."""
    window: list[tuple[int, int, str, bool]] = []
    size = fresh = 0
    for turn in view.turns():
        text = view.text(turn)
        start = 0
        while start < len(text):
            end = min(len(text), start + PIECE)
            if end < len(text):
                cut = text.rfind(" ", start, end)
                end = cut if cut > start else end
            if fresh and (fresh >= WINDOW_TURNS or size + end - start > WINDOW_CHARACTERS):
                yield window
                window = [(t, o, p, True) for t, o, p, _ in window[-CONTEXT_TURNS:] if len(p) < WINDOW_CHARACTERS // 4]
                size = sum(len(p) for _, _, p, _ in window)
                fresh = 0
            window.append((turn, start, text[start:end], False))
            size += end - start
            fresh += 1
            start = end
    if fresh:
        yield window


class ModelRecogniser(DialogueRecogniser):
    """What else a configured model marks; names and places go through the recognisers that weigh them."""

    ENTITIES = (PrivateType.MEDICAL,)

    def __init__(self, nlp: NlpEngine) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        for turn, entities in model_entities(view, self.nlp).items():
            for start, end, label in entities:
                if label in MEDICAL:
                    yield Finding(turn, start, end, PrivateType.MEDICAL, 0.6, "the language model")


def model_spans(view: DialogueView, nlp: NlpEngine, labels: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The model's entities with one of these labels as (first, last) token of the dialogue."""
    for turn, entities in sorted(model_entities(view, nlp).items()):
        begin, end = view.bounds[turn]
        starts = [t.start for t in view.tokens[begin:end]]
        for low, high, label in entities:
            if label in labels:
                first = begin + max(0, bisect_right(starts, low) - 1)
                if first < end and view.tokens[first].end <= low:
                    first += 1
                last = begin + bisect_left(starts, high) - 1
                if begin <= first <= last < end:
                    yield first, last
