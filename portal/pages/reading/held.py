"""What needs checking: the list, a held transcript's ways out but the one by hand (``held_by_hand``), held sound."""

from collections import Counter
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
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.page import frame, view_of
from transcription import bleep_check, checking_again, holding, playback, problems, reading, withholding
from transcription.models import Rendition, Transcript

# Places of a held copy that its page lists: more than that is the whole recording, which can be heard there, too.
PLACES_SHOWN: Final = 20


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    held = list(holding.held(member))
    rows = [_row(t, "Transcript", t.held_reason, t.held_owner, t.held_since, "transcript") for t in held]
    rows += [
        _row(c.transcript, "Audio", _why(c), c.audio_owner, c.audio_checked_at, "transcript_sound_held", c.id)
        for c in bleep_check.held(member)
    ]
    reasons = Counter(t.held_reason for t in held if checking_again.helps(t.held_reason))
    groups = [
        {"reason": reason, "sentence": problems.explain(reason).sentence, "count": count}
        for reason, count in reasons.most_common()
        if count > 1
    ]
    may_ask = allowed(member.roles, Action.REVIEW, Kind.TRANSCRIPT)
    context = {
        "rows": sorted(rows, key=lambda row: row["since"] or row["now"]),
        "may_ask": may_ask,
        "groups": groups if may_ask else [],
        "under_way": _under_way(member),
    }
    return render(request, "reading/held_list.html", context)


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
        "again": reverse("transcript_held_again", args=[transcript.id]) if not more and checking_again.helps(reason) else "",
    }


def _under_way(member: Member) -> list[dict[str, Any]]:
    return [
        {
            "title": str(row.proceeding.title) or row.proceeding.get_kind_display(),
            "matter": str(row.proceeding.matter.title),
            "url": reverse("transcript", args=[row.id]),
            # Counted as a try is begun: a second one is worked on, or waits for its time.
            "tries": row.again_tries,
            "due": row.again_due_at,
        }
        for row in checking_again.under_way(member)
    ]


@require_http_methods(["GET", "POST"])
def again_all(request: HttpRequest) -> HttpResponse:
    """What is being checked again now; with POST everything that is held for one reason is."""
    member = member_of(request)
    if request.method == "POST":
        asked = checking_again.ask_all(actor_of(request), member, request.POST.get("reason", ""))
        messages.success(request, _said(asked))
        return redirect("held")
    if request.headers.get("HX-Request") is None:
        return redirect("held")
    rows = _under_way(member)
    response = render(request, "reading/held_again.html", {"under_way": rows})
    if not rows:
        # Done: the list says what became of it.
        response["HX-Refresh"] = "true"
    return response


def _said(asked: checking_again.Asked) -> str:
    def transcripts(count: int) -> str:
        return f"{count} transcript{'' if count == 1 else 's'}"

    if asked == checking_again.Asked(0):
        return "Nothing is held for this reason any more: somebody had it checked again, or released it."
    said = f"{transcripts(asked.begun)} {'is' if asked.begun == 1 else 'are'} being checked again."
    if asked.open_by_hand:
        said += f" Left alone, since somebody has them open for checking by hand: {asked.open_by_hand}."
    if asked.transcribing:
        said += f" Left alone, since they are being transcribed again: {asked.transcribing}."
    if asked.left:
        said += f" {transcripts(asked.left)} more wait: choose it once more."
    return said


@require_POST
def again(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    anyway = request.POST.get("anyway") == "yes"
    if checking_again.ask(actor_of(request), member, transcript, anyway=anyway):
        messages.success(request, "It is being checked again. What was hidden by hand stays hidden.")
    else:
        messages.info(request, "It is not held any more: somebody had it checked again, or released it.")
    return redirect("held" if request.POST.get("back") == "list" else reverse("transcript", args=[transcript_id]))


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


@require_POST
def destroy(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    if request.POST.get("sure") != "yes":
        raise BadInput("Confirm that the recording and everything made of it is to be destroyed.")
    holding.destroy(actor_of(request), member, transcript)
    messages.success(request, "Destroyed. The erasure is on record.")
    return redirect("held")
