"""What people are called so, by what stands beside it, though lists hold it for a title, a body or a plant: the model has to be sure as well."""

from __future__ import annotations

from compliance.redaction.names_base import NameWords
from compliance.redaction.recognisers.words import TITLES


def after_given(words: NameWords, place: int) -> bool:
    """ "Lowell Church": a given name, and a surname that is a word for a body, too."""
    begin, end = words.view.bounds[words.tokens[place].turn]
    if not words.cased or place == begin or not words.listed(words.tokens[place]):
        return False
    given = words.tokens[place - 1]
    after = words.tokens[place + 1] if place + 1 < end else None
    owned = place - 2 >= begin and (words.tokens[place - 2].upper and words.tokens[place - 2].low not in TITLES or words.tokens[place - 2].low in ("the", "at", "to", "from"))
    return given.upper and given.low in words.words.first_names and not owned and (after is None or not after.upper and after.low != "'s")


def titled_so(words: NameWords, place: int) -> bool:
    """Whether a title stands alone with its capital, where a name follows a title; in text without capitals one that few have."""
    token = words.tokens[place]
    end = words.view.bounds[token.turn][1]
    if not words.cased:
        return token.low in TITLES - _USUAL_TITLES
    following = words.tokens[place + 1] if place + 1 < end else token
    return token.upper and token.low in TITLES and (following is token or not following.word or not following.upper)


def taken(words: NameWords, place: int) -> bool:
    """ "I gave her Sulfa": what is given or taken."""
    begin = words.view.bounds[words.tokens[place].turn][0]
    return bool(_GIVEN & {t.low for t in words.tokens[max(begin, place - 4) : place]})


_GIVEN = frozenset(
    """gave give gives given giving took take takes taking taken prescribed prescribe allergic allergy start started starting stopped stop dose
    cream tea tablets pills mg milligrams of with using use uses used some""".split()
)


_USUAL_TITLES = frozenset("mr mrs ms miss mister miz dr doctor judge officer nurse professor detective sergeant".split())
