"""Spoken numbers, letters and codes: runs of them with what they say when written.

A run is a chain of atoms (digits, number words, single letters, spelling-alphabet words) joined by what people put between
them: commas, dashes, "dash", "uh", "then". It knows the tokens it covers and its written value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from compliance.redaction.phrases import Phrase, phrase_hits
from compliance.redaction.view import DialogueView, Token
from compliance.redaction.written import REPEATS, TENS, UNITS

NATO = {
    "alpha": "A", "alfa": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E", "foxtrot": "F", "golf": "G",
    "hotel": "H", "india": "I", "juliet": "J", "juliett": "J", "kilo": "K", "lima": "L", "mike": "M", "november": "N",
    "oscar": "O", "papa": "P", "quebec": "Q", "romeo": "R", "sierra": "S", "tango": "T", "uniform": "U", "victor": "V",
    "whiskey": "W", "xray": "X", "yankee": "Y", "zulu": "Z",
}  # fmt: skip
SINGLES = frozenset("zero oh o one two three four five six seven eight nine".split())
JOINERS = frozenset("dash hyphen slash minus underscore".split())
FILLERS = frozenset("uh um er erm ah eh hmm mm so then like okay ok wait and space hold on the".split())
JOIN_SIGNS = frozenset([",", "-", "/", "...", "_", "–", "—", "#", ".", ")", "("])
SPELL_WORDS = frozenset(("as", "like", "for"))
CASE_WORDS = frozenset("capital uppercase lowercase big small".split())

# Words that may follow a spelled name: an "a" before them was its last letter.
ENDS_SPELLING = frozenset(
    "and with like is its it's as but so that's thats then the i yes yeah okay ok comma period last first".split()
)

# What may stand between two atoms of one run.
MAX_FILLERS = 3
# A run longer than any identifier is a list or a table read aloud; it is cut, so that work stays linear.
MAX_ATOMS = 64


@dataclass(slots=True)
class Atom:
    first: int  # token indexes, inclusive
    last: int
    value: str
    kind: str  # "digit" (one spoken digit), "number" (teens, tens), "written", "code", "letter"


@dataclass(slots=True)
class Run:
    turn: int
    atoms: list[Atom] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.atoms[0].first

    @property
    def last(self) -> int:
        return self.atoms[-1].last

    @property
    def value(self) -> str:
        return "".join(a.value for a in self.atoms)

    @property
    def digits(self) -> str:
        return "".join(c for c in self.value if c.isdigit())

    @property
    def letters(self) -> str:
        return "".join(c for c in self.value if c.isalpha())

    @property
    def singles(self) -> int:
        """The longest row of digits said one by one."""
        best = row = 0
        for atom in self.atoms:
            row = row + len(atom.value) if atom.kind == "digit" else 0
            best = max(best, row)
        return best

    @property
    def written(self) -> bool:
        return any(a.kind in ("written", "code") for a in self.atoms)

    @property
    def counting(self) -> bool:
        """ "one, two, three, four": nobody's number."""
        steps = [int(a.value) for a in self.atoms if a.kind == "digit" and len(a.value) == 1]
        return len(steps) == len(self.atoms) > 2 and all(b - a == 1 for a, b in zip(steps, steps[1:], strict=False))


def runs(view: DialogueView) -> list[Run]:
    """All runs of the dialogue, in order. Tokens of abbreviations ("I D", "M R I") are not atoms."""
    return view.once("runs", _runs)


def runs_by_turn(view: DialogueView) -> dict[int, list[Run]]:
    def make(v: DialogueView) -> dict[int, list[Run]]:
        grouped: dict[int, list[Run]] = {}
        for run in runs(v):
            grouped.setdefault(run.turn, []).append(run)
        return grouped

    return view.once("runs_by_turn", make)


def _runs(view: DialogueView) -> list[Run]:
    found: list[Run] = []
    masked = masked_tokens(view)
    for turn in view.turns():
        tokens = view.turn_tokens(turn)
        _turn_runs(tokens, turn, masked, found)
    return found


def masked_tokens(view: DialogueView) -> frozenset[int]:
    """Tokens of abbreviations and cue phrases made of letters, which are nobody's initials."""

    def make(v: DialogueView) -> frozenset[int]:
        return frozenset(
            i for h in phrase_hits(v) if h.letters and not _inside_spelling(v, h) for i in range(h.first, h.last + 1)
        )

    return view.once("masked", make)


def _inside_spelling(view: DialogueView, hit: Phrase) -> bool:
    """ "l i" in "A-N-J-A-L-I": more single letters stand on either side."""
    tokens = view.tokens
    begin, end = view.bounds[hit.turn]
    if len(tokens[hit.first].low) > 1 and len(tokens[hit.last].low) > 1:
        return False
    before, after = hit.first - 1, hit.last + 1
    while before > begin and tokens[before].text in (".", "-", ",", "_"):
        before -= 1
    while after < end - 1 and tokens[after].text in (".", "-", ",", "_"):
        after += 1
    if begin <= before and after < end and _is_numeral(tokens[before]) and _is_numeral(tokens[after]):
        return True  # "one E G four"
    for place, beyond in ((before, before - 1), (after, after + 1)):
        if begin <= place < end and len(tokens[place].low) == 1 and tokens[place].low.isalpha():
            if tokens[place].low not in "ai" or tokens[place].upper and view.cased and tokens[place].low == "a":
                return True
            if begin <= beyond < end and (len(tokens[beyond].low) == 1 or not tokens[beyond].word):
                return True
    return False


