"""Towns by grammar: whatever the word is, a state, a ZIP code or a question for the town says what it names."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.recognisers.calendar_words import MONTHS, WEEKDAYS
from compliance.redaction.recognisers.cities import PLAIN_PLACES, city_at, state_after
from compliance.redaction.recognisers.delivery import address_open
from compliance.redaction.recognisers.house_numbers import numeral
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.words import (
    BRANDS,
    DIRECTIONS,
    KIN,
    NATIONS,
    ORG_WORDS,
    STATES,
    STREET_STOP,
    STREETS,
    TITLES,
    UNIT_WORDS,
)
from compliance.redaction.view import DialogueView, Token

_BEFORE = frozenset("in from near outside to around of by called through at visit visiting left".split())
# What may stand before a state and is no town: "northern Michigan", "the great state Texas".
_NO_TOWN = frozenset(
    """northern southern eastern western central upstate downstate rural coastal north south east west northeast northwest
    southeast southwest state states greater lower upper middle new like maybe also plus either both actually license licence
    plate plates law court statute bar medicaid resident id department board university college district appeals supreme federal
    originally here there today sir ma'am well somewhere anywhere police trooper medical nursing insurance republic nation home
    mid across miss code penal revised annotated because when while since until after before during not only just
    even still back down up over out all part parts most rest side""".split()
)
_DWELT = frozenset(
    """live lives living lived stay stays staying stayed move moved moving born raised grew house place apartment trailer farm ranch home
    cabin mail post found settled relocated based office store shop yard church buried funeral school camp town city property
    land out over down up back drove driving""".split()
)
_ASKS = frozenset(["town", "city", "village", "borough", "municipality", "township", "hometown"])
_ASKING = frozenset("what which name and is your same in the".split())
_FILLERS = frozenset(
    """uh um er well it's its that's thats oh just so in near outside the town city of is by like yeah yes no and i'm im we're were
    still now over out called""".split()
)
_NO_ANSWER = frozenset(
    """yeah yes no nope okay ok right sure same here there home correct exactly what sorry pardon i i'm you we he she they don't dont
    not know why hang hold let me my same good great fine thanks thank mm hmm uh um one two do does did and but so how when where who zip doc mine""".split()
)
_JOINS = frozenset(["or", "in", "on", "of", "the", "by", "la", "le", "de", "du", "y", "del"])
MAX_TOWN_WORDS = 3


def plain_town(token: Token) -> bool:
    """A word that could name a town if grammar says so."""
    low = token.low
    return (
        token.word
        and low.isalpha()
        and len(low) > 1
        and low not in STREET_STOP
        and low not in _NO_TOWN
        and low not in STATES
        and low not in NATIONS
        and low not in MONTHS
        and low not in WEEKDAYS
        and low not in TITLES
        and low not in UNIT_WORDS
        and low not in STREETS
        and not numeral(token)
    )


def town_before(view: DialogueView, after: int, begin: int) -> int | None:
    """The first token of the town whose words end before ``after`` (a state or a ZIP code); a comma may stand between."""
    tokens = view.tokens
    last = after - 1
    comma = last >= begin and tokens[last].text == ","
    if comma:
        last -= 1
    first = last + 1
    while first > begin and last - first + 1 < MAX_TOWN_WORDS * 2:
        token = tokens[first - 1]
        if token.text == "-" and first <= last and first - 2 >= begin and tokens[first - 2].end == token.start:
            first -= 1
            continue
        if view.cased:
            joined = token.low in _JOINS and first <= last and first - 2 >= begin and tokens[first - 2].upper
            joined = joined and not token.first and tokens[first].upper and tokens[first - 2].low not in _FILLERS
            if not joined and not (plain_town(token) and token.upper):
                break
        elif not plain_town(token) or last - first + 1 >= 2 or token.low in KIN:
            break
        first -= 1
    while first <= last and not plain_town(tokens[first]):
        first += 1
    return first if first <= last else None


def towns(view: DialogueView, turn: int) -> list[Span]:
    found = [*_with_state(view, turn), *_with_zip(view, turn), *_dwelt_in(view, turn), *_named_towns(view, turn)]
    return found + _after_street(view, turn)


def _after_street(view: DialogueView, turn: int) -> list[Span]:
    """A turn that begins "in Sunny Lake" while an address is given."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    first = begin
    while first < end and (
        not tokens[first].word or tokens[first].low in ("and", "that's", "thats", "it's", "its", "over", "out", "yes")
    ):
        first += 1
    if (
        first + 1 >= end
        or first - begin > 4
        or tokens[first].low not in ("in", "outside", "near")
        or not (address_open(view, turn) or _street_said(view, turn))
    ):
        return []
    first += 1
    last = first - 1
    while last + 1 < end and last - first < MAX_TOWN_WORDS - 1 and plain_town(tokens[last + 1]):
        token = tokens[last + 1]
        if (
            view.cased
            and not token.upper
            or token.low in PLAIN_PLACES
            or token.low in _NO_ANSWER
            or token.low in ORG_WORDS - {"lake"}
        ):
            break
        last += 1
    if (
        last < first
        or last + 1 < end
        and tokens[last + 1].word
        and not (
            tokens[last + 1].low in STREET_STOP | _NO_ANSWER or numeral(tokens[last + 1]) or state_after(tokens, last + 1, end)
        )
    ):
        return []
    known = view.cased or city_at(view, first, end) is not None or _street_said(view, turn)
    return [(first, last, 0.6, "a town after its street")] if known else []


