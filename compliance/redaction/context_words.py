"""Words that must stand near a find for it to count: "badge" before four digits, in the turn or in the question before it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from compliance.redaction.cleaning import clean
from compliance.redaction.view import TOKEN, DialogueView

# People say what a number is before they say it, and say little about it afterwards.
WORDS_BEFORE = 10
WORDS_AFTER = 5
# Of a question that is answered by the find, so many of its last words.
WORDS_OF_QUESTION = 20
_ASKING = frozenset("what what's whats which whose who where when how can could do does may would state give spell".split())


def phrases_of(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Context words as rows of small words; one context "word" may be several ("employee number")."""
    rows = (tuple(m.group().lower() for m in TOKEN.finditer(clean(word).text) if m.group()[0].isalnum()) for word in words)
    return tuple(row for row in rows if row)


def near(view: DialogueView, turn: int, start: int, end: int, phrases: Sequence[Sequence[str]]) -> str:
    """The phrase that stands near ``start:end`` of the turn; "" where none does."""
    begin, stop = view.bounds[turn]
    first = bisect_left(view.tokens, start + 1, lo=begin, hi=stop, key=lambda token: token.end)
    last = bisect_left(view.tokens, end, lo=first, hi=stop, key=lambda token: token.start)
    # Three signs a word are more than any speech has; so the search stays short in the longest turn.
    before = [token.low for token in view.tokens[max(begin, first - 3 * WORDS_BEFORE) : first] if token.word][-WORDS_BEFORE:]
    # What is found may hold its own context: "badge-1204".
    itself = [token.low for token in view.tokens[first : min(last, first + WORDS_BEFORE)] if token.word]
    after = [token.low for token in view.tokens[last : min(stop, last + 3 * WORDS_AFTER)] if token.word][:WORDS_AFTER]
    places = [before + itself + after]
    if len(before) < WORDS_BEFORE and first - begin < 3 * WORDS_BEFORE:
        places.append(_question_before(view, turn))
    for phrase in phrases:
        if any(_said(words, phrase) for words in places):
            return " ".join(phrase)
    return ""


def _question_before(view: DialogueView, turn: int) -> list[str]:
    """The last words of the turn before, where somebody else asks something in it."""
    asked = turn - 1
    turns = view.dialogue.turns
    if asked < 0 or asked in view.skip or turns[asked].speaker == turns[turn].speaker:
        return []
    begin, stop = view.bounds[asked]
    tokens = view.tokens[max(begin, stop - 3 * WORDS_OF_QUESTION) : stop]
    words = [token.low for token in tokens if token.word][-WORDS_OF_QUESTION:]
    asks = bool(tokens) and (tokens[-1].text == "?" or not _ASKING.isdisjoint(words))
    return words if asks else []


def _said(words: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    return any(
        all(_same(a, b) for a, b in zip(words[n : n + size], phrase, strict=True)) for n in range(len(words) - size + 1)
    )


def _same(said: str, word: str) -> bool:
    """ "badges" is "badge", too; "cat" is not in "location"."""
    return said == word or (said.startswith(word) and said[len(word) :] in ("s", "es"))
