"""Names found once, looked for everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from compliance.redaction.ambiguity import DETERMINERS, POSSESSIVES, SEASONS, ordinary_in_lower
from compliance.redaction.names_base import NameHit
from compliance.redaction.names_context import NameContext
from compliance.redaction.names_offices import OFFICES
from compliance.redaction.names_titles import ASKED, LITTLE_SURNAMES
from compliance.redaction.names_words import (
    DAYS,
    FUNCTION,
    OWNED,
    PARTICLES,
    VERBS_AFTER,
)
from compliance.redaction.recognisers.words import (
    BRANDS,
    ORG_WORDS,
    STATES,
    STREETS,
    TITLES,
)
from compliance.redaction.view import Token
from compliance.redaction.written import UNITS

SUFFIXES = frozenset("junior senior jr sr ii iii iv".split())
# "Mr. Hale, senior partner", "the Ortega senior center"
_SENIOR_WHAT = frozenset(
    """center centre citizen citizens living housing year high discount account manager partner partners associate analyst vice class
    counsel college varsity staff resident nurse officer investigator engineer prom school services apartments director""".split()
)
# "the bishops from baraboo", "the bishops next door": what a family is told by.
_AFTER_FAMILIES = frozenset(["", "from", "next", "across", "upstairs", "downstairs", "family", "who", "whose", "and"])
_NO_GIVEN = TITLES | ORG_WORDS | BRANDS


def with_initials(context: NameContext, hits: list[NameHit]) -> Iterator[NameHit]:
    """ "officer l trujillo", "john b": single letters beside a name belong to it."""
    tokens = context.tokens
    for hit in hits:
        begin, end = context.view.bounds[tokens[hit.first].turn]
        first, last = hit.first, hit.last
        place = first - 1
        if place >= begin and tokens[place].text == ".":
            place -= 1
        if (
            place >= begin
            and _initial(context, place)
            and not (place - 1 >= begin and len(tokens[place - 1].low) == 1 and tokens[place - 1].word and tokens[place - 1].text != "a")
        ):
            first = place
        elif place - 1 >= begin and tokens[place].low == "a" and _initial(context, place - 1) and not context.cased:
            first = place - 1  # "it's d a penhallow on the front"
        elif first == hit.first:
            given = hit.score >= 0.6 and _given(context, first - 1, begin)
            first -= 1 if given or _article_or_initial(context, first, begin) else 0
        place = last + 1
        if place + 1 < end and tokens[place].text == "," and _initial(context, place + 1) and _closed(context, place + 2, end):
            last = place + 1  # "Woldemariam, D."
        elif place < end and _initial(context, place) and tokens[last].low in context.words.first_names:
            after = tokens[place + 1] if place + 1 < end else None
            if after is None or len(after.low) > 1 or not after.word:
                last = place
        last = _with_suffix(context, last, end)
        if (first, last) != (hit.first, hit.last):
            yield NameHit(first, last, hit.score, hit.reason, hit.sure)


def _with_suffix(context: NameContext, last: int, end: int) -> int:
    """ "Crisanto Macaraeg, Junior": the last token of a name with what tells a son from his father; ``last`` without one."""
    tokens = context.tokens
    place = last + 2 if last + 1 < end and tokens[last + 1].text == "," else last + 1
    if place >= end or tokens[place].low not in SUFFIXES or context.cased and not tokens[place].upper:
        return last
    after = tokens[place + 1] if place + 1 < end else None
    return place if after is None or after.low not in _SENIOR_WHAT else last


def _article_or_initial(context: NameContext, first: int, begin: int) -> bool:
    """ "it says a lindgren on the bottle": where a signature is read the "a" is the initial; a surname has no article."""
    name = context.tokens[first]
    if context.cased or first - 2 < begin or context.tokens[first - 1].low != "a":
        return False
    if context.tokens[first - 2].low in TITLES:
        return True  # "doctor a bear"
    if context.ordinary(name):
        return False
    return name.low in context.words.last_names and context.tokens[first - 2].low in ("says", "its", "it's", "signed", "by", "sign")


def _given(context: NameContext, place: int, begin: int) -> bool:
    """Whether a word right before a name is its first part by its capital inside a sentence: "it's Temperance Oduya"."""
    if not context.cased or place < begin:
        return False
    token, following = context.tokens[place], context.tokens[place + 1]
    if len(following.low) < 3 or following.low in _NO_GIVEN:
        return False
    name = token.word and token.upper and not token.first and len(token.low) >= 3 and not token.text.isupper()
    return name and token.low.isalpha() and token.low not in _NO_GIVEN | OFFICES and not (context.never(token) or context.is_function(token))


def _closed(context: NameContext, place: int, end: int) -> bool:
    ended = place >= end or context.tokens[place].text in ".;"
    return context.cased and ended and context.tokens[place - 1].low not in ("a", "i")


def _initial(context: NameContext, place: int) -> bool:
    token = context.tokens[place]
    if len(token.low) != 1 or not token.low.isalpha() or token.index in context.masked:
        return False
    return token.upper if context.cased else token.low not in ("a", "i", "o", "s", "u", "y")


def propagate(context: NameContext, hits: list[NameHit]) -> Iterable[NameHit]:
    """Every other mention of the names that are sure: parts, possessives, any case."""
    view, tokens = context.view, context.tokens
    parts: dict[str, bool] = {}
    taken: set[int] = set()
    for hit in hits:
        taken.update(range(hit.first, hit.last + 1))
        for token in tokens[hit.first : hit.last + 1]:
            low = token.low
            if (
                not token.word
                or len(low) < 2
                or low in PARTICLES
                or low in TITLES and not (context.cased and hit.reason == "called by name")
                or low in UNITS
                or (low in FUNCTION and low not in ("will", "may", "jesus") and not _little_surname(context, hit, token))
                or (not low.isalpha() and "'" not in low)
            ):
                continue
            if low in context.things and hit.score < 0.9:
                continue
            if hit.sure or hit.score >= 0.6:
                parts[low] = parts.get(low, False) or hit.sure
    for word in context.spelled:
        if word not in context.words.common:
            parts[word] = True
    beginnings = _beginnings(parts)
    surnames = {tokens[hit.last].low for hit in hits if hit.last > hit.first} & parts.keys()
    found: list[NameHit] = []
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            token = tokens[place]
            if place in taken or not token.word:
                continue
            low = token.low
            base = low
            if (
                base not in parts
                and low.endswith("s")
                and low[:-1] in parts
                and len(low) > 4
                and low not in context.words.ordinary
            ):
                base = low[:-1]
            if low[:-1] in surnames and _family(context, place, begin, end):
                taken.add(place)
                found.append(NameHit(place, place, 0.65, "a family by its name", sure=False))
                continue
            if base not in parts and (_owned(context, place, end, parts) or _short_form(context, low, beginnings)):
                parts.setdefault(low, False)
                if _owned(context, place, end, parts) or not _ordinary_here(context, place, begin, end, taken):
                    taken.add(place)
                    found.append(NameHit(place, place, 0.65, "a form of a name found elsewhere in the transcript", sure=False))
                continue
            if base not in parts or context.never(token) and low not in parts:
                continue
            if token.index in context.dated or token.index in context.masked:
                continue
            if low in LITTLE_SURNAMES and low in FUNCTION and not _little_here(context, place, end):
                continue
            if _ordinary_here(context, place, begin, end, taken):
                continue
            taken.add(place)
            found.append(NameHit(place, place, 0.7, "a name found elsewhere in the transcript", sure=False))
    return found


def _little_surname(context: NameContext, hit: NameHit, token: Token) -> bool:
    """ "Mr. Her", "Dwight Everett Look": in text with capitals "Is Her the family name?" asks for the same person, and "I go by Still"
    lets "Still" be one."""
    told = hit.reason in ("after a title", "introduced by name") or hit.first < hit.last == token.index
    return context.cased and token.upper and token.low in LITTLE_SURNAMES and told


def _little_here(context: NameContext, place: int, end: int) -> bool:
    """Whether a little word that is somebody's surname has its capital for that, not for the sentence or the question it begins."""
    token = context.tokens[place]
    asked = place + 1 < end and context.tokens[place + 1].low in ASKED
    alone = place == context.view.bounds[token.turn][0] and place + 2 == end and context.tokens[place + 1].text == "?"
    return token.upper and (not token.first or alone) and not asked


