"""The engine's HTTP side: case.dev's transcription protocol, and just enough of its vault protocol to take uploads."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from transcription.engine.config import RETRY_AFTER_S, UPLOAD_KEEP_S, EngineConfig
from transcription.engine.errors import EngineError
from transcription.engine.jobs import Job, JobStore, Upload, UploadStore
from transcription.engine.messages import Ears
from transcription.engine.models import BASIC, Models
from transcription.engine.order import read_order
from transcription.engine.pool import Pool
from transcription.engine.source import Link, Source, check_address
from transcription.engine.spool import SpoolFolder, SpoolWriter
from transcription.engine.webhooks import Webhooks

log = structlog.get_logger(__name__)

#: A request with a thousand words to boost is 100 kB.
MAX_JSON = 1024 * 1024
SWEEP_S = 30.0
#: What a request may say that is given back with the job.
_ECHOED = ("language_code", "speaker_labels", "speakers_expected", "language_detection", "multichannel", "vault_id")
_UPLOADS = "/uploads/"

Handler = Callable[[Request], Awaitable[Response]]


class Engine:
    """One running engine: its jobs, uploads, workers, model and webhooks."""

    def __init__(self, config: EngineConfig) -> None:
        self.config = config
        self.jobs = JobStore()
        self.uploads = UploadStore()
        self.models = Models(config)
        self.pool = Pool(self.jobs, self._ears, self._ended, workers=config.workers, threads=config.threads_each())
        self._spool: SpoolFolder | None = None
        self._webhooks: Webhooks | None = None
        self._sweeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._spool = SpoolFolder(self.config.spool_dir)
        if self._spool.removed:
            log.info("engine.leftovers_removed", count=self._spool.removed)
        self._webhooks = Webhooks(self.config.webhook_secret)
        self.models.start()
        self.pool.start()
        self._sweeper = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        await self.models.stop()
        await self.pool.stop()
        if self._webhooks is not None:
            await self._webhooks.stop()
        self.uploads.clear()
        for job in self.jobs.all():
            self.jobs.forget(job)
        if self._spool is not None:
            self._spool.close()

    def _ears(self, job: Job) -> Ears:
        for name in job.order.speech_models:
            if name.lower().startswith("pocketsphinx"):
                return BASIC
            if name == self.models.now().label:
                break
        return self.models.now()

    async def _ended(self, job: Job) -> None:
        if self._webhooks is not None:
            self._webhooks.tell(job)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.jobs.sweep()
            self.uploads.sweep()

    # --- the protocol ----------------------------------------------------------------------------------------------

    async def health(self, request: Request) -> Response:
        """Which model serves and how much waits; no content, so no key."""
        ears, state = self.models.now(), self.models.state
        return JSONResponse(
            {
                "status": "ok",
                "speech_model": ears.label if ears is BASIC else f"faster-whisper {ears.label}",
                "basic_engine": ears is BASIC,
                "model": {"wanted": self.config.model, "state": state.state, "detail": state.detail},
                "delivery": "link" if self.config.public_url else "upload",
                "queued": self.jobs.count("queued"),
                "processing": self.jobs.count("processing"),
                "workers": self.config.workers,
            }
        )

    async def create(self, request: Request) -> Response:
        raw = await _json_bytes(request)
        body = _object(raw)
        print_ = hashlib.sha256(raw).digest()
        key = request.headers.get("idempotency-key")
        if key is not None:
            if not 1 <= len(key) <= 255:
                raise EngineError("invalid_request", "Idempotency-Key must have 1 to 255 characters.")
            adopted = self.jobs.adopted(key, print_)
            if adopted is not None:
                return JSONResponse(_head(adopted))
        order = read_order(body)
        if order.language not in {None, "en"} and self.models.now() is BASIC:
            raise EngineError(
                "language_not_supported",
                f"The recording is said to be in {order.language!r}, but the basic engine understands English only. "
                "Choose another speech service, or have an administrator set a model for that language.",
            )
        webhook_url = body.get("webhook_url")
        if webhook_url is not None:
            if not isinstance(webhook_url, str):
                raise EngineError("invalid_request", "webhook_url must be an address.")
            check_address(webhook_url, self.config.public_url, what="webhook address")
        upload, source = self._source(body, request)
        echo = {name: body[name] for name in _ECHOED if body.get(name) is not None}
        if upload is not None:
            echo |= {"source_object_id": upload.object_id, "input_object_id": upload.object_id}
            source = upload.spooled
        if source is None:
            raise EngineError("not_uploaded", "The recording has not arrived yet.", status=409)
        job = self.jobs.create(order, source, webhook_url, echo, key, print_)
        if upload is not None:
            self.uploads.take(upload)
        self.pool.submit(job)
        return JSONResponse(_head(job))

    def _source(self, body: dict[str, Any], request: Request) -> tuple[Upload | None, Source | None]:
        """The recording a request names: an upload of ours, or a link that may be followed."""
        url, vault_id, object_id = body.get("audio_url"), body.get("vault_id"), body.get("object_id")
        if isinstance(vault_id, str) and isinstance(object_id, str) and url is None:
            return self._arrived(self.uploads.by_object(vault_id, object_id)), None
        if not isinstance(url, str) or not url:
            raise EngineError("invalid_request", "Name the recording by audio_url, or by vault_id and object_id.")
        own = f"{_base(request)}{_UPLOADS}"
        if url.startswith(own):
            return self._arrived(self.uploads.by_token(url.removeprefix(own))), None
        return None, Link(check_address(url, self.config.public_url, what="audio address"))

    def _arrived(self, upload: Upload) -> Upload:
        if upload.spooled is None:
            raise EngineError(
                "not_uploaded", "The recording has not arrived yet: send it to its upload address first.", status=409
            )
        return upload

    async def retrieve(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["id"])
        head = _head(job) | {"progress": round(job.progress, 3)}
        if job.error is not None:
            head |= {"error": job.error, "code": job.error_code, "retryable": job.retryable}
            return JSONResponse(head)
        if job.answer is None:
            return JSONResponse(head)
        if request.query_params.get("include_text", "true").lower() == "false":
            # For who only wants to know how it stands: everything but the words, and the job is not fetched by it.
            answer = json.loads(job.answer)
            kept = ("word_count", "audio_duration", "confidence", "language_code", "speech_model", "basic_engine")
            return JSONResponse(head | {name: answer[name] for name in kept})
        job.fetched_at = job.fetched_at or time.monotonic()
        # The answer is JSON already (10 MB for seven hours): joined, not parsed.
        return Response(json.dumps(head).encode()[:-1] + b"," + job.answer[1:], media_type="application/json")

    async def delete(self, request: Request) -> Response:
        job = self.jobs.get(request.path_params["id"])
        self.jobs.forget(job)
        self.pool.cancel(job.id)
        return Response(status_code=204)

    # --- uploads ---------------------------------------------------------------------------------------------------

    async def announce(self, request: Request) -> Response:
        """case.dev's `POST /vault/{id}/upload`: where to PUT the recording. Any vault id will do."""
        _object(await _json_bytes(request))
        upload = self.uploads.announce(request.path_params["vault"])
        url = f"{_base(request)}{_UPLOADS}{upload.token}"
        return JSONResponse(
            {
                "objectId": upload.object_id,
                "uploadUrl": url,
                "expiresIn": UPLOAD_KEEP_S,
                "instructions": {"method": "PUT", "note": "Send the recording as the body; that completes it."},
            }
        )

    async def confirm(self, request: Request) -> Response:
        upload = self._arrived(self.uploads.by_object(request.path_params["vault"], request.path_params["object"]))
        assert upload.spooled is not None  # noqa: S101 - said by _arrived
        return JSONResponse({"objectId": upload.object_id, "status": "completed", "sizeBytes": upload.spooled.size})

    async def delete_object(self, request: Request) -> Response:
        self.uploads.forget(self.uploads.by_object(request.path_params["vault"], request.path_params["object"]))
        return Response(status_code=204)

    async def receive(self, request: Request) -> Response:
        """The PUT of an announced upload; its unguessable address is its key."""
        upload = self.uploads.by_token(request.path_params["token"])
        await self._receive(upload, request)
        return Response(status_code=200)

    async def upload(self, request: Request) -> Response:
        """`POST /upload`: the recording as the body, an `upload_url` back that is good as `audio_url`."""
        upload = self.uploads.announce("upload")
        try:
            await self._receive(upload, request)
        except BaseException:
            self.uploads.forget(upload)
            raise
        return JSONResponse(
            {
                "upload_url": f"{_base(request)}{_UPLOADS}{upload.token}",
                "vault_id": upload.vault_id,
                "object_id": upload.object_id,
                "expires_in": UPLOAD_KEEP_S,
            }
        )

    async def _receive(self, upload: Upload, request: Request) -> None:
        if upload.receiving or upload.spooled is not None:
            raise EngineError("already_uploaded", "This upload was sent already; begin a new one.", status=409)
        upload.receiving = True
        if self._spool is None:
            raise EngineError("stopping", "The engine is not running.", status=503, retryable=True)
        writer = await asyncio.to_thread(SpoolWriter, self._spool.path)
        try:
            async for piece in request.stream():
                await asyncio.to_thread(writer.write, piece)
            stated = request.headers.get("content-length")
            if stated is not None and int(stated) != writer.size:
                raise EngineError("cut_off", "The upload ended early. Send it again.", retryable=True)
            if writer.size == 0:
                raise EngineError("empty", "The upload was empty (0 bytes). Choose the recording again.")
            upload.spooled = await asyncio.to_thread(writer.close)
        except ClientDisconnect:
            raise EngineError("cut_off", "The upload was broken off.", retryable=True) from None
        except OSError as error:
            log.error("engine.spool_failed", error=type(error).__name__)
            raise EngineError(
                "no_space", "The engine has no room for this recording at the moment.", status=507, retryable=True
            ) from error
        finally:
            upload.receiving = False
            if upload.spooled is None:
                await asyncio.to_thread(writer.abandon)


