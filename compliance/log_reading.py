"""Reading the audit log: filters, pages by cursor, labels of people. Never content: events hold none."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from compliance import audit
from compliance.events import TYPES
from compliance.models import AuditEvent
from portal.errors import BadInput

# What a page of the log shows; more is a matter of exporting.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; an empty filter lets everything through. Times: from (inclusive) to (exclusive)."""

    since: datetime | None = None
    until: datetime | None = None
    person_id: UUID | None = None
    # An event's name, or a room or thing of it: "vault", "vault:grant".
    act: str = ""
    matter_id: UUID | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An event as people read it. ``person`` is empty where nobody is named or the name was destroyed."""

    event: AuditEvent
    act: str
    person: str
    address: str
    forgotten: bool


@dataclass(frozen=True, slots=True)
class Page:
    lines: list[Line]
    older: str
    newer: bool


def matching(organization_id: UUID, filters: Filters) -> QuerySet[AuditEvent]:
    """The organization's events that pass the filters, in no order yet."""
    events = AuditEvent.objects.filter(organization_id=organization_id)
    if filters.since:
        events = events.filter(at__gte=filters.since)
    if filters.until:
        events = events.filter(at__lt=filters.until)
    if filters.person_id:
        events = events.filter(Q(actor_id=filters.person_id) | Q(target_kind="member", target_id=str(filters.person_id)))
    if filters.act:
        # The types are few and known: an exact list uses the index, where a pattern would not.
        names = [name for name in TYPES if name == filters.act or name.startswith(f"{filters.act}:")]
        events = events.filter(type__in=names)
    if filters.matter_id:
        events = events.filter(matter_id=filters.matter_id)
    if filters.outcome:
        events = events.filter(outcome=filters.outcome)
    return events


def page(organization_id: UUID, filters: Filters, cursor: str = "", size: int = PAGE) -> Page:
    """The newest events first, ``size`` of them after the cursor. Raises BadInput for a cursor that is none of ours."""
    events = matching(organization_id, filters)
    if cursor:
        at, event_id = _decode(cursor)
        events = events.filter(Q(at__lt=at) | Q(at=at, id__lt=event_id))
    found = list(events.order_by("-at", "-id")[: size + 1])
    older = _encode(found[size - 1]) if len(found) > size else ""
    return Page([line(event) for event in found[:size]], older, bool(cursor))


def line(event: AuditEvent) -> Line:
    """The event with its actor's name opened. Raises Unavailable when the person's key cannot be had."""
    actor = audit.open_actor(event)
    known = TYPES.get(event.type)
    return Line(
        event=event,
        act=known.label if known else event.type,
        person=actor.get("name", ""),
        address=actor.get("address", ""),
        forgotten=bool(event.actor_sealed) and not actor,
    )


def _encode(event: AuditEvent) -> str:
    place = json.dumps([event.at.astimezone(UTC).isoformat(), str(event.id)])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, event_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a moment without its zone")
        return moment, UUID(event_id)
    except (ValueError, TypeError, AttributeError, binascii.Error):
        raise BadInput("This place in the log is not known. Start from the newest entries.") from None
