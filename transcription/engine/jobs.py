"""Jobs and uploads, in memory only: what is forgotten here is gone."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from transcription.engine.config import FETCHED_KEEP_S, MAX_QUEUED, RESULT_KEEP_S, RETRY_AFTER_S, UPLOAD_KEEP_S
from transcription.engine.errors import EngineError
from transcription.engine.order import Order
from transcription.engine.source import Source
from transcription.engine.spool import Spooled


@dataclass(slots=True)
class Job:
    """One transcription. `status` is `queued processing completed error`."""

    id: str
    order: Order
    source: Source | None = field(repr=False)
    webhook_url: str | None = field(repr=False)
    #: What is answered beside id and status: the request's own fields, so that they can be seen again.
    echo: dict[str, Any] = field(repr=False)
    status: str = "queued"
    progress: float = 0.0
    attempts: int = 0
    answer: bytes | None = field(default=None, repr=False)
    error: str | None = None
    error_code: str | None = None
    retryable: bool = False
    ended_at: float | None = None
    fetched_at: float | None = None
    idempotency_key: str | None = None


@dataclass(slots=True)
class Upload:
    """A recording on its way in: announced (`spooled` None), then received."""

    token: str = field(repr=False)
    object_id: str
    vault_id: str
    spooled: Spooled | None = None
    receiving: bool = False
    created_at: float = field(default_factory=time.monotonic)


class JobStore:
    """All jobs of this engine. Used from one event loop only."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._by_key: dict[str, tuple[str, bytes]] = {}

    def create(
        self,
        order: Order,
        source: Source,
        webhook_url: str | None,
        echo: dict[str, Any],
        key: str | None,
        print_: bytes,
    ) -> Job:
        """A new queued job. Raises `EngineError` `busy` (429) when too many wait."""
        if self.count("queued") >= MAX_QUEUED:
            raise busy()
        job = Job(f"tr_{secrets.token_hex(12)}", order, source, webhook_url, echo, idempotency_key=key)
        self._jobs[job.id] = job
        if key is not None:
            self._by_key[key] = (job.id, print_)
        return job

    def adopted(self, key: str, print_: bytes) -> Job | None:
        """The job that an earlier request with the same Idempotency-Key made. Raises 422 where the request differs."""
        known = self._by_key.get(key)
        if known is None:
            return None
        if known[1] != print_:
            raise EngineError("idempotency_key_reused", "This Idempotency-Key was used with another request.", status=422)
        return self._jobs.get(known[0])

    def get(self, job_id: str) -> Job:
        """Raises `EngineError` `not_found` (404): never known, deleted, forgotten, or from before a restart."""
        job = self._jobs.get(job_id)
        if job is None:
            raise EngineError("not_found", "This engine knows no such transcription.", status=404)
        return job

    def peek(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def count(self, status: str) -> int:
        return sum(job.status == status for job in self._jobs.values())

    def forget(self, job: Job) -> None:
        """Drop everything about a job."""
        self._jobs.pop(job.id, None)
        if job.idempotency_key is not None:
            self._by_key.pop(job.idempotency_key, None)
        self.release(job)
        job.answer = None

    def release(self, job: Job) -> None:
        """Drop a job's recording; its answer stays."""
        if isinstance(job.source, Spooled):
            job.source.path.unlink(missing_ok=True)
        job.source = None

    def sweep(self) -> int:
        """Forget what was fetched a while ago or never will be; gives how many."""
        now = time.monotonic()
        stale = [
            job
            for job in self._jobs.values()
            if (job.fetched_at is not None and now - job.fetched_at > FETCHED_KEEP_S)
            or (job.ended_at is not None and now - job.ended_at > RESULT_KEEP_S)
        ]
        for job in stale:
            self.forget(job)
        return len(stale)

    def all(self) -> list[Job]:
        return list(self._jobs.values())


class UploadStore:
    """Recordings that were sent to the engine and not yet asked to be transcribed."""

    def __init__(self) -> None:
        self._by_token: dict[str, Upload] = {}

    def announce(self, vault_id: str) -> Upload:
        if len(self._by_token) >= MAX_QUEUED:
            raise busy()
        upload = Upload(secrets.token_urlsafe(32), f"obj_{secrets.token_hex(12)}", vault_id)
        self._by_token[upload.token] = upload
        return upload

    def by_token(self, token: str) -> Upload:
        upload = self._by_token.get(token)
        if upload is None:
            raise EngineError("not_found", "This upload address is not known, was used, or has expired.", status=404)
        return upload

    def by_object(self, vault_id: str, object_id: str) -> Upload:
        for upload in self._by_token.values():
            if upload.object_id == object_id and upload.vault_id == vault_id:
                return upload
        raise EngineError("not_found", "This engine holds no such object.", status=404)

    def take(self, upload: Upload) -> Spooled:
        """Hand the recording over to a job; the upload is forgotten. Raises 409 when it has not arrived."""
        if upload.spooled is None:
            raise EngineError(
                "not_uploaded", "The recording has not arrived yet: send it to its upload address first.", status=409
            )
        del self._by_token[upload.token]
        return upload.spooled

    def forget(self, upload: Upload) -> None:
        self._by_token.pop(upload.token, None)
        if upload.spooled is not None:
            upload.spooled.path.unlink(missing_ok=True)

    def sweep(self) -> None:
        now = time.monotonic()
        for upload in list(self._by_token.values()):
            if not upload.receiving and now - upload.created_at > UPLOAD_KEEP_S:
                self.forget(upload)

    def clear(self) -> None:
        for upload in list(self._by_token.values()):
            self.forget(upload)


def busy() -> EngineError:
    """429, with Retry-After set by the application."""
    return EngineError(
        "busy",
        f"{MAX_QUEUED} recordings wait already. Try again in {RETRY_AFTER_S} seconds.",
        status=429,
        retryable=True,
    )
