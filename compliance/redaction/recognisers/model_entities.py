"""Names and places that the language model finds, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding

TYPES = {"PERSON": PrivateType.NAME, "PER": PrivateType.NAME, "MEDICAL": PrivateType.MEDICAL}
# The model reads turns of at most this many characters; a longer one is read in pieces at white space.
PIECE = 5_000
BATCH = 64


def model_entities(view: DialogueView, nlp: NlpEngine) -> dict[int, list[tuple[int, int, str]]]:
    """(start, end, label) in each turn's cleaned text."""

    def make(v: DialogueView) -> dict[int, list[tuple[int, int, str]]]:
        pieces: list[tuple[int, int, str]] = []
        for turn in v.turns():
            text = v.text(turn)
            start = 0
            while start < len(text):
                end = min(len(text), start + PIECE)
                if end < len(text):
                    cut = text.rfind(" ", start, end)
                    end = cut if cut > start else end
                pieces.append((turn, start, text[start:end]))
                start = end
        found: dict[int, list[tuple[int, int, str]]] = {}
        batches: Any = nlp.process_batch((p[2] for p in pieces), language="en", batch_size=BATCH)
        for (turn, offset, _), (_, artifacts) in zip(pieces, batches, strict=True):
            for entity in artifacts.entities:
                found.setdefault(turn, []).append((offset + entity.start_char, offset + entity.end_char, entity.label_))
        return found

    return view.once("model entities", make)


class ModelRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.NAME, PrivateType.ADDRESS, PrivateType.MEDICAL)

    def __init__(self, nlp: NlpEngine) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        for turn, entities in model_entities(view, self.nlp).items():
            for start, end, label in entities:
                type_ = TYPES.get(label)
                if type_ is not None:
                    yield Finding(turn, start, end, type_, 0.6, "the language model")
