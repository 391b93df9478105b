"""Addresses below the state: streets, units, cities, counties, ZIP codes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.cities import (
    cities,
    city_at,
    repeated,
    state_after,
    weighed,
)
from compliance.redaction.recognisers.model_entities import PLACES, model_spans
from compliance.redaction.recognisers.streets import (
    _FLOORS,
    Span,
    door,
    streets,
    unit,
)
from compliance.redaction.recognisers.words import (
    NATIONS,
    STATES,
    STREET_STOP,
    UNIT_WORDS,
)
from compliance.redaction.view import DialogueView, Finding, Token

T = PrivateType
PO_BOX = re.compile(r"\bP\.? ?O\.? Box \d{1,7}\b", re.IGNORECASE)
ZIP = re.compile(r"(?<![\w$#-])\d{5}(?:-\d{4})?(?![\w-])")


class AddressRecogniser(DialogueRecogniser):
    ENTITIES = (T.ADDRESS,)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        by_turn: dict[int, list[Span]] = {}
        if self.nlp is not None:
            for first, last in model_spans(view, self.nlp, PLACES):
                by_turn.setdefault(view.tokens[first].turn, []).extend(weighed(view, first, last))
        for turn in view.turns():
            spans = [*streets(view, turn), *cities(view, turn), *by_turn.get(turn, ()), *door(view, turn)]
            by_turn[turn] = [*_joined(view, turn, spans), *_answers(view, turn)]
        for turn, span in [(t, s) for t, spans in by_turn.items() for s in spans] + repeated(view, by_turn):
            first, last, score, reason = span
            a, b = view.tokens[first], view.tokens[last]
            yield Finding(turn, a.start, b.end, T.ADDRESS, score, reason, view.text(turn)[a.start : b.end].lower())
        for turn in view.turns():
            for match in PO_BOX.finditer(view.text(turn)):
                yield Finding(turn, *match.span(), T.ADDRESS, 0.9, "a post office box")


def _joined(view: DialogueView, turn: int, spans: list[Span]) -> list[Span]:
    """Street, city, state and ZIP that follow each other make one address; the ZIP is taken along."""
    end = view.bounds[turn][1]
    tokens = view.tokens
    runs = {run.first: run for run in runs_by_turn(view).get(turn, ())}
    grown: list[Span] = []
    for first, last, score, reason in sorted(spans):
        place = last + 1
        for _ in range(4):
            while place < end and (tokens[place].text == "," or tokens[place].low in ("uh", "um")):
                place += 1
            if place >= end:
                break
            if reason == "a street" or last > first:
                city = city_at(view, place, end)
                if city is not None and place - last <= 2 and reason == "a street":
                    last = city
                    place = last + 1
                    continue
            state = state_after(tokens, place, end)
            if state is not None:
                last = state
                place = last + 1
                continue
            run: Run | None = runs.get(place)
            if run is not None and len(run.digits) in (5, 9) and not run.letters and place - last <= 2:
                last = run.last
                place = last + 1
                continue
            break
        if grown and first <= grown[-1][1] + 1:
            previous = grown.pop()
            first, score, reason = previous[0], max(previous[2], score), previous[3]
            last = max(last, previous[1])
        grown.append((first, last, score, reason))
    return grown


def _unknown(token: Token) -> bool:
    names = lexicon()
    low = token.low
    return (
        low.isalpha()
        and len(low) > 4
        and low not in names.ordinary
        and low not in names.drugs
        and low not in STREET_STOP
        and low not in STATES
        and low not in NATIONS
    )


def _answers(view: DialogueView, turn: int) -> list[Span]:
    """What answers "and your address?": numbers with the words after them, places named alone."""
    questions = [q for q in asked(view, turn) if q.kind == "address" and q.direct and q.distance <= 3]
    if not questions:
        own = [h for h in hits_by_turn(view).get(turn, ()) if h.kind == "address"]
        if not own:
            return []
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    words = [t for t in tokens[begin:end] if t.word]
    nearest = questions[0].distance if questions else 9
    place = begin
    while place < end:
        token = tokens[place]
        # "number four", "apartment six b", "third floor rear"
        if token.low in UNIT_WORDS or (token.low in _FLOORS and place + 1 < end and tokens[place + 1].low == "floor"):
            last = unit(view, place - 1, end)
            if last >= place:
                spans.append((place, last, 0.7, "part of an address"))
                place = last + 1
                continue
        if (
            nearest <= 2
            and token.word
            and token.low == "and"
            and place - begin <= 1
            and [t.low for t in tokens[place + 1 : place + 3]] == ["a", "half"]
        ):
            spans.append((place, place + 2, 0.6, "part of an address"))
        if nearest <= 2 and token.word and len(words) <= 8 and not view.cased and place - begin <= 3 and _unknown(token):
            spans.append((place, place, 0.55, "answers a question for an address"))
        if nearest <= 2 and token.word:
            city = city_at(view, place, end)
            if city is not None:
                phrase = " ".join(t.low for t in tokens[place : city + 1])
                plain = phrase in names.common and not (view.cased and token.upper and not token.first)
                if not plain and (len(words) <= 14 or view.cased):
                    spans.append((place, city, 0.65, "answers a question for an address"))
                    place = city + 1
                    continue
        place += 1
    # House numbers with capitalised or unknown words after them
    if questions:
        for run in runs_by_turn(view).get(turn, ()):
            if run.letters and not run.digits:
                continue
            last = run.last
            place = last + 1
            taken = 0
            while (
                place < end
                and taken < 4
                and tokens[place].word
                and tokens[place].low not in STREET_STOP
                and "'" not in tokens[place].low
            ):
                token = tokens[place]
                if view.cased and not token.upper:
                    break
                if token.low in UNIT_WORDS:
                    last = unit(view, place - 1, end)
                    break
                last = place
                taken += 1
                place += 1
            if last + 3 < end and [t.low for t in tokens[last + 1 : last + 4]] == ["and", "a", "half"]:
                last += 3
                taken += 1
            if taken and len(run.digits) >= 2 and nearest <= 2:
                spans.append((run.first, last, 0.7, "answers a question for an address"))
    return spans
