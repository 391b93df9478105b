"""Whether capitals tell anything in a transcript, and the text without them where they do not.

Engines differ: most write names with a capital, some put one at the beginning of every sentence only, captions are all
capitals, or have one at every word. Where capitals say nothing of what a name is, recognisers and model had better not see any.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Protocol, TypeVar

from compliance.redaction.labels import LABEL
from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_words import DAYS
from compliance.redaction.recognisers.words import NATIONS, STATES

# Words in the midst of a sentence that have to be seen before it counts that none of them has a capital: some ten sentences.
ENOUGH_WORDS = 60
# Words that never have a capital in the midst of a sentence, but in captions and titles.
LITTLE = frozenset("a an the and or but of to in on at for with from by is was are were you he she it they we my your his her that this".split())
# Without those that are verbs and names; `calendar_words` reads the view, which reads this.
_MONTHS = frozenset("january february april june july september october november december".split())
# Given names that are other words, too, if not common ones.
_THINGS = frozenset("aurora celeste christian christy dale homer jasmine jean jerry jill kelvin margarita marguerite max myrtle".split())
_COURTESY = frozenset("mr mrs ms dr".split())


class Word(Protocol):
    text: str
    low: str
    first: bool


W = TypeVar("W", bound=Word)


@cache
def proper() -> frozenset[str]:
    """Words that English writes with a capital whatever they mean: days, months, lands and given names that are no other word."""
    words = lexicon()
    given = words.frequent_first - words.common - words.drugs - words.conditions - _THINGS
    lands = frozenset(word for word in STATES | NATIONS if word.isalpha()) - {"turkey", "china"}
    return DAYS | _MONTHS | lands | given


def capitals_tell(tokens: Iterable[W], goes_on: Callable[[W], bool], rendered: bool) -> bool:
    """Whether a capital means a name here, as it does in written English.

    ``goes_on`` says of a token that it only seems to begin a sentence. ``rendered``: labels of an earlier pass stand where names were,
    so that there being no capital tells nothing; what names are left in small letters does, whoever put the labels there.
    """
    firsts = capital_firsts = little = capital_little = names = capital_names = midst = capitals = 0
    listed = proper()
    for token in tokens:
        letter = token.text[0]
        if not letter.isalpha():
            continue
        upper = letter.isupper()
        if token.first:
            if not goes_on(token):
                firsts += 1
                capital_firsts += upper
            continue
        if token.low in LITTLE:
            little += 1
            capital_little += upper
        if len(token.text) == 1 or token.low[:2] in ("i'", "i\u2019"):
            continue
        midst += 1
        capitals += upper and not token.text.isupper()
        if token.low in listed or token.low in _COURTESY:
            names += 1
            capital_names += upper
    if not firsts or capital_firsts < 0.5 * firsts or capital_little > 0.5 * little:
        return False
    if names and capital_names < 0.5 * names:
        return False
    return rendered or bool(capitals) or midst < ENOUGH_WORDS


def folded(text: str) -> str:
    """``text`` in small letters, of the same length; labels of an earlier pass stay as they are."""
    made = []
    at = 0
    for label in LABEL.finditer(text):
        made += [_small(text[at : label.start()]), label.group()]
        at = label.end()
    return "".join((*made, _small(text[at:])))


def _small(text: str) -> str:
    small = text.lower()
    return small if len(small) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
