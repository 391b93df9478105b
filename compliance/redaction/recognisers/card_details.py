"""What people say beside the number of a card: until when it is good, and the code on its back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from compliance.redaction.detections import PrivateType
from compliance.redaction.numerals import Run
from compliance.redaction.phrases import hits_by_turn
from compliance.redaction.recognisers.number_fragments import Known
from compliance.redaction.recognisers.number_looks import year_like
from compliance.redaction.view import DialogueView

BESIDE_A_CARD = "beside the number of a card"
SPOKEN_OF = 6  # turns in which a card is still what the talk is about
REACH = 4  # tokens before the digits
LONGEST_QUESTION = 8  # words
MOST_DIGITS = 6
CODE_DIGITS = (3, 4)
_GOOD_UNTIL = frozenset("exp expires expiration expiry expiring through thru".split())
_CODE = frozenset("code code's cvc cvv security".split())
# "Lot U56667, exp 03/26": of a vaccine.
_OF_GOODS = frozenset("lot vaccine dose vial batch license licence passport lease policy warranty visa".split())


def card_detail(view: DialogueView, run: Run, known: Sequence[Known]) -> bool:
    if run.letters or not 2 <= len(run.digits) <= MOST_DIGITS:
        return False
    begin = view.bounds[run.turn][0]
    before = [t.low for t in view.tokens[max(begin, run.first - REACH) : run.first]]
    if before[-1:] in (["at"], ["by"], ["since"]) or year_like(run):
        return False  # "moved out through 2019", "the code was called at 3 15"
    near = set(before)
    asked = [t.low for t in view.turn_tokens(run.turn - 1) if t.word] if run.turn else []
    question = set(asked) if len(asked) <= LONGEST_QUESTION else set()
    on_the_back = any(("the", "back") in pairwise(said) for said in (before, asked if question else []))
    code = len(run.digits) in CODE_DIGITS and (on_the_back or not _CODE.isdisjoint(near | question))
    until = not _GOOD_UNTIL.isdisjoint(near | question)
    if not code and not until:
        return False
    if any(k.type == PrivateType.CREDIT_CARD and 0 <= run.turn - k.turn <= SPOKEN_OF for k in known[-SPOKEN_OF:]):
        return True
    turns = range(max(0, run.turn - SPOKEN_OF), run.turn + 1)
    if any(hit.kind == "credit_card" for turn in turns for hit in hits_by_turn(view).get(turn, ())):
        return True
    # "Exp?", with no word of what it is: of a card more often than not.
    bare = asked[-1:] == ["exp"] and len(asked) <= 2
    return bare and not any(t.low in _OF_GOODS for turn in turns for t in view.turn_tokens(turn))
