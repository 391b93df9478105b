"""What wants a human eye over all matters that a member may open, the riskiest transcript first.

A held transcript stands first, the one that waits longest before the others: nobody can read it until somebody decides.
Then come transcripts with open doubts by their risk (``transcription.weighing`` says how it is counted), equal ones by how
long they wait. All of it is read from counts; no text and no finding is opened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
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

from compliance.redaction.detections import OURS_ONLY, PROVIDER_ONLY
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from transcription import weighing
from transcription.models import DoubtCount, Proceeding, ReviewAct, Transcript
from transcription.review import NOT_CHECKED
from vault import matters
from vault.models import Matter, MatterMember

HELD: Final = "held"
# In the order of tabs: what to filter by.
FILTERS: Final = (HELD, *weighing.KINDS)
# How pages say the kinds, after a number.
SAID: Final = {
    weighing.SUGGESTED: "suggested as not private",
    PROVIDER_ONLY: "found by the speech service alone",
    OURS_ONLY: "found only by us",
    "unsure": "unsure",
    weighing.QUIET: "readable but silent",
    NOT_CHECKED: "not checked: another language",
}
_HELD: Final = Q(state=Transcript.State.HELD)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One transcript of the queue. ``owner`` is to look; ``last_by`` decided last about it."""

    transcript: Transcript
    held: bool
    risk: float
    counts: list[tuple[str, int]]
    since: datetime
    owner: str
    last_by: str


def may(member: Member) -> bool:
    return allowed(member.roles, Action.REVIEW, Kind.TRANSCRIPT)


def waiting(member: Member) -> QuerySet[Transcript]:
    """The member's queue, in order; for who may not review an empty one."""
    if not may(member):
        return Transcript.objects.none()
    rows = Transcript.objects.filter(
        _HELD | Q(doubt_count__total__gt=0), proceeding__matter__in=matters.visible_to(member), superseded_at=None
    ).exclude(proceeding__state=Proceeding.State.ERASED)
    nothing = Value(0.0)
    return rows.annotate(
        is_held=Case(When(_HELD, then=Value(1)), default=Value(0), output_field=IntegerField()),
        weight=Case(When(_HELD, then=nothing), default=F("doubt_count__risk"), output_field=FloatField()),
        waits_since=Case(When(_HELD, then=F("held_since")), default=F("doubt_count__since"), output_field=DateTimeField()),
    ).order_by("-is_held", "-weight", "waits_since", "pk")


def for_member(member: Member) -> QuerySet[Transcript]:
    """That part of the queue in which this member can decide something.

    Held texts, and what was suggested already, are for those who may reveal.
    """
    rows = waiting(member)
    if allowed(member.roles, Action.REVEAL, Kind.ORIGINAL):
        return rows
    return rows.exclude(_HELD).filter(doubt_count__total__gt=F("doubt_count__suggested"))


def number(member: Member) -> int:
    """How many transcripts wait for this member."""
    return for_member(member).order_by().count()


def next_after(member: Member, transcript_id: UUID, *, matter: UUID | None = None, kind: str = "") -> UUID | None:
    """The transcript after this one in the member's queue, the first after the last; never this one itself. Of one ``matter``
    or one of FILTERS, where that is given.

    After one that left the queue comes the first.
    """
    rows = for_member(member)
    if matter is not None:
        rows = rows.filter(proceeding__matter=matter)
    if kind:
        rows = of_kind(rows, kind)
    ids = list(rows.values_list("pk", flat=True))
    place = ids.index(transcript_id) if transcript_id in ids else -1
    following = [each for each in (*ids[place + 1 :], *ids[: max(place, 0)]) if each != transcript_id]
    return following[0] if following else None


def done(member: Member, transcript: Transcript) -> bool:
    """Whether this member has nothing left to decide in a transcript; of one that was not counted yet nobody knows."""
    counted = DoubtCount.objects.filter(transcript=transcript, version=transcript.version).exists()
    return counted and not for_member(member).filter(pk=transcript.pk).exists()


def of_kind(rows: QuerySet[Transcript], kind: str) -> QuerySet[Transcript]:
    return rows.filter(_is(kind))


def counts(rows: QuerySet[Transcript]) -> dict[str, int]:
    """How many transcripts there are of each of FILTERS, and ``all``."""
    asked = {f"n_{kind}": Count("pk", filter=_is(kind)) for kind in FILTERS}
    found = rows.order_by().aggregate(n_all=Count("pk"), **asked)
    return {name.removeprefix("n_"): count for name, count in found.items()}


def _is(kind: str) -> Q:
    return _HELD if kind == HELD else ~_HELD & Q(**{f"doubt_count__{kind}__gt": 0})


def in_matters(rows: QuerySet[Transcript], limit: int) -> list[Matter]:
    """The matters of a queue by number, at most ``limit``."""
    found = Matter.objects.filter(pk__in=rows.order_by().values("proceeding__matter")).select_related("vault", "organization")
    return list(found.order_by("number")[:limit])


def with_facts(rows: QuerySet[Transcript]) -> QuerySet[Transcript]:
    """Rows with what a list shows of them."""
    last = ReviewAct.objects.filter(transcript=OuterRef("pk")).order_by("-number").values("member__name")[:1]
    return rows.annotate(last_by=Subquery(last)).select_related(
        "doubt_count", "held_owner", "proceeding__matter__vault", "proceeding__created_by"
    )


def listed(rows: Sequence[Any]) -> list[Waiting]:
    """Rows of ``with_facts`` (Transcripts with its annotations), with who is to look."""
    owners = _owners({row.proceeding.matter_id for row in rows})
    made: list[Waiting] = []
    for row in rows:
        held = row.state == Transcript.State.HELD
        found = [] if held else [(SAID[kind], getattr(row.doubt_count, kind)) for kind in reversed(weighing.KINDS)]
        owner = row.held_owner if held else None
        made.append(
            Waiting(
                row, held, row.weight, [(said, count) for said, count in found if count], row.waits_since or row.created_at,
                owner.name if owner else owners.get(row.proceeding.matter_id) or row.proceeding.created_by.name,
                row.last_by or "",
            )
        )  # fmt: skip
    return made


def _owners(matter_ids: set[UUID]) -> dict[UUID, str]:
    """As ``second_pass.owner_of``, for many at once: who answers for each matter."""
    wall = MatterMember.objects.filter(matter__in=matter_ids, member__is_active=True).order_by("added_at")
    found: dict[UUID, str] = {}
    for row in wall.select_related("member").prefetch_related("member__role_rows"):
        if row.matter_id not in found and allowed(row.member.roles, Action.REVEAL, Kind.ORIGINAL):
            found[row.matter_id] = row.member.name
    return found
