"""What can be recorded: one entry a kind of act, ``room:thing:act``, with the facts that it carries.

Facts are ids, counts, codes, flags and times. There is no kind of fact for free text, so content cannot reach the log.
Keep the list alphabetized.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID


class Fact(StrEnum):
    """Kinds of facts. CODE: a short word from a closed list of the portal (never typed by a person)."""

    CODE = "code"
    COUNT = "count"
    FLAG = "flag"
    ID = "id"


_ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}")
_CODE = re.compile(r"[a-z0-9_.:/+-]{0,64}")


@dataclass(frozen=True)
class EventType:
    """``name`` is stored and never changes; ``label`` is what pages say."""

    name: str
    label: str
    facts: dict[str, Fact] = field(default_factory=dict)

    def check(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The facts in stored form. Raises ValueError for a fact that the type does not name or of a wrong kind."""
        stored: dict[str, Any] = {}
        for name, value in facts.items():
            kind = self.facts.get(name)
            if kind is None:
                raise ValueError(f"{self.name} has no fact {name}.")
            if value is None:
                continue
            stored[name] = _stored(self.name, name, kind, value)
        return stored


def _stored(event: str, name: str, kind: Fact, value: Any) -> Any:
    if kind is Fact.COUNT and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53:
        return value
    if kind is Fact.FLAG and isinstance(value, bool):
        return value
    if kind is Fact.ID and isinstance(value, UUID | str) and _ID.fullmatch(str(value)):
        return str(value)
    if kind is Fact.CODE and isinstance(value, str) and _CODE.fullmatch(value):
        return str(value)
    raise ValueError(f"{event}: the fact {name} is not a {kind.value}.")


_C, _N, _F, _I = Fact.CODE, Fact.COUNT, Fact.FLAG, Fact.ID

