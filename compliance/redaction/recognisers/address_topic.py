"""Where an address is what the talk is about: the turns after one was said or asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile

from compliance.redaction.encoder import Chance
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.beside_labels import beside_labels
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.view import DialogueView

# Turns after an address was said, or asked for, in which it is still what the talk is about; and one before, where it is led up to.
TOPIC = 4
JUST_SAID = 2
STRONG = 0.6  # score of an address that makes a topic
# The least chance of being a place of what is taken for one for other reasons, too.
AT_ALL = 0.04


class AddressTopic:
    """Of one dialogue; ``by_turn``: the addresses that were found in it so far, ``chances``: what the model says of its tokens."""

    def __init__(self, view: DialogueView, chances: dict[int, Chance], by_turn: dict[int, list[Span]]) -> None:
        self.view = view
        self.tokens = view.tokens
        self.chances = chances
        self.runs = runs_by_turn(view)
        self.taken = {place for spans in by_turn.values() for first, last, _, _ in spans for place in range(first, last + 1)}
        self._said = {turn for turn, spans in by_turn.items() if any(score >= STRONG for _, _, score, _ in spans)}
        self._turns = {near for turn in self._said for near in range(turn - 1, turn + TOPIC + 1)}
        for turn in view.turns():
            if any(q.kind == "address" and q.direct and q.distance <= TOPIC for q in asked(view, turn)):
                self._turns.add(turn)

    def __contains__(self, turn: int) -> bool:
        """Whether an address is what a turn may be about; never beside labels of an earlier pass."""
        return turn in self._turns and turn not in beside_labels(self.view)

    def found(self, turn: int, spans: Iterable[Span]) -> None:
        """Addresses found since, which make a topic, too."""
        for first, last, _, _ in spans:
            self._said.add(turn)
            self._turns.update(range(turn, turn + TOPIC + 1))
            self.taken.update(range(first, last + 1))

    def just(self, turn: int) -> bool:
        """Whether an address was said in a turn or one or two before, or asked for there."""
        near = any(t in self._said for t in range(turn - JUST_SAID, turn + 1))
        return near or any(q.kind == "address" and q.direct and q.distance <= JUST_SAID for q in asked(self.view, turn))

    def runs_in(self, first: int, last: int) -> Iterator[Run]:
        """The numbers that reach into these tokens of a turn."""
        runs = self.runs.get(self.tokens[first].turn, [])
        at = bisect_left(runs, first, key=lambda run: run.last)
        return takewhile(lambda run: run.first <= last, runs[at : at + last - first + 1])

    def place(self, token: int) -> float:
        """The chance of being (part of) a place."""
        return self.chances[token].place if token in self.chances else 0.0

    def person(self, token: int) -> float:
        return self.chances[token].person if token in self.chances else 0.0
