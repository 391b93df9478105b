"""Addresses below the state: streets, units, cities, counties, ZIP codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.questions import asked, labelled
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.beside_labels import UNLIKELY_BESIDE_LABELS, beside_labels
from compliance.redaction.recognisers.called_after import called_after
from compliance.redaction.recognisers.citations import cited
from compliance.redaction.recognisers.cities import (
    PLAIN_PLACES,
    cities,
    city_at,
    repeated,
    state_after,
    weighed,
)
from compliance.redaction.recognisers.crossings import crossings
from compliance.redaction.recognisers.delivery import delivery, postcodes
from compliance.redaction.recognisers.doors import door
from compliance.redaction.recognisers.house_numbers import FLOORS, numeral, unit, value_end
from compliance.redaction.recognisers.improbable import improbable
from compliance.redaction.recognisers.lands import lands_named
from compliance.redaction.recognisers.likely_places import crossing, likely_places, set_or_measured
from compliance.redaction.recognisers.model_entities import PLACES, all_chances, model_chances, model_spans
from compliance.redaction.recognisers.names_there import whole_towns
from compliance.redaction.recognisers.neighbours import corrected, doors, neighbours, unit_asked, zips
from compliance.redaction.recognisers.number_looks import UNITS_AFTER, year_like
from compliance.redaction.recognisers.second_opinion import IMPOSSIBLE, WEAK_PLACES, impossible, place_left_on_purpose
from compliance.redaction.recognisers.streets import Span, streets
from compliance.redaction.recognisers.surroundings import counted
from compliance.redaction.recognisers.towns import plain_town, towns
from compliance.redaction.recognisers.unsuffixed import unsuffixed
from compliance.redaction.recognisers.whereabouts import whereabouts
from compliance.redaction.recognisers.words import (
    BARE_UNITS,
    BRANDS,
    NATIONS,
    ORG_WORDS,
    STATES,
    STREET_STOP,
    STREET_UNITS,
    STREETS,
    UNIT_WORDS,
    WEAK_STREETS,
)
from compliance.redaction.view import DialogueView, Finding, Token

T = PrivateType
PO_BOX = re.compile(r"\bP\.? ?O\.? Box \d{1,7}\b", re.IGNORECASE)


# Two streets called after people are one place before they are two people.
CROSSED = 0.9
PARTS_LINKED = frozenset("in at off near".split())
BETWEEN_PLACES = frozenset("over or but so because is was it its it's".split())
# What is an address by nothing but where it stands; numbers, most of them, that may be doses and counts.
BY_PLACE = frozenset(
    ["part of an address", "a house number said before", "a number where an address is spoken of", "a door", "the answer to a question",
     "answers a question for an address", "a street, by the words before it", "puts a house number right"]
)  # fmt: skip
# What a town, a state and a ZIP code may follow.
_LINES = frozenset(["a street", "a delivery line", "a numbered road"])


class AddressRecogniser(DialogueRecogniser):
    ENTITIES = (T.ADDRESS,)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        by_turn: dict[int, list[Span]] = {}
        chances = {}
        if self.nlp is not None:
            chances = model_chances(view, self.nlp)
            for found_first, found_last in model_spans(view, self.nlp, PLACES):
                for first, last in _parted(view, found_first, found_last):
                    by_turn.setdefault(view.tokens[first].turn, []).extend(weighed(view, first, last))
        for turn in view.turns():
            likely = [
                (first, _with_type(view, last), CROSSED if crossing(view, chances, first, last) else 0.6, "the language model")
                for first, last in likely_places(view, chances, turn)
            ]
            spans = [
                *likely,
                *streets(view, turn), *delivery(view, turn), *unsuffixed(view, turn), *postcodes(view, turn), *cities(view, turn), *towns(view, turn),
                *_with_units(view, by_turn.get(turn, ())), *door(view, turn), *crossings(view, turn),
            ]  # fmt: skip
            joined = [*_joined(view, turn, spans), *_answers(view, turn), *zips(view, turn)]
            found = [*joined, *corrected(view, turn, joined, STREETS | WEAK_STREETS)]
            by_turn[turn] = [s for s in found if not _no_place(view, chances, s)]
        for turn, span in [*neighbours(view, by_turn), *doors(view, by_turn)]:
            by_turn[turn].append(span)
        told = all_chances(view, self.nlp) if self.nlp is not None else {}
        for turn, span in whereabouts(view, told, by_turn):
            by_turn.setdefault(turn, []).append(span)
        for turn, span in list(whole_towns(view, told, by_turn)):
            by_turn[turn].append(span)
        standing = {
            turn: [s for s in spans if s[3] != "the language model" or not place_left_on_purpose(view, chances, s[0], s[1])]
            for turn, spans in by_turn.items()
        }
        found_in: dict[int, list[Span]] = {}
        for turn, span in [(t, s) for t, spans in standing.items() for s in spans] + repeated(view, standing):
            if not _no_place(view, chances, span) and not (span[3] in BY_PLACE and improbable(view, self.nlp, span[0], span[1])):
                found_in.setdefault(turn, []).append(span)
        for turn, spans in found_in.items():
            for first, last, score, reason in [*spans, *_linked(view, spans)]:
                a, b = view.tokens[first], view.tokens[last]
                yield Finding(turn, a.start, b.end, T.ADDRESS, score, reason, view.text(turn)[a.start : b.end].lower())
        for turn in view.turns():
            for match in PO_BOX.finditer(view.text(turn)):
                yield Finding(turn, *match.span(), T.ADDRESS, 0.9, "a post office box")


def _two_d(view: DialogueView, first: int, last: int) -> bool:
    """ "they saw it in two d echo"; "two b c batteries": letters that say of what kind the things are that follow."""
    end = view.bounds[view.tokens[first].turn][1]
    said = [t.low for t in view.tokens[first : min(end, last + 2)]]
    if said[:2] in (["two", "d"], ["three", "d"], ["2", "d"], ["3", "d"]) or said[0] in ("2d", "3d"):
        return said[-1] in _DIMENSIONS or said[-2] in _DIMENSIONS
    letters = first + 1
    while letters < end and len(view.tokens[letters].low) == 1 and view.tokens[letters].word:
        letters += 1
    return numeral(view.tokens[first]) and last < letters and letters - first >= 2 and letters < end and view.tokens[letters].low in _THINGS


def _el_salvador(view: DialogueView, first: int, last: int) -> bool:
    """The nation; "Salvador" alone is a city, too."""
    begin = max(view.bounds[view.tokens[first].turn][0], last - 1)
    return first >= last - 1 and [t.low for t in view.tokens[begin : last + 1]] == ["el", "salvador"]


_SEATS = frozenset("chair table bed seat line window counter bay booth desk".split())
_THINGS = frozenset("battery batteries cell cells pencil pencils vitamin vitamins".split())
_DIMENSIONS = frozenset("echo echocardiogram ultrasound scan scans image images imaging print printer printed model models".split())


def _no_place(view: DialogueView, chances: dict[int, tuple[float, float]], span: Span) -> bool:
    """Whether only weak evidence stands against a model that sees no chance; a town with its state ("brazil indiana") is none."""
    first, last, _, reason = span
    letter = first == last and len(view.tokens[first].low) == 1 and first > view.bounds[view.tokens[first].turn][0]
    if _two_d(view, first - letter, last) or _el_salvador(view, first, last) or set_or_measured(view, first, last) or cited(view).whole(first, last):
        return True
    if lands_named(view).issuperset(range(first, last + 1)) or called_after(view).issuperset(range(first, last + 1)):
        return True
    stated = first < last and view.tokens[last].low in STATES
    limit = UNLIKELY_BESIDE_LABELS if view.tokens[first].turn in beside_labels(view) else IMPOSSIBLE
    return reason in WEAK_PLACES and not stated and impossible(chances, first, last, limit)


def _linked(view: DialogueView, spans: list[Span]) -> Iterator[Span]:
    """ "four oh nine buttonwood lane in bozeman": the word between two parts of one place."""
    ends = {last: score for _, last, score, _ in spans}
    for first, _, score, _ in spans:
        link = first - 1
        if link - 1 in ends and view.tokens[link].low in PARTS_LINKED and view.tokens[link].turn == view.tokens[first].turn:
            yield link - 1, first, min(score, ends[link - 1]), "between two parts of a place"


def _with_units(view: DialogueView, spans: Iterable[Span]) -> Iterator[Span]:
    """The model's streets with the home inside the house: "quail loop, the lower unit, number five"."""
    for first, last, score, reason in spans:
        end = view.bounds[view.tokens[first].turn][1]
        yield first, unit(view, last, end) if view.tokens[last].low in STREETS else last, score, reason


