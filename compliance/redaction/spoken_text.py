"""What is said in a turn as it would be written, with an exact map back: "four one seven dash q x" is ``417-QX``.

An expression for something written is looked for in two kinds of text. ``forms`` are the whole turn with numbers, letters and
signs written out, in the few ways in which what is said can be read. ``codes`` are its runs one by one, without the signs that
people leave out, and closed up to a short word before ("lu four eighteen" is ``lu418``). They are made once for a turn, and
only where something asks for them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run, turn_runs
from compliance.redaction.spoken_parts import LEFT_OUT, READ_OTHERWISE, SIGNS, Edit, Part, dotted_together, parts, said_signs
from compliance.redaction.view import DialogueView, Token

# Nobody's identifier is longer: what a code is tried with stays short, whatever the turn.
MAX_CODE = 32
# Letters and digits of one with letters; one of digits alone has five, since fewer are a year or a price as easily.
MIN_CODE, MIN_DIGITS = 3, 5
MAX_GLUED = 5
# So much is read around a code, for patterns that name what stands beside it themselves.
WORDS_BEFORE, WORDS_AFTER, CHARACTERS_AROUND = 4, 1, 60


@dataclass(frozen=True, slots=True)
class Written:
    """``text``, in segments: number n begins at ``begins[n]`` and stands for ``spans[n]`` of the original.

    Where ``said[n]`` its characters stand for the whole of the span together, which are whole words; elsewhere each stands for
    one character. What was left out between two segments (a space, an "uh") stands in none.
    """

    text: str
    begins: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    said: tuple[bool, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original. Raises ValueError for an empty range."""
        if start >= end:
            raise ValueError("An empty range stands nowhere.")
        first, last = self._segment(start), self._segment(end - 1)
        begin, stop = self.spans[first][0], self.spans[last][1]
        if not self.said[first]:
            begin += start - self.begins[first]
        if not self.said[last]:
            stop = self.spans[last][0] + end - self.begins[last]
        return begin, stop

    def says(self, start: int, end: int) -> bool:
        """Whether anything of ``text[start:end]`` was said and not written so."""
        return start < end and any(self.said[self._segment(start) : self._segment(end - 1) + 1])

    def _segment(self, place: int) -> int:
        return bisect_right(self.begins, place) - 1


