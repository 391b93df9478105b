"""Entries of a matter's lists of words that are always hidden and always shown: reading what somebody typed."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from portal.errors import BadInput

ENTRY_LEAST: Final = 2
ENTRY_LIMIT: Final = 80
ENTRIES_LIMIT: Final = 200
_WORD = re.compile(r"[^\W_]+")


def folded(entry: str) -> str:
    """What two entries share that mean the same: case, spaces and signs between words make no difference."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", entry).casefold()))


def read(lines: Iterable[str], name: str) -> list[str]:
    """The entries, each once, empty lines left out. Raises BadInput, which names the line and never what stands there."""
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        entry = " ".join(line.split())
        if not entry:
            continue
        if not ENTRY_LEAST <= len(entry) <= ENTRY_LIMIT or not folded(entry) or not entry.isprintable():
            raise BadInput(
                f"Line {number} of what is {name} cannot be used: "
                "an entry has 2 to 80 characters, a letter or digit among them.",
                limit=ENTRY_LIMIT, found=len(entry), line=number,
            )  # fmt: skip
        found.setdefault(folded(entry), entry)
    if len(found) > ENTRIES_LIMIT:
        raise BadInput(
            f"At most 200 entries can be {name}; there are {len(found)}.", limit=ENTRIES_LIMIT, found=len(found)
        )  # fmt: skip
    return list(found.values())


def require_apart(hidden: list[str], shown: list[str]) -> None:
    """Raises BadInput for an entry on both lists."""
    on_show = {folded(entry): number for number, entry in enumerate(shown, 1)}
    for number, entry in enumerate(hidden, 1):
        if folded(entry) in on_show:
            raise BadInput(
                f"Entry {number} of what is always hidden is also entry {on_show[folded(entry)]} of what is always shown. "
                "Take it off one of the two lists.",
                entry=number,
            )
