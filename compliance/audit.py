"""The only writer of AuditEvents.

``record`` belongs inside the transaction of the act; ``refuse`` opens one of its own. Both raise when the event cannot be
written, and the act must not happen then.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID, uuid5

import rfc8785
from django.db import IntegrityError, transaction
from django.utils import timezone

from compliance import persons
from compliance.events import TYPES
from compliance.models import AuditEvent

# Reads and plays by one person of one version are one fact per quarter of an hour.
MERGE_WINDOW = timedelta(minutes=15)
_ANONYMOUS = UUID("6f0d5a3c-4c1e-4a83-9a5e-0f8f2c3a7b11")


@dataclass(frozen=True)
class Actor:
    """Who acts. ``name``, ``address`` and ``agent`` are sealed under the person's key before they are stored."""

    kind: str  # member, key, system, provider, anonymous
    id: UUID | None = None
    name: str = ""
    address: str = ""
    agent: str = ""
    request_id: str = ""


SYSTEM = Actor("system")


@dataclass(frozen=True)
class Target:
    kind: str
    id: UUID | str
    matter_id: UUID | None = None


NOTHING = Target("", "")


def record(
    type_name: str,
    *,
    organization_id: UUID,
    actor: Actor,
    target: Target = NOTHING,
    outcome: str = "done",
    merge: str | None = None,
    **facts: Any,
) -> AuditEvent | None:
    """Write one fact in the caller's transaction.

    ``merge`` names what is merged (a version, say): within the merge window a second such fact of the same actor and
    target writes nothing and None is returned. Raises KeyError for an unknown type, ValueError for a fact that the type
    does not allow, Unavailable when the person's key cannot be had.
    """
    event_type = TYPES[type_name]
    stored = event_type.check(facts)
    now = timezone.now()
    merge_key = None
    if merge is not None:
        window = int(now.timestamp() // MERGE_WINDOW.total_seconds())
        seed = json.dumps([str(organization_id), type_name, str(actor.id), target.kind, str(target.id), merge, window])
        merge_key = hashlib.sha256(seed.encode()).hexdigest()
        if AuditEvent.objects.filter(merge_key=merge_key).exists():
            return None
    event = AuditEvent(
        organization_id=organization_id,
        type=type_name,
        at=now,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_sealed=_seal_actor(organization_id, actor),
        target_kind=target.kind,
        target_id=str(target.id),
        matter_id=target.matter_id,
        outcome=outcome,
        facts=stored,
        request_id=actor.request_id,
        merge_key=merge_key,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        # Two reads at once: the other one wrote the merged fact.
        if merge_key is not None and AuditEvent.objects.filter(merge_key=merge_key).exists():
            return None
        raise
    return event


def refuse(
    type_name: str, *, organization_id: UUID, actor: Actor, target: Target = NOTHING, **facts: Any
) -> AuditEvent | None:
    """Write a refusal in a transaction of its own, so that it stays when the act's is rolled back."""
    with transaction.atomic(durable=True):
        return record(
            type_name, organization_id=organization_id, actor=actor, target=target, outcome="refused", **facts
        )


def _person(organization_id: UUID, actor: Actor) -> UUID:
    # Strangers share one key per organization, so that addresses in refusals can be forgotten as well.
    return actor.id or uuid5(_ANONYMOUS, str(organization_id))


def _seal_actor(organization_id: UUID, actor: Actor) -> bytes:
    if not (actor.name or actor.address or actor.agent):
        return b""
    plain = rfc8785.dumps({"name": actor.name[:200], "address": actor.address[:64], "agent": actor.agent[:300]})
    return persons.sealer().seal(organization_id, _person(organization_id, actor), plain)


def open_actor(event: AuditEvent) -> dict[str, str]:
    """name, address and agent of the event's actor; empty when there is none or the person's key was destroyed."""
    if not event.actor_sealed:
        return {}
    person = event.actor_id or uuid5(_ANONYMOUS, str(event.organization_id))
    plain = persons.sealer().open(person, bytes(event.actor_sealed))
    return {} if plain is None else dict(json.loads(plain))


def canonical(event: AuditEvent) -> bytes:
    """The event's stored form as canonical JSON (RFC 8785): what the log's tree is made of."""
    return rfc8785.dumps(
        {
            "v": 1,
            "id": str(event.id),
            "organization": str(event.organization_id),
            "type": event.type,
            "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": {
                "kind": event.actor_kind,
                "id": str(event.actor_id) if event.actor_id else None,
                "sealed": bytes(event.actor_sealed).hex(),
            },
            "target": {"kind": event.target_kind, "id": event.target_id},
            "matter": str(event.matter_id) if event.matter_id else None,
            "outcome": event.outcome,
            "facts": event.facts,
            "request": event.request_id,
        }
    )


def leaf_hash(event: AuditEvent) -> bytes:
    """SHA-256 of 0x00 and the canonical event (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + canonical(event)).digest()
