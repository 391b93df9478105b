"""Homes named without a street's ending: a house number alone, "on Tholozan", "at Mulberry and Riverside"."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.calendar_words import MONTHS, WEEKDAYS
from compliance.redaction.recognisers.house_numbers import numeral, unit
from compliance.redaction.recognisers.medical import BODY
from compliance.redaction.recognisers.streets import Span, person
from compliance.redaction.recognisers.words import BRANDS, NATIONS, ORG_WORDS, STATES, STREET_STOP
from compliance.redaction.view import DialogueView

HOMES = frozenset("address house home apartment area residence property condo condominium zip".split())
_ORDINAL_STREETS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth main broadway".split()
)
DWELL = frozenset(
    "lives live living lived stays stay staying house place apartment moved born grew up office shop clinic store".split()
)
DRUGLIKE = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "god", "earth"])


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
    if not DWELL & {t.low for t in tokens[max(begin, place - 8) : place]}:
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
    names = lexicon()
    said = [t.low for t in tokens[place + 1 : last + 1]]
    if all(w in names.common and w not in names.last_names and w not in names.cities for w in said) or set(said) & BODY:
        return None  # "by heart", "on throat examination"
    return place + 1, last, 0.5, "a street, by the words before it"
