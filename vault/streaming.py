"""Bytes in and out by presigned URL: a small ASGI app beside Django, mounted at ``vault.grants.PATH``.

Django spools request bodies to disk and gathers streams; this seals bytes as they arrive and opens them as they leave.
Whoever asks is known by the grant's token only: cookies and sessions are not looked at, and a request from a foreign
page is refused by its Origin. Crypto, files and database run in a bounded pool of threads; between its steps a request
holds no database connection.
"""

import asyncio
import hashlib
import json
import mimetypes
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar
from urllib.parse import quote, urlsplit
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connections, transaction
from django.http.request import split_domain_port, validate_host
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from compliance import audit
from compliance.audit import Actor
from portal.errors import PortalError
from vault import grants, objects, parts, ranges
from vault.draining import drain
from vault.envelope import SealBroken
from vault.errors import GrantRefused, SizeMismatch, TooLarge
from vault.models import Grant, StoredObject

# Sealing is as fast as one core; more threads only help while some wait for the storage.
POOL_THREADS: Final = 8
# What is gathered before it goes to the pool: one segment, so that small packets do not cost a thread switch each.
WRITE_BLOCK: Final = 2**20
# A line that gives nothing for so long is taken for dead; the upload can be begun again.
IDLE_SECONDS: Final = 120.0

_log = structlog.get_logger(__name__)
_pool = ThreadPoolExecutor(max_workers=POOL_THREADS, thread_name_prefix="vault-bytes")
_P = ParamSpec("_P")
_T = TypeVar("_T")

