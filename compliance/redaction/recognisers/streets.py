"""Streets, house numbers and units in what people say."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.house_numbers import leading_unit, number_before, numeral, unit
from compliance.redaction.recognisers.words import (
    DIRECTIONS,
    NATIONS,
    ORG_WORDS,
    STREET_STOP,
    STREETS,
    TITLES,
    UNIT_WORDS,
    WEAK_STREETS,
)
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

MAX_STREET_WORDS = 4
Span = tuple[int, int, float, str]
_ORGANISATIONS = frozenset("hospital clinic school university college church carolina dakota korea africa america".split())


def streets(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    place = begin
    while place < end:
        low = tokens[place].low
        if (low in STREETS or low in WEAK_STREETS) and place > begin:
            span = street_ending(view, place, begin, end) if low in STREETS else weak_ending(view, place, begin)
            if span is not None:
                first, last = span
                first = leading_unit(view, first, begin)
                last = unit(view, last, end)
                spans.append((first, last, 0.85, "a street"))
                place = last + 1
                continue
        if low in DIRECTIONS and view.cased and tokens[place].upper and place + 1 < end:
            # "on South Lamar", "5507 North Winthrop"
            first = number_before(view, place, begin)
            following = tokens[place + 1]
            numbered = first < place
            if (
                following.upper
                and following.low not in NATIONS
                and following.low not in STREETS
                and (numbered or (place > begin and tokens[place - 1].low in ("on", "off", "at", "near", "and", "down", "up")))
            ):
                last = place + 1
                while last + 1 < end and tokens[last + 1].upper and tokens[last + 1].low in STREETS:
                    last += 1
                if not any(t.low in _ORGANISATIONS for t in tokens[last + 1 : last + 3]):
                    spans.append((first, unit(view, last, end), 0.75, "a street"))
                    place = last + 1
                    continue
        place += 1
    return spans


def street_ending(view: DialogueView, suffix: int, begin: int, end: int) -> tuple[int, int] | None:
    """The street whose last word (Road, Lane, ...) stands at ``suffix``."""
    tokens = view.tokens
    low = tokens[suffix].low
    cased = view.cased
    first = suffix
    words = 0
    while first > begin and words < MAX_STREET_WORDS:
        token = tokens[first - 1]
        if not token.word:
            if token.text == "." and first - 2 >= begin and len(tokens[first - 2].low) <= 2 and tokens[first - 2].word:
                first -= 1
                continue
            if token.text == "-" and token.end == tokens[first].start and first - 2 >= begin and tokens[first - 2].word:
                first -= 1
                continue
            break
        if token.low in STREET_STOP and not (
            token.upper and not token.first and words == 0 and token.low not in ("the", "a", "my", "that", "this")
        ):
            break
        counted = numeral(token)
        if counted and words and not (token.low in TENS or token.low in UNITS) or token.low == "hundred":
            break
        if counted and words:
            # "twelve twelve gray goose lane": what is left of the name is its number
            break
        if cased and not token.upper and not counted and not token.low[0].isdigit():
            break
        first -= 1
        words += 1
    if words == 0:
        return None
    name = [t for t in tokens[first:suffix] if t.word]
    number = number_before(view, first, begin)
    numbered = number < first
    if not name:
        return None
    if all(numeral(t) for t in name):
        return None
    if low == "point" and suffix + 1 < end and numeral(tokens[suffix + 1]):
        return None  # "one six lactate two point two"
    if low == "dr" and not cased and suffix + 1 < end and tokens[suffix + 1].low not in UNIT_WORDS:
        return None  # "down 2 since dr vasquez"
    if not numbered and name[0].low in TITLES and len(name) == 1:
        return None  # "Trooper Lane"
    if numbered:
        if (
            low
            in (
                "way",
                "place",
                "court",
                "run",
                "pass",
                "point",
                "park",
                "circle",
                "square",
                "trail",
                "path",
                "row",
                "walk",
            )
            and not cased
        ):
            digits = [t for t in tokens[number:first] if t.word]
            if len(digits) < 2 and not digits[0].low.isdigit():
                return None
        return number, suffix
    known = low in (
        "street",
        "avenue",
        "road",
        "boulevard",
        "lane",
        "drive",
        "terrace",
        "parkway",
        "turnpike",
        "st",
        "ave",
        "rd",
        "blvd",
        "ln",
        "dr",
    )
    if cased:
        if not tokens[suffix].upper:
            return None
        if low in (
            "court",
            "park",
            "square",
            "point",
            "way",
            "place",
            "run",
            "pass",
            "walk",
            "row",
            "st",
            "dr",
            "circle",
        ) and any(
            t.low
            in (
                "supreme",
                "superior",
                "district",
                "circuit",
                "federal",
                "county",
                "appeals",
                "probate",
                "family",
                "no",
                "traffic",
                "small",
            )
            for t in name
        ):
            return None
        if low in ("dr", "st"):
            dotted = suffix + 2 < end and tokens[suffix + 1].text == "." and tokens[suffix + 2].upper
            if dotted:
                return None
            return None if suffix + 1 < end and tokens[suffix + 1].upper else (first, suffix)
        return first, suffix
    before = tokens[first - 1].low if first > begin else ""
    if name[0].low in _KINDS and (low == "road" or name[0].low in ("cross", "side")):
        return None
    if (
        known
        and low not in ("drive", "st", "dr")
        and not all(t.low in lexicon().common and t.low not in lexicon().last_names for t in name)
    ):
        return first, suffix
    if (
        known
        and before in ("on", "off", "at", "down", "from", "near", "to")
        and len(name) <= 3
        and low not in ("drive", "st", "dr")
    ):
        generic = ("the", "this", "that", "main", "side", "same", "back", "dirt", "gravel", "country", "next", "busy")
        return None if name[0].low in generic and name[0].low != "main" else (first, suffix)
    return None


# "the county road", "a cross street": kinds of roads, not the names of any.
_KINDS = frozenset("state county cross side main service access frontage gravel dirt private public back country city town".split())


def weak_ending(view: DialogueView, suffix: int, begin: int) -> tuple[int, int] | None:
    """ "nine Fern Close": a street whose last word is an ordinary noun needs its house number."""
    tokens = view.tokens
    first = suffix
    while first > begin and suffix - first < MAX_STREET_WORDS:
        token = tokens[first - 1]
        if not token.word or token.low in STREET_STOP or numeral(token) or (view.cased and not token.upper):
            break
        first -= 1
    number = number_before(view, first, begin)
    if first == suffix or view.cased and not tokens[suffix].upper:
        return None
    if number == first:
        before = tokens[first - 1].low if first > begin else ""
        lone = view.cased and before in ("on", "off", "along") and suffix - first == 1 and tokens[first].low not in ORG_WORDS
        return (first, suffix) if lone else None
    said = [t for t in tokens[number:first] if t.word]
    if not view.cased:
        topic = any(q.kind == "address" and q.distance <= 3 for q in asked(view, tokens[suffix].turn))
        topic = topic or any(h.kind == "address" and h.last < number for h in hits_by_turn(view).get(tokens[suffix].turn, ()))
        if not topic or any(t.low in lexicon().common and t.low in _COUNTED for t in tokens[first:suffix]):
            return None
    return (number, suffix) if said else None


_COUNTED = frozenset("people person days hours minutes weeks months years times miles feet dollars percent more other".split())


def person(token: Token) -> bool:
    return token.low in lexicon().frequent_first or token.low in ORG_WORDS
