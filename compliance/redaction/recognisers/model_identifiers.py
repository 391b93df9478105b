"""Numbers, web addresses, dates, ages and medical words that the language model holds for private, however they are said.

The rules know what was asked, announced or looks like an identifier; the model has seen many ways of saying one. What it is
sure of is hidden beside what the rules find, without what no identifier can be: a dose, an amount, a word alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import pairwise, takewhile

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.alphabets import LETTER_WORDS
from compliance.redaction.atoms import FILLERS
from compliance.redaction.detections import PrivateType
from compliance.redaction.encoder import Chance
from compliance.redaction.measures import is_measure, nearest_before
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.phrases import hits_by_turn, last_before
from compliance.redaction.questions import asked, labelled
from compliance.redaction.recognisers.ages import OLDEST, age_at, measured_age
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.beside_labels import LIKELY_BESIDE_LABELS, beside_labels
from compliance.redaction.recognisers.birth_dates import birth_asked, date_finding, measure_asked
from compliance.redaction.recognisers.birth_talk import birth_talk
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.recognisers.model_entities import all_chances
from compliance.redaction.recognisers.number_context import CUE_REACH, NUMBERED, NumberContext
from compliance.redaction.recognisers.number_looks import (
    CLOCK,
    DECIMAL,
    DIAGNOSES,
    UNITS_AFTER,
    bates,
    clock_of_24,
    measured,
    of_a_case,
    of_a_court,
    thousands,
    time_of_day,
)
from compliance.redaction.recognisers.spoken_web import TLDS
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import REPEATS, TENS, UNITS, written_digits, written_year

T = PrivateType
# From this chance on a word is hidden by the model alone; measured on the development transcripts.
LIKELY = {"number": 0.7, "web": 0.6, "date": 0.45, "age": 0.3, "medical": 0.4}
# The same for what answers a question for it.
ASKED_FOR = 0.35
JUST_ASKED = 3  # turns
SHORT_ANSWER = 16  # tokens
# From this chance on the model is believed against weak signs to the contrary: a word that mostly stands before innocent numbers,
# a date without a month or an ordinal, which looks like a time of day.
CERTAIN = 0.75
# A word between two such words, or beside one, is part of the same from this chance on.
GOES_ON = 0.2
GOES_ON_WEB = 0.1  # an address is said in one piece, of words that are anything
# From this chance on of being medical, a letter beside a number belongs to a laboratory value.
HEALTH = 0.3
# A number of this many digits is no dose, page or law.
LONG = 7
# One of fewer digits that nobody asked for is hardly ever an identifier.
FEW = 4
VITAL_REACH = 10
LONGEST_LETTERS = 4  # of a plate or serial, in capitals
_NO_PART = frozenset("uh um er erm ah hmm mm and then okay ok no wait sorry area code the is".split())
# What a private number, or a date, says at least once.
_NUMERALS = frozenset([*UNITS, *TENS, *REPEATS, "hundred", "thousand", "hyphen", "dash"]) - {"o"}
_CALENDAR = frozenset([*MONTHS, *ORDINALS])
_BEFORE_DATES = frozenset("the on in of by since until".split())
_BEFORE_ADDRESSES = frozenset("at to on in is it's its".split())
_BEFORE_YEARS = frozenset("in since of by until from before after around during '".split())
_FRACTION = re.compile(r"\d{1,2} ?/ ?\d{1,2}")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{2})?")
_SCORED = frozenset("is was are at strength reflexes reflex pulses pain score scored grade power motor vision acuity a about".split())
_ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_NO_FEASTS = frozenset("the that this one every each next same first last other some any a all that's another rest".split())  # "the day"
_RELATIVE = [["of", word] for word in ("last", "this", "next", "that")]  # "of last year"
_OF_ADDRESS = frozenset("at slash underscore www http https".split())
_DOMAINS = TLDS - {"in", "me", "us", "it", "is", "pro", "live", "online", "news", "legal"}
_OF_URL = frozenset("dot slash www http https com org net gov edu".split())


class ModelIdentifierRecogniser(DialogueRecogniser):
    ENTITIES = (*sorted(NUMBERED), T.DATE, T.DATE_OF_BIRTH, T.AGE_OVER_89, T.MEDICAL)

    def __init__(self, nlp: NlpEngine) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        chances = all_chances(view, self.nlp)
        if not chances:
            return
        context = NumberContext(view)
        for turn in view.turns():
            for kind in LIKELY:
                for first, last in _spans(view, chances, turn, kind):
                    certain = max(_chance(chances, place, kind) for place in range(first, last + 1)) >= CERTAIN
                    type_ = _type(context, kind, first, last, certain)
                    if type_ is None:
                        continue
                    for low, high in _parts(view, kind, first, last):
                        start, end = view.tokens[low].start, view.tokens[high].end
                        yield Finding(turn, start, end, type_, 0.6, "the language model", view.text(turn)[start:end].lower())
        for first, last in birth_talk(view, chances):
            yield date_finding(view, view.tokens[first], view.tokens[last], True, "a number where a birth date is spoken of")


def _spans(view: DialogueView, chances: dict[int, Chance], turn: int, kind: str) -> Iterator[tuple[int, int]]:
    """(first, last) token of each row of words that the model holds for ``kind``."""
    begin, end = view.bounds[turn]
    # In a view of an earlier pass everyday words of health were left on purpose.
    checked = turn in beside_labels(view) or (kind == "medical" and _medical_labels(view))
    limit = LIKELY_BESIDE_LABELS if checked else ASKED_FOR if _wanted(view, turn, kind) else LIKELY[kind]
    goes_on = GOES_ON_WEB if kind == "web" else GOES_ON
    free = place = begin
    while place < end:
        if _chance(chances, place, kind) < limit:
            place += 1
            continue
        first = last = place
        while first > free and _chance(chances, first - 1, kind) >= goes_on and not _abbreviated(chances, first - 1, kind):
            first -= 1
        following = place + 1
        while following < end:
            token = view.tokens[following]
            if token.word and token.low not in FILLERS and _chance(chances, following, kind) < goes_on:
                break
            if _chance(chances, following, kind) >= goes_on and token.low not in FILLERS:
                last = following
            following += 1
        free = place = last + 1
        while kind == "date" and first < last and view.tokens[first].low in _BEFORE_DATES:
            first += 1
        if kind == "date" and first > begin and view.tokens[first - 1].low == "the" and (_day(view.tokens[first]) or _day_of(view, first, end)):
            first -= 1
        while kind == "web" and first < last and view.tokens[first].low in _BEFORE_ADDRESSES:
            first += 1
        if kind == "date":
            last = _without_time(view, first, last)
        if kind == "date":
            last = _without_its_story(view, first, last)
        if kind == "date" and last - first >= 3 and [t.low for t in view.tokens[last - 2 : last]] in _RELATIVE:
            last -= 3
        relative = kind == "date" and last + 1 < end and view.tokens[last + 1].low in ("this", "last", "next", "that")
        if relative and first < last and view.tokens[last].low == "of":
            last -= 1
        yield first, last


def _without_its_story(view: DialogueView, first: int, last: int) -> int:
    """The end of "Nineteen thirty" in "Nineteen thirty, the year of the flood"."""
    for place in range(first + 1, last - 1):
        if [t.low for t in view.tokens[place : place + 3]] == ["the", "year", "of"]:
            return place - 1 if view.tokens[place - 1].word else max(first, place - 2)
    return last


def _day(token: Token) -> bool:
    """ "the 17th", "the twenty first": "the" belongs to the day, as where rules find it."""
    return token.low in ORDINALS or token.low in ("twenty", "thirty") or _ORDINAL.fullmatch(token.low) is not None


def _day_of(view: DialogueView, place: int, end: int) -> bool:
    """ "The 2 of November"."""
    return place + 2 < end and view.tokens[place].low.isdigit() and view.tokens[place + 1].low == "of" and view.tokens[place + 2].low in MONTHS


def _wanted(view: DialogueView, turn: int, kind: str) -> bool:
    """Whether a number, or in a short turn a part of a birth date, was just asked for."""
    begin, end = view.bounds[turn]
    if kind == "date":
        return end - begin <= SHORT_ANSWER and birth_asked(view, turn)
    return kind == "number" and any(q.kind in NUMBERED and q.direct and q.distance <= JUST_ASKED for q in asked(view, turn))


def _without_time(view: DialogueView, first: int, last: int) -> int:
    """The end of "the sixth of March" in "the sixth of March, ten fifteen": what follows a comma is a time of day, not a year."""
    for place in range(last - 1, first, -1):
        if view.tokens[place].text == ",":
            after = view.text(view.tokens[first].turn)[view.tokens[place + 1].start : view.tokens[last].end]
            timed = CLOCK.fullmatch(written_digits(after)) is not None and written_year(after) is None
            return place - 1 if timed and len(after.split()) == 2 else last
    return last


def _parts(view: DialogueView, kind: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """A number without the "uh", "and then", "the area code is" in it; of an age what says the years; addresses one by one."""
    if kind == "medical":
        begun = first
        for place in range(first, last + 2):
            if place > last or view.tokens[place].low == "then":  # "a finger stick then passed out"
                if begun < place:
                    yield begun, place - 1
                begun = place + 1
        return
    if kind == "date":
        yield first, last
        return
    if kind == "web":
        # Written ones are not said in halves: what follows a comma is another one.
        written = any(view.tokens[place].text == "@" for place in range(first, last + 1))
        begun = first
        for place in range(first, last + 2):
            if place > last or (written and view.tokens[place].text in ",;"):
                if any(t.low[0].isalpha() for t in view.tokens[begun:place]):
                    yield begun, place - 1
                begun = place + 1
        return
    if kind == "age":
        turn = view.tokens[first].turn
        for place in range(first, last + 1):
            read = age_at(view.tokens, place, view.bounds[turn][1])
            if read is not None and 90 <= read[1] <= OLDEST and not measured_age(view, turn, place, read[0]):
                yield place, read[0]
                return
        return
    start = end = None
    numeral = False
    for place in range(first, last + 1):
        token = view.tokens[place]
        hundred_and = token.low == "and" and place > first and view.tokens[place - 1].low in ("hundred", "thousand")
        if token.low in _NO_PART and not hundred_and:
            if start is not None and end is not None and numeral:
                yield start, end
            start, numeral = None, False
        elif token.word:
            start = place if start is None else start
            end, numeral = place, numeral or _numeral(token)
    if start is not None and end is not None and numeral:
        yield start, end


def _medical_labels(view: DialogueView) -> bool:
    """Whether the text has labels of ours for what is medical; the placeholders of speech services are others."""

    def make(v: DialogueView) -> bool:
        return any(T.MEDICAL in labelled(v, turn) for turn in v.turns())

    return view.once("medical labels", make)


def _abbreviated(chances: dict[int, Chance], place: int, kind: str) -> bool:
    """ "i g g" before "eight twenty": a laboratory's letters are no part of a number."""
    return kind == "number" and _chance(chances, place, "medical") >= HEALTH


