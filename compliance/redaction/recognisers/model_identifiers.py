"""Numbers, web addresses, dates, ages and medical words that the language model holds for private, however they are said.

The rules know what was asked, announced or looks like an identifier; the model has seen many ways of saying one. What it is
sure of is hidden beside what the rules find, without what no identifier can be: a dose, an amount, a word alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction.atoms import FILLERS, MISHEARD, MISHEARD_SMALL
from compliance.redaction.detections import PrivateType
from compliance.redaction.encoder import Chance
from compliance.redaction.questions import asked, labelled
from compliance.redaction.recognisers.ages import OLDEST, age_at, measured_age, no_age
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.beside_labels import LIKELY_BESIDE_LABELS, beside_labels
from compliance.redaction.recognisers.birth_dates import birth_asked, date_finding
from compliance.redaction.recognisers.birth_talk import birth_talk
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS
from compliance.redaction.recognisers.model_entities import all_chances
from compliance.redaction.recognisers.model_verdicts import ORDINAL, is_numeral, verdict
from compliance.redaction.recognisers.number_context import NUMBERED, NumberContext
from compliance.redaction.recognisers.number_looks import CLOCK, DECIMAL, UNITS_AFTER
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import written_digits, written_year

T = PrivateType
# From this chance on a word is hidden by the model alone; measured on the development transcripts.
LIKELY = {"number": 0.7, "web": 0.6, "date": 0.45, "age": 0.3, "medical": 0.4}
# The same for what answers a question for it.
ASKED_FOR = 0.35
JUST_ASKED = 3  # turns
SHORT_ANSWER = 16  # tokens
# From this chance on the model is believed against weak signs to the contrary: a word that mostly stands before innocent numbers,
# a date without a month or an ordinal, which looks like a time of day.
CERTAIN = 0.75
# From this chance of each of its words on, lists and looks do not speak against the model: of what they kept readable in 154
# transcripts that it had not read, eight of ten were private. Doses (a number before its unit) and decimals stay all the same.
AS_GOOD_AS_TOLD = 0.97
AS_GOOD_AN_AGE = 0.85
# A word between two such words, or beside one, is part of the same from this chance on.
GOES_ON = 0.2
GOES_ON_WEB = 0.1  # an address is said in one piece, of words that are anything
# Below this chance of each of its words a turn needs no second look; no limit is lower.
LEAST = min(*LIKELY.values(), ASKED_FOR, LIKELY_BESIDE_LABELS)
NO_CHANCE = Chance(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
# A word that leans to an address is one where it was said in one a few turns before.
LEANS_TO_WEB, SURE_OF_WEB = 0.4, 0.9
ADDRESS_REACH = 4  # turns
SHORTEST_OF_ADDRESS = 5
LONGEST_LOOK_BACK = 200  # tokens, so that a long turn full of addresses is read in linear time
# From this chance on of being medical, a letter beside a number belongs to a laboratory value.
HEALTH = 0.3
_NO_PART = frozenset("uh um er erm ah hmm mm and then okay ok no wait sorry area code the is".split())
# What engines hear for a digit where they hear a word; only a model that is sure says that it is one.
_HEARD_AS_DIGITS = frozenset([*MISHEARD, *MISHEARD_SMALL, "sick", "nigh", "fife", "sex", "hate", "wan", "tu", "fore"])
_BEFORE_AGES = frozenset(["ninety", "hundred", "tee", "tea"])
_BEFORE_DATES = frozenset("the on in of by since until".split())
_BEFORE_ADDRESSES = frozenset("at to on in is it's its".split())
_RELATIVE = [["of", word] for word in ("last", "this", "next", "that")]  # "of last year"


class ModelIdentifierRecogniser(DialogueRecogniser):
    ENTITIES = (*sorted(NUMBERED), T.DATE, T.DATE_OF_BIRTH, T.AGE_OVER_89, T.MEDICAL)

    def __init__(self, nlp: NlpEngine) -> None:
        self.nlp = nlp
        super().__init__()

    def find(self, view: DialogueView) -> Iterable[Finding]:
        chances = all_chances(view, self.nlp)
        if not chances:
            return
        context = NumberContext(view)
        for turn in view.turns():
            told_here = [chances[place] for place in range(*view.bounds[turn]) if place in chances]
            best = Chance(*map(max, zip(*told_here, strict=True))) if told_here else NO_CHANCE
            for kind in (kind for kind in LIKELY if getattr(best, kind) >= LEAST):
                for first, last in _spans(view, chances, turn, kind):
                    told = [_chance(chances, place, kind) for place in range(first, last + 1) if view.tokens[place].word] or [0.0]
                    certain, sure = max(told) >= CERTAIN, min(told) >= AS_GOOD_AS_TOLD
                    type_ = verdict(context, kind, first, last, certain, sure)
                    if type_ is None:
                        continue
                    whole = min(told) >= AS_GOOD_AN_AGE if kind == "age" else sure
                    for low, high in _parts(view, kind, first, last, whole):
                        start, end = view.tokens[low].start, view.tokens[high].end
                        yield Finding(turn, start, end, type_, 0.6, "the language model", view.text(turn)[start:end].lower())
            for place in _of_an_address(view, chances, turn) if best.web >= LEANS_TO_WEB else ():
                start, end = view.tokens[place].start, view.tokens[place].end
                yield Finding(turn, start, end, T.EMAIL, 0.6, "a word of an address nearby", view.text(turn)[start:end].lower())
        for first, last in birth_talk(view, chances):
            yield date_finding(view, view.tokens[first], view.tokens[last], True, "a number where a birth date is spoken of")


def _spans(view: DialogueView, chances: dict[int, Chance], turn: int, kind: str) -> Iterator[tuple[int, int]]:
    """(first, last) token of each row of words that the model holds for ``kind``."""
    begin, end = view.bounds[turn]
    # In a view of an earlier pass everyday words of health were left on purpose.
    checked = turn in beside_labels(view) or (kind == "medical" and _medical_labels(view))
    limit = LIKELY_BESIDE_LABELS if checked else ASKED_FOR if _wanted(view, turn, kind) else LIKELY[kind]
    goes_on = GOES_ON_WEB if kind == "web" else GOES_ON
    free = place = begin
    while place < end:
        if _chance(chances, place, kind) < limit:
            place += 1
            continue
        first = last = place
        while first > free and _chance(chances, first - 1, kind) >= goes_on and not _abbreviated(chances, first - 1, kind):
            first -= 1
        following = place + 1
        while following < end:
            token = view.tokens[following]
            if token.word and token.low not in FILLERS and _chance(chances, following, kind) < goes_on:
                break
            if _chance(chances, following, kind) >= goes_on and token.low not in FILLERS:
                last = following
            following += 1
        free = place = last + 1
        while kind == "date" and first < last and view.tokens[first].low in _BEFORE_DATES:
            first += 1
        if kind == "date" and first > begin and view.tokens[first - 1].low == "the" and (_day(view.tokens[first]) or _day_of(view, first, end)):
            first -= 1
        while kind == "web" and first < last and view.tokens[first].low in _BEFORE_ADDRESSES:
            first += 1
        if kind == "date":
            last = _without_time(view, first, last)
        if kind == "date":
            last = _without_its_story(view, first, last)
        if kind == "date" and last - first >= 3 and [t.low for t in view.tokens[last - 2 : last]] in _RELATIVE:
            last -= 3
        relative = kind == "date" and last + 1 < end and view.tokens[last + 1].low in ("this", "last", "next", "that")
        if relative and first < last and view.tokens[last].low == "of":
            last -= 1
        yield first, last


def _of_an_address(view: DialogueView, chances: dict[int, Chance], turn: int) -> Iterator[int]:
    """ "films at mountaineer lung dot org. One word, mountaineerlung.", "It's penny, then a dot": a word of an address of a moment ago."""
    begin, end = view.bounds[turn]
    leaning = [
        place for place in range(begin, end)
        if LEANS_TO_WEB <= _chance(chances, place, "web") < SURE_OF_WEB or _alone(view, chances, place)
    ]  # fmt: skip
    if not leaning:
        return
    floor = view.bounds[max(0, turn - ADDRESS_REACH)][0]
    for place in leaning:
        low = view.tokens[place].low
        if len(low) < SHORTEST_OF_ADDRESS or not low.isalpha():
            continue
        near = range(max(floor, place - LONGEST_LOOK_BACK), place)
        said = [view.tokens[p].low if _chance(chances, p, "web") >= SURE_OF_WEB else " " for p in near]
        if low in "".join(word for word in said if word.isalnum() or word == " "):
            yield place


def _alone(view: DialogueView, chances: dict[int, Chance], place: int) -> bool:
    """Whether a word that is surely of an address has none of its like beside it."""
    beside = (p for p in (place - 1, place + 1) if p in chances and view.tokens[p].turn == view.tokens[place].turn)
    return _chance(chances, place, "web") >= SURE_OF_WEB and all(_chance(chances, p, "web") < SURE_OF_WEB for p in beside)


def _without_its_story(view: DialogueView, first: int, last: int) -> int:
    """The end of "Nineteen thirty" in "Nineteen thirty, the year of the flood"."""
    for place in range(first + 1, last - 1):
        if [t.low for t in view.tokens[place : place + 3]] == ["the", "year", "of"]:
            return place - 1 if view.tokens[place - 1].word else max(first, place - 2)
    return last


def _day(token: Token) -> bool:
    """ "the 17th", "the twenty first": "the" belongs to the day, as where rules find it."""
    return token.low in ORDINALS or token.low in ("twenty", "thirty") or ORDINAL.fullmatch(token.low) is not None


def _day_of(view: DialogueView, place: int, end: int) -> bool:
    """ "The 2 of November"."""
    return place + 2 < end and view.tokens[place].low.isdigit() and view.tokens[place + 1].low == "of" and view.tokens[place + 2].low in MONTHS


def _wanted(view: DialogueView, turn: int, kind: str) -> bool:
    """Whether a number, or in a short turn a part of a birth date, was just asked for."""
    begin, end = view.bounds[turn]
    if kind == "date":
        return end - begin <= SHORT_ANSWER and birth_asked(view, turn)
    return kind == "number" and any(q.kind in NUMBERED and q.direct and q.distance <= JUST_ASKED for q in asked(view, turn))


def _without_time(view: DialogueView, first: int, last: int) -> int:
    """The end of "the sixth of March" in "the sixth of March, ten fifteen": what follows a comma is a time of day, not a year."""
    for place in range(last - 1, first, -1):
        if view.tokens[place].text == ",":
            after = view.text(view.tokens[first].turn)[view.tokens[place + 1].start : view.tokens[last].end]
            timed = CLOCK.fullmatch(written_digits(after)) is not None and written_year(after) is None
            return place - 1 if timed and len(after.split()) == 2 else last
    return last


def _parts(view: DialogueView, kind: str, first: int, last: int, whole: bool) -> Iterator[tuple[int, int]]:
    """A number without the "uh", "and then", "the area code is" in it; of an age what says the years; addresses one by one.

    ``whole``: the model is sure of each word, so that it is what it is taken for however it was heard: "ate ate to", "ninety tree".
    """
    if kind == "medical":
        begun = first
        for place in range(first, last + 2):
            if place > last or view.tokens[place].low == "then":  # "a finger stick then passed out"
                if begun < place:
                    yield begun, place - 1
                begun = place + 1
        return
    if kind == "date":
        yield from _without_decimals(view, first, last)
        return
    if kind == "web":
        # Written ones are not said in halves: what follows a comma is another one.
        written = any(view.tokens[place].text == "@" for place in range(first, last + 1))
        begun = first
        for place in range(first, last + 2):
            if place > last or (written and view.tokens[place].text in ",;"):
                if any(t.low[0].isalpha() for t in view.tokens[begun:place]):
                    yield begun, place - 1
                begun = place + 1
        return
    if kind == "age":
        turn = view.tokens[first].turn
        parsed = False
        for place in range(first, last + 1):
            read = age_at(view.tokens, place, view.bounds[turn][1])
            parsed = parsed or read is not None
            if read is not None and no_age(view, turn, place, read[0]):
                continue
            if read is not None and 90 <= read[1] <= OLDEST and (whole and not _with_unit(view, turn, read[0]) or not measured_age(view, turn, place, read[0])):
                misheard = whole and read[0] < last and view.tokens[read[0] + 1].low in _HEARD_AS_DIGITS
                yield place, read[0] + misheard
                return
        before = [t.low for t in view.tokens[max(view.bounds[turn][0], first - 2) : first] if t.word]
        if whole and not parsed and before and before[-1] in _BEFORE_AGES:
            yield first, last  # "ninety-f-", "a hundred and fourth year", "nigh tee four"
        return
    start = end = None
    numeral = False
    for place in range(first, last + 1):
        token = view.tokens[place]
        hundred_and = token.low == "and" and place > first and view.tokens[place - 1].low in ("hundred", "thousand")
        if token.low in _NO_PART and not hundred_and:
            if start is not None and end is not None and numeral:
                yield start, end
            start, numeral = None, False
        elif token.word:
            start = place if start is None else start
            end, numeral = place, numeral or is_numeral(token) or whole and token.low in _HEARD_AS_DIGITS
    if start is not None and end is not None and numeral:
        yield start, end


def _without_decimals(view: DialogueView, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The dates of "October 21st, 103.1, and then the 22nd, 102.4" without the fevers, which are no part of them."""
    tokens, begun, place = view.tokens, first, first
    while place <= last:
        text = view.text(tokens[place].turn)[tokens[place].start : tokens[min(place + 2, last)].end]
        goes_on = place + 3 <= last and tokens[place + 3].text in "./-" and tokens[place + 3].start == tokens[place + 2].end
        before = place > first and tokens[place - 1].text in "./-" and tokens[place - 1].end == tokens[place].start
        if place + 2 <= last and DECIMAL.fullmatch(text) and not goes_on and not before:
            yield from _dated(view, begun, place - 1)
            begun = place = place + 3
        else:
            place += 1
    yield from _dated(view, begun, last)


