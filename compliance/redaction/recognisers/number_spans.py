"""Which characters of a run are hidden: without the "uh" in it, with the letters that are part of the code."""

from __future__ import annotations

from itertools import pairwise

from compliance.redaction.atoms import FILLERS
from compliance.redaction.detections import PrivateType
from compliance.redaction.lexicon import lexicon
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import LETTERS, hits_by_turn
from compliance.redaction.recognisers.number_fragments import article_of_code
from compliance.redaction.view import DialogueView, Finding, Token

T = PrivateType
VOWELS = frozenset("aeiouy")
FUNCTION_CODES = frozenset(
    "mr mrs ms dr st kia bmw gmc its thats whats im ive hes shes dont um uh er mm hmm id mrn dob ssn vin".split()
)


def segments(view: DialogueView, run: Run, type_: str, score: float, reason: str) -> list[Finding]:
    """The run without the "uh" and "then" in it."""
    found: list[Finding] = []
    text = view.text(run.turn)
    first = run.atoms[0]
    last = run.atoms[0]
    for atom in [*run.atoms[1:], None]:
        if atom is not None:
            between = view.tokens[last.last + 1 : atom.first]
            hundred = [t.low for t in between if t.word] == ["and"] and view.tokens[last.last].low == "hundred"
            if hundred or not any(t.low in FILLERS for t in between if t.word):
                last = atom
                continue
        low, high = first.first, last.last
        if type_ != T.NAME:
            low, high = _widened(view, run, low, high)
            if first is run.atoms[0] and run.singles >= 3 and article_of_code(view, view.tokens, low, view.bounds[run.turn][0]):
                low -= 1
        if view.tokens[high].low == "x" and [t.low for t in view.tokens[high + 1 : high + 3]] == ["-", "ray"]:
            high += 2  # "X as in X-ray"
        start, end = view.tokens[low].start, view.tokens[high].end
        found.append(Finding(run.turn, start, end, type_, score, reason, run.value or text[start:end]))
        if atom is not None:
            first = last = atom
    return found


def _widened(view: DialogueView, run: Run, first: int, last: int) -> tuple[int, int]:
    """With the letters that are part of the code: "KPT 660 913", "BKQ-R47", "P I one nine"."""
    begin, end = view.bounds[run.turn]
    tokens = view.tokens
    place = first - 1
    if place >= begin and tokens[place].low in ("dash", "hyphen", "slash", "double", "triple", "plus"):
        first = place
        place -= 1
    joined = place > begin and tokens[place].text in ("-", "/") and tokens[place].end == tokens[first].start
    if joined or place > begin and _dotted_prefix(tokens, first):
        place -= 1
    if place >= begin and _prefix(view, tokens[place], place):
        first = place
        while first - 1 >= begin and len(tokens[first].low) == len(tokens[first - 1].low) == 1 and tokens[first - 1].word:
            first -= 1
        while first - 2 >= begin and tokens[first - 1].text == "-" and _tight(tokens, first - 2, first) and tokens[first - 2].text.isupper():
            first -= 2  # "MED-PHYS-40217"
    place = last + 1
    if place + 1 < end and tokens[place].text == "-" and tokens[place].start == tokens[last].end:
        following = tokens[place + 1]
        if following.start == tokens[place].end and following.word and len(following.low) <= 6:
            last = place + 1
    return first, last


def _tight(tokens: list[Token], first: int, last: int) -> bool:
    return all(one.end == other.start for one, other in pairwise(tokens[first : last + 1]))


def _dotted_prefix(tokens: list[Token], number: int) -> bool:
    """ "DR.0058831": capitals and a point right before the digits."""
    dot, before = tokens[number - 1], tokens[number - 2]
    tight = dot.text == "." and dot.end == tokens[number].start and before.end == dot.start
    return tight and before.text.isupper() and before.text.isalpha() and len(before.text) <= 4


def _prefix(view: DialogueView, token: Token, place: int) -> bool:
    if not token.word or not token.low.isalpha():
        return False
    tight = view.tokens[place + 1].text in ("-", ".") and view.tokens[place + 1].start == token.end
    if not tight and any(h.first <= place <= h.last and h.kind not in LETTERS for h in hits_by_turn(view).get(token.turn, [])):
        return False
    if len(token.low) == 1:
        beside = place > 0 and len(view.tokens[place - 1].low) == 1 and view.tokens[place - 1].word
        return token.low not in ("a", "i") or beside or (token.upper and view.cased and token.low == "a")
    if not view.cased:
        words = lexicon()
        plain = token.low in words.ordinary or token.low in FUNCTION_CODES or token.low in words.frequent_first
        spoken = len(token.low) > 3 and bool(VOWELS & set(token.low))  # "wifes seven oh eight one"
        return (
            len(token.low) <= 5 and not spoken and (tight or not (plain or (token.low in words.drugs and len(token.low) > 3)))
        )
    return token.text.isupper() and len(token.text) <= 5
