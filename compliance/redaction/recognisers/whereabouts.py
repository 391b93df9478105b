"""What is said of a home or a place while the talk is about it: numbers alone, "lot nine", "Route Thirty-Six", "off at exit 108".

Said in pieces, an address has nothing to show that it is one but what the talk is about. So where one was said or asked for
a few turns ago, the model need not be sure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from compliance.redaction.encoder import Chance
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.birth_dates import birth_asked
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS, WEEKDAYS
from compliance.redaction.recognisers.house_numbers import numeral, value_end
from compliance.redaction.recognisers.number_looks import amount, measured, of_a_case, time_of_day, year_like
from compliance.redaction.recognisers.second_opinion import CERTAIN, beside_labels
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.surroundings import PAPERS, alone, asked_for_another, counted, paper_or_vital
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
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

# Turns after an address was said, or asked for, in which it is still what the talk is about; and one before, where it is led up to.
TOPIC = 4
JUST_SAID = 2
MAX_DIGITS = 5
# From this chance of being a place on a number is one there; or of being anything private, where it may be a place at all.
LIKELY_THERE = 0.35
PRIVATE_THERE = 0.6
AT_ALL = 0.04
# A row of words is a place from these chances on: of each, and of one of them.
WORD_THERE = 0.5
ONE_SURE = 0.7
NAMED_WITH = 0.2  # "Little Snowbird": of the first of two capitals, where the other is a place's
CROSSES = 0.25
NO_PERSON = 0.5
STRONG = 0.6  # score of an address that makes a topic
# What has a number at home, or by which one finds there.
_UNITS = frozenset(
    """lot unit space trailer apartment apt suite flat building bldg tower gate cabin slip bungalow duplex doublewide spot pad
    casita villa penthouse townhouse hut number house box""".split()
)
_ROOMS = frozenset(["room", "bed", "floor", "door"])
_LODGED = frozenset("live lives lived living stay stays stayed staying sleep sleeps slept motel hotel inn lodge hostel dorm dormitory rent rented rents boarding roommate shelter".split())
_ROADS = frozenset("highway hwy route rt interstate exit freeway turnpike".split())
_NAMED_BEFORE = frozenset("avenue ave calle avenida carretera street road".split())
FIRMS = ORG_WORDS - STREETS - WEAK_STREETS - frozenset("church mountain river lake island valley creek bay beach canyon falls springs forest bridge ranch farm farms".split())
_NUMBERS_OF_HOMES = frozenset(["address", "name", "number", "letters", "spell"])
# What stands before a road or a crossing that has a number: "on i forty".
_ON_ROADS = frozenset("on off take took along down up from via onto passing past".split())
_CALLES = frozenset("calle avenida camino paseo carretera callejon calzada".split())
# What belongs to the name of a town whatever the model says of it; and what may.
_SAINTS = frozenset("st saint mt ft san santa los las".split())
_ORDERED = frozenset(["gate"])
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
_LEAD = frozenset("the in at number it's its is was to of lot space unit trailer at by off on not no".split())


class Whereabouts:
    """Of one dialogue; ``by_turn``: the addresses that were found in it so far."""

    def __init__(self, view: DialogueView, chances: dict[int, Chance], by_turn: dict[int, list[Span]]) -> None:
        self.view = view
        self.tokens = view.tokens
        self.chances = chances
        self.runs = runs_by_turn(view)
        self.taken = {place for spans in by_turn.values() for first, last, _, _ in spans for place in range(first, last + 1)}
        said = {turn for turn, spans in by_turn.items() if any(score >= STRONG for _, _, score, _ in spans)}
        self.said = said
        self.topics = {near for turn in said for near in range(turn - 1, turn + TOPIC + 1)}
        for turn in view.turns():
            if any(q.kind == "address" and q.direct and q.distance <= TOPIC for q in asked(view, turn)):
                self.topics.add(turn)

    def find(self) -> list[tuple[int, Span]]:
        found: list[tuple[int, Span]] = []
        known: set[str] = set()
        for turn in self.view.turns():
            if turn in beside_labels(self.view):
                continue
            spans = list(self._roads(turn))
            if turn in self.topics:
                spans += self._calles(turn)
                spans += self._units(turn)
                spans += self._numbers(turn)
                spans += self._words(turn)
                spans += self._crossings(turn)
                spans += self._small_parts(turn)
            if spans:
                self.said.add(turn)
                self.topics.update(range(turn, turn + TOPIC + 1))
            for first, last, _, _ in spans:
                self.taken.update(range(first, last + 1))
                known.update(run.digits for run in self.runs.get(turn, ()) if first <= run.first <= last and 2 <= len(run.digits) <= MAX_DIGITS)
            found += [(turn, span) for span in spans]
        return [*found, *self._again(known), *self._named_again()]

    def _named_again(self) -> Iterator[tuple[int, Span]]:
        """Ordinary words that are the name of a street or town in this talk: "back from Friendship", "off national"."""
        known = {self.tokens[place].low for place in self.taken if self._name(place)}
        for turn in self.view.turns():
            if turn not in self.topics or turn in beside_labels(self.view):
                continue
            begin, end = self.view.bounds[turn]
            for place in range(begin, end):
                if self.tokens[place].low not in known or place in self.taken:
                    continue
                before = self.tokens[place - 1].low if place > begin else ""
                closed = place + 1 >= end or not self.tokens[place + 1].word or self.tokens[place + 1].low in _AFTER_TOWNS
                whole = end - begin <= 2 or not self.view.cased and place == begin and closed
                if closed and (whole or before in _TO_TOWNS) and (self.tokens[place].upper or not self.view.cased):
                    yield turn, (place, place, 0.6, "a place named elsewhere in the talk")

    def _name(self, place: int) -> bool:
        token = self.tokens[place]
        low = token.low
        kind = low in STREETS | WEAK_STREETS | STATES | NATIONS | BARE_UNITS | STREET_UNITS | ORDINALS | STREET_STOP | DIRECTIONS
        return low.isalpha() and len(low) > 3 and not kind and not numeral(token) and (token.upper or not self.view.cased)

    def _again(self, known: set[str]) -> Iterator[tuple[int, Span]]:
        """ "the nineteen", "I never said twenty-one": of a home that is known by its number alone."""
        for turn in self.view.turns():
            if turn not in self.topics or turn in beside_labels(self.view):
                continue
            for run in self.runs.get(turn, ()):
                if run.digits in known and self._free(run) and (self._before(run).low in _LEAD or self._closed(run)):
                    yield turn, (run.first, run.last, 0.6, "a house number said before")

    def _roads(self, turn: int) -> Iterator[Span]:
        begin, end = self.view.bounds[turn]
        for place in range(begin, end - 1):
            low = self.tokens[place].low
            interstate = low == "i" and place > begin and self.tokens[place - 1].low in _ON_ROADS
            named = low in _NAMED_BEFORE and turn in self.topics or interstate
            if not (low in _ROADS or named) or place in self.taken and place + 1 in self.taken:
                continue
            after = place + 1
            while after < end and self.tokens[after].text in ("-", "."):
                after += 1
            last = value_end(self.tokens, after, end)
            if last is not None and any(c.isdigit() or t.low not in "abcdefghijklmnopqrstuvwxyz" for t in self.tokens[after : last + 1] for c in t.low):
                yield place, _direction(self.tokens, last, end), 0.7, "a numbered road"

    def _calles(self, turn: int) -> Iterator[Span]:
        """ "Calle Once"."""
        end = self.view.bounds[turn][1]
        for place in range(self.view.bounds[turn][0], end - 1):
            after = self.tokens[place + 1]
            if self.tokens[place].low in _CALLES and after.word and (after.upper or not self.view.cased) and not {place, place + 1} <= self.taken:
                yield place, place + 1, 0.7, "a street, by the word before it"

    def _units(self, turn: int) -> Iterator[Span]:
        begin, end = self.view.bounds[turn]
        for place in range(begin, end - 1):
            low = self.tokens[place].low
            lodged = low in _ROOMS and self._lodged(turn)
            if place in self.taken and place + 1 in self.taken or not (low in _UNITS or lodged):
                continue
            before = self.tokens[place - 1].low if place > begin else ""
            if low == "number" and (before in PAPERS or not self._just(turn)):
                continue
            value = place + 1
            while value < end - 1 and self.tokens[value].low in ("'s", "is", "was"):
                value += 1
            last = value_end(self.tokens, value, end)
            if last is None or value > place + 1 and not self._digits(value, last) or counted(self.view, last) or low == "house" and last == place + 1 and len(self.tokens[last].low) == 1:
                continue
            if before == "no" or low == "number" and (self._listed(place, last, begin, end) or before in ("chair", "lot")):
                continue
            if low == "lot" and (self.tokens[value].low == "number" or self.tokens[value].low.isalpha() and not numeral(self.tokens[value])):
                continue  # "it's lot k r eight eight oh two", of an inhaler
            yield place if value == place + 1 else value, last, 0.6, "part of an address"
        for place in range(begin + 1, end):
            if self.tokens[place].low in _ORDERED and self.tokens[place - 1].low in ORDINALS:
                yield place - 1, place, 0.6, "part of an address"

    def _listed(self, place: int, last: int, begin: int, end: int) -> bool:
        """ "number two is mile 1422", of a list; a number of more than five digits is no home's."""
        digits = "".join(run.digits for run in self._runs_in(place + 1, last))
        opens = place == begin or not self.tokens[place - 1].word or self.tokens[place - 1].low in ("and", "okay", "ok")
        goes_on = last + 1 < end and self.tokens[last + 1].low in ("is", "it", "was", "would", "says", "i", "you", "we", ",")
        return len(digits) > MAX_DIGITS or len(digits) == 1 and opens and goes_on

    def _runs_in(self, first: int, last: int) -> Iterator[Run]:
        runs = self.runs.get(self.tokens[first].turn, [])
        at = bisect_left(runs, first, key=lambda run: run.last)
        return takewhile(lambda run: run.first <= last, runs[at : at + last - first + 1])

    def _digits(self, first: int, last: int) -> bool:
        return any(run.digits for run in self._runs_in(first, last))

    def _numbers(self, turn: int) -> Iterator[Span]:
        for run in self.runs.get(turn, ()):
            if not 1 <= len(run.digits) <= MAX_DIGITS or run.letters or not self._free(run) or asked_for_another(self.view, turn):
                continue
            told = [self.chances[place] for place in range(run.first, run.last + 1) if place in self.chances]
            place = max((c.place for c in told), default=0.0)
            private = max((c.place + c.number + (0.0 if birth_asked(self.view, turn) else c.date) for c in told), default=0.0)
            likely = place >= LIKELY_THERE or place >= AT_ALL and private >= PRIVATE_THERE or self._opens(run)
            if likely or len(run.digits) >= 2 and self._just(turn) and alone(self.view, run) and not self._how(turn):
                yield run.first, run.last, 0.6, "a number where an address is spoken of"

    def _words(self, turn: int) -> Iterator[Span]:
        """Words that are rather a place than not, one of them as good as certain: "at Mora Church", "Third and Walnut"."""
        begin, end = self.view.bounds[turn]
        row: list[int] = []
        for place in range(begin, end + 1):
            told = self.chances[place].place if place in self.chances and place < end else 0.0
            token = self.tokens[place] if place < end else None
            fits = token is not None and token.word and told >= WORD_THERE and token.low not in STATES | NATIONS
            if fits and token is not None and (token.upper or not self.view.cased or token.low in BARE_UNITS or token.low in ORDINALS):
                row.append(place)
                continue
            if row and max(self.chances[p].place for p in row) >= ONE_SURE and not set(row) <= self.taken and not self._firm(row):
                yield row[0], row[-1], 0.6, "a place where an address is spoken of"
            row = []

    def _crossings(self, turn: int) -> Iterator[Span]:
        """ "at twenty third and national", "Columbia and Ceylon": streets that cross, one of them a number or held for a place."""
        begin, end = self.view.bounds[turn]
        for link in range(begin + 1, end - 1):
            if self.tokens[link].low != "and":
                continue
            one, other = self.tokens[link - 1], self.tokens[link + 1]
            if not (one.low.isalpha() and other.low.isalpha() and len(other.low) > 2) or other.low in _NO_STREETS or numeral(other):
                continue
            if self.view.cased and not (one.upper or one.low in ORDINALS) or self.view.cased and not other.upper:
                continue
            first = link - 1
            if one.low in ORDINALS:
                while first > begin and (self.tokens[first - 1].low in TENS or self.tokens[first - 1].text == "-"):
                    first -= 1
                before = self.tokens[first - 1].low if first > begin else ""
                likely = before in _AT_CROSSINGS or before == "" and link + 2 >= end
            else:
                told = sorted((self._place(link - 1), self._place(link + 1)))
                likely = told[0] >= AT_ALL and told[1] >= CROSSES and not numeral(one) and not self._person(link - 1, link + 1)
            if likely:
                yield first, link + 1, 0.6, "a crossing"

    def _small_parts(self, turn: int) -> Iterator[Span]:
        """ "two F.", "four hundred block", "kilometer four", "St. Cloud"; a kind of street that is put right: "avenue"."""
        begin, end = self.view.bounds[turn]
        for place in range(begin, end):
            token = self.tokens[place]
            after = self.tokens[place + 1] if place + 1 < end else None
            if place == begin and token.low in _KINDS and self._just(turn) and (after is None or not after.word or after.low in _AFTER_KINDS):
                yield place, place, 0.6, "puts the street right"
            if after is None:
                continue
            closed = place + 2 >= end or not self.tokens[place + 2].word
            letter = len(after.text) == 1 and after.text.isalpha() and after.text.isupper() and after.text != "I"
            if self.view.cased and letter and closed and token.low in UNITS and token.low not in ("o", "oh"):
                yield place, place + 1, 0.6, "a door"
            if after.low == "block" and numeral(token):
                yield self._number_start(place, begin), place + 1, 0.7, "a block of a street"
            if token.low in ("kilometer", "kilometre", "mile") and (numeral(after) or after.text[0].isdigit()):
                last = value_end(self.tokens, place + 1, end)
                if last is not None and not counted(self.view, last):
                    yield place, last, 0.7, "a place on a road"
            saint = place + 2 if after.text == "." else place + 1
            if token.low in _SAINTS and token.upper and self.view.cased and saint < end and self._town(saint):
                yield place, saint, 0.6, "a town"

    def _number_start(self, place: int, begin: int) -> int:
        while place > begin and (numeral(self.tokens[place - 1]) or self.tokens[place - 1].low == "hundred" or self.tokens[place - 1].text == "-"):
            place -= 1
        return place

    def _town(self, place: int) -> bool:
        token = self.tokens[place]
        chance = self.chances.get(place)
        named = token.upper and token.low.isalpha() and len(token.low) > 2
        following = self.tokens[place + 1] if place + 1 < len(self.tokens) and self.tokens[place + 1].turn == token.turn else None
        firm = following is not None and following.low in ORG_WORDS | frozenset(["'s", "day"])
        return named and not firm and (chance is None or chance.person < NO_PERSON)

    def _place(self, place: int) -> float:
        return self.chances[place].place if place in self.chances else 0.0

    def _person(self, *places: int) -> bool:
        return any(place in self.chances and self.chances[place].person >= NO_PERSON for place in places)

    def _firm(self, row: list[int]) -> bool:
        """ "at Canyon Medical": what its last word says is no home, unless all of it is as good as certain."""
        last = self.tokens[row[-1]].low
        return last in FIRMS and min(self.chances[p].place for p in row) < CERTAIN

    def _opens(self, run: Run) -> bool:
        """ "Eleven fifty is the fish building." """
        begin, end = self.view.bounds[run.turn]
        opens = run.first == begin or self.tokens[run.first - 1].text in (".", "?", "!")
        goes_on = run.last + 1 < end and self.tokens[run.last + 1].low in ("is", "was")
        return len(run.digits) >= 3 and opens and goes_on and self._just(run.turn) and not year_like(run)

    def _just(self, turn: int) -> bool:
        near = any(t in self.said for t in range(turn - JUST_SAID, turn + 1))
        return near or any(q.kind == "address" and q.direct and q.distance <= JUST_SAID for q in asked(self.view, turn))

    def _how(self, turn: int) -> bool:
        """ "How many are you?": what the number answers is none of a home."""
        other = any(q.kind not in _NUMBERS_OF_HOMES and q.distance == 1 for q in asked(self.view, turn))
        return other or birth_asked(self.view, turn) or not turn

    def _before(self, run: Run) -> Token:
        begin, _ = self.view.bounds[run.turn]
        return self.tokens[max(begin, run.first - 1)]

    def _closed(self, run: Run) -> bool:
        _, end = self.view.bounds[run.turn]
        return run.last + 1 >= end or not self.tokens[run.last + 1].word

    def _free(self, run: Run) -> bool:
        """Whether the number is not yet hidden and no dose, time, amount, count or paper's."""
        begin, end = self.view.bounds[run.turn]
        before = self.tokens[run.first - 1] if run.first > begin else None
        after = self.tokens[run.last + 1] if run.last + 1 < end else None
        if any(place in self.taken for place in range(run.first, run.last + 1)):
            return False
        if paper_or_vital(self.view, run) or before is not None and before.low in MONTHS | WEEKDAYS | lexicon().drugs:
            return False
        if after is not None and after.low in MONTHS:
            return False
        return not (
            measured(self.view, run, before, after)
            or amount(self.view, run) and run.written
            or of_a_case(self.view, run)
            or before is not None and before.low != "at" and time_of_day(self.view, run, before, after)
            or counted(self.view, run.last)
        )

    def _lodged(self, turn: int) -> bool:
        def make(view: DialogueView) -> frozenset[int]:
            said = [t for t in view.turns() if any(token.low in _LODGED for token in view.turn_tokens(t))]
            return frozenset(near for t in said for near in (t, t + 1))

        return turn in self.view.once("lodged", make)


