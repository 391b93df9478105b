"""Where mail goes without a street: rural routes, boxes, county roads; and British postcodes."""

from __future__ import annotations

import re

from compliance.redaction.measures import is_measure
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.house_numbers import number_before, numeral, value_end
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

# Each way to begin a delivery line, as words; "." may stand after single letters. A number must follow.
_ROUTES = tuple(
    tuple(words.split())
    for words in (
        "rural route", "rural delivery", "r r", "rr", "r f d", "rfd", "r d", "highway contract route", "highway contract",
        "h c r", "h c", "hcr", "hc", "star route",
    )
)  # fmt: skip
_BOXES = tuple(
    tuple(words.split())
    for words in (
        "p o box", "po box", "p o b", "pob", "post office box", "post box", "postal box", "p m b", "pmb", "private mailbox",
        "private mail box", "caller box", "general delivery box",
    )
)  # fmt: skip
_ROADS = tuple(
    tuple(words.split())
    for words in (
        "county road", "county route", "county highway", "county trunk highway", "county trunk", "county line road", "state road",
        "state route", "township road", "township highway", "parish road", "forest service road", "forest road", "fire road",
        "farm to market road", "farm to market", "farm road", "ranch to market road", "ranch to market", "ranch road",
        "private road", "town road", "bureau of indian affairs road", "old state road", "old county road", "c r", "cr", "f m", "fm",
    )
)  # fmt: skip
# A place on a road says where somebody is, or lives where houses have no numbers; the road is private beside it.
_MARKERS = tuple(tuple(words.split()) for words in ("mile marker", "mile markers", "mile post", "milepost", "milemarker"))
_NUMBERED_ROADS = tuple(
    tuple(words.split())
    for words in ("state highway", "u s highway", "us highway", "highway", "hwy", "interstate", "us route", "u s route", "route", "rt", "i", "u s", "us")
)
MARKER_REACH = 12
# Too short to be a road by themselves: only with a house number, or where an address was asked for.
_SHORT_ROADS = frozenset([("c", "r"), ("cr",), ("f", "m"), ("fm",)])
_SHORT_ROUTES = frozenset([("r", "r"), ("rr",), ("r", "d"), ("h", "c"), ("hc",), ("h", "c", "r"), ("hcr",)])
_BY_LETTER: dict[str, list[tuple[tuple[str, ...], str]]] = {}
for _kind, _group in (("route", _ROUTES), ("box", _BOXES), ("road", _ROADS)):
    for _words in _group:
        _BY_LETTER.setdefault(_words[0], []).append((_words, _kind))
for _entries in _BY_LETTER.values():
    _entries.sort(key=lambda e: -len(e[0]))
POSTCODE = re.compile(r"[A-Z]{1,2}\d{1,2}[A-Z]?\d[A-Z]{2}")
OUTCODE = re.compile(r"[A-Z]{1,2}\d{1,2}[A-Z]?\d?")
MAX_POSTCODE = 7
# Words of two letters that are no part of a postcode where capitals do not tell.
_SMALL_WORDS = frozenset(
    """am an as at be by cc cm co do eh er go ha he hi hm if im in is it kg la lb ma me mg mi ml mm mr ms my no of oh ok on or oz
    pa pm so to uh um up us we ya ye yo id""".split()
)


def delivery(view: DialogueView, turn: int) -> list[Span]:
    """Rural routes and boxes, roads that have a number for a name."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    open_ = address_open(view, turn)
    place = begin
    while place < end:
        found = _line(view, place, begin, end, open_)
        if found is None:
            place += 1
            continue
        spans.append(found)
        place = found[1] + 1
    for place in range(begin, end):
        if tokens[place].low == "box" and not any(a <= place <= b for a, b, _, _ in spans):
            # "box nineteen" by itself is one where an address is the topic
            last = value_end(tokens, place + 1, end)
            if last is not None and (open_ or any(0 <= place - b <= 6 for _, b, _, _ in spans)):
                spans.append((place, last, 0.7, "a delivery line"))
    return [*spans, *_on_roads(view, turn, open_)]


_ROADS_BEGIN = frozenset(words[0] for words in (*_MARKERS, *_NUMBERED_ROADS))


def _on_roads(view: DialogueView, turn: int, open_: bool) -> list[Span]:
    """ "by mile marker seventy-two", and the road it stands at: "highway four ninety-one", "I-90"."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    markers: list[Span] = []
    roads: list[Span] = []
    for place in range(begin, end):
        if tokens[place].low not in _ROADS_BEGIN:
            continue
        for lines, spans in ((_MARKERS, markers), (_NUMBERED_ROADS, roads)):
            for words in lines:
                last = _words_end(tokens, words, place, end) if tokens[place].low == words[0] else None
                if last is None or spans and spans[-1][1] >= place:
                    continue
                after = last + 1
                while after < end and tokens[after].text == "-":
                    after += 1
                number = value_end(tokens, after, end)
                if number is not None and any(numeral(t) or t.low[0].isdigit() for t in tokens[after : number + 1]):
                    spans.append((place, number, 0.8, "a place on a road"))
                    break
    markers = [s for s in markers if not _measured_after(tokens, s[1], end)]
    beside = [
        (first, last, score, "a numbered road")
        for first, last, score, _ in roads
        if any(-MARKER_REACH <= first - m_last <= MARKER_REACH for _, m_last, _, _ in markers)
    ]
    return _put_together(tokens, sorted([*markers, *beside]))


