"""Answers of acts to the transcript page: a message with a way back, and word of what changed."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.errors import PortalError

P = ParamSpec("P")
Act = Callable[Concatenate[HttpRequest, P], HttpResponse]


def says(
    request: HttpRequest, message: str, *, undo: str = "", fields: dict[str, str] | None = None, changed: str = "lines",
    onward: str = "",
) -> HttpResponse:  # fmt: skip
    """``message`` where messages stand, with a form that takes the act back (``undo``: its address, with ``fields``).

    ``onward``: where the review queue goes on, when this was the last of a transcript.

    ``changed`` tells the page what to fetch again: ``lines``, ``side``, ``waiting`` (a correction is being checked),
    ``again`` (the text is checked again, and shown as before meanwhile) or ``reload``.
    """
    context = {"message": message, "undo": undo, "fields": fields or {}, "onward": onward}
    response = render(request, "reading/message.html", context)
    response["HX-Trigger"] = json.dumps({"transcript:changed": {"what": changed}})
    response["HX-Retarget"] = "#said"
    response["HX-Reswap"] = "innerHTML"
    return response


def in_dialog(view: Act[P]) -> Act[P]:
    """Shows expected errors of an act inside the dialog that it was sent from, with everything typed still there."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except PortalError as error:
            if not request.headers.get("HX-Request"):
                raise
            response = render(
                request,
                "reading/error.html",
                {"error": error, "request_id": request.META.get("portal.request_id", "")},
                status=error.status,
            )
            response["HX-Retarget"] = "#act-error" if request.method == "POST" else "#act-body"
            response["HX-Reswap"] = "innerHTML"
            response["X-Fragment"] = "1"
            return response

    return cast(Act[P], wrapped)


def fragment(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"reading/{template}.html", context)