def _direction(tokens: list[Token], last: int, end: int) -> int:
    return last + 1 if last + 1 < end and tokens[last + 1].low in ("north", "south", "east", "west", "northbound", "southbound", "eastbound", "westbound") else last


def whole_towns(view: DialogueView, chances: dict[int, Chance], by_turn: dict[int, list[Span]]) -> Iterator[tuple[int, Span]]:
    """Towns that were found, with the state after and the "St." or "Little" before them; "Only, Tennessee"."""
    tokens = view.tokens
    for turn, spans in by_turn.items():
        end = view.bounds[turn][1]
        for first, last, score, reason in spans:
            step = last + 1
            if step < end and view.tokens[step].text == ",":
                step += 1
            if step < end and view.tokens[step].low in STATES - NATIONS and view.tokens[last].low.isalpha():
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
                state = tokens[place + 1].text == "," and tokens[place + 2].low in STATES - NATIONS and tokens[place + 2].upper
                opens = place == begin or not tokens[place - 1].word or tokens[place - 1].low in ("in", "from", "near", "to")
                closes = place + 3 >= end or not tokens[place + 3].word
                named = tokens[place].upper and tokens[place].low.isalpha() and tokens[place].low not in _INTERJECTIONS
                if state and opens and closes and named:
                    yield turn, (place, place + 2, 0.6, "a town before its state")
