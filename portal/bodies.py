"""A limit on what Django may be sent: above it Django would spool the body, readable, to a temporary file."""

import json
from typing import Any, Final

from django.conf import settings
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vault.draining import drain

CODE: Final = "body_too_large"


class _TooLarge(Exception):
    pass


class BodyLimit:
    """ASGI: refuses with 413 what is announced larger than the limit or turns out to be, before Django has it all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            if Headers(scope=scope).get("expect", "").lower() != "100-continue":
                await drain(Request(scope, receive))
            await _refusal(limit)(scope, receive, send)
            return
        received, complete, answering = 0, False, False

        async def counted() -> Message:
            nonlocal received, complete
            message = await receive()
            received += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            if received > limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal answering
            answering = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if not answering:
                if not complete:
                    await drain(Request(scope, receive))
                await _refusal(limit)(scope, receive, send)


def _refusal(limit: int) -> Response:
    sentence = "The body is too large. Files are sent to an upload URL, not here."
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/errors/{CODE}",
        "title": sentence,
        "status": 413,
        "detail": sentence,
        "error": sentence,
        "message": sentence,
        "code": CODE,
        "retryable": False,
        "request_id": "",
        "facts": {"limit": limit},
    }
    headers = {"x-should-retry": "false", "Connection": "close", "Cache-Control": "no-store"}
    return Response(json.dumps(body).encode(), status_code=413, headers=headers, media_type="application/problem+json")
