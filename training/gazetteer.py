"""What lists know about a word, as one tag: is it a given name, a surname, a town, and how much of an ordinary word is it?

The tag goes into the model's input, beside the word. In lower-cased text a name is told by its context
and by being no word; a list of names and of word frequencies says both. The table is kept with the model.
"""

from __future__ import annotations

import re

from training.pools import Pools, plain, word_probabilities

# Log probabilities (natural, per word of web text) that part very common, common and rare words; rarer ones count as unknown.
COMMON, USUAL, RARE = -10.5, -13.0, -16.3
# Difference of log probability of `Mark` and `mark`: below the first an ordinary word, above the second a name.
ORDINARY, NAME = -0.7, 1.2
FREQUENT_GIVEN, FREQUENT_SURNAMES = 0.008, 6000  # census share in percent; census rank
LETTERS = re.compile(r"[a-zà-ž']+")


def tags(pools: Pools) -> dict[str, str]:
    """Lower-cased word to tag. A word without an entry is in no list: an unknown word, or a number."""
    prob = word_probabilities()
    floor = -20.5

    def lean(word: str) -> float:
        return prob.get(word.title(), floor) - prob.get(word, floor)

    def known(word: str) -> str:
        p = prob.get(word, floor)
        return "W3" if p > COMMON else "W2" if p > USUAL else "W1" if p > RARE else ""

    shares = dict(
        zip(pools.first, (b - a for a, b in zip((0.0, *pools.first_weights), pools.first_weights, strict=False)), strict=True)
    )
    given_top = {n.lower() for n, share in shares.items() if share > FREQUENT_GIVEN}
    given_top |= {n.lower() for n in pools.lists["nicknames"]}
    given = {w for n in (*pools.first, *pools.first_world, *pools.lists["first_romanised"]) for w in parts(n)} | given_top
    given |= {n.lower() for n in pools.lists["first_ambiguous"]}
    surname_top = {n.lower() for n in pools.last[:FREQUENT_SURNAMES]} | {n.lower() for n in pools.lists["last_ambiguous"]}
    surname = {w for n in (*pools.last, *pools.last_world, *pools.lists["last_romanised"]) for w in parts(n)} | surname_top
    city = {w for n in pools.cities for w in parts(n) if " " not in n}

    out: dict[str, str] = {}
    for word in given | surname | city:
        d = lean(word)
        r = 0 if d < ORDINARY else 2 if d > NAME else 1
        if word in given and word in surname:
            kind = "GS"
        elif word in given:
            kind = "G1" if word in given_top else "G2"
        elif word in surname:
            kind = "S1" if word in surname_top else "S2"
        else:
            kind = "C"
        if word in city and kind != "C":
            kind = "NC"
        if r == 0 and kind in ("S2", "G2") and known(word):
            out[word] = known(word)
        elif len(word) > 1:
            out[word] = f"{kind}{r}"
    for word, p in prob.items():
        if p > RARE and LETTERS.fullmatch(word) and word not in out and lean(word) < 1.5:
            out[word] = known(word)
    for word in given_top:
        if lean(word) > ORDINARY:
            out.setdefault(f"{word}s", "GP")
    return out


def parts(name: str) -> list[str]:
    """The words of a name as a tokenizer sees them, with and without accents."""
    found = [w.strip("'.") for form in {name, plain(name)} for w in re.split(r"[ -]", form.lower())]
    return [w for w in found if len(w) > 1]
