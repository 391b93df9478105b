"""The audit log as CSV: streamed in the log's own order, safe to open in a spreadsheet, itself recorded."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from compliance import audit, checkpoints, log_reading
from compliance.audit import Actor, Target
from compliance.log_reading import Filters, Line
from compliance.models import Leaf

# Rows opened at a time: memory stays flat however long the log is.
BATCH = 500
COLUMNS = (
    "number",
    "time",
    "act",
    "type",
    "outcome",
    "who",
    "person",
    "person_id",
    "address",
    "matter",
    "target_kind",
    "target_id",
    "facts",
    "request",
    "event_id",
    "leaf_hash",
)
# Spreadsheets run what begins with one of these (OWASP, "CSV Injection"); an apostrophe makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Export:
    """A view of the log up to the leaf ``size``: what happens meanwhile, the export's own event among it, is not in it."""

    organization_id: UUID
    filters: Filters
    size: int
    events: int


def begin(*, actor: Actor, organization_id: UUID, filters: Filters, format: str = "csv") -> Export:
    """Fixes what will be exported and records it, before the first byte. Raises Unavailable, and then nothing is given."""
    size = checkpoints.sequence(organization_id)
    export = Export(organization_id, filters, size, _leaves(organization_id, filters, size).count())
    with transaction.atomic():
        audit.record(
            "compliance:audit:exported",
            organization_id=organization_id,
            actor=actor,
            target=Target("organization", organization_id),
            events=export.events,
            format=format,
        )
    return export


def rows(export: Export, matter_number: Callable[[UUID], str]) -> Iterator[bytes]:
    """The CSV in pieces. ``matter_number`` gives a matter's short number: its title is never in the log."""
    yield _line(list(COLUMNS))
    last = -1
    while True:
        leaves = _leaves(export.organization_id, export.filters, export.size).filter(index__gt=last)
        batch = list(leaves.select_related("event").order_by("index")[:BATCH])
        if not batch:
            return
        yield b"".join(_line(_cells(leaf, log_reading.line(leaf.event), matter_number)) for leaf in batch)
        last = batch[-1].index


def _leaves(organization_id: UUID, filters: Filters, size: int) -> "checkpoints.LeafQuery":
    leaves = Leaf.objects.filter(organization_id=organization_id, index__lt=size)
    if filters != Filters():
        leaves = leaves.filter(Q(event__in=log_reading.matching(organization_id, filters)))
    return leaves


def _cells(leaf: Leaf, line: Line, matter_number: Callable[[UUID], str]) -> list[str]:
    event = line.event
    return [
        str(leaf.index),
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        line.act,
        event.type,
        event.outcome,
        event.actor_kind,
        "(name destroyed)" if line.forgotten else line.person,
        str(event.actor_id or ""),
        line.address,
        matter_number(event.matter_id) if event.matter_id else "",
        event.target_kind,
        event.target_id,
        json.dumps(event.facts, sort_keys=True, ensure_ascii=False),
        event.request_id,
        str(event.id),
        bytes(leaf.leaf_hash).hex(),
    ]


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([safe(cell) for cell in cells])
    return out.getvalue().encode()


def safe(cell: str) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
