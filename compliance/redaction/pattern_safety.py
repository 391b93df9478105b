"""Which regular expressions may read transcripts: what RE2 reads, which goes through a text once, whatever stands in it.

RE2 knows nothing that would need more (references, looking ahead and behind). What it cannot promise is the time for *all*
finds: each search may read to the end of the text. So an expression is also tried on texts made of what it looks for.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import re2

MAX_CHARACTERS: Final = 500
# RE2's own limit, of repeats inside repeats together.
MAX_REPEAT: Final = 1_000
# Steps of the compiled expression: the time that a text takes at most grows with them.
MAX_STEPS: Final = 10_000
# A hostile text has so many characters. All finds in it take a quarter of a second at most where each is short, and some seconds
# where each reads to the end; of the processor's time, so that a busy machine refuses nothing.
HOSTILE_CHARACTERS: Final = 50_000
HOSTILE_SECONDS: Final = 0.7
# So long is looked for such a text, and with so many of the expression's own characters, the first ones.
ALL_HOSTILE_SECONDS: Final = 3.0
_TRIED: Final = 24
_ORDINARY: Final = ("a", "1", " ", "1-", "A1 ", "a. ", "ab", "-")
_BRACE: Final = re.compile(r"\\.|(?<!\\[pPx])\{(?!\d*,?\d*\})")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# What RE2 says, by its beginning; it goes on with a piece of the expression, which nobody else may read.
_REFUSALS: Final = (
    (
        r"invalid perl operator: \(\?<?[=!]", "looking",
        "Looking ahead or behind, such as (?=…) or (?<!…), is not used here. To find only whole numbers and words, write \\b before and "
        "after what you look for.",
    ),
    (
        r"invalid escape sequence: \\[1-9]|invalid perl operator: \(\?(P$|\()", "reference",
        "References to a group, such as \\1 or (?P=name), are not used here. Write out what is repeated, for example [A-Z]{2}-[A-Z]{2}.",
    ),
    (
        r"invalid escape sequence", "escape",
        "A backslash stands before a letter that means nothing here. Use \\d, \\w, \\s, \\b or their large forms, and a backslash before a sign.",
    ),
    (
        r"invalid perl operator", "group",
        "A bracket begins with (? and something that is not known here. Use (…) or (?:…).",
    ),
    (
        r"invalid repetition size|pattern too large", "repeat",
        f"Counts go up to {MAX_REPEAT}, those of a repeat inside a repeat together. Use smaller ones.",
    ),
    (
        r"bad repetition operator|no argument for repetition", "not_an_expression",
        "A *, + or ? stands where there is nothing to repeat, or behind another. Write \\ before it if you mean the sign itself.",
    ),
    (
        r"invalid character class range", "not_an_expression",
        "Square brackets hold a range that does not exist. Write it from small to large, for example [a-z], and a hyphen itself at the end.",
    ),
    (
        r"missing|unexpected|trailing", "not_an_expression",
        "This is not a regular expression: look for brackets and signs that have no partner.",
    ),
)  # fmt: skip


class PatternRefused(ValueError):
    """An expression that is not used. ``code`` is stable; the message is for whoever typed it and holds nothing of it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Compiled:
    """An expression as RE2 reads it."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern

    @property
    def steps(self) -> int:
        return int(self._pattern.programsize)

    def finditer(self, text: str, **_: Any) -> Iterator[Any]:
        """As of ``re``. Whoever gives a time limit, as Presidio does, needs none."""
        # What RE2 reads is UTF-8, which has no half characters.
        matches: Iterator[Any] = self._pattern.finditer(text if text.isascii() else _SURROGATE.sub("\ufffd", text))
        return matches

    def spans(self, text: str, until: float, clock: Callable[[], float] = time.monotonic) -> Iterator[tuple[int, int]]:
        """(start, end) of each find in ``text``. Raises TimeoutError between two finds when the clock is past ``until``."""
        for match in self.finditer(text):
            if clock() > until:
                raise TimeoutError
            yield match.span()


@lru_cache(maxsize=512)
def compiled(expression: str, flags: str = "i") -> Compiled:
    """The expression as it is matched: large and small letters are one. Raises PatternRefused for what is no expression."""
    options = re2.Options()
    options.never_capture = True
    options.log_errors = False  # or it would print what was typed
    try:
        return Compiled(re2.compile(f"(?{flags}){expression}" if flags else expression, options))
    except re2.error as error:
        raise _refused(error.args[0].decode(errors="replace")) from None
    except UnicodeEncodeError:
        raise _refused("") from None


def _refused(said: str) -> PatternRefused:
    for beginning, code, message in _REFUSALS:
        if re.match(beginning, said):
            return PatternRefused(code, message)
    return PatternRefused("not_an_expression", "This is not a regular expression: it cannot be read.")


def check(expression: str) -> None:
    """Raises PatternRefused for an expression that may not read transcripts."""
    if not expression or len(expression) > MAX_CHARACTERS:
        raise PatternRefused(
            "length", f"This has {len(expression):,} characters. A regular expression has 1 to {MAX_CHARACTERS}."
        )
    if not expression.isprintable():
        raise PatternRefused("not_an_expression", "A regular expression is one line without invisible characters.")
    if any(found.group() == "{" for found in _BRACE.finditer(expression)):
        raise PatternRefused("brace", "Write \\{ for a curly bracket; alone it stands for a count, such as {3} or {1,12}.")
    pattern = compiled(expression)
    if pattern.steps > MAX_STEPS:
        raise PatternRefused("repeat", "The counts in it make this too long to be read with. Use smaller ones.")
    if any(start == end for text in ("", *_ORDINARY) for start, end in pattern.spans(text, math.inf)):
        raise PatternRefused("empty", "This would be found everywhere, since it can be nothing at all. Make one part of it required.")
    # A find may end far behind where it begins; where another begins inside of it, the text is read again and again.
    began = time.thread_time()
    for bit in dict.fromkeys([*list(dict.fromkeys(expression))[:_TRIED], *_ORDINARY]):
        now = time.thread_time()
        if now - began > ALL_HOSTILE_SECONDS:
            break  # of those that were tried none did it; a pass has its own limit
        try:
            for _ in pattern.spans((bit * HOSTILE_CHARACTERS)[:HOSTILE_CHARACTERS], now + HOSTILE_SECONDS, time.thread_time):
                pass
        except TimeoutError:
            raise PatternRefused(
                "slow",
                "This takes too long on a long text, since what it finds may end far behind where it begins. Say how often at most "
                "instead of + and *, for example \\w{1,30}.",
            ) from None
