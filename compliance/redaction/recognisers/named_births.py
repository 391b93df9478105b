"""A birth date in numbers right after somebody's name: "This is Joan Amsel, two twenty forty-eight, left hip."."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compliance.redaction.measures import VITALS
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.recognisers.calendar_words import GIVEN_IN, MONTHS, WEEKDAYS
from compliance.redaction.recognisers.date_fragments import COUNTED, LAST_DAY, LAST_MONTH
from compliance.redaction.recognisers.surroundings import PAPERS, counted, paper_or_vital
from compliance.redaction.recognisers.words import ORG_WORDS
from compliance.redaction.view import DialogueView, Token

_CENTURIES = ("19", "20")
_NO_NAMES = MONTHS | WEEKDAYS | PAPERS | ORG_WORDS | frozenset("street avenue road lane drive court room bed suite flight code".split())


def named_births(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """(first, last) token of each, where names are written with capitals; in lower case the model tells them."""
    begin, end = view.bounds[turn]
    if not view.cased or not VITALS.isdisjoint(t.low for t in view.tokens[begin:end]):
        return
    for run in runs_by_turn(view).get(turn, ()):
        if not run.letters and _date(run) and _after_a_name(view.tokens, run.first, begin) and not _measured(view, run, end):
            yield run.first, run.last


def _date(run: Run) -> bool:
    """Month, day and year; "one twenty-two fifty-one" may be a pressure, hiding which would be a safety fault."""
    pieces = _pieces([a.value for a in run.atoms])
    if len(pieces) == 4 and pieces[2] in _CENTURIES:
        pieces[2:] = [pieces[2] + pieces[3]]
    elif len(pieces) == 2 and len(pieces[1]) == 4 and pieces[1][:2] in _CENTURIES:
        pieces[1:] = [pieces[1][:2], pieces[1][2:]]  # "seven nineteen thirty-seven" is read as 7, 1937
    if len(pieces) != 3 or not all(piece.isdecimal() for piece in pieces):
        return False
    month, day, year = pieces
    years = len(year) == 2 and year[0] != "0" or len(year) == 4 and year[:2] in _CENTURIES
    return len(month) <= 2 and len(day) <= 2 and 1 <= int(month) <= LAST_MONTH and 1 <= int(day) <= LAST_DAY and years and month != "1"


def _pieces(values: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for value in values:
        if pieces and pieces[-1] == "0" and len(value) == 1:
            pieces[-1] = "0" + value
        elif len(value) == 4 and value[:2] in _CENTURIES and len(pieces) == 1:
            pieces += [value[:2], value[2:]]
        else:
            pieces.append(value)
    return pieces


def _after_a_name(tokens: Sequence[Token], first: int, begin: int) -> bool:
    """Two words with capitals, or one that is somebody's: "Room four's Merdle"."""
    last = first - 1 if first > begin and tokens[first - 1].text == "," else first
    named = tokens[max(begin, last - 2) : last]
    if len(named) < 2 or any(t.low in _NO_NAMES for t in named):
        return False
    if not (named[1].word and named[1].upper and named[1].low.isalpha()):
        return False
    return named[0].upper and named[0].low.isalpha() and len(named[0].low) > 1 or last < first and named[0].low.endswith("'s")


def _measured(view: DialogueView, run: Run, end: int) -> bool:
    after = view.tokens[run.last + 1].low if run.last + 1 < end else ""
    return after in GIVEN_IN or after in COUNTED or after in ("over", "mg", "a", "p") or counted(view, run.last) or paper_or_vital(view, run)
