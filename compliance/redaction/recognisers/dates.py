"""Dates, dates of birth: written, spoken, in pieces over several turns."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn, last_before
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import TENS, UNITS

MONTHS = frozenset("january february march april may june july august september october november december".split())
SHORT_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec".split())
PLAIN_MONTHS = MONTHS - {"may", "march", "august"}
SMALL_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth".split())
ORDINALS = SMALL_ORDINALS | frozenset(
    """tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    thirtieth""".split()
)
BEFORE_MONTH = frozenset(
    """in since until till by of last next this early late mid from before after through around during every end
    beginning start for to between""".split()
)
HOLIDAYS = (
    "new year's eve", "new year's day", "new year's", "new years eve", "new years day", "new years", "christmas eve",
    "christmas day", "christmas", "thanksgiving day", "thanksgiving", "halloween", "valentine's day", "valentines day",
    "fourth of july", "labor day", "memorial day", "independence day", "easter sunday", "easter", "good friday",
    "veterans day", "mother's day", "father's day", "mothers day", "fathers day", "juneteenth", "columbus day",
    "presidents day", "groundhog day", "st patrick's day", "martin luther king day", "boxing day", "ash wednesday",
    "yom kippur", "rosh hashanah", "cinco de mayo",
)  # fmt: skip
NUMERIC = re.compile(
    r"(?<![\w/.-])(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|'?\d{2})|(?:19|20)\d{2}([/.-])\d{1,2}\2\d{1,2})(?![\w/]|[.-]\d)"
)
SHORT_NUMERIC = re.compile(r"(?<![\w/.])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\w/]|\.\d)")
ORDINAL_DIGITS = re.compile(r"(?:[12]?\d|3[01])(?:st|nd|rd|th)")
DOB_KINDS = frozenset(["date_of_birth"])
# How far a birth date may stand behind the words that announce it.
CUE_REACH = 14
# "twelve nineteen two thousand two": 12, 19, 2, 000, 2.
MAX_BIRTH_DIGITS = 10
SKIP = frozenset([",", ".", "-", "...", "uh", "um", "er"])


class DateRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.DATE, PrivateType.DATE_OF_BIRTH)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        return dates(view)


def dates(view: DialogueView) -> list[Finding]:
    return view.once("dates", _dates)


def _dates(view: DialogueView) -> list[Finding]:
    found: list[Finding] = []
    last_birth = -99
    for turn in view.turns():
        spans = _spans(view, turn)
        birth_asked = _birth_asked(view, turn)
        for first, last, reason in spans:
            tokens = view.tokens
            birth = birth_asked or _birth_cue(view, turn, first)
            if birth:
                last_birth = turn
            found.append(_finding(view, tokens[first], tokens[last], birth, reason))
        for match in [*NUMERIC.finditer(view.text(turn))]:
            birth = birth_asked or "birth" in view.text(turn)[max(0, match.start() - 60) : match.start()].lower()
            if birth:
                last_birth = turn
            type_ = PrivateType.DATE_OF_BIRTH if birth else PrivateType.DATE
            found.append(Finding(turn, *match.span(), type_, 0.95, "a date in digits", match.group()))
        for match in SHORT_NUMERIC.finditer(view.text(turn)):
            before = view.text(turn)[max(0, match.start() - 30) : match.start()].lower()
            if birth_asked or re.search(r"\b(?:on|dated?|since|by|from|until|of|through|to|before|after|born)\W*$", before):
                found.append(Finding(turn, *match.span(), PrivateType.DATE, 0.8, "month and day in digits"))
        if found and found[-1].turn == turn - 1:
            found.extend(_unfinished(view, turn))
        if birth_asked or turn - last_birth <= 5:
            pieces = list(_birth_pieces(view, turn, birth_asked, turn - last_birth))
            if pieces:
                last_birth = turn
            found.extend(pieces)
    return found


def _finding(view: DialogueView, first: Token, last: Token, birth: bool, reason: str) -> Finding:
    type_ = PrivateType.DATE_OF_BIRTH if birth else PrivateType.DATE
    value = view.text(first.turn)[first.start : last.end].lower()
    return Finding(first.turn, first.start, last.end, type_, 0.9, reason, value)


def _birth_asked(view: DialogueView, turn: int) -> bool:
    """Whether the newest open question of the turns before is about a birth date."""
    for question in asked(view, turn):
        if question.kind == "date_of_birth":
            return question.distance <= 4 and question.direct
        if question.kind in ("year", "number", "digits", "date", "letters", "spell"):
            continue
        if question.distance > 1 or question.kind not in ("name",):
            return False
    return False


def _birth_cue(view: DialogueView, turn: int, token: int) -> bool:
    hits = hits_by_turn(view).get(turn, [])
    near = last_before(hits, token, CUE_REACH)
    if any(h.kind == "date_of_birth" for h in near):
        return True
    return any(h.kind == "date_of_birth" and 0 <= h.first - token <= 8 for h in hits)


def _spans(view: DialogueView, turn: int) -> list[tuple[int, int, str]]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[tuple[int, int, str]] = []
    place = begin
    while place < end:
        span = _date_at(view, place, begin, end, spans)
        if span is None:
            place += 1
            continue
        spans.append(span)
        place = span[1] + 1
    del tokens
    return spans


def _date_at(
    view: DialogueView, place: int, begin: int, end: int, spans: list[tuple[int, int, str]]
) -> tuple[int, int, str] | None:
    tokens = view.tokens
    low = tokens[place].low
    if not tokens[place].word:
        return None
    holiday = _holiday(tokens, place, end)
    if holiday is not None:
        last = _year(tokens, holiday + 1, end, False) or holiday
        return place, last, "a holiday"
    if _is_month(tokens, place, end):
        day_end = _day(tokens, place + 1, end, True)
        if day_end is not None:
            year = _year(tokens, day_end + 1, end, True)
            return place, _range_end(tokens, year or day_end, end), "month and day"
        year = _year(tokens, place + 1, end, False)
        if year is not None:
            return place, year, "month and year"
        if low in PLAIN_MONTHS or _month_alone(view, place, begin, end):
            return place, place, "a month"
        return None
    day = _day(tokens, place, end, False)
    if day is not None:
        month = day + 1
        first = place - 1 if place > begin and tokens[place - 1].low == "the" else place
        while month < end and (tokens[month].low in ("of", ",", "day")) and month - day <= 3:
            month += 1
        if month < end and _is_month(tokens, month, end) and (tokens[day + 1].low == "of" or _ordinal_ends(tokens, day)):
            year = _year(tokens, month + 1, end, True)
            return first, year or month, "day and month"
        if _bare_ordinal(view, place, day, begin, end, spans):
            return first, day, "a day of the month"
    return None


def _holiday(tokens: list[Token], place: int, end: int) -> int | None:
    for holiday in HOLIDAYS:
        words = holiday.split()
        if tokens[place].low != words[0].replace("'s", ""):
            continue
        position = place
        for word in words:
            for part in [word[:-2], "'s"] if word.endswith("'s") else [word]:
                if position >= end or tokens[position].low != part:
                    break
                position += 1
            else:
                continue
            break
        else:
            if tokens[place].upper or len(words) > 1 or words[0] in ("christmas", "thanksgiving", "halloween", "juneteenth"):
                return position - 1
    return None


def _is_month(tokens: list[Token], place: int, end: int) -> bool:
    token = tokens[place]
    if token.low in MONTHS:
        # "may i", "march down": lower-case verbs are sorted out by what must follow them.
        return True
    if token.low in SHORT_MONTHS:
        following = place + 1
        if following < end and tokens[following].text == ".":
            following += 1
        return following < end and (
            tokens[following].low.isdigit() or ORDINAL_DIGITS.fullmatch(tokens[following].low) is not None
        )
    return False


def _month_alone(view: DialogueView, place: int, begin: int, end: int) -> bool:
    tokens = view.tokens
    token = tokens[place]
    before = tokens[place - 1].low if place > begin else ""
    alone = end - begin <= 2
    if alone and _birth_asked(view, token.turn):
        return True
    if view.cased and not token.upper:
        return False
    if before in ("in", "since", "of", "last", "next", "early", "late", "mid", "until", "by", "through", "during"):
        after = tokens[place + 1].low if place + 1 < end else ""
        return not (token.low == "may" and after in ("i", "you", "we", "be", "not", "have", "or", "well"))
    return False


def _day(tokens: list[Token], place: int, end: int, after_month: bool) -> int | None:
    """The last token of a day of the month that begins here."""
    if after_month:
        while place < end and tokens[place].low in ("the", ",", ".") and place + 1 < end:
            place += 1
    if place >= end:
        return None
    token = tokens[place]
    low = token.low
    if ORDINAL_DIGITS.fullmatch(low):
        return place
    if low in ORDINALS:
        return place
    if low in ("twenty", "thirty"):
        following = place + 1
        if following < end and tokens[following].text == "-":
            following += 1
        if following < end and tokens[following].low in SMALL_ORDINALS:
            return following
        if after_month and following < end and 1 <= UNITS.get(tokens[following].low, 0) <= 9:
            after = tokens[following + 1].low if following + 1 < end else ""
            if low == "twenty" and not (after in TENS or after in UNITS):
                return following
            return following
        if after_month and low == "twenty" and following < end and tokens[following].low not in TENS:
            return place if tokens[following].low not in UNITS else None
        if after_month and following >= end:
            return place
        return None
    if after_month:
        if low.isdigit() and 1 <= int(low) <= 31 and len(low) <= 2:
            return None if _percent_or_unit(tokens, place, end) else place
        if low in ("nineteen", "twenty"):
            after = tokens[place + 1].low if place + 1 < end else ""
            return None if after in TENS or after in UNITS else place
        if 1 <= UNITS.get(low, 0) <= 19 and low not in ("o", "oh"):
            if low == "two" and place + 1 < end and tokens[place + 1].low == "thousand":
                return None
            return place
    return None


def _percent_or_unit(tokens: list[Token], place: int, end: int) -> bool:
    return place + 1 < end and tokens[place + 1].low in ("%", "percent", "mg", "milligrams", "dollars")


def _ordinal_ends(tokens: list[Token], day: int) -> bool:
    low = tokens[day].low
    return low in ORDINALS or ORDINAL_DIGITS.fullmatch(low) is not None


def _year(tokens: list[Token], place: int, end: int, two_digits: bool) -> int | None:
    """The last token of a year that begins here (after a comma or "of"). ``two_digits``: "eighty-two" is one, too."""
    skipped = 0
    while place < end and tokens[place].low in (",", "of", ".", "in", "the", "year", "uh", "um", "er") and skipped < 4:
        place += 1
        skipped += 1
    if place >= end:
        return None
    low = tokens[place].low
    if low in ("last", "this", "next", "that", "same") and place + 1 < end and tokens[place + 1].low == "year":
        return place + 1
    if low == "'" and place + 1 < end and tokens[place + 1].low.isdigit():
        return place + 1
    if low.isdigit():
        if len(low) == 4 and low[:2] in ("18", "19", "20"):
            return place
        clock = place + 1 < end and tokens[place + 1].low in ("a", "p", "am", "pm", ":", "o'clock", "years", "days", "%")
        return place if two_digits and len(low) == 2 and skipped and tokens[place - 1].text != "." and not clock else None
    if low in ("nineteen", "twenty", "eighteen"):
        following = _skip_hyphen(tokens, place + 1, end)
        if following < end and (tokens[following].low in TENS or 10 <= UNITS.get(tokens[following].low, 0) <= 19):
            unit = _unit(tokens, following, end)
            return unit if unit is not None else following
        if following < end and tokens[following].low in ("oh", "o", "hundred"):
            return following + 1 if following + 1 < end and tokens[following + 1].low in UNITS else following
    if low == "two" and place + 1 < end and tokens[place + 1].low == "thousand":
        last = place + 1
        following = last + 1
        if following < end and tokens[following].low == "and":
            following += 1
        if following < end and (tokens[following].low in UNITS or tokens[following].low in TENS):
            unit = _unit(tokens, following, end) if tokens[following].low in TENS else None
            return unit if unit is not None else following
        return last
    if two_digits and low in TENS and not (skipped and tokens[place - 1].low == "."):
        unit = _unit(tokens, place, end)
        last = unit if unit is not None else place
        after = tokens[last + 1].low if last + 1 < end else ""
        return None if after in ("over", "percent", "milligrams", "mg", "dollars", "years", "people", "minutes") else last
    return None


def _unit(tokens: list[Token], place: int, end: int) -> int | None:
    following = _skip_hyphen(tokens, place + 1, end)
    if following < end and tokens[place].low in TENS and 1 <= UNITS.get(tokens[following].low, 0) <= 9:
        return following
    return None


def _skip_hyphen(tokens: list[Token], place: int, end: int) -> int:
    return place + 1 if place < end and tokens[place].text == "-" else place


def _range_end(tokens: list[Token], last: int, end: int) -> int:
    """ "March 3 through 5", "the third and fourth"."""
    place = last + 1
    if place + 1 < end and tokens[place].low in ("through", "to", "and", "or", "-"):
        following = place + 1
        if tokens[following].low == "the" and following + 1 < end:
            following += 1
        low = tokens[following].low
        if _ordinal_ends(tokens, following) or (tokens[place].text in ("-",) and low.isdigit() and int(low[:4]) <= 31):
            return following
    return last


_NOUNS_AFTER = frozenset(
    """time floor grade street avenue century quarter half amendment circuit district person one year day week month
    page line paragraph exhibit question degree class place base edition generation child trimester rib toe finger
    digit molar metatarsal metatarsals cranial nerve thing step part round session visit opinion party draft shift
    defendant claim cause count set dose shot story door row hour game inning period chapter""".split()
)
_BEFORE_DAY = frozenset("the on of by until til till since before after from and through to was is".split())


def _bare_ordinal(view: DialogueView, place: int, day: int, begin: int, end: int, spans: list[tuple[int, int, str]]) -> bool:
    """ "on the fifteenth", "the 24th": a day of the month, not the fifth floor."""
    tokens = view.tokens
    if not _ordinal_ends(tokens, day):
        return False
    after = tokens[day + 1] if day + 1 < end else None
    before = tokens[place - 1].low if place > begin else ""
    before2 = tokens[place - 2].low if place - 2 >= begin else ""
    near_date = bool(spans) and place - spans[-1][1] <= 25
    open_date = any(
        q.kind in ("date", "date_of_birth") and q.direct and q.distance <= 2 for q in asked(view, view.tokens[place].turn)
    )
    if after is not None and (after.low in _NOUNS_AFTER or after.text in ("-", "█")):
        return False
    free = after is None or not after.word or after.low in (
        "of", "and", "or", "at", "in", "it", "he", "she", "they", "we", "i", "but", "so", "when", "is", "was", "to", "for",
        "because", "then", "through", "with", "if", "that", "this", "on", "what", "does", "did", "there", "by", "as",
    )  # fmt: skip
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
    if before == "the":
        if tokens[place].low[0].isdigit():
            return big or before2 in ("on", "by", "until", "since", "before", "after", "from", "through", "'s", "is", "was")
        return big or before2 in ("on", "by", "until", "since")
    return big and before in ("on", "by", "until", "since") and not (after is not None and after.low == "of")


def _birth_pieces(view: DialogueView, turn: int, birth_asked: bool, since: int) -> Iterable[Finding]:
    """Days, months and years that answer the question for a birth date piece by piece."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    words = sum(t.word for t in tokens[begin:end])
    year_asked = any(q.kind == "year" and q.distance <= 2 for q in asked(view, turn))
    for run in runs_by_turn(view).get(turn, ()):
        if not _year_or_day(run):
            continue
        around = {t.text for t in tokens[max(begin, run.first - 1) : run.first]}
        around |= {t.text for t in tokens[run.last + 1 : min(end, run.last + 2)]}
        if ":" in around or "$" in around or tokens[run.last].low in ("hundred", "thousand"):
            continue
        if run.first > begin and tokens[run.first - 1].low in ("turned", "turning", "almost", "nearly"):
            continue
        if run.value in ("1", "2") and run.last + 1 < end and tokens[run.last + 1].word:
            continue
        cover = sum(a.last - a.first + 1 for a in run.atoms)
        early = run.first - begin <= 5
        if birth_asked or year_asked or (since <= 4 and words <= 14 and cover * 3 >= words):
            if not early and not year_asked and words > 14:
                continue
            if _innocent_after(tokens, run.last + 1, end):
                continue
            first, last = tokens[run.first], tokens[run.last]
            value = view.text(turn)[first.start : last.end].lower()
            yield Finding(turn, first.start, last.end, PrivateType.DATE_OF_BIRTH, 0.8, "answers for a birth date", value)
    if birth_asked and words <= 14:
        for place in range(begin, end):
            token = tokens[place]
            if token.low in MONTHS and (token.low not in ("may", "march") or words <= 4) or _ordinal_ends(tokens, place):
                yield _finding(view, token, token, True, "answers for a birth date")


def _unfinished(view: DialogueView, turn: int) -> Iterable[Finding]:
    """ "January first, nineteen..." / "Thirty-two." """
    before, end = view.bounds[turn - 1]
    tail = [t.low for t in view.tokens[max(before, end - 3) : end]]
    if not ({"nineteen", "twenty", "eighteen"} & set(tail)) and tail[-1:] != ["..."]:
        return
    begin = view.bounds[turn][0]
    for run in runs_by_turn(view).get(turn, ()):
        if run.first - begin <= 1 and not run.letters and len(run.digits) <= 4:
            first, last = view.tokens[run.first], view.tokens[run.last]
            yield Finding(turn, first.start, last.end, PrivateType.DATE, 0.7, "ends the date of the turn before")


def _year_or_day(run: Run) -> bool:
    return not run.letters and 1 <= len(run.digits) <= MAX_BIRTH_DIGITS


def _innocent_after(tokens: list[Token], place: int, end: int) -> bool:
    return place < end and tokens[place].low in (
        "minutes", "years", "year", "weeks", "days", "months", "percent", "milligrams", "dollars", "hours", "of", "people",
    )  # fmt: skip
