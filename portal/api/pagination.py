"""Pages of a list, continued by an opaque cursor that holds a place, not an offset. Most lists are newest first."""

import base64
import binascii
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from rest_framework.request import Request

from portal.errors import BadInput

MAX_LIMIT: Final = 200  # case.dev's figure
DEFAULT_LIMIT: Final = 50
Row = TypeVar("Row", bound=Model)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE: Final = struct.Struct(">q16s")


class BadPage(BadInput):
    code = "invalid_page"
    message = "limit is a number from 1 to 200; cursor is what an earlier answer gave as next_cursor."


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    limit: int
    next_cursor: str | None

    def pagination(self) -> dict[str, Any]:
        return {"limit": self.limit, "has_more": self.next_cursor is not None, "next_cursor": self.next_cursor}


def page(request: Request, rows: QuerySet[Row]) -> Page:
    """One page of ``rows`` (which have ``created_at`` and a UUID key). Raises BadPage."""
    place = place_in(request, _PLACE)
    if place is not None:
        at, key = moment(place[0]), UUID(bytes=place[1])
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=key))
    return cut(
        request, rows.order_by("-created_at", "-pk"), lambda row: cursor(_PLACE, micros(row.created_at), row.pk.bytes)
    )


def cut(request: Request, rows: QuerySet[Row], cursor_of: Callable[[Any], str]) -> Page:
    """The first rows of those that are left, as many as the request wants. Raises BadPage."""
    limit = _limit(request)
    found = list(rows[: limit + 1])
    kept = found[:limit]
    return Page(kept, limit, cursor_of(kept[-1]) if len(found) > limit else None)


def _limit(request: Request) -> int:
    given = request.query_params.get("limit")
    if given is None:
        # The official client omits it to have everything; a bound keeps one request from costing without limit.
        return DEFAULT_LIMIT if request.query_params.get("cursor") else MAX_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= MAX_LIMIT):
        raise BadPage(minimum=1, maximum=MAX_LIMIT)
    return int(given)


def cursor(shape: struct.Struct, *place: Any) -> str:
    return base64.urlsafe_b64encode(shape.pack(*place)).rstrip(b"=").decode()


def place_in(request: Request, shape: struct.Struct) -> tuple[Any, ...] | None:
    """What the request's cursor says, as ``cursor`` packed it; None for the first page. Raises BadPage."""
    given = request.query_params.get("cursor", "")
    if not given:
        return None
    try:
        return shape.unpack(base64.b64decode(given.encode("ascii") + b"==", altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, struct.error):
        raise BadPage from None


def micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(since_epoch: int) -> datetime:
    """From microseconds. Raises BadPage for a time that no calendar has."""
    try:
        return _EPOCH + timedelta(microseconds=since_epoch)
    except OverflowError:
        raise BadPage from None
