"""The main navigation: the places that a member's roles reach."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from transcription import review_queue


@dataclass(frozen=True)
class Place:
    label: str
    url: str
    current: bool
    # How much waits there for this member. Asked by the template of whole pages alone: fragments show no navigation.
    waiting: Callable[[], int] | None = None


# (label, route, right that opens it)
_PLACES = [
    ("Recordings", "recordings", (Action.READ, Kind.RECORDING)),
    ("Review", "review", (Action.REVIEW, Kind.TRANSCRIPT)),
    ("Matters", "matters", (Action.READ, Kind.MATTER)),
    ("Search", "search", (Action.READ, Kind.TRANSCRIPT)),
    ("Audit log", "audit", (Action.READ, Kind.AUDIT)),
    ("Members", "members", (Action.MANAGE, Kind.MEMBER)),
    ("API keys", "api_keys", (Action.MANAGE, Kind.API_KEY)),
    ("Policies", "policies", (Action.READ, Kind.POLICY)),
    ("Settings", "settings", (Action.READ, Kind.SETTINGS)),
]
_WAITING = {"review": review_queue.number}


def places(request: HttpRequest, member: Member) -> list[Place]:
    """What this member can go to, in order."""
    found = []
    for label, route, right in _PLACES:
        if not allowed(member.roles, *right):
            continue
        try:
            url = reverse(route)
        except NoReverseMatch:
            continue
        number = _WAITING.get(route)
        found.append(Place(label, url, request.path.startswith(url), partial(number, member) if number else None))
    return found


def first_place(request: HttpRequest, member: Member) -> str:
    """Where a member begins: the first place that their roles reach."""
    found = places(request, member)
    return found[0].url if found else reverse("rights")
