"""Where two streets meet: "redwood and sixty second", "the light at Mercer and Vine"."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.calendar_words import MONTHS, ORDINAL_DIGITS, ORDINALS, SMALL_ORDINALS, WEEKDAYS
from compliance.redaction.recognisers.dates import NOUNS_AFTER
from compliance.redaction.recognisers.house_numbers import numeral
from compliance.redaction.recognisers.medical import BODY
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.recognisers.words import BRANDS, KIN, NATIONS, ORG_WORDS, STREET_STOP, STREETS, TITLES
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS

_BEFORE = frozenset("at on by near of off is it's its him her them to from past between between".split())
# Words of streets, traffic and places to wait: near them "X and Y" is a crossing.
_TRAFFIC = frozenset(
    """corner intersection light stop lights crossing crosswalk intersects parking parked lot bus car truck van cab driver drove
    driving turned turn block blocks crash collision accident crashed traffic stopped curb street streets bridge garage laundromat
    station gas pharmacy store deli bodega signal exit cross pickup pick drop dropped ramp roundabout pulled patrol""".split()
)
_SURE = frozenset(["corner", "intersection", "crossing", "cross"])
_NOT_STREETS = frozenset(
    """home work school night day noon midnight left right front back top bottom top side sides inside outside upstairs downstairs
    mom dad mama papa everybody everyone somebody time times sales fire water gas oil salt pepper bed board breakfast lunch dinner
    supper rest ice heat weekends weekdays holidays evenings mornings afternoons mouth hand hands foot feet fire police ems arrival
    departure red green yellow amber signs signals brakes gas clutch seat belt phone radio lights horn first last food drinks
    coffee tea beer wine family friends kids children neighbors people work play video audio camera tape paper ink thursdays""".split()
)
MAX_WORDS = 2


def crossings(view: DialogueView, turn: int) -> list[Span]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    for place in range(begin + 1, end - 1):
        if tokens[place].low not in ("and", "&"):
            continue
        right = _street(view, place + 1, end)
        left = _street_before(view, place - 1, begin)
        if right is None or left is None:
            continue
        last, right_ordinal = right
        first, left_ordinal = left
        if left_ordinal and right_ordinal:
            continue
        before = tokens[first - 1].low if first > begin else ""
        around = {t.low for t in tokens[max(begin, first - 12) : first]} | {
            t.low for t in tokens[last + 1 : min(end, last + 8)]
        }
        cross = _cross_asked(view, turn)
        traffic = around & _TRAFFIC
        if not (before in _BEFORE or cross and (first - begin <= 4)):
            continue
        if left_ordinal or right_ordinal:
            good = cross or bool(traffic) or before in ("at", "by", "near", "of", "off", "on") or _address_talk(view, turn)
        else:
            sure = cross or {t.low for t in tokens[max(begin, first - 4) : first]} & _SURE
            named = _name_like(tokens, first, place) and _name_like(tokens, place + 1, last + 1)
            known_people = view.cased and all(t.low in lexicon().frequent_first for t in (tokens[first], tokens[last]))
            good = bool(sure) or bool(traffic) and before in ("at", "on", "by", "near", "off") and named and not known_people
        if good:
            spans.append((first, last, 0.65, "a crossing"))
    return [*spans, *_lights(view, turn)]


def _lights(view: DialogueView, turn: int) -> list[Span]:
    """ "the light at Central", "the stop sign on alder": one street is named."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    for place in range(begin + 1, end - 1):
        low = tokens[place - 1].low
        if tokens[place].low not in ("at", "on") or low not in ("light", "lights", "sign", "intersection", "corner", "roundabout"):
            continue
        if low == "sign" and (place - 2 < begin or tokens[place - 2].low not in ("stop", "yield")):
            continue
        street = _street(view, place + 1, end)
        if street is not None and tokens[place + 1].low not in ("all", "least"):
            spans.append((place + 1, street[0], 0.55, "a street, by the words before it"))
    return spans


