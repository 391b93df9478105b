"""Pages of a list: newest first, continued by an opaque cursor that holds a place, not an offset."""

import base64
import binascii
import struct
from collections.abc import Sequence
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
    limit = _limit(request)
    cursor = request.query_params.get("cursor", "")
    if cursor:
        at, key = _place(cursor)
        rows = rows.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=key))
    found = list(rows.order_by("-created_at", "-pk")[: limit + 1])
    more = len(found) > limit
    kept = found[:limit]
    return Page(kept, limit, _cursor(kept[-1]) if more else None)


def _limit(request: Request) -> int:
    given = request.query_params.get("limit")
    if given is None:
        # The official client omits it to have everything; a bound keeps one request from costing without limit.
        return DEFAULT_LIMIT if request.query_params.get("cursor") else MAX_LIMIT
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and 1 <= int(given) <= MAX_LIMIT):
        raise BadPage(minimum=1, maximum=MAX_LIMIT)
    return int(given)


def _cursor(row: Any) -> str:
    micros = (row.created_at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_PLACE.pack(micros, row.pk.bytes)).rstrip(b"=").decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        raw = base64.b64decode(cursor.encode("ascii") + b"==", altchars=b"-_", validate=True)
        micros, key = _PLACE.unpack(raw)
        return _EPOCH + timedelta(microseconds=micros), UUID(bytes=key)
    except (ValueError, binascii.Error, struct.error, OverflowError):
        raise BadPage from None
