"""The queue. It is a hint: the sweeper drives every row to its end even when every message is lost."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["transcription", "vault", "compliance"])

_sweepers: list[Any] = []


@celeryd_init.connect(weak=False)  # type: ignore[untyped-decorator]
def make_broker_folders(**_: Any) -> None:
    """Before the worker looks into them: somebody may have deleted the embedded queue, which holds hints only."""
    from portal import checks, env  # noqa: PLC0415 - after the settings are there
    from transcription.sweeper import mend_broker  # noqa: PLC0415

    try:
        checks.refuse_unsafe_start()
    except env.BadSetting as error:
        # Celery logs what a receiver raises and goes on; an exit it lets through.
        raise SystemExit(str(error)) from None
    mend_broker()


@worker_ready.connect(weak=False)  # type: ignore[untyped-decorator]
def start_sweeper(**_: Any) -> None:
    """In the worker's main process: a thread beside the pool, so that progress does not hang on the queue."""
    from portal.regular import regular_work  # noqa: PLC0415 - the apps are loaded by now, not when this module is
    from transcription.sweeper import Sweeper  # noqa: PLC0415

    sweeper = Sweeper(regular_work())
    sweeper.start()
    _sweepers.append(sweeper)


@worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
def stop_sweeper(**_: Any) -> None:
    for sweeper in _sweepers:
        sweeper.stop()
    _sweepers.clear()
