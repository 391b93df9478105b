"""Streets that end in what is inside the house: "Eleven oh nine Wyandotte, basement", "eighteen twenty pinehurst tower a"."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.recognisers.delivery import address_open
from compliance.redaction.recognisers.house_numbers import half_end, number_before, numeral, unit
from compliance.redaction.recognisers.number_looks import UNITS_AFTER
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.words import BARE_UNITS, STREET_STOP, STREET_UNITS
from compliance.redaction.view import DialogueView

MAX_NAME_WORDS = 3


def unsuffixed(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    for run in runs_by_turn(view).get(turn, ()):
        if run.letters or len(run.digits) < 2 or len(run.digits) > 6:
            continue
        place = half_end(tokens, run.last, end) + 1
        first = place
        while place < end and place - first < MAX_NAME_WORDS:
            token = tokens[place]
            low = token.low
            if not token.word or not low.isalpha() or low in STREET_STOP or low in STREET_UNITS or low in BARE_UNITS:
                break
            if low in UNITS_AFTER or numeral(token) or view.cased and not token.upper or len(low) < 3:
                break
            place += 1
        if place == first:
            continue
        last = place - 1
        inside = unit(view, last, end)
        if inside == last:
            continue
        bare = any(t.low in BARE_UNITS for t in tokens[last + 1 : inside + 1])
        known = not any(t.low in names.common and t.low not in names.last_names for t in tokens[first:place])
        if not view.cased and bare and not known and not address_open(view, turn):
            continue
        spans.append((number_before(view, first, begin), inside, 0.75, "a street"))
    return spans
