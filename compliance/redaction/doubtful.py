"""Words heard with doubt where an identifier was asked for.

The text of such a word may be wrong ("for one too") where the sound still says the number. Their text stays readable,
since it gives nothing away that a recogniser found; their sound is silenced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from compliance.redaction.detections import Detection, PrivateType, QuietWords
from compliance.redaction.dialogue import Word
from compliance.redaction.places import Spans
from compliance.redaction.questions import IDENTIFIERS, asked
from compliance.redaction.view import DialogueView

# Engines' words under this confidence are wrong about as often as right.
DOUBTFUL_BELOW: Final = 0.5
# An answer comes in the next turns, through "say that again?" and the reading back of it; what comes later is another subject.
ANSWER_TURNS: Final = 4
# What a question can ask for, and the type whose rule decides ("spell that for me" asks for a name). Digits of nobody knows
# what have no type of the portal, so every policy that hides anything unknown silences them.
_ASKED_FOR: Final = {**{kind: kind for kind in IDENTIFIERS}, "name": "name", "spell": "name", "digits": "digits"}
_SAID: Final = {
    PrivateType.SSN: "a social security number",
    PrivateType.URL: "a web address",
    PrivateType.IP_ADDRESS: "a network address",
    PrivateType.EMAIL: "an e-mail address",
    PrivateType.ADDRESS: "an address",
    "digits": "the digits of a number",
}


def quiet_words(view: DialogueView, found: Iterable[Detection]) -> Iterator[QuietWords]:
    """Runs of doubtful words in answers to questions for an identifier, where no finding hides them anyway."""
    by_turn: dict[int, list[Detection]] = {}
    for item in found:
        by_turn.setdefault(item.turn, []).append(item)
    # A service that never says how sure it is has to be taken for unsure; a word without confidence among words with one
    # was typed by a person who corrected it.
    unknown = all(word.confidence is None for turn in view.dialogue.turns for word in turn.words)
    for number in view.turns():
        words = view.dialogue.turns[number].words
        if not any(_doubtful(word, unknown) for word in words):
            continue
        types = _asked_types(view, number)
        if types:
            yield from _runs(number, words, by_turn.get(number, []), types, unknown)


def _asked_types(view: DialogueView, turn: int) -> tuple[str, ...]:
    near = [a for a in asked(view, turn) if a.direct and a.distance <= ANSWER_TURNS and a.kind in _ASKED_FOR]
    return tuple(dict.fromkeys(_ASKED_FOR[a.kind] for a in near))


def _runs(
    turn: int, words: Sequence[Word], found: Sequence[Detection], types: tuple[str, ...], unknown: bool
) -> Iterator[QuietWords]:
    named = _SAID.get(types[0]) or f"a {types[0].replace('_', ' ')}"
    hidden = Spans((item.start, item.end) for item in found)
    run: list[Word] = []
    for word in [*words, None]:
        if word is not None and _doubtful(word, unknown) and not hidden.cover(word.char_start, word.char_end):
            run.append(word)
        elif run:
            yield QuietWords(turn, tuple(w.id for w in run), types, f"heard with doubt where {named} was asked for")
            run = []


def _doubtful(word: Word, unknown: bool) -> bool:
    return unknown if word.confidence is None else word.confidence < DOUBTFUL_BELOW