def _chance(chances: dict[int, Chance], place: int, kind: str) -> float:
    chance = chances.get(place)
    return 0.0 if chance is None else float(getattr(chance, kind))


def _type(context: NumberContext, kind: str, first: int, last: int, certain: bool) -> str | None:
    """What the words are, or None where they cannot be what the model takes them for."""
    view = context.view
    tokens = view.tokens[first : last + 1]
    if kind != "medical" and cited(view).whole(first, last):
        return None
    if kind == "number":
        return None if _innocent(context, first, last, certain) else _number(view, tokens, certain)
    if kind == "medical":
        return T.MEDICAL
    if kind == "web":
        return _address(view, tokens)
    if kind == "date":
        feast = certain and len(tokens) > 1 and tokens[-1].low in ("day", "eve") and tokens[0].low not in _NO_FEASTS
        if not feast and not any(t.low in _CALENDAR or t.low in _NUMERALS or t.low[0].isdigit() for t in tokens):
            return None
        lone = len(tokens) == 1 and tokens[0].low in MONTHS
        if lone and not (certain and tokens[0].low not in ("may", "march") or birth_asked(view, tokens[0].turn)):
            return None
        said = [t for t in tokens if t.word]
        if all(t.low in _NUMERALS or t.low.isdigit() for t in said) and measure_asked(view, tokens[0].turn):
            return None  # "Respirations?" / "Sixteen.": hiding a vital would be a safety fault
        if birth_asked(view, tokens[0].turn):
            return T.DATE_OF_BIRTH
        if clock_of_24(view, tokens):
            return None  # "tourniquet at oh seven fourteen"
        text = view.text(tokens[0].turn)[tokens[0].start : tokens[-1].end]
        named = feast or any(t.low in _CALENDAR or _ORDINAL.fullmatch(t.low) for t in tokens)
        # "3-14", not "twenty-two"
        parted = any(t.text in ("/", "-", ".", ",") and before.low[0].isdigit() for before, t in pairwise(tokens))
        before = view.tokens[first - 1].low if first > view.bounds[tokens[0].turn][0] else ""
        if not named and (not certain or (not parted and (written_year(text) is not None or before in _BEFORE_YEARS))):
            return None
        if _FRACTION.fullmatch(text) and before in _SCORED:
            return None  # "reflexes 2/4", "pain is 6/10"
        return None if DECIMAL.fullmatch(text) or _AMOUNT.fullmatch(text) or before in ("$", "€", "£") else T.DATE
    return T.AGE_OVER_89


