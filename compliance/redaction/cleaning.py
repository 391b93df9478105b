"""Text as recognisers read it, with an exact map back to the text as it was given.

Invisible characters inside an identifier, full-width or Arabic-Indic digits, accents written as combining marks, typographic
dashes and the marks and character references of HTML (captions have them) would each hide a number or a name from a pattern;
here they are gone, and every kept character knows the code points it stands for.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "\u201c": '"', "\u201d": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u2029": " ",
    "\u00df": "s", "\u00f8": "o", "\u00d8": "O", "\u0142": "l", "\u0141": "L", "\u0111": "d", "\u0110": "D",
    "\u0131": "i", "\u00e6": "e", "\u00c6": "E", "\u0153": "e", "\u00fe": "t", "\u00f0": "d", "\u3002": ".", "\uff61": ".",
}  # fmt: skip

# Marks of HTML and WebVTT that stand inside of words and lines, and references to characters. A tag with more than a name is
# text: an attribute may hold what must be found. The bounds keep the search linear.
_MARKUP = re.compile(
    r"<(?:/?(?P<tag>[bciupqs]|br|em|li|rt|td|th|tr|tt|bdi|bdo|del|div|ins|sub|sup|wbr|cite|code|font|mark|ruby|span|lang|small|"
    r"strong)\s{0,4}/?|\d\d:\d\d(?::\d\d)?\.\d{3})>|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});",
    re.IGNORECASE,
)
_APART = frozenset("br p li td th tr div".split())  # what stands before and after these are two words


@dataclass(frozen=True, slots=True)
class CleanText:
    """``text`` for recognisers; ``origins[i]`` is where character i begins in the original of length ``length``."""

    text: str
    origins: tuple[int, ...] | None  # None: the original is clean already, every place is its own
    length: int

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original, with the invisible characters and marks inside and after."""
        if self.origins is None:
            return start, end
        if start >= end:
            raise ValueError("An empty range stands nowhere.")
        begin = self.origins[start]
        stop = self.origins[end] if end < len(self.origins) else self.length
        return begin, stop

    def cleaned_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``original[start:end]`` stands in ``text``; None when nothing of it is left."""
        if self.origins is None:
            low, high = max(0, start), min(end, self.length)
        else:
            low, high = bisect_left(self.origins, start), bisect_left(self.origins, end)
        return (low, high) if low < high else None


def clean(text: str) -> CleanText:
    marked = "<" in text or "&" in text
    if not marked and text.isascii() and text.isprintable():
        return CleanText(text, None, len(text))
    kept: list[str] = []
    origins: list[int] = []
    for place, character in _characters(text) if marked else enumerate(text):
        plain = _plain(character)
        if plain is not None:
            kept.append(plain)
            origins.append(place)
    return CleanText("".join(kept), tuple(origins), len(text))


def _characters(text: str) -> Iterator[tuple[int, str]]:
    """(place, character) of what a browser would show of the text, were it HTML."""
    at = 0
    for match in _MARKUP.finditer(text):
        yield from enumerate(text[at : match.start()], at)
        at = match.end()
        if match.group()[0] == "<":
            if (match.group("tag") or "").lower() in _APART:
                yield match.start(), " "
            continue
        meant = html.unescape(match.group())
        if len(meant) == 1:
            yield match.start(), meant
        else:
            yield from enumerate(match.group(), match.start())
    yield from enumerate(text[at:], at)


def _plain(character: str) -> str | None:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isascii():
        return character if character.isprintable() else " "
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me", "Cc") or character in "\ufe0f\u3164\u115f\u1160":
        return None
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKD", character)
    base = folded[0]
    # One character for one: a letter with its mark, a full-width letter. Others (ligatures, fractions) stay as they are.
    if len(folded) == 1 or all(unicodedata.combining(c) for c in folded[1:]):
        return base
    return character
