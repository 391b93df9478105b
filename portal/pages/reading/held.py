"""What needs checking: the list, and one held transcript with its ways out."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.page import frame, view_of
from portal.pages.reading.reviewing import hand_types
from transcription import bleep_check, holding, playback, problems, reading, speakers, withholding
from transcription.models import Rendition, Reveal, Transcript
from transcription.reading import REVEAL_MINUTES
from transcription.review import REASONS

# Places of a held copy that its page lists: more than that is the whole recording, which can be heard there, too.
PLACES_SHOWN: Final = 20


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    rows = [_row(t, "Transcript", t.held_reason, t.held_owner, t.held_since, "transcript") for t in holding.held(member)]
    rows += [
        _row(c.transcript, "Audio", _why(c), c.audio_owner, c.audio_checked_at, "transcript_sound_held", c.id)
        for c in bleep_check.held(member)
    ]
    return render(request, "reading/held_list.html", {"rows": sorted(rows, key=lambda row: row["since"] or row["now"])})


def _why(copy: Rendition) -> str:
    # Copies that were held before there was a choice say nothing.
    return copy.audio_held_reason or "audio_heard"


def _row(
    transcript: Transcript, what: str, reason: str, owner: Member | None, since: datetime | None, page: str, *more: UUID
) -> dict[str, Any]:
    proceeding, now = transcript.proceeding, timezone.now()
    return {
        "what": what,
        "title": str(proceeding.title) or proceeding.get_kind_display(),
        "matter": str(proceeding.matter.title),
        "problem": problems.explain(reason),
        "owner": owner.name if owner else "",
        "since": since,
        "now": now,
        "days": (now - since).days if since else 0,
        "url": reverse(page, args=[transcript.id, *more]),
    }


@require_http_methods(["GET", "POST"])
def sound(request: HttpRequest, transcript_id: UUID, copy_id: UUID) -> HttpResponse:
    """A held copy: why, since when, who is to look; with POST links to it, for whoever decides."""
    view = view_of(request, transcript_id)
    copy = bleep_check.held_copy(view, copy_id)
    parts = bleep_check.listen(view, copy) if request.method == "POST" else []
    shown = copy.audio_heard[:PLACES_SHOWN]
    context = frame(view) | {
        "copy": copy,
        "problem": problems.explain(_why(copy)),
        "may_decide": view.may_reveal and view.may(Action.REVIEW),
        "parts": parts,
        "may_ask_again": copy.audio_held_reason == withholding.NOT_DONE,
        "places": [_place(start, end, parts) for start, end in shown],
        "more": len(copy.audio_heard) - len(shown),
    }
    return render(request, "reading/held_sound.html", context)


def _place(start: int, end: int, parts: list[playback.Part]) -> dict[str, Any]:
    """A stretch (ms of the whole) with a link that plays only it, by the media fragment ``#t=``."""
    part = next((p for p in parts if p.start <= start < p.start + p.duration), None)
    url = f"{part.url}#t={(start - part.start) / 1000},{(end - part.start) / 1000}" if part else ""
    return {"start": start, "end": end, "url": url}


@require_POST
def release_sound(request: HttpRequest, transcript_id: UUID, copy_id: UUID) -> HttpResponse:
    """A held copy, after somebody listened."""
    view = view_of(request, transcript_id)
    if request.POST.get("listened") != "yes":
        raise BadInput("Confirm that you have listened to it and that nothing private is heard.")
    bleep_check.release(view, bleep_check.held_copy(view, copy_id))
    messages.success(request, "Released: the audio is heard again.")
    return redirect("transcript", transcript_id)


@require_POST
def check_sound(request: HttpRequest, transcript_id: UUID, copy_id: UUID) -> HttpResponse:
    """A held copy whose check could not be done, once more."""
    view = view_of(request, transcript_id)
    bleep_check.again(view, bleep_check.held_copy(view, copy_id))
    messages.success(request, "The audio is listened to once more. Nobody hears it until that is done.")
    return redirect("transcript", transcript_id)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """The held text, for whoever hides by hand: opened with a purpose, for half an hour, recorded."""
    view = view_of(request, transcript_id)
    if request.method == "POST":
        holding.open_for_checking(view, purpose=request.POST.get("purpose", ""), note=request.POST.get("note", ""))
        return redirect("transcript_held", transcript_id)
    if not view.held:
        return redirect("transcript", transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    reveal = holding.opened(view)
    context = frame(view) | {
        "problem": problems.explain(view.transcript.held_reason),
        "reveal": reveal,
        "reveal_seconds": int((reveal.expires_at - timezone.now()).total_seconds()) if reveal else 0,
        "purposes": Reveal.Purpose.choices,
        "minutes": REVEAL_MINUTES,
    }
    if reveal is not None:
        number = request.GET.get("page", "0")
        page = int(number) if number.isdecimal() and len(number) < 7 else 0
        count = holding.page_count(view.transcript)
        context |= {
            "lines": [
                line | {"called": speakers.called(view.speakers.get(line["speaker"]), line["speaker"], names_hidden=False)}
                for line in holding.lines(view, page)
            ],
            "page": page,
            "count": count,
            "previous": page - 1 if page else None,
            "next": page + 1 if page + 1 < count else None,
            "types": hand_types(),
            "reasons": REASONS["hide"],
        }
    return render(request, "reading/held_check.html", context)


@require_POST
def hide(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    values = request.POST.getlist("word")
    if not all(value.isdecimal() and len(value) < 7 for value in values):
        raise BadInput("Choose the words to hide in this line.")
    holding.hide(
        view, n, [int(value) for value in values], type_=request.POST.get("type", ""), reason=request.POST.get("reason", "")
    )
    response = redirect("transcript_held", transcript_id)
    response["Location"] += f"?page={n // holding.LINES_A_PAGE}#n{n}"
    return response


@require_POST
def release(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    holding.release(view, read_all=request.POST.get("read") == "yes")
    messages.success(request, "Released: the transcript is shown as you left it.")
    return redirect("transcript", transcript_id)


@require_POST
def destroy(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    if request.POST.get("sure") != "yes":
        raise BadInput("Confirm that the recording and everything made of it is to be destroyed.")
    holding.destroy(actor_of(request), member, transcript)
    messages.success(request, "Destroyed. The erasure is on record.")
    return redirect("held")