def _address_talk(view: DialogueView, turn: int) -> bool:
    return any(q.kind == "address" and q.distance <= 2 for q in asked(view, turn))


def _cross_asked(view: DialogueView, turn: int) -> bool:
    for past in (turn - 1, turn - 2):
        if past >= 0:
            begin, end = view.bounds[past]
            tail = view.tokens[max(begin, end - 20) : end]
            if any(
                a.low in ("cross", "crossing", "nearest")
                and b.low in ("street", "streets")
                or a.low in ("intersection", "corner")
                for a, b in zip(tail, [*tail[1:], *tail[-1:]], strict=True)
            ):
                return True
    return any(
        hit.kind == "address" and view.tokens[hit.last].low in ("corner", "intersection")
        for hit in hits_by_turn(view).get(turn, ())
    )


def _name_like(tokens: list[Token], first: int, end: int) -> bool:
    names = lexicon()
    return all(
        t.low in names.last_names or t.low not in names.common or t.low in names.cities for t in tokens[first:end] if t.word
    )


def _street(view: DialogueView, place: int, end: int) -> tuple[int, bool] | None:
    """A street's name that begins here: its last token, and whether it is a number."""
    tokens = view.tokens
    token = tokens[place]
    last = ordinal_end(tokens, place, end)
    if last is not None:
        after = tokens[last + 1].low if last + 1 < end else ""
        return None if after in NOUNS_AFTER and after not in ("street", "avenue") else (last, True)
    if not _candidate(view, token):
        return None
    last = place
    if last + 1 < end and tokens[last + 1].low in STREETS and (not view.cased or tokens[last + 1].upper):
        return last + 1, False
    following = tokens[last + 1] if last + 1 < end else None
    if following is not None and following.word and not view.cased:
        free = following.low in STREET_STOP or following.low in STREETS or following.low in (token.low, view.tokens[place - 2].low)
        free = free or following.low in ("near", "please", "downtown", "thanks", "would", "can", "after", "before", "somebody")
        if not free:
            return None
    if following is not None and view.cased and following.upper and following.word:
        return None
    return last, False


def _street_before(view: DialogueView, place: int, begin: int) -> tuple[int, bool] | None:
    tokens = view.tokens
    for first in (place - 2, place - 1, place):
        if first >= begin and ordinal_end(tokens, first, place + 1) == place:
            return first, True
    token = tokens[place]
    if token.low in STREETS and place > begin and _candidate(view, tokens[place - 1]):
        return place - 1, False
    if not _candidate(view, token):
        return None
    first = place
    if first > begin and tokens[first - 1].low not in _BEFORE and _candidate(view, tokens[first - 1]) and view.cased:
        first -= 1
    return first, False


def ordinal_end(tokens: list[Token], place: int, end: int) -> int | None:
    low = tokens[place].low
    if low in ORDINALS or ORDINAL_DIGITS.fullmatch(low) or low[:-2].isdigit() and low[-2:] in ("st", "nd", "rd", "th"):
        return place
    if low in TENS:
        step = place + 1
        if step < end and tokens[step].text == "-":
            step += 1
        if step < end and tokens[step].low in SMALL_ORDINALS:
            return step
    return place if low in ("sixtieth", "fortieth", "fiftieth", "seventieth", "eightieth", "ninetieth", "hundredth") else None


def _candidate(view: DialogueView, token: Token) -> bool:
    low = token.low
    if not low.isalpha() or len(low) < 3 or view.cased and not token.upper:
        return False
    refused = STREET_STOP | _NOT_STREETS | KIN | TITLES | MONTHS | WEEKDAYS | NATIONS | BRANDS | BODY
    firm = low in ORG_WORDS and low not in _STREET_ORGS
    return not (low in refused or firm or low in lexicon().drugs or numeral(token))


_STREET_ORGS = frozenset(
    "lake river valley park bridge union market college church bay mountain forest state center spring".split()
)
