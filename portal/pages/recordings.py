"""Recordings and documents: the list by state, one of them with its receipt, cancelling, transcribing again."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from compliance import audit, regions
from compliance.audit import Target
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.uploading import LANGUAGES, services
from transcription import bleep_check, holding, jobs, proceedings, tasks
from transcription.models import Proceeding, Recording, Transcript
from transcription.proceedings import Standing
from vault import matters
from vault.models import StoredObject

PAGE = 25
_S = Proceeding.State
# The tabs, in the order of a recording's way.
TABS = [
    _S.RECEIVED,
    _S.CHECKING,
    _S.WAITING,
    _S.TRANSCRIBING,
    _S.HIDING,
    _S.READY,
    _S.HELD,
    _S.FAILED,
    _S.CANCELLED,
]
# As long as one of these is on the page, it asks again.
MOVING = frozenset({_S.RECEIVED, _S.CHECKING, _S.WAITING, _S.TRANSCRIBING, _S.HIDING})


@dataclass(frozen=True)
class Row:
    """One line of the list. ``url`` leads to the transcript where there is one to read or to check."""

    proceeding: Proceeding
    standing: Standing
    url: str
    duration_ms: int | None


def _row(proceeding: Proceeding, durations: dict[UUID, int], transcripts: dict[UUID, UUID]) -> Row:
    readable = proceeding.state in {_S.READY, _S.HELD}
    transcript = transcripts.get(proceeding.id) if readable else None
    url = reverse("transcript", args=[transcript]) if transcript else reverse("recording", args=[proceeding.id])
    return Row(proceeding, proceedings.standing(proceeding), url, durations.get(proceeding.id))


def _rows(listed: list[Proceeding]) -> list[Row]:
    ids = [proceeding.id for proceeding in listed]
    durations: Counter[UUID] = Counter()
    for proceeding_id, duration in Recording.objects.filter(proceeding__in=ids).values_list("proceeding_id", "duration_ms"):
        durations[proceeding_id] += duration or 0
    live = Transcript.objects.filter(proceeding__in=ids, superseded_at=None).values_list("proceeding_id", "id")
    known = {proceeding_id: duration for proceeding_id, duration in durations.items() if duration}
    return [_row(proceeding, known, dict(live)) for proceeding in listed]


def _context(request: HttpRequest, member: Member) -> dict[str, Any]:
    seen = proceedings.visible_to(member)
    inside = list(matters.visible_to(member))
    chosen = next((matter for matter in inside if str(matter.id) == request.GET.get("matter")), None)
    if chosen is not None:
        seen = seen.filter(matter=chosen)
    counts = Counter(seen.order_by().values_list("state", flat=True))
    state = request.GET.get("state", "")
    wanted = seen.filter(state=state) if state in set(TABS) else seen
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list))
    query = "".join(f"{name}={request.GET[name]}&" for name in ("state", "matter") if _plain(request.GET.get(name, "")))
    return {
        "page": page,
        "rows": rows,
        "query": query,
        "tabs": [(tab.value, tab.label, counts[tab.value]) for tab in TABS if counts[tab.value] or tab.value == state],
        "all": sum(counts.values()),
        "state": state,
        "matters": inside,
        "matter": chosen,
        "moving": any(row.proceeding.state in MOVING for row in rows),
    }


def _plain(value: str) -> bool:
    return bool(value) and value.replace("-", "").replace("_", "").isalnum()


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The list; asked by htmx, its table only."""
    member = member_of(request)
    actor = actor_of(request)
    matters.require(actor, member, Action.READ, Kind.RECORDING)
    context = _context(request, member)
    with transaction.atomic():
        audit.record(
            "transcription:proceeding:read",
            organization_id=member.organization_id,
            actor=actor,
            merge=f"list {context['page'].number}",
            proceedings=len(context["rows"]),
        )
    if request.headers.get("HX-Request") is not None:
        return render(request, "recordings/list.html", context)
    context["to_check"] = holding.held(member).count() + len(bleep_check.held(member))
    return render(request, "recordings/index.html", context)


