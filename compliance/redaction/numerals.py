"""Spoken numbers, letters and codes: runs of them with what they say when written.

A run is a chain of atoms (digits, number words, single letters, spelling-alphabet words) joined by what people put between
them: commas, dashes, "dash", "uh", "then". It knows the tokens it covers and its written value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from compliance.redaction.alphabets import LETTER_WORDS
from compliance.redaction.atoms import (
    CASE_WORDS,
    CODE_JOINERS,
    FILLERS,
    JOIN_SIGNS,
    JOINERS,
    SINGLES,
    UNIT_LETTERS,
    Atom,
    atom_at,
)
from compliance.redaction.measures import is_measure
from compliance.redaction.phrases import ABBREVIATION, Phrase, hits_by_turn, last_before, phrase_hits
from compliance.redaction.questions import asked
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS, TENS, UNITS

# What may stand between two atoms of one run.
MAX_FILLERS = 3
# Steps in which a patient is asked to count: a hundred take away seven, and on.
SERIAL = frozenset([-7, -3])
# What a row of letters may answer or follow as a name or as an identifier, and how many turns ago that was asked or tokens ago said.
SPELLED = frozenset("name spell email url license_number vehicle_id health_plan_number medical_record_number device_id".split())
SPELLED_REACH = 2
SPELLED_BEFORE = 8
# A run longer than any identifier is a list or a table read aloud; it is cut, so that work stays linear.
MAX_ATOMS = 64
# What is counted after an "and" that ends a row of digits, of which there are so many at least.
COUNTED = frozenset("minutes minute hours hour days day weeks week months month years year dollars cents times people miles".split())
SINGLY = 3
LONGEST_COUNT = 5  # tokens


@dataclass
class Run:
    """What it says is worked out once: nothing is added to a run that was kept."""

    turn: int
    atoms: list[Atom] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.atoms[0].first

    @property
    def last(self) -> int:
        return self.atoms[-1].last

    @cached_property
    def value(self) -> str:
        return "".join(a.value for a in self.atoms)

    @cached_property
    def digits(self) -> str:
        return "".join(c for c in self.value if c.isdigit())

    @cached_property
    def letters(self) -> str:
        return "".join(c for c in self.value if c.isalpha())

    @cached_property
    def singles(self) -> int:
        """The longest row of digits said one by one."""
        best = row = 0
        for atom in self.atoms:
            row = row + len(atom.value) if atom.kind == "digit" else 0
            best = max(best, row)
        return best

    @property
    def written(self) -> bool:
        return any(a.kind in ("written", "code") for a in self.atoms)

    @property
    def counting(self) -> bool:
        """ "one, two, three, four", "ninety-three, eighty-six, seventy-nine": nobody's number."""
        said = [int(a.value) for a in self.atoms if a.value.isdigit() and len(a.value) == 2]
        gaps = {b - a for a, b in pairwise(said)}
        if len(said) == len(self.atoms) > 2 and len(gaps) == 1 and gaps <= SERIAL:
            return True
        steps = [int(a.value) for a in self.atoms if a.kind == "digit" and len(a.value) == 1]
        return len(steps) == len(self.atoms) > 2 and all(b - a == 1 for a, b in zip(steps, steps[1:], strict=False))


def runs(view: DialogueView) -> list[Run]:
    """All runs of the dialogue, in order. Tokens of abbreviations ("I D", "M R I") are not atoms."""
    return view.once("runs", _runs)


def runs_by_turn(view: DialogueView) -> dict[int, list[Run]]:
    def make(v: DialogueView) -> dict[int, list[Run]]:
        grouped: dict[int, list[Run]] = {}
        for run in runs(v):
            grouped.setdefault(run.turn, []).append(run)
        return grouped

    return view.once("runs_by_turn", make)


def _runs(view: DialogueView) -> list[Run]:
    found: list[Run] = []
    masked = masked_tokens(view)
    for turn in view.turns():
        tokens = view.turn_tokens(turn)
        turn_runs(tokens, turn, masked, found)
    return found


def masked_tokens(view: DialogueView) -> frozenset[int]:
    """Tokens of abbreviations and cue phrases made of letters, which are nobody's initials."""

    def make(v: DialogueView) -> frozenset[int]:
        return frozenset(
            i for h in phrase_hits(v) if h.letters and not _inside_spelling(v, h) for i in range(h.first, h.last + 1)
        )

    return view.once("masked", make)


def _inside_spelling(view: DialogueView, hit: Phrase) -> bool:
    """ "l i" in "A-N-J-A-L-I": more single letters stand on either side."""
    tokens = view.tokens
    begin, end = view.bounds[hit.turn]
    if len(tokens[hit.first].low) > 1 and len(tokens[hit.last].low) > 1 or is_measure(view, tokens[hit.last]):
        return False
    before, after = hit.first - 1, hit.last + 1
    while before > begin and tokens[before].text in (".", "-", ",", "_"):
        before -= 1
    while after < end - 1 and tokens[after].text in (".", "-", ",", "_"):
        after += 1
    if hit.kind == ABBREVIATION and _somebodys(view, hit, before, after):
        return True
    if (
        begin <= before
        and after < end
        and _is_numeral(tokens[before])
        and _is_numeral(tokens[after])
        and hit.kind != "innocent"
    ):
        return True  # "one E G four"
    if begin <= before and tokens[before].low in REPEATS and before == hit.first - 1:
        return True  # "R double E D"
    if begin <= before and _is_numeral(tokens[before]) and _code_before(tokens, before, begin):
        unit = "".join(_lows(tokens, hit)) in UNIT_LETTERS
        if not unit or _singles_before(tokens, before, begin) >= 5:
            return True  # "k four four two m d"
    if tokens[hit.first].low == "x" and begin <= before and tokens[before].low in LETTER_WORDS:
        return after < end and (tokens[after].low in {*LETTER_WORDS, *CODE_JOINERS} or _is_numeral(tokens[after]))
    for place, beyond in ((before, before - 1), (after, after + 1)):
        if begin <= place < end and len(tokens[place].low) == 1 and tokens[place].low.isalpha():
            if tokens[place].low not in "ai" or tokens[place].upper and view.cased and tokens[place].low == "a":
                return True
            if begin <= beyond < end and (len(tokens[beyond].low) == 1 or not tokens[beyond].word):
                return True
    return False


