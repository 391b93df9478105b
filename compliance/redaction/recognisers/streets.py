"""Streets, house numbers and units in what people say."""

from __future__ import annotations

import re

from compliance.redaction.lexicon import lexicon
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.dates import MONTHS
from compliance.redaction.recognisers.words import (
    BRANDS,
    DIRECTIONS,
    NATIONS,
    ORG_WORDS,
    STATES,
    STREET_STOP,
    STREETS,
    UNIT_WORDS,
)
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

MAX_STREET_WORDS = 4
HOMES = frozenset("address house home apartment area residence property condo condominium zip".split())
Span = tuple[int, int, float, str]
_ORDINAL_STREETS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth main broadway".split()
)
_DWELL = frozenset(
    "lives live living lived stays stay staying house place apartment moved born grew up office shop clinic store".split()
)
WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
DRUGLIKE = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "god", "earth"])
_ORGANISATIONS = frozenset("hospital clinic school university college church carolina dakota korea africa america".split())
_FLOORS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth ground top".split())


def numeral(token: Token) -> bool:
    return token.low.isdigit() or token.low in UNITS or token.low in TENS or token.low == "hundred"


def number_before(view: DialogueView, place: int, begin: int) -> int:
    """First token of the house number that ends before ``place``; ``place`` itself when there is none."""
    tokens = view.tokens
    first = place
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
    return first


def streets(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    place = begin
    while place < end:
        low = tokens[place].low
        if low in STREETS and place > begin:
            span = street_ending(view, place, begin, end)
            if span is not None:
                first, last = span
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
            token.upper and words == 0 and token.low not in ("the", "a", "my", "that", "this")
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
    if low == "dr" and not cased and suffix + 1 < end and tokens[suffix + 1].low not in UNIT_WORDS:
        return None  # "down 2 since dr vasquez"
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


def unit(view: DialogueView, last: int, end: int) -> int:
    """Apartment, floor, suite after the street."""
    tokens = view.tokens
    place = last + 1
    best = last
    for _ in range(3):
        while place < end and (tokens[place].text in (",", ".") or tokens[place].low in ("uh", "um", "and")):
            if tokens[place].text == "." and place + 1 < end and tokens[place + 1].low not in UNIT_WORDS:
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
        if low in UNIT_WORDS or tokens[place].text == "#":
            step = place + 1
            if step < end and tokens[step].low in ("number", "#", "."):
                step += 1
            taken = place
            while step < end and unit_value(tokens[step]) and step - place <= 5:
                taken = step
                step += 1
                if step < end and tokens[step].text == "-":
                    step += 1
            if taken > place:
                best = taken
                place = taken + 1
                continue
            return best
        if (
            (low in _FLOORS or re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", low))
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


def unit_value(token: Token) -> bool:
    return (
        numeral(token)
        or (len(token.low) == 1 and token.low.isalpha())
        or bool(re.fullmatch(r"\d{0,5}[a-z]?\d{0,4}", token.low))
    )


def door(view: DialogueView, turn: int) -> list[Span]:
    """ "she lives two doors up, number eighteen"; "on Tholozan"."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    home = -99
    for place in range(begin, end):
        low = tokens[place].low
        if low in ("lives", "live", "lived", "house", "door", "doors", "apartment", "building", "stay", "stays"):
            home = place
        elif low == "number" and place - home <= 10 and place + 1 < end and numeral(tokens[place + 1]):
            last = unit(view, place - 1, end)
            if last > place:
                spans.append((place + 1, last, 0.7, "a house number"))
        elif low in ("on", "off", "onto") and view.cased and place + 1 < end and not tokens[place].upper:
            token = tokens[place + 1]
            last = place + 1
            while last + 1 < end and tokens[last + 1].upper and tokens[last + 1].low.isalpha():
                last += 1
            free = token.upper and token.low.isalpha() and len(token.low) > 2 and token.low not in lexicon().ordinary
            words = [t.low for t in tokens[place + 1 : last + 1]]
            free = free and token.low not in WEEKDAYS
            known = token.low in lexicon().last_names or token.low not in lexicon().first_names
            if (
                free
                and known
                and not token.text.isupper()
                and not set(words) & (ORG_WORDS | BRANDS | NATIONS | STATES | MONTHS | DRUGLIKE)
            ):
                if token.low not in lexicon().drugs and token.low not in lexicon().frequent_first:
                    spans.append((place + 1, last, 0.5, "a street, by the word before it"))
        if (
            low in HOMES
            and view.cased
            and place > begin
            and tokens[place - 1].upper
            and not tokens[place - 1].first
            and low in ("address", "house", "apartment", "property", "condo")
        ):
            token = tokens[place - 1]
            if (
                token.low.isalpha()
                and not token.text.isupper()
                and token.low not in ORG_WORDS | STATES | NATIONS | MONTHS | WEEKDAYS
                and not person(token)
            ):
                spans.append((place - 1, place - 1, 0.6, "a street or town"))
        if (
            low in ("on", "off", "and")
            and view.cased
            and place + 1 < end
            and tokens[place + 1].upper
            and tokens[place + 1].low in _ORDINAL_STREETS
        ):
            after = tokens[place + 2] if place + 2 < end else None
            if after is None or not after.word or after.low in ("and", "near", "by", "in", "at"):
                spans.append((place + 1, place + 1, 0.6, "a numbered street"))
        if low in ("on", "off", "over", "by", "near") and not view.cased:
            span = lower_street(view, place, begin, end)
            if span is not None:
                spans.append(span)
        if (
            low == "and"
            and view.cased
            and begin <= place - 1
            and place + 1 < end
            and tokens[place - 1].upper
            and tokens[place + 1].upper
        ):
            # "at Mulberry and Riverside", "the corner of Fifth and Main"
            before = [t.low for t in tokens[max(begin, place - 4) : place - 1]]
            alone = end - begin <= 5 and any(q.kind == "address" and q.distance <= 2 for q in asked(view, turn))
            if alone or before and (before[-1] == "at" or "corner" in before or "intersection" in before):
                if not person(tokens[place - 1]) and not person(tokens[place + 1]):
                    spans.append((place - 1, place + 1, 0.6, "a crossing"))
    return spans


def lower_street(view: DialogueView, place: int, begin: int, end: int) -> Span | None:
    """ "he lives with dona mirna on quince orchard": in lower case, a street without "street"."""
    tokens = view.tokens
    if not _DWELL & {t.low for t in tokens[max(begin, place - 8) : place]}:
        return None
    last = place
    while last + 1 < end and last - place < 2:
        token = tokens[last + 1]
        if (
            not token.word
            or token.low in STREET_STOP
            or token.low in WEEKDAYS
            or token.low in MONTHS
            or len(token.low) < 3
            or numeral(token)
        ):
            break
        last += 1
    if last == place or tokens[place + 1].low in (
        "time",
        "top",
        "site",
        "campus",
        "average",
        "disability",
        "welfare",
        "call",
        "duty",
        "base",
        "food",
        "ssi",
        "oxygen",
        "fire",
        "hold",
        "base",
        "purpose",
        "paper",
    ):
        return None
    return place + 1, last, 0.5, "a street, by the words before it"


def person(token: Token) -> bool:
    return token.low in lexicon().frequent_first or token.low in ORG_WORDS
