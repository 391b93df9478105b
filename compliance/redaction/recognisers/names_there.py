"""Names of streets and towns where an address is what the talk is about: "at Third and Walnut", "Calle Once", "back from Friendship"."""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.encoder import Chance
from compliance.redaction.recognisers.address_topic import AT_ALL, AddressTopic
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS
from compliance.redaction.recognisers.house_numbers import numeral, value_end
from compliance.redaction.recognisers.second_opinion import CERTAIN
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.surroundings import PAPERS, counted
from compliance.redaction.recognisers.words import (
    BARE_UNITS,
    DIRECTIONS,
    NATIONS,
    ORG_WORDS,
    STATES,
    STREET_STOP,
    STREET_UNITS,
    STREETS,
    WEAK_STREETS,
)
from compliance.redaction.view import DialogueView
from compliance.redaction.written import TENS, UNITS

# A row of words is a place from these chances on: of each, and of one of them.
WORD_THERE = 0.5
ONE_SURE = 0.7
CROSSES = 0.25  # of one of two words with "and" between
NO_PERSON = 0.5
NAMED_WITH = 0.2  # "Little Snowbird": of the first of two capitals, where the other is a place's
_WIDER = STATES | NATIONS
_STATES = STATES - NATIONS
_NO_NAMES = STREETS | WEAK_STREETS | _WIDER | BARE_UNITS | STREET_UNITS | ORDINALS | STREET_STOP | DIRECTIONS
# What names no home: an organization, unless it is a church or a piece of land.
_FIRMS = ORG_WORDS - STREETS - WEAK_STREETS - frozenset(
    "church mountain river lake island valley creek bay beach canyon falls springs forest bridge ranch farm farms".split()
)
_CALLES = frozenset("calle avenida camino paseo carretera callejon calzada".split())
_SAINTS = frozenset("st saint mt ft san santa los las".split())
_INTERJECTIONS = frozenset(
    """well no yes yeah yep okay ok so oh right sorry actually and but maybe just um uh i now then not also or thanks sir ma'am from in to
    he she they we you it that this sure please here there""".split()
)
_NO_STREETS = STREET_STOP | MONTHS | ORDINALS | STATES | NATIONS
_AT_CROSSINGS = frozenset("at on be do of by near to say as it's its".split())
_TO_TOWNS = frozenset("in to from at on off near by for of around outside past through not".split())
_AFTER_TOWNS = frozenset("is was and or not no i'll i the he she they we you so but then because one that's thats it's its where when until till".split())
_KINDS = frozenset("avenue street road lane drive court circle boulevard terrace trail parkway".split())
_AFTER_KINDS = frozenset("it's its he she not no yes i like ma'am maam sir as the".split())


