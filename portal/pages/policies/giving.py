"""The pages of the audience table: who sees what in all matters, and in one."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from compliance import audiences, audit, policies
from compliance.audit import Target
from compliance.models import AudienceRule
from compliance.policies import VERBATIM, PolicyRetired, PolicyUnresolved
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from portal.pages.actors import actor_of, member_of
from portal.pages.policies import who
from transcription import disclosure
from vault import matters
from vault.models import Matter


@require_GET
def everywhere(request: HttpRequest) -> HttpResponse:
    """What counts in every matter that says nothing else, and the matters."""
    member = member_of(request)
    matters.require(actor_of(request), member, Action.READ, Kind.POLICY)
    _record_read(request, None)
    return _page(request, None, inside=False)


@require_GET
def in_matter(request: HttpRequest, number: int) -> HttpResponse:
    member = member_of(request)
    matters.require(actor_of(request), member, Action.READ, Kind.POLICY)
    matter, inside = who.matter_of(member, number)
    _record_read(request, matter)
    return _page(request, matter, inside=inside)


@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """One entry of the table: set, or (without a policy) taken away."""
    if request.method == "GET":
        # Whoever opens the address of an error page again.
        return redirect("who_sees")
    member = member_of(request)
    actor = actor_of(request)
    policies.require_policy_right(actor, member)
    number = request.POST.get("matter", "")
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    matter, inside = who.matter_of(member, int(number)) if number else (None, False)
    audience = request.POST.get("audience", "")
    policy = request.POST.get("policy") or None
    # The purpose goes with verbatim alone; a browser sends the field whatever is chosen.
    purpose = request.POST.get("purpose", "") if policy == VERBATIM else ""
    try:
        disclosure.set_audience(
            actor=actor,
            by=member,
            matter_id=matter.id if matter else None,
            audience=audience,
            policy_name=policy,
            purpose=purpose,
        )
    except PolicyUnresolved:
        error = BadInput("There is no such policy, or it cannot be read. Choose another one; nothing was changed.")
        return _page(request, matter, inside=inside, error=error)
    except (BadInput, PolicyRetired) as error:
        return _page(request, matter, inside=inside, error=error)
    said = who.audience_words(member, audience)
    messages.success(request, f"Saved for {said}. It counts from now on; links to sound that were open are closed.")
    return redirect(_url(matter))


def _url(matter: Matter | None) -> str:
    return reverse("who_sees_matter", args=[matter.number]) if matter else reverse("who_sees")


def _record_read(request: HttpRequest, matter: Matter | None) -> None:
    member = member_of(request)
    with transaction.atomic():
        audit.record(
            "compliance:audience:read",
            organization_id=member.organization_id,
            actor=actor_of(request),
            target=Target("matter", matter.id, matter.id) if matter else audit.NOTHING,
            merge="audience",
        )


def _page(
    request: HttpRequest, matter: Matter | None, *, inside: bool, error: BadInput | PolicyRetired | None = None
) -> HttpResponse:
    member = member_of(request)
    available = policies.available(member.organization_id)
    crumbs: list[tuple[str, str | None]] = [("Privacy policies", reverse("policies"))]
    if matter:
        crumbs += [("Who sees what", reverse("who_sees")), (matter.short, None)]
    else:
        crumbs.append(("Who sees what", None))
    context: dict[str, Any] = {
        # What was chosen for one person or key and could not be saved: it is mended and sent again.
        "chosen": request.POST if request.POST.get("audience", "").startswith(("member:", "key:")) else {},
        "matter": matter,
        "inside": inside,
        "cells": who.cells(member, matter),
        "floors": who.floors(matter) if matter else [],
        "people": who.people(member),
        "keys": who.keys(member),
        # Who may not have one of these is told so when it is chosen; the list is the same for each.
        "named_policies": who.options(member, audiences.EXPORT, available),
        "verbatim": VERBATIM,
        "purposes": audiences.PURPOSES.items(),
        "matters": [] if matter else _matters(request),
        "error": error,
        "crumbs": crumbs,
    }
    return render(request, "policies/who.html", context, status=error.status if error else 200)


def _matters(request: HttpRequest) -> list[tuple[Matter, int]]:
    """The matters that this member may know of by number, with how many entries of their own each has."""
    member = member_of(request)
    rules = AudienceRule.objects.filter(organization_id=member.organization_id, removed_at=None).exclude(matter_id=None)
    counts: dict[object, int] = {}
    for matter_id in rules.values_list("matter_id", flat=True):
        counts[matter_id] = counts.get(matter_id, 0) + 1
    known = sorted(who.reachable(member).values(), key=lambda matter: -matter.number)
    return [(matter, counts.get(matter.id, 0)) for matter in known]
