"""What one spoken number, letter or word for a letter says, and where it ends: the atoms of a run."""

from __future__ import annotations

import re
from dataclasses import dataclass

from compliance.redaction.alphabets import LETTER_WORDS, NATO
from compliance.redaction.view import Token
from compliance.redaction.written import REPEATS, TENS, UNITS

SINGLES = frozenset("zero oh o one two three four five six seven eight nine niner nought naught".split())
# "three sevens"
PLURALS = {
    "zeros": 0, "zeroes": 0, "ohs": 0, "ones": 1, "twos": 2, "threes": 3, "fours": 4, "fives": 5, "sixes": 6, "sevens": 7,
    "eights": 8, "nines": 9,
}  # fmt: skip
# What engines write for a digit.
MISHEARD = {"too": "2", "ate": "8", "tree": "3", "won": "1"}
# These only where no other reading is left: "one four two to one five oh" is a range, and may be a vital.
MISHEARD_SMALL = {"to": "2", "for": "4"}
# "the last four" says how many, not which. And a number that measures ("2000iu", "the 2000s") is no code.
HOW_MANY = frozenset("last first middle final".split())
MEASURED_CODE = re.compile(
    r"\d{1,6}(?:s|iu|mg|mcg|ml|mm|cm|kg|lb|lbs|am|pm|ft|hz|hrs?|min|mins|sec|mph|yo|gb|mb|cc|oz|kcal|mmhg|meq|units?)"
)
JOINERS = frozenset("dash hyphen slash backslash minus underscore".split())
# Said inside a code between its letters and its digits.
CODE_JOINERS = frozenset("break star asterisk".split())
FILLERS = frozenset("uh um er erm ah eh hmm mm so then like okay ok wait and space hold on the another".split())
JOIN_SIGNS = frozenset([",", "-", "/", "...", "_", "–", "—", "#", ".", ")", "("])
SPELL_WORDS = frozenset(("as", "like", "for"))
CASE_WORDS = frozenset("capital uppercase lowercase big small".split())

# Words that may follow a spelled name: an "a" before them was its last letter.
ENDS_SPELLING = frozenset(
    "and with like is its it's as but so that's thats then the i yes yeah okay ok comma period last first".split()
)

# Letters that follow a number without being its own.
UNIT_LETTERS = frozenset("am pm mg ml cc mcg bid tid qid prn po iv im".split())
ARTICLE_AFTER = frozenset("with or not by".split())
BEFORE_ARTICLE = frozenset("with or like and has have had not by was got just no".split())


@dataclass(slots=True)
class Atom:
    first: int  # token indexes, inclusive
    last: int
    value: str
    kind: str  # "digit" (one spoken digit), "number" (teens, tens), "written", "code", "letter"


def atom_at(tokens: list[Token], place: int, masked: frozenset[int], running: bool) -> tuple[Atom | None, int]:
    """The atom that begins at ``place`` and where it ends (exclusive)."""
    token = tokens[place]
    if not token.word or token.index in masked:
        return None, place + 1
    low = token.low
    if low.isdigit():
        return Atom(token.index, token.index, low, "written"), place + 1
    if any(c.isdigit() for c in low) and not MEASURED_CODE.fullmatch(low):
        if low[-2:] in ("st", "nd", "rd", "th") and low[:-2].isdigit():
            return None, place + 1
        return Atom(token.index, token.index, low.upper(), "code"), place + 1
    if MEASURED_CODE.fullmatch(low):
        return None, place + 1
    following = _next_word(tokens, place + 1)
    if low in UNITS and following == place + 1 and tokens[following].low in PLURALS and 2 <= UNITS[low] <= 6:
        digit = str(PLURALS[tokens[following].low])
        return Atom(token.index, tokens[following].index, digit * UNITS[low], "digit"), following + 1
    if not running and place > 0 and tokens[place - 1].low in HOW_MANY and low in ("two", "three", "four", "five", "six"):
        return None, place + 1
    if low in REPEATS and following is not None:
        after = tokens[following]
        if after.low in SINGLES or (len(after.low) == 1 and after.low.isalpha()):
            said = str(UNITS[after.low]) if after.low in SINGLES and after.low != "o" else after.text.upper()
            kind = "digit" if after.low in SINGLES and after.low != "o" else "letter"
            return Atom(token.index, after.index, said * REPEATS[low], kind), following + 1
    if low in ("oh", "o"):
        if _number_word(tokens, following) or (running and _was_number(tokens, place)):
            return Atom(token.index, token.index, "0", "digit"), place + 1
        if low == "oh" and not _letters_after(tokens, place):
            return None, place + 1
        if low == "oh":
            return Atom(token.index, token.index, "0", "digit"), place + 1
    elif low in UNITS:
        if low in SINGLES:
            return Atom(token.index, token.index, str(UNITS[low]), "digit"), place + 1
        return Atom(token.index, token.index, str(UNITS[low]), "number"), place + 1
    if low in MISHEARD and running and _among_digits(tokens, place):
        return Atom(token.index, token.index, MISHEARD[low], "digit"), place + 1
    if low in MISHEARD_SMALL and running and _small_word_misheard(tokens, place):
        return Atom(token.index, token.index, MISHEARD_SMALL[low], "digit"), place + 1
    if low in TENS:
        unit = _unit_after(tokens, place)
        if unit is not None:
            last = tokens[unit]
            return Atom(token.index, last.index, str(TENS[low] + UNITS[last.low]), "number"), unit + 1
        return Atom(token.index, token.index, str(TENS[low]), "number"), place + 1
    if low in ("hundred", "thousand") and running and _was_number(tokens, place):
        return Atom(token.index, token.index, "00" if low == "hundred" else "000", "number"), place + 1
    if low == "x" and running and [t.low for t in tokens[place + 1 : place + 3]] == ["-", "ray"]:
        return Atom(token.index, tokens[place + 2].index, "X", "letter"), place + 3
    if len(low) == 1 and low.isalpha():
        return _letter(tokens, place, running)
    if low in LETTER_WORDS and _in_spelling(tokens, place, running):
        return Atom(token.index, token.index, LETTER_WORDS[low], "letter"), place + 1
    return None, place + 1


