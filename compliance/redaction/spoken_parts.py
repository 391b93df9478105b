"""The parts of a turn that are said and could be written: runs divided into codes, in the ways they can be read, and signs.

What comes of them are edits of the turn's cleaned text: ``(start, end, what is written instead)``, in order, none over another.
All places are indexes of ``DialogueView.tokens`` or offsets in the cleaned text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from compliance.redaction.atoms import CASE_WORDS, FILLERS, Atom
from compliance.redaction.numerals import MAX_ATOMS, Run
from compliance.redaction.view import Token

Edit = tuple[int, int, str]

# What these words write inside a code. "break" is said for nothing that is written.
DASHES = {
    "dash": "-", "hyphen": "-", "minus": "-", "slash": "/", "backslash": "\\", "star": "*", "asterisk": "*", "underscore": "_",
    "break": "",
}  # fmt: skip
# And these in addresses; what needs digits or a domain beside it is checked there.
SIGNS = DASHES | {"dot": ".", "point": ".", "at": "@"}
# Signs that are left out as often as they are said.
LEFT_OUT = frozenset(["-", "/", "\\", " "])
# Where one of these is said, there are two ways to read a run.
READ_OTHERWISE = frozenset(["hundred", "thousand", "o", "oh", "double"])
# These say nothing at all; a comma or an "and" may also stand between two codes.
HESITATIONS = frozenset("uh um er erm ah eh hmm mm".split())
_SLASHES = {"forward": "/", "back": "\\"}
_NO_SIGN_AFTER = frozenset("a an the polka".split())
# So many words lie between "at" and the "dot" of its domain.
_WORDS_OF_DOMAIN = 6


@dataclass(slots=True)
class Part:
    """One code as it was said. ``spoken``: somebody wrote it as it was said, so that it has another form."""

    atoms: list[Atom]
    edits: list[Edit] = field(default_factory=list)
    spoken: bool = False

    @property
    def first(self) -> int:
        return self.atoms[0].first

    @property
    def last(self) -> int:
        return self.atoms[-1].last


def parts(tokens: Sequence[Token], run: Run, *, loose: bool, other: bool) -> Iterator[Part]:
    """The codes of a run. ``loose``: commas and "and" divide nothing. ``other``: "four hundred eighteen" is an amount, an "o" beside
    letters is a letter."""
    part: Part | None = None
    for atom in _otherwise(tokens, run.atoms) if other else run.atoms:
        joint = _joint(tokens, part.atoms[-1], atom, loose) if part else None
        if part is None or joint is None:
            if part is not None:
                yield _finished(tokens, part)
            part = Part([atom])
        else:
            part.edits += joint
            part.atoms.append(atom)
        part.edits.append((tokens[atom.first].start, tokens[atom.last].end, _said(tokens, atom)))
    if part is not None:
        yield _finished(tokens, part)


def dotted_together(tokens: Sequence[Token], found: Sequence[Run]) -> list[Run]:
    """The runs, with a letter's point no end of one: "L.U. four one eight", "L.U. dash four one eight"."""
    made: list[Run] = []
    for run in found:
        last = made[-1].atoms[-1].last if made else 0
        pointed = made and last + 1 < run.first and tokens[last + 1].text == "." and len(tokens[last].text) == 1
        signs = pointed and all(token.low in DASHES or token.low in HESITATIONS for token in tokens[last + 2 : run.first])
        if signs and made[-1].atoms[-1].kind == "letter" and len(made[-1].atoms) + len(run.atoms) <= MAX_ATOMS:
            made[-1] = Run(run.turn, [*made[-1].atoms, *run.atoms])
        else:
            made.append(run)
    return made


def _finished(tokens: Sequence[Token], part: Part) -> Part:
    """A letter or figure that stands alone, and what was written in figures, is its own form."""
    whole = all(_is_written(tokens, atom) for atom in part.atoms)
    alone = len(part.atoms) == 1 and part.first == part.last and len(tokens[part.first].text) == 1
    part.spoken = not whole and not alone
    if not part.spoken:
        part.edits = []
    return part


def _said(tokens: Sequence[Token], atom: Atom) -> str:
    return tokens[atom.first].text if _is_written(tokens, atom) else atom.value


def _is_written(tokens: Sequence[Token], atom: Atom) -> bool:
    """Whether it is a number or code of several figures, which nobody writes for single ones that are said."""
    return atom.kind in ("written", "code") and len(tokens[atom.first].text) > 1


