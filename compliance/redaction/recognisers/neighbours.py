"""House numbers by themselves: read back, put right, or "at 20, next door"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from compliance.redaction.lexicon import lexicon
from compliance.redaction.measures import VITALS
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.delivery import address_open
from compliance.redaction.recognisers.house_numbers import as_in, half_end
from compliance.redaction.recognisers.number_fragments import HESITATIONS, TAKEN_BACK
from compliance.redaction.recognisers.number_looks import UNITS_AFTER, amount, year_like
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.view import DialogueView
from compliance.redaction.written import TENS, UNITS

_NEXT = frozenset(
    """door doorbell doorbells bell buzzer knocked knocking knock porch neighbor neighbour neighbors neighbours lives live lived
    across opposite ringing rang gate mailbox tenant""".split()
)
_CORRECTS = frozenset("or no not sorry wait mean actually rather maybe perhaps correction make scratch".split())
# Turns in which the number of a house that was said stays the topic.
NEAR_TURNS = 3
MAX_DIGITS = 5
# Digits from which a number says by itself which house is meant, wherever it is said again.
LEAST_KNOWN = 3
# Tokens of "no, sorry, I mean" between a number and what puts it right.
MOST_BETWEEN = 7
DOOR = re.compile(r"\d{1,3}[A-Za-z]")
_PAPERS = frozenset("exhibit section schedule form table figure number step stage type grade rule paragraph tab page item question line".split())


_NUMBERED = frozenset(
    "room bed route highway interstate road us docket case bates form code flight bus lane channel gate number no about almost".split()
)


# Hiding a dose or a vital would be a safety fault, even one that is a house's number by chance.
_MEASURES = VITALS | frozenset(
    """weight weigh weighs weighed sugars level levels count counts rate platelets dose doses
    score cholesterol triglycerides take takes took taking give gave given start started milligrams mg units reading ran""".split()
)
_GOES = frozenset("bus train line flight tablets tablet pills pill mg milligrams units twice once daily a every by".split())
MEASURED_BEFORE = 8


def neighbours(view: DialogueView, by_turn: dict[int, list[Span]]) -> list[tuple[int, Span]]:
    """House numbers that stand without their street, given all streets that were found."""
    known: set[str] = set()
    said_in: dict[int, set[str]] = {}
    runs = runs_by_turn(view)
    starts = {turn: sorted(first for first, *_ in spans) for turn, spans in by_turn.items()}
    taken: set[int] = set()
    for turn, spans in by_turn.items():
        inside = [(first, last) for first, last, _, _ in spans]
        for first, last in inside:
            taken.update(range(first, last + 1))
        for run in runs.get(turn, ()):
            for first, last in inside:
                if run.first == first and run.last < last and not run.letters and 1 <= len(run.digits) <= MAX_DIGITS:
                    said_in.setdefault(turn, set()).add(run.digits)
                    if len(run.digits) >= 2:
                        known.add(run.digits)
    found: list[tuple[int, Span]] = []
    last_said = -99
    for turn in view.turns():
        near: set[str] = set().union(*(said_in.get(t, set()) for t in range(turn - NEAR_TURNS, turn + 1)))
        if turn in said_in:
            last_said = turn
        asked_number = _number_asked(view, turn)
        answered = False
        for run in runs.get(turn, ()):
            if run.letters or run.first in taken or not 1 <= len(run.digits) <= MAX_DIGITS or _measured(view, run):
                continue
            begin, end = view.bounds[turn]
            before = view.tokens[run.first - 1] if run.first > begin else None
            reason = ""
            if asked_number and run.first - begin <= 6 or answered and before is not None and before.low in _CORRECTS | {","}:
                reason = "answers a question for a house number"
                answered = True
            elif turn - last_said <= NEAR_TURNS and near and _corrects(view, run, near):
                reason = "puts a house number right"
            elif run.digits in known and _again(view, run):
                reason = "a house number said before"
            elif _taken_back(view, run, starts.get(turn, ())):
                reason = "a house number that is put right"
            elif turn in said_in and _and_for(view, run):
                reason = "a house number beside another one"
            elif _at_door(view, run) and _beside(view, run) and (not _like_time(run) or _next_door(view, run)):
                reason = "a house number"
            if reason:
                if len(run.digits) >= LEAST_KNOWN:
                    known.add(run.digits)
                last = half_end(view.tokens, run.last, end)
                found.append((turn, (run.first, last, 0.6, reason)))
    return found


def doors(view: DialogueView, by_turn: dict[int, list[Span]]) -> list[tuple[int, Span]]:
    """ "3B" by itself: the door of an address that was said ("Suite 3B"), or where somebody is from ("Mr. Oyelowo from 2C")."""
    tokens = view.tokens
    said = (tokens[first : last + 1] for spans in by_turn.values() for first, last, _, _ in spans if last > first)
    known = {token.low for words in said for token in words[-2:] if DOOR.fullmatch(token.text)}
    listed = lexicon().last_names
    found: list[tuple[int, Span]] = []
    housed = not view.cased and any(t.low in _UNITS | _TENANTS for t in tokens)
    for turn in view.turns():
        begin, end = view.bounds[turn]
        found.extend((turn, span) for span in _spoken_doors(view, begin, end) if housed)
        for place in range(begin, end):
            if not DOOR.fullmatch(tokens[place].text):
                continue
            before = tokens[max(begin, place - 2) : place]
            if before and before[-1].low in _PAPERS:
                continue
            person = len(before) == 2 and before[1].low in (",", "from", "in") and before[0].upper and before[0].low in listed
            if tokens[place].low in known or person and tokens[place].text[-1].isupper():
                found.append((turn, (place, place, 0.6, "a door")))
    return found


def _spoken_doors(view: DialogueView, begin: int, end: int) -> Iterator[Span]:
    """ "the lady in one a got one", "he's in two b": where flats are spoken of, a number and a letter after "in"."""
    tokens = view.tokens
    for place in range(begin + 1, end - 2):
        number, letter = tokens[place + 1], tokens[place + 2]
        if tokens[place].low not in ("in", "from") or number.low not in UNITS or letter.low not in _DOOR_LETTERS:
            continue
        after = tokens[place + 3].low if place + 3 < end else ""
        if letter.low == "d" and after in _IN_DEPTH:
            continue  # "it was seen in two d echo"
        # "in one a minute": an article, unless something new begins after it
        if len(after) != 1 and (letter.low != "a" or not after or after in _AFTER_DOORS):
            yield place + 1, place + 2, 0.6, "a door"


_TENANTS = frozenset("tenant tenants landlord superintendent upstairs downstairs lease evicted eviction".split())
_DOOR_LETTERS = frozenset("abcdefgh")
_IN_DEPTH = frozenset("echo echoes imaging images scan scans ultrasound mammogram views printing".split())
_AFTER_DOORS = frozenset("got has had is was and she he they who said says lives moved yes no okay".split())


def _number_asked(view: DialogueView, turn: int) -> bool:
    for past in (turn - 1, turn - 2):
        if past < 0:
            return False
        begin, end = view.bounds[past]
        tail = [t.low for t in view.tokens[max(begin, end - 14) : end] if t.word]
        pairs = set(zip(tail, tail[1:], strict=False))
        if pairs & {("house", "number"), ("street", "number"), ("door", "number"), ("building", "number"), ("which", "house")}:
            return True
        if any(q.distance == 0 for q in asked(view, turn)):
            return False
    return False


def unit_asked(view: DialogueView, turn: int) -> bool:
    """ "Which unit?", "is there an apartment number?": in one of the two turns before."""
    for past in (turn - 1, turn - 2):
        if past >= 0:
            begin, end = view.bounds[past]
            tail = [t.low for t in view.tokens[max(begin, end - 9) : end] if t.word]
            if set(tail) & _UNITS and set(tail) & {"which", "what", "what's", "whats", "a", "an", "any", "number"}:
                return True
    return False


_UNITS = frozenset("unit apartment apt flat suite floor lot building tower".split())


def zips(view: DialogueView, turn: int) -> list[Span]:
    """Five digits where an address was asked for."""
    open_ = address_open(view, turn)
    return [
        (run.first, run.last, 0.7, "a ZIP code")
        for run in runs_by_turn(view).get(turn, ())
        if len(run.digits) == 5 and not run.letters and not _measured(view, run) and not amount(view, run) and (open_ or run.singles == 5)
    ]


def _measured(view: DialogueView, run: Run) -> bool:
    begin, end = view.bounds[run.turn]
    tokens = view.tokens
    after = tokens[run.last + 1] if run.last + 1 < end else None
    before = tokens[run.first - 1] if run.first > begin else None
    if before is not None and before.text in ("$", "£", "€", ":", ".", "/", "-") and before.end == tokens[run.first].start:
        return True
    return after is not None and (
        after.low in UNITS_AFTER - {"or", "car", "other"}
        or after.low in ("over", "of", "to", "am", "pm", "a", "p", "hundred")
        or after.text in ("%", ":", "/", "'")
    )


def _corrects(view: DialogueView, run: Run, near: set[str]) -> bool:
    """ "One forty-one. That's the mistake." after "one forty-four Remsen": alone in its sentence and much like the other."""
    begin, end = view.bounds[run.turn]
    tokens = view.tokens
    half = half_end(view.tokens, run.last, end) > run.last
    if not half and not any(_alike(run.digits, other) for other in near):
        return False
    before = tokens[run.first - 1] if run.first > begin else None
    last = half_end(tokens, run.last, end)
    after = tokens[last + 1] if last + 1 < end else None
    free_after = (
        after is None or not after.word or after.low in ("not", "no", "is", "and", "or", "thats", "sorry", "apartment", "unit")
    )
    free_before = before is None or not before.word or before.low in (
        "it's", "its", "no", "not", "is", "at", "or", "number", "yes", "yeah", "was", "mean", "sorry", "to",
    )  # fmt: skip
    return free_after and free_before and (len(run.digits) >= 2 or half)


def _alike(one: str, other: str) -> bool:
    if len(one) != len(other) or len(one) < 2:
        return False
    differing = sum(a != b for a, b in zip(one, other, strict=True))
    return differing <= 1 or sorted(one) == sorted(other)


def _at_door(view: DialogueView, run: Run) -> bool:
    begin, end = view.bounds[run.turn]
    before = view.tokens[run.first - 1].low if run.first > begin else ""
    last = half_end(view.tokens, run.last, end)
    after = view.tokens[last + 1] if last + 1 < end else None
    closed = after is None or not after.word or after.low in (
        "next", "across", "and", "is", "has", "had", "opposite", "saw", "down", "up", "who", "but", "because", "they", "he", "she",
        "not", "so", "lives", "live", "on",
    )  # fmt: skip
    return closed and (before in ("at", "number") or not before or not view.tokens[run.first - 1].word or run.first == begin)


def _back_to(view: DialogueView, run: Run) -> bool:
    """ "is there any chance he'll go to 72 again", of a number of two digits or more that is known."""
    begin, end = view.bounds[run.turn]
    before = view.tokens[run.first - 1].low if run.first > begin else ""
    after = view.tokens[run.last + 1] if run.last + 1 < end else None
    closed = after is None or not after.word or after.low in ("again", "instead", "now", "and", "or", "not", "anymore")
    return closed and before in ("to", "from", "in", "into", "of", "the", "outside")


def _again(view: DialogueView, run: Run) -> bool:
    return (_at_door(view, run) or _back_to(view, run)) and not _like_time(run) or _plainly_a_number(view, run)


def _plainly_a_number(view: DialogueView, run: Run) -> bool:
    """Whether three digits or more that are a known house's number can be nothing else here: no time, year, room or exhibit."""
    begin, _ = view.bounds[run.turn]
    if half_end(view.tokens, run.last, view.bounds[run.turn][1]) > run.last:
        return len(run.digits) >= LEAST_KNOWN
    before = {t.low for t in view.tokens[max(begin, run.first - 2) : run.first]}
    said = {t.low for t in view.tokens[max(begin, run.first - MEASURED_BEFORE) : run.first]}
    after = view.tokens[run.last + 1].low if run.last + 1 < view.bounds[run.turn][1] else ""
    if said & _MEASURES or after in _GOES:
        return False
    if len(run.digits) < LEAST_KNOWN or _like_time(run) or year_like(run) or amount(view, run):
        return False
    return not before & (_PAPERS | _NUMBERED)


