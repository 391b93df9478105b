"""Offices before a name: "Councilor Marks", "Member Ruseau". They are no part of it, and say that one follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compliance.redaction.names_base import NameHit, NameWords

# Nothing but offices; before a name in small letters, too.
COUNCIL = frozenset(
    """mayor councilor councillor councilman councilwoman councilmember councilperson alderman alderwoman alderperson selectman selectwoman
    selectperson congressman congresswoman assemblyman assemblywoman assemblymember chairman chairwoman chairperson""".split()
)
# Before a name where both have their capital.
OFFICES = COUNCIL | frozenset(
    """president member representative secretary chair delegate minister governor senator supervisor trustee treasurer superintendent
    ambassador chancellor premier commissioner clerk""".split()
)
MANY = frozenset("councilors councillors councilmembers councilmen members selectmen senators delegates".split())
# "the mayor parks there", "our chairman rose"
ARTICLES = frozenset("the a an our your their his her this that which every each any no some".split())
# Evidence that may take an office for a name, or for a part of one.
BY_LOOKS = frozenset(
    ["a last name", "a first name", "first and last name", "the language model", "capitalised like a name", "capitalised where a person stands",
     "a last name where a person stands", "a first name where a person stands", "addressed or introduced by name", "after a title",
     "a name found elsewhere in the transcript"]
)  # fmt: skip


def announces(words: NameWords, place: int, begin: int, end: int) -> bool:
    """Whether the token at ``place`` is an office and what follows it may be whose it is."""
    token, following = words.tokens[place], words.tokens[place + 1]
    if token.low not in OFFICES:
        return False
    if words.cased:
        return token.upper and following.upper and (words.listed(following) or not words.ordinary(following))
    return token.low in COUNCIL and not (place > begin and words.tokens[place - 1].low in ARTICLES)


def without_offices(words: NameWords, hits: Iterable[NameHit]) -> Iterator[NameHit]:
    """The hits without the offices at their beginning, but for those that are nothing else and have firmer evidence."""
    for hit in hits:
        first = hit.first
        while first <= hit.last and _office(words, first, hit):
            first += 1
        if first > hit.last:
            surname = hit.reason == "after a title" and words.tokens[hit.last].low in words.words.frequent_last
            if hit.reason not in BY_LOOKS or surname:
                yield hit  # "Mr. Alderman"
        elif first == hit.first or not words.tokens[first].word:
            yield hit
        else:
            yield replace(hit, first=first)


def _office(words: NameWords, place: int, hit: NameHit) -> bool:
    """An office, written as the name after it; "John Mayor", "Alderman" after a given name are people."""
    token = words.tokens[place]
    if token.low not in OFFICES | MANY or hit.reason not in BY_LOOKS:
        return False
    if place == hit.last:
        return words.cased or token.low in COUNCIL | MANY
    return token.low in COUNCIL or words.tokens[place + 1].upper == token.upper