def _somebodys(view: DialogueView, hit: Phrase, before: int, after: int) -> bool:
    """Whether the letters of an abbreviation may be of a code or of a name that is being spelled."""
    begin, end = view.bounds[hit.turn]
    if any(begin <= place < end and _is_numeral(view.tokens[place]) for place in (before, after)):
        return True  # "plate C R T four one nine"
    return any(q.kind in SPELLED and q.distance <= SPELLED_REACH for q in asked(view, hit.turn)) or any(
        h.kind in SPELLED for h in last_before(hits_by_turn(view).get(hit.turn, []), hit.first, SPELLED_BEFORE)
    )


def _lows(tokens: list[Token], hit: Phrase) -> list[str]:
    return [t.low for t in tokens[hit.first : hit.last + 1]]


def _singles_before(tokens: list[Token], place: int, begin: int) -> int:
    count = 0
    while place - count >= begin and count < 12 and tokens[place - count].low in SINGLES:
        count += 1
    return count


def _code_before(tokens: list[Token], place: int, begin: int) -> bool:
    """Whether the row of digits that ends at ``place`` has letters before it, or is long: a code, no dose."""
    start = place
    while start > begin and _is_numeral(tokens[start - 1]) and place - start < 12:
        start -= 1
    before = tokens[start - 1].low if start > begin else ""
    return (
        place - start >= 4 or before in CODE_JOINERS | JOINERS or (len(before) == 1 and before.isalpha() and before not in "ai")
    )


def _is_numeral(token: Token) -> bool:
    return token.low in UNITS or token.low in TENS or token.low.isdigit()


def turn_runs(tokens: list[Token], turn: int, masked: frozenset[int], found: list[Run]) -> None:
    """Adds the runs of one turn, whose tokens are given, to ``found``."""
    run = Run(turn)
    position = 0
    count = len(tokens)
    while position < count:
        atom, after = atom_at(tokens, position, masked, bool(run.atoms))
        if atom is None:
            position += 1
            continue
        run.atoms.append(atom)
        following = _join(tokens, after, masked)
        if following is not None and _counts_anew(tokens, after, following, run):
            following = None  # "ending two two oh nine and forty minutes later"
        if following is None or len(run.atoms) >= MAX_ATOMS:
            _keep(run, found)
            run = Run(turn)
            position = after
        else:
            position = following
    _keep(run, found)


def _keep(run: Run, found: list[Run]) -> None:
    if run.atoms:
        found.append(run)


def _join(tokens: list[Token], position: int, masked: frozenset[int]) -> int | None:
    """Where the next atom of the same run begins, or None."""
    fillers = 0
    place = position
    while place < len(tokens):
        token = tokens[place]
        if place > position or token.word:
            atom, _ = atom_at(tokens, place, masked, True)
            if atom is not None:
                return place
        if token.text == ".":
            tight = place > 0 and tokens[place - 1].end == token.start
            close = place + 1 < len(tokens) and tokens[place + 1].start == token.end
            dotted = (
                place > 0
                and len(tokens[place - 1].text) == 1
                and place + 2 < len(tokens)
                and len(tokens[place + 1].text) == 1
                and tokens[place + 2].text == "."
            )
            if not (tight and (close or dotted)):
                return None
        elif (
            token.text in JOIN_SIGNS
            or token.low in JOINERS
            or token.low in CASE_WORDS
            or token.low in CODE_JOINERS
            and place == position
            and _code_goes_on(tokens, place)
        ):
            pass
        elif token.low in FILLERS and fillers < MAX_FILLERS:
            fillers += 1
        else:
            return None
        place += 1
        if place - position > 6:
            return None
    return None


def _counts_anew(tokens: list[Token], after: int, following: int, run: Run) -> bool:
    """Whether an "and" behind digits said one by one begins a number that counts minutes, dollars or the like."""
    if tokens[after].low != "and" or following != after + 1 or Run(run.turn, run.atoms[-SINGLY:]).singles < SINGLY:
        return False
    place = following
    while place < len(tokens) and place - following < LONGEST_COUNT and (_is_numeral(tokens[place]) or tokens[place].text == "-"):
        place += 1
    return place > following and place < len(tokens) and tokens[place].low in COUNTED


def _code_goes_on(tokens: list[Token], place: int) -> bool:
    """ "s f star nine one two", "charles break seven": a letter or digit on either side."""
    before, after = tokens[place - 1].low, tokens[place + 1].low if place + 1 < len(tokens) else ""
    return all(
        (len(low) == 1 and low.isalnum()) or low in SINGLES or low in LETTER_WORDS or low.isdigit() for low in (before, after)
    )


__all__ = ["Atom", "Phrase", "Run", "masked_tokens", "runs", "runs_by_turn", "turn_runs"]
