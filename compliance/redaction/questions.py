"""What a turn was asked for: the open questions of a conversation.

A question stays open for the next few turns, through "mm-hmm" and "go ahead", until another one takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass

from compliance.redaction.labels import WORDS
from compliance.redaction.phrases import LETTERS, Phrase, hits_by_turn
from compliance.redaction.view import DialogueView

# Turns that a question stays open. Two speakers who check a number piece by piece need this many.
REACH = 8
# Words at the end of a turn in which its question is looked for: what was said before them is answered or narrative.
TAIL_WORDS = 30
IDENTIFIERS = frozenset(
    """ssn credit_card bank_account medical_record_number health_plan_number license_number vehicle_id device_id
    phone_number email url ip_address date_of_birth address""".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    turn: int  # where it was asked
    distance: int  # turns ago
    direct: bool  # it was a question or request, not a mention


_REQUESTS = frozenset(
    """what what's whats when where which who whose how can could would may spell give read tell state say confirm verify
    provide repeat have remind get need is are do does did and your any also whats""".split()
)


def asked(view: DialogueView, turn: int) -> list[Asked]:
    """Open questions for this turn, nearest first."""
    return _all(view)[turn]


def _all(view: DialogueView) -> list[list[Asked]]:
    return view.once("asked", _work_out)


def _work_out(view: DialogueView) -> list[list[Asked]]:
    by_turn = hits_by_turn(view)
    asked_in: list[list[tuple[str, bool]]] = []
    for turn in range(len(view.bounds)):
        asked_in.append(_asked_in(view, turn, by_turn.get(turn, [])))
    # In a text that an earlier pass has labelled, a label is the answer; what stands after it was left on purpose.
    answered = [labelled(view, turn) for turn in range(len(view.bounds))]
    result: list[list[Asked]] = []
    for turn in range(len(view.bounds)):
        open_: list[Asked] = []
        closed: set[str] = set()
        for back in range(1, REACH + 1):
            past = turn - back
            if past < 0:
                break
            closed |= answered[past]
            kinds = [asked for asked in asked_in[past] if asked[0] not in closed]
            if view.dialogue.turns[past].speaker == view.dialogue.turns[turn].speaker and _long(view, past):
                continue  # a dictation asks nothing of itself
            for kind, direct in kinds:
                open_.append(Asked(kind, past, back, direct))
            if any(direct for _, direct in kinds) and back > 3:
                break
        result.append(open_)
    return result


def labelled(view: DialogueView, turn: int) -> frozenset[str]:
    """The types whose labels an earlier pass has left in a turn."""
    said = [view.text(turn)[start:end] for start, end in view.labels(turn)]
    return frozenset(kind for kind, word in WORDS.items() if any(label.startswith(f"[{word}") for label in said))


def _long(view: DialogueView, turn: int) -> bool:
    begin, end = view.bounds[turn]
    return end - begin > 16 and view.tokens[end - 1].text != "?"


def _asked_in(view: DialogueView, turn: int, hits: list[Phrase]) -> list[tuple[str, bool]]:
    begin, end = view.bounds[turn]
    if begin == end:
        return []
    tokens = view.tokens
    # The request: from the beginning of the last sentence that asks, else the tail.
    question = any(t.text == "?" for t in tokens[max(begin, end - TAIL_WORDS) : end])
    floor = max(begin, end - TAIL_WORDS)
    words = [t for t in tokens[begin:end] if t.word]
    short = len(words) <= 12
    request = question or short or any(t.low in _REQUESTS for t in tokens[floor:end])
    out: list[tuple[str, bool]] = []
    for hit in reversed(hits):
        if hit.last < floor:
            break
        if hit.kind not in LETTERS | {"innocent"}:
            out.append((hit.kind, request))
    return out
