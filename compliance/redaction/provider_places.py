"""Where what a speech service lists stands in the turns: by its time, and by what it says."""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from compliance.redaction.dialogue import Turn

# Each one that fits no word, or has no time, is looked for in all turns: more of them are a broken answer.
MOST_UNPLACED: Final = 2_000

Place = tuple[int, int, int]  # turn, start, end


class Places:
    """Where moments and texts stand in the turns."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._by_time = sorted(
            (word.start + word.end, number, word.char_start, word.char_end)
            for number, turn in enumerate(turns)
            for word in turn.words
            if word.start is not None and word.end is not None
        )
        self._by_text: dict[str, list[Place]] = {}
        self._letters: _Letters | None = None
        self._unplaced = 0

    def of(self, entity: Mapping[str, Any]) -> list[Place]:
        start, end, text = entity.get("start"), entity.get("end"), entity.get("text")
        said = folded(text) if isinstance(text, str) else ""
        if not (isinstance(start, int | float) and isinstance(end, int | float) and 0 <= start <= end < 2**53):
            return self._reading(said)
        found = self._at(start, end)
        if found and (not said or said in "".join(folded(self._turns[number].text[low:high]) for number, low, high in found)):
            return found
        # Something else is said then, so that the time may be wrong, or the text: both places are hidden.
        found = [*found, *(place for place in self._reading(said) if place not in found)]
        return found or self._turn_at(start, end)

    def _at(self, start: float, end: float) -> list[Place]:
        # Twice the middle of a word, so that it stays whole.
        low = bisect_left(self._by_time, (2 * start,))
        high = bisect_right(self._by_time, (2 * end, len(self._turns)))
        found: dict[int, tuple[int, int]] = {}
        for _, number, begin, stop in self._by_time[low:high]:
            first, last = found.get(number, (begin, stop))
            found[number] = (min(first, begin), max(last, stop))
        return [(number, begin, stop) for number, (begin, stop) in found.items()]

    def _turn_at(self, start: float, end: float) -> list[Place]:
        self._unplaced += 1
        if self._unplaced > MOST_UNPLACED:
            return []
        return [
            (number, 0, len(turn.text))
            for number, turn in enumerate(self._turns)
            if turn.text and turn.start is not None and turn.end is not None and turn.start <= end and start <= turn.end
        ]

    def _reading(self, said: str) -> list[Place]:
        if not said:
            return []
        if said not in self._by_text:
            if len(self._by_text) >= MOST_UNPLACED:
                return []
            self._letters = self._letters or _Letters(self._turns)
            self._by_text[said] = list(self._letters.find(said))
        return self._by_text[said]


class _Letters:
    """The letters and digits of all turns in a row, without signs, spaces, accents and case."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        rows: list[str] = []
        self._origins = array("I")  # for each letter where its character stands in its turn
        self._first = bytearray()  # whether a word begins with it
        self._begins: list[int] = []
        for turn in turns:
            self._begins.append(len(self._origins))
            inside = False
            for place, character in enumerate(turn.text):
                letters = _letters(character)
                rows.append(letters)
                for _ in letters:
                    self._origins.append(place)
                    self._first.append(not inside)
                    inside = True
                if not letters and not unicodedata.combining(character):
                    inside = False
        self._text = "".join(rows)

    def find(self, said: str) -> Iterator[Place]:
        """Where ``said`` stands as whole words, one for each turn that it runs over; also before a possessive 's."""
        at = self._text.find(said)
        while at >= 0:
            stop = at + len(said)
            if self._edge(at) and (self._edge(stop) or self._text[stop] == "s" and self._edge(stop + 1)):
                yield from self._places(at, stop)
            at = self._text.find(said, at + 1)

    def _edge(self, at: int) -> bool:
        return at >= len(self._first) or bool(self._first[at])

    def _places(self, start: int, stop: int) -> Iterator[Place]:
        turn = bisect_right(self._begins, start) - 1
        while start < stop:
            after = self._begins[turn + 1] if turn + 1 < len(self._begins) else len(self._origins)
            last = min(stop, after)
            if start < last:
                yield turn, self._origins[start], self._origins[last - 1] + 1
            start, turn = last, turn + 1


def folded(text: str) -> str:
    """The letters and digits of ``text`` without case and accents; without the 's of a possessive."""
    text = text.strip().removesuffix("'s").removesuffix("\u2019s")
    return "".join(map(_letters, text))


@lru_cache(maxsize=10_000)
def _letters(character: str) -> str:
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    return "".join(c for c in unicodedata.normalize("NFKD", character).casefold() if c.isalnum())
