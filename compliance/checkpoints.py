"""The order of facts, and signed tree heads over it.

``sequence`` appends committed events as leaves; ``publish`` signs the tree and copies the checkpoint outside the
database. The sweeper calls ``advance`` for each organization under its lease; an export calls ``sequence`` itself. What is
proved is everything up to the newest checkpoint that somebody holds outside; the events after it are the window.
"""

import os
import threading
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from compliance import audit
from compliance.merkle import Frontier
from compliance.models import AuditEvent, Checkpoint, Leaf
from compliance.notes import Head, Verifier, sign
from portal.accounts.models import Organization
from portal.errors import Unavailable

LeafQuery = QuerySet[Leaf]
KEY_NAME = "sealscript-log"
KEY_FILE = "checkpoint-ed25519"
# Events that one transaction sequences: it holds the write lock for some milliseconds only.
BATCH = 1000


class Copies(Protocol):
    """Where checkpoints are kept outside the database."""

    def put(self, organization_id: UUID, size: int, note: str) -> None:
        """Keeps the note for ever; the same note again changes nothing. Raises OSError."""


class SignerMissing(Unavailable):
    code = "checkpoint_key"
    message = "The key that signs the audit log's checkpoints cannot be read. An administrator must restore it."


_copies: Copies | None = None
_lock = threading.Lock()
# A cache only: the frontier over the leaves read so far, an organization each; rebuilt from the rows by a new process.
_frontiers: dict[UUID, Frontier] = {}


def install(copies: Copies) -> None:
    global _copies
    _copies = copies


def sequence(organization_id: UUID) -> int:
    """Appends every committed event that has no place yet; the number of leaves then. Safe to call from anywhere."""
    while _sequence_some(organization_id) == BATCH:
        pass
    return _size(organization_id)


def _size(organization_id: UUID) -> int:
    last = Leaf.objects.filter(organization_id=organization_id).aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def _sequence_some(organization_id: UUID) -> int:
    waiting = AuditEvent.objects.filter(organization_id=organization_id, leaf=None)
    if not waiting.exists():
        # Most calls find nothing: no write lock for them.
        return 0
    with transaction.atomic():
        # One sequencer at a time: the row is locked (SQLite: the transaction holds the only write lock).
        Organization.objects.select_for_update().get(pk=organization_id)
        start = _size(organization_id)
        events = list(waiting.order_by("at", "id")[:BATCH])
        Leaf.objects.bulk_create(
            Leaf(organization_id=organization_id, index=index, event=event, leaf_hash=audit.leaf_hash(event))
            for index, event in enumerate(events, start)
        )
    return len(events)


def publish(organization_id: UUID) -> Checkpoint | None:
    """A signed checkpoint over all leaves, when there are more than under the newest one; copied outside the database.

    The copy is written before the row: what the database says was published, was. Raises SignerMissing, OSError.
    """
    newest = Checkpoint.objects.filter(organization_id=organization_id).order_by("-size").first()
    frontier = _grow(organization_id)
    size, root = frontier
    if size == 0 or (newest is not None and newest.size >= size):
        return None
    note = sign(Head(origin(organization_id), size, root), KEY_NAME, signing_key())
    if _copies is not None:
        _copies.put(organization_id, size, note)
    made, _ = Checkpoint.objects.get_or_create(
        organization_id=organization_id, size=size, defaults={"root": root, "note": note}
    )
    return made


def _grow(organization_id: UUID) -> tuple[int, bytes]:
    with _lock:
        frontier = _frontiers.get(organization_id, Frontier())
        leaves = Leaf.objects.filter(organization_id=organization_id, index__gte=frontier.size).order_by("index")
        for index, leaf_hash in leaves.values_list("index", "leaf_hash").iterator(chunk_size=5000):
            if index != frontier.size:
                raise RuntimeError("a leaf is missing from the log")
            frontier.append(bytes(leaf_hash))
        _frontiers[organization_id] = frontier
        return frontier.size, frontier.root()


def advance(organization_id: UUID) -> Checkpoint | None:
    """Sequences, then publishes: what the sweeper calls."""
    sequence(organization_id)
    return publish(organization_id)


def forget() -> None:
    """Drops what is cached (a test's database begins anew)."""
    with _lock:
        _frontiers.clear()


def origin(organization_id: UUID) -> str:
    """The log's name in its checkpoints."""
    return f"sealscript/{organization_id}"


def verifier() -> Verifier:
    """The public key that auditors pin."""
    return Verifier(KEY_NAME, signing_key().public_key())


def signing_key() -> Ed25519PrivateKey:
    """The key in KEY_DIR, made on first use. Raises SignerMissing when it cannot be read."""
    path = Path(settings.KEY_DIR) / KEY_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            return _read_key(path)
        except FileNotFoundError:
            _make_key(path)
            return _read_key(path)
    except (OSError, ValueError):
        raise SignerMissing from None


def _read_key(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(path.read_bytes())


def _make_key(path: Path) -> None:
    # Written aside and linked into place: of several processes that start at once one wins, and nobody reads half a key.
    aside = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(Ed25519PrivateKey.generate().private_bytes_raw())
            handle.flush()
            os.fsync(handle.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()
