"""Corrections, speakers, history, signatures, exports: dialogs and their acts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.accounts.rights import Action
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.fragments import fragment, in_dialog, says
from portal.pages.reading.page import view_of
from transcription import reading, rereading, review, review_acts, revisions, second_pass, signing, speakers
from transcription.exports.making import export as make_export
from transcription.reading import View

# A correction of a text up to this length is checked while its writer waits (a second or two); longer ones in the background.
CHECKED_AT_ONCE_WORDS = 3000


def checked(request: HttpRequest, view: View, message: str, revision: int) -> HttpResponse:
    """After a correction: the second pass reads the new text before anybody sees it."""
    undo = reverse("transcript_undo_correction", args=[view.transcript.id, revision])
    if view.transcript.words <= CHECKED_AT_ONCE_WORDS:
        second_pass.run(view.transcript, actor=view.actor)
        if view.transcript.state == view.transcript.State.HELD:
            return says(request, "Saved. The text needs checking before it can be shown.", changed="reload")
        return says(request, message, undo=undo)
    return says(request, f"{message} It is being checked for private details; the line changes when that is done.",
                undo=undo, changed="waiting")  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_dialog
def correct(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    if request.method == "GET":
        line = reading.line(view, n)
        return fragment(
            request, "correct", {"transcript": view.transcript, "line": line, "rows": max(2, len(line["text"]) // 60)}
        )
    made = revisions.correct_line(view, n, request.POST.get("text", ""))
    if made is None:
        return says(request, "Nothing changed: the line says that already.", changed="side")
    return checked(request, view, "Line corrected.", made.number)


@require_http_methods(["GET", "POST"])
@in_dialog
def speaker(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    """Whose line it is, or who that is throughout."""
    view = view_of(request, transcript_id)
    line = reading.line(view, n)
    if request.method == "GET":
        here = view.speakers.get(line["speaker"])
        hidden = view.names_hidden
        others = [{"label": s.label, "name": speakers.called(s, names_hidden=hidden)} for s in view.speakers.values()]
        context = {
            "transcript": view.transcript, "line": line, "here": here, "others": others, "roles": speakers.ROLES,
            "called": speakers.called(here, line["speaker"], names_hidden=hidden), "may": {"review": view.may(Action.REVIEW)},
        }  # fmt: skip
        return fragment(request, "speaker", context)
    made = revisions.give_line(
        view, n, request.POST.get("label", ""),
        new_name=request.POST.get("name", ""), new_role=request.POST.get("role", ""),
    )  # fmt: skip
    if made is None:
        return says(request, "Nothing changed: the line is theirs already.", changed="side")
    return checked(request, view, "The line has another speaker now.", made.number)


@require_POST
@in_dialog
def rename(request: HttpRequest, transcript_id: UUID, label: str) -> HttpResponse:
    view = view_of(request, transcript_id)
    name, role = speakers.rename(view, label, name=request.POST.get("name", ""), role=request.POST.get("role", ""))
    undo = reverse("transcript_rename", args=[view.transcript.id, label])
    message, changed = "Speaker named throughout.", "lines"
    if rereading.waits(view.transcript):
        message, changed = f"{message} The text is being checked again; until that is done it is shown as before.", "again"
    return says(request, message, undo=undo, fields={"name": name, "role": role}, changed=changed)


@require_GET
@in_dialog
def history(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    reading.record_read(view)
    acts = list(view.transcript.review_acts.select_related("member").order_by("-number"))
    kept = {act.number for act in review.in_force(review_acts.acts_of(view.transcript))}
    decisions = [
        {"row": act, "in_force": act.number in kept, "reason": review.REASONS[act.decision].get(act.reason, act.reason)}
        for act in acts
    ]
    context = {
        "transcript": view.transcript,
        "entries": revisions.history(view),
        "decisions": decisions,
        "may": {"review": view.may(Action.REVIEW)},
    }
    return fragment(request, "history", context)


@require_POST
@in_dialog
def undo(request: HttpRequest, transcript_id: UUID, number: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    made = revisions.undo(view, number)
    return checked(request, view, "The correction was undone.", made.number)


@require_http_methods(["GET", "POST"])
@in_dialog
def sign(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    if request.method == "GET":
        return fragment(request, "sign", {"transcript": view.transcript, "view": view, "rendition": view.shown()})
    if request.POST.get("read") != "yes":
        raise BadInput("Confirm that you have read this version.")
    signing.sign(view)
    return says(request, "Signed. A later change will show that it came after your signature.", changed="side")


@require_POST
def export(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    member = member_of(request)
    transcript = reading.find(member, transcript_id)
    made = make_export(actor_of(request), member, transcript, request.POST.get("format", ""))
    response = HttpResponse(made.data, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response
