"""A known name heard or written otherwise: "hoko" for Hoku, "Nurzai" for Noorzai, "soyun" for Seo-yeon.

Speech engines write a name that they do not know in a new way each time. A word that no vocabulary explains and that sounds like a
name already hidden in this transcript is that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from compliance.redaction.names_base import NameHit, NameWords
from compliance.redaction.names_medical import medical_word
from compliance.redaction.names_words import FUNCTION, PARTICLES
from compliance.redaction.recognisers.words import TITLES
from compliance.redaction.view import Token

SHORTEST = 4
# Letters that differ at most, by the length of the shorter word.
CLOSE = ((10, 3), (7, 2), (4, 1))
SOUNDS = (
    ("sch", "x"), ("tch", "x"), ("sh", "x"), ("ch", "x"), ("ph", "f"), ("gh", "g"), ("kh", "k"), ("th", "t"), ("dh", "d"), ("zh", "j"),
    ("ck", "k"), ("qu", "k"), ("q", "k"), ("wr", "r"), ("kn", "n"), ("ts", "s"), ("tz", "s"),
)  # fmt: skip
SOFT = re.compile(r"c(?=[eiy])")


def sound(word: str) -> str:
    """A rough key of how ``word`` sounds: its consonants, alike ones made the same."""
    low = "".join(c for c in word.lower() if c.isalpha())
    low = SOFT.sub("s", low)
    for old, new in SOUNDS:
        low = low.replace(old, new)
    low = low.translate(str.maketrans("czvjdb", "ksfgtp"))
    head, rest = low[:1], low[1:]
    key = ("a" if head in "aeiou" else head) + re.sub(r"[aeiouyhw]", "", rest)
    return re.sub(r"(.)\1+", r"\1", key)


def distance(one: str, other: str, most: int) -> int:
    """Edits from one word to the other, or ``most`` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for step, against in enumerate(other, 1):
            above, row[step] = row[step], min(row[step] + 1, row[step - 1] + 1, above + (letter != against))
        if min(row) > most:
            return most + 1
    return row[-1]


def alike(word: str, known: str) -> bool:
    """Whether ``word`` is ``known`` misheard or written otherwise."""
    shorter = min(len(word), len(known))
    if shorter < SHORTEST or word == known:
        return False
    most = next(edits for length, edits in CLOSE if shorter >= length)
    near = distance(word, known, most + 1)
    one, other = sound(word), sound(known)
    if one == other and len(one) >= 2 and near <= most + 1:
        return True
    return near <= most and (one[:1] == other[:1]) and distance(one, other, 1) <= 1 and (shorter >= 5 or word[:2] == known[:2])


def _same_sound(word: str, pair: str) -> bool:
    return word[0] == pair[0] and len(sound(pair)) >= 2 and sound(word) == sound(pair) and distance(word, pair, 3) <= 3


def variants(context: NameWords, hits: Iterable[NameHit]) -> Iterator[NameHit]:
    """Words that sound like a name of this transcript, and two words that sound like one."""
    taken: set[int] = set()
    known: set[str] = set()
    joined: set[str] = set()
    for hit in hits:
        taken.update(range(hit.first, hit.last + 1))
        tokens = [t for t in context.tokens[hit.first : hit.last + 1] if t.word and t.low.isalpha()]
        if hit.sure:
            known.update(t.low for t in tokens if len(t.low) >= SHORTEST and t.low not in PARTICLES | TITLES)
            for one, other in zip(tokens, tokens[1:], strict=False):
                if len(one.low) <= 5 and len(other.low) <= 5 and not context.ordinary(one):
                    joined.add(one.low + other.low)  # "seo yeon" comes back as "soyun"
    known.update(w for w in context.spelled if len(w) >= SHORTEST)
    if not known and not joined:
        return
    by_sound: dict[str, list[str]] = {}
    for name in sorted(known):
        by_sound.setdefault(name[0], []).append(name)
    tried: dict[str, bool] = {}
    for token in context.tokens:
        low = token.low
        if token.index in taken or len(low) < SHORTEST or not low.isalpha() or (context.cased and not token.upper):
            continue
        if low not in tried:
            tried[low] = _unexplained(context, low) and (
                any(alike(low, name) for head in _heads(low) for name in by_sound.get(head, ()))
                or any(_same_sound(low, name) for name in joined)
            )
        if not tried[low] and context.cased and token.first and _asked_alone(context, token, known):
            yield NameHit(token.index, token.index, 0.6, "a way to write the name that follows", sure=False)
            continue
        if tried[low] and not context.never(token):
            yield NameHit(token.index, token.index, 0.6, "sounds like a name found elsewhere in the transcript", sure=False)


def _asked_alone(context: NameWords, token: Token, known: set[str]) -> bool:
    """ "Price? It's Pryce with a Y.": a sentence of one listed word, and the same name written otherwise right after it."""
    begin, end = context.view.bounds[token.turn]
    after = context.tokens[token.index + 1 : min(end, token.index + 9)]
    if not after or after[0].text not in ("?", ".", ",") or not context.listed(token) or token.low in FUNCTION:
        return False
    return any(t.low in known and distance(t.low, token.low, 1) == 1 and sound(t.low) == sound(token.low) for t in after)


def _heads(low: str) -> str:
    """First letters that a name sounding like ``low`` may begin with."""
    return next((group for group in ("ckq", "sz", "jgy", "fpv", "iey", "xz", "aeo", "ou") if low[0] in group), low[0])


def _unexplained(context: NameWords, low: str) -> bool:
    """No English word, drug, city or word of medicine."""
    words = context.words
    if low in FUNCTION or low in words.ordinary or low in words.drugs or low in words.conditions or low in words.cities:
        return False
    if low in context.things or medical_word(low, low in words.first_names):
        return False
    if low.endswith("s") and (low[:-1] in words.ordinary or low[:-2] in words.ordinary):
        return False
    return not (low.endswith("ing") and low[:-3] in words.ordinary or low.endswith("ed") and low[:-2] in words.ordinary)
