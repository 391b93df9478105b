"""The dialogue as recognisers walk it: tokens with their turns, shared by all recognisers of one run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from compliance.redaction.casing import capitals_tell, folded
from compliance.redaction.cleaning import CleanText, clean
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.labels import LABEL

Made = TypeVar("Made")

# One token: a word (with inner apostrophes, but "'s" apart), a number or code, or any other visible character.
TOKEN = re.compile(r"[^\W_]+(?:'(?!s\b|S\b)[^\W\d_]+)*|'s\b|'S\b|\.\.\.|\S")


CONTRACTED = frozenset(
    """it he she that what who where how there here let when why which mama mom dad grandma grandpa mother father this
    everything something nothing everybody everyone somebody nobody name mine number phone address email""".split()
)


class Token:
    """A word, number or sign of a turn. ``low`` is its lower case; ``index`` counts through the whole dialogue."""

    __slots__ = ("end", "first", "index", "low", "start", "text", "turn", "word")

    def __init__(self, text: str, start: int, end: int, turn: int, index: int, first: bool) -> None:
        self.text = text
        self.low = text.lower()
        self.start = start
        self.end = end
        self.turn = turn
        self.index = index
        self.first = first  # first word of a sentence
        self.word = text[0].isalnum()

    @property
    def upper(self) -> bool:
        return self.text[0].isupper()

    def __repr__(self) -> str:
        return f"<{self.turn}:{self.start}-{self.end}>"  # never the text: reprs end in logs


@dataclass(frozen=True, slots=True)
class Finding:
    """A private span in the cleaned text of a turn."""

    turn: int
    start: int
    end: int
    type: str
    score: float
    reason: str
    value: str = ""  # what it says, for grouping; never stored
    marks: tuple[str, ...] = ()


class DialogueView:
    """Tokens and cleaned texts of a dialogue, and what recognisers worked out about it for each other.

    ``cased`` says whether capitals tell names from other words here; it is found out where it is not given. Where they
    do not, texts and tokens have none (`casing`).
    """

    def __init__(self, dialogue: Dialogue, skip: frozenset[int] = frozenset(), cased: bool | None = None) -> None:
        self.dialogue = dialogue
        self.skip = skip
        self.recorded = dialogue.recorded
        self.cleans: list[CleanText] = [clean(turn.text) for turn in dialogue.turns]
        self._signs: dict[int, list[tuple[int, int]]] = {}
        self._labels: dict[int, list[tuple[int, int]]] = {}
        self.tokens: list[Token] = []
        self.bounds: list[tuple[int, int]] = []
        for number, cleaned in enumerate(self.cleans):
            begin = len(self.tokens)
            if number not in skip:
                self._tokenise(cleaned.text, number)
            self.bounds.append((begin, len(self.tokens)))
        self.cased = self._capitals_tell() if cased is None else cased
        self._written = self.cleans
        if not self.cased:
            self._fold()
        self._made: dict[str, Any] = {}

    def _tokenise(self, text: str, turn: int) -> None:
        labels = self.signs(turn)
        first = True
        label = 0
        for match in TOKEN.finditer(text):
            start, end = match.span()
            while label < len(labels) and labels[label][1] <= start:
                label += 1
            if label < len(labels) and labels[label][0] <= start:
                if start == labels[label][0]:
                    # A label of an earlier pass is one opaque sign: nothing joins across it.
                    token = Token("█", start, labels[label][1], turn, len(self.tokens), False)
                    self.tokens.append(token)
                    first = False
                continue
            if match.group() in ("'s", "'S") and self._contracted(start, turn):
                continue
            token = Token(match.group(), start, end, turn, len(self.tokens), first)
            self.tokens.append(token)
            if token.word:
                first = False
            elif token.text in ".?!":
                first = not _abbreviation(self.tokens)
            elif token.text in '"' and len(self.tokens) > 1 and self.tokens[-2].text in ",:":
                first = True

    def _contracted(self, start: int, turn: int) -> bool:
        """Keep "it's" and "who's" one word; only a possessive "'s" stands apart from its name."""
        last = self.tokens[-1] if self.tokens else None
        if last is None or last.turn != turn or last.end != start or last.low not in CONTRACTED:
            return False
        last.text += "'s"
        last.low += "'s"
        last.end += 2
        return True

    def turn_tokens(self, turn: int) -> list[Token]:
        begin, end = self.bounds[turn]
        return self.tokens[begin:end]

    def text(self, turn: int) -> str:
        return self.cleans[turn].text

    def written(self, turn: int) -> str:
        """``text(turn)`` with the capitals that it was given with, for those who read them their own way."""
        return self._written[turn].text

    def labels(self, turn: int) -> list[tuple[int, int]]:
        """(start, end) of the labels of an earlier pass. In a recording a speech service has put them there: nothing
        around them was looked at before."""
        if turn not in self._labels:
            self._labels[turn] = self._find_labels(turn)
        return self._labels[turn]

    def _find_labels(self, turn: int) -> list[tuple[int, int]]:
        return [] if self.recorded else self.signs(turn)

    def signs(self, turn: int) -> list[tuple[int, int]]:
        """(start, end) of all that looks like a label of an earlier pass, in order."""
        if turn not in self._signs:
            text = self.text(turn)
            self._signs[turn] = [m.span() for m in LABEL.finditer(text)] if ("[" in text or "█" in text) else []
        return self._signs[turn]

    def turns(self) -> Iterator[int]:
        return (n for n in range(len(self.cleans)) if n not in self.skip)

    def once(self, key: str, make: Callable[[DialogueView], Made]) -> Made:
        """``make(self)``, worked out once for all recognisers of this run."""
        if key not in self._made:
            self._made[key] = make(self)
        made: Made = self._made[key]
        return made

    def _goes_on(self, token: Token) -> bool:
        """Whether the token begins a turn in the middle of its speaker's sentence: that turn was cut, not begun."""
        turns = self.dialogue.turns
        begin = self.bounds[token.turn][0]
        return (
            0 < begin == token.index
            and turns[token.turn - 1].speaker == turns[token.turn].speaker
            and self.tokens[begin - 1].turn == token.turn - 1
            and self.tokens[begin - 1].text not in (".", "?", "!")
        )

    def _capitals_tell(self) -> bool:
        rendered = any(self.signs(turn) and self.labels(turn) for turn in self.turns())
        return capitals_tell(self.tokens, self._goes_on, rendered)

    def _fold(self) -> None:
        self.cleans = [replace(cleaned, text=folded(cleaned.text)) for cleaned in self.cleans]
        for token in self.tokens:
            token.text = folded(token.text)


_ABBREVIATIONS = frozenset("dr mr mrs ms st jr sr prof vs no mt ft lt sgt capt det rev hon gen col ave blvd apt rd ste".split())


def _abbreviation(tokens: list[Token]) -> bool:
    """Whether the full stop that was just read belongs to the word before it ("Dr.", "J.")."""
    if len(tokens) < 2:
        return False
    dot, word = tokens[-1], tokens[-2]
    if dot.text != "." or word.end != dot.start:
        return False
    return word.low in _ABBREVIATIONS or (len(word.text) == 1 and word.upper and word.text.isalpha())
