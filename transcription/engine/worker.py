"""The worker process: recordings in, answers out, over one pipe. It serves no network and writes nothing to disk."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import threading
import time
from multiprocessing.connection import Connection
from typing import BinaryIO

import psutil

from transcription.engine.errors import EngineError
from transcription.engine.messages import Done, Ears, Failed, Progressed, Task
from transcription.engine.recognisers import make
from transcription.engine.recognisers.base import Recogniser
from transcription.engine.source import open_source
from transcription.engine.transcribe import transcribe

#: Progress is told at most this often; the supervisor only needs to see that it moves.
PROGRESS_EVERY_S = 0.5


def main(pipe: Connection, threads: int) -> None:
    """Serve tasks until the pipe closes or the parent is gone."""
    # A core dump would hold speech in clear.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches the whole process group: the parent decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    loaded: tuple[Ears, Recogniser] | None = None
    while True:
        try:
            task: Task = pipe.recv()
        except EOFError:
            return
        report, loaded = _work(task, loaded, threads, pipe)
        pipe.send(report)


def _end_with_parent() -> None:
    """A killed engine must not leave workers behind that hold recordings in memory."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(
    task: Task, loaded: tuple[Ears, Recogniser] | None, threads: int, pipe: Connection
) -> tuple[Done | Failed, tuple[Ears, Recogniser] | None]:
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= PROGRESS_EVERY_S:
            told = time.monotonic()
            pipe.send(Progressed(min(0.99, share)))

    file: BinaryIO | None = None
    try:
        if loaded is None or loaded[0] != task.ears:
            loaded = None  # free the old model before the new one is loaded
            loaded = (task.ears, _load(task.ears, threads))
        file = open_source(task.source)
        answer = transcribe(file, task.order, loaded[1], progress)
        return Done(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(), _rss()), loaded
    except EngineError as error:
        return Failed(error.code, error.message, error.retryable, _rss()), loaded
    except OSError as error:
        message = "The recording could not be read to its end: the connection to it was lost. Try again."
        return Failed("read_failed", message, True, _rss(), type(error).__name__), loaded
    except MemoryError:
        return Failed("no_memory", "The machine has too little memory for this recording.", True, _rss()), None
    except Exception as error:
        # Only the kind and place of the error: its text could hold words of the recording.
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        place = f"{os.path.basename(at.tb_frame.f_code.co_filename)}:{at.tb_lineno}" if at else "?"
        message = "The engine failed while it worked on this recording. Try again; if it fails again, tell support."
        return Failed("internal", message, True, _rss(), f"{type(error).__name__} at {place}"), loaded
    finally:
        if file is not None:
            file.close()


def _load(ears: Ears, threads: int) -> Recogniser:
    try:
        return make(ears.module, model=ears.model, label=ears.label, threads=threads)
    except (RuntimeError, ValueError, OSError) as error:
        raise EngineError(
            "model_unusable",
            f"The speech model {ears.label} cannot be loaded. An administrator must fetch it again or choose another.",
            retryable=True,
        ) from error


def _rss() -> int:
    return int(psutil.Process().memory_info().rss)
