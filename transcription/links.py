"""Closing links to sound when it may not be heard that way any more. The player asks for new ones by itself."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from compliance.audit import Actor
from vault import grants
from vault.models import Grant, StoredObject

# SQLite takes a bounded number of values in one query.
_AT_ONCE = 500


def close_to(actor: Actor, copies: Iterable[str]) -> int:
    """Closes the open links to these redacted copies (object ids); how many were open."""
    ids = [UUID(one) for one in dict.fromkeys(copies)]
    return sum(_close(actor, _open().filter(object_id__in=ids[n : n + _AT_ONCE])) for n in range(0, len(ids), _AT_ONCE))


def close_in(actor: Actor, organization_id: UUID, matter_id: UUID | None) -> int:
    """Closes people's open links to all sound and pictures of a matter (None: of the organization) after its audience
    table changed. Speech services' links and programs' stay: what those give is asked at each request."""
    pictures = Q(object__kind=StoredObject.Kind.RECORDING, actor_kind="member", submission_id=None)
    found = _open().filter(
        Q(object__kind=StoredObject.Kind.REDACTED_AUDIO) | pictures, object__vault__organization_id=organization_id
    )
    return _close(actor, found if matter_id is None else found.filter(object__vault__matter=matter_id))


def close_to_originals(actor: Actor, proceeding_id: UUID) -> int:
    """Closes people's open links to the original recordings of a proceeding; how many were open."""
    found = _open().filter(
        object__recording__proceeding=proceeding_id, object__kind=StoredObject.Kind.RECORDING, actor_kind="member",
        submission_id=None,
    )  # fmt: skip
    return _close(actor, found)


def _open() -> QuerySet[Grant]:
    return Grant.objects.filter(method=Grant.Method.GET, revoked_at=None, expires_at__gt=timezone.now())


def _close(actor: Actor, found: QuerySet[Grant]) -> int:
    closed = 0
    for grant in found.select_related("object__vault__organization"):
        grants.revoke(actor=actor, grant=grant)
        closed += 1
    return closed
