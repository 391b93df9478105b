"""What needs checking: the list, and one held transcript with its ways out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.rights import Action, Kind
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.page import frame, view_of
from portal.pages.reading.reviewing import hand_types
from transcription import holding, problems, reading, speakers
from transcription.models import Reveal
from transcription.reading import REVEAL_MINUTES
from transcription.review import REASONS


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = [
        {
            "transcript": transcript,
            "title": str(transcript.proceeding.title) or transcript.proceeding.get_kind_display(),
            "matter": str(transcript.proceeding.matter.title),
            "problem": problems.explain(transcript.held_reason),
            "days": (now - transcript.held_since).days if transcript.held_since else 0,
        }
        for transcript in holding.held(member_of(request))
    ]
    return render(request, "reading/held_list.html", {"rows": rows})


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
                line | {"called": speakers.called(view.speakers.get(line["speaker"]), line["speaker"])}
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
