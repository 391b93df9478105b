"""E-mail addresses, web addresses, IP and hardware addresses: written ("j@x.org") and spoken ("j at x dot org")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import REPEATS, TENS, UNITS

TLDS = frozenset(
    """com org net edu gov mil io us co uk app me info biz health law ca de dev eu fr au nz ie in site online store shop
    tech email cloud care clinic legal club live news pro tv xyz int museum name mobi so ai gg ly link page""".split()
)
_TLD = "|".join(sorted(TLDS, key=len, reverse=True))
EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63} ?@ ?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
WEB = re.compile(
    rf"(?:https?|ftp)://[^\s<>\"]{{1,500}}|www\.[^\s<>\"]{{1,500}}"
    rf"|(?<![\w@.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,62}})\.){{1,5}}(?:{_TLD})(?![\w-])(?:[:/][^\s<>\"]{{0,300}})?",
    re.IGNORECASE,
)
IPV4 = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)(?:/\d{1,2}|:\d{2,5})?"
)
IPV6 = re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6}(?![\w:])")
MAC = re.compile(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])")
TRAILING = ".,;:!?)]}'\""

# Words that end an address when walking back from "at" or "dot": what people say before it, not in it.
STOP = frozenset(
    """it it's its is are was at the to me my mine mine's that that's thats an a email e-mail mail address be yes yeah yep
    sure okay ok so or for from you can use send would will i'm im i we he she they under says said reach his her their
    our your website site page portal on in go visit link look called of if by with this and online also try just
    one's hers theirs which here there got have has had him them us do does did not no oh um uh er what about
    forward emailed e mails emails write wrote him's log logged sign upload register through via called's best account
    works contact spelled all lower case word lowercase same now then well let's lets actually but because
    right correct old new personal work home school business gonna going want like think guess probably mean where
    when see saw still over per case put down as tell told give gave ask text name username user's""".split()
)
JOINED = frozenset("dot underscore dash hyphen period point plus minus".split())
PROVIDERS = frozenset(
    """gmail hotmail yahoo outlook icloud aol protonmail proton comcast verizon msn live ymail earthlink sbcglobal att
    fastmail zoho gmx hushmail rocketmail cox charter bellsouth""".split()
)
NOT_EMAIL_BEFORE_AT = frozenset(
    "look us online find located page me him her them it available here is up log logged site out be".split()
)
MAX_LOCAL, MAX_DOMAIN = 12, 6
# Turns back in which the first part of an address is looked for, and what may stand before the "at" that goes on with it.
LOCAL_TURNS = 3
PAUSES = frozenset("uh um er and then so okay yeah it's its".split())


class InternetRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.EMAIL, PrivateType.URL, PrivateType.IP_ADDRESS, PrivateType.DEVICE_ID)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        for turn in view.turns():
            yield from _written(view, turn)
            yield from _spoken(view, turn)


def _written(view: DialogueView, turn: int) -> Iterable[Finding]:
    text = view.text(turn)
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.EMAIL, 1.0, "an e-mail address", match.group().lower())
    if "." in text or ":" in text or "-" in text:
        for match in IPV4.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.IP_ADDRESS, 0.95, "an IP address", match.group())
        for match in IPV6.finditer(text):
            if match.group().count(":") >= 3 and re.search(r"[A-Fa-f]|::|:\d{3}", match.group()):
                yield Finding(turn, *match.span(), PrivateType.IP_ADDRESS, 0.9, "an IPv6 address", match.group())
        for match in MAC.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.DEVICE_ID, 0.9, "a hardware address", match.group())
        for match in WEB.finditer(text):
            end = match.end()
            while end > match.start() and text[end - 1] in TRAILING:
                end -= 1
            yield Finding(turn, match.start(), end, PrivateType.URL, 0.95, "a web address", text[match.start() : end])


def _spoken(view: DialogueView, turn: int) -> Iterable[Finding]:
    begin, end = view.bounds[turn]
    tokens = view.tokens
    place = begin
    email_asked = any(q.kind == "email" and q.distance <= 3 for q in asked(view, turn))
    covered = begin - 1
    while place < end:
        low = tokens[place].low
        if low in ("dot", "point") and place > covered:
            last = _domain_end(tokens, place, end)
            if last is not None:
                first, type_ = _address_start(tokens, place, begin, covered)
                spans = [(first, last)]
                if type_ == PrivateType.EMAIL and tokens[first].low == "at":
                    spans.extend(_broken_local(tokens, first, begin))
                    spans.extend(_local_in_turn_before(view, turn, first))
                for a, b in spans:
                    of = tokens[a].turn
                    value = view.text(of)[tokens[a].start : tokens[b].end].lower()
                    yield Finding(of, tokens[a].start, tokens[b].end, type_, 0.95, "a spoken address", value)
                covered = last
                place = last + 1
                continue
            ip = _spoken_ip(tokens, place, begin, end)
            if ip is not None:
                yield Finding(turn, tokens[ip[0]].start, tokens[ip[1]].end, PrivateType.IP_ADDRESS, 0.9, "a spoken IP address")
                covered = ip[1]
                place = ip[1] + 1
                continue
        if low in PROVIDERS and place > begin and tokens[place - 1].low == "at" and place > covered:
            first = _local_start(tokens, place - 1, begin, covered)
            if first < place - 1:
                yield Finding(
                    turn, tokens[first].start, tokens[place].end, PrivateType.EMAIL, 0.8, "an address at a mail service"
                )
                covered = place
        place += 1
    if email_asked:
        yield from _pieces(view, turn, begin, end)


