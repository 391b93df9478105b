"""Whether a word that scores, cases and drugs are called after is somebody's name in a dialogue, by what stands beside it."""

from __future__ import annotations

from compliance.redaction.lexicon import lexicon
from compliance.redaction.names_words import FUNCTION, PERSONAL_AFTER
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.called_after_words import CASES, GRADES, HOUSES, MEASURES, OF_DOCTRINES, OF_PARTIES
from compliance.redaction.recognisers.words import FIRM_TITLES, KIN, TITLES
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import TENS, UNITS

# What is done by people only, and by no score, case or drug: "Strickland has two prongs", "her Gleason went up".
_DONE = PERSONAL_AFTER - frozenset("'s has had is was didn't doesn't wasn't isn't hasn't takes took went came gives gave gets got helped works worked passed".split())
# What cases do neither, though values and drugs do.
_NO_CASE = frozenset("went came drove".split())
_FIRMS_DO = frozenset("said says told asked called wants wanted emailed texted signed opened".split())
_NAMED_BY = frozenset("named called name nickname call i'm".split())
# "Thanks, Levo", "I told Strickland"
_SPOKEN_TO = frozenset("thanks hi hello hey dear tell told ask asked met".split())
OWNERS = frozenset("my his her our their your".split())
_HOUSE_WORDS = frozenset(word for phrase in HOUSES for word in phrase.split())
# Who is spoken to before a comma: "Judge, Strickland requires both."
_CALLED_ON = frozenset("judge counsel doctor doc nurse officer justice magistrate counselor sir detective".split())
_NO_SURNAMES = MEASURES | GRADES | OF_DOCTRINES | OF_PARTIES | FUNCTION


def somebodys(view: DialogueView, words: frozenset[str], firms: frozenset[str]) -> frozenset[str]:
    """Of ``words``, some of which are ``firms``, and of those of houses, the ones that are somebody's name somewhere in the dialogue."""
    found: set[str] = set()
    for turn in view.turns():
        begin, end = view.bounds[turn]
        for place in range(begin, end):
            low = view.tokens[place].low
            if low in found or low not in words and low not in _HOUSE_WORDS:
                continue
            if titled(view.tokens, place, begin) or _lives(view, place, begin, end, firm=low in firms) or low in words and (_given(view, place - 1, begin) or low in lexicon().first_names and _surname(view, place + 1, end)):
                found.add(low)
    return frozenset(found)


def _lives(view: DialogueView, place: int, begin: int, end: int, *, firm: bool) -> bool:
    """ "Levo is my cousin", "Killip drove", "thanks Roc", "Mag and I"; of a firm not that it called."""
    after = [t.low for t in view.tokens[place + 1 : min(end, place + 4)]]
    acts = _DONE | _NO_CASE if view.tokens[place].low in CASES else _DONE
    if after and (after[0] in acts - _FIRMS_DO if firm else after[0] in acts):
        return True
    if after[:2] in (["and", "i"], ["and", "me"], ["and", "my"]):
        return True
    if len(after) > 2 and after[0] in ("is", "was", "'s", ",") and after[1] in OWNERS and (after[2] in KIN or after[2] in _NAMED_BY):
        return True
    if firm:
        return False
    spoken = place > begin and view.tokens[place - 1].low in _SPOKEN_TO
    return spoken or any(q.kind in ("name", "spell") and q.direct and q.distance <= 1 for q in asked(view, view.tokens[place].turn))


def titled(tokens: list[Token], place: int, begin: int) -> bool:
    """A title, a relative or "named" before the word, perhaps with a point or a comma between."""
    before = place - 1
    while before >= begin and tokens[before].text in (".", ",", "-"):
        before -= 1
    if before < begin:
        return False
    said, apart = tokens[before].low, before < place - 1
    if tokens[place - 1].text == "." and said not in FIRM_TITLES:
        return False  # a new sentence
    return said in _NAMED_BY or said in TITLES | KIN and not (apart and said in _CALLED_ON)


def _given(view: DialogueView, place: int, begin: int) -> bool:
    """A given name that is no other word, before the word: "Judy Holter"."""
    if place < begin:
        return False
    token, names = view.tokens[place], lexicon()
    known = token.low in names.first_names and token.low not in names.common and token.low not in FUNCTION
    sure = token.low in names.frequent_first or view.cased and token.upper and token.low not in CASES
    return known and sure


def _surname(view: DialogueView, place: int, end: int) -> bool:
    """A surname that is no other word, behind the word: "Terry Kowalski"."""
    if place >= end:
        return False
    token, names = view.tokens[place], lexicon()
    known = token.low in names.last_names and token.low not in names.ordinary and token.low not in UNITS and token.low not in TENS
    return known and token.low not in _NO_SURNAMES and (token.upper or not view.cased)
