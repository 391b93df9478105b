"""Lines that could not be checked: opening one, and deciding what becomes of it."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal.errors import BadInput
from portal.pages.reading.acts import CHECKED_AT_ONCE_WORDS
from portal.pages.reading.fragments import fragment, in_dialog, says
from portal.pages.reading.page import view_of
from portal.pages.reading.reviewing import hand_types, places_of, says_decided
from transcription import reveals, second_pass, unchecked
from transcription.models import Reveal, ReviewAct
from transcription.reading import REVEAL_MINUTES, View
from transcription.review import REASONS

_DECISIONS = ("open", "hide", "release", "english", "leave")


@require_http_methods(["GET", "POST"])
@in_dialog
def line(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    """The dialog of a line that is hidden whole, and what is decided in it."""
    view = view_of(request, transcript_id)
    if request.method == "GET":
        return dialog(request, view, n)
    decision, note = request.POST.get("decision"), request.POST.get("note", "")
    if decision == "open":
        reveals.begin(view, purpose=request.POST.get("purpose", ""), scope=Reveal.Scope.SPAN, note=note, n=n, ordinal=0)
        return _stays_open(dialog(request, view, n))
    if decision == "english":
        everywhere = request.POST.get("everywhere") == "yes"
        return _as_english(request, view, unchecked.english(view, n, everywhere=everywhere, note=note))
    if decision == "leave":
        return says_decided(request, view, unchecked.leave(view, n, note=note), "Noted. It stays hidden.")
    if decision not in ("hide", "release"):
        raise BadInput("Choose what you decide.", allowed=list(_DECISIONS))
    chosen = sorted(places_of(request.POST.getlist("word")))
    if chosen or decision == "hide":
        unchecked.hide(
            view, n, chosen, type_=request.POST.get("type", ""), reason=request.POST.get("reason", ""), note=note
        )
    if decision == "hide":
        # Of another kind than the last ones, perhaps: the line is shown when its reader says so.
        return _stays_open(dialog(request, view_of(request, transcript_id), n))
    made = unchecked.release(view_of(request, transcript_id), n, note=note)
    return says_decided(request, view, made, "Shown from now on, but for what is hidden in it.")


def dialog(request: HttpRequest, view: View, n: int) -> HttpResponse:
    context = {
        "transcript": view.transcript, "found": unchecked.look(view, n), "n": n, "purposes": Reveal.Purpose.choices,
        "minutes": REVEAL_MINUTES, "types": hand_types(), "reasons": REASONS["hide"], "may": {"reveal": view.may_reveal},
    }  # fmt: skip
    return fragment(request, "unchecked", context)


def _stays_open(response: HttpResponse) -> HttpResponse:
    """The dialog goes on; the page behind it shows what was opened or hidden."""
    response["HX-Trigger"] = json.dumps({"transcript:changed": {"what": "behind"}})
    response["HX-Retarget"] = "#act-body"
    response["HX-Reswap"] = "innerHTML"
    return response


def _as_english(request: HttpRequest, view: View, made: ReviewAct) -> HttpResponse:
    """A short text is read while one waits; a long one in the background, and its lines open when that is done."""
    if view.transcript.words <= CHECKED_AT_ONCE_WORDS:
        second_pass.run(view.transcript, actor=view.actor)
        if view.transcript.state == view.transcript.State.HELD:
            return says(request, "Noted. The text needs checking before it can be shown.", changed="reload")
        return says_decided(request, view, made, "Checked as English: what is private is hidden, the rest is shown.")
    undo = reverse("transcript_undo_decision", args=[view.transcript.id, made.number])
    message = "Noted. It is being checked as English; it opens when that is done."
    return says(request, message, undo=undo, changed="waiting")
