"""The review queue over transcripts: the list, the way to the first doubt of one, the way to the next one."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from compliance import audit
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
    wanted = request.GET.get("matter", "")
    chosen = next((matter for matter in matters.visible_to(member) if str(matter.id) == wanted), None) if wanted else None
    if chosen is not None:
        seen = everything.filter(proceeding__matter=chosen)
    counts = review_queue.counts(seen)
    kind = request.GET.get("kind", "")
    kind = kind if kind in _TABS else ""
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
    query = {name: value for name, value in (("kind", kind), ("matter", str(chosen.id) if chosen else "")) if value}
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
        "copies": len(bleep_check.held(member)),
    }  # fmt: skip
    return render(request, "reading/review_queue.html", context)


@require_GET
def begin(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """To the first open doubt of a transcript, in the order of the text."""
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    page = reverse("transcript", args=[transcript_id])
    if view.held or view.rendition is None:
        return redirect(page)
    first = min((doubt.line for doubt in doubts.queue(view)), default=None)
    if first is None:
        return redirect(page)
    leaf = next((row.number for row in reversed(reading.pages(view)) if row.first_utterance <= first), 0)
    # The page's script goes on to the part itself; without it the browser goes to the line.
    return redirect(f"{page}?leaf={leaf}&review=1#n{first}")


@require_GET
def following(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """On to the transcript after this one; to the list where there is none."""
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    reading.require(actor_of(request), member, transcript, Action.REVIEW)
    after = review_queue.next_after(member, transcript.id)
    if after is None:
        messages.success(request, "That was the last one that waits for you.")
        return redirect("review")
    return redirect("review_begin", after)
