"""The text of a held transcript as whoever hides by hand sees it: lines, what is hidden so far, where words stand.

Opened once for a request; who may open it, and the record of it, is ``holding``'s.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from compliance.redaction import Detections, Dialogue, Turn
from transcription import review_acts, second_pass
from transcription.models import ReviewAct, Transcript
from transcription.review import Act, applied, in_force
from transcription.search import compared

LINES_A_PAGE: Final = 50
# Lines with hits, and decisions, that a page lists; their number is said in any case.
LISTED: Final = 100
# Words before and after the first hit of a line that the list of hits shows.
_AROUND: Final = 8
# The last word of what is looked for may be a beginning, from so many letters on.
_BEGINNING: Final = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Words of a line, from ``first`` to ``last`` (0.., inclusive). ``hidden``: all of them are, by hand."""

    n: int
    first: int
    last: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Hidden:
    """One decision to hide by hand: ``text`` of its first place (line ``n`` on ``page``), and how many places it has."""

    number: int
    n: int
    page: int
    text: str
    type: str
    places: int
    by: str


class HeldText:
    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.version = transcript.version

    @cached_property
    def dialogue(self) -> Dialogue:
        return second_pass.dialogue_of(self.transcript, second_pass.current_text(self.transcript))

    @cached_property
    def acts(self) -> list[Act]:
        return review_acts.acts_of(self.transcript)

    @cached_property
    def _hidden(self) -> dict[int, list[bool]]:
        """For each word of the lines in which something is hidden by hand whether it is."""
        spans: dict[int, list[tuple[int, int]]] = {}
        for item in applied(self.dialogue, Detections(), self.acts).detections.items:
            spans.setdefault(item.turn, []).append((item.start, item.end))
        return {n: _covered(self.dialogue.turns[n], found) for n, found in spans.items()}

    def hidden(self, n: int) -> list[bool]:
        """For each word of a line whether it is hidden by hand."""
        return self._hidden.get(n) or [False] * len(self.dialogue.turns[n].words)

    def lines(self, number: int, hits: Sequence[Place] = ()) -> list[dict[str, Any]]:
        """A page: {"n", "speaker", "start", "words": [{"text", "hidden", "hit"}]}; empty beyond the last one."""
        first = number * LINES_A_PAGE
        return [self._line(n, hits) for n in range(first, min(first + LINES_A_PAGE, len(self.dialogue.turns)))]

    def _line(self, n: int, hits: Sequence[Place]) -> dict[str, Any]:
        turn = self.dialogue.turns[n]
        hit = {place for found in hits if found.n == n for place in range(found.first, found.last + 1)}
        words = [
            {"text": word.text, "hidden": hidden, "hit": place in hit}
            for place, (word, hidden) in enumerate(zip(turn.words, self.hidden(n), strict=True))
        ]
        return {"n": n, "speaker": turn.speaker, "start": turn.start, "words": words}

    def find(self, text: str) -> list[Place]:
        """Where these words stand side by side, whatever their case, accents and signs; the last may be a beginning."""
        return self._places([_core(token) for token in compared(text)], beginning=True)

    def same_as(self, n: int, places: Sequence[int]) -> list[Place]:
        """Where the words stand that are chosen in a line; words side by side are one thing. Empty where they say nothing."""
        words = self.dialogue.turns[n].words
        found: dict[tuple[int, int], Place] = {}
        for first, last in runs(places):
            wanted = [_core(token) for word in words[first : last + 1] for token in compared(word.text)]
            for place in self._places(wanted, beginning=False):
                found[place.n, place.first] = place
        return [found[key] for key in sorted(found)]

    def _places(self, wanted: list[str], *, beginning: bool) -> list[Place]:
        found: list[Place] = []
        size = len(wanted)
        open_ended = beginning and bool(wanted) and len(wanted[-1]) >= _BEGINNING
        for n, tokens in enumerate(self._tokens if wanted else []):
            edge = -1
            for place in range(len(tokens) - size + 1):
                here = tokens[place : place + size]
                said = [token for token, _ in here]
                if said[:-1] != wanted[:-1] or not (
                    said[-1] == wanted[-1] or (open_ended and said[-1].startswith(wanted[-1]))
                ):
                    continue
                first, last = here[0][1], here[-1][1]
                if first > edge:
                    found.append(Place(n, first, last, all(self.hidden(n)[first : last + 1])))
                    edge = last
        return found

    @cached_property
    def _tokens(self) -> list[list[tuple[str, int]]]:
        """What each line says as it is compared, with the place of the word that says it."""
        return [
            [(_core(token), place) for place, word in enumerate(turn.words) for token in compared(word.text)]
            for turn in self.dialogue.turns
        ]

    def spans(self, places: Sequence[Place], type_: str) -> list[dict[str, Any]]:
        """Places as a decision keeps them: by word ids."""
        return [
            {"words": [word.id for word in self.dialogue.turns[p.n].words[p.first : p.last + 1]], "type": type_}
            for p in places
        ]

    def snippets(self, hits: Sequence[Place]) -> list[dict[str, Any]]:
        """The lines with hits, some words of each: {"n", "page", "start", "words", "before", "after"}."""
        made: list[dict[str, Any]] = []
        for n in list(dict.fromkeys(hit.n for hit in hits))[:LISTED]:
            line = self._line(n, hits)
            first = next(place for place, word in enumerate(line["words"]) if word["hit"])
            low, high = max(0, first - _AROUND), first + _AROUND + 1
            cut = {"before": low > 0, "after": high < len(line["words"]), "page": n // LINES_A_PAGE}
            made.append(line | cut | {"words": line["words"][low:high]})
        return made

    def by_hand(self) -> list[Hidden]:
        """What people hid and nobody took back, the newest first."""
        kept = [act for act in in_force(self.acts) if act.decision == ReviewAct.Decision.HIDE]
        names = dict(
            ReviewAct.objects.filter(transcript=self.transcript, decision=ReviewAct.Decision.HIDE).values_list(
                "number", "member__name"
            )
        )
        made: list[Hidden] = []
        for act in kept[::-1]:
            at = next((self._where[i] for span in act.spans[:1] for i in span["words"] if i in self._where), None)
            if at is not None:
                first = act.spans[0]
                n = at[0]
                text = self._said(first["words"])
                by = names.get(act.number, "")
                made.append(Hidden(act.number, n, n // LINES_A_PAGE, text, first["type"], len(act.spans), by))
        return made

    def undone(self, number: int) -> str:
        """What an undo did, by its number: ``readable`` or ``hidden`` again; "" where it is none, or was undone itself."""
        by_number = {act.number: act for act in self.acts}
        undoes = by_number[number].undoes if number in by_number else None
        if undoes is None or any(act.undoes == number for act in self.acts):
            return ""
        return "hidden" if by_number[undoes].undoes is not None else "readable"

    @cached_property
    def _where(self) -> dict[int, tuple[int, int]]:
        """Line and place of each word, by id."""
        return {
            word.id: (n, place) for n, turn in enumerate(self.dialogue.turns) for place, word in enumerate(turn.words)
        }

    def _said(self, ids: Sequence[int]) -> str:
        places = [self._where[i] for i in ids if i in self._where]
        return " ".join(self.dialogue.turns[n].words[place].text for n, place in places)


def runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Places side by side as (first, last)."""
    made: list[tuple[int, int]] = []
    for place in sorted(set(places)):
        if made and made[-1][1] == place - 1:
            made[-1] = (made[-1][0], place)
        else:
            made.append((place, place))
    return made


def _covered(turn: Turn, spans: list[tuple[int, int]]) -> list[bool]:
    """For each word whether one of the spans (characters) touches it."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    ends = [end for _, end in merged]
    made: list[bool] = []
    for word in turn.words:
        place = bisect_right(ends, word.char_start)
        made.append(place < len(merged) and merged[place][0] < word.char_end)
    return made


def _core(token: str) -> str:
    """Without the sign of possession: "Petrakis's" says the same name."""
    return token.removesuffix("'s")