def _domain_end(tokens: list[Token], dot: int, end: int, labels: int = 4) -> int | None:
    """The last token of the address when a top-level domain follows this "dot" (perhaps after more of them)."""
    place = dot + 1
    if place < end and tokens[place].text in (",", "-", "..."):
        place += 1
    if place >= end or tokens[dot].low == "point":
        return None
    if tokens[place].low in TLDS and not (
        tokens[place].low in ("me", "so", "in", "us", "name", "live", "page") and _talk(tokens, place, end)
    ):
        return _path_end(tokens, place, end)
    spelled = "".join(t.low for t in tokens[place : place + 3] if len(t.low) == 1)
    if spelled[:3] in TLDS:
        return _path_end(tokens, place + 2, end)
    # another label first: "mail dot company dot com"
    step = place
    while step < end and step - place <= 5:
        if tokens[step].low in ("dot", "point"):
            return _domain_end(tokens, step, end, labels - 1) if labels else None
        if tokens[step].low in STOP or not (tokens[step].word or tokens[step].text in "-_"):
            return None
        step += 1
    return None


def _talk(tokens: list[Token], place: int, end: int) -> bool:
    return place + 1 < end and tokens[place + 1].low in ("a", "the", "that", "an", "and", "i", "you")


def _path_end(tokens: list[Token], last: int, end: int) -> int:
    place = last + 1
    while place < end:
        low = tokens[place].low
        if low == "," and place + 1 < end and tokens[place + 1].low in ("slash", "forward", "dot"):
            place += 1
            continue
        if low == "forward" and place + 1 < end and tokens[place + 1].low == "slash":
            place += 1
            continue
        if low in ("slash", "/", "dot", ".", "dash", "hyphen", "underscore", "-", "_", "colon") and place + 1 < end:
            following = tokens[place + 1]
            if low == "." and following.start != tokens[place].end:
                break
            if following.word:
                last = place + 1
                place += 2
                while place < end and (len(tokens[place].low) == 1 and tokens[place].word or _is_number(tokens[place])):
                    last = place
                    place += 1
                continue
        break
    # "slash first day": words that run on until a pause belong to the path where one has begun.
    return last


def _is_number(token: Token) -> bool:
    return token.low in UNITS or token.low in TENS or token.low.isdigit() or token.low in REPEATS


def _address_start(tokens: list[Token], dot: int, begin: int, covered: int) -> tuple[int, str]:
    """Walk left from the first "dot" over the domain; over "at", the rest is an e-mail's local part."""
    place = dot - 1
    steps = 0
    floor = max(begin, covered + 1)
    while place >= floor and steps <= MAX_DOMAIN + 3:
        token = tokens[place]
        if token.low == "at" or token.text == "@" or (token.low == "sign" and tokens[place - 1].low == "at"):
            at = place if token.low != "sign" else place - 1
            before = tokens[at - 1].low if at > floor else ""
            first = _local_start(tokens, at, begin, covered)
            if first == at and before in NOT_EMAIL_BEFORE_AT and before not in ("is", "it", "be", "me", "here"):
                return at + 1, PrivateType.URL
            return first, PrivateType.EMAIL
        if token.low in STOP and token.low not in (
            "work",
            "new",
            "old",
            "home",
            "school",
            "business",
            "personal",
            "case",
            "account",
        ):
            break
        if token.text in (",", "...", "-", "_") or token.word:
            if token.text in (",", "...") and not _short(tokens, place - 1, floor):
                break
        else:
            break
        place -= 1
        steps += 1
    first = place + 1
    while first < dot and not tokens[first].word:
        first += 1
    return first, PrivateType.URL


def _short(tokens: list[Token], place: int, floor: int) -> bool:
    """A letter or digit: a pause inside a spelled address, not the end of a clause."""
    return place >= floor and (
        len(tokens[place].low) == 1 and tokens[place].word or _is_number(tokens[place]) or tokens[place].low in JOINED
    )


def _local_start(tokens: list[Token], at: int, begin: int, covered: int) -> int:
    place = at - 1
    floor = max(begin, covered + 1, at - 3 * MAX_LOCAL)
    first = at
    words = 0
    while place >= floor and words < MAX_LOCAL:
        token = tokens[place]
        low = token.low
        if token.word:
            joined_before = place > floor and tokens[place - 1].low in JOINED
            joined_after = place + 1 < at and tokens[place + 1].low in JOINED
            short = len(low) == 1 or _is_number(token)
            if (
                low == "a"
                and not _initial(tokens, place, floor)
                and not joined_after
                and not joined_before
                and not (place > floor and len(tokens[place - 1].low) == 1)
            ):
                break
            if low in STOP and not short and not joined_before and not joined_after:
                break
            if low == "i" and not _initial(tokens, place, floor) and not joined_after and not _short(tokens, place - 1, floor):
                break
            first = place
            words += 1
        elif token.text in ("-", "_", ".", "..."):
            if token.text == "." and tokens[place + 1].start != token.end:
                break
        elif token.text == ",":
            if not (_short(tokens, place - 1, floor) or tokens[place + 1].low in JOINED or _short(tokens, place + 1, floor)):
                break
            if tokens[place - 1].low in STOP:
                break
        else:
            break
        place -= 1
    return first


