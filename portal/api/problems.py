"""Errors of the API: problem details (RFC 9457) that also carry what case.dev's clients read.

``error`` and ``message`` are the sentence, ``code`` is published and stable, ``request_id`` is what support asks for.
"""

from collections.abc import Iterator
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, UnreadablePostError
from rest_framework import exceptions
from rest_framework.response import Response

from portal.api.authentication import NotAuthenticated
from portal.api.parsers import BodyTooLarge
from portal.errors import BadInput, NotFound, PortalError, Refused

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
# Reasons of validation that may be told in the library's words; the others could quote what was sent.
_OWN_WORDS = {
    "does_not_exist": "There is no such thing.",
    "invalid_choice": "This is not one of the allowed values.",
}


class InvalidFields(BadInput):
    code = "invalid_fields"
    message = "Some fields are missing or wrong; see errors."


class MethodNotAllowed(PortalError):
    code = "method_not_allowed"
    status = 405
    message = "This address does not take this method."


class TooMany(PortalError):
    code = "rate_limited"
    status = 429
    retryable = True
    message = "Too many requests. Wait and try again."


class Broken(PortalError):
    code = "internal_error"
    status = 500
    message = "Something went wrong here, and it was noted. Give the request_id when you report it."


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: every error as a problem, never with content in it."""
    request = context.get("request")
    request_id = request.META.get("portal.request_id", "") if request is not None else ""
    problem, fields = _as_problem(error)
    if isinstance(problem, Broken):
        log.error("api_failed", error=type(error).__name__, request=request_id)
    response = Response(body(problem, request_id, fields), status=problem.status, content_type=MEDIA_TYPE)
    # case.dev's client repeats 409 and 5xx by itself unless told otherwise.
    response["x-should-retry"] = "true" if problem.retryable else "false"
    if problem.retryable:
        response["Retry-After"] = "2"
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, exceptions.MethodNotAllowed) and request is not None:
        view = context.get("view")
        response["Allow"] = ", ".join(getattr(view, "allowed_methods", []))
    return response


def body(problem: PortalError, request_id: str, fields: list[dict[str, str]] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/errors/{problem.code}",
        "title": type(problem).message,
        "status": problem.status,
        "detail": problem.text,
        "error": problem.text,
        "message": problem.text,
        "code": problem.code,
        "retryable": problem.retryable,
        "request_id": request_id,
    }
    # Inside a wall facts help; outside of it nothing is told.
    if problem.facts and not isinstance(problem, NotFound):
        found["facts"] = {name: value for name, value in problem.facts.items() if value is not None}
    if fields:
        found["errors"] = fields
    return found


def _as_problem(error: Exception) -> tuple[PortalError, list[dict[str, str]]]:
    match error:
        case PortalError():
            return error, []
        case exceptions.ValidationError():
            return InvalidFields(), list(_fields(error.detail))
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return NotAuthenticated(), []
        case exceptions.PermissionDenied():
            return Refused(), []
        case exceptions.NotFound() | Http404():
            return NotFound(), []
        case exceptions.MethodNotAllowed():
            return MethodNotAllowed(), []
        case exceptions.Throttled():
            return TooMany(), []
        case RequestDataTooBig():
            return BodyTooLarge(), []
        case exceptions.ParseError() | UnreadablePostError():
            return BadInput("The request was cut off or cannot be read."), []
        case _:
            return Broken(), []


def _fields(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _fields(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _fields(inner, f"{path}[{number}]" if isinstance(inner, dict) else path)
    else:
        code = str(getattr(detail, "code", "invalid"))
        yield {"field": path, "code": code, "message": _OWN_WORDS.get(code, str(detail))}


def published() -> list[dict[str, Any]]:
    """Every code that the API can answer with, from the classes themselves."""
    found = {kind.code: kind for kind in _kinds(PortalError) if kind is not PortalError}
    return [
        {"code": code, "status": kind.status, "message": kind.message, "retryable": kind.retryable}
        for code, kind in sorted(found.items())
    ]


def _kinds(kind: type[PortalError]) -> Iterator[type[PortalError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)
