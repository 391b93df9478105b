"""Places that the model is sure of, whatever lists say: each with what belongs to it, but none that is a time of day or a firm's."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from compliance.redaction.measures import SETTINGS, is_measure, nearest_before
from compliance.redaction.names_words import FUNCTION
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.recognisers.beside_labels import beside_labels
from compliance.redaction.recognisers.lands import lands_named
from compliance.redaction.recognisers.number_looks import clock
from compliance.redaction.recognisers.second_opinion import AS_GOOD_AS_TOLD, CERTAIN, NUMERALS
from compliance.redaction.recognisers.surroundings import LONGEST_VITAL, VITAL_REACH, vital_told
from compliance.redaction.recognisers.words import DIRECTIONS, NATIONS, ORG_WORDS, STATES
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS

# From this chance on a word is a place without other evidence.
LIKELY_PLACE = 0.7
LIKELY_NUMBER_OF_PLACE = 0.8  # numbers alone, which may be doses
SURE_OF_LAND = 0.94  # a lake, a bridge, each word of it
# Beside a place, a word is part of it from this chance on, and a word or sign that links two parts from this.
PLACE_GOES_ON = 0.5
LINK = 0.25

LAND = frozenset("city county township parish borough river lake island valley creek bay beach canyon falls springs forest harbor park bridge".split())
# What stands between two parts of one place: "south nineteenth and yakima", "the deli on fulton at mercer".
LINKS = frozenset("and at on in by near off of".split())


def likely_places(view: DialogueView, chances: dict[int, tuple[float, float]], turn: int) -> Iterator[tuple[int, int]]:
    """(first, last) token of what the model is sure is a place below a state, whatever lists say."""
    if turn in beside_labels(view):
        return
    for first, last in _rows_of_places(view, chances, turn):
        named = any(t.word and not (t.low in NUMERALS or t.low[0].isdigit()) for t in view.tokens[first : last + 1])
        if max(_place(chances, place) for place in range(first, last + 1)) < (LIKELY_PLACE if named else LIKELY_NUMBER_OF_PLACE):
            continue
        if _time_or_vital(view, first, last):
            continue
        # A center or a school is an organization, not where somebody lives; a lake may be.
        of_land = first < last and view.tokens[last].low in LAND and _sure_place(chances, first, last)
        if view.tokens[last].low not in ORG_WORDS or view.tokens[first].low[0].isdigit() or of_land:
            yield first, last


def _time_or_vital(view: DialogueView, first: int, last: int) -> bool:
    """ "he left at five oh eight", "her pressure went from one two oh to one four oh": nothing but a time of day or what was measured."""
    turn = view.tokens[first].turn
    begin, end = view.bounds[turn]
    runs = runs_by_turn(view).get(turn, [])
    at = bisect_left(runs, first, key=lambda run: run.first)
    if at == len(runs) or runs[at].first != first or runs[at].last != last:
        return False
    before, after = view.tokens[first - 1] if first > begin else None, view.tokens[last + 1] if last + 1 < end else None
    return clock(view, runs[at], before, after) or vital_told(view, runs[at])


def set_or_measured(view: DialogueView, first: int, last: int) -> bool:
    """ "norepi point one two": nothing but what is measured or given, numbers and "point"."""
    said = [t for t in view.tokens[first : last + 1] if t.word]
    begin = view.bounds[view.tokens[first].turn][0]
    numbers = [t for t in said if t.low in NUMERALS or t.low[0].isdigit() or t.low == "point"]
    rest = [t for t in said if t not in numbers]
    if rest and not numbers:
        return all(t.low in SETTINGS for t in rest)
    if not numbers or any(len(t.low) > LONGEST_VITAL for t in numbers if t.low.isdigit()):
        return False
    pointed = any(t.low == "point" for t in numbers) or any(is_measure(view, t) for t in rest)
    return all(is_measure(view, t) or t.low in ("at", "of", "on", "and") for t in rest) and (
        pointed or nearest_before(view, first, begin, VITAL_REACH) is not None
    )


def _rows_of_places(view: DialogueView, chances: dict[int, tuple[float, float]], turn: int) -> Iterator[tuple[int, int]]:
    """(first, last) token of each row of words that are rather a place than not, with what links them."""
    row: list[int] = []  # the first and the last token
    crossed = False  # "montgomery and juan tabo": streets may be called after people
    for place in range(*view.bounds[turn]):
        token = view.tokens[place]
        person, told = chances.get(place, (0.0, 0.0))
        told += person if crossed else 0.0
        goes_on = bool(row) and told >= CERTAIN  # "Mettler Street, upper"
        if token.word and told >= PLACE_GOES_ON and (goes_on or _said(view, token, told)) and not _land(view, token, told, row):
            row = [row[0] if row else place, place]
        elif row and token.low == "and" and told >= PLACE_GOES_ON:
            crossed = True
        elif row and not (told >= LINK and (not token.word or token.low in LINKS)):
            yield row[0], row[1]
            row, crossed = [], False
    if row:
        yield row[0], row[1]


def _said(view: DialogueView, token: Token, told: float) -> bool:
    """Whether a word may be part of an address as it is written, or the model is as good as certain: "It's got to say upper"."""
    return not view.cased or _written(token) or told >= AS_GOOD_AS_TOLD and token.low not in FUNCTION


def _land(view: DialogueView, token: Token, told: float, row: list[int]) -> bool:
    """Whether a word is a state's or a nation's, and no street's: "over on south quaker by the gym"."""
    if token.low in STATES or token.low not in NATIONS:
        return token.low in STATES
    return not (told >= AS_GOOD_AS_TOLD and row and view.tokens[row[1]].low in DIRECTIONS and token.index not in lands_named(view))


def crossing(view: DialogueView, chances: dict[int, tuple[float, float]], first: int, last: int) -> bool:
    """ "montgomery and juan tabo": the model holds the "and" for a part of the place."""
    inside = (place for place in range(first + 1, last) if view.tokens[place].low == "and")
    return any(_place(chances, place) >= PLACE_GOES_ON for place in inside)


def _place(chances: dict[int, tuple[float, float]], place: int) -> float:
    return chances.get(place, (0.0, 0.0))[1]


def _sure_place(chances: dict[int, tuple[float, float]], first: int, last: int) -> bool:
    return all(chances.get(place, (0.0, 0.0))[1] >= SURE_OF_LAND for place in range(first, last + 1))


def _written(token: Token) -> bool:
    """Whether a word may be part of an address where capitals are told apart: "three eighty-one" has none."""
    return token.upper or token.low[0].isdigit() or token.low in NUMERALS or token.low in REPEATS
