"""Checking again what was checked before: asked for on the page of a matter or of patterns, and how far it has come."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.pages.actors import actor_of, member_of
from transcription import rereading
from transcription.models import Transcript
from vault import matters
from vault.models import Matter

_PATTERN = "Change or retire the pattern (settings, “Your own patterns”), then check again."
_WHY = {
    "pass_time_limit": "It took too long. Check again, and tell your administrator if it happens once more.",
    "pass_not_set_up": "Something that the check needs cannot be loaded here. Tell your administrator.",
    "pattern_time_limit": f"One of your organization’s own patterns takes too long. {_PATTERN}",
    "pattern_unreadable": f"One of your organization’s own patterns cannot be read. {_PATTERN}",
}
_FAILED = "The check did not finish. Check again, and tell your administrator if it happens once more."
# Titles of those that failed, on the matter's page.
_NAMED = 20


def in_matter(matter: Matter, *, waits: bool = False) -> dict[str, Any]:
    """What the matter's page says of it; ``waits``: it stood there before, so that its end is said, too."""
    rows = rereading.in_matter(matter)
    stands = _stands(rows, reverse("matter_check_progress", args=[matter.id]), waits)
    if stands["again"] is not None and stands["again"].failed:
        stands["named"] = [row.proceeding for row in rereading.failed(rows)[:_NAMED]]
    return stands


def in_organization(member: Member, *, waits: bool = False) -> dict[str, Any]:
    """What the page of patterns says of it: counts alone, since walls stand between."""
    return _stands(rereading.in_organization(member.organization_id), reverse("pattern_check_progress"), waits)


def _stands(rows: QuerySet[Transcript], poll: str, waits: bool) -> dict[str, Any]:
    again = rereading.progress(rows)
    counted: list[tuple[str, int]] = []
    if again is not None and again.failed:
        reasons = rereading.failed(rows).order_by().values_list("recheck_problem").annotate(number=Count("pk"))
        counted = [(_WHY.get(reason, _FAILED), number) for reason, number in reasons]
    return {"again": again, "why": counted, "poll": poll, "waits": waits}


@require_POST
def matter(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    member = member_of(request)
    found = matters.open_matter(member, matter_id)
    _said(request, rereading.throughout(actor=actor_of(request), by=member, matter=found))
    return redirect("matter", matter_id=found.id)


@require_GET
def matter_progress(request: HttpRequest, matter_id: UUID) -> HttpResponse:
    """How far it has come, for a page that waits."""
    found = matters.open_matter(member_of(request), matter_id)
    return render(request, "checking/progress.html", in_matter(found, waits=True))


@require_POST
def everything(request: HttpRequest) -> HttpResponse:
    _said(request, rereading.everywhere(actor=actor_of(request), by=member_of(request)))
    return redirect("patterns")


@require_GET
def everything_progress(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    matters.require(actor_of(request), member, Action.READ, Kind.POLICY)
    return render(request, "checking/progress.html", in_organization(member, waits=True))


def _said(request: HttpRequest, number: int) -> None:
    if not number:
        messages.info(request, "There is nothing yet that was checked before.")
        return
    what = "1 transcript is" if number == 1 else f"{number} transcripts are"
    messages.success(request, f"{what} checked again. Until its turn has come, each is shown as before.")