@require_GET
def show(request: HttpRequest, proceeding_id: UUID) -> HttpResponse:
    """How it stands with one; asked by htmx, the part that changes."""
    member = member_of(request)
    proceeding = proceedings.open_proceeding(member, proceeding_id)
    _record_read(request, member, proceeding)
    part = request.headers.get("HX-Request") is not None
    return render(request, "recordings/standing.html" if part else "recordings/show.html", _one(member, proceeding))


@require_GET
def receipt(request: HttpRequest, proceeding_id: UUID) -> HttpResponse:
    """What arrived, for the file: printable."""
    member = member_of(request)
    proceeding = proceedings.open_proceeding(member, proceeding_id)
    _record_read(request, member, proceeding)
    return render(request, "recordings/receipt.html", _one(member, proceeding))


def _one(member: Member, proceeding: Proceeding) -> dict[str, Any]:
    matter = proceeding.matter
    standing = proceedings.standing(proceeding)
    transcript = proceedings.transcript_of(proceeding)
    submit = allowed(member.roles, Action.SUBMIT, Kind.RECORDING)
    offered = services(member.organization) if submit and standing.may_repeat else []
    return {
        "proceeding": proceeding,
        "matter": matter,
        "region": regions.region(matter.vault.region),
        "standing": standing,
        "receipts": proceedings.receipts(proceeding),
        "job": proceedings.latest_job(proceeding),
        "transcript": transcript if proceeding.state in {_S.READY, _S.HELD} else None,
        "may_cancel": submit and standing.may_cancel,
        "may_repeat": submit and standing.may_repeat,
        "is_document": StoredObject.objects.filter(recording__proceeding=proceeding, kind=StoredObject.Kind.DOCUMENT).exists(),
        "services": offered,
        "languages": LANGUAGES,
        "language": LANGUAGES.get(proceeding.language, proceeding.language),
        "speakers": range(1, proceedings.SPEAKERS_LIMIT + 1),
        "moving": proceeding.state in MOVING,
        "crumbs": [
            ("Matters", reverse("matters")),
            (matter.short, reverse("matter", args=[matter.id])),
            (proceeding.title or "Untitled", None),
        ],
    }


def _record_read(request: HttpRequest, member: Member, proceeding: Proceeding) -> None:
    with transaction.atomic():
        audit.record(
            "transcription:proceeding:read",
            organization_id=member.organization_id,
            actor=actor_of(request),
            target=Target("proceeding", proceeding.id, proceeding.matter_id),
            merge="proceeding",
            proceedings=1,
        )


@require_POST
def cancel(request: HttpRequest, proceeding_id: UUID) -> HttpResponse:
    member = member_of(request)
    proceeding = proceedings.open_proceeding(member, proceeding_id)
    jobs.cancel(actor=actor_of(request), member=member, proceeding=proceeding)
    messages.success(request, "Cancelled. The recording is kept; it can be transcribed again.")
    return redirect("recording", proceeding_id=proceeding.id)


@require_POST
def again(request: HttpRequest, proceeding_id: UUID) -> HttpResponse:
    member = member_of(request)
    proceeding = proceedings.open_proceeding(member, proceeding_id)
    speakers = request.POST.get("speakers", "")
    language = request.POST.get("language", "")
    if language and language not in LANGUAGES:
        raise BadInput("This language is not offered.", allowed=sorted(LANGUAGES))
    job = jobs.again(
        actor=actor_of(request),
        member=member,
        proceeding=proceeding,
        provider=request.POST.get("provider", ""),
        speakers_expected=int(speakers) if speakers.isdecimal() and len(speakers) < 4 else None,
        basic_engine_accepted=True if request.POST.get("basic") == "on" else None,
        language=language,
    )
    tasks.enqueue(job.id)
    messages.success(request, "It is being transcribed again. A transcript that is there stays until the new one comes.")
    return redirect("recording", proceeding_id=proceeding.id)
