"""E-mail addresses, web addresses and IP addresses as they are said: "j at x dot org", "my dot x dot com slash go"."""

from __future__ import annotations

from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.address_parts import (
    BEFORE_DOT,
    IN_DOMAIN,
    MAX_DOMAIN,
    NOT_EMAIL_BEFORE_AT,
    PROVIDERS,
    STOP,
    broken_local,
    is_number,
    local_in_turn_before,
    local_start,
    pieces,
    said_at,
    short,
    whole_local,
)
from compliance.redaction.view import DialogueView, Finding, Token

TLDS = frozenset(
    """com org net edu gov mil io us co uk app me info biz health law ca de dev eu fr au nz ie in site online store shop
    tech email cloud care clinic legal club live news pro tv xyz int museum name mobi so ai gg ly link page example dental
    attorney lawyer insurance solutions agency systems coop jobs church foundation hospital""".split()
)
# Words inside the name of a site that are also words of talk: "harbors for all dot org"; those that only an "at" proves
# to be: "lonnie at lonnies on main dot com".
WITHIN_NAMES = frozenset("for of and the all us our your my you me we".split())
WITHIN_HOSTS = WITHIN_NAMES | frozenset("on in to with by up".split())
OWNERS = frozenset(["my", "our", "your"])
# What a site's name follows.
ANNOUNCE = frozenset("it's its is at to visit called".split())
# A word after a slash that does not stand alone: "slash my case", "slash first week".
OPENS_PATH = frozenset("my your our first new the get find pay sign log all to for next last".split())
MAX_NAME_OF_SITE = 5
IP_GROUPS = 4
# What stands before a "dot" without being the name of a site: "that dot com thing", "and dot net".
NO_NAMES = frozenset("a an the this that and or of to is was are".split())
# Words of talk that end a path, where a sentence ends with them: "slash fix it."
ENDS_PATH = frozenset("it me us up in now here there out".split())


def spoken(view: DialogueView, turn: int) -> Iterable[Finding]:
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
                first, type_ = _address_start(tokens, place, begin, covered, email_asked)
                if type_ == PrivateType.EMAIL and _whole_turn(view, turn, first, last):
                    first = begin
                spans = [(first, last)]
                if type_ == PrivateType.EMAIL and tokens[first].low == "at":
                    spans.extend(broken_local(tokens, first, begin))
                    spans.extend(local_in_turn_before(view, turn, first))
                    if len(spans) == 1 and not email_asked:  # "online. At pay dot clinic dot com"
                        spans, type_ = [(first + 1, last)], PrivateType.URL
                elif type_ == PrivateType.URL and said_at(view, turn - 1):
                    type_ = PrivateType.EMAIL
                    spans.extend(local_in_turn_before(view, turn, first))
                for a, b in spans:
                    of = tokens[a].turn
                    value = view.text(of)[tokens[a].start : tokens[b].end].lower() + (" at" if (a, b) != spans[0] else "")
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
            first = whole_local(tokens, place - 1, begin, covered, email_asked)
            if first < place - 1:
                yield Finding(
                    turn, tokens[first].start, tokens[place].end, PrivateType.EMAIL, 0.8, "an address at a mail service"
                )
                covered = place
        place += 1
    if email_asked:
        yield from pieces(view, turn, begin, end)
    yield from _chains(view, turn, covered)


