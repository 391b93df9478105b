"""What was decided before about the same words, and what it means for a new decision: ``deciding`` asks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from transcription import review
from transcription.reading import View
from transcription.review import Act

# What somebody else decides after a hiding and that does not rest upon it: that the words are not private, or may be.
_AGAINST_HIDING: Final = frozenset(("not_private", "suggest", "heard"))


def relied_upon(view: View, acts: Sequence[Act], number: int) -> bool:
    """Whether somebody else confirmed what the act ``number`` hides, released its line with it, hid a part of it, or brought
    it back after it was taken back."""
    known = {act.number: act for act in acts}
    words = _words_of(known[number], known)
    others = set(
        view.transcript.review_acts.filter(number__gt=number).exclude(member=view.member).values_list("number", flat=True)
    )
    for act in review.standing(acts):
        if act.number not in others:
            continue
        if act.undoes is not None:
            taken_back = known.get(act.undoes)
            if taken_back is not None and taken_back.undoes == number:
                return True
        elif act.decision not in _AGAINST_HIDING and not words.isdisjoint(_words_of(act, known)):
            return True
    return False


def decided_otherwise(
    view: View, acts: Sequence[Act], decision: str, spans: Sequence[Mapping[str, Any]], since: int
) -> bool:  # fmt: skip
    """Whether somebody else made another decision about one of these words after the act ``since``, or took one back."""
    words = {word for span in spans for word in span["words"]}
    others = view.transcript.review_acts.filter(number__gt=since).exclude(member=view.member).exclude(decision=decision)
    numbers, known = set(others.values_list("number", flat=True)), {act.number: act for act in acts}
    return any(not words.isdisjoint(_words_of(act, known)) for act in acts if act.number in numbers)


def _words_of(act: Act, known: Mapping[int, Act]) -> set[int]:
    """The words that an act is about; of an undo those of what it takes back."""
    while act.undoes is not None and act.undoes in known:
        act = known[act.undoes]
    return {word for span in act.spans for word in span["words"]}


def accepted(acts: Sequence[Act], spans: Sequence[dict[str, Any]]) -> int | None:
    """The number of the decision that accepted just this, where it is the last one about its words."""
    words = {word for span in spans for word in span["words"]}
    for act in reversed(review.in_force(acts)):
        if any(not words.isdisjoint(span["words"]) for span in act.spans):
            same = [_meant(span) for span in act.spans] == [_meant(span) for span in spans]
            return act.number if act.decision == "accept" and same else None
    return None


def _meant(span: Mapping[str, Any]) -> tuple[Any, ...]:
    return span["words"], span.get("text"), span.get("only")
