"""Which marks of one gold file name the same person, number or thing.

- **Names** that share a part are one person, also through a third: "Philippa Ravensworth", "Ms. Ravensworth" and
  "Philippa" are. Spelled letters are read together ("R-A-V-E-N-S-W-O-R-T-H"); particles, titles and single letters are
  no part. Relatives of one surname count as one; a nickname ("Des" for Desmond) counts as another.
- **Numbers** of one label with the same digits, written or spoken, are one. One said in pieces is as many as there are marks.
- **All else** (places, dates, ages, web) is one where label and text are equal, whatever the case and punctuation.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence

from compliance.redaction.cleaning import clean
from compliance.redaction.written import REPEATS, written_digits

NUMBERS = frozenset("SSN CREDIT_CARD BANK_ACCOUNT PHONE MRN HEALTH_PLAN LICENSE VEHICLE DEVICE".split())
# What unrelated names have in common.
SMALL = frozenset(
    """de del della da di do dos das la le el al du van von der den ter ten bin ibn abu st san santa saint mac mc y e and jr sr ii iii
    iv junior senior mr mrs ms miss dr doctor mister""".split()
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_POSSESSIVE = re.compile(r"'s\b|'(?!\w)")
# "B as in boy": the word for a letter is no part of the name.
_AS_IN = re.compile(r"\b([^\W\d_]),? (?:as in|like|for) [^\W\d_]+")
_NO_WORD = re.compile(r"[\W_]+")


def entity_numbers(mentions: Sequence[tuple[str, str]]) -> list[int]:
    """For each (label, text) of one file the number of its entity, from 0 on."""
    first: dict[Hashable, int] = {}
    parents = list(range(len(mentions)))

    def root(place: int) -> int:
        while parents[place] != place:
            place = parents[place]
        return place

    for place, (label, text) in enumerate(mentions):
        for key in _keys(label, text):
            parents[root(place)] = root(first.setdefault(key, place))
    numbers: dict[int, int] = {}
    return [numbers.setdefault(root(place), len(numbers)) for place in range(len(mentions))]


def _keys(label: str, text: str) -> Iterator[Hashable]:
    plain = clean(text).text.casefold()
    if label == "NAME":
        parts = name_parts(plain)
        yield from ((label, part) for part in parts)
        if parts:
            return
    if label in NUMBERS and (digits := written_digits(plain)):
        yield label, "digits", digits
        return
    yield label, "text", _NO_WORD.sub(" ", plain).strip()


def name_parts(text: str) -> set[str]:
    """The parts by which a name in small letters is known again."""
    parts: set[str] = set()
    spelled = ""
    repeat = 1
    for word in _WORD.findall(_POSSESSIVE.sub("", _AS_IN.sub(r"\1", text))):
        if len(word) == 1:
            spelled += word * repeat
            repeat = 1
            continue
        if word in REPEATS:
            repeat = REPEATS[word]
            continue
        parts.add(word.replace("'", ""))
        parts.add(spelled)
        spelled, repeat = "", 1
    parts.add(spelled)
    return {part for part in parts if len(part) > 1} - SMALL
