"""A birth date that is asked for and answered piece by piece: a day, a month, a year."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from compliance.redaction.detections import PrivateType
from compliance.redaction.measures import VITALS, measures_asked
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.calendar_words import MONTHS, ends_in_ordinal
from compliance.redaction.recognisers.house_numbers import half_end
from compliance.redaction.recognisers.number_looks import of_a_case, year_like
from compliance.redaction.recognisers.surroundings import vital_told
from compliance.redaction.view import DialogueView, Finding, Token

# "twelve nineteen two thousand two": 12, 19, 2, 000, 2.
MAX_BIRTH_DIGITS = 10
# In an answer of more words, a number far from what answered before it is no part of the answer; so many tokens are beside it.
LONG_ANSWER = 14
BESIDE = 6
YEAR_REACH = 2  # turns after a day in which "And the year?" asks for that day's
_OF_VALUES = frozenset("of at to".split())
_NOT_FIRST = frozenset("day month year at my your his her our their".split())
_MEASURED_QUESTIONS = VITALS | frozenset("tall height weigh weight scale pain dose dosage strength milligrams insulin apgar apgars length copay".split())
_EVENTS = frozenset("accident crash collision fall injury surgery operation incident".split())
_HOW = frozenset("many much often long far bad".split())
_BIRTH = frozenset("birth born birthday birthdate dob".split())
_AM = frozenset("i'm im you're youre he's hes she's shes am are foot".split())
_WILL_BE = frozenset("i'll ill he'll she'll you'll youll they'll will would i'd he'd she'd".split())
_NO_YEARS = frozenset("copay copays copay's apgar apgars length weight".split())
_NO_YEARS_REACH = 4


def date_finding(view: DialogueView, first: Token, last: Token, birth: bool, reason: str) -> Finding:
    type_ = PrivateType.DATE_OF_BIRTH if birth else PrivateType.DATE
    value = view.text(first.turn)[first.start : last.end].lower()
    return Finding(first.turn, first.start, last.end, type_, 0.9, reason, value)


def birth_asked(view: DialogueView, turn: int) -> bool:
    """Whether the newest open question of the turns before is about a birth date."""
    for question in asked(view, turn):
        if question.kind == "date_of_birth":
            return question.distance <= 4 and question.direct
        if question.kind == "year" and any(t.low in ("birth", "born") for t in view.turn_tokens(question.turn)):
            return question.distance <= 2
        if question.kind == "date" and question.direct and _of_an_event(view, question.turn):
            return False  # "When was the accident?" ends the talk of a birth
        if question.kind in ("year", "number", "digits", "date", "spell"):
            continue
        if question.distance > 1 or question.kind not in ("name",):
            return False
    return False


def _of_an_event(view: DialogueView, turn: int) -> bool:
    said = {t.low for t in view.turn_tokens(turn)}
    return not _EVENTS.isdisjoint(said) and _BIRTH.isdisjoint(said)


def measure_asked(view: DialogueView, turn: int) -> bool:
    """Whether the turn before asks for a vital, a dose or a count, and for no birth date."""
    said = [t.low for t in view.turn_tokens(turn - 1)] if turn else []
    how = any(low == "how" and following in _HOW for low, following in pairwise(said))
    return (how or not _MEASURED_QUESTIONS.isdisjoint(said) or measures_asked(view, turn)) and _BIRTH.isdisjoint(said)


def age_said(view: DialogueView, run: Run) -> bool:
    """ "April 2nd. He's thirty-four.", "I'll be forty-two": an age, but "she's a 1972", "she's a seventy-two" are years of birth."""
    begin, _ = view.bounds[run.turn]
    before = [t.low for t in view.tokens[max(begin, run.first - 2) : run.first]]
    return len(run.digits) <= 2 and (before[-1:] == ["be"] and not _WILL_BE.isdisjoint(before) or not _AM.isdisjoint(before[-1:]))


def age_beside_a_day(view: DialogueView, first: int, last: int) -> bool:
    """Whether these tokens are an age right in the turn that said a birthday: "April 2nd. He's thirty-four."."""
    turn = view.tokens[first].turn
    said = any(t.low in MONTHS for t in view.tokens[view.bounds[turn][0] : first])
    return said and any(run.first == first and run.last == last and age_said(view, run) for run in runs_by_turn(view).get(turn, ()))


def measure_named(view: DialogueView, run: Run) -> bool:
    """ "Length fifty-one", "copay's thirty-five": right before the number."""
    begin, _ = view.bounds[run.turn]
    return not _NO_YEARS.isdisjoint(t.low for t in view.tokens[max(begin, run.first - _NO_YEARS_REACH) : run.first])


def birth_pieces(view: DialogueView, turn: int, birth_asked: bool, since: int, dated: int) -> Iterable[Finding]:
    """Days, months and years that answer the question for a birth date piece by piece."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    words = sum(t.word for t in tokens[begin:end])
    if measure_asked(view, turn):
        return  # "and how tall are you" / "five eleven": hiding a vital would be a safety fault
    year_asked = any(q.kind == "year" and q.distance <= 2 for q in asked(view, turn))
    announced = False
    told = begin - BESIDE - 1  # the last token of what was found before
    for run in runs_by_turn(view).get(turn, ()):
        if not _year_or_day(run):
            continue
        around = {t.text for t in tokens[max(begin, run.first - 1) : run.first]}
        around |= {t.text for t in tokens[run.last + 1 : min(end, run.last + 2)]}
        if ":" in around or "$" in around or tokens[run.last].low in ("hundred", "thousand"):
            continue
        if run.first > begin and tokens[run.first - 1].low in ("turned", "turning", "almost", "nearly"):
            continue
        if age_said(view, run) and not year_asked or measure_named(view, run):
            continue
        if [t.low for t in tokens[max(begin, run.first - 2) : run.first]] == ["out", "of"]:
            continue  # "and the pain, out of ten?"
        if half_end(tokens, run.last, end) > run.last or of_a_case(view, run) or vital_told(view, run):
            continue
        before = tokens[run.first - 1].low if run.first > begin else ""
        if before in ("last", "a") and len(run.digits) == 1 or run.value == "1" and before and tokens[run.first - 1].word:
            continue  # "your last four", "they gave her a nine", "that's the one"
        if run.value in ("1", "2") and run.last + 1 < end and (tokens[run.last + 1].word or tokens[run.last + 1].text == "█"):
            continue  # "I've got two Whitakers here"
        cover = sum(a.last - a.first + 1 for a in run.atoms)
        early = run.first - begin <= 5
        half_said = min(since, dated + 1) <= 5 and early and _year_announced(tokens, run.last + 1, end) and _day_and_month(run)
        announced = announced or half_said
        if birth_asked or year_asked and (since <= 5 or dated <= YEAR_REACH) or announced or (since <= 4 and words <= LONG_ANSWER and cover * 3 >= words):
            if not early and not year_asked and not announced and words > LONG_ANSWER:
                continue
            far = words > LONG_ANSWER and not early and run.first - told > BESIDE
            if far and not year_like(run) and (len(run.digits) > 2 or before in _OF_VALUES):
                continue  # a dictation's "elevated to 156", "an HDL of 66": hiding it would be a safety fault
            if _innocent_after(tokens, run.last + 1, end):
                continue
            told = run.last
            first, last = tokens[run.first], tokens[run.last]
            value = view.text(turn)[first.start : last.end].lower()
            yield Finding(turn, first.start, last.end, PrivateType.DATE_OF_BIRTH, 0.8, "answers for a birth date", value)
    if birth_asked and words <= LONG_ANSWER:
        for place in range(begin, end):
            token = tokens[place]
            if token.low == "first" and place > begin and tokens[place - 1].low in _NOT_FIRST:
                continue  # "you wrote it day first", "our first marathon"
            if token.low in MONTHS and (token.low not in ("may", "march") or words <= 4) or ends_in_ordinal(tokens, place):
                yield date_finding(view, token, token, True, "answers for a birth date")


def _year_announced(tokens: list[Token], place: int, end: int) -> bool:
    """ "twelve three and the year is ninety seven"."""
    return any(t.low == "year" for t in tokens[place : min(end, place + 4)])


def _day_and_month(run: Run) -> bool:
    return 2 <= len(run.digits) <= 4 and len(run.atoms) == 2


def _year_or_day(run: Run) -> bool:
    return not run.letters and 1 <= len(run.digits) <= MAX_BIRTH_DIGITS


def _innocent_after(tokens: list[Token], place: int, end: int) -> bool:
    return place < end and tokens[place].low in (
        "minutes", "years", "year", "weeks", "days", "months", "percent", "milligrams", "dollars", "hours", "of", "people",
        "times", "units", "tablets", "pills", "puffs", "drops", "mg", "mcg", "cc", "doses", "packs", "steps", "pounds", "lbs",
        "feet", "foot", "kilos", "inches", "beds", "baths", "kids", "children", "out",
    )  # fmt: skip