def _joint(tokens: Sequence[Token], before: Atom, after: Atom, loose: bool) -> list[Edit] | None:
    """What is written between two atoms of one code; None where the one ends and another begins."""
    edits: list[Edit] = []
    place, stop = tokens[before.last].end, tokens[after.first].start
    written = _is_written(tokens, before), _is_written(tokens, after)
    for token in tokens[before.last + 1 : after.first]:
        sign = "-" if token.text == "-" and any(written) else DASHES.get(token.low)
        if sign is not None:
            edits += [(place, token.start, ""), (token.start, token.end, sign)]
            place = token.end
        elif token.text == ".":
            if not (before.kind == "letter" and len(tokens[before.last].text) == 1):
                return None  # "4.5"; but "L.U." is LU
        elif token.text not in ("-", "_") and token.low not in HESITATIONS and token.low not in CASE_WORDS:
            listed = any(written) or before.kind == after.kind == "written"  # "gate B, 412", "1, 2 and 3"
            if not loose or listed or token.text not in (",", "...") and token.low not in FILLERS:
                return None
    if all(written) and not edits:
        return None  # "412 555" is written like that
    return [edit for edit in (*edits, (place, stop, "")) if edit[0] < edit[1]]


def _otherwise(tokens: Sequence[Token], atoms: Sequence[Atom]) -> Iterator[Atom]:
    """The atoms of a run where they can be read in another way than digit after digit."""
    place = 0
    last: Atom | None = None
    while place < len(atoms):
        atom = atoms[place]
        after, amount = _amount(tokens, atoms, place)
        low = tokens[atom.first].low
        if after > place + 1:
            atom = Atom(atom.first, atoms[after - 1].last, amount, "number")
        elif low in ("o", "oh") and atom.value == "0" and (last is None or last.kind == "letter"):
            atom = Atom(atom.first, atom.last, "O", "letter")
        elif low == "double" and atom.value == "UU":
            atom = Atom(atom.first, atom.last, "W", "letter")
        yield atom
        last = atom
        place = after


def _amount(tokens: Sequence[Token], atoms: Sequence[Atom], place: int) -> tuple[int, str]:
    """Where the amount that begins here ends, and what it is: "four hundred and eighteen"."""
    first = atoms[place]
    if not first.value.isdigit() or len(first.value) > 3:
        return place + 1, ""
    thousands, rest = 0, int(first.value)
    scaled = False
    end = place + 1
    while end < len(atoms):
        atom = atoms[end]
        between = tokens[atoms[end - 1].last + 1 : atom.first]
        low = tokens[atom.first].low
        if any(token.low not in ("and", "-") for token in between):
            break
        if low == "hundred" and 0 < rest < 100:
            rest, scaled = rest * 100, True
        elif low == "thousand" and 0 < rest < 1000 and not thousands:
            thousands, rest, scaled = rest * 1000, 0, True
        elif scaled and rest % 100 == 0 and atom.value.isdigit() and len(atom.value) <= 2 and atom.value[0] != "0":
            rest += int(atom.value)
            scaled = False
        else:
            break
        end += 1
    return end, str(thousands + rest)


def said_signs(tokens: Sequence[Token], bounds: tuple[int, int], found: Sequence[Part]) -> Iterator[Edit]:
    """Signs between words, or between a word and a code: "lu dash", "kowalski at gmail dot com"."""
    begin, end = bounds
    # 1: of a code, 2: a figure of it, 3: between two of its atoms, where the code knows its signs itself.
    of_code = bytearray(end - begin)
    for part in found:
        of_code[part.first - begin : part.last + 1 - begin] = b"\x03" * (part.last + 1 - part.first)
        for atom in part.atoms:
            kind = 1 if atom.kind == "letter" else 2
            of_code[atom.first - begin : atom.last + 1 - begin] = bytes([kind]) * (atom.last + 1 - atom.first)
    for place in range(begin + 1, end - 1):
        token = tokens[place]
        sign = SIGNS.get(token.low)
        if sign is None or of_code[place - begin]:
            continue
        start, before = token.start, place - 1
        if token.low == "slash" and tokens[before].low in _SLASHES and before > begin:
            sign, start, before = _SLASHES[tokens[before].low], tokens[before].start, before - 1
        left, right = tokens[before], tokens[place + 1]
        if not left.word or not right.word or left.low in SIGNS or right.low in SIGNS:
            continue
        beside = of_code[before - begin], of_code[place + 1 - begin]
        if _is_sign(tokens, place, end, beside, left):
            yield from (edit for edit in _replaced(left.end, start, token.end, right.start, sign) if edit[0] < edit[1])


def _replaced(left: int, start: int, end: int, right: int, sign: str) -> tuple[Edit, Edit, Edit]:
    return (left, start, ""), (start, end, sign), (end, right, "")


def _is_sign(tokens: Sequence[Token], place: int, end: int, beside: tuple[int, int], left: Token) -> bool:
    low = tokens[place].low
    if low == "at":
        after = tokens[place + 1 : min(end, place + 2 + _WORDS_OF_DOMAIN)]
        dot = next((n for n, token in enumerate(after) if token.low == "dot"), 0)
        return dot > 0 and all(token.word or token.text in "-_" for token in after[:dot])
    if low == "point":
        return beside == (2, 2)
    if low == "dot":
        return left.low not in _NO_SIGN_AFTER
    if low == "underscore" or any(beside):
        return True
    # "gmail dot com slash home"
    return low == "slash" and any(token.low == "dot" for token in tokens[max(0, place - 3) : place])
