"""The review queue over transcripts: the list, the way to the first doubt of one, the way to the next one."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from compliance import audit
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.page import view_of
from transcription import bleep_check, doubts, problems, reading, review_queue
from vault import matters

PAGE: Final = 25
# A choice longer than this helps nobody; each matter's own line leads to its part of the queue.
MATTERS_LISTED: Final = 100
_TABS: Final = {
    review_queue.HELD: "Needs checking",
    "suggested": "Suggested",
    "provider_only": "Speech service alone",
    "ours_only": "Only by us",
    "unsure": "Unsure",
    "quiet": "Readable but silent",
    "not_checked": "Not checked: another language",
}


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    member, actor = member_of(request), actor_of(request)
    matters.require(actor, member, Action.REVIEW, Kind.TRANSCRIPT)
    everything = review_queue.waiting(member)
    inside = review_queue.in_matters(everything, MATTERS_LISTED + 1)
    seen = everything
    query = filter_of(member, request.GET)
    chosen = matters.visible_to(member).filter(pk=query["matter"]).first() if "matter" in query else None
    if chosen is not None:
        seen = everything.filter(proceeding__matter=chosen)
    counts = review_queue.counts(seen)
    kind = query.get("kind", "")
    rows = review_queue.of_kind(seen, kind) if kind else seen
    page = Paginator(review_queue.with_facts(rows), PAGE).get_page(request.GET.get("page"))
    listed = review_queue.listed(list(page.object_list))
    with transaction.atomic():
        audit.record(
            "transcription:review:listed",
            organization_id=member.organization_id,
            actor=actor,
            merge=f"page {page.number}",
            transcripts=len(listed),
        )
    context = {
        "page": page,
        "rows": [{"waiting": row, "problem": problems.explain(row.transcript.held_reason) if row.held else None}
                 for row in listed],
        "tabs": [(name, label, counts[name]) for name, label in _TABS.items() if counts[name] or name == kind],
        "all": counts["all"],
        "kind": kind,
        "matter": chosen,
        "matters": inside if len(inside) <= MATTERS_LISTED else [],
        "query": urlencode(query) + "&" if query else "",
        # What a row opens goes on in this part of the queue.
        "inside": f"?{urlencode(query)}" if query else "",
        "copies": len(bleep_check.held(member)),
    }  # fmt: skip
    return render(request, "reading/review_queue.html", context)


def filter_of(member: Member, given: Mapping[str, str]) -> dict[str, str]:
    """The part of the queue that an address names: ``kind``, one of the tabs, and ``matter``, the id of one that the member may
    open. What is neither is passed over."""
    found: dict[str, str] = {}
    if given.get("kind", "") in _TABS:
        found["kind"] = given["kind"]
    try:
        matter = UUID(given.get("matter", ""))
    except ValueError:
        return found
    if matters.visible_to(member).filter(pk=matter).exists():
        found["matter"] = str(matter)
    return found


def filter_behind(request: HttpRequest, member: Member) -> dict[str, str]:
    """The part of the queue in which the page was opened that an act or a piece of it is asked for from."""
    try:
        query = urlsplit(request.headers.get("HX-Current-URL", "")).query
    except ValueError:
        return {}
    return filter_of(member, QueryDict(query))


def to_next(transcript_id: UUID, inside: Mapping[str, str]) -> str:
    """The way on from a transcript, in the same part of the queue."""
    address = reverse("review_next", args=[transcript_id])
    return f"{address}?{urlencode(inside)}" if inside else address


@require_GET
def begin(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """To the first open doubt of a transcript, in the order of the text."""
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    page = reverse("transcript", args=[transcript_id])
    inside = urlencode(filter_of(view.member, request.GET))
    if view.held or view.rendition is None:
        return redirect(f"{page}?{inside}" if inside else page)
    first = min((doubt.line for doubt in doubts.queue(view)), default=None)
    if first is None:
        return redirect(f"{page}?{inside}" if inside else page)
    leaf = next((row.number for row in reversed(reading.pages(view)) if row.first_utterance <= first), 0)
    # The page's script goes on to the part itself; without it the browser goes to the line.
    return redirect(f"{page}?leaf={leaf}&review=1{'&' if inside else ''}{inside}#n{first}")


@require_GET
def following(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """On to the transcript after this one in the same part of the queue; to the list where there is none."""
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    reading.require(actor_of(request), member, transcript, Action.REVIEW)
    inside = filter_of(member, request.GET)
    matter = UUID(inside["matter"]) if "matter" in inside else None
    after = review_queue.next_after(member, transcript.id, matter=matter, kind=inside.get("kind", ""))
    query = f"?{urlencode(inside)}" if inside else ""
    if after is None:
        messages.success(request, f"That was the last one {'of these ' if inside else ''}that waits for you.")
        return redirect(reverse("review") + query)
    return redirect(reverse("review_begin", args=[after]) + query)
