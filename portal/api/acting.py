"""Who is behind an API request: a key, the member it acts for, and the actor that the log names."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from compliance.audit import Actor
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import SCOPE_RIGHTS, Scope, allowed


@dataclass(frozen=True)
class Caller:
    """A key acts as its member, within its scopes, and never beyond what the member's roles allow today."""

    key: ApiKey
    member: Member
    actor: Actor

    def holds(self, scope: Scope) -> bool:
        """Whether the key has the scope and its member still holds the right that the scope stands for."""
        return scope.value in self.key.scopes and allowed(self.member.roles, *SCOPE_RIGHTS[scope])


def caller_of(request: Request) -> Caller:
    """The caller of an authenticated request."""
    key = cast(ApiKey, request.auth)
    return Caller(key, key.member, actor_of_key(request, key))


def actor_of_key(request: Request | HttpRequest, key: ApiKey) -> Actor:
    return Actor(
        "key",
        key.id,
        key.name or key.prefix,
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_USER_AGENT", ""),
        request.META.get("portal.request_id", ""),
    )


def stranger_of(request: Request | HttpRequest) -> Actor:
    return Actor(
        "anonymous",
        None,
        "",
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_USER_AGENT", ""),
        request.META.get("portal.request_id", ""),
    )
