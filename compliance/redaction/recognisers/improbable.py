"""What rules take for a private number though the model, which reads what was said around it, sees no chance of that.

Talk of doses, settings, parts and pages is full of numbers that look like identifiers or stand where one was asked for: "last gas
seven three four, thirty-eight". A hidden dose is a safety fault.
"""

from __future__ import annotations

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.numerals import Run
from compliance.redaction.recognisers.beside_labels import UNLIKELY_BESIDE_LABELS, beside_labels
from compliance.redaction.recognisers.model_entities import all_chances
from compliance.redaction.view import DialogueView

# Below this chance of being private in any way, for each of its words, a number is nobody's. Measured on 90 transcripts that the model
# had not read: of what rules find by its look or place alone and the model holds for less likely, one of a hundred is private.
IMPROBABLE = 0.05
# Of so many digits in one piece, or said one by one, a number is hidden whatever stands around it.
WHOLE = 9


def improbable(view: DialogueView, nlp: NlpEngine | None, first: int, last: int) -> bool:
    """Whether the model holds none of these tokens for private; never without its opinion of each word."""
    if nlp is None:
        return False
    chances = all_chances(view, nlp)
    # Beside the labels of an earlier pass stands what that pass left on purpose.
    limit = UNLIKELY_BESIDE_LABELS if view.tokens[first].turn in beside_labels(view) else IMPROBABLE
    told = [chances.get(place) for place in range(first, last + 1) if view.tokens[place].word]
    return bool(told) and all(chance is not None and sum(chance) - chance.medical < limit for chance in told)


def whole(run: Run) -> bool:
    """Whether a number is so long that nothing but an identifier is: "4111 1111 1111 1111", nine digits in a row."""
    return run.singles >= WHOLE or any(len(atom.value) >= WHOLE for atom in run.atoms)
