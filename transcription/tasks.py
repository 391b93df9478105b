"""Messages of the queue: ids only. A lost one costs a few seconds, a repeated one does nothing."""

import logging
from uuid import UUID

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from transcription import driving
from transcription.models import Job, Proceeding

log = logging.getLogger(__name__)
# After this the sweeper has sent another one.
EXPIRES_SECONDS = 60


@shared_task(name="transcription.drive", ignore_result=True)  # type: ignore[untyped-decorator]
def drive(job_id: str) -> None:
    driving.drive(UUID(job_id))


def enqueue(job_id: UUID) -> None:
    """Tells the workers when the transaction is committed. A queue that is down is no error: the sweeper finds the row."""

    def send() -> None:
        try:
            drive.apply_async((str(job_id),), expires=EXPIRES_SECONDS, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("queue.down error=%s", type(error).__name__)

    transaction.on_commit(send)


def enqueue_proceeding(proceeding: Proceeding) -> None:
    """Tells the workers of the Proceeding's running Job, if there is one."""
    running = Job.objects.filter(proceeding=proceeding).exclude(state__in=Job.FINAL)
    for job_id in running.values_list("id", flat=True):
        enqueue(job_id)
