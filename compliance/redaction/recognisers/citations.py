"""Decisions that are cited by volume, report and page: "people v williams twenty cal fourth one nineteen". Whoever gave them their names is in
every law library; the parties of the matter itself are never cited so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from compliance.redaction.names_words import FUNCTION
from compliance.redaction.view import DialogueView
from compliance.redaction.written import TENS, UNITS

# What a report is called, as engines write or hear it; dots between are left out.
_REPORTS = frozenset(
    tuple(name.split())
    for name in """u s|us|s ct|l ed|f second|f third|f fourth|f 2d|f 3d|f 4th|f2d|f3d|f4th|f supp|fed appx|fed r evid|frd|f r d|b r|wl|w l|t c
    |cal|cal app|cal rptr|n y|ny|n y s|a d|ill|ill app|mass|mich|ohio st|wis|wash|n e|n w|s e|s w|so second|so third|so 2d|so 3d|p second|p third
    |p 2d|p 3d|a second|a third|a 2d|a 3d|n j l|clr|c l r|nswlr|n s w l r|ac|q b|qb|all e r|e w c a|ewca|e w h c|ewhc""".split("|")
    for name in [name.strip()]
)
_SERIES = frozenset("second third fourth fifth sixth 2d 3d 4th 5th 6th 2nd 3rd".split())
LONGEST_REPORT = 3  # words
LONGEST_VOLUME = 5  # tokens
_LETTERED = re.compile(r"\d{1,4}[a-z]{1,2}")  # "93A", "2C"
LONGEST_CODE = 5  # letters
LONGEST_PLACE = 9  # tokens
LONGEST_PARTY = 7  # tokens, with commas and points
MOST_OF_A_NAME = 3  # tokens
# Codes of law and of procedures, by their letters, before a number.
_CODES = frozenset(
    """t c a|o c g a|c r s|a r s|m g l|n j s|n j s a|r c w|o r s|n r s|k r s|r s a|r s m o|m c l|m c l a|i l c s|n m s a|u c a|u s c|u s c a|c f r|f r c p
    |f r e|u c c|c p l r|c p l|e p t l|d r l|v t l|c c p|h r s|o r c|l s a|k s a|i c d|c p t|h c p c s|d r g|f s a|n d c c|s d c l|m c a|r i g l""".replace("\n    ", "").split("|")
)
# In one word only those that hardly begin anybody's number: "MCL 93 771 046" is a member's.
_CODES_JOINED = frozenset("usc cfr frcp ucc icd cpt hcpcs ocga njsa rcw ilcs cplr".split())
_IN_CODES = frozenset("section sections sec § title chapter c ch code codes".split())
_BETWEEN = frozenset("and or , to through".split())
_VERSUS = frozenset("v vs versus".split())
_IN_TITLES = frozenset("of the and for a".split())


@dataclass(frozen=True, slots=True)
class Cited:
    """Tokens of cited decisions: of their names, and of volume, report and page."""

    names: frozenset[int]
    places: frozenset[int]
    codes: frozenset[int]  # of these, what cites a code of law or of procedures

    def whole(self, first: int, last: int) -> bool:
        """Whether these tokens say volume, report or page and nothing else."""
        return first in self.places and all(place in self.places for place in range(first, last + 1))


def cited(view: DialogueView) -> Cited:
    def make(v: DialogueView) -> Cited:
        found = [pair for turn in v.turns() for pair in _cited(v, turn)]
        laws = [law for turn in v.turns() for law in _listed(v, _laws(v, turn))]
        places = frozenset(place for said in [*(said for _, said in found), *laws] for place in said)
        codes = frozenset(place for law in laws for place in law)
        return Cited(frozenset(place for named, _ in found for place in named) - places, places, codes)

    return view.once("cited", make)


def _cited(view: DialogueView, turn: int) -> Iterator[tuple[range, range]]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    for place in range(begin + 1, end - 1):
        if not _number(view, place - 1, begin, end):
            continue
        page = _report_end(view, place, end)
        if page is None or not _number(view, page, begin, end):
            continue
        first = place - 1
        while first > begin and place - first < LONGEST_VOLUME and (_number(view, first - 1, begin, end) or tokens[first - 1].text == "-"):
            first -= 1
        last = page
        while last + 1 < end and last - page < LONGEST_VOLUME and (_number(view, last + 1, begin, end) or tokens[last + 1].text == "-"):
            last += 1
        parted = _versus(view, first, begin)
        if parted is not None:
            yield range(max(begin, parted - MOST_OF_A_NAME), first), range(first, last + 1)


def _laws(view: DialogueView, turn: int) -> Iterator[range]:
    """ "T.C.A. 29-26-115", "t c a thirty nine fourteen one oh three", "CPT 29881": a code of law, or of procedures, and the place in it."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    place = begin
    while place < end:
        after = _code_end(view, place, end)
        if after is None:
            place += 1
            continue
        number = after
        while number < end and (tokens[number].low in _IN_CODES or tokens[number].text in (".", "§", ":")):
            number += 1
        last = number
        while last < end and last - number < LONGEST_PLACE and (_number(view, last, begin, end) or last > number and tokens[last].text in "-.:()" and last + 1 < end and _number(view, last + 1, begin, end)):
            last += 1
        if last > number:
            yield range(place, last)
        place = max(last, after)


