"""The numbers of houses and what is inside them: apartments, floors, lots; "six and a half", "d as in dog"."""

from __future__ import annotations

import re

from compliance.redaction.recognisers.words import BARE_UNITS, STREET_UNITS
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS, number_word

MAX_NUMBER_TOKENS = 8
WITHIN_HOUSES = BARE_UNITS | frozenset("upper lower front back left right top bottom garden side middle carriage guest".split())
DWELLINGS = frozenset("apartment apt unit flat floor cottage house suite duplex half side level studio room".split())
FLOORS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth ground top".split())
_HALVES = frozenset(["upper", "lower"])  # of a house with two homes


def numeral(token: Token) -> bool:
    return number_word(token.low)


def number_before(view: DialogueView, place: int, begin: int) -> int:
    """First token of the house number that ends before ``place``; ``place`` itself when there is none."""
    tokens = view.tokens
    first = place
    half = [t.low for t in tokens[max(begin, place - 3) : place]]
    if half in (["and", "a", "half"], ["1", "/", "2"]) and place - 4 >= begin and numeral(tokens[place - 4]):
        first = place - 3
    while first > begin:
        token = tokens[first - 1]
        low = token.low
        if (
            low.isdigit()
            or low in UNITS
            or low in TENS
            or low in ("hundred", "thousand", "double", "triple")
            or token.text in ("-", ",")
            and first < place
            and first - 1 > begin
            and numeral(tokens[first - 2])
            or re.fullmatch(r"\d+[a-z]?", low)
            or re.fullmatch(r"[nsew]\d+", low)
        ):
            first -= 1
        else:
            break
        if place - first > 10:
            break
    while first < place and not tokens[first].word:
        first += 1
    return _other_of_two(tokens, first, place, begin)


def _other_of_two(tokens: list[Token], first: int, place: int, begin: int) -> int:
    """ "four eighteen and four twenty quarry street": two doors of one street, said in the same way."""
    size = place - first
    other = first - 1 - size
    if size < 1 or other < begin or tokens[first - 1].low not in ("and", "or"):
        return first
    long = size > 1 or len(tokens[other].low) > 1 and tokens[other].low.isdigit()
    same = all(numeral(t) and t.low not in ("and", "or") for t in tokens[other : other + size])
    alone = other == begin or not numeral(tokens[other - 1])
    return other if long and same and alone else first


def leading_unit(view: DialogueView, first: int, begin: int) -> int:
    """ "Flat two, forty Albert Mews": the unit said before the house number."""
    tokens = view.tokens
    place = first - 1
    if place > begin and tokens[place].text == ",":
        place -= 1
    taken = place
    while taken > begin and place - taken < 4 and unit_value(tokens[taken]):
        taken -= 1
    if taken >= begin and tokens[taken].low in STREET_UNITS and not (tokens[taken].first and tokens[taken + 1].text == "."):
        return taken
    return first


def value_end(tokens: list[Token], place: int, end: int) -> int | None:
    """The last token of the number or letter that begins here: "one oh three", "thirty-one B", "d as in dog", "6 1/2"."""
    step = place
    if step < end and tokens[step].low in ("number", "#", "no", "num"):
        step += 1
        if step < end and tokens[step].text == ".":
            step += 1
    if step == place and step + 1 < end and tokens[step].text in (".", ",") and numeral(tokens[step + 1]):
        step += 1  # "a new unit. Fourteen A."
    last = None
    while step < end and step - place < MAX_NUMBER_TOKENS:
        token = tokens[step]
        counted = numeral(token) or token.low in ("hundred", "thousand", "double", "triple")
        if counted or re.fullmatch(r"\d{1,6}[a-z]?|[a-z]\d{1,5}", token.low):
            last = step
        elif not (token.text in ("-", "/") and last is not None and step + 1 < end and numeral(tokens[step + 1])):
            break
        step += 1
    last = half_end(tokens, last, end) if last is not None else None
    letter = (last if last is not None else step - 1) + 1
    if letter < end and tokens[letter].text == "-" and last is not None:
        letter += 1
    if letter < end and len(tokens[letter].low) == 1 and tokens[letter].low.isalpha():
        named = letter + 1 < end and tokens[letter + 1].low in ("as", "for", "like")
        closed = letter + 1 >= end or not tokens[letter + 1].word
        lone = ("i",) if last is not None else ("a", "i")  # "apartment six a" is a door, "unit a person" is not
        if named or tokens[letter].upper or closed or tokens[letter].low not in lone:
            return as_in(tokens, letter, end)
    return last


