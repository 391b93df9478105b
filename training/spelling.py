"""A name letter by letter, the ways people say it and engines write it."""

from __future__ import annotations

import random

NATO = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            "apple boy cat dog elephant frank george henry igloo john kilo larry mary nancy oscar peter queen"
            " robert sam tom uncle victor william xray yellow zebra"
        ).split(),
        strict=True,
    )
)
PHONETIC = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        (
            "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima mike november oscar "
            "papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu"
        ).split(),
        strict=True,
    )
)


def spelled(name: str, rng: random.Random, digits: bool) -> str:
    """`name` letter by letter; `digits` for an engine that writes figures, and so hyphens."""
    letters = [c for c in name if c.isalpha()]
    upper = [c.upper() for c in letters]
    roll = rng.random()
    if roll < 0.10:
        table = rng.choice((NATO, PHONETIC))
        known = [c for c in letters if c.lower() in table]
        joint = rng.choice((" as in ", " as in ", " for ", " like "))
        every = rng.random() < 0.5
        return " ".join(
            f"{c.upper()}{joint}{table[c.lower()].title()}" if every or rng.random() < 0.3 else c.upper() for c in known
        )
    if roll < 0.2 and len(upper) > 3:
        out, i = [], 0
        while i < len(upper):
            if i + 1 < len(upper) and upper[i] == upper[i + 1]:
                out.append(f"double {upper[i]}")
                i += 2
            else:
                out.append(upper[i])
                i += 1
        return " ".join(out)
    joint = rng.choice(("-", "-", "-", " ", "_", ". ", ", ") if digits else (" ", " ", " ", " ", "-", ", "))
    if roll < 0.35 and len(upper) > 5 and joint == " ":
        cut = rng.randint(2, len(upper) - 2)
        return " ".join(upper[:cut]) + ", " + " ".join(upper[cut:])
    return joint.join(upper)
