"""One answer in several turns, or with hesitation inside: a second reading of the dialogue in which it is one.

Speech services end a turn at every breath, at every "uh-huh" of somebody else, or every few seconds, also in the middle
of a number or a name. ``joined`` makes the view in which the turns of one speaker that follow each other are one turn,
interjections between them and hesitation inside of what may be a detail left out; ``JoinedView.places`` says where a span of it
stands in the turns as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from compliance.redaction.atoms import SINGLES
from compliance.redaction.dialogue import Turn
from compliance.redaction.hesitations import hesitations
from compliance.redaction.view import DialogueView

# A turn of nothing but these is somebody who listens: it does not end the other's answer.
INTERJECTIONS = frozenset(
    (
        "uh", "huh", "uh huh", "uhhuh", "mm", "mmm", "hm", "hmm", "mm hm", "mm hmm", "mmhm", "mmhmm", "mhm", "um", "ah", "oh", "okay", "ok",
        "yeah", "yep", "yup", "yes", "right", "sure", "alright", "all right", "go ahead", "go on", "go for it", "keep going", "carry on",
        "continue", "got it", "got that", "i got it", "i got that", "i'm with you", "i see", "i'm listening", "i'm ready", "take your time",
        "thank you", "thanks", "perfect", "great", "good", "please", "and", "then", "next", "ma'am", "maam", "sir", "doctor",
        "counsel", "understood", "copy", "copy that", "noted", "correct", "exactly", "of course", "no problem", "that's fine",
        "i understand", "im with you", "im listening", "im ready", "thats fine",
    )
)  # fmt: skip
MAX_INTERJECTION_WORDS = 5
# So many interjections in a row, of two listeners say, are passed over.
MAX_INTERJECTIONS = 2
# A joined turn is divided beyond so many characters (some five minutes of speech), so that the work stays linear; the
# parts share so many, or one turn at least, so that what is cut there is still whole in one of them.
MAX_CHARACTERS = 4_000
SHARED_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Piece:
    """A turn as it is, or a part of it, and where that stands in the joined turn."""

    turn: int
    start: int
    end: int
    offset: int  # where the part begins in the turn's cleaned text


class JoinedView(DialogueView):
    """The dialogue with its cut turns put together. ``base`` is the dialogue as it is."""

    def __init__(self, base: DialogueView, groups: list[list[int]]) -> None:
        turns: list[Turn] = []
        self.pieces: list[tuple[Piece, ...]] = []
        hidden: set[int] = set()
        for group in groups:
            pieces: list[Piece] = []
            length = 0
            for number in group:
                for begin, end in _parts(base, number):
                    pieces.append(Piece(number, length, length + end - begin, begin))
                    length += end - begin + 1
            if group[0] in base.skip:
                hidden.add(len(turns))
            first = base.dialogue.turns[group[0]]
            # The cleaned texts, so that an offset here is an offset there; nothing reads the words or times of a view.
            said = (base.written(piece.turn)[piece.offset : piece.offset + piece.end - piece.start] for piece in pieces)
            turns.append(Turn(first.speaker, " ".join(said), language=first.language))
            self.pieces.append(tuple(pieces))
        super().__init__(replace(base.dialogue, turns=tuple(turns)), frozenset(hidden), base.cased)
        self.base = base

    def joined_turns(self) -> frozenset[int]:
        return frozenset(number for number, pieces in enumerate(self.pieces) if len(pieces) > 1)

    def _find_labels(self, turn: int) -> list[tuple[int, int]]:
        found = []
        for piece in self.pieces[turn]:
            at = piece.start - piece.offset
            spans = ((at + start, at + end) for start, end in self.base.labels(piece.turn))
            found += [(start, end) for start, end in spans if piece.start <= start and end <= piece.end]
        return found

    def places(self, turn: int, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """(turn, start, end) in the turns as they are of ``start:end`` in a joined turn, one for each that says part of it."""
        for piece in self.pieces[turn]:
            low, high = max(start, piece.start), min(end, piece.end)
            if low < high and any(c.isalnum() for c in self.text(turn)[low:high]):
                yield piece.turn, low - piece.start + piece.offset, high - piece.start + piece.offset


def joined(view: DialogueView) -> JoinedView | None:
    """The dialogue with its cut turns put together; None where no turn goes on with another and nobody hesitates inside of a detail."""
    groups = view.once("groups", _groups)
    return JoinedView(view, groups) if read_joined(view) else None


def read_joined(view: DialogueView) -> frozenset[int]:
    """The turns that go on with another, or in which somebody hesitates inside of a detail."""
    groups, hesitant = view.once("groups", _groups), view.once("hesitations", _hesitations)
    return frozenset(number for group in groups if len(group) > 1 or hesitant[group[0]] for number in group)


def _hesitations(view: DialogueView) -> list[list[tuple[int, int]]]:
    return [hesitations(view, turn) for turn in range(len(view.cleans))]


def _parts(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """(start, end) of what a turn says between hesitations."""
    begin = 0
    for start, end in view.once("hesitations", _hesitations)[turn]:
        yield begin, start
        begin = end
    yield begin, len(view.text(turn))


def _groups(view: DialogueView) -> list[list[int]]:
    """The turns of each joined turn, in order. Turns that say nothing and interjections inside a group are left out."""
    turns = view.dialogue.turns
    groups: list[list[int]] = []
    number = 0
    while number < len(turns):
        chain = [number]
        number += 1
        if chain[0] not in view.skip:
            following = _next_of(view, chain[-1])
            while following is not None:
                chain.append(following)
                number = following + 1
                following = _next_of(view, following)
        groups.extend(_divided(view, chain))
    return groups


def _next_of(view: DialogueView, turn: int) -> int | None:
    """The turn that goes on with this one: the same speaker's, with at most interjections of others between."""
    turns = view.dialogue.turns
    passed = 0
    for number in range(turn + 1, len(turns)):
        if number in view.skip:
            return None  # nobody knows what was said there
        if turns[number].speaker == turns[turn].speaker:
            return number
        words = _words(view, number)
        begin, end = view.bounds[number]
        if begin == end:
            continue
        passed += 1
        if passed > MAX_INTERJECTIONS or not interjection(words) or (words == ["oh"] and _goes_on_in_digits(view, number)):
            return None
    return None


