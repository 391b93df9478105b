"""Pieces of a number: what is said digit by digit, asked back, taken back, or put at the end of one that is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from compliance.redaction.atoms import FILLERS, SINGLES, Atom
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import Phrase
from compliance.redaction.questions import asked
from compliance.redaction.recognisers.surroundings import counted
from compliance.redaction.view import DialogueView, Token

# What people say while they look for the rest of a number, or take back a part of it.
HESITATIONS = FILLERS | frozenset(
    """no nope sorry wait scratch that i mean actually correction let me see look check think it it's its is says yeah yes sure
    right well make excuse again back dash hyphen um the rest hold one moment second number here a an""".split()
)
TAKEN_BACK = frozenset("no nope sorry wait scratch actually correction mean rather oops".split())
# A turn of more words than these tells a story; a lone digit in it is nobody's.
SHORT = 14
DIALLED = 8  # digits of a number with the code of its country, and no fewer
AREA_CODE = 3
LONG_ENOUGH = 4  # digits of a number that lacks its last
# "press four", "option two": what a machine is told.
COUNTED = frozenset("option press step number line exhibit page question room door lane gate grade stage type".split())
# "the one", "a commercial one"
PRONOUN_BEFORE = frozenset(
    "the this that other another which each every any some new old right wrong first last next no only big small".split()
)
MEASURED_QUESTION = frozenset("many much old long often far big tall bad high low heavy".split())
CHECKS = (("is", "that"), ("was", "that"), ("is", "it"), ("did", "you"), ("last", "one"), ("last", "digit"), ("last", "letter"))


@dataclass(slots=True)
class Known:
    """A run that is hidden: where it was said, and what it says with the pieces before it."""

    turn: int
    last: int
    type: str
    digits: str
    value: str


def resumes(view: DialogueView, run: Run, known: Known | None) -> bool:
    """ "five four two, no, sorry, five four three": nothing but hesitation since the number of this turn."""
    if known is None or known.turn != run.turn or run.first - known.last > 9:
        return False
    between = view.tokens[known.last + 1 : run.first]
    end = view.bounds[run.turn][1]
    closed = run.last + 1 >= end or not view.tokens[run.last + 1].word  # "a two? no, it's an eight."
    if closed and len(run.value) == 1 and view.tokens[run.first - 1].low in ("a", "an"):
        return True  # "oh one, it's torn. A three?"
    if any(t.text == "!" or (t.text == "?" and not closed) or (t.word and t.low not in HESITATIONS) for t in between):
        return False
    return any(t.word for t in between)


def last_digit(view: DialogueView, run: Run, known: Known | None) -> bool:
    """ "two two seven, oh five, um, I want to say, seven."."""
    if known is None or known.turn != run.turn:
        return False
    between = view.tokens[known.last + 1 : run.first]
    end = view.bounds[run.turn][1]
    closing = run.last + 1 >= end or view.tokens[run.last + 1].text in ".?!"
    return closing and len(between) <= 9 and not any(t.text in ".?!" for t in between) and run.singles == 1


def counts_something(view: DialogueView, run: Run) -> bool:
    """A lone digit that is no piece of a number: "press four", "the one ending in", "a commercial one", "she's 8"."""
    begin, end = view.bounds[run.turn]
    before = view.tokens[run.first - 1].low if run.first > begin else ""
    after = view.tokens[run.last + 1] if run.last + 1 < end else None
    if before in COUNTED or before in ("she's", "he's", "shes", "hes", "i'm", "im", "age", "aged", "they're", "at"):
        return True
    if [t.low for t in view.tokens[run.last + 1 : min(end, run.last + 4)]] == ["and", "a", "half"] and counted(view, run.last + 3):
        return True
    if run.digits != "1":
        return False
    if before in PRONOUN_BEFORE:
        return True
    return after is not None and after.word and after.low not in HESITATIONS and after.low not in ("and", "or")


def completes(view: DialogueView, run: Run, known: Known) -> bool:
    """ "D three, oh oh eight, five one..." / "Nine. You people drop things." / "Nine, thank you."."""
    begin, end = view.bounds[run.turn]
    if known.turn != run.turn - 1 or run.first != begin or run.last + 1 >= end or view.tokens[run.last + 1].text not in (".", ","):
        return False
    if len(known.digits) < LONG_ENOUGH:
        return False
    said_again = run.value == known.value
    until = view.bounds[known.turn][1]
    return said_again or not any(t.word for t in view.tokens[known.last + 1 : until])


def only_pieces(view: DialogueView, run: Run) -> bool:
    """ "and uh two and a seven and a one": hesitations apart, the turn says nothing but digits."""
    begin, end = view.bounds[run.turn]
    if end - begin > 4 * SHORT:
        return False
    numbered = {t for r in runs_by_turn(view).get(run.turn, ()) for a in r.atoms for t in range(a.first, a.last + 1)}
    return all(t.index in numbered or not t.word or t.low in HESITATIONS for t in view.tokens[begin:end])


def checked(view: DialogueView, run: Run, known: Known | None) -> bool:
    """ "is that z or two", "the last one a six": one letter or digit of a code, asked back or confirmed."""
    if known is None or run.turn - known.turn > 3 or len(run.value) > 2 or not known.digits:
        return False
    begin, end = view.bounds[run.turn]
    if sum(t.word for t in view.tokens[begin:end]) > SHORT:
        return False
    before = [t.low for t in view.tokens[max(begin, run.first - 8) : run.first] if t.word]
    after = [t.low for t in view.tokens[run.last + 1 : min(end, run.last + 3)] if t.word]
    asks = any(pair in CHECKS for pair in zip(before, before[1:], strict=False))
    near = before[-1:] and before[-1] in ("that", "a", "an", "or", "one", "it", "is", "say", "letter", "digit")
    if asks and near:
        return True
    alone = not before or (len(before) == 1 and before[0] in HESITATIONS)
    return alone and (not after or after[0] in ("like", "as", "for") or all(a in HESITATIONS for a in after))


def at_the_end(view: DialogueView, run: Run) -> bool:
    """ "the same but one seven at the end": digits that are put into a number said before."""
    end = view.bounds[run.turn][1]
    after = [t.low for t in view.tokens[run.last + 1 : min(end, run.last + 4)]]
    return (
        1 <= len(run.value) <= 6
        and after[:2] in (["at", "the"], ["on", "the"], ["for", "the"])
        and after[2:] in (["end"], ["beginning"], ["start"], ["front"], ["back"], ["last"])
    )


def taken_back(view: DialogueView, run: Run, hidden_from: int | None) -> bool:
    """ "one four, um, no, sorry, it's one seven three": what a hidden number of the same turn corrects."""
    if hidden_from is None or not 0 < hidden_from - run.last <= 9:
        return False
    between = [t for t in view.tokens[run.last + 1 : hidden_from] if t.word]
    return any(t.low in TAKEN_BACK for t in between) and all(t.low in HESITATIONS for t in between)


def subject_changed(view: DialogueView, known: Known, turn: int) -> bool:
    """Whether somebody asked "how many" or "what time" after the number was said: what follows answers that."""
    for between in range(known.turn, turn):
        begin, end = view.bounds[between]
        tokens = view.tokens[max(begin, known.last + 1, end - 30) : end]
        for number, token in enumerate(tokens[:-1]):
            following = tokens[number + 1].low
            if token.low == "how" and following in MEASURED_QUESTION:
                return True
            if token.low in ("what", "which") and following in ("time", "day", "dose", "year", "month", "age", "strength"):
                return True
    return False


def member_suffix(run: Run) -> bool:
    """ "I'm 01, she'd be 02": which of a family's members."""
    return run.digits == run.value and len(run.value) == 2 and run.value[0] == "0" and run.value != "00"


