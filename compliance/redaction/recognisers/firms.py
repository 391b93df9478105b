"""Firms whose names hold somebody's: "Johnson Controls", "Parker Hannifin"."""

from __future__ import annotations

from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.view import DialogueView


def firms_named(view: DialogueView) -> frozenset[int]:
    """The tokens of the listed firms that are spoken of."""
    return view.once("firms named", _named)


def _named(view: DialogueView) -> frozenset[int]:
    found: set[int] = set()
    starts = _starts()
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            for words in starts.get(view.tokens[place].low, ()):
                last = place + len(words)
                if last <= end and all(view.tokens[place + n].low == word for n, word in enumerate(words)):
                    found.update(range(place, last))
    return frozenset(found)


@cache
def _starts() -> dict[str, list[tuple[str, ...]]]:
    starts: dict[str, list[tuple[str, ...]]] = {}
    for firm in lexicon().firms:
        words = tuple(firm.replace("-", " - ").split())
        starts.setdefault(words[0], []).append(words)
    return starts