def _with_type(view: DialogueView, last: int) -> int:
    """The "street" after a place that the model is sure of: "back at the superior street office"."""
    end = view.bounds[view.tokens[last].turn][1]
    kind = view.tokens[last + 1] if last + 1 < end else None
    typed = kind is not None and kind.low in STREETS and (kind.upper or not view.cased)
    return last + 1 if typed and view.tokens[last].low not in STREETS else last


def _parted(view: DialogueView, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The model's place without the words between two places: "box nine over in Harlan", "nineteen or twenty-one"."""
    begin = first
    for place in range(first, last + 2):
        if place > last or view.tokens[place].low in BETWEEN_PLACES:
            if begin < place:
                yield begin, place - 1
            begin = place + 1


def _joined(view: DialogueView, turn: int, spans: list[Span]) -> list[Span]:
    """Street, city, state and ZIP that follow each other make one address; the ZIP is taken along."""
    end = view.bounds[turn][1]
    tokens = view.tokens
    runs = {run.first: run for run in runs_by_turn(view).get(turn, ())}
    grown: list[Span] = []
    apart: list[Span] = []
    for first, last, score, reason in sorted(spans):
        place = last + 1
        for _ in range(4):
            while place < end and (tokens[place].text == "," or tokens[place].low in ("uh", "um")):
                place += 1
            if place >= end:
                break
            if reason in _LINES and place - last <= 2:
                if tokens[place].low == "in" and place + 1 < end:
                    town = city_at(view, place + 1, end) or _town_alone(view, place + 1, end)
                    if town is not None:
                        apart.append((place + 1, state_after(tokens, town + 1, end) or town, 0.65, "a town after its street"))
                    break
                city = city_at(view, place, end)
                if city is None and place + 1 < end:
                    city = _town_between(view, place, end, runs)
                if city is not None:
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
        beside = bool(grown) and grown[-1][3] == "a place on a road" and first == grown[-1][1] + 2 and tokens[first - 1].low in ("on", "off", "of")
        if grown and (first <= grown[-1][1] + 1 or beside):
            previous = grown.pop()
            first, score, reason = previous[0], max(previous[2], score), previous[3]
            last = max(last, previous[1])
        grown.append((first, last, score, reason))
    return grown + apart


def _town_alone(view: DialogueView, place: int, end: int) -> int | None:
    """ "the post comes to box nine, in Hope": the word that follows "in", when nothing more is said of it."""
    token = view.tokens[place]
    if not plain_town(token) or token.low in PLAIN_PLACES or token.low in ORG_WORDS or view.cased and not token.upper:
        return None
    following = view.tokens[place + 1] if place + 1 < end else None
    closed = following is None or not following.word or following.low in STREET_STOP
    return place if closed and (view.cased or following is None) else None


def _town_between(view: DialogueView, place: int, end: int, runs: dict[int, Run]) -> int | None:
    """The last word of what stands between a street and a state or a ZIP code, whatever it is: "Canal Street, Speed, Indiana"."""
    tokens = view.tokens
    last = place
    while last < end and last - place < 3 and tokens[last].word and tokens[last].low not in STREET_STOP and last not in runs:
        if view.cased and not tokens[last].upper:
            return None
        following = last + 1
        if following < end and tokens[following].text == ",":
            following += 1
        run = runs.get(following)
        if run is not None and len(run.digits) == 5 and not run.letters or state_after(tokens, following, end) is not None:
            return last
        last += 1
    return None


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
        and not (low.endswith("s") and low[:-1] in names.common)  # "theres"
    )


