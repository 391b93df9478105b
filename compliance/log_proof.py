"""An exported log as evidence: written as JSON lines with a checkpoint, checked with no database and no network.

A line is ``{"index", "hash", "event"}``: the event in its canonical stored form, the hash of its leaf. Two questions are
answered apart: *authentic* (every line is what the checkpoint's signer signed) and *complete* (nothing is missing since an
earlier checkpoint that was kept elsewhere; without one: unknown). Knows no Django.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

import rfc8785

from compliance.merkle import Frontier
from compliance.notes import BadNote, Head, Verifier, open_note


@dataclass(frozen=True, slots=True)
class Verdict:
    """``complete`` is None when no earlier checkpoint was given. ``reasons`` say what is wrong, by line where it is one."""

    events: int
    authentic: bool
    complete: bool | None
    reasons: tuple[str, ...]


def line(index: int, canonical: bytes) -> bytes:
    """One event as a line of the export."""
    leaf = hashlib.sha256(b"\x00" + canonical).hexdigest()
    return b'{"index":%d,"hash":"%s","event":%s}\n' % (index, leaf.encode(), canonical)


def verify(lines: Iterable[bytes], note: str, verifier: Verifier, earlier: str | None = None) -> Verdict:
    """Checks an export against its checkpoint and a pinned key. Damage is a verdict, never an exception."""
    reasons: list[str] = []
    head = _open(note, verifier, "checkpoint", reasons)
    before = _open(earlier, verifier, "earlier checkpoint", reasons) if earlier is not None else None
    frontier = Frontier()
    root_before = frontier.root() if before is not None and before.size == 0 else None
    for number, text in enumerate(lines, 1):
        leaf = _leaf(text, number, frontier.size, head, reasons)
        if leaf is None:
            break
        frontier.append(leaf)
        if before is not None and frontier.size == before.size:
            root_before = frontier.root()
    if head is not None and (frontier.size, frontier.root()) != (head.size, head.root):
        reasons.append(f"The {frontier.size} events are not the {head.size} that the checkpoint covers.")
    authentic = not reasons
    complete: bool | None = None
    if earlier is not None:
        complete = (
            before is not None
            and head is not None
            and before.origin == head.origin
            and before.size <= head.size
            and root_before == before.root
        )
        if not complete:
            reasons.append("The log does not begin with what the earlier checkpoint covers: events are missing or changed.")
    return Verdict(frontier.size, authentic, complete, tuple(reasons))


def _open(note: str | None, verifier: Verifier, name: str, reasons: list[str]) -> Head | None:
    try:
        return open_note(note or "", verifier)
    except BadNote as error:
        reasons.append(f"The {name}: {error}")
        return None


def _leaf(text: bytes, number: int, index: int, head: Head | None, reasons: list[str]) -> bytes | None:
    """The leaf hash of a line, computed from its event; None (with a reason) for one that does not fit."""
    try:
        said = json.loads(text)
        canonical = rfc8785.dumps(said["event"])
        organization = said["event"]["organization"]
        leaf = hashlib.sha256(b"\x00" + canonical).digest()
        fits = said["index"] == index and said["hash"] == leaf.hex()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, rfc8785.CanonicalizationError):
        reasons.append(f"Line {number} is not an event.")
        return None
    if not fits:
        reasons.append(f"Line {number} was changed or is not in its place.")
        return None
    if head is not None and head.origin != f"sealscript/{organization}":
        reasons.append(f"Line {number} belongs to another log than the checkpoint.")
        return None
    return leaf
