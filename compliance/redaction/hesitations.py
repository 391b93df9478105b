"""Where somebody hesitates in the midst of a number, a date or a name: "March twenty um fifth", "oh uh one nine five"."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_words import DAYS
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS
from compliance.redaction.recognisers.house_numbers import numeral
from compliance.redaction.recognisers.words import STREETS
from compliance.redaction.spoken_parts import HESITATIONS
from compliance.redaction.view import DialogueView, Token

LONGEST_LETTERS = 4  # of a plate, as one word
_SIGNS = frozenset([",", "...", "-"])
_AFTER_PLACES = STREETS | {"city", "county"}


def hesitations(view: DialogueView, turn: int) -> list[tuple[int, int]]:
    """(start, end) of the hesitations of a turn that have parts of one detail, perhaps, on both sides, with the signs around them."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    found: list[tuple[int, int]] = []
    place = begin + 1
    while place < end - 1:
        if tokens[place].low not in HESITATIONS:
            place += 1
            continue
        before, after = place - 1, place + 1
        while before > begin and tokens[before].text in _SIGNS:
            before -= 1
        while after < end and (tokens[after].text in _SIGNS or tokens[after].low in HESITATIONS):
            after += 1
        if after < end and _one_detail(view, begin, before, after):
            found.append((tokens[before].end, tokens[after].start))
        place = after
    return found


def _one_detail(view: DialogueView, begin: int, before: int, after: int) -> bool:
    one, two = view.tokens[before], view.tokens[after]
    if one.text == ".":  # "A. uh, Rich"
        return view.cased and before > begin and len(view.tokens[before - 1].text) == 1 and view.tokens[before - 1].upper and two.upper
    if _piece(one) and _piece(two):
        return not (one.low == two.low == "of")
    if len(one.low) == len(two.low) == 1 and one.low.isalpha() and two.low.isalpha():
        return True  # "t r a uh n"
    if one.low.isdigit() and two.low.isalpha() and len(two.low) <= LONGEST_LETTERS and two.low not in lexicon().ordinary:
        return True  # "tk 519 um adr"
    if view.cased and not (one.upper and two.upper and not one.first):
        return False
    named = two.low in _AFTER_PLACES and one.low.isalpha() and len(one.low) > 2 and one.low not in DAYS
    return named or view.cased and one.low.isalpha() and two.low.isalpha() and len(two.low) > 1


def _piece(token: Token) -> bool:
    low = token.low
    return numeral(token) or low in ORDINALS or low in MONTHS or low == "of" or len(low) == 1 and low.isalpha() and low not in ("i", "a")
