"""Numbers of homes and roads where an address is what the talk is about: alone, "lot nine", "Route Thirty-Six", "off at exit 108".

Said in pieces, an address has nothing to show that it is one but what the talk is about. So the model need not be sure of a number there.
"""

from __future__ import annotations

from collections.abc import Iterator

from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import LETTERS
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.address_topic import AT_ALL, JUST_SAID, AddressTopic
from compliance.redaction.recognisers.birth_dates import birth_asked
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINALS, WEEKDAYS
from compliance.redaction.recognisers.house_numbers import numeral, value_end
from compliance.redaction.recognisers.nobodys_codes import dental, nobodys_code
from compliance.redaction.recognisers.number_looks import amount, measured, of_a_case, time_of_day, year_like
from compliance.redaction.recognisers.other_questions import answers_otherwise
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.surroundings import PAPERS, alone, asked_for_another, counted, paper_or_vital
from compliance.redaction.view import DialogueView, Token

MAX_DIGITS = 5
# From this chance of being a place on a number is one there; or of being anything private, where it may be a place at all.
LIKELY_THERE = 0.35
PRIVATE_THERE = 0.6
_UNITS = frozenset(
    """lot unit space trailer apartment apt suite flat building bldg tower gate cabin slip bungalow duplex doublewide spot pad
    casita villa penthouse townhouse hut number house box""".split()
)
_ROOMS = frozenset(["room", "bed", "floor", "door"])
_LODGED = frozenset(
    """live lives lived living stay stays stayed staying sleep sleeps slept
    motel hotel inn lodge hostel dorm dormitory rent rented rents boarding roommate shelter""".split()
)
_ROADS = frozenset("highway hwy route rt interstate exit freeway turnpike".split())
_NAMED_BEFORE = frozenset("avenue ave calle avenida carretera street road".split())
_NUMBERS_OF_HOMES = LETTERS | {"address", "name", "number", "spell"}
_ON_ROADS = frozenset("on off take took along down up from via onto passing past".split())
_ORDERED = frozenset(["gate"])
_LEAD = frozenset("the in at number it's its is was to of lot space unit trailer at by off on not no".split())
_DAYS = MONTHS | WEEKDAYS
_DIRECTIONS = frozenset("north south east west northbound southbound eastbound westbound".split())


