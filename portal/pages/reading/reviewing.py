"""Hidden parts: asking about one, deciding, hiding more, revealing for a purpose."""

from uuid import UUID

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Refused
from portal.pages.reading.fragments import fragment, in_dialog, says
from portal.pages.reading.page import view_of
from portal.pages.reading.queue import filter_behind, to_next
from transcription import deciding, playback, reading, renditions, reveals, review_queue
from transcription import doubts as queue
from transcription.ground import ChangedMeanwhile
from transcription.models import Reveal, ReviewAct
from transcription.reading import REVEAL_MINUTES, View
from transcription.review import HAND_TYPES, REASONS


def _again(view: View) -> None:
    """The Rendition that comes of a decision is made before its maker looks: what was hidden is never shown once more."""
    renditions.ensure(view.transcript, view.given.policy, actor=view.actor)
    playback.close_older(view)


def _shown(view: View) -> str:
    """Which text a dialog was made from, and the newest decision then: what is decided in it is decided about that one.

    Asked for before the dialog looks at anything, so that a decision in between is a newer one.
    """
    newest = view.transcript.review_acts.aggregate(newest=Max("number"))["newest"] or 0
    return f"{_text(view)}.{newest}"


def _text(view: View) -> str:
    rendition = view.shown()
    return f"{rendition.version}.{rendition.edition}"


def _require_shown(request: HttpRequest, view: View) -> int | None:
    """The newest decision that the dialog knew of; None where a request says nothing of what was shown.

    Places in a line move when it is checked again or somebody else decides. Raises ChangedMeanwhile.
    """
    shown = request.POST.get("shown")
    if shown is None:
        return None
    text, _, newest = shown.rpartition(".")
    if text != _text(view) or not newest.isdecimal() or len(newest) > 9:
        raise ChangedMeanwhile
    return int(newest)


def hand_types() -> list[tuple[str, str]]:
    names = {"ssn": "social security number", "url": "web address", "ip_address": "network address", "private": "other"}
    return [(type_, names.get(type_, type_.replace("_", " "))) for type_ in HAND_TYPES]


