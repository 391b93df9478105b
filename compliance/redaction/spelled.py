"""Whether a span spells a name instead of saying it, and which letters: "M I A", "mike india alpha", "M as in Mary"."""

from __future__ import annotations

import re

from compliance.redaction.alphabets import LETTER_WORDS, NATO
from compliance.redaction.written import REPEATS

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
# "M as in Mary", "M like Mary", "M for Mary", "M is for Mary"
_EXPLAINING = (("as", "in"), ("is", "for"), ("like",), ("for",), ("as",))
_CASES = frozenset("capital uppercase lowercase upper lower case big small little".split())
_BETWEEN = frozenset("and then dash hyphen space uh um er okay ok apostrophe comma".split())


def spelled_letters(text: str) -> str:
    """The letters where ``text`` is nothing but a name spelled out; "" where it is a name as people say it, or a single letter."""
    runs, whole = _runs(text)
    return runs[0] if whole and len(runs) == 1 and len(runs[0]) > 1 else ""


def spells(text: str) -> bool:
    """Whether so much of ``text`` is spelled that its initials would be the name, or most of it."""
    runs, _ = _runs(text)
    return bool(spelled_letters(text)) or any(len(run) > 2 for run in runs)


def _runs(text: str) -> tuple[list[str], bool]:
    """The letters that follow each other, and whether nothing else is said."""
    words = [m.group().replace("\u2019", "'") for m in _WORD.finditer(text)]
    low = [word.lower() for word in words]
    # "Robert Frank" is somebody, "adam boy charles" is spelled; so is "mike india".
    by_words = sum(word in LETTER_WORDS for word in low) > 2 or sum(word in NATO for word in low) > 1
    runs: list[str] = []
    run = ""
    whole = True
    place = 0
    while place < len(words):
        word = low[place]
        times = REPEATS.get(word, 1)
        if times > 1 and place + 1 < len(words):
            place += 1
            word = low[place]
        if len(word) == 1:
            run += word * times
            place += 1 + _explained(low, place + 1, word)
            continue
        place += 1
        if by_words and word in LETTER_WORDS:
            run += LETTER_WORDS[word].lower() * times
        elif word not in _CASES and word not in _BETWEEN:
            whole = False
            if run:
                runs.append(run)
            run = ""
    return ([*runs, run] if run else runs), whole


def _explained(low: list[str], place: int, letter: str) -> int:
    """How many words from ``place`` say what a letter stands for: "as in Oscar"."""
    for words in _EXPLAINING:
        said = place + len(words)
        if tuple(low[place:said]) == words and said < len(low) and low[said].startswith(letter):
            return len(words) + 1
    return 0