def numbered_roads(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """ "Route Six", "exit two oh nine", "on i eighty", wherever they are said; "Avenue sixty-eight" where an address is the topic."""
    begin, end = topic.view.bounds[turn]
    for place in range(begin, end - 1):
        low = topic.tokens[place].low
        interstate = low == "i" and place > begin and topic.tokens[place - 1].low in _ON_ROADS
        named = low in _NAMED_BEFORE and turn in topic or interstate
        if not (low in _ROADS or named) or place in topic.taken and place + 1 in topic.taken:
            continue
        after = place + 1
        while after < end and topic.tokens[after].text in ("-", "."):
            after += 1
        last = value_end(topic.tokens, after, end)
        if last is not None and any(len(t.low) > 1 or t.low.isdigit() for t in topic.tokens[after : last + 1]):  # not "route B"
            yield place, _direction(topic.tokens, last, end), 0.7, "a numbered road"


def units(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """ "lot nine", "the trailer's twelve"; rooms and beds only of those who lodge somewhere, since hospitals have them, too."""
    begin, end = topic.view.bounds[turn]
    for place in range(begin, end - 1):
        low = topic.tokens[place].low
        lodged = low in _ROOMS and _lodged(topic, turn)
        if place in topic.taken and place + 1 in topic.taken or not (low in _UNITS or lodged):
            continue
        before = topic.tokens[place - 1].low if place > begin else ""
        if low == "number" and (before in PAPERS or not topic.just(turn) or dental(topic.view, turn)):
            continue
        value = place + 1
        while value < end - 1 and topic.tokens[value].low in ("'s", "is", "was"):
            value += 1
        last = value_end(topic.tokens, value, end)
        if last is None or counted(topic.view, last) or value > place + 1 and not any(run.digits for run in topic.runs_in(value, last)):
            continue
        if low == "house" and last == place + 1 and len(topic.tokens[last].low) == 1:
            continue  # "the house a"
        if before == "no" or low == "number" and (_listed(topic, place, last, begin, end) or before in ("chair", "lot")):
            continue
        if low == "lot" and (topic.tokens[value].low == "number" or topic.tokens[value].low.isalpha() and not numeral(topic.tokens[value])):
            continue  # "it's lot k r eight eight oh two", of an inhaler
        yield place if value == place + 1 else value, last, 0.6, "part of an address"
    for place in range(begin + 1, end):
        if topic.tokens[place].low in _ORDERED and topic.tokens[place - 1].low in ORDINALS:
            yield place - 1, place, 0.6, "part of an address"


def bare_numbers(topic: AddressTopic, turn: int) -> Iterator[Span]:
    """Numbers that the model holds for a place or for private, and those that are a whole answer."""
    for run in topic.runs.get(turn, ()):
        if not 1 <= len(run.digits) <= MAX_DIGITS or run.letters or not _free(topic, run) or _other(topic, turn) or _answered_another(topic, run) or answers_otherwise(topic.view, run, turn - 1) or nobodys_code(topic.view, run):
            continue
        told = [topic.chances[place] for place in range(run.first, run.last + 1) if place in topic.chances]
        place = max((c.place for c in told), default=0.0)
        private = max((c.place + c.number + (0.0 if birth_asked(topic.view, turn) else c.date) for c in told), default=0.0)
        likely = place >= LIKELY_THERE or place >= AT_ALL and private >= PRIVATE_THERE or _opens(topic, run)
        if likely or len(run.digits) >= 2 and topic.just(turn) and alone(topic.view, run) and not _how(topic, turn):
            yield run.first, run.last, 0.6, "a number where an address is spoken of"


def said_again(topic: AddressTopic, known: set[str]) -> Iterator[tuple[int, Span]]:
    """ "the nineteen", "I never said twenty-one": of a home that is known by its number alone."""
    for turn in topic.view.turns():
        if turn not in topic:
            continue
        for run in topic.runs.get(turn, ()):
            if run.digits in known and _free(topic, run) and (_before(topic, run).low in _LEAD or _closed(topic, run)):
                yield turn, (run.first, run.last, 0.6, "a house number said before")


def _listed(topic: AddressTopic, place: int, last: int, begin: int, end: int) -> bool:
    """ "number two is mile 1422", of a list; a number of more than five digits is no home's."""
    digits = "".join(run.digits for run in topic.runs_in(place + 1, last))
    opens = place == begin or not topic.tokens[place - 1].word or topic.tokens[place - 1].low in ("and", "okay", "ok")
    goes_on = last + 1 < end and topic.tokens[last + 1].low in ("is", "it", "was", "would", "says", "i", "you", "we", ",")
    return len(digits) > MAX_DIGITS or len(digits) == 1 and opens and goes_on


def _opens(topic: AddressTopic, run: Run) -> bool:
    """ "Eleven fifty is the fish building." """
    begin, end = topic.view.bounds[run.turn]
    opens = run.first == begin or topic.tokens[run.first - 1].text in (".", "?", "!")
    goes_on = run.last + 1 < end and topic.tokens[run.last + 1].low in ("is", "was")
    return len(run.digits) >= 3 and opens and goes_on and topic.just(run.turn) and not year_like(run)


def _other(topic: AddressTopic, turn: int) -> bool:
    """Whether another number was asked for since an address was."""
    other = asked_for_another(topic.view, turn)
    address = next((q.turn for q in asked(topic.view, turn) if q.kind == "address" and q.direct), -1)
    return other is not None and (other >= address and turn - other <= JUST_SAID or turn - other == 1)


def _answered_another(topic: AddressTopic, run: Run) -> bool:
    """ "Oxygen?" / "Forty." / "Forty?" / "Yes, forty.": the same number was the answer to another question."""
    other = asked_for_another(topic.view, run.turn)
    answers = () if other is None else range(other + 1, min(run.turn, other + JUST_SAID + 1))
    return any(said.digits == run.digits for turn in answers for said in topic.runs.get(turn, ()))


def _how(topic: AddressTopic, turn: int) -> bool:
    """ "How many are you?": what the number answers is none of a home."""
    other = any(q.kind not in _NUMBERS_OF_HOMES and q.distance == 1 for q in asked(topic.view, turn))
    return other or birth_asked(topic.view, turn) or not turn


def _before(topic: AddressTopic, run: Run) -> Token:
    begin, _ = topic.view.bounds[run.turn]
    return topic.tokens[max(begin, run.first - 1)]


def _closed(topic: AddressTopic, run: Run) -> bool:
    _, end = topic.view.bounds[run.turn]
    return run.last + 1 >= end or not topic.tokens[run.last + 1].word


def _free(topic: AddressTopic, run: Run) -> bool:
    """Whether the number is not yet hidden and no dose, time, amount, count or paper's."""
    begin, end = topic.view.bounds[run.turn]
    before = topic.tokens[run.first - 1] if run.first > begin else None
    after = topic.tokens[run.last + 1] if run.last + 1 < end else None
    if any(place in topic.taken for place in range(run.first, run.last + 1)):
        return False
    if before is not None and before.text in (":", "/", "$") and before.end == topic.tokens[run.first].start:
        return False  # "9:41"
    if paper_or_vital(topic.view, run) or before is not None and (before.low in _DAYS or before.low in lexicon().drugs):
        return False
    if after is not None and after.low in MONTHS or run.first - 2 >= begin and before is not None and before.low == "of" and topic.tokens[run.first - 2].low in MONTHS:
        return False  # "the nine of May", "March of nineteen"
    return not (
        measured(topic.view, run, before, after)
        or amount(topic.view, run) and run.written
        or of_a_case(topic.view, run)
        or before is not None and before.low != "at" and time_of_day(topic.view, run, before, after)
        or counted(topic.view, run.last)
    )


def _lodged(topic: AddressTopic, turn: int) -> bool:
    def make(view: DialogueView) -> frozenset[int]:
        said = [t for t in view.turns() if any(token.low in _LODGED for token in view.turn_tokens(t))]
        return frozenset(near for t in said for near in (t, t + 1))

    return turn in topic.view.once("lodged", make)


def _direction(tokens: list[Token], last: int, end: int) -> int:
    return last + 1 if last + 1 < end and tokens[last + 1].low in _DIRECTIONS else last
