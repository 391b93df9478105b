"""What the words are that the language model holds for private, and why they can be nothing private: a dose, a law, an amount, a time."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise, takewhile

from compliance.redaction.alphabets import LETTER_WORDS
from compliance.redaction.detections import PrivateType
from compliance.redaction.measures import is_measure, nearest_before
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.phrases import hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.birth_dates import age_beside_a_day, birth_asked, measure_asked
from compliance.redaction.recognisers.calendar_words import GIVEN_IN, MONTHS, ORDINALS
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.recognisers.nobodys_codes import nobodys_code, of_a_product, timed
from compliance.redaction.recognisers.number_context import CUE_REACH, NUMBERED, NumberContext
from compliance.redaction.recognisers.number_looks import (
    DATE_ASKED,
    DECIMAL,
    DIAGNOSES,
    UNITS_AFTER,
    bates,
    clock_of_24,
    measured,
    nobodys,
    of_a_case,
    of_a_court,
    thousands,
    time_of_day,
)
from compliance.redaction.recognisers.other_questions import (
    BACK,
    answers_otherwise,
    asked_otherwise,
    confirmed,
    limit_read_back,
)
from compliance.redaction.recognisers.spoken_web import TLDS
from compliance.redaction.recognisers.surroundings import of_a_panel
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS, TENS, UNITS, written_digits, written_year

T = PrivateType
# A number of this many digits is no dose, page or law.
LONG = 7
# One of fewer digits that nobody asked for is hardly ever an identifier.
FEW = 4
VITAL_REACH = 10
JUST_BEFORE = 2  # tokens: "the plate's E F, one one two"
LONGEST_LETTERS = 4  # of a plate or serial, in capitals
# What a private number, or a date, says at least once.
_NUMERALS = frozenset([*UNITS, *TENS, *REPEATS, "hundred", "thousand", "hyphen", "dash"]) - {"o"}
_EMERGENCY = frozenset(["911", "999", "112", "000", "988", "111", "101", "311"])
_CALENDAR = frozenset([*MONTHS, *ORDINALS])
_BEFORE_YEARS = frozenset("in since of by until from before after around during '".split())
_FRACTION = re.compile(r"\d{1,2} ?/ ?\d{1,2}")
_ON_DAY = re.compile(r"(?:1[0-2]|[1-9]) (?:[12]?\d|3[01])")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{2})?")
_SCORED = frozenset("is was are at strength reflexes reflex pulses pain score scored grade power motor vision acuity a about".split())
ORDINAL = re.compile(r"\d{1,2}(?:st|nd|rd|th)")
_NO_FEASTS = frozenset("the that this one every each next same first last other some any a all that's another rest".split())  # "the day"
_OF_ADDRESS = frozenset("at slash underscore www http https".split())
_DOMAINS = TLDS - {"in", "me", "us", "it", "is", "pro", "live", "online", "news", "legal"}
_OF_URL = frozenset("dot slash www http https com org net gov edu".split())


def verdict(context: NumberContext, kind: str, first: int, last: int, certain: bool, sure: bool) -> str | None:
    """What the words are, or None where they cannot be what the model takes them for."""
    view = context.view
    tokens = view.tokens[first : last + 1]
    if kind != "medical" and cited(view).whole(first, last):
        return None
    if kind == "number":
        return None if _innocent(context, first, last, certain, sure) else _number(view, tokens, certain, sure)
    if kind == "medical":
        return T.MEDICAL
    if kind == "web":
        return _address(view, tokens)
    if kind == "date":
        feast = certain and len(tokens) > 1 and tokens[-1].low in ("day", "eve", "christmas", "easter") and tokens[0].low not in _NO_FEASTS
        if not feast and not any(t.low in _CALENDAR or t.low in _NUMERALS or t.low[0].isdigit() for t in tokens):
            return None
        lone = len(tokens) == 1 and tokens[0].low in MONTHS
        if lone and not (sure or certain and tokens[0].low not in ("may", "march") or birth_asked(view, tokens[0].turn)):
            return None
        said = [t for t in tokens if t.word]
        if all(t.low in _NUMERALS or t.low.isdigit() for t in said) and measure_asked(view, tokens[0].turn):
            return None  # "Respirations?" / "Sixteen.": hiding a vital would be a safety fault
        if age_beside_a_day(view, first, tokens[-1].index):
            return None
        if birth_asked(view, tokens[0].turn):
            return T.DATE_OF_BIRTH
        if clock_of_24(view, tokens):
            return None  # "tourniquet at oh seven fourteen"
        text = view.text(tokens[0].turn)[tokens[0].start : tokens[-1].end]
        named = feast or any(t.low in _CALENDAR or ORDINAL.fullmatch(t.low) for t in tokens)
        # "3-14", not "twenty-two"
        parted = any(t.text in ("/", "-", ".", ",") and before.low[0].isdigit() for before, t in pairwise(tokens))
        parted = parted or sure and sum(t.text == "," for t in tokens) == 2  # "five, nineteen, twelve"
        before = view.tokens[first - 1].low if first > view.bounds[tokens[0].turn][0] else ""
        numbers = all(t.low in _NUMERALS or t.low.isdigit() for t in said)  # "nineteen forty", not "Mardi Gras day, twenty twenty-four"
        bare = not named and not parted and (numbers and written_year(text) is not None or before in _BEFORE_YEARS)
        after = view.tokens[tokens[-1].index + 1].low if tokens[-1].index + 1 < view.bounds[tokens[0].turn][1] else ""
        if after in GIVEN_IN:
            return None  # "May 1 tablet be crushed?"
        planned = before == "on" and _ON_DAY.fullmatch(text) is not None and after not in UNITS_AFTER  # "going to see her on 2 10"
        if bare or not (named or certain or planned or _day_asked(view, tokens[0].turn)):
            return None
        if _FRACTION.fullmatch(text) and before in _SCORED:
            return None  # "reflexes 2/4", "pain is 6/10"
        return None if DECIMAL.fullmatch(text) or _AMOUNT.fullmatch(text) or before in ("$", "€", "£") else T.DATE
    # "Last blood sugar?" / "One oh three."
    return None if asked_otherwise(view, tokens[0].turn) == tokens[0].turn - 1 else T.AGE_OVER_89


def _day_asked(view: DialogueView, turn: int) -> bool:
    """ "What's the date?" / "It was 3 9"."""
    return any(q.kind == "date" and q.direct and q.distance <= DATE_ASKED for q in asked(view, turn))


def _innocent(context: NumberContext, first: int, last: int, certain: bool, sure: bool) -> bool:
    """Whether every number in these words is a dose, a law, a page, a time: what the rules keep readable, too. Against a model that is
    ``sure`` only a decimal, an amount of thousands and what has a unit speaks."""
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
        # What follows words that the model holds for nothing private is not what is measured: "three three oh six, and forty-one dollars".
        dosed = measured(view, run, before, None if sure and run.last > last else after) and len(run.digits) < LONG
        everybodys = run.first == first and (run.value in _EMERGENCY or nobodys(view, run))
        if sure and not (DECIMAL.fullmatch(said) or thousands(view, run) or dosed or everybodys):
            return False
        if not (
            context.nobodys(run)
            or of_a_case(view, run)
            or of_a_court(view, run, cue)
            or bates(view, run)
            or DECIMAL.fullmatch(said)
            or DIAGNOSES.fullmatch(said) and context.wanted(run) is None and (cue is None or cue.kind not in NUMBERED)
            or thousands(view, run)
            or (dosed and not (certain and run.letters))
            or (time_of_day(view, run, before, after) and context.wanted(run) is None)
            or (cue is not None and cue.kind == "innocent" and len(run.digits) < LONG and not certain)
            or (after is not None and after.low in ("digits", "numbers", "letters"))
        ):
            return False
    return bool(inside)


def _number(view: DialogueView, tokens: list[Token], certain: bool, sure: bool) -> str | None:
    said = [t for t in tokens if t.word]
    turn = tokens[0].turn
    begin, end = view.bounds[turn]
    after = view.tokens[tokens[-1].index + 1] if tokens[-1].index + 1 < end else None
    announced = next((hit.kind for hit in last_before(hits_by_turn(view).get(turn, []), tokens[0].index, JUST_BEFORE) if hit.kind in NUMBERED), None)
    if any(is_measure(view, t) for t in said) and not (sure and announced):
        return None  # "c o two forty nine": hiding it would be a safety fault
    digits = written_digits(view.text(turn)[tokens[0].start : tokens[-1].end])
    runs = [run for run in runs_by_turn(view).get(turn, ()) if run.first <= tokens[-1].index and tokens[0].index <= run.last]
    if announced is None and _AMOUNT.fullmatch(view.text(turn)[tokens[0].start : tokens[-1].end]):
        return None  # "And the balance?" / "14,882."
    if announced is None and runs and all(nobodys_code(view, run) or of_a_product(view, run) or timed(view, run) for run in runs):
        return None
    if announced is None and runs and all(of_a_panel(view, run) or answers_otherwise(view, run, turn - BACK) for run in runs):
        return None
    if len(digits) < LONG and after is not None and after.low in UNITS_AFTER - {"to", "of", "or", "other", "second", "car"}:
        return None  # a dose or a count: hiding it would be a safety fault
    for hit in last_before(hits_by_turn(view).get(turn, []), tokens[0].index, CUE_REACH):
        if hit.kind in NUMBERED:
            return hit.kind
    for question in asked(view, turn):
        if question.kind in NUMBERED and question.kind not in (T.EMAIL, T.URL, T.ADDRESS) and question.distance <= 4:
            if limit_read_back(view, digits, question.turn) or runs and all(confirmed(view, run, question.turn) for run in runs):
                return None
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


def is_numeral(token: Token) -> bool:
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