def article_of_code(view: DialogueView, tokens: list[Token], first: int, begin: int) -> bool:
    """ "its a seven seven four": the A that a code begins with, or an article, which then is hidden with it."""
    if first <= begin or tokens[first - 1].low != "a":
        return False
    if first - 1 == begin:
        return True
    return tokens[first - 2].low in HESITATIONS or tokens[first - 2].low in ("number", "license", "reads", "was", "are")


def spelled_part(run: Run) -> Run | None:
    """ "with one T, E-M-M-E-T": the longest row of letters in a run that is no code."""
    best: list[Atom] = []
    row: list[Atom] = []
    for atom in run.atoms:
        row = [*row, atom] if atom.kind == "letter" else []
        best = max(best, row, key=len)
    return Run(run.turn, best) if len(best) >= 3 and len(best) < len(run.atoms) else None


def spells(view: DialogueView, run: Run, near: list[Phrase]) -> bool:
    """ "it's spelled D-U-Q-U-E", "how do you spell that?": letters that were said to spell something. ``near``: the phrases before them."""
    told = any(hit.kind == "spell" for hit in near)
    return not run.digits and (told or any(q.kind == "spell" for q in asked(view, run.turn)[:1]))


def put_right(view: DialogueView, run: Run) -> bool:
    """ "No, it's an oh.": a lone digit that ends the first sentence of a turn that says no to another."""
    begin, end = view.bounds[run.turn]
    said = [t for t in takewhile(lambda t: t.text not in ".?!", view.tokens[begin:end]) if t.word]
    if len(said) < 2 or len(said) > SHORT // 2 or said[0].low not in ("no", "nope"):
        return False
    return said[-1].index == run.first == run.last and said[-2].low in ("a", "an") and said[-1].low in SINGLES


def of_a_series(run: Run, known: Iterable[Known]) -> str | None:
    """ "lots CP1902 through CP1904": the type of a code of the same letters and as many digits that is hidden in the same turn."""
    letters = "".join(takewhile(str.isalpha, run.value))
    if len(letters) < 2 or len(run.digits) < 3 or not run.written:
        return None
    alike = (k.type for k in known if k.turn == run.turn and len(k.value) == len(run.value) and k.value.startswith(letters))
    return next(alike, None)


def dialled(view: DialogueView, run: Run) -> bool:
    """ "plus four seven, five five five, oh one": a number with the code of its country."""
    begin = view.bounds[run.turn][0]
    plus = run.first > begin and view.tokens[run.first - 1].low in ("plus", "+")
    return plus and len(run.digits) >= DIALLED and run.digits == run.value and (run.singles >= DIALLED or run.written)


def area_code(view: DialogueView, run: Run) -> bool:
    """ "she'll call from a five four oh number"."""
    begin, end = view.bounds[run.turn]
    article = run.first > begin and view.tokens[run.first - 1].low in ("a", "an")
    called = run.last + 1 < end and view.tokens[run.last + 1].low == "number"
    return article and called and run.singles == len(run.value) == AREA_CODE and run.value not in ("911", "999", "800", "888")
