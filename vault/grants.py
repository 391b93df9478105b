"""Grants: presigned URLs that are rows, so that each can be counted and revoked.

The URL is ``<PUBLIC_URL>/vault/objects/<token>``, the token ``<grant id, base64url>.<key id>.<MAC, base64url>``. The
MAC is HMAC-SHA256 under the key of GRANT_KEYS that the row names, over everything that the row allows: a row that
somebody altered is refused like an altered URL. Keys rotate by adding one; old links work until their key is removed.

Whoever presents a token gets one and the same GrantRefused for every reason; the true one is recorded as an event.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from portal.accounts.models import ApiKey
from portal.errors import BadInput
from vault.errors import GrantRefused
from vault.models import Grant, Matter, MatterMember, StoredObject
from vault.sealing import bind

PATH: Final = "/vault/objects/"
MIN_SECONDS: Final = 60
MAX_SECONDS: Final = 7 * 24 * 3600
# Stands in for a key that is not in the ring; whatever it authenticates is refused.
_NO_KEY: Final = b"\0" * 32


class BadLifetime(BadInput):
    """A link's lifetime outside what is allowed."""

    code = "invalid_expiry"
    message = "A link lives between 60 seconds and 7 days, and not longer than your organization allows."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants to do with a grant. ``size``: announced bytes of an upload, None when not said."""

    method: str
    content_type: str = ""
    size: int | None = None


def mint(
    *,
    actor: Actor,
    obj: StoredObject,
    method: str,
    seconds: int,
    content_type: str = "",
    size: int | None = None,
    part_number: int | None = None,
    max_uses: int | None = None,
    submission_id: UUID | None = None,
) -> tuple[Grant, str]:
    """A grant and its URL, for one method on one object. Call it in the transaction of what needs it, or alone.

    Raises BadLifetime.
    """
    cap = min(MAX_SECONDS, obj.vault.organization.presign_cap_seconds)
    if not MIN_SECONDS <= seconds <= cap:
        raise BadLifetime(found=seconds, minimum=MIN_SECONDS, maximum=cap)
    if method not in Grant.Method.values:
        raise BadInput("A link is for GET, HEAD, PUT or DELETE.", allowed=sorted(Grant.Method.values))
    grant = Grant(
        object=obj,
        method=method,
        key_id=next(reversed(settings.GRANT_KEYS)),
        content_type=media_type(content_type),
        size=size,
        part_number=part_number,
        # Whole seconds: the MAC covers the moment, and databases round fractions differently.
        expires_at=timezone.now().replace(microsecond=0) + timedelta(seconds=seconds),
        max_uses=max_uses,
        submission_id=submission_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
    )
    with transaction.atomic():
        grant.save(force_insert=True)
        facts = {"grant": grant.id, "method": method.lower(), "seconds": seconds, "submission": submission_id}
        _record("vault:grant:created", actor, grant, **facts)
    return grant, url_of(grant)


def url_of(grant: Grant) -> str:
    """The grant's URL: known to whoever holds it only, never logged."""
    return settings.PUBLIC_URL + path_of(grant)


def path_of(grant: Grant) -> str:
    """The same without scheme and host, for our own pages: they may have been opened under another name of this host."""
    return PATH + _token(grant)


def media_type(content_type: str) -> str:
    """``audio/mpeg`` of ``Audio/MPEG; charset=x``: parameters do not change what may be stored."""
    return content_type.partition(";")[0].strip().lower()


def check(token: str, asked: Asked, stranger: Actor) -> Grant:
    """The grant of a token, if it allows what is asked now. Counts nothing yet (see ``use``).

    Raises GrantRefused for every reason; where the grant is known, the reason is recorded in a transaction of its own.
    """
    grant = None
    found = _grant_id(token)
    if found is not None:
        related = Grant.objects.select_related("object__vault__organization")
        grant = related.filter(pk=found).first()
    # Also without a row something is computed and compared: the time tells nothing about which grants exist.
    expected = _token(grant) if grant else _encode(hmac.digest(_NO_KEY, b"no grant", "sha256"))
    authentic = hmac.compare_digest(expected.encode(), token.encode(errors="replace"))
    if grant is None:
        raise GrantRefused
    if not authentic or grant.key_id not in settings.GRANT_KEYS:
        _refuse(grant, asked, stranger, "mac")
    reason = _why_not(grant, asked)
    if reason:
        _refuse(grant, asked, stranger, reason)
    return grant


def _why_not(grant: Grant, asked: Asked) -> str:
    """The reason for a refusal as a short code; empty when there is none."""
    obj = grant.object
    reasons = {
        "wall": not _holder_still_may(grant),
        "expired": timezone.now() >= grant.expires_at,
        "revoked": grant.revoked_at is not None,
        "method": asked.method != grant.method,
        "used_up": grant.max_uses is not None and grant.uses >= grant.max_uses,
        "object_gone": obj.state in {StoredObject.State.ERASED, StoredObject.State.FAILED},
        "not_stored": grant.method in {"GET", "HEAD"} and obj.state != StoredObject.State.STORED,
        "already_stored": grant.method == "PUT" and obj.state != StoredObject.State.RECEIVING,
    }
    if grant.method == "PUT":
        reasons["content_type"] = bool(grant.content_type) and media_type(asked.content_type) != grant.content_type
        reasons["size"] = None not in (grant.size, asked.size) and asked.size != grant.size
    return next((name for name, true in reasons.items() if true), "")


