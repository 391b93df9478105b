"""Guarantees progress: looks every few seconds for rows that somebody should work on, whatever became of the queue.

One sweeper at a time holds the database lease ``sweeper``; each worker has a thread that tries to. Jobs are sent to the
queue by their ids, and worked on here only where nobody took them (a broker that is down, a folder that was deleted).
Every other kind of work (a *part*) is done here, each in a thread of its own, so that a slow one holds no other up.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from transcription import (
    audio,
    bleep_check,
    checking_again,
    deletions,
    driving,
    fetching,
    intake,
    jobs,
    notices,
    rechecking,
    recounting,
    rereading,
    rerendering,
    second_pass,
    tasks,
)
from transcription.models import Job, Lease

log = logging.getLogger(__name__)
NAME: Final = "sweeper"
# A job this much overdue was taken by nobody: the sweeper takes it.
OVERDUE: Final = timedelta(seconds=30)
# Rounds a lease outlives: a killed sweeper is replaced after these.
_LEASE_ROUNDS: Final = 4


@dataclass
class Part:
    """One kind of regular work: ``work`` is called about every ``seconds``, never twice at once. It may find nothing."""

    name: str
    work: Callable[[], object]
    seconds: float = 0.0
    last: float = field(default=-1e9)
    running: "Future[None] | None" = None


def hold_lease(name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a named lease; False while somebody else holds it."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    with transaction.atomic():
        _, made = Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": until})
        if made:
            return True
        mine = Lease.objects.filter(name=name, holder=holder) | Lease.objects.filter(name=name, until__lt=now)
        return bool(mine.update(holder=holder, until=until))


def send_jobs() -> int:
    """Sends the ids of what is due to the queue; how many."""
    due = jobs.due()
    for job_id in due:
        tasks.enqueue(job_id)
    return len(due)


def drive_late() -> int:
    """Works on a job that nobody took."""
    late = Job.objects.filter(pk__in=jobs.due(), due_at__lt=timezone.now() - OVERDUE).order_by("due_at").first()
    if late is None:
        return 0
    log.warning("sweep.takes_job job=%s", late.pk)
    driving.drive(late.pk)
    return 1


def mend_broker() -> int:
    """The folders of the embedded queue: whoever deleted them lost messages, which are hints only."""
    made = 0
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        for folder in (Path(settings.BROKER_DIR), Path(settings.BROKER_DIR) / "control"):
            made += not folder.is_dir()
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def delete_at_providers() -> int:
    rows = deletions.due()
    for row in rows:
        deletions.run(row)
    return len(rows)


def make_sound() -> int:
    """The sound of Renditions that were opened after their Job was done."""
    rows = driving.sound_due()
    for row in rows:
        try:
            audio.attempt(row)
        except Exception as error:
            # Storage that is down for one vault holds up nobody else's.
            log.error("sweep.sound_failed rendition=%s error=%s", row.pk, type(error).__name__)
    return len(rows)


def check_bleeped() -> int:
    """Bleeped copies of organizations that want them listened to again."""
    rows = bleep_check.due()
    for row in rows:
        bleep_check.run(row)
    return len(rows)


def read_corrected() -> int:
    """The second pass over texts that somebody corrected and nobody has read again yet."""
    rows = second_pass.corrected_due()
    for row in rows:
        second_pass.run(row)
    return len(rows)


def fetch() -> int:
    """Foreign recordings that API clients named by address."""
    return sum(fetching.run(upload_id) for upload_id in fetching.due())


def parts() -> list[Part]:
    """What this room wants done regularly."""
    return [
        Part("broker", mend_broker),
        Part("leases", jobs.free_leases_of_the_dead),
        Part("jobs", send_jobs),
        Part("late", drive_late),
        Part("deletions", delete_at_providers),
        Part("corrected", read_corrected),
        Part("held_again", checking_again.work),
        Part("sound", make_sound),
        Part("bleeped", check_bleeped),
        Part("policies", rerendering.work),
        Part("lists", rechecking.work),
        Part("again", rereading.work),
        Part("doubts", recounting.fill, seconds=30.0),
        *(Part(f"fetching_{lane}", fetch) for lane in range(fetching.LANES)),
        Part("intake", intake.sweep),
        Part("notices_made", notices.create_missing),
        Part("notices_sent", notices.send_due),
    ]


def once(part: Part) -> None:
    """One call; what fails is logged by its kind and tried again next time."""
    try:
        part.work()
    except Exception as error:
        log.error("sweep.failed part=%s error=%s", part.name, type(error).__name__)


def sweep(given: list[Part] | None = None) -> None:
    """One round over all parts, here and now."""
    for part in parts() if given is None else given:
        once(part)


class Sweeper:
    """The thread in a worker process. ``more``: what other rooms want to be done regularly."""

    def __init__(self, more: list[Part] | None = None, seconds: float | None = None) -> None:
        self._seconds = float(seconds or settings.SWEEP_SECONDS)
        self._parts = [*parts(), *(more or [])]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        # A thread for each: however many parts wait for a slow network or a long job, the others run on time.
        self._pool = ThreadPoolExecutor(len(self._parts), thread_name_prefix="sweep")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends after the part that runs; what was cut off is found again by the next sweeper."""
        self._over.set()
        self._thread.join(timeout=10)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                if hold_lease(NAME, jobs.holder(), max(self._seconds * _LEASE_ROUNDS, 5)):
                    self._begin_parts()
            except DatabaseError as error:
                log.error("sweeper.database error=%s", type(error).__name__)
            finally:
                # A networked database may have closed it meanwhile; the next round opens a new one.
                connections.close_all()
            self._over.wait(self._seconds)
        try:
            Lease.objects.filter(name=NAME, holder=jobs.holder()).update(until=timezone.now())
        finally:
            connections.close_all()

    def _begin_parts(self) -> None:
        now = time.monotonic()
        for part in self._parts:
            busy = part.running is not None and not part.running.done()
            if not busy and now - part.last >= part.seconds:
                part.last = now
                part.running = self._pool.submit(_in_thread, part)


def _in_thread(part: Part) -> None:
    try:
        once(part)
    finally:
        connections.close_all()
