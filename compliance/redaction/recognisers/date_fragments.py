"""Dates of which only a piece is said: "02/19" over a note, "nineteen..." / "Thirty-one.", "she's a 1980"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.calendar_words import MONTHS, MONTHS_IN_ORDER, ORDINALS_IN_ORDER, year_end
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import CENTURIES, TENS, UNITS

SHORT_NUMERIC = re.compile(r"(?<![\w/.])(1[0-2]|0?[1-9])/(3[01]|[12]\d|0?[1-9])(?![\w/]|\.\d)")
DAY_FIRST = re.compile(r"(?<![\w/.])(3[01]|[12]\d|0?[1-9])/(1[0-2]|0?[1-9])(?![\w/]|\.\d)")
_DATE_BEFORE = re.compile(
    r"\b(?:on|dated?|since|by|from|until|of|through|to|before|after|born|addendum|dictated|transcribed|signed|seen|admitted|admission"
    r"|discharged?|surgery|scan|labs?|pet|ct|mri|x-?ray|echo|visit|note|clinic|today|yesterday|effective|expires?|due|received|faxed|reviewed)"
    r"\W{0,3}$",
    re.IGNORECASE,
)
# "strength 4/5", "pain 6/10", "1/2 a bottle": rates, not days.
_RATED = re.compile(r"\b(?:pain|strength|power|reflex(?:es)?|score|severity|motor|rated?|grade|murmur|vision|acuity|about|half|drank)\W{0,3}(?:\w+\W{1,2}){0,2}$", re.IGNORECASE)
_DENOMINATORS = frozenset(["2", "3", "4", "5", "6", "8", "10"])
_SHE_IS = frozenset("she's he's i'm you're shes hes im youre she he".split())
# A year completes the day that was said this many turns before.
NEAR_TURNS = 2
_BEFORE_YEARS = frozenset("in of says".split())
_BEFORE_ITS_YEAR = frozenset(["of", "."])  # "six, one. Twenty eighteen."
_BEFORE_CENTURIES = frozenset("in of since".split())
LAST_DAY = 31
LAST_MONTH = 12
# "nineteen eighty", "twenty oh four", "two thousand (and) four" as runs write them
WHOLE_YEAR = re.compile(r"(?:19|20)\d\d|2000\d{1,2}")
MOST_ATOMS_OF_A_DATE = 8  # "zero five zero one two thousand twenty five"
# A turn of so many words says little beside a day; of a birthday that is known, people say more.
WORDS_BESIDE_A_DAY = 8
WORDS_BESIDE_A_BIRTHDAY = 25
# Beside two numbers that count, measure or name something else: "he's five three", "room five twelve", "eleven fifteen a m".
COUNTED = frozenset(
    """i'm im he's hes she's shes about almost over under at by to room bed page line exhibit unit apartment suite number route highway lane
    for o'clock am pm a feet foot inches percent hundred thousand point dollars pounds milligrams times and or years months weeks days
    minutes hours""".split()
)
BIRTH_YEAR_REACH = 12  # tokens before a year
SIGNS_AFTER = 5  # tokens in which the last word of a turn is looked for: "Thirty-seven?!"


def short_dates(text: str, known: set[str], birth: bool) -> Iterator[tuple[int, int]]:
    """Months and days in digits: announced, with a leading zero, heading a sentence, or part of a date that was written out."""
    for match in {m.span(): m for m in [*SHORT_NUMERIC.finditer(text), *DAY_FIRST.finditer(text)]}.values():
        first, second = match.group(1), match.group(2)
        before, after = text[: match.start()], text[match.end() : match.end() + 2]
        pair = "/".join(sorted((first.lstrip("0"), second.lstrip("0"))))
        if pair in known:
            yield match.span()
            continue
        if not SHORT_NUMERIC.fullmatch(match.group()):
            continue
        if birth or _DATE_BEFORE.search(before[-40:]):
            if second not in _DENOMINATORS or birth or not _RATED.search(before[-40:]):
                yield match.span()
            continue
        zero = first.startswith("0") or second.startswith("0")
        heads = not before.strip() or before.rstrip()[-1] in ".;:!?,"
        closes = not after.strip() or after[0] in ".,:;"
        if (zero or heads and closes and second not in _DENOMINATORS) and not _RATED.search(before[-40:]):
            yield match.span()


def written_pair(date: str) -> str | None:
    """Day and month of a date written with slashes, in no order, so that "9/7" is known beside "7/9/1988"."""
    parts = re.split(r"[/.-]", date)
    if len(parts) != 3:
        return None
    pieces = [p.lstrip("0") for p in parts if len(p) <= 2]
    return "/".join(sorted(pieces[:2])) if len(pieces) >= 2 else None


def month_and_day(words: Sequence[str]) -> tuple[int, int] | None:
    """What a date with a month in words says: ``(7, 4)`` for "the fourth of July"; None where it says no day."""
    month = next((MONTHS_IN_ORDER.index(w) + 1 for w in words if w in MONTHS), None)
    numbers = [number for number in map(_number, words) if number]
    day = numbers[0] if numbers else 0
    if day in (20, 30) and len(numbers) > 1 and numbers[1] < 10:
        day += numbers[1]  # "twenty first"
    return (month, day) if month is not None and 1 <= day <= LAST_DAY else None


def _number(word: str) -> int:
    """What "fourth", "4th", "four" or "twentieth" says; 0 for other words."""
    if word in ORDINALS_IN_ORDER:
        return ORDINALS_IN_ORDER.index(word) + 1
    if word in ("twentieth", "thirtieth"):
        return 20 if word == "twentieth" else 30
    written = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
    return int(written.group(1)) if written else UNITS.get(word, TENS.get(word, 0))


def said_in_numbers(view: DialogueView, turn: int, birthdays: Set[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """ "So seven, four, thirty-seven": month, day and year of a birthday that is known, (first, last) token."""
    for run in runs_by_turn(view).get(turn, ()):
        values = [a.value for a in run.atoms]
        if not 3 <= len(values) <= 5 or any(len(v) > 2 or not v.isdecimal() for v in values[:2]) or run.letters:
            continue
        pair = (int(values[0]), int(values[1]))
        if (pair in birthdays or pair[::-1] in birthdays) and len("".join(values[2:])) in (2, 4):
            yield run.first, run.last


def days_in_numbers(view: DialogueView, turn: int, days: Set[tuple[int, int]], closed: bool = False) -> Iterator[tuple[int, int]]:
    """ "Yes. Eleven, fourteen.": month and day of a date that is known, in either order; ``closed``: with a sign behind them only."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    for run in runs_by_turn(view).get(turn, ()):
        values = [a.value for a in run.atoms]
        if run.letters or len(values) not in (2, 4) or any(len(v) > 2 or not v.isdecimal() for v in values):
            continue
        pairs = [(int(values[n]), int(values[n + 1])) for n in range(0, len(values), 2)]
        before = tokens[run.first - 1].low if run.first > begin else ""
        after = tokens[run.last + 1].low if run.last + 1 < end else ""
        if closed and after[:1].isalnum():
            continue
        if all(pair in days or pair[::-1] in days for pair in pairs) and not {before, after} & COUNTED:
            yield run.first, run.last


