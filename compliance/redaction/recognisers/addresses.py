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
from compliance.redaction.recognisers.dates import MONTHS
from compliance.redaction.recognisers.model_entities import PLACES, model_spans
from compliance.redaction.recognisers.words import (
    BRANDS,
    DIRECTIONS,
    EPONYM_NOUNS,
    EPONYMS,
    NATIONS,
    NOT_CITIES,
    ORG_WORDS,
    STATES,
    STREET_STOP,
    STREETS,
    UNIT_WORDS,
)
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import TENS, UNITS

T = PrivateType
MAX_STREET_WORDS = 4
PLACE_BEFORE = frozenset(
    """in from near to at outside around of through toward towards into leaving left for visiting by between and live
    lives living called town city downtown""".split()
)
SURE_BEFORE = frozenset("in from near outside to around downtown".split())
HOMES = frozenset("address house home apartment area residence property condo condominium zip".split())
MONEY = frozenset("dollars dollar cents percent o'clock minutes hours weeks months years".split())
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
                by_turn.setdefault(view.tokens[first].turn, []).extend(_weighed(view, first, last))
        for turn in view.turns():
            spans = [*_streets(view, turn), *_cities(view, turn), *by_turn.get(turn, ()), *_door(view, turn)]
            by_turn[turn] = [*_joined(view, turn, spans), *_answers(view, turn)]
        for turn, span in [(t, s) for t, spans in by_turn.items() for s in spans] + _repeated(view, by_turn):
            first, last, score, reason = span
            a, b = view.tokens[first], view.tokens[last]
            yield Finding(turn, a.start, b.end, T.ADDRESS, score, reason, view.text(turn)[a.start : b.end].lower())
        for turn in view.turns():
            for match in PO_BOX.finditer(view.text(turn)):
                yield Finding(turn, *match.span(), T.ADDRESS, 0.9, "a post office box")


def _weighed(view: DialogueView, first: int, last: int) -> list[tuple[int, int, float, str]]:
    """The model's places, without what cannot be private: states, nations, firms, plain words, times and sums."""
    tokens = view.tokens
    words = [t for t in tokens[first : last + 1] if t.word]
    said = " ".join(t.low for t in words)
    names = lexicon()
    if said in STATES or said in NATIONS or any(t.low in MONTHS or t.low in MONEY or t.low in WEEKDAYS for t in words):
        return []
    if all(t.low in STATES or t.low in NATIONS or t.low in ("the", "of", "new", "north", "south", "west") for t in words):
        return []
    if any(t.low in BRANDS for t in words) and not any(t.low in STREETS for t in words):
        return []
    if any(t.low in names.drugs and t.low not in names.last_names for t in words):
        return []
    street = any(t.low in STREETS for t in words)
    numbers = [t for t in words if _numeral(t)]
    if len(numbers) == len(words):
        return []
    plain = [t for t in words if not _numeral(t)]
    if not street and (
        any(t.low in ORG_WORDS for t in plain)
        or tokens[last].index + 1 < view.bounds[tokens[last].turn][1]
        and tokens[last + 1].low in ORG_WORDS
        and tokens[last + 1].upper
    ):
        return []
    if view.cased:
        if not any(t.upper for t in plain):
            return []
        if not numbers and all(
            t.low in names.common and (t.first or t.low not in names.last_names and t.low not in names.cities) for t in plain
        ):
            return []
    elif not numbers and not street and all(t.low in names.common for t in plain):
        return []
    if not any(t.low in names.cities or t.low in names.last_names or t.low not in names.common for t in plain) and not street:
        return []
    return [(first, last, 0.6, "the language model")]


def _repeated(
    view: DialogueView, by_turn: dict[int, list[tuple[int, int, float, str]]]
) -> list[tuple[int, tuple[int, int, float, str]]]:
    """Streets and towns that were named once, wherever they are named again."""
    names = lexicon()
    known: set[str] = set()
    taken: set[int] = set()
    for spans in by_turn.values():
        for first, last, _, _ in spans:
            taken.update(range(first, last + 1))
            for token in view.tokens[first : last + 1]:
                low = token.low
                if (
                    len(low) >= 4
                    and low.isalpha()
                    and low not in STREETS | UNIT_WORDS | DIRECTIONS | STATES
                    and not _numeral(token)
                ):
                    if (
                        (view.cased and token.upper and low not in names.frequent_first)
                        or low not in names.common
                        and low not in names.first_names
                    ):
                        if low in names.drugs or low in names.conditions or low in EPONYMS:
                            continue
                        known.add(low)
    again: list[tuple[int, tuple[int, int, float, str]]] = []
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            token = view.tokens[place]
            if token.low not in known or place in taken:
                continue
            if view.cased and (not token.upper or token.first and token.low in names.ordinary):
                continue
            following = view.tokens[place + 1] if place + 1 < end else None
            if following is not None and following.low in ORG_WORDS and (following.upper or not view.cased):
                continue
            if (
                view.cased
                and place > begin
                and view.tokens[place - 1].upper
                and view.tokens[place - 1].word
                and not view.tokens[place - 1].first
            ):
                continue
            again.append((turn, (place, place, 0.6, "a place named elsewhere in the transcript")))
    return again


