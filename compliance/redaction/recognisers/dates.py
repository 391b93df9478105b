"""Dates, dates of birth: written, spoken, in pieces over several turns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.phrases import hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.birth_dates import birth_asked, birth_pieces, date_finding
from compliance.redaction.recognisers.calendar_words import (
    MONTHS,
    ORDINALS,
    SMALL_ORDINALS,
    WEEKDAYS,
    cardinal_day_end,
    day_beside,
    day_end,
    ends_in_ordinal,
    holiday_end,
    is_month,
    range_end,
    year_end,
)
from compliance.redaction.recognisers.date_fragments import (
    NEAR_TURNS,
    WORDS_BESIDE_A_BIRTHDAY,
    WORDS_BESIDE_A_DAY,
    days_in_numbers,
    month_and_day,
    said_in_numbers,
    short_dates,
    split_century,
    whole_dates_in_numbers,
    written_pair,
    years_of_people,
)
from compliance.redaction.recognisers.improbable import improbable
from compliance.redaction.recognisers.named_births import named_births
from compliance.redaction.recognisers.words import ORG_WORDS
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import CENTURIES, TENS, UNITS

NUMBER_WORDS = frozenset([*UNITS, *TENS, "hundred", "thousand", "point"])
PLAIN_MONTHS = MONTHS - {"may", "march", "august"}
NUMERIC = re.compile(
    r"(?<![\w/.-])(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|'?\d{2})|(?:19|20)\d{2}([/.-])\d{1,2}\2\d{1,2})(?![\w/]|[.-]\d)"
)
# What is a date by nothing but where numbers stand: "and the pain, 0 to 10?" after a question for a birth date.
IN_NUMBERS = frozenset(["answers for a birth date", "a day said before, in numbers", "a birthday said before, in numbers", "day and month in numbers"])
# How far a birth date may stand behind the words that announce it.
CUE_REACH = 14
# Turns after a date in which "the sixth" is another one.
DATES_REACH = 4


class DateRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.DATE, PrivateType.DATE_OF_BIRTH)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        return [found for found in dates(view) if found.reason not in IN_NUMBERS or not self._improbable(view, found)]

    def _improbable(self, view: DialogueView, found: Finding) -> bool:
        begin, end = view.bounds[found.turn]
        said = [t.index for t in view.tokens[begin:end] if found.start < t.end and t.start < found.end]
        return bool(said) and improbable(view, self.nlp, said[0], said[-1])


def dates(view: DialogueView) -> list[Finding]:
    return view.once("dates", _dates)


def dated_tokens(view: DialogueView) -> frozenset[int]:
    """The tokens that are part of a date."""
    return view.once("dated tokens", _dated_tokens)


def _dated_tokens(view: DialogueView) -> frozenset[int]:
    found: set[int] = set()
    for date in dates(view):
        begin, end = view.bounds[date.turn]
        first = bisect_right(view.tokens, date.start, begin, end, key=_ends)
        found.update(range(first, bisect_left(view.tokens, date.end, first, end, key=_starts)))
    return frozenset(found)


def _starts(token: Token) -> int:
    return token.start


def _ends(token: Token) -> int:
    return token.end


def _dates(view: DialogueView) -> list[Finding]:
    found: list[Finding] = []
    last_birth = dated = last_date = -99
    known: set[str] = set()
    birthdays: set[tuple[int, int]] = set()
    days: dict[tuple[int, int], int] = {}  # the turn in which each was said last
    for turn in view.turns():
        spans = _spans(view, turn, turn - last_date <= DATES_REACH)
        asked_birth = birth_asked(view, turn)
        for first, last, reason in spans:
            tokens = view.tokens
            birth = asked_birth or _birth_cue(view, turn, first)
            said = month_and_day([t.low for t in tokens[first : last + 1]])
            days.update({} if said is None else {said: turn})
            if birth:
                last_birth = turn
                birthdays.update(() if said is None else (said,))
            found.append(date_finding(view, tokens[first], tokens[last], birth, reason))
        for first, last in said_in_numbers(view, turn, birthdays):
            found.append(date_finding(view, view.tokens[first], view.tokens[last], True, "a birthday said before, in numbers"))
            last_birth = turn
        words = sum(t.word for t in view.turn_tokens(turn))
        near = {day for day, when in days.items() if turn - when <= DATES_REACH and words <= WORDS_BESIDE_A_DAY}
        for known_days, birth in ((birthdays, True), (near - birthdays, asked_birth)):
            for first, last in days_in_numbers(view, turn, known_days, closed=birth and words > WORDS_BESIDE_A_BIRTHDAY):
                found.append(date_finding(view, view.tokens[first], view.tokens[last], birth, "a day said before, in numbers"))
        for first, last in whole_dates_in_numbers(view, turn):
            found.append(date_finding(view, view.tokens[first], view.tokens[last], asked_birth, "month, day and year in numbers"))
        for first, last in named_births(view, turn):
            found.append(date_finding(view, view.tokens[first], view.tokens[last], True, "a birth date after a name"))
        for match in [*NUMERIC.finditer(view.text(turn))]:
            birth = asked_birth or "birth" in view.text(turn)[max(0, match.start() - 60) : match.start()].lower()
            if birth:
                last_birth = turn
            type_ = PrivateType.DATE_OF_BIRTH if birth else PrivateType.DATE
            found.append(Finding(turn, *match.span(), type_, 0.95, "a date in digits", match.group()))
        known.update(filter(None, (written_pair(m.group()) for m in NUMERIC.finditer(view.text(turn)))))
        for start, stop in short_dates(view.text(turn), known, asked_birth):
            birth = asked_birth or turn - last_birth <= 1
            type_ = PrivateType.DATE_OF_BIRTH if birth else PrivateType.DATE
            found.append(Finding(turn, start, stop, type_, 0.8, "month and day in digits"))
        near_birth = asked_birth or turn - last_birth <= 4
        if any(not _has_year(view, first, last) for first, last, _ in spans):
            dated = turn
        for place, first, last in split_century(view, turn, near_birth, turn - max(dated, last_date) <= NEAR_TURNS):
            found.append(date_finding(view, view.tokens[first], view.tokens[last], near_birth, "a year in two turns"))
            last_birth = place if near_birth else last_birth
        for first, last, born in years_of_people(view, turn, dated, near_birth):
            found.append(date_finding(view, view.tokens[first], view.tokens[last], born, "a year of birth"))
            last_birth = turn if born else last_birth
        if found and found[-1].turn == turn - 1:
            found.extend(_unfinished(view, turn))
        last_date = turn if spans else last_date
        if asked_birth or turn - last_birth <= 5 or turn - last_date <= 3:
            pieces = list(birth_pieces(view, turn, asked_birth, turn - last_birth, turn - last_date))
            if pieces:
                last_birth = turn
            found.extend(pieces)
    return found


def _has_year(view: DialogueView, first: int, last: int) -> bool:
    end = view.bounds[view.tokens[first].turn][1]
    return (
        year_end(view.tokens, last, end, True) is not None
        or last > first
        and view.tokens[last - 1].low in CENTURIES | TENS.keys()
    )


def _birth_cue(view: DialogueView, turn: int, token: int) -> bool:
    hits = hits_by_turn(view).get(turn, [])
    near = last_before(hits, token, CUE_REACH)
    if any(h.kind == "date_of_birth" for h in near):
        return True
    return any(h.kind == "date_of_birth" and 0 <= h.first - token <= 8 for h in hits)


def _spans(view: DialogueView, turn: int, dated: bool) -> list[tuple[int, int, str]]:
    begin, end = view.bounds[turn]
    spans: list[tuple[int, int, str]] = []
    place = begin
    while place < end:
        span = _date_at(view, place, begin, end, spans, dated)
        if span is None:
            place += 1
            continue
        spans.append(span)
        place = span[1] + 1
    return spans


def _date_at(
    view: DialogueView, place: int, begin: int, end: int, spans: list[tuple[int, int, str]], dated: bool
) -> tuple[int, int, str] | None:
    tokens = view.tokens
    low = tokens[place].low
    if not tokens[place].word:
        return None
    holiday = holiday_end(tokens, place, end)
    if holiday is not None and (_loosely(tokens, place, holiday, begin, end) or _dedicated(view, place, holiday, end)):
        return None
    if holiday is not None:
        last = year_end(tokens, holiday + 1, end, False) or holiday
        the_fourth = low == "fourth" and place > begin and tokens[place - 1].low == "the"
        return place - the_fourth - day_beside(tokens, place, begin), last, "a holiday"
    if is_month(tokens, place, end):
        after_day = day_end(tokens, place + 1, end, True)
        if after_day is not None:
            if after_day + 2 < end and tokens[after_day + 1].low == "of" and tokens[after_day + 2].low in MONTHS:
                after_day += 2  # "no, april, the eleventh of april"
            year = _year_of_day(tokens, after_day + 1, end)
            return place, range_end(tokens, year or after_day, end), "month and day"
        year = year_end(tokens, place + 1, end, False)
        if year is not None:
            return place, year, "month and year"
        if low in PLAIN_MONTHS or _month_alone(view, place, begin, end):
            return place, place, "a month"
        return None
    day = day_end(tokens, place, end, False)
    if day is None:
        return _cardinal_date(view, place, begin, end)
    if day is not None:
        month = day + 1
        first = place - 1 if place > begin and tokens[place - 1].low == "the" else place
        while month < end and (tokens[month].low in ("of", ",", "day")) and month - day <= 3:
            month += 1
        if month < end and is_month(tokens, month, end) and (tokens[day + 1].low == "of" or ends_in_ordinal(tokens, day)):
            year = _year_of_day(tokens, month + 1, end)
            return first, year or month, "day and month"
        numeric = _ordinal_month(tokens, day, end)
        if numeric is not None:
            year = year_end(tokens, numeric + 1, end, True)
            talked = any(q.kind in ("date", "date_of_birth") and q.distance <= 4 for q in asked(view, tokens[place].turn))
            if year is not None or talked or _birth_cue(view, tokens[place].turn, place):
                return first, year or numeric, "day and month in numbers"
        if _bare_ordinal(view, place, day, begin, end, spans, dated):
            return first, day, "a day of the month"
    return None


def _year_of_day(tokens: list[Token], place: int, end: int) -> int | None:
    """The year after a day; "of last year" says nothing that the day does not, other than after a month alone."""
    year = year_end(tokens, place, end, True)
    if year is not None and year + 1 < end and tokens[year + 1].low in ("point", "hours", "percent"):
        return None  # "august thirty first thirty nine point five hours"
    return None if year is not None and tokens[year].low == "year" else year


def _loosely(tokens: list[Token], first: int, last: int, begin: int, end: int) -> bool:
    """ "after Christmas", "the christmas season": no day in particular."""
    after = tokens[last + 1].low if last + 1 < end else ""
    loose = first > begin and tokens[first - 1].low in ("before", "after") and not day_beside(tokens, first, begin)
    return loose or after in ("season", "break", "vacation", "sale", "sales", "deal", "deals")


def _dedicated(view: DialogueView, first: int, last: int, end: int) -> bool:
    """ "All Saints Church", "all souls hospital": what is called after the day."""
    if view.tokens[first].low != "all" or last + 1 >= end:
        return False
    after = view.tokens[last + 1]
    return after.low in ORG_WORDS or view.cased and after.word and after.upper


def _cardinal_date(view: DialogueView, place: int, begin: int, end: int) -> tuple[int, int, str] | None:
    """ "expired thirty one october", "17 January 1987"."""
    tokens = view.tokens
    day = cardinal_day_end(tokens, place, end)
    if day is None:
        return None
    month = day + 1
    if month < end and tokens[month].low in ("uh", "um", ","):
        month += 1
    if month < end and tokens[month].low == "of":
        month += 1
    if month >= end or not is_month(tokens, month, end):
        return None
    if place > begin and (
        tokens[place - 1].low.isdigit() or tokens[place - 1].low in NUMBER_WORDS or tokens[place - 1].text in "/.:$-"
    ):
        return None
    year = year_end(tokens, month + 1, end, True)
    if year is None and day_end(tokens, month + 1, end, True) is not None:
        return None  # "exhibit 5, December 3"
    verb = tokens[month].low in ("may", "march", "august") and not (view.cased and tokens[month].upper)
    return None if verb and year is None else (place, year or month, "day and month")


def _ordinal_month(tokens: list[Token], day: int, end: int) -> int | None:
    """The month's ordinal after a day's: "the eleventh of the fourth"."""
    step = day + 1
    while step < end and tokens[step].text == ",":
        step += 1
    if step >= end or tokens[step].low not in ("of", "day"):
        return None
    while step < end and tokens[step].low in ("of", "the", "day", "month", "uh", "um"):
        step += 1
    if step < end and (tokens[step].low in SMALL_ORDINALS or tokens[step].low in ("tenth", "eleventh", "twelfth")):
        return step if not (step + 1 < end and tokens[step + 1].low in NOUNS_AFTER - {"month", "year"}) else None
    return None


def _month_alone(view: DialogueView, place: int, begin: int, end: int) -> bool:
    tokens = view.tokens
    token = tokens[place]
    before = tokens[place - 1].low if place > begin else ""
    alone = end - begin <= 2
    if alone and birth_asked(view, token.turn):
        return True
    if view.cased and not token.upper:
        return False
    about = before in _ROUGHLY and place - 2 >= begin and tokens[place - 2].low in _BEFORE_MONTH
    if before in _BEFORE_MONTH or about:
        after = tokens[place + 1].low if place + 1 < end else ""
        if after == "or":
            after = tokens[place + 2].low if place + 2 < end else ""  # "may or may not", but "in may or the first of june"
        return not (token.low == "may" and after in ("i", "you", "we", "be", "not", "have", "may", "might", "well"))
    # "March something": whose day somebody does not know any more
    return place + 1 < end and tokens[place + 1].low == "something" and (view.cased or token.low in PLAIN_MONTHS)


_ROUGHLY = frozenset("about around like maybe roughly probably approximately say".split())  # "since about march"
_BEFORE_MONTH = frozenset("in since of last next early late mid until till til by through during was come".split())
NOUNS_AFTER = frozenset(
    """time floor grade street avenue century quarter half amendment circuit district person one year day week month
    page line paragraph exhibit question degree class place base edition generation child trimester rib toe finger
    digit molar metatarsal metatarsals cranial nerve thing step part round session visit opinion party draft shift
    defendant claim cause count set dose shot story door row hour game inning period chapter percentile centile thoracic lumbar
    vertebra cycle mortgage objection""".split()
)
_BEFORE_THE_DAY = frozenset(
    """on by until till til since before after from through 's is was it it's its do did want need prefer for to than not or about
    around like say said and between was that's thats""".split()
)
_BEFORE_DAY = frozenset("the on of by until til till since before after from and through to was is".split())