def _innocent(context: NumberContext, first: int, last: int, certain: bool) -> bool:
    """Whether every number in these words is a dose, a law, a page, a time: what the rules keep readable, too."""
    view = context.view
    turn = view.tokens[first].turn
    begin, end = view.bounds[turn]
    runs = runs_by_turn(view).get(turn, [])
    begun = bisect_left(runs, first, key=lambda run: run.last)
    inside = [run for run in takewhile(lambda run: run.first <= last, runs[begun : begun + last - first + 1]) if run.digits]
    for run in inside:
        before = view.tokens[run.first - 1] if run.first > begin else None
        after = view.tokens[run.last + 1] if run.last + 1 < end else None
        said = view.text(turn)[view.tokens[run.first].start : view.tokens[run.last].end]
        cue = context.cue(last_before(context.hits.get(turn, []), run.first, CUE_REACH), run)
        if not (
            context.nobodys(run)
            or of_a_case(view, run)
            or of_a_court(view, run, cue)
            or bates(view, run)
            or DECIMAL.fullmatch(said)
            or DIAGNOSES.fullmatch(said) and context.wanted(run) is None and (cue is None or cue.kind not in NUMBERED)
            or thousands(view, run)
            or (measured(view, run, before, after) and len(run.digits) < LONG and not (certain and run.letters))
            or (time_of_day(view, run, before, after) and context.wanted(run) is None)
            or (cue is not None and cue.kind == "innocent" and len(run.digits) < LONG and not certain)
            or (after is not None and after.low in ("digits", "numbers", "letters"))
        ):
            return False
    return bool(inside)


