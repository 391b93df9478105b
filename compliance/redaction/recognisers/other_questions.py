"""Questions for a number that is nobody's: a price, a time of day, a dose, a weight. Their answers are no pieces of an identifier that
was spoken of a moment ago, and hiding one would be a safety fault."""

from __future__ import annotations

from itertools import pairwise

from compliance.redaction.measures import ABBREVIATIONS, LABS, NO_NUMBER, PANELS, SETTINGS, VITALS
from compliance.redaction.numerals import Run, runs_by_turn
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.view import DialogueView, Token

LONGEST_QUESTION = 12  # words of its last sentence
SHORT_QUESTION = 4
BACK = 4  # turns
MOST_NUMBERS = 3  # of a turn, in which what it asks is looked for
LONGEST_PIECE = 3  # digits that are asked for after somebody has said yes to a number
MOST_SINGLY = 3  # digits said one by one: nobody says a price or a time so
WHOLE = 7  # digits: a number of so many is an identifier, whatever was asked
_HOW = frozenset("many much long far tall often big heavy fast late early soon high low deep wide hard".split())
_MONEY = frozenset(
    """paid pay pays payment bought sold sell owe owed owes worth rent balance price cost costs deposit mileage odometer salary wage wages
    income offer offered settlement deductible copay damages lien principal fee fees gross net total amount loss speed limit fine bail bond
    earn earned making charged blow bac breath""".split()
)
_MEASURED = frozenset(
    """weight weigh weighs weighed height tall score scored dose doses strength reading readings grip flow meter bottle units pounds percentile
    temp fever sugar sugars pain scale length width depth depths apgars gestation dilated contractions peak quantity refills bpm""".split()
)
_TOPICS = _MONEY | _MEASURED | VITALS | LABS | SETTINGS | PANELS
# These ask for a time only where hardly anything else is said: "And left?", "Called?".
_TIMED = frozenset("time called answered left arrived started ended began finished clock departed landed paged at".split())
_NO_IDENTIFIER = NO_NUMBER | {"date", "year", "age_over_89"}
_AFFIRMED = frozenset("yes yep yeah yup correct right uh-huh mm-hmm sure".split())
_DENIED = frozenset("no nope actually wrong wait sorry not".split())
# Scales that a pathologist, a nurse or a therapist scores by.
_SCALES = frozenset(
    """bethesda gleason berg breslow tinetti killip barthel braden edinburgh epworth karnofsky ecog rankin glasgow gcs nihss apgar apgars phq gad moca mmse
    bishop wells ranson maddrey meld ballard tanner bosniak fuhrman birads pirads tirads mallampati aldrete ramsay rass audit cage ciwa cows""".split()
)
_SIDES = frozenset([("the", "left"), ("the", "right"), ("left", "side"), ("right", "side")])


def asked_otherwise(view: DialogueView, turn: int) -> int | None:
    """The newest of the turns before, ``BACK`` at most, in which somebody else asks for a number that is nobody's and for no
    identifier; None where none does."""
    asking = view.once("asked otherwise", _asking)
    turns = view.dialogue.turns
    alone = view.once("speakers", _speakers) < 2
    for before in range(turn - 1, max(-1, turn - 1 - BACK), -1):
        another = alone or turns[before].speaker != turns[turn].speaker
        if before in asking and another:
            return before
        asks = another and any(token.text == "?" or token.low in _ASKING for token in view.turn_tokens(before)[-LONGEST_QUESTION:])
        if asks or any(hit.kind not in _NO_IDENTIFIER for hit in hits_by_turn(view).get(before, ())):
            return None  # since then somebody asked for something else, or spoke of an identifier
    return None


def answers_otherwise(view: DialogueView, run: Run, since: int) -> bool:
    """Whether such a question came in the turn ``since`` or later, and the number may be its answer."""
    if run.letters or len(run.digits) >= WHOLE or run.singles > MOST_SINGLY:
        return False  # "How much is it?" / "And your plan, is it still 1EG4-TE5-MK73?"
    other = asked_otherwise(view, run.turn)
    return other is not None and other >= since


