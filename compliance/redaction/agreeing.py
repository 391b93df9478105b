"""Where the speech service's marks and the second pass do not agree: hidden all the same, and for a person to look at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from compliance.redaction.detections import MASKED, OURS_ONLY, PROVIDER_ONLY, Detection
from compliance.redaction.places import Spans
from compliance.redaction.resolving import Found
from compliance.redaction.view import DialogueView

PROVIDER: Final = "provider"
# Of two that look, one saw nothing: as likely as not.
_EVEN: Final = 0.5
# What a matter's own lists hide is nobody's guess.
_CERTAIN: Final = 1.0

_NOTHING: Final = Spans()


def judged(
    view: DialogueView, items: Sequence[Detection], ours: Iterable[Found], theirs: Iterable[Found], asked: Sequence[str]
) -> tuple[Detection, ...]:
    """``items`` with every disagreement unsure and named. ``asked``: types that the service was asked to mark."""
    marked = _spans(view, theirs)
    if not marked and not asked:
        return tuple(items)
    found = _spans(view, ours)
    return tuple(_judged(view, item, found.get(item.turn, _NOTHING), marked.get(item.turn, _NOTHING), asked) for item in items)


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
