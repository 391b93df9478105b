"""Streets without their kind: with what is inside the house behind them ("Eleven oh nine Wyandotte, basement"), or with a point of the
compass before them ("nine fourteen south twenty-one hundred east", "2601 north first")."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.recognisers.crossings import ordinal_end
from compliance.redaction.recognisers.dates import NOUNS_AFTER
from compliance.redaction.recognisers.delivery import address_open
from compliance.redaction.recognisers.house_numbers import half_end, number_before, numeral, unit
from compliance.redaction.recognisers.number_looks import UNITS_AFTER
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.words import BARE_UNITS, STREET_STOP, STREET_UNITS
from compliance.redaction.view import DialogueView

MAX_NAME_WORDS = 3
POINTS = frozenset(["north", "south", "east", "west"])
MOST_DIGITS = 6  # of a house number or of a street in a grid
LEAST_DIGITS = 2  # of a house number: "two east coast boys"


def unsuffixed(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    beginning = {run.first: run for run in runs_by_turn(view).get(turn, ())}
    for run in runs_by_turn(view).get(turn, ()):
        if not _of_a_house(run):
            continue
        street = _behind_a_point(view, run, beginning, end)
        if street is not None:
            spans.append((run.first, street, 0.75, "a street"))
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


def _of_a_house(run: Run) -> bool:
    return not run.letters and LEAST_DIGITS <= len(run.digits) <= MOST_DIGITS


def _behind_a_point(view: DialogueView, run: Run, beginning: dict[int, Run], end: int) -> int | None:
    """The last token of the street whose point of the compass follows the house number."""
    tokens = view.tokens
    place = run.last + 2
    if place >= end or tokens[run.last + 1].low not in POINTS:
        return None
    street = beginning.get(place)
    if street is not None and street.last + 1 < end and tokens[street.last + 1].low in POINTS and len(street.digits) <= MOST_DIGITS:
        return street.last + 1  # streets of a grid
    ordinal = ordinal_end(tokens, place, end)
    if ordinal is None or ordinal + 1 < end and tokens[ordinal + 1].low in NOUNS_AFTER - {"street", "avenue"}:
        return None
    return ordinal
