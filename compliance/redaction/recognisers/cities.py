"""Cities, counties and states in what people say; what the model takes for a place."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.calendar_words import MONTHS, WEEKDAYS
from compliance.redaction.recognisers.doors import DWELL, HOMES
from compliance.redaction.recognisers.house_numbers import numeral
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.words import (
    BARE_UNITS,
    BRANDS,
    DIRECTIONS,
    EPONYM_NOUNS,
    EPONYMS,
    NATIONS,
    NOT_CITIES,
    ORG_WORDS,
    STATE_CODES,
    STATES,
    STREETS,
    TITLES,
    UNIT_WORDS,
)
from compliance.redaction.view import DialogueView, Token

PLACE_BEFORE = frozenset(
    """in from near to at outside around of through toward towards into leaving left for visiting by between and live
    lives living called town city downtown""".split()
)
SURE_BEFORE = frozenset("in from near outside to around downtown".split())
PARTS = frozenset("central greater inner outer downtown northern southern eastern western north south east west upper lower mid".split())
# "the county road", "a main street": roads in general.
_GENERIC = frozenset("county state country rural public main side back dirt gravel service access private".split())
MONEY = frozenset("foot feet inch inches miles yards pounds acres dollars dollar cents percent o'clock minutes hours weeks months years".split())
PLAIN_PLACES = frozenset(
    """bed there here pain shock labor trouble jail court school church work town college prison surgery hospital rehab hospice
    home traffic charge front back between place time person case fact general order addition private public line love debt
    half writing english spanish cash black white green red need sight good bad common particular full part custody tears
    detention remission recovery triage emergency transition treatment therapy training service office storage reading normal
    power mobile defiance hazard effort price protection equality commerce independence enterprise""".split()
)


# "Painted Mesa Home Health", "riverbend family medicine".
_PRACTICES = [["home", "health"], ["home", "care"], ["family", "medicine"], ["family", "practice"], ["family", "health"], ["internal", "medicine"]]
# "Fairfax City" and one of these is a body or a building.
_OF_A_CITY = frozenset(
    """hall manager council councilman councilmember clerk attorney government staff schools budget charter code limits taxes officials
    employees fire water works ordinance residents planning""".split()
)
HOSPITALS = frozenset("general hospital memorial regional medical clinic university".split())


def _called_city(view: DialogueView, last: int, end: int) -> bool:
    """ "Fairfax City", which is no "Fairfax City Council" and no "inner city"."""
    tokens = view.tokens
    if last + 1 >= end or tokens[last + 1].low != "city" or view.cased and not tokens[last + 1].upper:
        return False
    after = tokens[last + 2].low if last + 2 < end else ""
    return tokens[last].low not in lexicon().common and after not in ORG_WORDS and after not in _OF_A_CITY


def city_at(view: DialogueView, place: int, end: int) -> int | None:
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
            return last + 1 if _called_city(view, last, end) else last
    # "St. Louis", "Ft. Worth"
    if (
        tokens[place].low in ("st", "ft", "mt")
        and place + 2 < end
        and tokens[place + 1].text == "."
        and tokens[place + 2].upper
    ):
        owned = place + 3 < end and tokens[place + 3].text == "'s"  # "out of St. Bride's": a hospital or a church
        return None if owned and not (place + 4 < end and tokens[place + 4].upper) else place + 2
    if tokens[place].low in names.counties and place + 1 < end and tokens[place + 1].low in ("county", "parish"):
        return place + 1
    return None


def cities(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    names = lexicon()
    spans: list[Span] = []
    place = begin
    while place < end:
        if not tokens[place].word:
            place += 1
            continue
        last = city_at(view, place, end)
        if last is None:
            place += 1
            continue
        phrase = " ".join(t.low for t in tokens[place : last + 1])
        state = state_after(tokens, last + 1, end)
        before = tokens[place - 1].low if place > begin else ""
        sure = state is not None or tokens[last].low in ("county", "parish") or last > place and tokens[last].low == "city"
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
                    and (before in PLACE_BEFORE or before in PARTS and not ordinary and not person)
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
                dwelt = bool(DWELL & near) or bool(close & {"is", "was", "stuck", "out", "back", "over", "down", "up"})
                sure = (
                    (before in SURE_BEFORE or before == "at" and not single and (follows is None or follows.low not in ORG_WORDS))
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
        if sure and tokens[last].low in ("county", "parish") and follows is not None and follows.low in ORG_WORDS:
            sure = follows.low in ("street", "road", "avenue", "line", "records")  # "Kings County Hospital"
        if sure and follows is not None and not view.cased and follows.low in HOSPITALS and state is None:
            sure = False  # "to clearwater general"
        if sure and follows is not None and follows.low in EPONYM_NOUNS:
            sure = False
        if sure and state is None and [t.low for t in tokens[last + 1 : last + 3]] in _PRACTICES:
            sure = False
        if sure and phrase not in STATES and (phrase not in NATIONS or state is not None):
            until = last
            if state is not None:
                until = state
            spans.append((place, until, 0.7, "a city or county"))
            place = until + 1
        else:
            place = last + 1
    return spans


def state_after(tokens: list[Token], place: int, end: int) -> int | None:
    """The last token of a state that follows a city, perhaps after a comma."""
    if place < end and tokens[place].text == ",":
        place += 1
    for length in (2, 1):
        if place + length <= end and " ".join(t.low for t in tokens[place : place + length]) in STATES:
            return place + length - 1
    if place < end and tokens[place].text.isupper() and tokens[place].low in STATE_CODES:
        if tokens[place].low == "ok" and not (place + 1 < end and tokens[place + 1].low.isdigit()):
            return None  # "Brilliant, OK then"
        return place
    return None


# "the savings account at Ozark Farmers", "a policy with Heartland"
_AT_A_FIRM = frozenset("account accounts policy policies insured loan card checking savings mortgage".split())
_EDGES = frozenset("uh um er i guess good wait showing yeah okay ok no yes think so then just well like but this that the of".split())


def _edge(view: DialogueView, token: Token) -> bool:
    """Whether the model took a word too many at the edge of a place."""
    if token.low in _EDGES:
        return True
    lower = view.cased and not token.upper and token.low.isalpha() and len(token.low) > 1
    return lower and not (numeral(token) or token.low in STREETS | UNIT_WORDS | DIRECTIONS | BARE_UNITS or token.low in ("half", "floor", "rear", "hundred"))


def weighed(view: DialogueView, first: int, last: int) -> list[tuple[int, int, float, str]]:
    """The model's places, without what cannot be private: states, nations, firms, plain words, times and sums."""
    tokens = view.tokens
    while first <= last and _edge(view, tokens[first]):
        first += 1
    while last >= first and _edge(view, tokens[last]):
        last -= 1
    if first > last or tokens[first].low in TITLES and not any(map(numeral, tokens[first : last + 1])):
        return []
    if {t.low for t in tokens[max(view.bounds[tokens[first].turn][0], first - 3) : first]} & _AT_A_FIRM:
        return []
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
    if all(t.low in STREETS or t.low in _GENERIC for t in words):
        return []
    street = any(t.low in STREETS for t in words)
    numbers = [t for t in words if numeral(t)]
    if len(numbers) == len(words):
        return []
    plain = [t for t in words if not numeral(t)]
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


def repeated(
    view: DialogueView, by_turn: dict[int, list[tuple[int, int, float, str]]]
) -> list[tuple[int, tuple[int, int, float, str]]]:
    """Streets and towns that were named once, wherever they are named again."""
    names = lexicon()
    known: set[str] = set()
    taken: set[int] = set()
    for spans in by_turn.values():
        for first, last, _, reason in spans:
            taken.update(range(first, last + 1))
            for token in view.tokens[first : last + 1]:
                low = token.low
                if (
                    (len(low) >= 4 or len(low) == 3 and view.cased and token.upper and reason == "a town with its state")
                    and low.isalpha()
                    and low not in STREETS | UNIT_WORDS | DIRECTIONS | STATES
                    and not numeral(token)
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