def _initial(tokens: list[Token], place: int, floor: int) -> bool:
    """The letter of "it's A okafor at": a capital inside a sentence, or what "it's" is followed by."""
    if tokens[place].low == "a" and tokens[place].upper and not tokens[place].first:
        return True
    return place == floor or tokens[place - 1].low in ("it's", "its", "is")


def _local_in_turn_before(view: DialogueView, turn: int, at: int) -> Iterable[tuple[int, int]]:
    """ "latoya fifty two" / "mm-hm" / "at gmail dot com": the address began in an earlier turn."""
    begin, _ = view.bounds[turn]
    if any(t.word and t.low not in PAUSES for t in view.tokens[begin:at]):
        return
    for past in range(turn - 1, max(-1, turn - 1 - LOCAL_TURNS), -1):
        first, last = view.bounds[past]
        while last > first and not view.tokens[last - 1].word:
            last -= 1
        if last == first or view.dialogue.turns[past].speaker != view.dialogue.turns[turn].speaker:
            continue
        start = _local_start(view.tokens, last, first, first - 1)
        if start < last:
            yield start, last - 1
        return


def _broken_local(tokens: list[Token], at: int, begin: int) -> Iterable[tuple[int, int]]:
    """ "roz five one at, what is it, at pecan dot com": the local part before the first "at"."""
    for place in range(at - 1, max(begin, at - 16) - 1, -1):
        if tokens[place].low == "at":
            first = _local_start(tokens, place, begin, begin - 1)
            if first < place:
                yield first, place
            return


def _spoken_ip(tokens: list[Token], dot: int, begin: int, end: int) -> tuple[int, int] | None:
    """Four groups of number words joined by "dot"."""
    first = dot
    while (
        first > begin
        and _is_number(tokens[first - 1])
        or (first > begin and tokens[first - 1].text == "-" or first > begin and tokens[first - 1].low == "hundred")
    ):
        first -= 1
        if dot - first > 8:
            break
    place = dot
    groups = 1
    last = dot
    while place < end and tokens[place].low in ("dot", "point") and groups < 9:
        step = place + 1
        while step < end and (_is_number(tokens[step]) or tokens[step].text in ("-", ",") or tokens[step].low == "hundred"):
            step += 1
        if step == place + 1:
            break
        groups += 1
        last = step - 1
        place = step
    while last > dot and not tokens[last].word:
        last -= 1
    return (first, last) if groups >= 4 and first < dot else None


def _pieces(view: DialogueView, turn: int, begin: int, end: int) -> Iterable[Finding]:
    """The answer to "your e-mail?" in pieces: whatever hangs together by "dot", "underscore" or "at"."""
    tokens = view.tokens
    words = lexicon().common
    for place in range(begin, end):
        if tokens[place].low not in ("dot", "underscore", "dash", "hyphen"):
            continue
        first, last = place, place
        if place > begin and tokens[place - 1].word and tokens[place - 1].low not in STOP:
            first = place - 1
            while (
                first > begin and (len(tokens[first - 1].low) == 1 or _is_number(tokens[first - 1])) and tokens[first - 1].word
            ):
                first -= 1
        if place + 1 < end and tokens[place + 1].word:
            last = place + 1
            while last + 1 < end and (
                _is_number(tokens[last + 1]) or (len(tokens[last + 1].low) == 1 and tokens[last + 1].word)
            ):
                last += 1
        if first < last:
            yield Finding(turn, tokens[first].start, tokens[last].end, PrivateType.EMAIL, 0.8, "part of an e-mail address")
    spoken = [t for t in tokens[begin:end] if t.word]
    if spoken and spoken[-1].low == "at":  # the rest comes in another turn
        first = _local_start(tokens, spoken[-1].index, begin, begin - 1)
        if first < spoken[-1].index:
            yield Finding(
                turn, tokens[first].start, spoken[-1].end, PrivateType.EMAIL, 0.8, "the first part of an e-mail address"
            )
    if len(spoken) <= 6 and not any(t.text == "?" for t in tokens[begin:end]):
        for number, token in enumerate(spoken):
            if token.low == "at":
                for other in spoken[max(0, number - 3) : number]:
                    if other.low not in STOP and (other.low not in words or number <= 3):
                        yield Finding(turn, other.start, other.end, PrivateType.EMAIL, 0.7, "part of an e-mail address")
                for other in spoken[number + 1 : number + 4]:
                    if other.low not in STOP:
                        yield Finding(turn, other.start, other.end, PrivateType.EMAIL, 0.7, "part of an e-mail address")