# Nothing of an object may stay in a cache, leak by a referrer or run as a page of ours.
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def _in_pool(act: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    step = asyncio.get_running_loop().run_in_executor(_pool, lambda: act(*args, **kwargs))
    try:
        return await asyncio.shield(step)
    except asyncio.CancelledError:
        # A thread cannot be cancelled: nothing may be cleaned up behind it while it still writes or commits.
        await asyncio.wait([step])
        raise


async def _with_database(act: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Runs ``act`` in the pool and gives its database connections back before it returns."""

    def run() -> _T:
        try:
            return act(*args, **kwargs)
        finally:
            connections.close_all()

    return await _in_pool(run)


class ObjectBytes:
    """The ASGI app. ``served`` says which object a read gives: the granted one, or the copy that its holder may have.
    ``on_stored`` is called, in the pool, with the id of each object that an upload completed: work that
    follows is a hint there, the database remembers it anyway."""

    def __init__(self, on_stored: Callable[[UUID], None], served: Callable[[Grant], StoredObject]) -> None:
        self._on_stored = on_stored
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except PortalError as error:
            if request.method == "PUT" and request.headers.get("expect", "").lower() != "100-continue":
                await drain(request)
            response = _problem(error)
        except ClientDisconnect:
            return
        except SealBroken:
            _log.error("object_does_not_open")
            response = _problem(PortalError("What is stored is not what was sealed. An administrator must look into it."))
            response.status_code = 500
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        token = str(request.scope["path"]).removeprefix(grants.PATH)
        if not _same_site(request):
            raise GrantRefused
        if request.method in {"GET", "HEAD"}:
            return await self._give(request, token)
        if request.method == "PUT":
            return await self._take(request, token)
        if request.method == "DELETE":
            await _with_database(_erase, token, _stranger(request))
            return Response(status_code=204, headers=HEADERS)
        raise GrantRefused

    async def _give(self, request: Request, token: str) -> Response:
        asked = request.headers.get("range", ""), request.headers.get("if-range", "")
        stranger = _stranger(request)
        status, headers, pieces = await _with_database(_begin_read, token, request.method, asked, stranger, self._served)
        if pieces is None:
            return Response(status_code=status, headers=headers)
        return StreamingResponse(_stream(pieces), status_code=status, headers=headers)

    async def _take(self, request: Request, token: str) -> Response:
        length = request.headers.get("content-length")
        size = int(length) if length and length.isdigit() else None
        asked = grants.Asked("PUT", request.headers.get("content-type", ""), size)
        stranger = _stranger(request)
        grant, receiver = await _with_database(_begin_upload, token, asked, stranger)
        actor = _holder(grant, stranger)
        try:
            async for block in _blocks(request):
                await _in_pool(receiver.write, block)
            answer = await _with_database(_finish_upload, grant, asked, receiver, actor)
        except BaseException as error:
            # Shielded: a server that stops, or a client that is gone, must not leave the part open.
            await asyncio.shield(_with_database(_give_up, grant, receiver, actor, _reason(error)))
            raise
        if grant.part_number is None:
            await self._tell(grant.object_id)
        body = json.dumps(answer).encode()
        headers = {**HEADERS, "ETag": f'"{answer["etag"]}"'}
        return Response(body, status_code=200, headers=headers, media_type="application/json")

    async def _tell(self, object_id: UUID) -> None:
        try:
            await _with_database(self._on_stored, object_id)
        except Exception as error:
            # The object is stored, and whoever sent it must be told so: with a broker that is down, a sweeper finds it.
            _log.warning("after_upload_failed", object=str(object_id), error=type(error).__name__)


# --- steps with a database connection, in the pool -----------------------------------------------------------------


def _begin_read(
    token: str, method: str, asked: tuple[str, str], stranger: Actor, served: Callable[[Grant], StoredObject]
) -> tuple[int, dict[str, str], Iterator[bytes] | None]:
    wanted = grants.Asked(method)
    grant = grants.check(token, wanted, stranger)
    obj, actor = served(grant), _holder(grant, stranger)
    opened = objects.opener(obj)
    size = opened.manifest.plain_length
    etag = f'"{hashlib.sha256(bytes(obj.manifest_sealed)).hexdigest()[:32]}"'
    headers = {
        **HEADERS,
        "Accept-Ranges": "bytes",
        "Content-Type": obj.content_type or "application/octet-stream",
        "Content-Disposition": _disposition(grant, obj),
        "ETag": etag,
    }
    try:
        part = ranges.requested(*asked, etag, size) if method == "GET" else None
    except ranges.Unsatisfiable:
        return 416, {**HEADERS, "Content-Range": f"bytes */{size}"}, None
    with transaction.atomic():
        grants.use(grant, wanted, actor)
        if method == "GET":
            objects.record_read(actor=actor, obj=obj)
    if part is None:
        headers["Content-Length"] = str(size)
        return 200, headers, opened.open() if method == "GET" else None
    headers |= {"Content-Length": str(part.length), "Content-Range": part.content_range}
    return 206, headers, opened.open(part.start, part.length)


def _begin_upload(token: str, asked: grants.Asked, stranger: Actor) -> tuple[Grant, parts.PartReceiver]:
    grant = grants.check(token, asked, stranger)
    obj = grant.object
    limit = parts.MAX_OBJECT_BYTES
    announced = [size for size in (grant.size, obj.expected_size) if size is not None]
    if announced and grant.part_number is None:
        limit = min(announced)
    if asked.size is not None and asked.size > limit:
        raise TooLarge(limit=limit, found=asked.size)
    return grant, parts.begin(obj, number=grant.part_number or 1, limit=limit)


def _finish_upload(grant: Grant, asked: grants.Asked, receiver: parts.PartReceiver, actor: Actor) -> dict[str, Any]:
    for announced in (grant.size, asked.size):
        if announced is not None and receiver.received != announced:
            raise SizeMismatch(announced=announced, received=receiver.received)
    info = objects.seal_part(grant.object, receiver) if grant.part_number is None else receiver.seal()
    # Hours may lie between the first byte and the last: whoever was taken off the wall meanwhile stores nothing.
    grants.check_holder(grant, asked, actor)
    with transaction.atomic():
        grants.use(grant, asked, actor)
        if grant.part_number is None:
            objects.commit_part(actor=actor, obj=grant.object, receiver=receiver, info=info)
        else:
            receiver.close(info)
    return {
        "object": str(grant.object_id),
        "part": grant.part_number,
        "size": info.plain_length,
        "sha256": info.sha256_plain,
        "etag": info.sha256_cipher,
    }


def _give_up(grant: Grant, receiver: parts.PartReceiver, actor: Actor, reason: str) -> None:
    if not receiver.abandon():
        return  # it was stored in the moment in which the request ended
    with transaction.atomic():
        audit.record(
            "vault:object:failed",
            organization_id=grant.object.vault.organization_id,
            actor=actor,
            target=objects.target(grant.object),
            reason=reason,
        )


def _erase(token: str, stranger: Actor) -> None:
    asked = grants.Asked("DELETE")
    grant = grants.check(token, asked, stranger)
    actor = _holder(grant, stranger)
    grants.use(grant, asked, actor)
    objects.erase(actor=actor, obj=grant.object)


# --- streams ---------------------------------------------------------------------------------------------------------


async def _stream(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """One segment at a time: the next is opened when the line has taken the last."""
    while (piece := await _in_pool(next, pieces, None)) is not None:
        yield piece


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """The body in blocks of WRITE_BLOCK. Raises ClientDisconnect, also for a line that is silent too long."""
    held: list[bytes] = []
    size = 0
    stream = request.stream()
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream), IDLE_SECONDS)
        except StopAsyncIteration:
            break
        except TimeoutError:
            raise ClientDisconnect from None
        held.append(chunk)
        size += len(chunk)
        if size >= WRITE_BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if size:
        yield b"".join(held)


# --- who asks, and what they are told --------------------------------------------------------------------------------


def _same_site(request: Request) -> bool:
    """The Host is ours, and the page that asks (if a page asks) is ours."""
    host = request.headers.get("host", "")
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin == settings.PUBLIC_URL or urlsplit(origin).netloc == host


def _stranger(request: Request) -> Actor:
    address = request.client.host if request.client else ""
    return Actor("anonymous", None, "", address, request.headers.get("user-agent", ""))


def _holder(grant: Grant, stranger: Actor) -> Actor:
    """Whoever the grant was minted for, at the address that uses it."""
    return Actor(grant.actor_kind, grant.actor_id, "", stranger.address, stranger.agent)


def _disposition(grant: Grant, obj: StoredObject) -> str:
    """Files are saved, never shown as pages. A speech service is not told how a file is called."""
    name = grant.object.file_name if grant.submission_id is None else ""
    if obj.pk != grant.object_id:
        # The copy is for those from whom something is hidden, and people put names into the names of files.
        suffix = mimetypes.guess_extension(obj.content_type) or ""
        name = f"recording-{str(grant.object_id)[:8]} (private details silent){suffix}"
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}" if name else "attachment"


def _reason(error: BaseException) -> str:
    return error.code if isinstance(error, PortalError) else "interrupted"


def _problem(error: PortalError) -> Response:
    """RFC 9457. The answer to a bad link holds nothing that differs from case to case."""
    body = {
        "type": "about:blank",
        "title": error.text,
        "status": error.status,
        "code": error.code,
        "error": error.code,
        "message": error.text,
    }
    if not isinstance(error, GrantRefused):
        body |= {name: value for name, value in error.facts.items() if isinstance(value, int | str)}
    headers = {**HEADERS, "Retry-After": "5"} if error.retryable else HEADERS
    return Response(json.dumps(body).encode(), status_code=error.status, headers=headers, media_type="application/problem+json")
