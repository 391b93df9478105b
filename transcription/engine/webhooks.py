"""Telling the portal that a job has ended: signed, tried again with growing waits, never believed to have arrived."""

from __future__ import annotations

import asyncio
import json
import secrets
import time

import httpx
import structlog

from transcription.engine.jobs import Job
from transcription.signatures import sign_body, standard_headers

log = structlog.get_logger(__name__)

#: Waits before the attempts. Whoever missed all of them finds the result by polling.
SCHEDULE_S = (0.0, 5.0, 30.0, 120.0, 600.0)
TIMEOUT_S = 15.0
#: The protocol's webhook carries the text; a long one is left out, for bodies have limits and the answer is fetched.
MOST_TEXT_BYTES = 64 * 1024


def body_of(job: Job) -> bytes:
    """`{transcript_id, status, text, audio_duration, confidence}` and, where it failed, `error`."""
    told: dict[str, object] = {"transcript_id": job.id, "status": job.status}
    if job.answer is not None:
        answer = json.loads(job.answer)
        fits = len(answer["text"].encode()) <= MOST_TEXT_BYTES
        told |= {
            "text": answer["text"] if fits else None,
            "audio_duration": answer["audio_duration"],
            "confidence": answer["confidence"],
        }
    if job.error is not None:
        told |= {"error": job.error, "code": job.error_code}
    return json.dumps(told, separators=(",", ":")).encode()


class Webhooks:
    """Sends in the background; `stop` gives up what has not arrived."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False, timeout=TIMEOUT_S)
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, job: Job) -> None:
        if job.webhook_url is None:
            return
        task = asyncio.create_task(self._send(job.id, job.webhook_url, body_of(job)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def _send(self, job_id: str, url: str, body: bytes) -> None:
        message_id = f"msg_{secrets.token_hex(12)}"  # the same for all attempts: the receiver counts them as one
        for wait in SCHEDULE_S:
            await asyncio.sleep(wait)
            now = int(time.time())
            headers = {
                "Content-Type": "application/json",
                "X-Signature": sign_body(self._secret, body),
                **standard_headers([self._secret], message_id, now, body),
            }
            try:
                status = (await self._client.post(url, content=body, headers=headers)).status_code
            except httpx.HTTPError as error:
                log.warning("engine.webhook_failed", job=job_id, error=type(error).__name__)
                continue
            if 200 <= status < 300:
                return
            log.warning("engine.webhook_refused", job=job_id, status=status)
            if 400 <= status < 500 and status not in {408, 425, 429}:
                return  # the receiver has understood and does not want it