@require_http_methods(["GET", "POST"])
@in_dialog
def chip(request: HttpRequest, transcript_id: UUID, n: int, ordinal: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    if request.method == "GET":
        shown = _shown(view)
        found = deciding.chip(view, n, ordinal)
        if found.whole_line and view.may(Action.REVIEW):
            return redirect("transcript_unchecked", view.transcript.id, n)
        context = {
            "transcript": view.transcript, "chip": found, "n": n, "ordinal": ordinal, "reasons": REASONS["not_private"],
            "purposes": Reveal.Purpose.choices, "minutes": REVEAL_MINUTES,
            "may": {"review": view.may(Action.REVIEW), "reveal": view.may_reveal and not view.verbatim},
            "around": _around(found), "shown": shown,
        }  # fmt: skip
        return fragment(request, "chip", context)
    return _decided(request, view, n, ordinal, in_text=False)


def _decided(request: HttpRequest, view: View, n: int, ordinal: int, *, in_text: bool) -> HttpResponse:
    since = _require_shown(request, view)
    decision = request.POST.get("decision")
    note = request.POST.get("note", "")
    reason = request.POST.get("reason", "")
    everywhere = request.POST.get("everywhere") == "yes"
    if decision == "accept":
        made = deciding.accept(view, n, ordinal, everywhere=everywhere, in_text=in_text, note=note, since=since)
        message = "Noted as right."
    elif decision == "not_private":
        made = deciding.not_private(
            view, n, ordinal, reason=reason, everywhere=everywhere, in_text=in_text, note=note, since=since
        )
        message = "Shown from now on."
    elif decision == "suggest":
        made = deciding.suggest(
            view, n, ordinal, reason=reason, everywhere=everywhere, in_text=in_text, note=note, since=since
        )
        message = "Suggested. It stays hidden until somebody who may reveal decides."
    else:
        raise BadInput("Choose what you decide.", allowed=["accept", "not_private", "suggest"])
    if left := deciding.left_out(made):
        message += f" Somebody found {left} other{'' if left == 1 else 's'} private: left as before."
    return says_decided(request, view, made, message)


def says_decided(request: HttpRequest, view: View, made: ReviewAct, message: str) -> HttpResponse:
    """What was decided, with the way back; after the last one of a transcript also the way on."""
    _again(view)
    undo_url = reverse("transcript_undo_decision", args=[view.transcript.id, made.number])
    return says(request, message, undo=undo_url, onward=_onward(request, view))


def _onward(request: HttpRequest, view: View) -> str:
    """The way to the next transcript of the queue; "" while this one waits for the member, or no other does."""
    if not review_queue.done(view.member, view.transcript) or not review_queue.number(view.member):
        return ""
    return to_next(view.transcript.id, filter_behind(request, view.member))


@require_http_methods(["GET", "POST"])
@in_dialog
def readable(request: HttpRequest, transcript_id: UUID, n: int, place: int) -> HttpResponse:
    """A doubtful part that this view leaves readable and another one may hide."""
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if request.method == "POST":
        return _decided(request, view, n, place, in_text=True)
    shown = _shown(view)
    found = deciding.readable(view, n, place)
    words = [word["text"] for word in found.line["words"]]
    before, after = words[: found.places[0]], words[found.places[-1] + 1 :]
    context = {
        "transcript": view.transcript, "chip": found, "n": n, "place": place, "reasons": REASONS["not_private"],
        "may": {"reveal": view.may_reveal},
        "around": (" ".join(before[-8:]), found.label, " ".join(after[:8])), "shown": shown,
    }  # fmt: skip
    return fragment(request, "readable", context)


def _around(found: deciding.Chip) -> tuple[str, str, str]:
    """The words before and after the label, as this member sees them."""
    mark = found.line["chips"][found.ordinal]
    text: str = found.line["text"]
    before, after = text[: mark["start"]], text[mark["end"] :]
    return " ".join(before.split()[-8:]), mark["label"], " ".join(after.split()[:8])


@require_http_methods(["GET", "POST"])
@in_dialog
def quiet(request: HttpRequest, transcript_id: UUID, n: int, place: int) -> HttpResponse:
    """Words that can be read and are silent: why, and letting them be heard."""
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if request.method == "GET":
        shown = _shown(view)
        found = deciding.quiet(view, n, place)
        words = [word["text"] for word in found.line["words"]]
        before, after = words[: found.places[0]], words[found.places[-1] + 1 :]
        context = {
            "transcript": view.transcript, "found": found, "n": n, "place": place, "reasons": REASONS["heard"],
            "around": (" ".join(before[-8:]), found.text, " ".join(after[:8])), "may": {"reveal": view.may_reveal},
            "shown": shown,
        }  # fmt: skip
        return fragment(request, "quiet", context)
    since = _require_shown(request, view)
    made = deciding.let_be_heard(
        view, n, place, reason=request.POST.get("reason", ""), note=request.POST.get("note", ""), since=since
    )
    return says_decided(request, view, made, "Not private: heard from now on, as soon as its audio is made.")


@require_http_methods(["GET", "POST"])
@in_dialog
def hide(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if request.method == "GET":
        line = reading.line(view, n)
        chosen = places_of(request.GET.getlist("w"))
        words = [
            {"place": place, "text": word["text"], "hidden": word["hidden"], "chosen": place in chosen}
            for place, word in enumerate(line.get("words") or [])
        ]
        context = {
            "transcript": view.transcript, "n": n, "words": words, "types": hand_types(), "reasons": REASONS["hide"],
            "shown": _shown(view),
        }  # fmt: skip
        return fragment(request, "hide", context)
    _require_shown(request, view)
    made = deciding.hide(
        view, n, sorted(places_of(request.POST.getlist("word"))),
        type_=request.POST.get("type", ""), reason=request.POST.get("reason", ""), note=request.POST.get("note", ""),
    )  # fmt: skip
    hidden = "Hidden, in text and sound."
    shown = "Marked as private: hidden from everybody who does not read, as you do, under a policy that hides nothing."
    return says_decided(request, view, made, hidden if view.policy.hides_anything else shown)


def places_of(values: list[str]) -> set[int]:
    if not all(value.isdecimal() and len(value) < 7 for value in values):
        raise BadInput("Choose the words to hide in this line.")
    return {int(value) for value in values}


@require_POST
@in_dialog
def undo(request: HttpRequest, transcript_id: UUID, number: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    made = deciding.undo(view, number)
    return says_decided(request, view, made, "The decision was undone.")


@require_GET
@in_dialog
def doubts(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """The queue: what wants checking, the riskiest first."""
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if request.GET.get("count"):
        context = {"transcript": view.transcript, "count": queue.count(view), "onward": _onward(request, view)}
        return fragment(request, "doubt_count", context)
    reading.record_read(view)
    return fragment(request, "doubts", {"transcript": view.transcript, "doubts": queue.queue(view)})


@require_http_methods(["GET", "POST"])
@in_dialog
def reveal(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    if not view.may_reveal:
        # Before a form is filled in that could only be refused; the refusal is recorded.
        try:
            reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
        except Refused:
            raise Refused("Revealing is for those who may: an attorney, a clinician or the privacy officer.") from None
    if request.method == "GET":
        context = {
            "transcript": view.transcript, "purposes": Reveal.Purpose.choices, "minutes": REVEAL_MINUTES,
            "spans": view.shown().hidden_spans,
        }  # fmt: skip
        return fragment(request, "reveal", context)
    _require_shown(request, view)
    n, ordinal = request.POST.get("n", ""), request.POST.get("ordinal", "")
    reveals.begin(
        view,
        purpose=request.POST.get("purpose", ""),
        scope=request.POST.get("scope", ""),
        note=request.POST.get("note", ""),
        n=int(n) if n.isdecimal() and len(n) < 8 else None,
        ordinal=int(ordinal) if ordinal.isdecimal() and len(ordinal) < 8 else None,
    )
    return says(request, f"Revealed for at most {REVEAL_MINUTES} minutes. Each part that you see is recorded.")


@require_POST
@in_dialog
def end_reveal(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    reveals.end(view)
    return says(request, "Hidden again.")