_ALL = [
    EventType("accounts:api_key:created", "API key created", {"key": _I, "scopes": _N}),
    EventType("accounts:api_key:revoked", "API key revoked", {"key": _I}),
    EventType("accounts:member:created", "Member added", {"member": _I, "roles": _N}),
    EventType("accounts:member:locked", "Screen locked after idling"),
    EventType("accounts:member:role_changed", "Roles changed", {"member": _I, "roles": _N}),
    EventType("accounts:member:sign_in_failed", "Sign-in failed", {"reason": _C}),
    EventType("accounts:member:signed_in", "Signed in"),
    EventType("accounts:member:signed_out", "Signed out"),
    EventType("accounts:organization:created", "Organization set up"),
    EventType("compliance:audience:changed", "Audience table changed", {"audience": _I, "policy": _C, "purpose": _C}),
    EventType("compliance:audience:read", "Audience table read"),
    EventType("compliance:audit:exported", "Audit log exported", {"events": _N, "format": _C}),
    EventType("compliance:audit:read", "Audit log read", {"events": _N}),
    EventType(
        "compliance:egress:allowed",
        "Sending data out allowed",
        {"provider": _C, "vault_region": _C, "provider_region": _C, "delivery": _C, "submission": _I},
    ),
    EventType(
        "compliance:egress:refused",
        "Sending data out refused",
        {"provider": _C, "vault_region": _C, "provider_region": _C, "reason": _C, "submission": _I},
    ),
    EventType(
        "compliance:policy:changed",
        "Privacy policy changed",
        {"policy": _C, "version": _N, "changed": _N, "reverted_to": _N, "retired": _F},
    ),
    EventType("compliance:policy:read", "Privacy policies read", {"policy": _C}),
    EventType("compliance:provider:changed", "Speech service settings changed", {"provider": _C, "enabled": _F}),
    EventType("portal:access:refused", "Access refused", {"reason": _C, "method": _C, "route": _C}),
    EventType("portal:settings:changed", "Settings changed", {"setting": _C}),
    EventType("portal:settings:read", "Settings read"),
    EventType("transcription:correction:made", "Correction made", {"operations": _N, "version": _N}),
    EventType("transcription:job:cancelled", "Transcription cancelled", {"job": _I}),
    EventType("transcription:job:completed", "Transcription completed", {"job": _I, "words": _N, "duration_ms": _N}),
    EventType("transcription:job:created", "Transcription requested", {"job": _I, "provider": _C, "policy": _C}),
    EventType("transcription:job:failed", "Transcription failed", {"job": _I, "reason": _C}),
    EventType(
        "transcription:pattern:changed",
        "Own pattern changed",
        {"act": _C, "kind": _C, "type": _C, "version": _N},
    ),
    EventType("transcription:pattern:read", "Own patterns read"),
    EventType("transcription:proceeding:created", "Proceeding created", {"recordings": _N, "kind": _C}),
    EventType("transcription:proceeding:read", "List of recordings read", {"proceedings": _N}),
    EventType(
        "transcription:provider:deleted",
        "Deleted at the speech service",
        {"provider": _C, "submission": _I, "status": _N, "confirmed": _F},
    ),
    EventType(
        "transcription:provider:submitted",
        "Sent to a speech service",
        {"provider": _C, "submission": _I, "delivery": _C},
    ),
    EventType("transcription:rendition:created", "Private details hidden", {"policy": _C, "version": _N, "hidden": _N}),
    EventType(
        "transcription:rendition:sound_checked",
        "Bleeped audio listened to again",
        {"result": _C, "windows": _N, "milliseconds": _N, "hits": _N},
    ),
    EventType("transcription:rendition:sound_check_asked", "Bleeped audio to be listened to again"),
    EventType("transcription:rendition:sound_released", "Bleeped audio released"),
    EventType("transcription:review:decided", "Review decision", {"decision": _C, "reason": _C, "spans": _N}),
    EventType("transcription:review:listed", "Review queue read", {"transcripts": _N}),
    EventType("transcription:search:made", "Search made", {"hits": _N, "matters": _N}),
    EventType("transcription:speaker:renamed", "Speaker named", {"turns": _N}),
    EventType("transcription:transcript:exported", "Transcript exported", {"format": _C, "policy": _C, "version": _N}),
    EventType("transcription:transcript:erased", "Transcript erased", {"job": _I, "words": _N}),
    EventType("transcription:transcript:held", "Needs checking", {"reason": _C}),
    EventType("transcription:transcript:held_check_asked", "Held text to be checked again", {"reason": _C, "closed": _N}),
    EventType(
        "transcription:transcript:picture_shown",
        "Picture of a video shown",
        {"policy": _C, "purpose": _C, "recordings": _N},
    ),
    EventType("transcription:transcript:picture_withheld", "Picture of a video withheld", {"reason": _C}),
    EventType("transcription:transcript:played", "Audio played", {"policy": _C, "version": _N}),
    EventType("transcription:transcript:read", "Transcript read", {"policy": _C, "version": _N}),
    EventType("transcription:transcript:recheck_asked", "To be checked again", {"cause": _C, "transcripts": _N}),
    EventType("transcription:transcript:recheck_failed", "Could not be checked again", {"reason": _C, "tries": _N}),
    EventType(
        "transcription:transcript:rechecked",
        "Checked again",
        {"version": _N, "changed": _F, "before": _N, "found": _N},
    ),
    EventType("transcription:transcript:released", "Released after checking", {"way": _C}),
    EventType(
        "transcription:transcript:revealed",
        "Hidden details revealed",
        {"purpose": _C, "scope": _C, "spans": _N, "minutes": _N},
    ),
    EventType(
        "transcription:transcript:span_shown", "Hidden detail shown", {"reveal": _I, "span": _I, "type": _C, "turn": _N}
    ),
    EventType("transcription:transcript:sound_withheld", "Audio withheld", {"reason": _C}),
    EventType("transcription:transcript:signed", "Transcript signed", {"version": _N, "policy": _C}),
    EventType("transcription:webhook:received", "Result notice received", {"provider": _C, "submission": _I}),
    EventType("transcription:webhook:refused", "Result notice refused", {"provider": _C, "reason": _C}),
    EventType("transcription:webhook:sent", "Notice sent", {"job": _I, "status": _N, "attempt": _N}),
    EventType("vault:grant:created", "Link minted", {"grant": _I, "method": _C, "seconds": _N, "submission": _I}),
    EventType("vault:grant:refused", "Link refused", {"grant": _I, "reason": _C, "method": _C}),
    EventType("vault:grant:revoked", "Link revoked", {"grant": _I}),
    EventType("vault:grant:used", "Link used", {"grant": _I, "method": _C, "uses": _N}),
    EventType("vault:hold:placed", "Legal hold placed", {"hold": _I}),
    EventType("vault:hold:released", "Legal hold released", {"hold": _I}),
    EventType("vault:key:rotated", "Vault key rotated", {"version": _N}),
    EventType("vault:matter:changed", "Matter described anew", {"parties": _N}),
    EventType("vault:matter:created", "Matter created", {"kind": _C, "region": _C}),
    EventType("vault:matter:erased", "Matter erased", {"objects": _N, "certificate": _I}),
    EventType("vault:matter:erasure_refused", "Erasure refused", {"reason": _C}),
    EventType("vault:matter:erasure_requested", "Erasure requested", {"certificate": _I}),
    EventType("vault:matter:listed", "List of matters read", {"matters": _N}),
    EventType("vault:matter:lists_changed", "Lists of a matter changed", {"hidden": _N, "shown": _N}),
    EventType("vault:matter:read", "Matter read"),
    EventType("vault:matter:wall_changed", "Wall changed", {"member": _I, "added": _F}),
    EventType("vault:object:created", "Upload started", {"kind": _C, "size": _N}),
    EventType("vault:object:erased", "Object erased", {"certificate": _I}),
    EventType("vault:object:failed", "Upload failed", {"reason": _C}),
    EventType("vault:object:listed", "Objects listed", {"objects": _N}),
    EventType("vault:object:read", "Object read", {"bytes": _N, "kind": _C}),
    EventType("vault:object:stored", "Object stored", {"kind": _C, "size": _N}),
]

TYPES: dict[str, EventType] = {event.name: event for event in _ALL}
