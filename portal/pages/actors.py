"""The person behind a request, as the audit log wants to know them."""

from typing import cast

from django.http import HttpRequest

from compliance.audit import Actor
from portal.accounts.models import Member


def member_of(request: HttpRequest) -> Member:
    """The signed-in member. Pages are behind SignedInOnly, so there is one."""
    return cast(Member, request.user)


def actor_of(request: HttpRequest) -> Actor:
    member = request.user
    address = request.META.get("REMOTE_ADDR", "")
    agent = request.headers.get("User-Agent", "")
    request_id = request.META.get("portal.request_id", "")
    if not member.is_authenticated:
        return Actor("anonymous", address=address, agent=agent, request_id=request_id)
    return Actor("member", member.id, member.name, address, agent, request_id)
