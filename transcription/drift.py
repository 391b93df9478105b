"""Whether a copy's sound runs beside its transcript: words that are said openly, heard at another time than it says.

A silence is laid where the transcript has the word. Where the open words around are said a second from where it has
them, so are the hidden ones, and the silence is in the wrong place, though nobody may have recognised what it left.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

# What is hidden has 250 ms of silence on either side, and word times of two recognisers are rarely half a second apart.
LEAST_MS: Final = 600
# How far apart times may be and still be taken for the same error.
AGREEING_MS: Final = 200
# So many of so many words in a row agree in being elsewhere, and none is where it should be; by chance, one or two do.
LEAST_WORDS: Final = 3
IN_A_ROW: Final = 4
# Shorter words are guessed into any sound.
LEAST_LETTERS: Final = 3

# (text, start, end), in ms.
Timed = tuple[str, int, int]
# When a word was heard, and how much later the transcript has it.
Vote = tuple[int, int]


def votes(heard: Sequence[Timed], said: Sequence[Timed], low: int, high: int) -> list[Vote]:
    """The words that were heard once and that ``said`` (sorted by start) has once between ``low`` and ``high``."""
    starts = [start for _, start, _ in said]
    near = said[bisect_left(starts, low) : bisect_left(starts, high)]
    once_said = dict(_once(near))
    return [(start, once_said[text] - start) for text, start in _once(heard) if text in once_said]


def _once(words: Sequence[Timed]) -> list[tuple[str, int]]:
    plain = [("".join(c for c in text.lower() if c.isalpha()), start) for text, start, _ in words]
    counts = Counter(text for text, _ in plain)
    return [(text, start) for text, start in plain if counts[text] == 1 and len(text) >= LEAST_LETTERS]


def displaced(found: Sequence[Vote]) -> list[int]:
    """When the words were heard that agree, near one another, in being elsewhere than the transcript has them."""
    places: set[int] = set()
    row: list[Vote] = []
    for vote in sorted(found):
        # A word in its place ends the row; one that was misheard may stand between those that agree.
        row = [*row, vote][-IN_A_ROW:] if abs(vote[1]) >= LEAST_MS else []
        for _, late in row:
            agreeing = [at for at, other in row if 0 <= other - late <= AGREEING_MS]
            if len(agreeing) >= LEAST_WORDS:
                places.update(agreeing)
    return sorted(places)
