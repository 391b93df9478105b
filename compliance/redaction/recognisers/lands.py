"""Nations, their people and languages: "Sierra Leone", "Bosnian". Safe Harbor hides what is smaller than a state."""

from __future__ import annotations

from functools import cache

from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.listed_phrases import by_first, phrases_named
from compliance.redaction.view import DialogueView

_STATES = frozenset("republic kingdom commonwealth state states islands dominion embassy consulate government".split())


def lands_named(view: DialogueView) -> frozenset[int]:
    """The tokens of names of lands and peoples of two words and more; those of one are `words.NATIONS`."""
    return view.once("lands named", _named)


def _named(view: DialogueView) -> frozenset[int]:
    found = set(phrases_named(view, _starts()))
    for place in sorted(found):
        # "Republic of the Marshall Islands"
        begin, first = view.bounds[view.tokens[place].turn][0], place
        while first > begin and view.tokens[first - 1].low in ("of", "the"):
            first -= 1
        if first < place and first > begin and view.tokens[first - 1].low in _STATES:
            found.update(range(first - 1, place))
    return frozenset(found)


@cache
def _starts() -> dict[str, list[tuple[str, ...]]]:
    return by_first(land for land in lexicon().lands if " " in land or "-" in land)