def _head(job: Job) -> dict[str, Any]:
    return {"id": job.id, "status": job.status, **job.echo}


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.url.netloc}"


async def _json_bytes(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_JSON:
            raise EngineError("too_large", f"The request has more than {MAX_JSON // 1024} kB.", status=413)
    return bytes(body)


def _object(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise EngineError("invalid_request", "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise EngineError("invalid_request", "The body must be a JSON object.")
    return body


def _problem(code: str, message: str, status: int, *, retryable: bool = False) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    if status == 429:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    if status in {409, 422}:
        headers["x-should-retry"] = "false"  # case.dev's client would send a 409 twice more
    return JSONResponse({"error": message, "message": message, "code": code, "retryable": retryable}, status, headers=headers)


def create_app(config: EngineConfig) -> Starlette:
    """The ASGI application of one engine; its workers live from the application's start to its end."""
    engine = Engine(config)
    expected = f"Bearer {config.api_key}".encode()

    def keyed(handler: Handler) -> Handler:
        async def checked(request: Request) -> Response:
            given = request.headers.get("authorization", "").encode("latin-1", "replace")
            if not hmac.compare_digest(given, expected):
                raise EngineError("AUTH_INVALID", "The API key is missing or wrong.", status=401)
            return await handler(request)

        return checked

    async def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, EngineError)  # noqa: S101 - registered for it
        return _problem(error.code, error.message, error.status, retryable=error.retryable)

    async def http_refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return _problem("not_found" if status == 404 else "http_error", "There is no such address here.", status)

    async def failed(request: Request, error: Exception) -> Response:
        log.error("engine.request_failed", error=type(error).__name__)
        return _problem("internal", "The engine failed. Try again.", 500, retryable=True)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await engine.start()
        try:
            yield
        finally:
            await engine.stop()

    app = Starlette(
        routes=[
            Route("/healthz", engine.health),
            Route("/voice/transcription", keyed(engine.create), methods=["POST"]),
            Route("/voice/transcription/{id}", keyed(engine.retrieve), methods=["GET"]),
            Route("/voice/transcription/{id}", keyed(engine.delete), methods=["DELETE"]),
            Route("/upload", keyed(engine.upload), methods=["POST", "PUT"]),
            Route("/vault/{vault}/upload", keyed(engine.announce), methods=["POST"]),
            Route("/vault/{vault}/upload/{object}/confirm", keyed(engine.confirm), methods=["POST"]),
            Route("/vault/{vault}/objects/{object}", keyed(engine.delete_object), methods=["DELETE"]),
            Route(_UPLOADS + "{token}", engine.receive, methods=["PUT"]),
        ],
        exception_handlers={EngineError: refused, HTTPException: http_refused, Exception: failed},
        lifespan=lifespan,
    )
    app.state.engine = engine
    return app
