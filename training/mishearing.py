"""A name as an engine writes one that it does not know: ordinary words of about the same sound, or a wrong spelling."""

from __future__ import annotations

import random
import re
from functools import cache

from training.pools import plain, word_probabilities

# Natural logarithm of the probability from which on a word is one that engines hear everywhere.
FREQUENT = -12.0
RESPELLED = 0.35  # share of wrong spellings
LONGEST_PIECE = 5  # letters of a name that one word stands for
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("[^a-z]", ""), ("sch|sh|ch|j|z|tz|c(?=[eiy])|g(?=[eiy])", "s"), ("ph|v", "f"), ("ck|c|q|g|x", "k"), ("d|th", "t"),
        ("b", "p"), ("m", "n"), ("w", "f"), ("(?<=.)[aeiouyh]+", ""), ("^[aeiouyh]+", "a"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
_VOWELS = "aeiou"
_SHORT_WORDS = frozenset(["in", "am", "an", "on", "it"])


def sound(word: str) -> str:
    """Roughly how a word sounds: its consonants, near ones as one, and whether it begins with a vowel."""
    key = word.lower()
    for pattern, to in _SOUNDS:
        key = pattern.sub(to, key)
    return key


@cache
def _by_sound() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for word, probability in sorted(word_probabilities().items()):
        if probability > FREQUENT and (re.fullmatch(r"[a-z]{3,7}", word) or word in _SHORT_WORDS):
            found.setdefault(sound(word), []).append(word)
    return {key: tuple(words) for key, words in found.items()}


def misheard(name: str, rng: random.Random) -> str:
    """``name`` in one to three ordinary words, or spelled wrong; never as it is."""
    letters = "".join(c for c in plain(name).lower() if c.isalpha())
    if len(letters) < 3 or rng.random() < RESPELLED:
        return _respelled(letters or "ann", rng).title()
    words = [_word(piece, rng) for piece in _pieces(letters, rng)]
    said = " ".join(word for word in words if word)
    if not said or said == letters:
        return _respelled(letters, rng).title()
    return said.title() if rng.random() < 0.6 else said.capitalize()


def _pieces(letters: str, rng: random.Random) -> list[str]:
    """The name in one to three parts, cut before consonants where it can be."""
    most = max(1, min(3, len(letters) // 3))
    count = rng.randint(-(-len(letters) // LONGEST_PIECE) if len(letters) <= 3 * LONGEST_PIECE else most, most)
    places = [n for n in range(2, len(letters) - 1) if letters[n] not in _VOWELS]
    cuts = sorted(rng.sample(places, min(count - 1, len(places)))) if count > 1 else []
    return [letters[start:end] for start, end in zip([0, *cuts], [*cuts, len(letters)], strict=True)]


def _word(piece: str, rng: random.Random) -> str:
    """A frequent word that sounds like ``piece``, or like its beginning."""
    table = _by_sound()
    key = sound(piece)
    while key:
        near = [word for word in table.get(key, ()) if abs(len(word) - len(piece)) <= 3 and word != piece]
        if near:
            return rng.choice(near)
        key = key[:-1]
    return ""


def _respelled(letters: str, rng: random.Random) -> str:
    made = letters
    while made == letters:
        for _ in range(rng.choice((1, 1, 2))):
            place = rng.randrange(1, len(made)) if len(made) > 1 else 0
            roll = rng.random()
            if roll < 0.4:
                made = made[:place] + rng.choice(_VOWELS if made[place] in _VOWELS else "bdgklmnprstvz") + made[place + 1 :]
            elif roll < 0.6:
                made = made[:place] + made[place] + made[place:]
            elif roll < 0.8 and len(made) > 3:
                made = made[:place] + made[place + 1 :]
            else:
                made = made[:place] + rng.choice("aehy") + made[place:]
    return made
