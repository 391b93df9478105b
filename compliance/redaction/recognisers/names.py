"""People's names.

Evidence comes from what stands around a word (titles, introductions, kin, questions), from what it looks like (capitals,
lists of names, spelled letters) and from the model. What is certain once is then looked for in the whole transcript.
"""

from __future__ import annotations

from collections.abc import Iterable

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_context import NameContext
from compliance.redaction.names_propagation import propagate, with_initials
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.model_entities import PEOPLE, model_spans
from compliance.redaction.view import DialogueView, Finding


class NameRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.NAME,)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        context = NameContext(view, lexicon())
        hits: list[NameHit] = []
        for turn in view.turns():
            hits.extend(context.turn_hits(turn))
        if self.nlp is not None:
            for first, last in model_spans(view, self.nlp, PEOPLE):
                hits.extend(context.weigh_model(first, last))
        hits.extend(propagate(context, hits))
        hits.extend(list(with_initials(context, hits)))
        for hit in hits:
            head, tail = view.tokens[hit.first], view.tokens[hit.last]
            value = view.text(head.turn)[head.start : tail.end].lower()
            yield Finding(head.turn, head.start, tail.end, PrivateType.NAME, hit.score, hit.reason, value)