def _number(view: DialogueView, tokens: list[Token], certain: bool) -> str | None:
    said = [t for t in tokens if t.word]
    turn = tokens[0].turn
    begin, end = view.bounds[turn]
    after = view.tokens[tokens[-1].index + 1] if tokens[-1].index + 1 < end else None
    if any(is_measure(view, t) for t in said):
        return None  # "c o two forty nine": hiding it would be a safety fault
    digits = written_digits(view.text(turn)[tokens[0].start : tokens[-1].end])
    if len(digits) < LONG and after is not None and after.low in UNITS_AFTER - {"to", "of", "or", "other", "second", "car"}:
        return None  # a dose or a count: hiding it would be a safety fault
    for hit in last_before(hits_by_turn(view).get(turn, []), tokens[0].index, CUE_REACH):
        if hit.kind in NUMBERED:
            return hit.kind
    for question in asked(view, turn):
        if question.kind in NUMBERED and question.kind not in (T.EMAIL, T.URL, T.ADDRESS) and question.distance <= 4:
            return question.kind
    letters = any(_letter(t) for t in said)
    if letters and not digits and _pair_of_letters(view, said[0].index):
        return None
    if not certain and not letters and len(digits) < FEW:
        return None  # "forty-five, okay": nobody spoke of a number
    if nearest_before(view, tokens[0].index, begin, VITAL_REACH) is not None and not letters and len(digits) < LONG:
        return None
    if letters:
        return T.LICENSE_NUMBER if len(digits) >= 5 else T.VEHICLE_ID
    by_length = {7: T.PHONE_NUMBER, 9: T.SSN, 10: T.PHONE_NUMBER, 11: T.PHONE_NUMBER, 15: T.CREDIT_CARD, 16: T.CREDIT_CARD}
    return by_length.get(len(digits), T.MEDICAL_RECORD_NUMBER)


def _pair_of_letters(view: DialogueView, place: int) -> bool:
    """ "a D and C", "the Q and A": abbreviations that are said so."""
    begin, end = view.bounds[view.tokens[place].turn]
    for first in (place, place - 2):
        said = view.tokens[max(begin, first - 1) : min(end, first + 3)]
        if len(said) == 4 and said[0].low in _ARTICLES and _letter(said[1]) and said[2].low == "and" and _letter(said[3]):
            return True
    return False


_ARTICLES = frozenset("a an the your my his her their some our this that".split())


def _numeral(token: Token) -> bool:
    code = token.text.isupper() and len(token.text) <= LONGEST_LETTERS
    return code or token.low in _NUMERALS or any(c.isdigit() for c in token.low) or _letter(token)


def _letter(token: Token) -> bool:
    return (len(token.low) == 1 and token.low.isalpha()) or token.low in LETTER_WORDS


def _address(view: DialogueView, tokens: list[Token]) -> str | None:
    if len("".join(t.low for t in tokens if t.word)) < 3 and not any(q.kind == "email" for q in asked(view, tokens[0].turn)):
        return None
    text = view.text(tokens[0].turn)[tokens[0].start : tokens[-1].end]
    wanted = any(q.kind in (T.EMAIL, T.URL) and q.distance <= 4 for q in asked(view, tokens[0].turn))
    dotted = any(t.low == "dot" for t in tokens) and not any(t.low in _NUMERALS or t.low.isdigit() for t in tokens)
    if not (wanted or dotted or "@" in text or any(t.low in _OF_ADDRESS or t.low in _DOMAINS for t in tokens)):
        return None  # "seven dot seventy-two"
    if "@" in text or any(t.low == "at" for t in tokens):
        return T.EMAIL
    if any(q.kind == T.URL and q.distance <= 2 for q in asked(view, tokens[0].turn)):
        return T.URL
    if any(q.kind == T.EMAIL and q.distance <= 4 for q in asked(view, tokens[0].turn)):
        return T.EMAIL
    return T.URL if any(t.low in _OF_URL for t in tokens) or "." in text else T.EMAIL
