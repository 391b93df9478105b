"""People's names.

Evidence comes from what stands around a word (titles, introductions, kin, questions), from what it looks like (capitals,
lists of names, spelled letters) and from the model. What is certain once is then looked for in the whole transcript.
"""

from __future__ import annotations

from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_context import NameContext, NameHit, propagate
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding


class NameRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.NAME,)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        context = NameContext(view, lexicon())
        hits: list[NameHit] = []
        for turn in view.turns():
            hits.extend(context.turn_hits(turn))
        hits.extend(propagate(context, hits))
        for hit in hits:
            first, last = view.tokens[hit.first], view.tokens[hit.last]
            value = view.text(first.turn)[first.start : last.end].lower()
            yield Finding(first.turn, first.start, last.end, PrivateType.NAME, hit.score, hit.reason, value)
