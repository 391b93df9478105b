"""What every request passes: an id, a sign-in, a lock after idling, errors that people understand."""

import re
import time
import uuid
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render

from compliance import audit
from compliance.audit import Actor, Target
from portal.errors import NotFound, PortalError

Handler = Callable[[HttpRequest], HttpResponse]
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
# Everything else under the site needs a sign-in. /api and /webhooks authenticate by themselves.
OPEN_PREFIXES: Final = ("/accounts/login/", "/api/", "/healthz", "/readyz", "/setup/", "/static/", "/webhooks/")
_LAST_SEEN = "last_seen"
# Background requests of a page: they show progress but are no sign that somebody is there.
PASSIVE_HEADER: Final = "X-Passive"


class RequestId:
    """Gives each request an id that logs, events and error pages carry."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        request.META["portal.request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SignedInOnly:
    """Refuses every page to strangers unless its prefix is on the short list: a new page is closed by default."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        return _to_sign_in(request)


class IdleLock:
    """Signs a member out after the organization's idle time and returns to the same place after signing in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or request.path.startswith(("/static/", "/api/", "/webhooks/")):
            return self.get_response(request)
        limit = min(request.user.organization.idle_minutes * 60, settings.IDLE_LOCK_SECONDS)
        now = time.time()
        last = request.session.get(_LAST_SEEN)
        if last is not None and now - last > limit:
            with transaction.atomic():
                member = request.user
                audit.record(
                    "accounts:member:locked",
                    organization_id=member.organization_id,
                    actor=Actor("member", member.id, member.name, request_id=request.META.get("portal.request_id", "")),
                    target=Target("member", member.id),
                )
                logout(request)
            return _to_sign_in(request, locked=True)
        if request.headers.get(PASSIVE_HEADER) is None and (last is None or now - last > 30):
            request.session[_LAST_SEEN] = int(now)
        return self.get_response(request)


class Problems:
    """Turns expected errors into a page (or JSON for scripts) that says what was found and what to do next."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PortalError):
            return None
        facts = {} if isinstance(error, NotFound) else error.facts
        context = {
            "code": error.code,
            "message": error.text,
            "facts": facts,
            "status": error.status,
            "retryable": error.retryable,
            "request_id": request.META.get("portal.request_id", ""),
        }
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(context, status=error.status)
        return render(request, "problem.html", context, status=error.status)


def _to_sign_in(request: HttpRequest, *, locked: bool = False) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" else "/"
    if request.headers.get("HX-Request"):
        # htmx follows this in the whole window; the place to return to is the page, not the fragment.
        current = request.headers.get("HX-Current-URL", "/")
        back = "/" + current.split("/", 3)[3] if current.count("/") >= 3 else "/"
    query = {"next": back} | ({"locked": "1"} if locked else {})
    target = f"{settings.LOGIN_URL}?{urlencode(query)}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=401)
        response["HX-Redirect"] = target
        return response
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"code": "signed_out", "message": "Sign in again.", "sign_in": target}, status=401)
    return HttpResponseRedirect(target)
