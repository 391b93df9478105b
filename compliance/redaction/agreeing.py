"""Where the speech service's marks and the second pass do not agree: hidden all the same, and for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from compliance.redaction.detections import MASKED, OURS_ONLY, PROVIDER_ONLY, TYPES, Detection, PrivateType
from compliance.redaction.places import Spans
from compliance.redaction.resolving import PROVIDER, Found
from compliance.redaction.view import DialogueView

# Of two that look, one saw nothing: as likely as not.
_EVEN: Final = 0.5
# What a matter's own lists hide is nobody's guess.
_CERTAIN: Final = 1.0

# What a service need not tell apart from each other.
_ALIKE: Final = (frozenset((PrivateType.DATE, PrivateType.DATE_OF_BIRTH)), frozenset((PrivateType.EMAIL, PrivateType.URL)))

_NOTHING: Final = Spans()
_NONE: Final[Mapping[str, Spans]] = {}


def judged(
    view: DialogueView, items: Sequence[Detection], ours: Sequence[Found], theirs: Sequence[Found], asked: Sequence[str]
) -> tuple[Detection, ...]:
    """``items`` with every disagreement unsure and named. ``asked``: types that the service was asked to mark."""
    marked = _spans(view, theirs)
    if not marked and not asked:
        return tuple(items)
    found, told = _spans(view, ours), _by_type(view, (item for item in theirs if MASKED not in item.marks))
    named = _by_type(view, ours) if told else {}
    return tuple(
        _named_otherwise(
            _judged(view, item, found.get(item.turn, _NOTHING), marked.get(item.turn, _NOTHING), asked),
            named.get(item.turn, _NONE) if item.recogniser == PROVIDER else told.get(item.turn, _NONE),
        )
        for item in items
    )


def _named_otherwise(item: Detection, others: Mapping[str, Spans]) -> Detection:
    """``item`` unsure where the other of the two takes it for something else: a policy may show one of them."""
    if MASKED in item.marks or item.unsure or item.score >= _CERTAIN or item.type not in TYPES:
        return item
    if not any(_differ(item.type, type_) and spans.touch(item.start, item.end) for type_, spans in others.items()):
        return item
    reason = f"{item.reason}; speech service and second pass take it for different things".removeprefix("; ")
    return replace(item, unsure=True, score=min(item.score, _EVEN), reason=reason)


def _differ(one: str, other: str) -> bool:
    if one == other or PrivateType.MEDICAL in (one, other) or other not in TYPES:
        return False  # what names no type says nothing against one
    return not any(one in alike and other in alike for alike in _ALIKE)


def _by_type(view: DialogueView, found: Iterable[Found]) -> dict[int, dict[str, Spans]]:
    types: dict[str, list[Found]] = {}
    for item in found:
        types.setdefault(item.type, []).append(item)
    by_turn: dict[int, dict[str, Spans]] = {}
    for type_, items in types.items():
        for turn, spans in _spans(view, items).items():
            by_turn.setdefault(turn, {})[type_] = spans
    return by_turn


def _judged(
    view: DialogueView,
    item: Detection,
    found: Spans,
    marked: Spans,
    asked: Sequence[str],
) -> Detection:
    if MASKED in item.marks:
        return item  # the words are gone: there is nothing to agree about
    text = view.dialogue.turns[item.turn].text
    told = [place for place in range(item.start, item.end) if text[place].isalnum() and marked.cover(place, place + 1)]
    if any(not found.cover(place, place + 1) for place in told):
        reason = "marked by the speech service, not found by the second pass"
        return replace(
            item, unsure=True, score=min(item.score, _EVEN), reason=reason, marks=(*item.marks, PROVIDER_ONLY)
        )  # fmt: skip
    if not told and item.type in asked and item.score < _CERTAIN:
        reason = f"{item.reason}; the speech service did not mark it".removeprefix("; ")
        return replace(item, unsure=True, reason=reason, marks=(*item.marks, OURS_ONLY))
    return item


def _spans(view: DialogueView, found: Iterable[Found]) -> dict[int, Spans]:
    spans: dict[int, list[tuple[int, int]]] = {}
    for item in found:
        if item.start < item.end:
            spans.setdefault(item.turn, []).append(view.cleans[item.turn].original_span(item.start, item.end))
    return {turn: Spans(places) for turn, places in spans.items()}
