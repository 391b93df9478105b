"""Keys and scopes. What a view does not declare is refused."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from compliance import audit
from portal.accounts import keys
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Scope
from portal.api.acting import Caller, actor_of_key, caller_of
from portal.errors import PortalError, Refused

if TYPE_CHECKING:  # DRF's views load this module
    from rest_framework.views import APIView

SCHEME = "Bearer"


class NotAuthenticated(PortalError):
    """One answer for a key that is missing, forged, expired or revoked: a stranger learns nothing from it."""

    code = "AUTH_INVALID"  # case.dev's word for it, which its clients know
    status = 401
    message = "Send a valid API key as: Authorization: Bearer sk_… Keys that expired or were revoked are not valid."


class ScopeMissing(Refused):
    code = "scope_missing"
    message = "This API key may not do this. An administrator can make a key with the scope that is needed."


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer sk_…``. Raises NotAuthenticated for anything else."""

    def authenticate(self, request: Request) -> tuple[Member, ApiKey]:
        given = get_authorization_header(request).split()
        # Whatever arrives is hashed and looked up once, so that all refusals take the same work.
        wellformed = len(given) == 2 and given[0].lower() == SCHEME.lower().encode()
        try:
            secret = given[1].decode("ascii") if wellformed else ""
        except UnicodeDecodeError:
            secret = ""
        key = keys.find(secret or f"{keys.PREFIX}none")
        if key is None:
            _note_dead_key(request, secret)
            raise NotAuthenticated
        return key.member, key

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="api"'


def _note_dead_key(request: Request | HttpRequest, secret: str) -> None:
    """The use of a key that was valid once is a fact of its organization; a forged one belongs to nobody."""
    known = keys.find_dead(secret) if secret else None
    if known is None:
        return
    audit.refuse(
        "portal:access:refused",
        organization_id=known.organization_id,
        actor=actor_of_key(request, known),
        target=audit.Target("api_key", known.id),
        reason="key:revoked" if known.revoked_at else "key:not_live",
        method=(request.method or "").lower(),
        route="api",
    )


class HasScope(BasePermission):
    """Views say ``scopes = {"GET": Scope.…}``; a method without an entry is refused."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        method = request.method or ""
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return True  # nothing is done: the view tells what it takes
        require_scope(request, caller_of(request), declared_scope(view, method))
        return True


def require_scope(request: Request, caller: Caller, scope: Scope | None) -> None:
    """Raises ScopeMissing, recorded, unless the caller holds the scope. None stands for an act nobody declared."""
    if scope is not None and caller.holds(scope):
        return
    audit.refuse(
        "portal:access:refused",
        organization_id=caller.key.organization_id,
        actor=caller.actor,
        target=audit.Target("api_key", caller.key.id),
        reason=f"scope:{scope.value}" if scope else "scope:undeclared",
        method=(request.method or "").lower(),
        route="api",
    )
    raise ScopeMissing(scope=scope.value if scope else None)


def declared_scope(view: "APIView", method: str) -> Scope | None:
    scopes: dict[str, Scope] = getattr(view, "scopes", {})
    return scopes.get("GET" if method == "HEAD" else method)
