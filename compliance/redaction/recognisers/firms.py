"""Firms whose names hold somebody's: "Johnson Controls", "Parker Hannifin"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.view import DialogueView

# What everybody says and no index lists; none that could be somebody's whole name ("Mary Kay", "Sara Lee").
_MORE = tuple(
    """john deere|head start|early head start|santa claus|johnson and johnson|abercrombie and fitch|barnes and noble|brooks brothers|frito lay
    |black and decker|briggs and stratton|smith and wesson|marks and spencer|rolls royce|alfa romeo|trader joe's|trader joes
    |dick's sporting goods|ross dress for less|jo ann fabrics|kelly services|ernst and young|booz allen|washington post|lincoln continental
    |allen wrench|allen key|phillips screwdriver|phillips head|jake brake|bunsen burner|ferris wheel|murphy bed|morse code|geiger counter
    |parshall flume|st jude valve""".replace("\n    ", "").split("|")
)


def firms_named(view: DialogueView) -> frozenset[int]:
    """The tokens of the listed firms that are spoken of."""
    return view.once("firms named", lambda v: phrases_named(v, _starts()))


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


@cache
def _starts() -> dict[str, list[tuple[str, ...]]]:
    return by_first([*lexicon().firms, *_MORE])