def _words(view: DialogueView, turn: int) -> list[str]:
    begin, end = view.bounds[turn]
    return [token.low for token in view.tokens[begin:end] if token.word]


def _goes_on_in_digits(view: DialogueView, turn: int) -> bool:
    """Whether the speaker's next words are digits: an "oh" of somebody who listens is none, this one is a zero."""
    turns = view.dialogue.turns
    for number in range(turn + 1, min(turn + 2 + MAX_INTERJECTIONS, len(turns))):
        if turns[number].speaker == turns[turn].speaker:
            return (_words(view, number) or [""])[0] in SINGLES
    return False


def interjection(words: list[str]) -> bool:
    """Whether this is only what a listener says: one or more of INTERJECTIONS, few words in all."""
    if not words or len(words) > MAX_INTERJECTION_WORDS:
        return False
    place = 0
    while place < len(words):
        taken = next(
            (n for n in (3, 2, 1) if place + n <= len(words) and " ".join(words[place : place + n]) in INTERJECTIONS), 0
        )
        if not taken:
            return False
        place += taken
    return True


def _divided(view: DialogueView, chain: list[int]) -> Iterator[list[int]]:
    """``chain`` in groups of two turns or more that share their edges, where it is too long for one."""
    group: list[int] = []
    size = 0
    for number in chain:
        length = len(view.text(number)) + 1
        if len(group) > 1 and size + length > MAX_CHARACTERS:
            yield group
            keep = 1
            while keep < len(group) - 1 and sum(len(view.text(n)) + 1 for n in group[-keep:]) < SHARED_CHARACTERS:
                keep += 1
            group = group[-keep:]
            size = sum(len(view.text(n)) + 1 for n in group)
        group.append(number)
        size += length
    yield group