Span = tuple[int, int, float, str]


def _number_before(view: DialogueView, place: int, begin: int) -> int:
    """First token of the house number that ends before ``place``; ``place`` itself when there is none."""
    tokens = view.tokens
    first = place
    while first > begin:
        token = tokens[first - 1]
        low = token.low
        if (
            low.isdigit()
            or low in UNITS
            or low in TENS
            or low in ("hundred", "thousand", "double", "triple")
            or token.text in ("-", ",")
            and first < place
            and first - 1 > begin
            and _numeral(tokens[first - 2])
            or re.fullmatch(r"\d+[a-z]?", low)
            or re.fullmatch(r"[nsew]\d+", low)
        ):
            first -= 1
        else:
            break
        if place - first > 10:
            break
    while first < place and not tokens[first].word:
        first += 1
    return first


def _door(view: DialogueView, turn: int) -> list[Span]:
    """ "she lives two doors up, number eighteen"; "on Tholozan"."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    home = -99
    for place in range(begin, end):
        low = tokens[place].low
        if low in ("lives", "live", "lived", "house", "door", "doors", "apartment", "building", "stay", "stays"):
            home = place
        elif low == "number" and place - home <= 10 and place + 1 < end and _numeral(tokens[place + 1]):
            last = _unit(view, place - 1, end)
            if last > place:
                spans.append((place + 1, last, 0.7, "a house number"))
        elif low in ("on", "off", "onto") and view.cased and place + 1 < end and not tokens[place].upper:
            token = tokens[place + 1]
            last = place + 1
            while last + 1 < end and tokens[last + 1].upper and tokens[last + 1].low.isalpha():
                last += 1
            free = token.upper and token.low.isalpha() and len(token.low) > 2 and token.low not in lexicon().ordinary
            words = [t.low for t in tokens[place + 1 : last + 1]]
            free = free and token.low not in WEEKDAYS
            known = token.low in lexicon().last_names or token.low not in lexicon().first_names
            if (
                free
                and known
                and not token.text.isupper()
                and not set(words) & (ORG_WORDS | BRANDS | NATIONS | STATES | MONTHS | DRUGLIKE)
            ):
                if token.low not in lexicon().drugs and token.low not in lexicon().frequent_first:
                    spans.append((place + 1, last, 0.5, "a street, by the word before it"))
        if (
            low in HOMES
            and view.cased
            and place > begin
            and tokens[place - 1].upper
            and not tokens[place - 1].first
            and low in ("address", "house", "apartment", "property", "condo")
        ):
            token = tokens[place - 1]
            if (
                token.low.isalpha()
                and not token.text.isupper()
                and token.low not in ORG_WORDS | STATES | NATIONS | MONTHS | WEEKDAYS
                and not _person(token)
            ):
                spans.append((place - 1, place - 1, 0.6, "a street or town"))
        if (
            low in ("on", "off", "and")
            and view.cased
            and place + 1 < end
            and tokens[place + 1].upper
            and tokens[place + 1].low in _ORDINAL_STREETS
        ):
            after = tokens[place + 2] if place + 2 < end else None
            if after is None or not after.word or after.low in ("and", "near", "by", "in", "at"):
                spans.append((place + 1, place + 1, 0.6, "a numbered street"))
        if low in ("on", "off", "over", "by", "near") and not view.cased:
            span = _lower_street(view, place, begin, end)
            if span is not None:
                spans.append(span)
        if (
            low == "and"
            and view.cased
            and begin <= place - 1
            and place + 1 < end
            and tokens[place - 1].upper
            and tokens[place + 1].upper
        ):
            # "at Mulberry and Riverside", "the corner of Fifth and Main"
            before = [t.low for t in tokens[max(begin, place - 4) : place - 1]]
            alone = end - begin <= 5 and any(q.kind == "address" and q.distance <= 2 for q in asked(view, turn))
            if alone or before and (before[-1] == "at" or "corner" in before or "intersection" in before):
                if not _person(tokens[place - 1]) and not _person(tokens[place + 1]):
                    spans.append((place - 1, place + 1, 0.6, "a crossing"))
    return spans


_ORDINAL_STREETS = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth main broadway".split()
)
_DWELL = frozenset(
    "lives live living lived stays stay staying house place apartment moved born grew up office shop clinic store".split()
)


def _lower_street(view: DialogueView, place: int, begin: int, end: int) -> Span | None:
    """ "he lives with dona mirna on quince orchard": in lower case, a street without "street"."""
    tokens = view.tokens
    if not _DWELL & {t.low for t in tokens[max(begin, place - 8) : place]}:
        return None
    last = place
    while last + 1 < end and last - place < 2:
        token = tokens[last + 1]
        if (
            not token.word
            or token.low in STREET_STOP
            or token.low in WEEKDAYS
            or token.low in MONTHS
            or len(token.low) < 3
            or _numeral(token)
        ):
            break
        last += 1
    if last == place or tokens[place + 1].low in (
        "time",
        "top",
        "site",
        "campus",
        "average",
        "disability",
        "welfare",
        "call",
        "duty",
        "base",
        "food",
        "ssi",
        "oxygen",
        "fire",
        "hold",
        "base",
        "purpose",
        "paper",
    ):
        return None
    return place + 1, last, 0.5, "a street, by the words before it"


def _person(token: Token) -> bool:
    return token.low in lexicon().frequent_first or token.low in ORG_WORDS


PLAIN_PLACES = frozenset(
    """bed there here pain shock labor trouble jail court school church work town college prison surgery hospital rehab hospice
    home traffic charge front back between place time person case fact general order addition private public line love debt
    half writing english spanish cash black white green red need sight good bad common particular full part custody tears
    detention remission recovery triage emergency transition treatment therapy training service office storage reading normal
    power mobile defiance hazard effort price protection equality commerce independence enterprise""".split()
)
WEEKDAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays sundays".split()
)
DRUGLIKE = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "god", "earth"])


def _numeral(token: Token) -> bool:
    return token.low.isdigit() or token.low in UNITS or token.low in TENS or token.low == "hundred"


def _streets(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    place = begin
    while place < end:
        low = tokens[place].low
        if low in STREETS and place > begin:
            span = _street_ending(view, place, begin, end)
            if span is not None:
                first, last = span
                last = _unit(view, last, end)
                spans.append((first, last, 0.85, "a street"))
                place = last + 1
                continue
        if low in DIRECTIONS and view.cased and tokens[place].upper and place + 1 < end:
            # "on South Lamar", "5507 North Winthrop"
            first = _number_before(view, place, begin)
            following = tokens[place + 1]
            numbered = first < place
            if (
                following.upper
                and following.low not in NATIONS
                and following.low not in STREETS
                and (numbered or (place > begin and tokens[place - 1].low in ("on", "off", "at", "near", "and", "down", "up")))
            ):
                last = place + 1
                while last + 1 < end and tokens[last + 1].upper and tokens[last + 1].low in STREETS:
                    last += 1
                if not any(t.low in _ORGANISATIONS for t in tokens[last + 1 : last + 3]):
                    spans.append((first, _unit(view, last, end), 0.75, "a street"))
                    place = last + 1
                    continue
        place += 1
    return spans


_ORGANISATIONS = frozenset("hospital clinic school university college church carolina dakota korea africa america".split())


def _street_ending(view: DialogueView, suffix: int, begin: int, end: int) -> tuple[int, int] | None:
    """The street whose last word (Road, Lane, ...) stands at ``suffix``."""
    tokens = view.tokens
    low = tokens[suffix].low
    cased = view.cased
    first = suffix
    words = 0
    while first > begin and words < MAX_STREET_WORDS:
        token = tokens[first - 1]
        if not token.word:
            if token.text == "." and first - 2 >= begin and len(tokens[first - 2].low) <= 2 and tokens[first - 2].word:
                first -= 1
                continue
            if token.text == "-" and token.end == tokens[first].start and first - 2 >= begin and tokens[first - 2].word:
                first -= 1
                continue
            break
        if token.low in STREET_STOP and not (
            token.upper and words == 0 and token.low not in ("the", "a", "my", "that", "this")
        ):
            break
        numeral = _numeral(token)
        if numeral and words and not (token.low in TENS or token.low in UNITS) or token.low == "hundred":
            break
        if numeral and words:
            # "twelve twelve gray goose lane": what is left of the name is its number
            break
        if cased and not token.upper and not numeral and not token.low[0].isdigit():
            break
        first -= 1
        words += 1
    if words == 0:
        return None
    name = [t for t in tokens[first:suffix] if t.word]
    number = _number_before(view, first, begin)
    numbered = number < first
    if not name:
        return None
    if all(_numeral(t) for t in name):
        return None
    if low == "dr" and not cased and suffix + 1 < end and tokens[suffix + 1].low not in UNIT_WORDS:
        return None  # "down 2 since dr vasquez"
    if numbered:
        if (
            low
            in (
                "way",
                "place",
                "court",
                "run",
                "pass",
                "point",
                "park",
                "circle",
                "square",
                "trail",
                "path",
                "row",
                "walk",
            )
            and not cased
        ):
            digits = [t for t in tokens[number:first] if t.word]
            if len(digits) < 2 and not digits[0].low.isdigit():
                return None
        return number, suffix
    known = low in (
        "street",
        "avenue",
        "road",
        "boulevard",
        "lane",
        "drive",
        "terrace",
        "parkway",
        "turnpike",
        "st",
        "ave",
        "rd",
        "blvd",
        "ln",
        "dr",
    )
    if cased:
        if not tokens[suffix].upper:
            return None
        if low in (
            "court",
            "park",
            "square",
            "point",
            "way",
            "place",
            "run",
            "pass",
            "walk",
            "row",
            "st",
            "dr",
            "circle",
        ) and any(
            t.low
            in (
                "supreme",
                "superior",
                "district",
                "circuit",
                "federal",
                "county",
                "appeals",
                "probate",
                "family",
                "no",
                "traffic",
                "small",
            )
            for t in name
        ):
            return None
        if low in ("dr", "st"):
            dotted = suffix + 2 < end and tokens[suffix + 1].text == "." and tokens[suffix + 2].upper
            if dotted:
                return None
            return None if suffix + 1 < end and tokens[suffix + 1].upper else (first, suffix)
        return first, suffix
    before = tokens[first - 1].low if first > begin else ""
    if (
        known
        and low not in ("drive", "st", "dr")
        and not all(t.low in lexicon().common and t.low not in lexicon().last_names for t in name)
    ):
        return first, suffix
    if (
        known
        and before in ("on", "off", "at", "down", "from", "near", "to")
        and len(name) <= 3
        and low not in ("drive", "st", "dr")
    ):
        generic = ("the", "this", "that", "main", "side", "same", "back", "dirt", "gravel", "country", "next", "busy")
        return None if name[0].low in generic and name[0].low != "main" else (first, suffix)
    return None


def _unit(view: DialogueView, last: int, end: int) -> int:
    """Apartment, floor, suite after the street."""
    tokens = view.tokens
    place = last + 1
    best = last
    for _ in range(3):
        while place < end and (tokens[place].text in (",", ".") or tokens[place].low in ("uh", "um", "and")):
            if tokens[place].text == "." and place + 1 < end and tokens[place + 1].low not in UNIT_WORDS:
                return best
            place += 1
        if place >= end:
            return best
        low = tokens[place].low
        if low in (
            "northwest",
            "northeast",
            "southwest",
            "southeast",
            "north",
            "south",
            "east",
            "west",
            "n",
            "s",
            "e",
            "w",
            "nw",
            "ne",
            "sw",
            "se",
        ):
            best = place
            place += 1
            continue
        if low in UNIT_WORDS or tokens[place].text == "#":
            step = place + 1
            if step < end and tokens[step].low in ("number", "#", "."):
                step += 1
            taken = place
            while step < end and _unit_value(tokens[step]) and step - place <= 5:
                taken = step
                step += 1
                if step < end and tokens[step].text == "-":
                    step += 1
            if taken > place:
                best = taken
                place = taken + 1
                continue
            return best
        if (
            (low in _FLOORS or re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", low))
            and place + 1 < end
            and tokens[place + 1].low == "floor"
        ):
            best = place + 1
            if best + 1 < end and tokens[best + 1].low in ("rear", "front"):
                best += 1
            place = best + 1
            continue
        return best
    return best


_FLOORS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth ground top".split())


def _unit_value(token: Token) -> bool:
    return (
        _numeral(token)
        or (len(token.low) == 1 and token.low.isalpha())
        or bool(re.fullmatch(r"\d{0,5}[a-z]?\d{0,4}", token.low))
    )


def _city_at(view: DialogueView, place: int, end: int) -> int | None:
    """Last token of the longest city or "X County" that begins here."""
    tokens = view.tokens
    names = lexicon()
    for length in (3, 2, 1):
        last = place + length - 1
        if last >= end:
            continue
        words: list[str] = []
        for token in tokens[place : last + 1]:
            words.append(token.low)
        phrase = " ".join(words)
        if phrase in names.cities and phrase not in NOT_CITIES and phrase not in ORG_WORDS:
            if place > view.bounds[tokens[place].turn][0] and f"{tokens[place - 1].low} {phrase}" in STATES:
                continue
            if view.cased and not all(t.upper for t in tokens[place : last + 1]):
                continue
            if last + 1 < end and tokens[last + 1].low in ("county", "parish") and (not view.cased or tokens[last + 1].upper):
                return last + 1
            return last
    # "St. Louis", "Ft. Worth"
    if (
        tokens[place].low in ("st", "ft", "mt")
        and place + 2 < end
        and tokens[place + 1].text == "."
        and tokens[place + 2].upper
    ):
        return place + 2
    if tokens[place].low in names.counties and place + 1 < end and tokens[place + 1].low in ("county", "parish"):
        return place + 1
    return None


def _cities(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    place = begin
    while place < end:
        if not tokens[place].word:
            place += 1
            continue
        last = _city_at(view, place, end)
        if last is None:
            place += 1
            continue
        phrase = " ".join(t.low for t in tokens[place : last + 1])
        state = _state_after(tokens, last + 1, end)
        before = tokens[place - 1].low if place > begin else ""
        sure = state is not None or tokens[last].low in ("county", "parish")
        follows = tokens[last + 1] if last + 1 < end else None
        if follows is not None and follows.low in HOMES and (not view.cased or not tokens[place].first or len(phrase) > 12):
            sure = True
        if not sure:
            single = last == place
            ordinary = single and (phrase in names.common or phrase in names.ordinary)
            person = single and phrase in names.frequent_first
            if view.cased:
                mid = not tokens[place].first
                sure = (
                    mid
                    and before in PLACE_BEFORE
                    and not (
                        before in ("and", "of", "by", "for", "to", "at", "left")
                        and (ordinary or person or phrase in names.frequent_last)
                    )
                )
                if sure and follows is not None and follows.upper and follows.low not in STATES and follows.word:
                    sure = False  # "at Mercy General", "from Jackson Hewitt"
            else:
                plain = phrase in names.common
                near = {t.low for t in tokens[max(begin, place - 7) : place]}
                close = {t.low for t in tokens[max(begin, place - 3) : place]}
                dwelt = bool(_DWELL & near) or bool(close & {"is", "was", "stuck", "out", "back", "over", "down", "up"})
                sure = (
                    before in SURE_BEFORE
                    and not person
                    and (
                        not ordinary
                        or (
                            before in ("in", "from", "outside", "near")
                            and (not plain or (dwelt and phrase not in PLAIN_PLACES))
                        )
                    )
                )
                if sure and before in ("in", "from") and phrase in names.first_names & names.last_names and ordinary:
                    sure = False
                if before in ("to", "around") and phrase in names.frequent_last:
                    sure = False
        if sure and follows is not None and follows.low in EPONYM_NOUNS:
            sure = False
        if sure and phrase not in STATES and phrase not in NATIONS:
            until = last
            if state is not None:
                until = state
            spans.append((place, until, 0.7, "a city or county"))
            place = until + 1
        else:
            place = last + 1
    return spans


def _state_after(tokens: list[Token], place: int, end: int) -> int | None:
    """The last token of a state that follows a city, perhaps after a comma."""
    if place < end and tokens[place].text == ",":
        place += 1
    for length in (2, 1):
        if place + length <= end and " ".join(t.low for t in tokens[place : place + length]) in STATES:
            return place + length - 1
    if place < end and tokens[place].text.isupper() and tokens[place].low in _STATE_CODES:
        return place
    return None


_STATE_CODES = frozenset(
    """al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri
    sc sd tn tx ut vt va wa wv wi wy dc pr""".split()
)


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
                city = _city_at(view, place, end)
                if city is not None and place - last <= 2 and reason == "a street":
                    last = city
                    place = last + 1
                    continue
            state = _state_after(tokens, place, end)
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
            last = _unit(view, place - 1, end)
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
            city = _city_at(view, place, end)
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
                    last = _unit(view, place - 1, end)
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
