"""Characters of a turn as a set of stretches: asked about quickly, however many there are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class Spans:
    """The union of (start, end) stretches."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            elif start < end:
                self._starts.append(start)
                self._ends.append(end)

    def cover(self, start: int, end: int) -> bool:
        """Whether all of ``start`` to ``end`` lies within."""
        place = bisect_right(self._starts, start) - 1
        return place >= 0 and end <= self._ends[place]

    def touch(self, start: int, end: int) -> bool:
        """Whether any of ``start`` to ``end`` lies within."""
        place = bisect_left(self._starts, end) - 1
        return place >= 0 and start < self._ends[place]
