"""Counts of open doubts by transcript, so that a queue over thousands of them opens nothing.

They are written where findings or decisions change, in the same transaction: they cannot differ from them.
"""

from datetime import datetime

from django.utils import timezone

from transcription.models import DoubtCount, Transcript
from transcription.weighing import Weight


def keep(transcript: Transcript, version: int, weight: Weight, *, since: datetime | None = None) -> None:
    """Writes the counts; in the caller's transaction. ``since``: when the waiting began, if not now or earlier."""
    before = DoubtCount.objects.filter(transcript=transcript).values_list("since", flat=True).first()
    began = (before or since or timezone.now()) if weight.total else None
    values = {
        **weight.kinds, "version": version, "total": weight.total, "risk": weight.risk, "since": began,
        "unread": weight.unread, "unread_language": weight.unread_language[:12],
    }  # fmt: skip
    DoubtCount.objects.update_or_create(transcript=transcript, defaults=values)
