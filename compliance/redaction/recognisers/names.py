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
from compliance.redaction.written import TENS, UNITS


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
            yield Finding(head.turn, head.start, tail.end, PrivateType.NAME, hit.score, hit.reason, value, _marks(view, hit))


CHILD = frozenset(
    """son daughter kid kids child children baby boy girl toddler infant newborn grandson granddaughter grandchild niece nephew stepson
    stepdaughter godson godchild twins minor student pupil""".split()
)
ADULT_AGE = 18


def _marks(view: DialogueView, hit: NameHit) -> tuple[str, ...]:
    """``minor`` for somebody called a child or said to be under 18: Fed. R. Civ. P. 5.2(a)(3) wants initials. A grown-up
    son is taken for a minor too, unless an age says otherwise: too much is hidden then, not too little."""
    tokens = view.tokens
    begin, end = view.bounds[tokens[hit.first].turn]
    after = [t.low for t in tokens[hit.last + 1 : min(end, hit.last + 6)]]
    for place, word in enumerate(after):
        years = _years(word)
        if years is not None and (place == 0 or after[place - 1] in ("is", "was", "'s", ",", "just", "turned", "only", "now", "age", "aged", "he's", "she's")):
            return ("minor",) if years < ADULT_AGE else ()
    before = {t.low for t in tokens[max(begin, hit.first - 4) : hit.first]}
    return ("minor",) if before & CHILD else ()


def _years(word: str) -> int | None:
    if word.isdigit() and len(word) <= 3:
        return int(word)
    return UNITS.get(word, TENS.get(word)) if word not in ("o", "oh") else None