def _family(context: NameContext, place: int, begin: int, end: int) -> bool:
    """ "the Bishops", "and the bishops": a family by its surname, whatever else the word is."""
    token = context.tokens[place]
    if not token.low.endswith("s") or place == begin or context.tokens[place - 1].low != "the":
        return False
    if context.cased:
        return token.upper
    after = context.tokens[place + 1].low if place + 1 < end else ""
    return after in _AFTER_FAMILIES


def _owned(context: NameContext, place: int, end: int, parts: dict[str, bool]) -> bool:
    """ "graces number", "lil mans real name": a possessive without its apostrophe."""
    low = context.tokens[place].low
    if context.cased or not low.endswith("s") or len(low) < 4 or low[:-1] not in parts:
        return False
    after = [t.low for t in context.tokens[place + 1 : min(end, place + 3)]]
    begin = context.view.bounds[context.tokens[place].turn][0]
    said = context.tokens[place - 1].low if place > begin else ""
    if said in POSSESSIVES | DETERMINERS and said not in ("that", "this"):
        return False
    return bool(after) and (
        after[0] in OWNED or after[-1] in OWNED and after[0] in ("real", "old", "new", "last", "first", "cell", "home", "work")
    )


def _beginnings(parts: dict[str, bool]) -> frozenset[str]:
    """What the sure names begin with, each longer by two letters at least: "pad" of Padraig, "tom" of Thomas."""
    return frozenset(name[:size] for name, sure in parts.items() if sure for size in range(3, len(name) - 1))


