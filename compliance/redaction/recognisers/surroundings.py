"""What stands around a number and says that it is a dose, a count, a time or a paper's: hiding one would be a safety fault."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from compliance.redaction.measures import REACH, VITALS, measures_asked, nearest_before, panel_before
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import LETTERS, Phrase, hits_by_turn
from compliance.redaction.questions import IDENTIFIERS, asked
from compliance.redaction.view import DialogueView, Token

PAPER_REACH = 4  # tokens
VITAL_REACH = 8
LONGEST_VITAL = 3  # digits
WHOLE = 9  # digits said one by one are an identifier's, whatever was asked
PAPERS = frozenset(
    """exhibit section schedule form table figure step stage type grade rule paragraph page item question line case docket claim file
    phone telephone account policy member record chart serial model part invoice order check ticket report social security
    tracking confirmation reference license licence plate vin medicare medicaid group prescription""".split()
)
_MEASURES = VITALS | frozenset(
    """weight weigh weighs weighed sugars level levels count counts rate dose doses score pain takes take taking milligrams mg units grade tall
    height age aged old turned turns percent twice daily breathing bpm cholesterol triglycerides platelets reading readings scale strength
    tablets pills puffs insulin""".split()
)
_COUNTED = frozenset(
    """years year months month weeks week days day hours hour minutes minute times people kids children miles mile feet foot acres dollars
    bucks percent pounds milligrams of o'clock am pm a.m p.m degrees blocks doors houses units rooms bedrooms bedroom families more
    others hundred thousand old ago each apiece lights stories stops stitches beds trailers dogs cats horses trucks cars""".split()
)


def paper_or_vital(view: DialogueView, run: Run) -> bool:
    """ "exhibit twelve", "page nine", "her pressure was one forty", "out of ten"."""
    begin, _ = view.bounds[run.turn]
    near = {t.low for t in view.tokens[max(begin, run.first - PAPER_REACH) : run.first]}
    wide = {t.low for t in view.tokens[max(begin, run.first - VITAL_REACH) : run.first]}
    rated = [t.low for t in view.tokens[max(begin, run.first - 2) : run.first]] == ["out", "of"]
    return bool(rated or near & PAPERS or wide & _MEASURES) or vital_told(view, run)


def counted(view: DialogueView, last: int) -> bool:
    """Whether what follows a number's last token says what is counted: "three dogs", "nine percent", "8 p m"."""
    end = view.bounds[view.tokens[last].turn][1]
    if last + 1 >= end:
        return False
    after = view.tokens[last + 1]
    meridiem = after.low in ("a", "p") and last + 2 < end and view.tokens[last + 2].low == "m"
    return after.text in (":", "%", "/") or after.low in _COUNTED or meridiem


PRESSURES = re.compile(r"\d{2,3}/\d{2,3}(?:,? (?:and |then )?\d{2,3}/\d{2,3})*")


def vital_told(view: DialogueView, run: Run) -> bool:
    """ "her sugar been running two forty two sixty", "my blood pressure was always good, 110/70 ... it was 140, 144": the turn names
    what was measured, and no words since then say that another number comes."""
    begin, _ = view.bounds[run.turn]
    text = view.text(run.turn)[view.tokens[run.first].start : view.tokens[run.last].end]
    if PRESSURES.fullmatch(text) and all(int(high) > int(low) >= 30 for high, low in (p.split("/") for p in re.findall(r"\d+/\d+", text))):
        return True
    if of_a_panel(view, run):
        return True
    if run.letters.upper() not in _OF_VALUES or run.singles > LONGEST_VITAL or any(len(atom.value) > LONGEST_VITAL for atom in run.atoms):
        return False
    if any(q.distance == 1 and q.direct and q.kind in IDENTIFIERS for q in asked(view, run.turn)):
        return False  # "Your social?" / "Well, bless your heart, four one nine"
    named = nearest_before(view, run.first, begin)
    return named is not None and not any(
        hit.first > named and hit.kind not in _SAY_NO_NUMBER and not _of_a_joint(view, named, hit) for hit in _hits_before(view, run)
    )


def of_a_panel(view: DialogueView, run: Run) -> bool:
    """ "Last gas?" / "Seven thirty-two, fifty-one, eighty-eight.": several values at once, which look like a telephone number."""
    begin, _ = view.bounds[run.turn]
    values = run.letters.upper() in _OF_VALUES and run.singles < WHOLE and all(len(atom.value) <= LONGEST_VITAL for atom in run.atoms)
    return values and (measures_asked(view, run.turn) or panel_before(view, run.first, begin))


_OF_VALUES = frozenset(["", "K"])  # "Mag? One six. K three one."


def _of_a_joint(view: DialogueView, named: int, hit: Phrase) -> bool:
    """ "Flexion one ten, extension five": no telephone's."""
    return view.tokens[named].low == "flexion" and view.tokens[hit.last].low == "extension"


_SAY_NO_NUMBER = LETTERS | {"innocent", "name", "spell"}


def _hits_before(view: DialogueView, run: Run) -> list[Phrase]:
    """The phrases that begin within reach of a measure before the number, or with it."""
    hits = hits_by_turn(view).get(run.turn, [])
    return hits[bisect_left(hits, run.first - REACH, key=_begins) : bisect_right(hits, run.first, key=_begins)]


def _begins(hit: Phrase) -> int:
    return hit.first


# What may stand beside a number that is a whole answer.
BESIDE = frozenset(
    """it's its it is was that's thats the number no not yes yeah yep nope okay ok um uh oh well so just sorry i said says say at in or and
    ma'am maam sir mean think right house no wait actually correct only still and now there""".split()
)
LONGEST_ANSWER = 6  # words beside the number
ANOTHER = 4  # turns
# Tokens at the end of a turn in which what it asks is looked for.
QUESTION = 16
_HOW = frozenset("many much old long far tall often big heavy fast late early soon".split())


def alone(view: DialogueView, run: Run) -> bool:
    """Whether nothing but the number is said in its sentence."""
    begin, end = view.bounds[run.turn]
    words = 0
    for step, place in ((-1, run.first - 1), (1, run.last + 1)):
        while begin <= place < end and view.tokens[place].text not in (".", "?", "!"):
            if view.tokens[place].word:
                words += 1
                if words > LONGEST_ANSWER or view.tokens[place].low not in BESIDE:
                    return False
            place += step
    return True


def asked_for_another(view: DialogueView, turn: int) -> int | None:
    """The newest of the turns before, ``ANOTHER`` at most, that asks for a number which is no part of an address or of a birth date:
    "How many are you?", "when was that?", "and the dose?", "which exhibit?". None where none does."""

    def make(v: DialogueView) -> frozenset[int]:
        return frozenset(t for t in v.turns() if _asks_for_another(v.turn_tokens(t)[-QUESTION:]))

    asking = view.once("asked for another number", make)
    return next((before for before in range(turn - 1, turn - 1 - ANOTHER, -1) if before in asking), None)


def _asks_for_another(tail: Sequence[Token]) -> bool:
    said = {t.low for t in tail}
    how = any(a.low == "how" and b.low in _HOW or a.low == "what" and b.low == "time" for a, b in pairwise(tail))
    return how or "when" in said or bool(said & (_MEASURES | PAPERS - _OF_HOMES))


_OF_HOMES = frozenset("line page record file question reference member social security license licence phone telephone form item check group".split())
