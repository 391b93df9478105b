"""Where the phrases of a word list are said, of firms or lands for example."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.redaction.view import DialogueView


def phrases_named(view: DialogueView, starts: dict[str, list[tuple[str, ...]]]) -> frozenset[int]:
    """The tokens of phrases, which are given by their first words (see ``by_first``), wherever they are said."""
    found: set[int] = set()
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            for words in starts.get(view.tokens[place].low, ()):
                last = place + len(words)
                if last <= end and all(view.tokens[place + n].low == word for n, word in enumerate(words)):
                    found.update(range(place, last))
    return frozenset(found)


def by_first(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    starts: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.replace("-", " - ").split())
        starts.setdefault(words[0], []).append(words)
    return starts