def _taken_back(view: DialogueView, run: Run, starts: Sequence[int]) -> bool:
    """ "it's seven fifteen, no, seven fifty-one Aspen Court": taken back right before an address begins."""
    following = next((first for first in starts if first > run.last), None)
    if following is None or following - run.last > MOST_BETWEEN or len(run.digits) < 2:
        return False
    said = [t.low for t in view.tokens[run.last + 1 : following] if t.word]
    return bool(said) and set(said) <= HESITATIONS and bool(set(said) & TAKEN_BACK)


def _and_for(view: DialogueView, run: Run) -> bool:
    """ "I've got 418 Larkspur Loop for you, sir, and 422 for Ms. Field"."""
    begin, end = view.bounds[run.turn]
    before = view.tokens[run.first - 1].low if run.first > begin else ""
    after = view.tokens[run.last + 1].low if run.last + 1 < end else ""
    return before == "and" and after == "for" and len(run.digits) >= 3


def _beside(view: DialogueView, run: Run) -> bool:
    begin, end = view.bounds[run.turn]
    tokens = view.tokens
    if run.first == begin or tokens[run.first - 1].low not in ("at", "number"):
        return False
    if (
        tokens[run.first - 1].low == "number"
        and run.first - 2 >= begin
        and tokens[run.first - 2].low in ("case", "phone", "a", "the")
    ):
        return False
    around = {t.low for t in tokens[max(begin, run.first - 10) : min(end, run.last + 8)]}
    return bool(around & _NEXT)


