"""Ages over 89 (45 CFR 164.514(b)(2)(i)(C))."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.detections import PrivateType
from compliance.redaction.measures import VITALS
from compliance.redaction.numerals import masked_tokens
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.calendar_words import SMALL_ORDINALS
from compliance.redaction.recognisers.improbable import improbable
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import CENTURIES, TENS, UNITS

OLDEST = 125
_SUBJECTS = frozenset(
    """he's she's he she they hes shes i'm im who's that's mama's mom's dad's mother's father's grandma's grandpa's nana's
    was is turned turning turns almost nearly about over at aged age be been became to they're theyre 's till until past
    now just only just""".split()
)
_SUBJECT_LINKS = frozenset(
    "mamas moms dads grandmas grandpas nanas mothers fathers am was is turned turning turns aged age 's be been became he's she's hes shes i'm im".split()
)
_MEASURED = VITALS | frozenset(
    """rate sat over percent % degrees bpm diastolic systolic
    room bed exhibit page weight weighs pounds chapter milligrams dose scored score mile speed section
    interstate route highway bus o2 spo2 cost paid dollars ldl hdl hemoglobin platelets ferritin value volume
    hovering stable reading readings running diastolic channel bottom top number
    fee fees fee's deposit copay copays copay's retainer premium deductible""".split()
)
_UNITS_AFTER = frozenset(
    """percent % degrees over mg milligrams micrograms dollars cents minutes days weeks months hours pounds beats on bpm
    miles feet people times units point kilos tablets pills per seconds proof cases calls shares points""".split()
)


class AgeRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.AGE_OVER_89,)

    def __init__(self, nlp: NlpEngine | None = None) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        known: set[int] = set()
        last_turn = -9
        for turn in view.turns():
            great = [(first, last, years) for first, last, years in _numbers(view, turn) if 90 <= years <= OLDEST]
            great = [(first, last, years) for first, last, years in great if not no_age(view, turn, first, last)]
            great = [(first, last, years) for first, last, years in great if not improbable(view, self.nlp, first, last)]
            spoken = [_spoken_of_a_person(view, turn, first, last) for first, last, _ in great]
            for (first, last, years), told in zip(great, spoken, strict=True):
                # "ninety four, he'll be ninety five": one age in a turn makes the other one.
                near = any(spoken) or (turn - last_turn <= 8 and years in known)
                if told or (near and not measured_age(view, turn, first, last)):
                    known.add(years)
                    last_turn = turn
                    start, stop = view.tokens[first].start, view.tokens[last].end
                    yield Finding(turn, start, stop, PrivateType.AGE_OVER_89, 0.85, "an age of 90 or more")
            for first_, last_ in _decades(view, turn):
                start, stop = view.tokens[first_].start, view.tokens[last_].end
                yield Finding(turn, start, stop, PrivateType.AGE_OVER_89, 0.85, "somebody in their nineties")
            for first_, last_ in _birthdays(view, turn):
                start, stop = view.tokens[first_].start, view.tokens[last_].end
                yield Finding(turn, start, stop, PrivateType.AGE_OVER_89, 0.85, "a birthday of 90 or more")


def _numbers(view: DialogueView, turn: int) -> Iterator[tuple[int, int, int]]:
    """(first token, last token, value) of the turn's numbers."""
    place, end = view.bounds[turn]
    while place < end:
        read = age_at(view.tokens, place, end)
        if read is not None:
            yield place, *read
            place = read[0]
        place += 1


