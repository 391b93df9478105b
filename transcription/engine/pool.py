"""Supervises the worker processes: one job each, replaced when they die, hang, or have grown too large."""

from __future__ import annotations

import asyncio
import importlib
import multiprocessing
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import structlog

from transcription.engine.config import MAX_ATTEMPTS, RECYCLE_BYTES, STALL_S
from transcription.engine.jobs import Job, JobStore
from transcription.engine.messages import Done, Ears, Failed, Progressed, Report, Task

log = structlog.get_logger(__name__)

#: A worker told to stop gets this long before it is killed: it holds nothing that could be lost.
STOP_S = 3.0

_spawn = multiprocessing.get_context("spawn")


class _Slot:
    """A place for one worker process."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self.job_id: str | None = None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def ready(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.end(kill=True)
            ours, theirs = _spawn.Pipe()
            self._process = _spawn.Process(target=_work_in_child, args=(theirs, self._threads), daemon=True)
            self._process.start()
            theirs.close()
            self._pipe = ours
        return self._pipe

    def end(self, *, kill: bool) -> None:
        if self._process is not None:
            if kill:
                self._process.kill()
            else:
                self._process.terminate()
            self._process.join(STOP_S)
            if self._process.is_alive():
                self._process.kill()
                self._process.join(STOP_S)
            self._process = None
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    def kill(self) -> None:
        """End whatever the process does, now; who waits on its pipe sees the end."""
        if self._process is not None:
            self._process.kill()


class Pool:
    """`submit` queues a job; `on_end` is awaited when it is completed or has failed for good."""

    def __init__(
        self,
        jobs: JobStore,
        ears: Callable[[Job], Ears],
        on_end: Callable[[Job], Awaitable[None]],
        *,
        workers: int,
        threads: int,
    ) -> None:
        self._jobs = jobs
        self._ears = ears
        self._on_end = on_end
        self._slots = [_Slot(threads) for _ in range(workers)]
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._executor = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="engine-pipe")
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._serve(slot)) for slot in self._slots]

    async def stop(self) -> None:
        """End all workers. Jobs that run are lost with the engine: their owners find 404 and send them again."""
        for task in self._tasks:
            task.cancel()
        for slot in self._slots:
            slot.kill()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._executor.shutdown(wait=True)
        for slot in self._slots:
            slot.end(kill=True)

    def submit(self, job: Job) -> None:
        self._queue.put_nowait(job.id)

    def cancel(self, job_id: str) -> None:
        """Stop working on a job that was forgotten."""
        for slot in self._slots:
            if slot.job_id == job_id:
                slot.kill()

    def pids(self) -> dict[str, int]:
        """The processes at work, by job."""
        return {slot.job_id: slot.pid for slot in self._slots if slot.job_id is not None and slot.pid is not None}

    async def _serve(self, slot: _Slot) -> None:
        while True:
            job = self._jobs.peek(await self._queue.get())
            if job is None or job.source is None:
                continue  # deleted while it waited
            slot.job_id = job.id
            try:
                await self._run(slot, job)
            finally:
                slot.job_id = None

    async def _run(self, slot: _Slot, job: Job) -> None:
        loop = asyncio.get_running_loop()
        job.status, job.attempts = "processing", job.attempts + 1
        began = time.monotonic()
        report: Report | None
        try:
            pipe = await loop.run_in_executor(self._executor, slot.ready)
            if job.source is None:
                return
            pipe.send(Task(job.id, job.source, job.order, self._ears(job)))
            while isinstance(report := await loop.run_in_executor(self._executor, _receive, pipe), Progressed):
                job.progress = max(job.progress, report.share)
        except (EOFError, OSError):
            report = None  # the process died
        if report is None:
            await loop.run_in_executor(self._executor, lambda: slot.end(kill=True))
        elif report.rss > RECYCLE_BYTES:
            log.info("engine.worker_recycled", bytes=report.rss)
            await loop.run_in_executor(self._executor, lambda: slot.end(kill=False))
        if self._jobs.peek(job.id) is None:
            return  # deleted while it ran
        if report is None and job.attempts < MAX_ATTEMPTS:
            log.warning("engine.worker_died", job=job.id, attempt=job.attempts)
            job.status, job.progress = "queued", 0.0
            self._queue.put_nowait(job.id)
            return
        self._finish(job, report)
        seconds = round(time.monotonic() - began, 1)
        log.info("engine.job_ended", job=job.id, status=job.status, seconds=seconds)
        await self._on_end(job)

    def _finish(self, job: Job, report: Report | None) -> None:
        if isinstance(report, Done):
            job.answer, job.status, job.progress = report.answer, "completed", 1.0
        else:
            job.status = "error"
            if isinstance(report, Failed):
                log.warning("engine.job_failed", job=job.id, code=report.code, error=report.cause)
                job.error, job.error_code, job.retryable = report.message, report.code, report.retryable
            else:
                job.error_code, job.retryable = "worker_died", True
                job.error = (
                    "The engine stopped twice while it worked on this recording. The recording may be damaged or the "
                    "machine may have too little memory. Try again, or choose another speech service."
                )
        job.ended_at = time.monotonic()
        self._jobs.release(job)


def _receive(pipe: Connection) -> Report | None:
    """The next report; None when the worker says nothing for too long. Raises `EOFError` when it died."""
    if not pipe.poll(STALL_S):
        log.error("engine.worker_hangs", seconds=STALL_S)
        return None
    report: Report = pipe.recv()
    return report


def _work_in_child(pipe: Connection, threads: int) -> None:
    # By name: the recognisers' libraries (300 MB) are loaded in the worker, not in the process that serves HTTP.
    importlib.import_module("transcription.engine.worker").main(pipe, threads)