def _letter(tokens: list[Token], place: int, running: bool) -> tuple[Atom | None, int]:
    token = tokens[place]
    following = _next_word(tokens, place + 1)
    after = tokens[following] if following is not None else None
    # "K as in kilo", "B like boy", "M for Mary"
    if after is not None and after.low in SPELL_WORDS and following is not None:
        words = following + 1
        if after.low == "as" and words < len(tokens) and tokens[words].low == "in":
            words += 1
        if words < len(tokens) and tokens[words].word and (tokens[words].low[0] == token.low or token.low == "x" == tokens[words].low[-1]):
            return Atom(token.index, tokens[words].index, token.text.upper(), "letter"), words + 1
    if token.text == "a" and place > 0 and tokens[place - 1].low in ARTICLE_AFTER and after is not None and after.low != "a":
        return None, place + 1  # "with a c", "or a k"
    if token.text == "a" and not running and after is not None and following == place + 1 and after.text.isupper() and len(after.text) == 1:
        return None, place + 1  # "a P.O. box", "a P.A."
    if token.text == "a" and not running and place > 0 and tokens[place - 1].low in BEFORE_ARTICLE:
        return None, place + 1  # "with a k"
    if token.text == "A" and token.first and not running and _number_word(tokens, following) and following == place + 1:
        if following + 1 >= len(tokens) or tokens[following + 1].text in ".?!":
            return None, place + 1  # "A three?"
    if token.low in ("a", "i"):
        spelled_next = after is not None and (
            len(after.low) == 1 and after.low.isalnum() and after.low != "i" or _doubled_letter(tokens, following)
        )
        number_next = _number_word(tokens, following) and (token.upper or running)
        was = running and place > 0 and _near_letter(tokens, place)
        if running and token.text == "A" and place > 1 and tokens[place - 1].low == "and":
            was = was or _near_letter(tokens, place - 1)  # "another L, and A."
        row = all(len(t.low) == 1 and t.low.isalpha() for t in tokens[max(0, place - 3) : place]) and place >= 3
        if token.low == "a" and was and (after is None or after.low in ENDS_SPELLING or row):
            return Atom(token.index, token.index, "A", "letter"), place + 1
        if token.low == "a" and not token.upper and not (was and (spelled_next or number_next or after is None)):
            if not (spelled_next and after is not None and after.low not in ("a",)):
                return None, place + 1
        elif (
            token.low == "i"
            and was
            and after is not None
            and len(after.low) > 1
            and not number_next
            and not _after_letter(tokens, place)
        ):
            return None, place + 1
        elif token.low == "i" and not (was or (spelled_next and not (after is not None and after.low == "a"))):
            if not number_next:
                return None, place + 1
        elif token.text == "I" and running and not was and not (spelled_next or number_next):
            if after is not None and following == place + 1:
                return None, place + 1  # "in twenty nineteen I moved"
        elif token.text == "A" and not (was or spelled_next or number_next):
            return None, place + 1
    return Atom(token.index, token.index, token.text.upper(), "letter"), place + 1


