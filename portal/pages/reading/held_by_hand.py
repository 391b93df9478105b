"""A held text that somebody has open: read, find, listen, hide, take back, release. For half an hour at a time."""

import math
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.rights import Action, Kind
from portal.errors import BadInput
from portal.pages.reading.page import frame, view_of
from portal.pages.reading.reviewing import hand_types
from transcription import held_sound, holding, problems, reading, speakers
from transcription.held_text import LINES_A_PAGE, LISTED
from transcription.models import Reveal
from transcription.reading import REVEAL_MINUTES, View
from transcription.review import REASONS

P = ParamSpec("P")
Act = Callable[Concatenate[HttpRequest, UUID, P], HttpResponse]


def while_open(act: Act[P]) -> Act[P]:
    """An act that came after the half hour: nothing is done, and the page says so and offers to open the text again."""

    @wraps(act)
    def wrapped(request: HttpRequest, transcript_id: UUID, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return act(request, transcript_id, *args, **kwargs)
        except holding.NotOpened:
            if holding.run_out(view_of(request, transcript_id)) is None:
                raise
        messages.error(request, "The half hour was over before that came: it was not done. Open the text again and repeat it.")
        return redirect("transcript_held", transcript_id)

    return cast(Act[P], wrapped)


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """The held text, for whoever hides by hand: opened with a purpose, for half an hour, recorded."""
    view = view_of(request, transcript_id)
    if request.method == "POST":
        holding.open_for_checking(view, purpose=request.POST.get("purpose", ""), note=request.POST.get("note", ""))
        return _back(transcript_id, _number(request.POST.get("page", "")))
    if not view.held:
        return redirect("transcript", transcript_id)
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    page = _number(request.GET.get("page", ""))
    reveal = holding.opened(view)
    context = frame(view) | {
        "problem": problems.explain(view.transcript.held_reason),
        "reveal": reveal,
        "purposes": Reveal.Purpose.choices,
        "minutes": REVEAL_MINUTES,
        "page": page,
    }
    if reveal is None:
        over = holding.run_out(view)
        context |= {"over": over, "kept": holding.kept_by_hand(view.transcript) if over else 0}
    else:
        context |= _opened(view, reveal, page, _number(request.GET.get("done", "")))
    return render(request, "reading/held_check.html", context)


def _opened(view: View, reveal: Reveal, page: int, done: int) -> dict[str, Any]:
    text = holding.text(view)
    looked_for = (reveal.what or {}).get("find", "")
    hits = text.find(looked_for) if looked_for else []
    by_hand = text.by_hand()
    count = holding.page_count(view.transcript)
    page = min(page, count - 1)
    return {
        # Rounded up: asked a moment too early, the server would say that it is still open.
        "reveal_seconds": max(1, math.ceil((reveal.expires_at - timezone.now()).total_seconds())),
        "lines": [line | {"called": _called(view, line)} for line in text.lines(page, hits)],
        "page": page,
        "count": count,
        "previous": page - 1 if page else None,
        "next": page + 1 if page + 1 < count else None,
        "types": hand_types(),
        "reasons": REASONS["hide"],
        "by_hand": by_hand[:LISTED],
        "by_hand_more": max(0, len(by_hand) - LISTED),
        "done": next((item for item in by_hand if item.number == done), None),
        "undone": text.undone(done),
        "done_number": done,
        "find": {
            "text": looked_for,
            "places": len(hits),
            "hidden": sum(hit.hidden for hit in hits),
            "lines": len({hit.n for hit in hits}),
            "snippets": text.snippets(hits),
        },
        "sound": held_sound.offered(view),
        "parts": held_sound.parts(view, reveal),
    }


def _called(view: View, line: dict[str, Any]) -> str:
    return speakers.called(view.speakers.get(line["speaker"]), line["speaker"], names_hidden=False)


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 7 else 0


def _back(transcript_id: UUID, page: int, *, done: int = 0, at: str = "") -> HttpResponse:
    """To the held text: numbers only in the address."""
    query = urlencode({"page": page} | ({"done": done} if done else {}))
    return redirect(f"{reverse('transcript_held', args=[transcript_id])}?{query}{f'#{at}' if at else ''}")


@require_POST
@while_open
def hide(request: HttpRequest, transcript_id: UUID, n: int) -> HttpResponse:
    view = view_of(request, transcript_id)
    values = request.POST.getlist("word")
    if not all(value.isdecimal() and len(value) < 7 for value in values):
        raise BadInput("Choose the words to hide in this line.")
    made = holding.hide(
        view, n, [int(value) for value in values], type_=request.POST.get("type", ""), reason=request.POST.get("reason", ""),
        everywhere=request.POST.get("everywhere") == "yes",
    )  # fmt: skip
    return _back(transcript_id, n // LINES_A_PAGE, done=made.number, at=f"n{n}")


@require_POST
@while_open
def hide_found(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """All that was found and can still be read."""
    view = view_of(request, transcript_id)
    made = holding.hide_found(view, type_=request.POST.get("type", ""), reason=request.POST.get("reason", ""))
    return _back(transcript_id, _number(request.POST.get("page", "")), done=made.number, at="found")


@require_POST
@while_open
def undo(request: HttpRequest, transcript_id: UUID, number: int) -> HttpResponse:
    made = holding.take_back(view_of(request, transcript_id), number)
    return _back(transcript_id, _number(request.POST.get("page", "")), done=made.number, at="said")


@require_POST
@while_open
def find(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    hits = holding.find(view_of(request, transcript_id), request.POST.get("text", ""))
    page = hits[0].n // LINES_A_PAGE if hits else _number(request.POST.get("page", ""))
    return _back(transcript_id, page, at="found")


@require_POST
@while_open
def listen(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    held_sound.open_(view_of(request, transcript_id))
    return _back(transcript_id, _number(request.POST.get("page", "")), at="listen")


@require_POST
@while_open
def extend(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    before = holding.require_open(view)
    holding.extend(view)
    if (before.what or {}).get("sound"):
        held_sound.open_(view)
    messages.success(request, f"Open for {REVEAL_MINUTES} minutes more, for the same purpose. That is recorded as a reveal.")
    return _back(transcript_id, _number(request.POST.get("page", "")))


@require_POST
@while_open
def release(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    holding.release(view, read_all=request.POST.get("read") == "yes")
    messages.success(request, "Released: the transcript is shown as you left it.")
    return redirect("transcript", transcript_id)