def _street_said(view: DialogueView, turn: int) -> bool:
    """Whether one of the two turns before says a street's ending and a number."""
    for past in (turn - 1, turn - 2):
        if past >= 0 and any(t.low in STREETS for t in view.turn_tokens(past)) and any(map(numeral, view.turn_tokens(past))):
            return True
    return False


def _with_state(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    runs = {run.first: run for run in runs_by_turn(view).get(turn, ())}
    spans: list[Span] = []
    for place in range(begin + 1, end):
        if not tokens[place].word or place > begin and tokens[place].text == ",":
            continue
        state = state_after(tokens, place, end)
        if state is None or state - place > 1 or view.cased and not tokens[place].upper:
            continue
        if place > begin and f"{tokens[place - 1].low} {tokens[place].low}" in STATES:
            continue
        first = town_before(view, place, begin)
        if first is None:
            continue
        said = [t.low for t in tokens[first:place] if t.word]
        run = runs.get(state + 1) or runs.get(state + 2)
        zipped = run is not None and len(run.digits) in (5, 9) and not run.letters
        prior = tokens[first - 1].low if first > begin else ""
        comma = tokens[place - 1].text == ","
        if any(w in ORG_WORDS for w in said) and not zipped and not (prior in _BEFORE and comma):
            continue
        single = len(said) == 1
        if single and said[0] in names.frequent_first and not (zipped or prior in ("in", "from", "near", "outside")):
            continue
        code = len(tokens[state].text) == 2 and tokens[state].text.isupper()
        if code and not (zipped or prior in ("in", "from", "near", "outside") or city_at(view, first, end) is not None):
            continue  # "Dr. Adeyemi, MD"
        if view.cased:
            ordinary = tokens[first].first and single and said[0] in names.common
            # "Why, Arizona." is a sentence of its own; "Yes, Texas." begins with no town.
            whole = comma and tokens[first].first and said[0] not in _INTERJECTIONS and _closes(tokens, state, end)
            spoken_of = zipped or prior in _BEFORE or whole or comma and not ordinary and _town_asked(view, turn)
            unknown = (
                comma and single and not tokens[first].first and tokens[place].low not in ("georgia", "virginia", "washington")
            )
            if not (spoken_of or unknown and prior in ("", ",", "is", "was", "it's", "that's", ".")):
                continue
        elif (
            not zipped
            and prior not in ("in", "from", "near", "outside", "to", "around")
            and not (prior in ("its", "it's", "is", "thats", "that's", "in", "") and _town_asked(view, turn))
            and not (prior == "" and state + 1 == end and not set(said) & _NO_ANSWER and address_open(view, turn))
        ):
            continue
        spans.append((first, state, 0.75, "a town with its state"))
    return spans


_INTERJECTIONS = frozenset(
    """yes no well okay ok sorry sure right so then oh maybe yeah yep nope hi hello hey good great thanks please sir doctor absolutely
    actually usually eventually finally fine listen look see wow anyway originally correct both first second next""".split()
)


def _closes(tokens: list[Token], last: int, end: int) -> bool:
    return last + 1 >= end or tokens[last + 1].text in ".?!,"


def _with_zip(view: DialogueView, turn: int) -> list[Span]:
    """ "Comfort, 78013": a word before five digits where an address is said, or that are all of a sentence."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    for run in runs_by_turn(view).get(turn, ()):
        if len(run.digits) != 5 or run.letters or run.first <= begin:
            continue
        if state_after(tokens, begin, end) in (run.first - 1, run.first - 2):
            spans.append((begin, run.last, 0.7, "a state with its ZIP code"))  # the town ended the turn before
            continue
        first = town_before(view, run.first, begin)
        if first is None:
            continue
        known = city_at(view, first, end)
        alone = first == begin or tokens[first].first
        alone = alone and (run.last + 1 >= end or tokens[run.last + 1].text in ".?!")
        if known is not None and known >= run.first - 2 and (alone or _town_asked(view, turn)):
            spans.append((first, run.last, 0.7, "a town with its ZIP code"))
    return spans


def _dwelt_in(view: DialogueView, turn: int) -> list[Span]:
    """ "moved out to Surprise", "found it in cashmere": after words for living and finding, whatever the word is."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    for place in range(begin, end - 1):
        low = tokens[place].low
        if low not in ("in", "from", "near", "outside", "by", "to", "of") or view.cased and tokens[place].upper and low == "by":
            continue
        near = {t.low for t in tokens[max(begin, place - 7) : place]}
        before = tokens[place - 1].low if place > begin else ""
        aside = before in ("out", "over", "down", "up", "back")
        if low == "by" and not aside or low == "to" and not near & {"moved", "move", "moving", "relocated"}:
            continue
        if low == "of" and before not in ("town", "city", "village", "outside"):
            continue
        if not (aside or near & _DWELT or low == "of"):
            continue
        first = place + 1
        if not plain_town(tokens[first]) or tokens[first].low in PLAIN_PLACES:
            continue
        last = first
        if view.cased:
            if not tokens[first].upper or tokens[first].text.isupper() and len(tokens[first].text) < 5:
                continue
            while last + 1 < end and (tokens[last + 1].upper and tokens[last + 1].word or _hyphened(tokens, last, end)):
                last += 1
        else:
            known = city_at(view, first, end)
            if known is None or tokens[first].low not in names.ordinary and known == first:
                continue  # the others are found without this
            last = known
            following = tokens[last + 1] if last + 1 < end else None
            if (
                following is not None
                and following.word
                and not (following.low in STREET_STOP or state_after(tokens, last + 1, end) is not None or numeral(following))
            ):
                continue
            if tokens[first].low in names.common and not near & {
                "found",
                "moved",
                "live",
                "lives",
                "lived",
                "living",
                "born",
                "grew",
            }:
                continue
        said = {t.low for t in tokens[first : last + 1] if t.word}
        if said & (ORG_WORDS | BRANDS | KIN | names.drugs) or "'s" in said or said & EPISODES:
            continue
        single = sum(t.word for t in tokens[first : last + 1]) == 1
        if single and (
            tokens[first].low in names.frequent_first or low in ("by", "from") and tokens[first].low in names.first_names
        ):
            continue
        if last + 1 < end and tokens[last + 1].text == "'s" and not view.cased:
            continue
        spans.append((first, last, 0.6, "a town, by the words before it"))
    return spans


# Capitalised things people are in that are not towns.
EPISODES = frozenset(
    """spanish english french german russian chinese korean arabic hebrew radiology admissions accounting payroll cardiology oncology
    neurology emergency icu er or hr god jesus christ heaven excel word zoom algebra lord covid""".split()
)


def _hyphened(tokens: list[Token], last: int, end: int) -> bool:
    """Bird-in-Hand."""
    if tokens[last + 1].text == "-" and tokens[last + 1].start == tokens[last].end:
        return last + 2 < end
    return tokens[last].text == "-" and tokens[last + 1].start == tokens[last].end


def _town_asked(view: DialogueView, turn: int) -> bool:
    """Whether one of the last two turns asked for a town or said a street that still lacks one."""
    return address_open(view, turn, 2) or _asks_town(view, turn)


def _asks_town(view: DialogueView, turn: int) -> bool:
    for past in (turn - 1, turn - 2):
        if past < 0:
            return False
        begin, end = view.bounds[past]
        tail = [t for t in view.tokens[max(begin, end - 12) : end] if t.word]
        for number, token in enumerate(tail):
            if token.low in _ASKS:
                before = {t.low for t in tail[max(0, number - 3) : number]}
                if (
                    before & {"what", "which", "what's", "whats", "name"}
                    or len(tail) <= 3
                    or before & {"and", "is"}
                    and len(tail) <= 6
                ):
                    return True
    return False


def _named_towns(view: DialogueView, turn: int) -> list[Span]:
    """The answer to "what town is that?"."""
    if not _asks_town(view, turn):
        return []
    begin, end = view.bounds[turn]
    tokens = view.tokens
    first = begin
    while first < end and (not tokens[first].word or tokens[first].low in _FILLERS):
        first += 1
    if first >= end or first - begin > 6 or tokens[first].low in _NO_ANSWER or numeral(tokens[first]):
        return []
    if view.cased and not tokens[first].upper:
        return []
    last = first
    while last + 1 < end and last - first < MAX_TOWN_WORDS - 1 and tokens[last + 1].word and not numeral(tokens[last + 1]):
        token = tokens[last + 1]
        if token.low in STREET_STOP or token.low in _NO_ANSWER or view.cased and not token.upper:
            break
        if state_after(tokens, last + 1, end) is not None:
            break  # "sheep springs", then "new mexico"
        last += 1
    said = " ".join(t.low for t in tokens[first : last + 1])
    if said in STATES or said in NATIONS or tokens[first].low in ORG_WORDS and first == last or said in DIRECTIONS:
        return []
    if not view.cased and sum(t.word for t in tokens[begin:end]) > 8 and city_at(view, first, end) is None:
        return []
    return [(first, state_after(tokens, last + 1, end) or last, 0.7, "the answer to a question for a town")]