def calles(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """ "Calle Once"."""
    end = topic.view.bounds[turn][1]
    for place in range(topic.view.bounds[turn][0], end - 1):
        after = topic.tokens[place + 1]
        if topic.tokens[place].low in _CALLES and after.word and (after.upper or not topic.view.cased) and not {place, place + 1} <= topic.taken:
            yield place, place + 1, 0.7, "a street, by the word before it"


def likely_words(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """Words that are rather a place than not, one of them as good as certain: "at Mora Church", "Third and Walnut"."""
    begin, end = topic.view.bounds[turn]
    row: list[int] = []
    for place in range(begin, end + 1):
        told = topic.chances[place].place if place in topic.chances and place < end else 0.0
        token = topic.tokens[place] if place < end else None
        fits = token is not None and token.word and told >= WORD_THERE and token.low not in _WIDER
        if fits and token is not None and (token.upper or not topic.view.cased or token.low in BARE_UNITS or token.low in ORDINALS):
            row.append(place)
            continue
        named = any(not numeral(topic.tokens[p]) for p in row)  # of numbers alone `bare_numbers` judges
        if named and max(topic.chances[p].place for p in row) >= ONE_SURE and not set(row) <= topic.taken and not _firm(topic, row):
            yield row[0], row[-1], 0.6, "a place where an address is spoken of"
        row = []


def crossings(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """ "at twenty third and national", "Columbia and Ceylon": streets that cross, one of them a number or held for a place."""
    begin, end = topic.view.bounds[turn]
    for link in range(begin + 1, end - 1):
        if topic.tokens[link].low != "and":
            continue
        one, other = topic.tokens[link - 1], topic.tokens[link + 1]
        if not (one.low.isalpha() and other.low.isalpha() and len(other.low) > 2) or other.low in _NO_STREETS or numeral(other):
            continue
        if topic.view.cased and not (one.upper or one.low in ORDINALS) or topic.view.cased and not other.upper:
            continue
        first = link - 1
        if one.low in ORDINALS:
            while first > begin and (topic.tokens[first - 1].low in TENS or topic.tokens[first - 1].text == "-"):
                first -= 1
            before = topic.tokens[first - 1].low if first > begin else ""
            likely = before in _AT_CROSSINGS or before == "" and link + 2 >= end
        else:
            told = sorted((topic.place(link - 1), topic.place(link + 1)))
            likely = told[0] >= AT_ALL and told[1] >= CROSSES and not numeral(one) and max(topic.person(link - 1), topic.person(link + 1)) < NO_PERSON
        if likely:
            yield first, link + 1, 0.6, "a crossing"


def small_parts(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """ "two F.", "four hundred block", "kilometer four", "St. Cloud"; a kind of street that is put right: "avenue"."""
    begin, end = topic.view.bounds[turn]
    for place in range(begin, end):
        token = topic.tokens[place]
        after = topic.tokens[place + 1] if place + 1 < end else None
        if place == begin and token.low in _KINDS and topic.just(turn) and (after is None or not after.word or after.low in _AFTER_KINDS):
            yield place, place, 0.6, "puts the street right"
        if after is None:
            continue
        closed = place + 2 >= end or not topic.tokens[place + 2].word
        letter = len(after.text) == 1 and after.text.isalpha() and after.text.isupper() and after.text != "I"
        papers = place > begin and topic.tokens[place - 1].low in PAPERS  # "table two B"
        if topic.view.cased and letter and closed and not papers and token.low in UNITS and token.low not in ("o", "oh"):
            yield place, place + 1, 0.6, "a door"
        if after.low == "block" and numeral(token):
            yield _number_start(topic, place, begin), place + 1, 0.7, "a block of a street"
        if token.low in ("kilometer", "kilometre", "mile") and (numeral(after) or after.text[0].isdigit()):
            last = value_end(topic.tokens, place + 1, end)
            if last is not None and not counted(topic.view, last):
                yield place, last, 0.7, "a place on a road"
        saint = place + 2 if after.text == "." else place + 1
        if token.low in _SAINTS and token.upper and topic.view.cased and saint < end and _town(topic, saint):
            yield place, saint, 0.6, "a town"


def named_again(topic: AddressTopic) -> Iterator[tuple[int, Span]]:
    """Ordinary words that are the name of a street or town in this talk: "back from Friendship", "off national"."""
    known = {topic.tokens[place].low for place in topic.taken if _name(topic, place)}
    for turn in topic.view.turns():
        if turn not in topic:
            continue
        begin, end = topic.view.bounds[turn]
        for place in range(begin, end):
            if topic.tokens[place].low not in known or place in topic.taken:
                continue
            before = topic.tokens[place - 1].low if place > begin else ""
            closed = place + 1 >= end or not topic.tokens[place + 1].word or topic.tokens[place + 1].low in _AFTER_TOWNS
            whole = end - begin <= 2 or not topic.view.cased and place == begin and closed
            if closed and (whole or before in _TO_TOWNS) and (topic.tokens[place].upper or not topic.view.cased):
                yield turn, (place, place, 0.6, "a place named elsewhere in the talk")


def _name(topic: AddressTopic, place: int) -> bool:
    token = topic.tokens[place]
    low = token.low
    kind = low in _NO_NAMES
    return low.isalpha() and len(low) > 3 and not kind and not numeral(token) and (token.upper or not topic.view.cased)


def _number_start(topic: AddressTopic, place: int, begin: int) -> int:
    while place > begin and (numeral(topic.tokens[place - 1]) or topic.tokens[place - 1].low == "hundred" or topic.tokens[place - 1].text == "-"):
        place -= 1
    return place


def _town(topic: AddressTopic, place: int) -> bool:
    token = topic.tokens[place]
    chance = topic.chances.get(place)
    named = token.upper and token.low.isalpha() and len(token.low) > 2
    following = topic.tokens[place + 1] if place + 1 < len(topic.tokens) and topic.tokens[place + 1].turn == token.turn else None
    firm = following is not None and (following.low in ORG_WORDS or following.low in ("'s", "day"))
    return named and not firm and (chance is None or chance.person < NO_PERSON)


def _firm(topic: AddressTopic, row: list[int]) -> bool:
    """ "at Canyon Medical": what its last word says is no home, unless all of it is as good as certain."""
    last = topic.tokens[row[-1]].low
    return last in _FIRMS and min(topic.chances[p].place for p in row) < CERTAIN


def whole_towns(view: DialogueView, chances: dict[int, Chance], by_turn: dict[int, list[Span]]) -> Iterator[tuple[int, Span]]:
    """Towns that were found, with the state after and the "St." or "Little" before them; "Only, Tennessee"."""
    tokens = view.tokens
    for turn, spans in by_turn.items():
        end = view.bounds[turn][1]
        for first, last, score, reason in spans:
            step = last + 1
            if step < end and view.tokens[step].text == ",":
                step += 1
            if step < end and view.tokens[step].low in _STATES and view.tokens[last].low.isalpha():
                yield turn, (first, step, score, reason)
            before = first - 1
            if before > view.bounds[turn][0] and tokens[before].text == ".":
                before -= 1
            if before < view.bounds[turn][0] or not tokens[before].word or not tokens[first].low.isalpha():
                continue
            named = tokens[before].upper and tokens[first].upper and before in chances and chances[before].place >= NAMED_WITH
            if tokens[before].low in _SAINTS and before >= first - 2 or named and before == first - 1 and tokens[before].low not in STREET_STOP:
                yield turn, (before, last, score, reason)
    if view.cased:
        for turn in view.turns():
            begin, end = view.bounds[turn]
            for place in range(begin, end - 2):
                state = tokens[place + 1].text == "," and tokens[place + 2].low in _STATES and tokens[place + 2].upper
                opens = place == begin or not tokens[place - 1].word or tokens[place - 1].low in ("in", "from", "near", "to")
                closes = place + 3 >= end or not tokens[place + 3].word
                named = tokens[place].upper and tokens[place].low.isalpha() and tokens[place].low not in _INTERJECTIONS
                if state and opens and closes and named:
                    yield turn, (place, place + 2, 0.6, "a town before its state")