def half_end(tokens: list[Token], last: int, end: int) -> int:
    """ "and a half" or "1/2" after a number, taken along."""
    following = [t.low for t in tokens[last + 1 : min(end, last + 4)]]
    if following == ["and", "a", "half"]:
        return last + 3
    return last


def as_in(tokens: list[Token], letter: int, end: int) -> int:
    """The end of "as in dog" after a letter; the letter itself without it."""
    following = [t.low for t in tokens[letter + 1 : min(end, letter + 5)]]
    if following[:1] == [","]:
        inner = following[1:]
        step = letter + 1
    else:
        inner, step = following, letter
    if inner[:2] == ["as", "in"] and len(inner) > 2 and inner[2].isalpha():
        return step + 3
    if inner[:1] in (["like"], ["for"]) and len(inner) > 1 and inner[1].isalpha() and len(inner[1]) > 2:
        return step + 2
    return letter


def unit(view: DialogueView, last: int, end: int) -> int:
    """Apartment, floor, suite after the street."""
    tokens = view.tokens
    place = last + 1
    best = last
    for _ in range(3):
        while place < end and (tokens[place].text in (",", ".") or tokens[place].low in ("uh", "um", "and", "now")):
            if tokens[place].text == "." and place + 1 < end and tokens[place + 1].low not in STREET_UNITS | BARE_UNITS:
                return best
            place += 1
        if place >= end:
            return best
        low = tokens[place].low
        if low in (
            "northwest",
            "northeast",
            "southwest",
            "southeast",
            "north",
            "south",
            "east",
            "west",
            "n",
            "s",
            "e",
            "w",
            "nw",
            "ne",
            "sw",
            "se",
        ):
            best = place
            place += 1
            continue
        dwelling = dwelling_end(tokens, place, end) or _asked_half(tokens, place, end)
        if dwelling is not None:
            numbered = dwelling + 1 < end and tokens[dwelling + 1].low in ("number", "#")
            taken = value_end(tokens, dwelling + 1, end) if numbered else None
            best = dwelling if taken is None else taken
            place = best + 1
            continue
        half = low in _HALVES and tokens[place - 1].text == "," and (place + 1 >= end or not tokens[place + 1].word)
        if low in BARE_UNITS or half:  # "Mettler Street, upper"
            best = place
            place += 1
            continue
        if low in STREET_UNITS or tokens[place].text == "#":
            taken = value_end(tokens, place + 1, end)
            if taken is not None:
                best = taken
                place = taken + 1
                continue
            return best
        if low == "the" and place + 2 < end and tokens[place + 2].low == "floor":
            place += 1
            low = tokens[place].low
        if (
            (low in FLOORS or re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", low))
            and place + 1 < end
            and tokens[place + 1].low == "floor"
        ):
            best = place + 1
            if best + 1 < end and tokens[best + 1].low in ("rear", "front"):
                best += 1
            place = best + 1
            continue
        return best
    return best


def dwelling_end(tokens: list[Token], place: int, end: int) -> int | None:
    """ "the rear cottage", "basement apartment", "upstairs unit": the last token of a home named by where it is in a house."""
    step = place + 1 if tokens[place].low == "the" else place
    if step + 1 < end and tokens[step].low in WITHIN_HOUSES and tokens[step + 1].low in DWELLINGS:
        return step + 1
    if step == place or step >= end:
        return None
    return step if tokens[step].low in BARE_UNITS or tokens[step].low in _HALVES and _closed(tokens, step, end) else None


def _asked_half(tokens: list[Token], place: int, end: int) -> int | None:
    """ "1109 Sherburne Avenue, is it the upper?" """
    said = [t.low for t in tokens[place : min(end, place + 4)]]
    asked = said[:3] == ["is", "it", "the"] and said[3:] and said[3] in _HALVES
    return place + 3 if asked and _closed(tokens, place + 3, end) else None


def _closed(tokens: list[Token], place: int, end: int) -> bool:
    return place + 1 >= end or not tokens[place + 1].word


def unit_value(token: Token) -> bool:
    return (
        numeral(token)
        or (len(token.low) == 1 and token.low.isalpha())
        or bool(re.fullmatch(r"\d{0,5}[a-z]?\d{0,4}", token.low))
    )