def _small_word_misheard(tokens: list[Token], place: int) -> bool:
    """ "oh one five to" at the end of a turn, "nineteen oh for germantown", "zero six for two oh eight"."""
    before = [t.low for t in tokens[max(0, place - 3) : place]]
    after = [t.low for t in tokens[place + 1 : place + 3]]
    if place + 1 == len(tokens) or not tokens[place + 1].word:
        return len(before) == 3 and SINGLES.issuperset(before)
    number_next = after[0] in UNITS or after[0] in TENS
    if before[-1:] == ["oh"] and len(before) >= 2 and before[-2] in UNITS.keys() | TENS.keys():
        return not number_next  # nobody says "nineteen oh" and no digit more
    if tokens[place].low == "for" and len(before) >= 2 and SINGLES.issuperset(before[-2:]):
        if len(after) == 1 or after[1] in ENDS_SPELLING:
            return before[-2] in ("oh", "zero") and after[0] in SINGLES  # "oh seven for six"
        return SINGLES.union(MISHEARD).issuperset(after)
    return False


def _among_digits(tokens: list[Token], place: int) -> bool:
    """Two digits before, or one before and two after: "three nine ate", "oh tree one six"."""
    before = [t.low for t in tokens[max(0, place - 2) : place]]
    after = [t.low for t in tokens[place + 1 : place + 3]]
    both = len(before) == 2 and SINGLES.issuperset(before)
    return both or before[-1:] != [] and before[-1] in SINGLES and len(after) == 2 and SINGLES.issuperset(after)


def _doubled_letter(tokens: list[Token], place: int | None) -> bool:
    """Whether "double l" stands here."""
    if place is None or place + 1 >= len(tokens) or tokens[place].low not in REPEATS:
        return False
    return len(tokens[place + 1].low) == 1 and tokens[place + 1].low.isalpha()


def _letters_after(tokens: list[Token], place: int) -> bool:
    """ "oh k k a": said for a zero or an O in front of two letters."""
    after = [t.low for t in tokens[place + 1 : place + 3]]
    return len(after) == 2 and all(len(low) == 1 and low.isalpha() for low in after) and after[0] not in ("a", "i")


def _after_letter(tokens: list[Token], place: int) -> bool:
    """Whether the token before is a letter, not a digit: "t r i n h", but "oh five i think"."""
    previous = place - 1
    while previous >= 0 and not tokens[previous].word:
        previous -= 1
    return previous >= 0 and len(tokens[previous].low) == 1 and tokens[previous].low.isalpha()


def _near_letter(tokens: list[Token], place: int) -> bool:
    previous = place - 1
    while previous >= 0 and not tokens[previous].word and place - previous < 3:
        previous -= 1
    return previous >= 0 and (len(tokens[previous].low) == 1 or tokens[previous].low in UNITS or tokens[previous].low in TENS)


def _in_spelling(tokens: list[Token], place: int, running: bool) -> bool:
    """These words are ordinary words too: they spell only beside others of the kind, letters or digits.

    The names in the police's alphabet need another word or letter beside them: "king adam nine", not "david, 42".
    """
    near = spelled = 0
    for step in (-2, -1, 1, 2):
        other = place + step
        if 0 <= other < len(tokens):
            low = tokens[other].low
            letter = low in LETTER_WORDS or (len(low) == 1 and low.isalpha() and low not in "ai")
            spelled += letter
            near += letter or low in UNITS or low in TENS or low.isdigit() or (low in CODE_JOINERS and abs(step) == 1)
    if tokens[place].low in NATO:
        return near >= 2 or (running and near >= 1)
    return spelled >= 1 and near >= 2


def _next_word(tokens: list[Token], place: int) -> int | None:
    for step in range(place, min(place + 2, len(tokens))):
        if tokens[step].word:
            return step
        if tokens[step].text not in (",", "-", "..."):
            return None
    return None


def _unit_after(tokens: list[Token], place: int) -> int | None:
    """The "one" of "forty-one" or "forty one"; not of "forty, one"."""
    step = place + 1
    if step < len(tokens) and tokens[step].text == "-" and tokens[step].start == tokens[place].end:
        step += 1
    if step < len(tokens):
        value = UNITS.get(tokens[step].low)
        if value is not None and 1 <= value <= 9 and tokens[step].low not in ("o", "oh"):
            return step
    return None


def _number_word(tokens: list[Token], place: int | None) -> bool:
    if place is None or place >= len(tokens):
        return False
    low = tokens[place].low
    if low in REPEATS:  # "double four" is a number, "double D" is not
        after = _next_word(tokens, place + 1)
        return after is None or len(tokens[after].low) > 1 or tokens[after].low.isdigit()
    return low in UNITS or low in TENS or low.isdigit()


def _was_number(tokens: list[Token], place: int) -> bool:
    previous = place - 1
    while previous >= 0 and tokens[previous].text in (",", "-"):
        previous -= 1
    return previous >= 0 and (
        tokens[previous].low in UNITS
        or tokens[previous].low in TENS
        or tokens[previous].low.isdigit()
        or tokens[previous].low == "hundred"
    )
