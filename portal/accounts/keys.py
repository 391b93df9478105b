"""API keys: making, finding, revoking."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import DEFAULT_SCOPES, SCOPE_RIGHTS, Scope, allowed
from portal.errors import PortalError

PREFIX = "sk_"
# A key's use is noted at most this often, so that reading does not mean writing.
LAST_USED_STEP = timedelta(minutes=1)


class ScopeBeyondRoles(PortalError):
    code = "scope_beyond_roles"
    status = 400
    message = "A key cannot hold a scope that its member's roles do not allow."


@dataclass(frozen=True)
class NewKey:
    row: ApiKey
    secret: str
    webhook_secret: str


def _hash(secret: str) -> str:
    # A key carries 256 random bits: a plain hash cannot be searched, a slow one would only slow requests down.
    return hashlib.sha256(secret.encode()).hexdigest()


def default_scopes(member: Member) -> list[Scope]:
    """The default scopes as far as the member's roles reach."""
    return [scope for scope in DEFAULT_SCOPES if allowed(member.roles, *SCOPE_RIGHTS[scope])]


def create(
    member: Member, name: str, scopes: Iterable[Scope], expires_at: datetime | None = None, default_policy: str = ""
) -> NewKey:
    """A new key of ``member``; its secret is shown once. Raises ScopeBeyondRoles."""
    wanted = sorted(set(scopes))
    beyond = [scope for scope in wanted if not allowed(member.roles, *SCOPE_RIGHTS[scope])]
    if beyond:
        raise ScopeBeyondRoles(scopes=[scope.value for scope in beyond])
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey.objects.create(
        organization=member.organization,
        member=member,
        name=name,
        prefix=secret[:11],
        secret_hash=_hash(secret),
        scopes=[scope.value for scope in wanted],
        webhook_key_id=list(settings.WEBHOOK_KEYS)[-1],
        expires_at=expires_at,
        default_policy=default_policy,
    )
    return NewKey(row, secret, webhook_secret(row, settings.WEBHOOK_KEYS))


def webhook_secret(key: ApiKey, ring: Mapping[str, str]) -> str:
    """``whsec_`` + base64 of 32 bytes that sign webhooks for this key (Standard Webhooks' form of a secret)."""
    derived = hmac.new(ring[key.webhook_key_id].encode(), b"webhook:" + key.id.bytes, hashlib.sha256).digest()
    return "whsec_" + base64.b64encode(derived).decode()


def find(secret: str) -> ApiKey | None:
    """The live key with this secret, or None. The look-up is by hash, so timing tells nothing about the secret."""
    if not secret.startswith(PREFIX) or len(secret) > 200:
        return None
    now = timezone.now()
    row = (
        ApiKey.objects.select_related("member", "organization")
        .filter(secret_hash=_hash(secret), revoked_at=None, member__is_active=True)
        .first()
    )
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if row.last_used_at is None or row.last_used_at < now - LAST_USED_STEP:
        ApiKey.objects.filter(pk=row.pk).update(last_used_at=now)
    return row


def find_dead(secret: str) -> ApiKey | None:
    """The key with this secret although it expired, was revoked or its member left: for the record of a refusal."""
    if len(secret) > 200:
        return None
    return ApiKey.objects.select_related("member", "organization").filter(secret_hash=_hash(secret)).first()


def revoke(row: ApiKey) -> bool:
    """Ends a key at once; False when it was ended before. The caller records it in the same transaction."""
    return bool(ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now()))