def _rated(view: DialogueView, run: Run) -> bool:
    """ "three out of ten"."""
    begin = view.bounds[run.turn][0]
    end = view.bounds[run.turn][1]
    if run.last + 1 < end and view.tokens[run.last + 1].low in UNITS_AFTER | {"apartments", "houses", "units", "bucks"}:
        return True
    return [t.low for t in view.tokens[max(begin, run.first - 2) : run.first]] == ["out", "of"]


def _answers(view: DialogueView, turn: int) -> list[Span]:
    """What answers "and your address?": numbers with the words after them, places named alone."""
    questions = [q for q in asked(view, turn) if q.kind == "address" and q.direct and q.distance <= 3]
    if not questions and not unit_asked(view, turn):
        own = [h for h in hits_by_turn(view).get(turn, ()) if h.kind == "address"]
        if not own:
            return []
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    words = [t for t in tokens[begin:end] if t.word]
    # Where a label of an earlier pass is the answer, the rest of the turn is none.
    nearest = questions[0].distance if questions and T.ADDRESS not in labelled(view, turn) else 9
    place = begin
    while place < end:
        token = tokens[place]
        # "number four", "apartment six b", "third floor rear", "tower c"
        named = token.low in UNIT_WORDS or token.low in STREET_UNITS and token.low != "lot" and value_end(tokens, place + 1, end) is not None
        if token.low == "number" and (not questions or place > begin and tokens[place - 1].low in _SEATS):
            named = False  # "impression, number one, neck pain", "chair number nine"
        if named or (token.low in FLOORS and place + 1 < end and tokens[place + 1].low == "floor"):
            last = unit(view, place - 1, end)
            if last >= place:
                # "3116 Cottage Row, the basement"
                first = place - 1 if token.low in BARE_UNITS and place > begin and tokens[place - 1].low == "the" else place
                spans.append((first, last, 0.7, "part of an address"))
                place = last + 1
                continue
        if (
            nearest <= 2
            and token.word
            and token.low == "and"
            and place - begin <= 1
            and [t.low for t in tokens[place + 1 : min(place + 3, end)]] == ["a", "half"]
            and not counted(view, place + 2)
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
            owned = run.first > begin and tokens[run.first - 1].low in ("a", "an", "the", "my", "your", "his", "her", "our", "their")
            if owned and year_like(run) and any(t.low in BRANDS for t in tokens[run.last + 1 : last + 1]):
                continue  # "a 2016 Tundra"; "2016 Lincoln" by itself is a house
            if taken and len(run.digits) >= 2 and nearest <= 2 and not _rated(view, run):
                spans.append((run.first, unit(view, last, end), 0.7, "answers a question for an address"))
    return spans