def _short_form(context: NameContext, low: str, beginnings: frozenset[str]) -> bool:
    """ "paddy" of Padraig, "tommy" of Thomas: listed, and the beginning of a name that is sure."""
    if (
        not low.endswith(("y", "ie"))
        or len(low) < 5
        or not (low in context.words.last_names or low in context.words.first_names)
    ):
        return False
    stem = low[:-1] if low.endswith("y") else low[:-2]
    if len(stem) > 3 and stem[-1] == stem[-2]:
        stem = stem[:-1]
    return stem in beginnings


def _the_state(tokens: Sequence[Token], place: int, begin: int, end: int) -> bool:
    """ "moved to Washington", "Washington State": where there is a Mr. Washington, too."""
    before = [t.low for t in tokens[max(begin, place - 2) : place]]
    after = tokens[place + 1].low if place + 1 < end else ""
    return after in ("state", "dc") or before[-1:] == ["in"] or before in _MOVES


_MOVES = [[verb, word] for verb in "moved move moving flew drove back went out up down over come came".split() for word in ("to", "from")]


def _ordinary_here(context: NameContext, place: int, begin: int, end: int, taken: set[int]) -> bool:
    """Whether a word that is somebody's name is plainly an ordinary word at this place."""
    tokens = context.tokens
    token = tokens[place]
    if token.low in SEASONS and place > begin and tokens[place - 1].low in ("last", "next", "every", "all", "in"):
        return True
    if token.low in DAYS and place > begin and tokens[place - 1].low in ("on", "last", "next", "this", "by", "until", "till", "every", "since"):
        return True
    if token.low in STATES and _the_state(tokens, place, begin, end):
        return True
    if not context.ordinary(token) and token.low not in FUNCTION:
        return False
    if not context.common(token) and not context.cased:
        return False
    if place == begin and place > 0 and place - 1 in taken and tokens[place - 1].low == token.low:
        return False  # "im mercy" / "mercy thats lovely"
    following = tokens[place + 1] if place + 1 < end else None
    if following is not None and following.index in taken and following.word:
        return False
    if context.cased:
        if not token.upper:
            return True
        if not token.first:
            return context._organisation(place, place, end) or (
                following is not None and following.upper and following.low in STREETS
            )
        return not (
            following is None
            or not following.word
            or following.low in VERBS_AFTER - {"will"} | {"as", "who"}
            and token.low not in ("will", "may")
        )
    return ordinary_in_lower(tokens, place, begin, end, taken)
