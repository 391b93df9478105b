"""Names and places that the language model finds. It reads windows of turns, since it was trained on them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.encoder import CHANCES, ENTITIES, Chance
from compliance.redaction.joints import JoinedView, read_joined
from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.called_after import called_after
from compliance.redaction.recognisers.words import EPONYMS
from compliance.redaction.view import DialogueView, Finding

PEOPLE = frozenset(["PERSON", "PER"])
PLACES = frozenset(["LOCATION", "LOC", "GPE", "FAC"])
MEDICAL = frozenset(["MEDICAL", "DISEASE", "DRUG"])


@dataclass(frozen=True, slots=True)
class Frame:
    """How the dialogue is cut for a reading: windows of so many ``turns`` or ``characters``, ``context`` turns on either side."""

    turns: int
    characters: int
    context: int


# What the model thinks of a word hangs on what it reads beside it, more than it should. So what it was not sure of it reads twice,
# the second time with little beside it.
FIRST, SECOND = Frame(12, 2_500, 1), Frame(9, 1_500, 1)
# A turn is read again where a word of it has a chance between this and its complement to one of being private. Of what the second
# reading found in the development transcripts hardly anything was less doubtful in the first.
UNDECIDED = 0.05
LONGEST_CONTEXT = 200  # characters of a turn; a longer one beside a window costs more than it tells
BATCH = 512
# From this chance on a listed name is rather a person than a condition that nobody has heard of.
LEANS = 0.3
# A turn longer than this is read in pieces at white space.
PIECE = 5_000


@dataclass(slots=True)
class Reading:
    """What the model says, in each turn's cleaned text: (start, end, label) of its entities, and, where it tells them,
    (start, end, chance) of its words."""

    entities: dict[int, list[tuple[int, int, str]]] = field(default_factory=dict)
    chances: dict[int, list[tuple[int, int, Chance]]] = field(default_factory=dict)


def model_entities(view: DialogueView, nlp: NlpEngine) -> dict[int, list[tuple[int, int, str]]]:
    """(start, end, label) in each turn's cleaned text."""
    return model_reading(view, nlp).entities


def model_chances(view: DialogueView, nlp: NlpEngine) -> dict[int, tuple[float, float]]:
    """Token of the dialogue to its chances of being (part of) a person's name and of a place; empty for models that tell none."""

    def make(v: DialogueView) -> dict[int, tuple[float, float]]:
        return {token: (_person(v, token, chance), chance.place) for token, chance in all_chances(v, nlp).items()}

    return view.once("model chances", make)


def _person(view: DialogueView, token: int, chance: Chance) -> float:
    """The chance of being a person's; of a listed name that no vocabulary of medicine knows, what the model gives to medicine, too."""
    names = lexicon()
    low = view.tokens[token].low
    if chance.person < LEANS or not (low in names.last_names or low in names.first_names):
        return chance.person
    known = low in names.ordinary or low in names.drugs or low in names.conditions or low in EPONYMS
    return chance.person if known else min(1.0, chance.person + chance.medical)


def all_chances(view: DialogueView, nlp: NlpEngine) -> dict[int, Chance]:
    """Token of the dialogue to what the model holds it for; empty for models that tell no chances."""

    def make(v: DialogueView) -> dict[int, Chance]:
        found: dict[int, Chance] = {}
        nobodys = called_after(v)
        for turn, words in model_reading(v, nlp).chances.items():
            begin, end = v.bounds[turn]
            starts = [t.start for t in v.tokens[begin:end]]
            for low, high, chance in words:
                for number in range(bisect_left(starts, low), bisect_left(starts, high)):
                    # "Gleason eight": whose name a score has, the model knows; that it is a score is told by what stands beside it.
                    found[begin + number] = chance._replace(person=0.0, place=0.0) if begin + number in nobodys else chance
        return found

    return view.once("all chances", make)


def model_reading(view: DialogueView, nlp: NlpEngine) -> Reading:
    """What the model says of the dialogue. Of a joined view only the joined turns are read anew: that is the second reading
    of what stands in them."""

    def make(v: DialogueView) -> Reading:
        if isinstance(v, JoinedView):
            reading = _as_before(v, model_reading(v.base, nlp))
            _add(reading, _read(v, nlp, FIRST, v.joined_turns()))
            return reading
        reading = _read(v, nlp, FIRST, None)
        again = _undecided(reading) - read_joined(v)
        if again:
            _add(reading, _read(v, nlp, SECOND, again))
        return reading

    return view.once("model reading", make)


def _as_before(view: JoinedView, known: Reading) -> Reading:
    """What the model said of the turns as they are, at its places in the joined turns."""
    reading = Reading()
    for number, pieces in enumerate(view.pieces):
        for piece in pieces:
            at = piece.start - piece.offset
            first, last = piece.offset, piece.offset + piece.end - piece.start
            entities = known.entities.get(piece.turn, ())
            inside = [(max(low, first) + at, min(high, last) + at, label) for low, high, label in entities if low < last and first < high]
            if inside:
                reading.entities.setdefault(number, []).extend(inside)
            chances = known.chances.get(piece.turn, ())
            words = [(low + at, high + at, chance) for low, high, chance in chances if first <= low and high <= last]
            if words:
                reading.chances.setdefault(number, []).extend(words)
    return reading