def _birthdays(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """ "her hundredth birthday", "his ninety-fifth", "the 92nd birthday": the ordinal."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    for place in range(begin + 1, end):
        if tokens[place].low not in ("birthday", "birthdays", "bday"):
            continue
        last = place - 1
        low = tokens[last].low
        if low in ("ninetieth", "hundredth") or (low[:-2].isdigit() and low[-2:] in ("st", "nd", "rd", "th") and 90 <= int(low[:-2]) <= OLDEST):
            yield last, last
        elif low in SMALL_ORDINALS and last - 1 >= begin:
            before = last - 1
            while before > begin and tokens[before].low in ("-", "and"):
                before -= 1
            if tokens[before].low in ("ninety", "hundred"):
                yield before, last


def _decades(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """ "in her mid-nineties", "a centenarian"; "back in the nineties" is a time."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    for place in range(begin, end):
        low = tokens[place].low
        if low in _OLD:
            yield place, place
        elif low in ("nineties", "90s"):
            first = place
            while first > begin and tokens[first - 1].low in _PART_OF_DECADE:
                first -= 1
            if first > begin + 1 and tokens[first - 1].low in _THEIRS and tokens[first - 2].low in _REACHED:
                yield first, place


_OLD = frozenset("nonagenarian nonagenarians centenarian centenarians supercentenarian".split())
_PART_OF_DECADE = frozenset("early mid middle late upper lower very high low -".split())
_THEIRS = frozenset("my your his her their our".split())
_REACHED = frozenset("in into of through past reached entering nearing until to".split())


def _turned(before: list[str]) -> bool:
    """ "she turns", "he's going on", "he's pushing", "made it to", "lived to": what follows is an age."""
    if before[-1:] and before[-1] in ("turned", "turns", "turning"):
        return not set(before) & {"dial", "volume", "heat", "thermostat", "oxygen", "it"}
    if before[-3:] in (["made", "it", "to"], ["make", "it", "to"]) or before[-2:] in (["lived", "to"], ["live", "to"]):
        return True
    if before[-2:] == ["got", "to"] and set(before[:-2]) & {"he", "she", "they"}:
        return True
    if before[-2:] == ["going", "on"] or before[-1:] == ["pushing"]:
        return bool(set(before) & (_PERSON_IS | {"is", "was", "be", "he", "she"}))
    return False


_SOMEBODY = frozenset("he's she's hes shes".split())
_ROADS = frozenset("interstate highway freeway road mph miles mile car scale dial meter thermometer".split())


_OVER_THERE = [["over", "at"], ["over", "in"], ["over", "there"]]


def measured_age(view: DialogueView, turn: int, place: int, last: int) -> bool:
    begin, end = view.bounds[turn]
    after = [t.low for t in view.tokens[last + 1 : min(end, last + 2)]]
    if [t.low for t in view.tokens[last + 1 : min(end, last + 3)]] in _OVER_THERE:
        after = []  # "she's ninety four over at harbor manor": no blood pressure
    # "she's on oxygen she's ninety four": what stands before the person is not measured here.
    somebody = place > begin and view.tokens[place - 1].low in _SOMEBODY
    before = [] if somebody else [t.low for t in view.tokens[max(begin, place - 4) : place]]
    driven = bool({t.low for t in view.tokens[last + 1 : min(end, last + 5)]} & _ROADS)
    return driven or bool(set(after) & (_UNITS_AFTER - {"on", "in", "people"})) or bool(set(before) & (_MEASURED | {"$", "/"}))


_FEVERS = range(97, 108)
_TAKEN = frozenset("axillary axillarily armpit rectal rectally oral orally tympanic temporal fahrenheit".split())
_FEVER_ASKED = frozenset("fever temp temperature".split())


def no_age(view: DialogueView, turn: int, place: int, last: int) -> bool:
    """Whether a person's number is a saturation, a fever or a piece of a larger number, whoever "she's" is said of."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    after = [t.low for t in tokens[last + 1 : min(end, last + 8)]]
    if after[:1] and after[0] in ("hundred", "thousand"):
        return True  # "ninety four hundred"
    if tokens[place].low == "hundred" and place > begin and tokens[place - 1].low in (UNITS.keys() | TENS.keys()) - {"one"}:
        return True  # "seven hundred and ten"
    if after[:3] == ["on", "room", "air"] or after[:1] == ["on"] and not {"liter", "liters"}.isdisjoint(after[1:4]):
        return True  # "he's ninety two on room air"; "she's ninety four, on two liters" may be both
    years = age_at(tokens, place, end)
    if years is None or years[1] not in _FEVERS or not {"years", "year", "old"}.isdisjoint(after[:3]):
        return False
    before = [t.low for t in view.turn_tokens(turn - 1)] if turn else []
    under_arm = any(after[n : n + 1] == ["under"] and after[n + 2 : n + 3] in (["arm"], ["tongue"]) for n in range(len(after)))
    return under_arm or not _TAKEN.isdisjoint(after) or not _FEVER_ASKED.isdisjoint(before) and "old" not in before


def age_at(tokens: list[Token], place: int, end: int) -> tuple[int, int] | None:
    """The number that begins here: (last token, value)."""
    low = tokens[place].low
    if place > 0 and tokens[place - 1].low in CENTURIES and tokens[place - 1].turn == tokens[place].turn:
        return None  # "nineteen ninety-six"
    if place > 0 and tokens[place - 1].text in (".", ":", "/", "-") and tokens[place - 1].end == tokens[place].start:
        return None  # the second half of a decimal, a clock, a fraction
    if low.isdigit() and len(low) <= 3:
        return place, int(low)
    if low == "ninety":
        following = place + 1
        if following < end and tokens[following].text == "-":
            following += 1
        if following < end and 1 <= UNITS.get(tokens[following].low, 0) <= 9 and tokens[following].low not in ("o", "oh"):
            return following, 90 + UNITS[tokens[following].low]
        return place, 90
    if low in ("hundred", "one") or (low == "a" and place + 1 < end and tokens[place + 1].low == "hundred"):
        hundred = place if low == "hundred" else place + 1
        if hundred >= end or tokens[hundred].low != "hundred":
            if low == "one" and hundred < end and tokens[hundred].low in ("oh", "o") and hundred + 1 < end:
                unit = UNITS.get(tokens[hundred + 1].low, 0)
                return (hundred + 1, 100 + unit) if 1 <= unit <= 9 else None
            return None
        following = hundred + 1
        if following < end and tokens[following].low == "and":
            following += 1
        if following < end and tokens[following].low in TENS:
            return following, 100 + TENS[tokens[following].low]
        unit = UNITS.get(tokens[following].low, 0) if following < end else 0
        if 1 <= unit <= 19 and tokens[following].low not in ("o", "oh"):
            return following, 100 + unit
        return hundred, 100
    return None


def _spoken_of_a_person(view: DialogueView, turn: int, place: int, last: int) -> bool:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    after = [t.low for t in tokens[last + 1 : min(end, last + 4)]]
    before = [t.low for t in tokens[max(begin, place - 6) : place]]
    if after[:1] and after[0] == "-" and after[1:2] == ["year"]:
        return True
    if "█" in before[-3:]:
        return False  # "[MEDICAL 4] is one oh four": in a view that was checked, left on purpose
    if after[:3] == ["years", "of", "age"]:
        return True
    if before[-2:-1] in (["makes"], ["make"]) and before[-1] in ("you", "him", "her", "me", "them") and not set(after[:1]) & _UNITS_AFTER:
        return True
    half = after[:3] == ["and", "a", "half"]
    if half and not before[-1:] and not (last + 4 < end and tokens[last + 4].low in _UNITS_AFTER):
        return True  # "Ninety-one and a half."
    if _turned(before) and not set(after[:1]) & (_UNITS_AFTER - {"on", "in"}) and not set(after) & _ROADS:
        return True
    if after[:1] and after[0] in ("years", "year") and (len(after) < 2 or after[1] in ("old", "young", "-", ".", ",")):
        return True
    if after[:1] and (after[0] in _UNITS_AFTER or (after[0] in ("/", ".", "-") and after[1:2] and after[1][0].isdigit())):
        return False
    if before and before[-1] in ("/", "$", "-", "over", "#"):
        return False
    if after[:1] and (after[0] in ("years", "year")):
        return False
    if after[:1] and (after[0] in TENS or after[0] in UNITS) and before[-1:] and before[-1] not in _PERSON_IS:
        return False  # "ninety ninety seven": a reading
    if any(b in _MEASURED for b in before) or any(t.index in masked_tokens(view) for t in tokens[max(begin, place - 4) : place]):
        return False
    if "old" in after or "old" in before[-3:] and before[-1:] != ["years"]:
        return True
    if any(b in ("nonagenarian", "nonagenarians", "centenarian", "centenarians") for b in before):
        return True
    if any(q.kind == "age_over_89" and q.distance <= 2 for q in asked(view, turn)):
        return True
    if (
        before[-3:]
        and any(
            b in _SUBJECT_LINKS or (b.endswith("'s") and b not in ("it's", "that's", "what's", "there's")) for b in before[-2:]
        )
        or before[-2:] == ["lived", "to"]
    ):
        # "she's ninety-four", "he was 93 when": a person is the subject, not a number on a screen.
        if before[-2:] in (["he", "was"], ["she", "was"], ["he", "is"], ["she", "is"]) and after:
            return True
        if before[-1:] and before[-1] in _PERSON_IS and after and after[0] not in _UNITS_AFTER:
            return True
        close = not after or not tokens[last + 1].word or after[0] in (
            "when", "and", "but", "in", "now", "this", "next", "last", "with", "years", "so", "she", "he", "they", "or",
            "then", "today", "already", "at", "if", "who", "god", "on", "yeah", "i", "going", "still", "bless",
        )  # fmt: skip
        nouns = {"it", "that", "this", "there", "it's", "which", "value", "level"}
        return close and not any(b in nouns for b in before[-3:])
    hundreds = tokens[place].low in ("a", "hundred") and last > place
    if hundreds and not any(b in _MEASURED for b in before):
        near = {t.low for t in tokens[max(begin, place - 20) : place]}
        return bool(near & (_KIN | {"mother's", "father's", "mom's", "dad's", "she's", "he's", "hes", "shes", "old", "lived"}))
    if before[-1:] == [","] and (after[:1] == [","] or not after):
        # "my grandmother, 101, with..."
        return any(b in _KIN for b in [t.low for t in tokens[max(begin, place - 9) : place]])
    return any(b in _KIN for b in before) and (before[-1] in ("is", "was", "at", "turned", "turning", "'s", "now", "almost"))


_PERSON_IS = frozenset(
    """he's she's hes shes i'm im who's mama's mom's dad's mamas moms dads grandma's grandpa's grandmas grandpas nana's nanas mother's
    mothers father's fathers""".split()
)
_KIN = frozenset(
    """grandmother grandfather grandma grandpa mother father mom dad mama papa nana nani aunt uncle great-grandmother
    husband wife sister brother patient lady man woman widow veteran gentleman neighbor abuela abuelo granny gran mum
    living mother-in-law father-in-law she he""".split()
)
