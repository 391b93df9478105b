"""Firms whose names hold somebody's: "Johnson Controls", "Parker Hannifin"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.view import DialogueView

# What everybody says and no index lists.
_MORE = tuple(
    """john deere|head start|early head start|jack daniels|jack daniel's|jim beam|johnnie walker|mary kay|harry potter|santa claus|johnson and johnson
    |ben and jerry's|ben and jerrys|harley davidson|abercrombie and fitch|barnes and noble|bed bath and beyond|brooks brothers|jackson hewitt
    |edward jones|fannie mae|freddie mac|ginnie mae|sallie mae|frito lay|black and decker|briggs and stratton|smith and wesson|marks and spencer
    |john lewis|rolls royce|alfa romeo|aston martin|dr pepper|mr coffee|mrs fields|uncle ben's|aunt jemima|sara lee|betty crocker|little debbie
    |jimmy john's|papa john's|trader joe's|trader joes|dick's sporting goods|tj maxx|ross dress for less|jo ann fabrics|marshall fields
    |robert half|kelly services|ernst and young|booz allen|baker mckenzie|general grant|washington post|lincoln continental|tommy hilfiger
    |ralph lauren|calvin klein|michael kors|estee lauder|helena rubinstein|elizabeth arden|max factor|allen wrench|allen key|phillips screwdriver
    |phillips head|jake brake|bunsen burner|ferris wheel|murphy bed|morse code|geiger counter|parshall flume|st jude valve""".replace("\n    ", "").split("|")
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
