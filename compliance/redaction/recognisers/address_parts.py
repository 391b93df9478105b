"""The part of an e-mail address before its "at": where it begins, in which turn, and where it is said again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import runs_by_turn
from compliance.redaction.questions import asked, labelled
from compliance.redaction.recognisers.number_looks import measured
from compliance.redaction.view import DialogueView, Finding, Token
from compliance.redaction.written import REPEATS, TENS, UNITS, written_digits

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
    """look us online find located page me him her them it available here is up log logged site out be web posted check
    visit going anytime are was go yourself myself yourselves ourselves themselves shared""".split()
)
# Words of talk that a domain may have in it: "case dot", "kestrel works dot com", "my dot".
IN_DOMAIN = frozenset(
    "work works new old home school business personal case account best right per put text forward log".split()
)
BEFORE_DOT = frozenset(
    "my your our me us we portal site website page email e mail mails link app go now here one web old name text".split()
)
# What an address is announced by, and what is never said inside one: between them stands the local part.
MARKERS = frozenset("it's its is email e-mail emails mail from to address use says my".split())
NARRATIVE = frozenset(
    """who which set it i we he she they you was were can could will would have had has get got send sent said about because that
    look looks reach what when where there here is are be if or so me him her them us see do did been going go write wrote up log""".split()
)
# "peaches like the fruit", "all one word": what is said about an address, not in it.
COMMENTS = (("like", "the"), ("like", "a"), ("like", "in"), ("as", "in"), ("all", "one"), ("one", "word"), ("no", "spaces"),
            ("no", "space"), ("no", "dots"), ("all", "lower"), ("lower", "case"), ("with", "a"), ("with", "an"))  # fmt: skip
# Turns over which a part of an address is said again.
SAID_AGAIN = 6
DIGITS_AGAIN = 2
PART = re.compile(r"[^\W_]+")
MAX_AGAIN = 60
MAX_LOCAL, MAX_DOMAIN = 12, 6
# Turns back in which the first part of an address is looked for, and what may stand before the "at" that goes on with it.
LOCAL_TURNS = 3
PAUSES = frozenset("uh um er and then so okay yeah it's its".split())


def is_number(token: Token) -> bool:
    return token.low in UNITS or token.low in TENS or token.low.isdigit() or token.low in REPEATS


def said_at(view: DialogueView, turn: int) -> bool:
    """Whether a turn says hardly more than "at?"."""
    if turn < 0:
        return False
    begin, end = view.bounds[turn]
    said = [t.low for t in view.tokens[begin:end] if t.word]
    return said[-1:] == ["at"] and len(said) <= 3


def whole_local(tokens: list[Token], at: int, begin: int, covered: int, email_asked: bool) -> int:
    """The local part with the "the" and "and" in it: from the word that announces the address on."""
    first = local_start(tokens, at, begin, covered)
    floor = max(begin, covered + 1)
    place = at - 1
    while place >= max(floor, at - 10):
        token = tokens[place]
        if token.low in MARKERS and not (place + 1 < at and tokens[place + 1].low in JOINED):
            return min(first, place + 1) if at - place <= 9 else first
        if token.low in NARRATIVE and len(token.low) > 1:
            return first
        if not token.word and token.text not in "-_":
            return first
        place -= 1
    if not (email_asked and place < floor == begin and at - begin <= 8):
        return first
    start = begin
    while start < first and (tokens[start].low in STOP or not tokens[start].word or tokens[start + 1].low == "'s"):
        start += 1
    while start < first and tokens[start].low in ("'s", ","):
        start += 1
    return start


def short(tokens: list[Token], place: int, floor: int, end: int | None = None) -> bool:
    """A letter or digit: a pause inside a spelled address, not the end of a clause."""
    return floor <= place < (len(tokens) if end is None else end) and (
        len(tokens[place].low) == 1 and tokens[place].word or is_number(tokens[place]) or tokens[place].low in JOINED
    )


def local_start(tokens: list[Token], at: int, begin: int, covered: int) -> int:
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
            letter = len(low) == 1 or is_number(token)
            if (
                low == "a"
                and not _initial(tokens, place, floor)
                and not joined_after
                and not joined_before
                and not (place > floor and len(tokens[place - 1].low) == 1)
            ):
                break
            if low in STOP and not letter and not joined_before and not joined_after:
                break
            if low == "i" and not _initial(tokens, place, floor) and not joined_after and not short(tokens, place - 1, floor):
                break
            first = place
            words += 1
        elif token.text in ("-", "_", ".", "..."):
            if token.text == "." and tokens[place + 1].start != token.end:
                break
        elif token.text == ",":
            if not (short(tokens, place - 1, floor) or tokens[place + 1].low in JOINED or short(tokens, place + 1, floor)):
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


def local_in_turn_before(view: DialogueView, turn: int, at: int) -> Iterable[tuple[int, int]]:
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
        last = _without_comment(view.tokens, first, last)
        start = local_start(view.tokens, last, first, first - 1)
        if start < last:
            yield start, last - 1
        return


def _without_comment(tokens: list[Token], first: int, last: int) -> int:
    """Where "like the fruit" or "all one word" begins in ``first`` to ``last``, exclusive; ``last`` where nothing does."""
    for place in range(first + 1, last - 1):
        if (tokens[place].low, tokens[place + 1].low) in COMMENTS:
            while place > first and not tokens[place - 1].word:
                place -= 1
            return place
    return last


def broken_local(tokens: list[Token], at: int, begin: int) -> Iterable[tuple[int, int]]:
    """ "roz five one at, what is it, at pecan dot com": the local part before the first "at"."""
    for place in range(at - 1, max(begin, at - 16) - 1, -1):
        if tokens[place].low == "at":
            first = local_start(tokens, place, begin, begin - 1)
            if first < place:
                yield first, place
            return


def pieces(view: DialogueView, turn: int, begin: int, end: int) -> Iterable[Finding]:
    """The answer to "your e-mail?" in pieces: whatever hangs together by "dot", "underscore" or "at"."""
    tokens = view.tokens
    words = lexicon().common
    for place in range(begin, end):
        low = tokens[place].low
        if low not in ("dot", "underscore", "dash", "hyphen"):
            continue
        first, last = place, place
        if place > begin and tokens[place - 1].word and tokens[place - 1].low not in STOP:
            first = place - 1
            while (
                first > begin and (len(tokens[first - 1].low) == 1 or is_number(tokens[first - 1])) and tokens[first - 1].word
            ):
                first -= 1
        if place + 1 < end and tokens[place + 1].word and not (low != "dot" and tokens[place + 1].low in ("in", "it", "there", "is", "and", "what")):
            last = place + 1
            while last + 1 < end and (
                is_number(tokens[last + 1]) or (len(tokens[last + 1].low) == 1 and tokens[last + 1].word)
            ):
                last += 1
        if first < last:
            yield Finding(turn, tokens[first].start, tokens[last].end, PrivateType.EMAIL, 0.8, "part of an e-mail address")
    spoken = [t for t in tokens[begin:end] if t.word]
    cut = _without_comment(tokens, begin, end)
    answered = PrivateType.EMAIL in labelled(view, turn)  # by a label of an earlier pass
    if cut < end and not answered and len(spoken) <= 10 and any(q.kind == "email" and q.direct and q.distance <= 2 for q in asked(view, turn)):
        first = local_start(tokens, cut, begin, begin - 1)  # "sunny side up, all one word"
        if first < cut:
            yield Finding(turn, tokens[first].start, tokens[cut - 1].end, PrivateType.EMAIL, 0.7, "part of an e-mail address")
    if spoken and spoken[-1].low == "at":  # the rest comes in another turn
        first = whole_local(tokens, spoken[-1].index, begin, begin - 1, True)
        if first < spoken[-1].index:
            yield Finding(
                turn, tokens[first].start, spoken[-1].end, PrivateType.EMAIL, 0.8, "the first part of an e-mail address"
            )
    if len(spoken) <= 6 and not answered and not any(t.text == "?" for t in tokens[begin:end]):
        for number, token in enumerate(spoken):
            if token.low == "at":
                for other in spoken[max(0, number - 3) : number]:
                    if other.low not in STOP and (other.low not in words or number <= 3):
                        yield Finding(turn, other.start, other.end, PrivateType.EMAIL, 0.7, "part of an e-mail address")
                for other in spoken[number + 1 : number + 4]:
                    if other.low not in STOP:
                        yield Finding(turn, other.start, other.end, PrivateType.EMAIL, 0.7, "part of an e-mail address")


def said_again(view: DialogueView, found: list[Finding]) -> Iterable[Finding]:
    """Parts of an address that are said again nearby, alone or some together: "peaches, like the fruit", "tess dot c"."""
    words: dict[int, set[str]] = {}
    runs = runs_by_turn(view)
    for finding in found:
        if finding.type == PrivateType.EMAIL and ("@" in finding.value or " at " in f"{finding.value} "):
            local = f"{finding.value} ".replace("@", " at ").split(" at ")[0]
            parts = {p for p in PART.findall(local.replace("all one word", "")) if p not in JOINED}
            for turn in range(max(0, finding.turn - SAID_AGAIN), min(len(view.bounds), finding.turn + SAID_AGAIN + 1)):
                words.setdefault(turn, set()).update(parts)
            digits = written_digits(local)
            for turn in range(finding.turn, min(len(view.bounds), finding.turn + DIGITS_AGAIN + 1)):
                begin, end = view.bounds[turn]
                for run in runs.get(turn, ()):
                    # "the oh nine is numbers", or the next turn begins with them; "forty milligrams" is a dose all the same
                    near = turn == finding.turn or run.first == begin
                    after = view.tokens[run.last + 1] if run.last + 1 < end else None
                    if near and len(run.digits) >= 2 and run.digits == digits and not run.letters and not measured(view, run, None, after):
                        first, last = view.tokens[run.first], view.tokens[run.last]
                        yield Finding(turn, first.start, last.end, PrivateType.EMAIL, 0.7, "part of an address said nearby")
    for turn, parts in words.items():
        begin, end = view.bounds[turn]
        if end - begin > MAX_AGAIN:
            continue
        said = [t for t in view.tokens[begin:end] if t.word and t.low not in PAUSES]
        row: list[Token] = []
        for token in [*view.tokens[begin:end], None]:
            if token is not None and (token.low in parts or (row and token.low in JOINED)):
                row.append(token)
                continue
            while row and row[-1].low in JOINED:
                row.pop()
            telling = [t for t in row if len(t.low) >= 3 and t.low not in STOP and t.low not in UNITS and t.low not in TENS]
            if telling and (len(row) >= 2 or (len(said) <= 6 and said[0] is row[0] and len(telling[0].low) >= 4)):
                yield Finding(turn, row[0].start, row[-1].end, PrivateType.EMAIL, 0.7, "part of an address said nearby")
            row = []
