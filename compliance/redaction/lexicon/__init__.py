"""Word lists that recognisers look things up in. Loaded once a process, from files in the package."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of lower-case ASCII words, of ``firms`` and ``lands`` of phrases, too. ``frequent_*`` are subsets."""

    ordinary: frozenset[str]
    common: frozenset[str]
    first_names: frozenset[str]
    frequent_first: frozenset[str]
    last_names: frozenset[str]
    frequent_last: frozenset[str]
    cities: frozenset[str]
    counties: frozenset[str]
    drugs: frozenset[str]
    conditions: frozenset[str]
    firms: frozenset[str]
    lands: frozenset[str]


def _lines(name: str) -> list[str]:
    data = resources.files(__package__).joinpath(f"{name}.txt.gz").read_bytes()
    return gzip.decompress(data).decode().splitlines()


def _marked(name: str) -> tuple[frozenset[str], frozenset[str]]:
    lines = _lines(name)
    marked = frozenset(line[:-1] for line in lines if line.endswith("+"))
    return frozenset(line.rstrip("+") for line in lines), marked


@cache
def lexicon() -> Lexicon:
    ordinary, common = _marked("ordinary")
    first, frequent_first = _marked("first_names")
    last, frequent_last = _marked("last_names")
    return Lexicon(
        ordinary=ordinary,
        common=common,
        first_names=first,
        frequent_first=frequent_first,
        last_names=last,
        frequent_last=frequent_last,
        cities=frozenset(_lines("cities")),
        counties=frozenset(_lines("counties")),
        drugs=frozenset(_lines("drugs")),
        conditions=frozenset(_lines("conditions")),
        firms=frozenset(_lines("firms")),
        lands=frozenset(_lines("lands")),
    )
