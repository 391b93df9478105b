"""What an organization looks for itself: expressions and lists of words, with the words that must stand near.

They are no part of an engine, which is kept for the life of a process and serves everybody: a run is given its own, reads
with them and forgets them. They only ever hide more: where they cover what the portal found, both are kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from compliance.redaction.cleaning import clean
from compliance.redaction.context_words import near, phrases_of
from compliance.redaction.detections import OWN, DetectionFailed
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.loosening import loosened
from compliance.redaction.pattern_safety import Compiled, PatternRefused, compiled
from compliance.redaction.resolving import WORD, Found
from compliance.redaction.spoken_text import Spoken, spoken
from compliance.redaction.view import TOKEN, DialogueView

# The type of what belongs to none of the portal's: policies treat it as they treat anything else.
PRIVATE: Final = "private"
RECOGNISER: Final = "OwnPattern"
# Not a guess, but below what a matter's own lists say, so that "always shown" there still counts.
SCORE: Final = 0.95
# For one pattern and one turn. Whoever takes longer got past the door, and the transcript is held.
SECONDS_A_TURN: Final = 2.0


@dataclass(frozen=True, slots=True)
class OwnPattern:
    """``expression`` or ``words``, not both. ``name`` is what reviewers read; nothing else of it is ever shown or logged."""

    name: str
    expression: str = field(default="", repr=False)
    words: tuple[str, ...] = field(default=(), repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    type: str = PRIVATE


def find(view: DialogueView, patterns: Sequence[OwnPattern], deadline: float) -> Iterator[Found]:
    """What they find in the dialogue. Raises DetectionFailed where one is no expression or takes too long."""
    for pattern in patterns:
        reason = f"your organization's pattern “{pattern.name}”"
        context = phrases_of(pattern.context)
        places = _matched(view, pattern.expression, deadline) if pattern.expression else _listed(view, pattern.words)
        hits: dict[int, list[tuple[int, int]]] = {}
        for turn, start, end in places:
            if start < end and (not context or near(view, turn, start, end, context)):
                hits.setdefault(turn, []).append((start, end))
        for turn, spans in hits.items():
            for start, end in _whole(view.text(turn), spans):
                yield Found(turn, start, end, pattern.type, SCORE, RECOGNISER, reason, (OWN,))


def _whole(text: str, hits: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """``hits`` as whole words, those that touch as one, and so a word that is spelled.

    Equal labels have equal numbers: labels for the letters of a word would be a cipher, which anybody solves.
    """
    made: list[tuple[int, int]] = []
    spelled = False
    for first, last in sorted(hits):
        if made and last <= made[-1][1]:
            continue  # in a word that is whole already: a long one is gone through once
        start, end = _whole_span(text, first, last)
        letter = end - start == 1
        if made and (start <= made[-1][1] or (spelled and letter and not WORD.search(text, made[-1][1], start))):
            spelled &= letter
            made[-1] = (made[-1][0], end)
        else:
            spelled = letter
            made.append((start, end))
    return made


def _whole_span(text: str, start: int, end: int) -> tuple[int, int]:
    if WORD.match(text[start]):
        while start and WORD.match(text[start - 1]):
            start -= 1
    if WORD.match(text[end - 1]):
        while end < len(text) and WORD.match(text[end]):
            end += 1
    return start, end


def found_in(text: str, patterns: Sequence[OwnPattern], *, seconds: float) -> list[tuple[int, int]]:
    """Where they find something in ``text``, as disjoint ranges of it: a line is what one person says after the other.

    Raises DetectionFailed as ``find`` does.
    """
    lines = text.split("\n")
    view = DialogueView(Dialogue.from_turns([("AB"[number % 2], line) for number, line in enumerate(lines)]))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    ranges: list[tuple[int, int]] = []
    for turn in view.turns():
        spoken(view, turn)  # before the time begins, which is for the patterns: word lists are loaded here
    for item in find(view, patterns, time.monotonic() + seconds):
        start, end = view.cleans[item.turn].original_span(item.start, item.end)
        ranges.append((starts[item.turn] + start, starts[item.turn] + end))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=256)
def _ready(expression: str) -> tuple[Compiled, Compiled | None]:
    """Compiled for the text as recognisers read it, where accents are folded; and once more without the signs that people do
    not say, where that can be read. By its own text, so whose it is says nothing."""
    plain = folded(expression)
    try:
        loose = compiled(loosened(plain))
    except PatternRefused:
        loose = None
    return compiled(plain), loose


def folded(expression: str) -> str:
    return "".join(character if character.isascii() else clean(character).text for character in expression)


def _matched(view: DialogueView, expression: str, deadline: float) -> Iterator[tuple[int, int, int]]:
    try:
        pattern, loose = _ready(expression)
    except PatternRefused:
        raise DetectionFailed("configuration", "An organization's pattern cannot be read.", RECOGNISER) from None
    for turn in view.turns():
        said = spoken(view, turn)
        until = min(deadline, time.monotonic() + SECONDS_A_TURN)
        if until <= time.monotonic():
            raise DetectionFailed("time_limit", "The second pass took too long before all patterns were looked for.")
        try:
            yield from ((turn, *span) for span in _places(said, view.text(turn), pattern, loose, expression, until))
        except TimeoutError:
            raise DetectionFailed("time_limit", "An organization's pattern takes too long.", RECOGNISER) from None


def _places(
    said: Spoken, text: str, pattern: Compiled, loose: Compiled | None, expression: str, until: float
) -> Iterator[tuple[int, int]]:
    """In the text as it stands and as what is said in it would be written. Raises TimeoutError."""
    yield from pattern.spans(text, until)
    for form in said.forms:
        for start, end in pattern.spans(form.text, until):
            if form.says(start, end):
                yield form.original_span(start, end)
    for code in said.codes:
        if loose is not None and code.begins_for(expression):
            for start, end in loose.spans(code.written.text, until):
                place = code.found(start, end)
                if place is not None:
                    yield place


def _listed(view: DialogueView, words: Iterable[str]) -> Iterator[tuple[int, int, int]]:
    """Each word or row of words of the list, in large or small letters."""
    rows: dict[str, list[list[str]]] = {}
    for entry in words:
        row = [match.group().lower() for match in TOKEN.finditer(clean(entry).text)]
        if row:
            rows.setdefault(row[0], []).append(row)
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            for row in rows.get(view.tokens[place].low, ()):
                last = place + len(row)
                if last <= end and [token.low for token in view.tokens[place:last]] == row:
                    yield turn, view.tokens[place].start, view.tokens[last - 1].end
