"""Firms whose names hold somebody's: "Johnson Controls", "Parker Hannifin"."""

from __future__ import annotations

from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.listed_phrases import by_first, phrases_named
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


@cache
def _starts() -> dict[str, list[tuple[str, ...]]]:
    return by_first([*lexicon().firms, *_MORE])