def _dated(view: DialogueView, first: int, last: int) -> Iterator[tuple[int, int]]:
    while first <= last and (not view.tokens[first].word or view.tokens[first].low in ("and", "then")):
        first += 1
    while last >= first and (not view.tokens[last].word or view.tokens[last].low in ("and", "then")):
        last -= 1
    if first <= last:
        yield first, last


def _with_unit(view: DialogueView, turn: int, last: int) -> bool:
    """ "he is ninety pounds soaking wet"."""
    return last + 1 < view.bounds[turn][1] and view.tokens[last + 1].low in UNITS_AFTER


def _medical_labels(view: DialogueView) -> bool:
    """Whether the text has labels of ours for what is medical; the placeholders of speech services are others."""

    def make(v: DialogueView) -> bool:
        return any(T.MEDICAL in labelled(v, turn) for turn in v.turns())

    return view.once("medical labels", make)


def _abbreviated(chances: dict[int, Chance], place: int, kind: str) -> bool:
    """ "i g g" before "eight twenty": a laboratory's letters are no part of a number."""
    return kind == "number" and _chance(chances, place, "medical") >= HEALTH


def _chance(chances: dict[int, Chance], place: int, kind: str) -> float:
    chance = chances.get(place)
    return 0.0 if chance is None else float(getattr(chance, kind))