def _next_door(view: DialogueView, run: Run) -> bool:
    end = view.bounds[run.turn][1]
    after = [t.low for t in view.tokens[run.last + 1 : min(end, run.last + 5)] if t.word]
    return after[:2] in (["next", "door"], ["across", "the"], ["across", "from"], ["down", "the"], ["up", "the"])


def _like_time(run: Run) -> bool:
    """ "nine thirty", "8", "six fifteen": rather a time of day. "one forty-four" is rather a door."""
    digits = run.digits
    if len(digits) <= 2:
        return int(digits) <= 12 and not run.written
    if len(digits) > 4:
        return False
    return 1 <= int(digits[:-2]) <= 12 and int(digits[-2:]) < 60 and int(digits[-2:]) % 5 == 0


def corrected(view: DialogueView, turn: int, spans: list[Span], endings: frozenset[str]) -> list[Span]:
    """ "Seven Mill Close, sorry, Court"; "eight three six eight six, or eight seven"; "unit d, i mean b as in boy"."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    runs = {run.first: run for run in runs_by_turn(view).get(turn, ())}
    more: list[Span] = []
    for _, last, _, reason in spans:
        if last >= end:
            continue
        place = last + 1
        words: list[str] = []
        while (
            place < end
            and place - last <= 8
            and (
                not tokens[place].word
                or tokens[place].low
                in _CORRECTS | {"i", "think", "uh", "um", "that", "it", "it's", "its", "is", "excuse", "me", "oh"}
            )
        ):
            if tokens[place].word:
                words.append(tokens[place].low)
            place += 1
        if place >= end or not set(words) & _CORRECTS:
            continue
        token = tokens[place]
        run = runs.get(place)
        ended = tokens[last].low in endings or reason == "a street"
        if token.low in endings and ended and (not view.cased or token.upper):
            more.append((place, place, 0.7, "puts the street right"))
        elif (
            run is not None
            and not run.letters
            and len(run.digits) <= MAX_DIGITS
            and numbered(tokens[last].low)
            and not _measured(view, run)
        ):
            more.append((place, run.last, 0.6, "puts a number of the address right"))
        elif (
            len(token.low) == 1 and token.low.isalpha() and as_in(tokens, place, end) > place and reason != "the language model"
        ):
            more.append((place, as_in(tokens, place, end), 0.6, "puts a letter of the address right"))
    return more


def numbered(low: str) -> bool:
    return low.isdigit() or low in UNITS or low in TENS
