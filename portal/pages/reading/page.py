"""The transcript page: its frame, its leaves as one scrolls, its sound, its find bar."""

import json
import math
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from portal.accounts.rights import Action, Kind
from portal.errors import BadInput
from portal.pages.actors import actor_of, member_of
from portal.pages.reading.lines import COLOURS, shown_lines
from transcription import (
    bleep_check,
    checking_again,
    doubts,
    pictures,
    playback,
    problems,
    reading,
    rereading,
    reveals,
    search,
    second_pass,
    signing,
    speakers,
    unchecked,
)
from transcription.exports import FORMATS
from transcription.models import Reveal
from transcription.reading import View


def view_of(request: HttpRequest, transcript_id: UUID) -> View:
    return reading.open_view(actor_of(request), member_of(request), transcript_id)


def posted(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of a script's request. Raises BadInput."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise BadInput("The request is not JSON.") from None
    if not isinstance(body, dict):
        raise BadInput("The request is not a JSON object.")
    return body


@require_GET
def show(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    context = frame(view)
    if view.held:
        said = {"problem": problems.explain(view.transcript.held_reason)} | _check_again(view)
        return render(request, "reading/held.html", context | said)
    if view.rendition is None:
        return render(request, "reading/hiding.html", context)
    leaves = reading.pages(view)
    # Without script: one leaf at a time.
    first = _number(request.GET.get("leaf"), len(leaves))
    lines = reading.lines(view, first)
    context |= side_of(view) | {
        "leaves": leaves,
        "first": first,
        "previous": first - 1 if first else None,
        "next": first + 1 if first + 1 < len(leaves) else None,
        "lines": shown_lines(view, lines, reveals.shown(view, lines), _unsure(view, lines)),
        "empty": view.transcript.utterances == 0 or (len(leaves) == 1 and not lines),
        "sound": playback.sound_state(view),
        "picture": pictures.state(view),
        "again": rereading.waits(view.transcript),
        "may_give": view.may(Action.MANAGE, Kind.POLICY),
        "sound_said": playback.said(view),
        "held_copies": bleep_check.held_copies(view) if view.may_reveal and view.may(Action.REVIEW) else [],
    }
    return render(request, "reading/transcript.html", context)


def _check_again(view: View) -> dict[str, Any]:
    """What the page of a held transcript says of checking it again."""
    opened = checking_again.opened_by(view.transcript)
    return {
        "may_check_again": view.may(Action.REVIEW) and view.transcript.superseded_at is None,
        "check_helps": checking_again.helps(view.transcript.held_reason),
        "open_by": [reveal for reveal in opened if reveal.member_id != view.member.id],
        "open_by_me": any(reveal.member_id == view.member.id for reveal in opened),
    }


def _number(given: str | None, count: int) -> int:
    return min(int(given), count - 1) if given and given.isdecimal() and len(given) < 7 else 0


def frame(view: View) -> dict[str, Any]:
    """What every page about a transcript shows around it."""
    transcript, proceeding = view.transcript, view.transcript.proceeding
    title = str(proceeding.title) or proceeding.get_kind_display()
    crumbs = [(str(view.matter.title), _url("matter", view.matter.id)), (title, "")]
    return {
        "view": view,
        "transcript": transcript,
        "proceeding": proceeding,
        "matter": view.matter,
        "title": title,
        "crumbs": crumbs,
        "rendition": view.rendition,
        "may_reveal": view.may_reveal,
        "superseded": transcript.superseded_at is not None,
    }


def _url(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def side_of(view: View) -> dict[str, Any]:
    """Speakers, hidden parts, signatures and what may be done."""
    rendition = view.shown()
    # The first that ends: the page hides everything then and asks anew, which shows what is still open.
    until = min((reveal.expires_at for reveal in view.reveals), default=None)
    counts = sorted(rendition.hidden_counts.items(), key=lambda item: -item[1])
    return {
        "people": [
            {
                "label": s.label,
                "name": speakers.called(s, names_hidden=view.names_hidden),
                "role": speakers.ROLES.get(s.role, ""),
                "colour": s.position % COLOURS,
            }
            for s in view.speakers.values()
        ],
        "counts": counts,
        "unread": unchecked.unread(view),
        "signatures": signing.signatures(view.transcript),
        "formats": FORMATS.values(),
        # Rounded up: asked a moment too early, the server would give it once more, and nothing would end it.
        "reveal_ms": max(1, math.ceil((until - timezone.now()).total_seconds() * 1000)) if until else 0,
        "can": {
            "review": view.may(Action.REVIEW),
            "sign": view.may(Action.SIGN),
            "export": view.may(Action.EXPORT),
            # Of what is open as a whole nothing is left to be asked for.
            "reveal": view.may_reveal and not view.verbatim
            and not any(reveal.scope == Reveal.Scope.TRANSCRIPT for reveal in view.reveals),
            "submit": view.may(Action.SUBMIT, Kind.RECORDING),
        },
    }


def _unsure(view: View, lines: list[dict[str, Any]]) -> frozenset[tuple[int, int]]:
    """Labels of these lines that want checking: (line, place)."""
    if not view.may(Action.REVIEW):
        return frozenset()
    doubtful = [
        (line["n"], ordinal, chip["detection"])
        for line in lines
        for ordinal, chip in enumerate(line.get("chips") or [])
        if chip.get("unsure") is not None
    ]
    accepted = doubts.accepted_since(view) if doubtful else frozenset()
    return frozenset((n, ordinal) for n, ordinal, finding in doubtful if finding not in accepted)


@require_GET
def leaf(request: HttpRequest, transcript_id: UUID, number: int) -> HttpResponse:
    """One stretch of lines, fetched as one scrolls."""
    view = view_of(request, transcript_id)
    lines = reading.lines(view, number)
    shown = shown_lines(view, lines, reveals.shown(view, lines), _unsure(view, lines))
    can = {"review": view.may(Action.REVIEW)}
    return render(request, "reading/lines.html", {"lines": shown, "view": view, "transcript": view.transcript, "can": can})


@require_GET
def side(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    return render(request, "reading/side.html", frame(view) | side_of(view) | {"fetched": True})


@require_GET
def chart(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    view.shown()
    reading.record_read(view)
    return JsonResponse(playback.chart(view))


@require_GET
def status(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    """What a page that waits asks for: whether something newer can be shown, and heard, and a picture still seen."""
    view = view_of(request, transcript_id)
    return JsonResponse(
        {
            "state": view.transcript.state,
            "shown": f"{view.rendition.version}.{view.rendition.edition}" if view.rendition else "",
            "behind": view.behind or second_pass.waits_for_english(view.transcript),
            "again": rereading.waits(view.transcript),
            "sound": playback.sound_state(view),
            "picture": pictures.state(view),
            "said": playback.said(view),
        }
    )


@require_POST
def sound(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    parts = playback.sound(view)
    return JsonResponse({"parts": [asdict(part) for part in parts]})


@require_POST
def find(request: HttpRequest, transcript_id: UUID) -> HttpResponse:
    view = view_of(request, transcript_id)
    found = search.in_view(view, str(posted(request).get("text", "")))
    return JsonResponse({"hits": found.hits, "total": found.total, "shown": sum(len(h["spans"]) for h in found.hits)})
