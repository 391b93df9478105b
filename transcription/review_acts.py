"""Stored decisions as ``review`` wants them."""

from transcription.models import ReviewAct, Transcript
from transcription.review import Act


def acts_of(transcript: Transcript) -> list[Act]:
    """All of them, in order: ``span`` is {"spans": […]} or {"undoes": number}."""
    acts: list[Act] = []
    for row in ReviewAct.objects.filter(transcript=transcript).order_by("number"):
        row.transcript = transcript
        acts.append(act_of(row))
    return acts


def act_of(row: ReviewAct) -> Act:
    span = row.span or {}
    return Act(row.number, row.decision, tuple(span.get("spans", ())), span.get("undoes"))