def _is_numeral(token: Token) -> bool:
    return token.low in UNITS or token.low in TENS or token.low.isdigit()


def _turn_runs(tokens: list[Token], turn: int, masked: frozenset[int], found: list[Run]) -> None:
    run = Run(turn)
    position = 0
    count = len(tokens)
    while position < count:
        atom, after = _atom(tokens, position, masked, bool(run.atoms))
        if atom is None:
            position += 1
            continue
        run.atoms.append(atom)
        following = _join(tokens, after, masked)
        if following is None or len(run.atoms) >= MAX_ATOMS:
            _keep(run, found)
            run = Run(turn)
            position = after
        else:
            position = following
    _keep(run, found)


def _keep(run: Run, found: list[Run]) -> None:
    if run.atoms:
        found.append(run)


def _join(tokens: list[Token], position: int, masked: frozenset[int]) -> int | None:
    """Where the next atom of the same run begins, or None."""
    fillers = 0
    place = position
    while place < len(tokens):
        token = tokens[place]
        if place > position or token.word:
            atom, _ = _atom(tokens, place, masked, True)
            if atom is not None:
                return place
        if token.text == ".":
            tight = place > 0 and tokens[place - 1].end == token.start
            close = place + 1 < len(tokens) and tokens[place + 1].start == token.end
            dotted = (
                place > 0
                and len(tokens[place - 1].text) == 1
                and place + 2 < len(tokens)
                and len(tokens[place + 1].text) == 1
                and tokens[place + 2].text == "."
            )
            if not (tight and (close or dotted)):
                return None
        elif token.text in JOIN_SIGNS or token.low in JOINERS or token.low in CASE_WORDS:
            pass
        elif token.low in FILLERS and fillers < MAX_FILLERS:
            fillers += 1
        else:
            return None
        place += 1
        if place - position > 6:
            return None
    return None


def _atom(tokens: list[Token], place: int, masked: frozenset[int], running: bool) -> tuple[Atom | None, int]:
    """The atom that begins at ``place`` and where it ends (exclusive)."""
    token = tokens[place]
    if not token.word or token.index in masked:
        return None, place + 1
    low = token.low
    if low.isdigit():
        return Atom(token.index, token.index, low, "written"), place + 1
    if any(c.isdigit() for c in low):
        if low[-2:] in ("st", "nd", "rd", "th") and low[:-2].isdigit():
            return None, place + 1
        return Atom(token.index, token.index, low.upper(), "code"), place + 1
    following = _next_word(tokens, place + 1)
    if low in REPEATS and following is not None:
        after = tokens[following]
        if after.low in SINGLES or (len(after.low) == 1 and after.low.isalpha()):
            said = str(UNITS[after.low]) if after.low in SINGLES and after.low != "o" else after.text.upper()
            kind = "digit" if after.low in SINGLES and after.low != "o" else "letter"
            return Atom(token.index, after.index, said * REPEATS[low], kind), following + 1
    if low in ("oh", "o"):
        if _number_word(tokens, following) or (running and _was_number(tokens, place)):
            return Atom(token.index, token.index, "0", "digit"), place + 1
        if low == "oh":
            return None, place + 1
    elif low in UNITS:
        if low in SINGLES:
            return Atom(token.index, token.index, str(UNITS[low]), "digit"), place + 1
        return Atom(token.index, token.index, str(UNITS[low]), "number"), place + 1
    if low in TENS:
        unit = _unit_after(tokens, place)
        if unit is not None:
            last = tokens[unit]
            return Atom(token.index, last.index, str(TENS[low] + UNITS[last.low]), "number"), unit + 1
        return Atom(token.index, token.index, str(TENS[low]), "number"), place + 1
    if low in ("hundred", "thousand") and running and _was_number(tokens, place):
        return Atom(token.index, token.index, "00" if low == "hundred" else "000", "number"), place + 1
    if len(low) == 1 and low.isalpha():
        return _letter(tokens, place, running)
    if low in NATO and _in_spelling(tokens, place, running):
        return Atom(token.index, token.index, NATO[low], "letter"), place + 1
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
        if words < len(tokens) and tokens[words].word and tokens[words].low[0] == token.low:
            return Atom(token.index, tokens[words].index, token.text.upper(), "letter"), words + 1
    if token.low in ("a", "i"):
        spelled_next = after is not None and len(after.low) == 1 and after.low.isalnum() and after.low != "i"
        number_next = _number_word(tokens, following) and (token.upper or running)
        was = running and place > 0 and _near_letter(tokens, place)
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
    """NATO words are ordinary words too: they spell only beside others of the kind, letters or digits."""
    near = 0
    for step in (-2, -1, 1, 2):
        other = place + step
        if 0 <= other < len(tokens):
            low = tokens[other].low
            near += low in NATO or low in UNITS or low in TENS or (len(low) == 1 and low.isalnum() and low not in "ai")
    return near >= 2 or (running and near >= 1)


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
    return low in UNITS or low in TENS or low in REPEATS or low.isdigit()


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


__all__ = ["Atom", "Phrase", "Run", "masked_tokens", "runs", "runs_by_turn"]