def _bare_ordinal(
    view: DialogueView, place: int, day: int, begin: int, end: int, spans: list[tuple[int, int, str]], dated: bool
) -> bool:
    """ "on the fifteenth", "the 24th": a day of the month, not the fifth floor."""
    tokens = view.tokens
    if not ends_in_ordinal(tokens, day):
        return False
    after = tokens[day + 1] if day + 1 < end else None
    before = tokens[place - 1].low if place > begin else ""
    before2 = tokens[place - 2].low if place - 2 >= begin else ""
    near_date = bool(spans) and place - spans[-1][1] <= 25
    open_date = any(
        q.kind in ("date", "date_of_birth") and q.direct and q.distance <= 2 for q in asked(view, view.tokens[place].turn)
    )
    if after is not None and (after.low in NOUNS_AFTER or after.text in ("-", "█")):
        return False
    free = after is None or not after.word or after.low in (
        "of", "and", "or", "at", "in", "it", "he", "she", "they", "we", "i", "but", "so", "when", "is", "was", "to", "for",
        "because", "then", "through", "with", "if", "that", "this", "on", "what", "does", "did", "there", "by", "as",
        "no", "not", "sorry", "works", "rather", "actually", "maybe", "please", "instead", "thanks",
    )  # fmt: skip
    weekday_after = after is not None and after.low == "the" and day + 2 < end and tokens[day + 2].low in WEEKDAYS
    if before == "the" and before2 in WEEKDAYS or before in ("the", "on") and weekday_after:
        return True  # "monday the third about seven", "the sixth, the tuesday"
    if before not in _BEFORE_DAY:
        return False
    late = ORDINALS - SMALL_ORDINALS
    tens = tokens[place].low in ("twenty", "thirty") or tokens[place].low in late
    if not free and not (not view.cased and before == "the" and tens):
        if not (before == "the" and before2 == "on" and not view.cased):
            return False
    big = tokens[place].low not in SMALL_ORDINALS and tokens[place].low[:-2] not in tuple("123456789")
    if near_date or open_date:
        return True
    if dated and free and before == "the" and tokens[place].low not in ("first", "second", "1st", "2nd"):
        return True  # "the graft was the sixth" / "right, the seventh, so"
    if before == "the":
        if tokens[place].low[0].isdigit():
            return big or before2 in _BEFORE_THE_DAY or not before2 and after is not None and after.low in ("it", "is", "works")
        return big or before2 in ("on", "by", "until", "since")
    return big and before in ("on", "by", "until", "since") and not (after is not None and after.low == "of")


def _unfinished(view: DialogueView, turn: int) -> Iterable[Finding]:
    """ "January first, nineteen..." / "Thirty-two." """
    before, end = view.bounds[turn - 1]
    begin = view.bounds[turn][0]
    tail = [t.low for t in view.tokens[max(before, end - 3) : end]]
    said = [t.low for t in view.tokens[before:end] if t.word]
    if not (CENTURIES & set(said[-1:])) and tail[-1:] != ["..."]:
        return
    for run in runs_by_turn(view).get(turn, ()):
        if run.first - begin <= 1 and not run.letters and len(run.digits) <= 4:
            if run.first > begin and view.tokens[run.first - 1].low == "at":
                continue  # "the twenty second, right" / "at nine in department fourteen"
            first, last = view.tokens[run.first], view.tokens[run.last]
            yield Finding(turn, first.start, last.end, PrivateType.DATE, 0.7, "ends the date of the turn before")