def confirmed(view: DialogueView, run: Run, asked_in: int) -> bool:
    """ "Is your phone still 304-555-0122?" / "Yep." / "Which Tylenol do you have?" / "325.": the number that the turn ``asked_in`` asks
    for stands in it and another question came since, or somebody has said yes to it."""
    if len(run.digits) > LONGEST_PIECE or not any(len(said.digits) >= WHOLE for said in runs_by_turn(view).get(asked_in, ())):
        return False
    between = range(asked_in + 1, run.turn)
    if {token.low for token in view.turn_tokens(run.turn)[:2]} & _DENIED:
        return False
    if len(between) > 1 and any({token.low for token in view.turn_tokens(turn)[:2]} & _AFFIRMED for turn in between):
        return True
    whole = [said.last for said in runs_by_turn(view).get(asked_in, ()) if len(said.digits) >= WHOLE]
    after = [token.low for token in view.tokens[whole[-1] + 1 : view.bounds[asked_in][1]] if token.word]
    return len(after) > 2 and bool(_ASKING & set(after[:2]))


def limit_read_back(view: DialogueView, digits: str, asked_in: int) -> bool:
    """ "If his fever hits one oh four call us back." / "One oh four.": the limit that an instruction names, said again."""
    if len(digits) > LONGEST_PIECE or "if" not in {token.low for token in view.turn_tokens(asked_in)[-3 * LONGEST_QUESTION :]}:
        return False
    return any(said.digits == digits for said in runs_by_turn(view).get(asked_in, ())[-MOST_NUMBERS:])


def _speakers(view: DialogueView) -> int:
    return len({turn.speaker for turn in view.dialogue.turns})


def _asking(view: DialogueView) -> frozenset[int]:
    return frozenset(turn for turn in view.turns() if _asks(view, turn))


def _asks(view: DialogueView, turn: int) -> bool:
    tokens = view.turn_tokens(turn)[-3 * LONGEST_QUESTION :]
    # "confirm the phone 304-555-0122 and whats your weight": what is asked comes after the number.
    said_whole = [run.last for run in runs_by_turn(view).get(turn, ())[-MOST_NUMBERS:] if len(run.digits) >= WHOLE]
    if said_whole:
        tokens = [token for token in tokens if token.index > said_whole[-1]]
    ends = [at for at, token in enumerate(tokens[:-1]) if token.text in (".", "?", "!")]
    last = tokens[ends[-1] + 1 if ends else 0 :]
    words = [token for token in last if token.word]
    if not words or len(words) > LONGEST_QUESTION:
        return False
    said = [token.low for token in words]
    timed = ("what", "time") in pairwise(said)
    measured = held = False
    for hit in hits_by_turn(view).get(turn, ()):
        if hit.first >= words[0].index:
            held = held or hit.kind == "bank_account" and view.tokens[max(0, hit.first - 2)].low == "in"  # "whats in the account"
            if hit.kind not in _NO_IDENTIFIER and not (timed and hit.kind == "address") and not held:
                return False
            measured = measured or hit.letters and " ".join(t.low for t in view.tokens[hit.first : hit.last + 1]) in ABBREVIATIONS
    how = any(one == "how" and other in _HOW for one, other in pairwise(said))
    if timed or measured or how or held or "when" in said or not _TOPICS.isdisjoint(said):
        return _is_asked(last, said)
    short = len(said) <= SHORT_QUESTION
    sided = any(pair in _SIDES for pair in pairwise(said))
    return short and (sided or not (_TIMED | _SCALES).isdisjoint(said)) and _is_asked(last, said)


def _is_asked(sentence: list[Token], said: list[str]) -> bool:
    """A question by its mark or its words; what only tells of a price asks for none."""
    if sentence[-1].text == "?":
        return True
    return sentence[-1].text not in (".", "!") and (len(said) <= SHORT_QUESTION or not _ASKING.isdisjoint(said))


_ASKING = frozenset("what what's whats how which when and did do does is was are were any can could".split())