def _put_together(tokens: list[Token], spans: list[Span]) -> list[Span]:
    """ "mile marker four on route thirteen" is one place."""
    made: list[Span] = []
    for span in spans:
        if made and span[0] - made[-1][1] == 2 and tokens[span[0] - 1].low in ("on", "of", "off", "along", "near", "at", "by"):
            before = made.pop()
            span = (before[0], span[1], before[2], "a place on a road")
        made.append(span)
    return made


def _line(view: DialogueView, place: int, begin: int, end: int, open_: bool) -> Span | None:
    tokens = view.tokens
    for words, kind in _BY_LETTER.get(tokens[place].low, ()):
        last = _words_end(tokens, words, place, end)
        if last is None:
            continue
        after = last + 1
        if after < end and tokens[after].text == ",":
            after += 1
        number = value_end(tokens, after, end)
        if number is None:
            continue
        short = words in _SHORT_ROADS or words in _SHORT_ROUTES
        box = _box_end(tokens, number, end) if kind == "route" else None
        if short and not (open_ or box is not None):
            continue
        if kind == "road" and _measured_after(tokens, number, end):
            continue
        first = place
        if kind == "road":
            first = number_before(view, place, begin)
        return first, box if box is not None else number, 0.85, "a delivery line" if kind != "road" else "a numbered road"
    return None


def _words_end(tokens: list[Token], words: tuple[str, ...], place: int, end: int) -> int | None:
    position = place
    for number, word in enumerate(words):
        if number and position < end and tokens[position].text in (".", "-"):
            position += 1
        if position >= end or tokens[position].low != word:
            return None
        position += 1
    if len(words[-1]) <= 2 and position < end and tokens[position].text == ".":
        return position
    return position - 1


def _box_end(tokens: list[Token], number: int, end: int) -> int | None:
    step = number + 1
    while step < end and (tokens[step].text in (",", ".", "-") or tokens[step].low in ("uh", "um", "and", "it's", "its")):
        step += 1
    if step < end and tokens[step].low in ("box", "mailbox"):
        return value_end(tokens, step + 1, end)
    return None


def _measured_after(tokens: list[Token], number: int, end: int) -> bool:
    return number + 1 < end and tokens[number + 1].low in ("miles", "mile", "percent", "crews", "workers")


def address_open(view: DialogueView, turn: int, reach: int = 3) -> bool:
    """Whether an address was asked for in the turns before."""
    return any(q.kind == "address" and q.direct and q.distance <= reach for q in asked(view, turn))


def postcodes(view: DialogueView, turn: int) -> list[Span]:
    """ "SW16 6JT", "SW sixteen six JT", and in lower case "s w sixteen six j t"; halves of one where it was asked for."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    spans: list[Span] = []
    open_ = address_open(view, turn, 2)
    place = begin
    while place < end:
        last = _postcode_end(view, place, end, open_)
        if last is None:
            place += 1
            continue
        spans.append((place, last, 0.8, "a postcode"))
        place = last + 1
    return [s for s in spans if s[1] > s[0] or POSTCODE.fullmatch(tokens[s[0]].text.upper())]


def _postcode_end(view: DialogueView, place: int, end: int, open_: bool) -> int | None:
    tokens = view.tokens
    if not tokens[place].text[0].isalpha() or not _piece(view, tokens[place], True):
        return None
    said = ""
    best = None
    for step in range(place, min(end, place + 9)):
        token = tokens[step]
        if token.text in (",", "-", ".") and said:
            continue
        if is_measure(view, token):
            break  # "r one ninety q r s"
        piece = _piece(view, token, not any(c.isdigit() for c in said))
        if piece is None:
            break
        said += piece
        if len(said) > MAX_POSTCODE:
            break
        if (
            POSTCODE.fullmatch(said)
            or open_
            and best is None
            and len(said) >= 3
            and OUTCODE.fullmatch(said)
            and _stands_alone(tokens, place, step, end)
        ):
            best = step
    return best


def _stands_alone(tokens: list[Token], place: int, last: int, end: int) -> bool:
    first = place == 0 or tokens[place - 1].turn != tokens[place].turn or not tokens[place - 1].word or tokens[place].upper
    return first and (last + 1 >= end or tokens[last + 1].text == ".") and last > place


def _piece(view: DialogueView, token: Token, before_digits: bool) -> str | None:
    low = token.low
    if low in UNITS and low != "o":
        return str(UNITS[low])
    if low in TENS:
        return str(TENS[low])
    if low.isdigit() and len(low) <= 3:
        return low
    if low.isalpha() and len(low) <= 2:
        if len(low) == 2 and (
            low in _SMALL_WORDS and not (token.text.isupper() and before_digits) or view.cased and not token.text.isupper()
        ):
            return None
        if view.cased and not token.upper:
            return None
        return low.upper()
    if view.cased and token.text.isupper() and re.fullmatch(r"[A-Z]{1,2}\d{1,2}[A-Z]?|\d[A-Z]{2}", token.text):
        return token.text
    if not view.cased and re.fullmatch(r"[a-z]{1,2}\d{1,2}[a-z]?|\d[a-z]{2}", low):
        return low.upper()
    return None
