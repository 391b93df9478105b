"""Opening hidden parts for a purpose: one part, one person throughout, or the transcript, for at most 30 minutes.

A reveal is begun by a person who may, says why, ends by itself, and every part that is shown under it is recorded before
it is given out.
"""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance import audit
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from transcription import reading, review
from transcription.ground import Ground
from transcription.models import Reveal, Transcript
from transcription.reading import REVEAL_MINUTES, View

NOTE_LIMIT: Final = 2000
# The second half of a double click, or a request that was sent again: it asks for what is open already.
REPEAT: Final = timedelta(seconds=5)


def begin(view: View, *, purpose: str, scope: str, note: str = "", n: int | None = None, ordinal: int | None = None) -> Reveal:
    """A reveal that ends after 30 minutes; the open one where the same was asked for a moment ago.

    ``span`` and ``person`` name a chip by line and place.
    Raises Refused (recorded), BadInput, NotFound, NeedsChecking, StillHiding.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    view.shown()
    if purpose not in Reveal.Purpose.values:
        raise BadInput("Say for what purpose, from the list.", allowed=list(Reveal.Purpose.values))
    if scope not in Reveal.Scope.values:
        raise BadInput("Reveal one part, one person, or the transcript.", allowed=list(Reveal.Scope.values))
    if len(note) > NOTE_LIMIT:
        raise BadInput("A note has at most 2,000 characters.", limit=NOTE_LIMIT, found=len(note))
    what: dict[str, Any] | None = None
    spans = view.shown().hidden_spans
    if scope != Reveal.Scope.TRANSCRIPT:
        if n is None or ordinal is None:
            raise BadInput("Choose the hidden part to reveal.")
        here = Ground.of(view)
        region = here.region(reading.line(view, n), ordinal, view.policy)
        items = list(region.items)
        if scope == Reveal.Scope.PERSON and items:
            items = review.mentions(here.applied.detections, region)
        # A line that is hidden whole has no findings: it is named by its number.
        what = {"version": here.version, "detections": [item.id for item in items], "lines": [] if items else [n]}
        spans = len(items) or 1
    now = timezone.now()
    reveal = Reveal(
        transcript=view.transcript,
        member=view.member,
        purpose=purpose,
        scope=scope,
        created_at=now,
        expires_at=now + timedelta(minutes=REVEAL_MINUTES),
    )
    reveal.note = note.strip()
    reveal.what = what
    with transaction.atomic():
        Transcript.objects.select_for_update().get(pk=view.transcript.pk)
        if (before := _repeated(reveal)) is not None:
            view.reveals = [*(other for other in view.reveals if other != before), before]
            return before
        reveal.save(force_insert=True)
        audit.record(
            "transcription:transcript:revealed",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            purpose=purpose,
            scope=scope,
            spans=spans,
            minutes=REVEAL_MINUTES,
        )
    view.reveals.append(reveal)
    return reveal


def _repeated(reveal: Reveal) -> Reveal | None:
    """The one that is open since a moment for the same person, purpose and parts. While the transcript is locked."""
    before = Reveal.objects.filter(
        transcript=reveal.transcript, member=reveal.member, purpose=reveal.purpose, scope=reveal.scope,
        ended_at=None, expires_at__gt=reveal.created_at, created_at__gt=reveal.created_at - REPEAT,
    ).order_by("created_at").last()  # fmt: skip
    if before is None:
        return None
    before.transcript = reveal.transcript
    return before if (before.what, before.note) == (reveal.what, reveal.note) else None


def end(view: View, reveal_id: UUID | None = None) -> int:
    """Ends the member's own reveals of this transcript (one, or all); how many were open."""
    open_ = Reveal.objects.filter(transcript=view.transcript, member=view.member, ended_at=None, expires_at__gt=timezone.now())
    if reveal_id is not None:
        if not open_.filter(pk=reveal_id).exists():
            raise NotFound
        open_ = open_.filter(pk=reveal_id)
    view.reveals = []
    return open_.update(ended_at=timezone.now())


def shown(view: View, lines: list[dict[str, Any]]) -> dict[tuple[int, int], str]:
    """What the member's open reveals show in these lines: (line, chip's place) -> the words. Each one is recorded first."""
    if not view.reveals or not any(line.get("chips") for line in lines):
        return {}
    here = Ground.of(view)
    by_chip: dict[tuple[int, int], tuple[Reveal, str, str]] = {}
    for reveal in view.reveals:
        what = reveal.what or {}
        if reveal.scope != Reveal.Scope.TRANSCRIPT and what.get("version") != here.version:
            continue
        wanted, whole_lines = set(what.get("detections", ())), set(what.get("lines", ()))
        for line in lines:
            for ordinal, chip in enumerate(line.get("chips") or []):
                region = here.region(line, ordinal, view.policy)
                if (
                    reveal.scope == Reveal.Scope.TRANSCRIPT
                    or wanted.intersection(item.id for item in region.items)
                    or (not region.items and line["n"] in whole_lines)
                ):
                    by_chip.setdefault((line["n"], ordinal), (reveal, chip["type"], here.text(region)))
    with transaction.atomic():
        for (n, ordinal), (reveal, type_, _) in by_chip.items():
            audit.record(
                "transcription:transcript:span_shown",
                organization_id=view.matter.organization_id,
                actor=view.actor,
                target=reading.target(view.transcript),
                # Shown again on the next scroll or reload, it is the same fact.
                merge=f"{reveal.id}:{n}.{ordinal}",
                reveal=reveal.id,
                span=f"{n}.{ordinal}",
                type=type_,
                turn=n,
            )
    return {place: text for place, (_, _, text) in by_chip.items()}