@dataclass(frozen=True, slots=True)
class Code:
    """A code of the turn with what stands around it; it is ``start:end`` of the original.

    ``glued`` is the word right before it, where it is closed up to one. A ``plain`` one is an ordinary word: it begins a code
    only for a pattern that names it.
    """

    written: Written
    start: int
    end: int
    glued: str = ""
    plain: bool = False

    def begins_for(self, expression: str) -> bool:
        """Whether an expression is looked for in it."""
        return not self.plain or self.glued in expression.lower()

    def found(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the find ``written.text[start:end]`` stands in the original; None unless it has the whole code and is long
        enough for one whose signs nobody said."""
        if start >= end:
            return None
        begin, stop = self.written.original_span(start, end)
        text = self.written.text[start:end]
        letters, digits = sum(c.isalpha() for c in text), sum(c.isdigit() for c in text)
        enough = letters + digits >= MIN_CODE if letters else digits >= MIN_DIGITS
        return (begin, stop) if enough and begin <= self.start and self.end <= stop else None


@dataclass(frozen=True, slots=True)
class Spoken:
    forms: tuple[Written, ...]
    codes: tuple[Code, ...]


def spoken(view: DialogueView, turn: int) -> Spoken:
    """What the turn says as it would be written: nothing where it reads so already. Offsets are those of its cleaned text."""
    known: dict[int, Spoken] = view.once("spoken", lambda _: {})
    if turn not in known:
        known[turn] = _spoken(view, turn)
    return known[turn]


def _spoken(view: DialogueView, turn: int) -> Spoken:
    found: list[Run] = []
    # Letters of abbreviations too ("I D four one eight"): a pattern may look for just them.
    turn_runs(view.turn_tokens(turn), turn, frozenset(), found)
    forms: dict[str, Written] = {}
    codes: dict[tuple[str, int, int], Code] = {}
    for read in _readings(view.tokens, found):
        edits = [edit for part in read for edit in part.edits]
        edits = sorted([*edits, *said_signs(view.tokens, view.bounds[turn], read)])
        if edits:
            form = assembled(view.text(turn), edits)
            forms.setdefault(form.text, form)
        for code in _codes(view, turn, read, edits):
            codes.setdefault((code.written.text, code.start, code.end), code)
    return Spoken(tuple(forms.values()), tuple(codes.values()))


def _readings(tokens: Sequence[Token], found: Sequence[Run]) -> Iterator[list[Part]]:
    """The ways in which the runs can be read: four at most, and one where nothing in them is open."""
    others = (False, True) if any(tokens[a.first].low in READ_OTHERWISE for run in found for a in run.atoms) else (False,)
    together = dotted_together(tokens, found)
    for other in others:
        tight = [part for run in found for part in parts(tokens, run, loose=False, other=other)]
        yield tight
        if len(tight) > len(together):
            yield [part for run in together for part in parts(tokens, run, loose=True, other=other)]


def assembled(text: str, edits: Sequence[Edit], start: int = 0, end: int | None = None) -> Written:
    """``text[start:end]`` with the edits made. They are in order and inside of it, none over another."""
    end = len(text) if end is None else end
    pieces: list[str] = []
    begins: list[int] = []
    spans: list[tuple[int, int]] = []
    said: list[bool] = []
    length = 0
    edge = start
    for low, high, instead in (*edits, (end, end, "")):
        for begin, stop, piece, spoken_ in ((edge, low, text[edge:low], False), (low, high, instead, True)):
            if piece:
                pieces.append(piece)
                begins.append(length)
                spans.append((begin, stop))
                said.append(spoken_)
                length += len(piece)
        edge = high
    return Written("".join(pieces), tuple(begins), tuple(spans), tuple(said))


def _codes(view: DialogueView, turn: int, read: Sequence[Part], edits: Sequence[Edit]) -> Iterator[Code]:
    text, tokens = view.text(turn), view.tokens
    begin, end = view.bounds[turn]
    for number, part in enumerate(read):
        if sum(len(atom.value) for atom in part.atoms) > MAX_CODE:
            continue
        after_last = read[number - 1].last + 1 if number else begin
        before_next = read[number + 1].first if number + 1 < len(read) else end
        start, stop = tokens[part.first].start, tokens[part.last].end
        first, last = max(after_last, part.first - WORDS_BEFORE), min(before_next, part.last + 1 + WORDS_AFTER)
        while first < part.first and start - tokens[first].start > CHARACTERS_AROUND:
            first += 1
        while last > part.last + 1 and tokens[last - 1].end - stop > CHARACTERS_AROUND:
            last -= 1
        low, high = tokens[first].start, tokens[last - 1].end
        around = [edit for edit in edits[bisect_left(edits, (low,)) : bisect_left(edits, (high,))] if edit[1] <= high]
        # Left out inside of the code only.
        around = [(a, b, "" if start <= a and b <= stop and sign in LEFT_OUT else sign) for a, b, sign in around]
        if part.spoken:
            yield Code(assembled(text, around, low, high), start, stop)
        glued = tokens[part.first - 1] if part.first > after_last else None
        if glued is not None and _begins_code(glued, part):
            together = sorted([*around, (glued.end, start, "")])
            plain = not glued.text.isupper() if view.cased else glued.low in lexicon().ordinary
            yield Code(assembled(text, together, low, high), start, stop, glued.low, plain)


def _begins_code(word: Token, part: Part) -> bool:
    short = 2 <= len(word.text) <= MAX_GLUED and word.text.isalpha() and word.low not in SIGNS
    return short and any(character.isdigit() for atom in part.atoms for character in atom.value)
