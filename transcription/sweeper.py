"""Guarantees progress: looks every few seconds for rows that somebody should work on, whatever became of the queue.

One sweeper at a time holds the database lease ``sweeper``; each worker process tree has a thread that tries to. It only
sends ids to the queue, but does the work itself where nobody took it (a broker that is down, a folder that was deleted).
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from transcription import audio, deletions, driving, jobs, tasks
from transcription.models import Job, Lease

log = logging.getLogger(__name__)
NAME: Final = "sweeper"
# A job this much overdue was taken by nobody: the sweeper takes it.
_OVERDUE: Final = timedelta(seconds=30)
# Rounds a lease outlives: a killed sweeper is replaced after these.
_LEASE_ROUNDS: Final = 4

# What other rooms want to be done regularly: name -> (seconds between, what).
_extra: dict[str, tuple[float, Callable[[], object]]] = {}
_last: dict[str, float] = {}


def register(name: str, seconds: float, work: Callable[[], object]) -> None:
    """Has ``work`` called about every ``seconds`` by the one sweeper. It must be short, and may be called once too often."""
    _extra[name] = (seconds, work)


def hold_lease(name: str, holder: str, seconds: float) -> bool:
    """Takes or renews a named lease; False while somebody else holds it."""
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    with transaction.atomic():
        row, made = Lease.objects.get_or_create(name=name, defaults={"holder": holder, "until": until})
        if made:
            return True
        mine = Lease.objects.filter(name=name, holder=holder) | Lease.objects.filter(name=name, until__lt=now)
        return bool(mine.update(holder=holder, until=until))


def sweep() -> dict[str, int]:
    """One round; how many of each kind were found. Whatever fails is logged by its kind and tried again next round."""
    found: dict[str, int] = {}
    for name, work in (("leases", jobs.free_leases_of_the_dead), ("jobs", _jobs), ("deletions", _deletions), ("sound", _sound)):
        found[name] = _guarded(name, work)
    now = time.monotonic()
    for name, (seconds, extra) in _extra.items():
        if now - _last.get(name, -seconds) >= seconds:
            _last[name] = now
            _guarded(name, lambda extra=extra: extra() and 0 or 0)  # type: ignore[misc]
    return found


def _guarded(name: str, work: Callable[[], int]) -> int:
    try:
        return work()
    except Exception as error:
        log.error("sweep.failed part=%s error=%s", name, type(error).__name__)
        return 0


def _jobs() -> int:
    _mend_broker()
    due = jobs.due()
    for job_id in due:
        tasks.enqueue(job_id)
    late = Job.objects.filter(pk__in=due, due_at__lt=timezone.now() - _OVERDUE).values_list("pk", flat=True).first()
    if late is not None:
        log.warning("sweep.takes_job job=%s", late)
        driving.drive(late)
    return len(due)


def _mend_broker() -> None:
    """The folders of the embedded queue: whoever deleted them lost messages, which are hints only."""
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        for folder in (Path(settings.BROKER_DIR), Path(settings.BROKER_DIR) / "control"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _deletions() -> int:
    rows = deletions.due()
    for row in rows:
        deletions.run(row)
    return len(rows)


def _sound() -> int:
    rows = driving.sound_due()
    for row in rows:
        audio.ensure(row)
    return len(rows)


class Sweeper:
    """The thread in a worker process."""

    def __init__(self, seconds: float | None = None) -> None:
        self._seconds = float(seconds or settings.SWEEP_SECONDS)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                if hold_lease(NAME, jobs.holder(), self._seconds * _LEASE_ROUNDS):
                    sweep()
            except DatabaseError as error:
                log.error("sweeper.database error=%s", type(error).__name__)
            finally:
                # A networked database may have closed it meanwhile; the next round opens a new one.
                connections.close_all()
            self._over.wait(self._seconds)
        Lease.objects.filter(name=NAME, holder=jobs.holder()).update(until=timezone.now())
        connections.close_all()
