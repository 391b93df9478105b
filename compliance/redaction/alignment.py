"""Find a provider's words in the text they are said to make up."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"\S+")

# A word may stand this many characters after the end of the one before it (a sound mark, a label, a dash the word
# list leaves out). Further away it is another word of the same spelling, and the rest would slide along with it.
MAX_GAP = 40


def align_words(text: str, words: list[str]) -> list[tuple[int, int]] | None:
    """Start and end of each word in ``text``, or None when they do not add up to it.

    Without words, the text's own (split at white space). Case, accents and punctuation may differ; every letter and
    digit of the text must belong to a word, else a private word could be heard that no list names.
    """
    if not words:
        return [m.span() for m in WORD.finditer(text)]
    letters, origins = _letters(text)
    places: list[tuple[int, int]] = []
    position = 0
    for word in words:
        wanted, _ = _letters(word)
        if not wanted:
            found = text.find(word, places[-1][1] if places else 0) if word else -1
            edge = places[-1][1] if places else 0
            places.append((found, found + len(word)) if 0 <= found <= edge + MAX_GAP else (edge, edge))
            continue
        if not letters.startswith(wanted, position):
            return None
        places.append((origins[position], origins[position + len(wanted) - 1] + 1))
        position += len(wanted)
    if position != len(letters):
        return None
    return _widened(text, places)


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits of the text, case and accents folded, each with the place it came from."""
    kept: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(text):
        for piece in unicodedata.normalize("NFKD", character).casefold():
            if piece.isalnum():
                kept.append(piece)
                origins.append(place)
    return "".join(kept), origins


def _widened(text: str, places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Let each word own the marks that touch it (quotes, combining marks), up to white space or its neighbour."""
    widened: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(places):
        floor = widened[-1][1] if widened else 0
        ceiling = places[number + 1][0] if number + 1 < len(places) else len(text)
        while start > floor and not text[start - 1].isspace():
            start -= 1
        while end < ceiling and not text[end].isspace():
            end += 1
        widened.append((max(start, floor), max(end, floor)))
    return widened