def _listed(view: DialogueView, laws: Iterable[range]) -> Iterator[range]:
    """With what stands between one and the next: "T.C.A. 29-26-115 and 51-1-27"."""
    before: range | None = None
    for law in laws:
        yield law
        if before is not None and law.start - before.stop <= 2 and all(t.low in _BETWEEN for t in view.tokens[before.stop : law.start]):
            yield range(before.stop, law.start)
        before = law


def _code_end(view: DialogueView, place: int, end: int) -> int | None:
    """The token after the letters of the longest code that begins at ``place``."""
    tokens = view.tokens
    if tokens[place].low in _CODES_JOINED and (tokens[place].text.isupper() or not view.cased):
        return place + 1
    letters: list[str] = []
    found = None
    while place < end and len(letters) < LONGEST_CODE and len(tokens[place].low) == 1 and tokens[place].low.isalpha():
        letters.append(tokens[place].low)
        place += 1
        if " ".join(letters) in _CODES:
            found = place
        if place < end and tokens[place].text == ".":
            place += 1
    return found


def _versus(view: DialogueView, volume: int, begin: int) -> int | None:
    """The "v" of a title that ends right before ``volume``; none in "people v ames who lives at 1420 us 19"."""
    for place in range(volume - 1, max(begin, volume - 1 - LONGEST_PARTY) - 1, -1):
        token = view.tokens[place]
        if token.low in _VERSUS:
            return place if place + 1 < volume else None
        if token.low in FUNCTION - _IN_TITLES or _number(view, place, begin, volume) or token.text in ("?", "!", ";"):
            return None
    return None


def _report_end(view: DialogueView, place: int, end: int) -> int | None:
    """Behind the report that is named from ``place`` on, with its series ("cal fourth")."""
    said: list[str] = []
    at, found = place, None
    while at < end and len(said) < LONGEST_REPORT and at - place < 2 * LONGEST_REPORT:
        if view.tokens[at].text != ".":
            said.append(view.tokens[at].low.replace(".", ""))
            if tuple(said) in _REPORTS or len(said) > 1 and tuple(said[:-1]) in _REPORTS and said[-1] in _SERIES:
                found = at + 1
        at += 1
    while found is not None and found < end and view.tokens[found].text == ".":
        found += 1
    return found


def _number(view: DialogueView, place: int, begin: int, end: int) -> bool:
    if not begin <= place < end:
        return False
    low = view.tokens[place].low
    return low.isdigit() or low in TENS or low in UNITS or low in ("hundred", "thousand") or _LETTERED.fullmatch(low) is not None
