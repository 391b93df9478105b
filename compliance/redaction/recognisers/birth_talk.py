"""Years and days of a birth date while the talk is about one: said again, put right, "my mother says fifty-eight", "born in twenty-nine"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from compliance.redaction.detections import PrivateType
from compliance.redaction.encoder import Chance
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.recognisers.beside_labels import beside_labels
from compliance.redaction.recognisers.birth_dates import age_said, measure_asked, measure_named
from compliance.redaction.recognisers.dates import dates
from compliance.redaction.recognisers.number_looks import amount, measured, of_a_case, year_like
from compliance.redaction.recognisers.surroundings import alone, asked_for_another, counted, paper_or_vital
from compliance.redaction.view import DialogueView

# Turns after a birth date was said, or asked for, in which it is still what the talk is about.
TOPIC = 3
# From this chance of being a date on a number is part of it then; of a year that is known as somebody's from the other.
LIKELY_THERE = 0.5
LIKELY_KNOWN = 0.3
JUST_SAID = 2
MOST_DIGITS = 8


def birth_talk(view: DialogueView, chances: dict[int, Chance]) -> Iterator[tuple[int, int]]:
    """(first, last) token of each."""
    births = sorted((f for f in dates(view) if f.type == PrivateType.DATE_OF_BIRTH), key=lambda f: (f.turn, f.start))
    taken: dict[int, list[tuple[int, int]]] = {}
    for f in births:
        taken.setdefault(f.turn, []).append((f.start, f.end))
    said = {f.turn for f in births} | {turn for turn, hits in hits_by_turn(view).items() if any(h.kind == "date_of_birth" for h in hits)}
    topics = {near for turn in said for near in range(turn, turn + TOPIC + 1)}
    runs = runs_by_turn(view)
    known = {
        run.digits
        for near, spans in taken.items()
        for run in runs.get(near, ())
        if _year(run) and _inside(view, run, spans)
    }
    for turn in view.turns():
        if turn in beside_labels(view):
            continue
        vital = measure_asked(view, turn)  # "And the pulse?" / "Seventy.": hiding it would be a safety fault
        for run in runs.get(turn, ()):
            if _inside(view, run, taken.get(turn, [])) or not _free(view, run):
                continue
            # "April 2nd. He's thirty-four."; alone, "I'm fifty-eight" may be the year that was asked for
            if measure_named(view, run) or taken.get(turn) and age_said(view, run):
                continue
            date = max((chances[place].date for place in range(run.first, run.last + 1) if place in chances), default=0.0)
            again = run.digits in known and (date >= LIKELY_KNOWN or turn in topics)
            told = turn in topics and date >= LIKELY_THERE and (_year(run) or _pairs(run))
            just = any(near in said for near in range(turn - JUST_SAID, turn + 1)) and len(run.digits) == 2
            answers = just and (alone(view, run) or _written_down(view, run))
            if _born_in(view, run) or not vital and (again or told or answers and not _other(view, turn)):
                yield run.first, run.last


def _inside(view: DialogueView, run: Run, spans: list[tuple[int, int]]) -> bool:
    """Whether the last of ``spans``, which lie in order, that begins before the number's end covers it."""
    at = bisect_left(spans, (view.tokens[run.first].start + 1, 0))
    return at > 0 and view.tokens[run.last].end <= spans[at - 1][1]


def _year(run: Run) -> bool:
    return not run.letters and len(run.digits) == 4 and run.digits[:2] in ("18", "19", "20") and run.singles < 3


def _other(view: DialogueView, turn: int) -> bool:
    """Whether one of the two turns before asks for another number."""
    other = asked_for_another(view, turn)
    return other is not None and turn - other <= JUST_SAID


def _written_down(view: DialogueView, run: Run) -> bool:
    """ "The paper says forty-three because ...", "we show sixty two in our system"."""
    begin, _ = view.bounds[run.turn]
    return run.first > begin and view.tokens[run.first - 1].low in _SAYS


_SAYS = frozenset("says said has shows show put have wrote reads".split())


def _pairs(run: Run) -> bool:
    """ "ten, nine and nine, ten": days, months and short years only."""
    return not run.letters and len(run.digits) <= MOST_DIGITS and all(len(atom.value) <= 2 for atom in run.atoms)


def _born_in(view: DialogueView, run: Run) -> bool:
    """ "She was born in twenty-nine", "born in '29"."""
    begin, _ = view.bounds[run.turn]
    before = [t.low for t in view.tokens[max(begin, run.first - 3) : run.first] if t.word]
    return before[-2:] == ["born", "in"] and not run.letters and (year_like(run) or len(run.digits) == 2)


def _free(view: DialogueView, run: Run) -> bool:
    begin, end = view.bounds[run.turn]
    before = view.tokens[run.first - 1] if run.first > begin else None
    after = view.tokens[run.last + 1] if run.last + 1 < end else None
    if run.letters or paper_or_vital(view, run):
        return False
    if before is not None and before.low == "a" and len(run.digits) == 1:
        return False  # "they gave her a nine and a nine"
    return not (measured(view, run, before, after) or amount(view, run) and not year_like(run) or of_a_case(view, run) or counted(view, run.last))