def _undecided(reading: Reading) -> frozenset[int]:
    """The turns in which the model neither rules out nor takes for sure that a word is private; medical words are no matter of doubt."""
    return frozenset(
        turn for turn, words in reading.chances.items() if any(UNDECIDED <= max(c[:-1]) <= 1 - UNDECIDED for _, _, c in words)
    )


def _read(view: DialogueView, nlp: NlpEngine, frame: Frame, wanted: frozenset[int] | None) -> Reading:
    reading = Reading()
    windows = list(_windows(view, frame, wanted))
    texts = ("\n".join(piece for _, _, piece, _ in window) for window in windows)
    for window, (entities, told) in zip(windows, _told(nlp, texts), strict=True):
        starts: list[int] = []
        at = 0
        for _, _, piece, _ in window:
            starts.append(at)
            at += len(piece) + 1
        for entity in entities:
            for (turn, offset, piece, context), start in zip(window, starts, strict=True):
                low, high = max(entity.start_char, start), min(entity.end_char, start + len(piece))
                if low < high and not context:
                    span = (offset + low - start, offset + high - start, entity.label_)
                    reading.entities.setdefault(turn, []).append(span)
        for low, high, chance in told:
            number = bisect_right(starts, low) - 1
            turn, offset, _, context = window[number]
            if not context:
                at = offset - starts[number]
                reading.chances.setdefault(turn, []).append((low + at, high + at, chance))
    return reading


def _told(nlp: NlpEngine, texts: Iterable[str]) -> Iterator[tuple[Any, Any]]:
    """Entities, and where the model tells them the words' chances, of each text."""
    documents = getattr(nlp, "documents", None)
    if documents is not None:
        for doc in documents(texts, BATCH):
            entities = doc.user_data.get(ENTITIES)
            yield doc.ents if entities is None else entities, doc.user_data.get(CHANCES, ())
        return
    batches: Any = nlp.process_batch(texts, language="en", batch_size=BATCH)
    for _, artifacts in batches:
        yield artifacts.entities, getattr(artifacts.tokens, "user_data", {}).get(CHANCES, ())


def _add(reading: Reading, other: Reading) -> None:
    """Into ``reading`` what the ``other`` has besides: its entities and, of each word's chances, the greater."""
    for turn, entities in other.entities.items():
        reading.entities[turn] = list(dict.fromkeys([*reading.entities.get(turn, ()), *entities]))
    for turn, words in other.chances.items():
        before = {(low, high): chance for low, high, chance in reading.chances.get(turn, ())}
        reading.chances[turn] = [
            (low, high, Chance(*map(max, chance, before.get((low, high), chance)))) for low, high, chance in words
        ]


def _windows(view: DialogueView, frame: Frame, wanted: frozenset[int] | None = None) -> Iterator[list[tuple[int, int, str, bool]]]:
    """Lists of (turn, offset in it, text, whether only for context). Turns that are not ``wanted`` are context."""
    pieces = [piece for turn in view.turns() for piece in _pieces(view, turn)]
    first = 0
    while first < len(pieces):
        last, size = first, 0
        while last < len(pieces) and (wanted is None or pieces[last][0] in wanted):
            size += len(pieces[last][2])
            if last > first and (last - first >= frame.turns or size > frame.characters):
                break
            last += 1
        if first < last:
            before, after = pieces[max(0, first - frame.context) : first], pieces[last : last + frame.context]
            yield [*_context(before), *((*piece, False) for piece in pieces[first:last]), *_context(after)]
        first = max(last, first + 1)


def _pieces(view: DialogueView, turn: int) -> Iterator[tuple[int, int, str]]:
    """(turn, offset, text) of a turn in pieces that end at white space."""
    text = view.text(turn)
    start = 0
    while start < len(text):
        end = min(len(text), start + PIECE)
        if end < len(text):
            cut = text.rfind(" ", start, end)
            end = cut if cut > start else end
        yield turn, start, text[start:end]
        start = end


def _context(pieces: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str, bool]]:
    return ((*piece, True) for piece in pieces if len(piece[2]) < LONGEST_CONTEXT)


class ModelRecogniser(DialogueRecogniser):
    """What else a configured model marks; names and places go through the recognisers that weigh them."""

    ENTITIES = (PrivateType.MEDICAL,)

    def __init__(self, nlp: NlpEngine) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        for turn, entities in model_entities(view, self.nlp).items():
            for start, end, label in entities:
                if label in MEDICAL:
                    yield Finding(turn, start, end, PrivateType.MEDICAL, 0.6, "the language model")


def _without(left: frozenset[int], first: int, last: int) -> Iterator[tuple[int, int]]:
    """What remains of these tokens without those that are ``left`` out."""
    begin = first
    for place in range(first, last + 2):
        if place > last or place in left:
            if begin < place:
                yield begin, place - 1
            begin = place + 1


def model_spans(view: DialogueView, nlp: NlpEngine, labels: frozenset[str]) -> Iterator[tuple[int, int]]:
    """The model's entities with one of these labels as (first, last) token of the dialogue."""
    for turn, entities in sorted(model_entities(view, nlp).items()):
        begin, end = view.bounds[turn]
        starts = [t.start for t in view.tokens[begin:end]]
        for low, high, label in entities:
            if label in labels:
                first = begin + max(0, bisect_right(starts, low) - 1)
                if first < end and view.tokens[first].end <= low:
                    first += 1
                last = begin + bisect_left(starts, high) - 1
                if begin <= first <= last < end:
                    yield from _without(called_after(view), first, last)