def check_holder(grant: Grant, asked: Asked, stranger: Actor) -> None:
    """Looks again whether the grant's holder may, after a request that took long. Raises GrantRefused, recorded."""
    if not _holder_still_may(grant):
        _refuse(grant, asked, stranger, "wall")


def _holder_still_may(grant: Grant) -> bool:
    """Whether who asked for the link is still behind the matter's wall, and the key it came by still in force.

    A link lives for hours; somebody taken out of the matter loses it at once. A speech service's link belongs to its
    submission and ends with that.
    """
    if grant.submission_id is not None or grant.actor_kind not in {"member", "key"}:
        return True
    member_id = grant.actor_id
    if grant.actor_kind == "key" and member_id is not None:
        in_force = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        key = ApiKey.objects.filter(in_force, id=member_id, revoked_at=None).first()
        member_id = key.member_id if key else None
    if member_id is None:
        return False
    behind = MatterMember.objects.filter(matter__vault=grant.object.vault_id, matter__erased_at=None)
    return behind.filter(member_id=member_id, member__is_active=True).exists()


def use(grant: Grant, asked: Asked, actor: Actor) -> None:
    """Counts one use and records it, in the caller's transaction: with the read's event before its first byte, or with
    the commit of an upload. Raises GrantRefused when the grant was revoked or used up meanwhile."""
    with transaction.atomic():
        left = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
        now = timezone.now()
        usable = Grant.objects.filter(left, pk=grant.pk, revoked_at=None)
        if not usable.update(uses=F("uses") + 1, last_used_at=now):
            raise GrantRefused
        # A player asks for many ranges of one recording: merged like reads, the row has the exact count.
        merge = "use" if asked.method in {"GET", "HEAD"} else None
        method = asked.method.lower()
        _record("vault:grant:used", actor, grant, merge=merge, grant=grant.id, method=method, uses=grant.uses + 1)


def revoke(*, actor: Actor, grant: Grant) -> None:
    """Ends one grant at once; nothing changes where it was ended before."""
    with transaction.atomic():
        if Grant.objects.filter(pk=grant.pk, revoked_at=None).update(revoked_at=timezone.now()):
            _record("vault:grant:revoked", actor, grant, grant=grant.id)


def revoke_for_submission(*, actor: Actor, submission_id: UUID) -> int:
    """Ends every grant that was minted for a submission (its provider has what it needs); how many there were."""
    grants = list(Grant.objects.filter(submission_id=submission_id, revoked_at=None).select_related("object__vault"))
    for grant in grants:
        revoke(actor=actor, grant=grant)
    return len(grants)


def resolve_grant_url(url: str, stranger: Actor) -> Grant | None:
    """The GET grant behind one of our own URLs, checked but not fetched and not counted; None for a foreign URL.

    Raises GrantRefused for a URL of ours that does not allow a GET now.
    """
    try:
        parts, ours = urlsplit(url), urlsplit(settings.PUBLIC_URL)
    except ValueError:
        return None
    if (parts.scheme, _authority(url)) != (ours.scheme, _authority(settings.PUBLIC_URL)):
        return None
    if not parts.path.startswith(PATH) or parts.query:
        return None
    return check(parts.path.removeprefix(PATH), Asked("GET"), stranger)


def _authority(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return "", None
    if parts.username is not None or parts.password is not None:
        # http://our-host@elsewhere/ and its like are never ours.
        return "", None
    return (parts.hostname or "").lower(), port or {"http": 80, "https": 443}.get(parts.scheme)


def _refuse(grant: Grant, asked: Asked, stranger: Actor, reason: str) -> None:
    method = asked.method.lower() if asked.method in Grant.Method.values else "other"
    audit.refuse(
        "vault:grant:refused",
        organization_id=grant.object.vault.organization_id,
        actor=stranger,
        target=_target(grant),
        grant=grant.id,
        reason=reason,
        method=method,
    )
    raise GrantRefused


def _record(event: str, actor: Actor, row: Grant, /, **facts: Any) -> None:
    organization_id = row.object.vault.organization_id
    audit.record(event, organization_id=organization_id, actor=actor, target=_target(row), **facts)


def _target(grant: Grant) -> Target:
    matter_id = Matter.objects.filter(vault_id=grant.object.vault_id).values_list("id", flat=True).first()
    return Target("object", grant.object_id, matter_id)


def _token(grant: Grant) -> str:
    return f"{_encode(grant.id.bytes)}.{grant.key_id}.{_encode(_mac(_key(grant.key_id), grant))}"


def _mac(key: bytes, grant: Grant) -> bytes:
    """Over everything that the row allows; ``uses`` and ``revoked_at`` change and are checked in the row."""
    allowed = bind(
        "sealscript grant v1",
        grant.id,
        grant.object_id,
        grant.method,
        grant.content_type,
        "" if grant.size is None else grant.size,
        "" if grant.part_number is None else grant.part_number,
        int(grant.expires_at.timestamp()),
        "" if grant.max_uses is None else grant.max_uses,
        grant.submission_id or "",
        grant.actor_kind,
        grant.actor_id or "",
    )
    return hmac.digest(key, allowed, "sha256")


def _key(key_id: str) -> bytes:
    secret = settings.GRANT_KEYS.get(key_id)
    return hashlib.sha256(b"sealscript grant key v1" + secret.encode()).digest() if secret else _NO_KEY


def _grant_id(token: str) -> UUID | None:
    """The grant that a token names; None for what no token begins with."""
    try:
        return UUID(bytes=base64.b64decode(token.partition(".")[0].encode("ascii") + b"==", altchars=b"-_", validate=True))
    except ValueError:
        return None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
