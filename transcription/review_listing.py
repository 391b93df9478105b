"""What waits for people, for programs that watch over it: held texts, held audio and open doubts in one order, in pages.

Held texts come first, then texts that can be read and whose bleeped audio is held, then open doubts by their risk; equal
ones by how long they wait. It is read from counts and states, as the queue on the pages is: nothing of content is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Case,
    DateTimeField,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from portal.accounts.models import Member
from transcription import bleep_check, review_queue, weighing
from transcription.models import Proceeding, Rendition, Transcript
from vault import matters

_TEXT_HELD: Final = Q(state=Transcript.State.HELD)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended, by what the order goes: ``rank`` 2 held text, 1 held audio, 0 doubts alone."""

    rank: int
    risk: float
    since: datetime
    transcript_id: UUID


@dataclass(frozen=True, slots=True)
class Hold:
    """A text or a bleeped copy that waits: why, as ``problems.explain`` knows it, and since when."""

    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """One transcript. ``counts`` (doubts by kind) and ``risk`` are None while the text is held: nobody knows them then."""

    transcript: Transcript
    since: datetime
    text: Hold | None = None
    audio: list[Hold] = field(default_factory=list)
    counts: dict[str, int] | None = None
    risk: float | None = None


def waiting(member: Member, after: Place | None = None) -> QuerySet[Transcript]:
    """The member's list in order, from ``after`` on; for who may not review an empty one."""
    if not review_queue.may(member):
        return Transcript.objects.none()
    copies = bleep_check.held_rows(member).filter(transcript=OuterRef("pk")).order_by("audio_checked_at")
    rows = (
        Transcript.objects.filter(proceeding__matter__in=matters.visible_to(member), superseded_at=None)
        .exclude(proceeding__state=Proceeding.State.ERASED)
        .annotate(
            rank=Case(When(_TEXT_HELD, then=Value(2)), When(Exists(copies), then=Value(1)),
                      default=Value(0), output_field=IntegerField()),
            weight=Case(When(_TEXT_HELD, then=Value(0.0)),
                        default=Coalesce(F("doubt_count__risk"), Value(0.0)), output_field=FloatField()),
            waits_since=Coalesce(
                Case(When(_TEXT_HELD, then=F("held_since")), default=F("doubt_count__since"), output_field=DateTimeField()),
                Subquery(copies.values("audio_checked_at")[:1]),
                F("created_at"),
            ),
        )
        .filter(Q(rank__gt=0) | Q(doubt_count__total__gt=0))
    )  # fmt: skip
    if after is not None:
        same = Q(rank=after.rank)
        rows = rows.filter(
            Q(rank__lt=after.rank)
            | same & Q(weight__lt=after.risk)
            | same & Q(weight=after.risk, waits_since__gt=after.since)
            | same & Q(weight=after.risk, waits_since=after.since, pk__gt=after.transcript_id)
        )
    related = rows.select_related("doubt_count", "proceeding__matter__vault")
    return related.order_by("-rank", "-weight", "waits_since", "pk")


def place(row: Any) -> Place:
    """The place of a row of ``waiting``."""
    return Place(row.rank, row.weight, row.waits_since, row.pk)


def listed(member: Member, rows: Sequence[Any]) -> list[Waiting]:
    """Rows of ``waiting`` with why each of them waits."""
    audio: dict[UUID, list[Hold]] = {}
    for copy in bleep_check.held_rows(member).filter(transcript__in=[row.pk for row in rows]).order_by("audio_checked_at"):
        audio.setdefault(copy.transcript_id, []).append(_held_copy(copy))
    return [_waiting(row, audio.get(row.pk, [])) for row in rows]


def _waiting(row: Any, audio: list[Hold]) -> Waiting:
    if row.state == Transcript.State.HELD:
        return Waiting(row, row.waits_since, Hold(row.held_reason, row.waits_since))
    counted = getattr(row, "doubt_count", None)
    counts = {kind: getattr(counted, kind, 0) for kind in weighing.KINDS}
    return Waiting(row, row.waits_since, None, audio, counts, row.weight)


def _held_copy(copy: Rendition) -> Hold:
    # One that was held before reasons were kept had something heard in it.
    return Hold(copy.audio_held_reason or "audio_heard", copy.audio_checked_at or copy.created_at)