def whole_dates_in_numbers(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """ "three one twenty twenty-two", "zero five slash ten of nineteen ninety": (first, last) token of month, day and whole year."""
    runs = runs_by_turn(view).get(turn, [])
    for number, run in enumerate(runs):
        if run.letters or len(run.atoms) > MOST_ATOMS_OF_A_DATE:
            continue
        month_day_year = [a.value for a in run.atoms]
        if _in_numbers(month_day_year):
            yield run.first, run.last
        elif number + 1 < len(runs) and runs[number + 1].first == run.last + 2 and view.tokens[run.last + 1].low in _BEFORE_ITS_YEAR:
            year = runs[number + 1]
            if not year.letters and _in_numbers([*month_day_year, *(a.value for a in year.atoms)]):
                yield run.first, year.last


def _in_numbers(values: Sequence[str]) -> bool:
    pieces: list[str] = []
    for value in values:
        if pieces and pieces[-1] == "0" and len(value) == 1:
            pieces[-1] = "0" + value
        else:
            pieces.append(value)
    if len(pieces) < 3 or any(not piece.isdecimal() or len(piece) > 2 for piece in pieces[:2]):
        return False
    first, second = int(pieces[0]), int(pieces[1])
    days = 1 <= min(first, second) <= LAST_MONTH and 1 <= max(first, second) <= LAST_DAY
    return days and WHOLE_YEAR.fullmatch("".join(pieces[2:])) is not None


def split_century(view: DialogueView, turn: int, birth_near: bool, date_near: bool) -> Iterator[tuple[int, int, int]]:
    """ "And that's nineteen..." / "Thirty-one.": (turn, first, last) of both halves.

    A short turn that ends in "twenty" tells no year by itself: a dose or a vital does ("give her the lasix" / "twenty" / "twenty").
    """
    if turn == 0:
        return
    before, until = view.bounds[turn - 1]
    begin, end = view.bounds[turn]
    tokens = view.tokens
    tail = until - 1
    while tail >= before and not tokens[tail].word:
        tail -= 1
    if tail < before or tokens[tail].low not in CENTURIES:
        return
    asks = any(q.kind in ("date", "date_of_birth") and q.distance <= NEAR_TURNS for q in asked(view, turn - 1))
    short = until - before <= 6
    announced = short and tail > before and tokens[tail - 1].low in _BEFORE_CENTURIES
    announced = announced or birth_near or any(t.text == "..." for t in tokens[tail + 1 : until])
    trailing = announced or short and (date_near or asks)
    first = begin
    while first < end and (not tokens[first].word or tokens[first].low in ("uh", "um", "and", "it's", "its")):
        first += 1
    if first >= end or not trailing:
        return
    low = tokens[first].low
    if low == tokens[tail].low and not announced:
        return  # read back
    if low in TENS or 10 <= UNITS.get(low, 0) <= 19 or low in ("oh", "o", "hundred") or low.isdigit() and len(low) == 2:
        last = year_end(tokens, first, end, True)
        yield turn - 1, tail, tail
        yield turn, first, last if last is not None else first


def years_of_people(view: DialogueView, turn: int, dated: int, birth_near: bool) -> Iterator[tuple[int, int, bool]]:
    """Years that say when somebody was born: (first, last, whether it is a birth), where nothing asked for them.

    ``dated`` is the last turn in which a day was said without its year.
    """
    begin, end = view.bounds[turn]
    tokens = view.tokens
    lows = [t.low for t in tokens[begin:end]]
    taken = False
    closing = max((place for place in range(end - 1, max(begin, end - SIGNS_AFTER) - 1, -1) if tokens[place].word), default=-1)
    births = [h.last for h in hits_by_turn(view).get(turn, ()) if h.kind == "date_of_birth"]
    for run in runs_by_turn(view).get(turn, ()):
        at = run.first - begin
        if _birth_year(run, tokens, begin):
            yield run.first, run.last, True
            continue
        if birth_near and dated == turn and run.last == closing and _short_year(run, tokens, begin):
            yield run.first, run.last, True
        if run.letters or not _year(run):
            continue
        before = lows[max(0, at - 3) : at]
        after = tokens[run.last + 1] if run.last + 1 < end else None
        closed = after is None or not after.word
        alone = closed and (at == 0 or not tokens[run.first - 1].word and tokens[run.first - 1].text != "$" or lows[at - 1] in _BEFORE_YEARS)
        person = before[-1:] == ["a"] and before[-2:-1] and before[-2] in _SHE_IS and closed
        person = bool(person) or before[-1:] == ["as"] and bool(set(before) & {"her", "him", "me", "you", "them"})
        if person or (taken and closed):
            taken = True
            yield run.first, run.last, True
        elif alone and (any(0 < run.first - b <= (6 if at and lows[at - 1] in ("in", "of") else 25) for b in births) or birth_near and turn - dated <= NEAR_TURNS):
            yield run.first, run.last, True
        elif closed and (at == 0 or tokens[run.first].first) and run.digits[:2] == "19" and 0 <= turn - dated <= NEAR_TURNS:
            # "First of February." / "Nineteen twenty-eight.": a sentence of its own
            yield run.first, run.last, birth_near


def _birth_year(run: Run, tokens: Sequence[Token], begin: int) -> bool:
    """ "a birth year of forty six", "he delivered me in 1981"."""
    if run.letters or len(run.digits) not in (2, 4):
        return False
    before = [t.low for t in tokens[max(begin, run.first - BIRTH_YEAR_REACH) : run.first] if t.word]
    if before[-3:-1] == ["birth", "year"] and before[-1] in ("of", "is", "was", "says"):
        return True
    delivered = any(a == "delivered" and b in ("me", "him", "her", "my", "our") for a, b in pairwise(before))
    return delivered and before[-1:] == ["in"] and _year(run)


def _short_year(run: Run, tokens: Sequence[Token], begin: int) -> bool:
    """ "The Fourth of July, she thought the fireworks were for her. Thirty-seven.": a sentence of its own, at the end of a turn."""
    alone = run.first > begin and tokens[run.first - 1].text in (".", "?", "!")
    return alone and not run.letters and len(run.digits) == 2 and run.digits[0] != "0"


def _year(run: Run) -> bool:
    return len(run.digits) == 4 and run.digits[:2] in ("19", "20") and run.singles < 3


__all__ = ["month_and_day", "said_in_numbers", "short_dates", "split_century", "whole_dates_in_numbers", "written_pair", "years_of_people"]