def _whole_turn(view: DialogueView, turn: int, first: int, last: int) -> bool:
    """ "still here eighty-one at redbud mail dot com.": where sentences have capitals, a turn that begins without one is all address."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    plain = view.cased and tokens[begin].low.isalpha() and not tokens[begin].upper and tokens[begin].low not in ANNOUNCE | OWNERS
    words = all(t.word for t in tokens[begin:first]) and first - begin < MAX_NAME_OF_SITE
    return plain and words and not any(t.word for t in tokens[last + 1 : end])


def _chains(view: DialogueView, turn: int, covered: int) -> Iterable[Finding]:
    """ "ilse dot v dot seventy-nine": the local part of an address said again, with two dots at least."""
    begin, end = view.bounds[turn]
    tokens = view.tokens
    place = max(begin, covered + 1) + 1
    while place < end - 1:
        first, last, dots, words = place - 1, place - 1, 0, 0
        while last + 2 < end and tokens[last + 1].low == "dot" and tokens[last + 2].word and tokens[last].word:
            dots += 1
            last += 2
            words += tokens[last].low not in STOP and not is_number(tokens[last])
        while dots and last + 1 < end and (is_number(tokens[last + 1]) or tokens[last + 1].text == "-" and last + 2 < end and is_number(tokens[last + 2])):
            last += 1
        if dots >= 2 and words and tokens[first].low not in STOP and not is_number(tokens[first]):
            yield Finding(turn, tokens[first].start, tokens[last].end, PrivateType.EMAIL, 0.8, "part of an e-mail address")
        place = max(place, last) + 1


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
    after = [t.low for t in tokens[place + 1 : min(end, place + 3)]]
    if tokens[place].word and (after[:1] == ["slash"] or after == ["forward", "slash"]):
        return _path_end(tokens, place, end)  # whatever the domain ends in, a path follows it
    spelled = "".join(t.low for t in tokens[place : place + 3] if len(t.low) == 1)
    if spelled[:3] in TLDS:
        return _path_end(tokens, place + 2, end)
    # another label first: "mail dot company dot com"
    step = place
    while step < end and step - place <= 5:
        if tokens[step].low in ("dot", "point"):
            return _domain_end(tokens, step, end, labels - 1) if labels else None
        if (tokens[step].low in STOP and not _in_domain(tokens, step)) or not (tokens[step].word or tokens[step].text in "-_"):
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
        if (
            low in ("slash", "backslash", "/", "dot", ".", "dash", "hyphen", "underscore", "-", "_", "colon")
            and place + 1 < end
        ):
            following = tokens[place + 1]
            if low == "slash" and following.text == "," and place + 2 < end:
                place += 1  # "dot org, slash, results"
                following = tokens[place + 1]
            if low == "." and following.start != tokens[place].end:
                break
            if following.word:
                last = place + 1
                place += 2
                if low in ("slash", "/") and following.low in OPENS_PATH and place < end and tokens[place].word:
                    last = place
                    place += 1
                while place < end and (len(tokens[place].low) == 1 and tokens[place].word or is_number(tokens[place])):
                    if tokens[place].low in ("i", "a") and not short(tokens, place + 1, 0, end):
                        break
                    last = place
                    place += 1
                if place < end and tokens[place].low in ENDS_PATH and (place + 1 == end or tokens[place + 1].low in (".", "?", "!")):
                    last = place
                continue
        break
    return last


def _address_start(tokens: list[Token], dot: int, begin: int, covered: int, email_asked: bool) -> tuple[int, str]:
    """Walk left from the first "dot" over the domain; over "at", the rest is an e-mail's local part."""
    place = dot - 1
    steps = 0
    floor = max(begin, covered + 1)
    while place >= floor and steps <= MAX_DOMAIN + 3:
        token = tokens[place]
        if token.low == "at" or token.text == "@" or (token.low == "sign" and tokens[place - 1].low == "at"):
            at = place if token.low != "sign" else place - 1
            before = tokens[at - 1].low if at > floor else ""
            first = whole_local(tokens, at, begin, covered, True)
            known = email_asked or any(t.low in PROVIDERS for t in tokens[at + 1 : dot])
            if before in NOT_EMAIL_BEFORE_AT and not known:
                if first < at or before not in ("is", "it", "be", "me", "here"):
                    return at + 1, PrivateType.URL
            # "see her chart at my clinic dot com"; "jdoe at my clinic dot com" is an address of somebody.
            owned = tokens[at + 1].low in OWNERS and before in lexicon().common and before not in lexicon().first_names and len(before) > 1
            if (tokens[at + 1].low in ("w", "www") or owned) and not known:
                return at + 1, PrivateType.URL
            plain = local_start(tokens, at, begin, covered)
            articled = plain == at - 1 > floor and tokens[plain - 1].low in ("the", "this", "that", "your", "our", "each")
            announced = whole_local(tokens, at, begin, covered, False) < plain
            if articled and not announced and not known:
                return at + 1, PrivateType.URL  # "print the order at": a place where something is found
            return first, PrivateType.EMAIL
        if token.low in STOP and not _in_domain(tokens, place):
            if token.low in ("my", "our") and place > floor and tokens[place - 1].low in ("at", "to", "in", "visit", "on"):
                place -= 1  # "check at my case dot"
                if tokens[place].low == "at":
                    continue
            named = _name_of_site(tokens, place, floor)
            if named == place:
                place -= 1
            elif named is not None:
                place = named
                continue
            break
        if token.text in (",", "...", "-", "_") or token.word:
            cut = token.text == "..." and place > floor and tokens[place - 1].low == "at"  # "hector at..." / "fernmail dot org"
            if token.text in (",", "...") and not cut and not short(tokens, place - 1, floor):
                break
        else:
            break
        place -= 1
        steps += 1
    first = place + 1
    while first < dot and not tokens[first].word:
        first += 1
    if first == dot > floor and tokens[dot - 1].word and tokens[dot - 1].low not in NO_NAMES:
        first = dot - 1  # a word of talk as a name: "go to sign dot"
    return first, PrivateType.URL


def _name_of_site(tokens: list[Token], place: int, floor: int) -> int | None:
    """The first token of a name with small words in it, or its "at": "it's harbors for all dot", "at lonnies on main dot"."""
    for step in range(place, max(floor, place - MAX_NAME_OF_SITE) - 1, -1):
        token = tokens[step]
        if token.low == "at":
            return step
        if token.low in ANNOUNCE:
            within = all(t.low in WITHIN_NAMES or t.low not in STOP for t in tokens[step + 1 : place + 1])
            return step + 1 if within and (step + 1 < place or tokens[place].low in OWNERS) else None
        if not token.word or token.low in STOP and token.low not in WITHIN_HOSTS:
            return None
    return None


def _in_domain(tokens: list[Token], place: int) -> bool:
    """Whether a word of talk is part of a domain here: "my dot", "kestrel works dot com", the A of "h o a dot org"."""
    low = tokens[place].low
    if low in IN_DOMAIN:
        return True
    if low in BEFORE_DOT and place + 1 < len(tokens) and tokens[place + 1].low == "dot":
        return True
    beside = [tokens[n] for n in (place - 1, place + 1) if 0 <= n < len(tokens)]
    return len(low) == 1 and any(len(t.low) == 1 and t.word for t in beside)


def _spoken_ip(tokens: list[Token], dot: int, begin: int, end: int) -> tuple[int, int] | None:
    """Four groups of number words joined by "dot", or three and one more "dot": "two oh three dot zero dot one thirteen dot ..."."""
    first = dot
    while (
        first > begin
        and is_number(tokens[first - 1])
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
        while step < end and (is_number(tokens[step]) or tokens[step].text in ("-", ",") or tokens[step].low == "hundred"):
            step += 1
        if step == place + 1:
            break
        groups += 1
        last = step - 1
        place = step
    while last > dot and not tokens[last].word:
        last -= 1
    cut = groups == IP_GROUPS - 1 and place < end and tokens[place].low == "dot"
    return (first, place if cut else last) if (groups >= IP_GROUPS or cut) and first < dot else None
