"""The pass in a process of its own, where recognisers or models take part that are not the portal's.

Python's ``re`` holds the interpreter while it matches: a thread that hangs in it stops every other thread, and nothing in the
process can end it. A process can be ended. One is kept, with its model loaded, and serves one pass at a time; it is told of
the dialogue through a pipe and answers through another, in memory only. It has the parent's environment, folder and path,
dies with the parent, writes no core and says nothing. A pass that is not done in time is ended with its process; one whose
process dies is made once more, then given up: never is an answer that was not given taken for "nothing found".
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from compliance.redaction.detections import DETECTION_FAILURES, DetectionFailed, Detections
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.foreign import ENTRY_POINTS

# To start, and to load the model and the recognisers: those of others may bring models of their own.
LOAD_SECONDS: Final = 120.0
# The process watches its own time and says why it has none left; so much later it is taken for hanging.
ANSWER_SECONDS: Final = 2.0
ATTEMPTS: Final = 2
READY: Final = b"ready"
_SCRIPT: Final = Path(__file__).with_name("apart_process.py")
_LENGTH: Final = struct.Struct("!Q")
_PIECE: Final = 1 << 20


class Ended(Exception):
    """The other side of a channel is gone."""


class Channel:
    """Messages of bytes over two pipes. Deadlines are of ``time.monotonic``, None: wait for ever.

    Raises Ended, and TimeoutError when the deadline passes, in the midst of a message, too.
    """

    def __init__(self, reading: int, writing: int) -> None:
        self.reading, self.writing = reading, writing
        for end in (reading, writing):
            os.set_blocking(end, False)

    def send(self, message: bytes, deadline: float | None = None) -> None:
        left = memoryview(_LENGTH.pack(len(message)) + message)
        while left:
            _wait(self.writing, select.POLLOUT, deadline)
            try:
                left = left[os.write(self.writing, left[:_PIECE]) :]
            except BlockingIOError:
                continue
            except OSError:
                raise Ended from None

    def receive(self, deadline: float | None = None) -> bytes:
        (length,) = _LENGTH.unpack(self._read(_LENGTH.size, deadline))
        return self._read(length, deadline)

    def _read(self, length: int, deadline: float | None) -> bytes:
        read = bytearray()
        while len(read) < length:
            _wait(self.reading, select.POLLIN, deadline)
            try:
                piece = os.read(self.reading, min(_PIECE, length - len(read)))
            except BlockingIOError:
                continue
            except OSError:
                raise Ended from None
            if not piece:
                raise Ended
            read += piece
        return bytes(read)

    def close(self) -> None:
        for end in (self.reading, self.writing):
            with contextlib.suppress(OSError):
                os.close(end)


def _wait(end: int, event: int, deadline: float | None) -> None:
    """Until ``end`` can be read or written, or will say that it cannot."""
    poll = select.poll()
    poll.register(end, event)
    if not poll.poll(None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError


class Process:
    """The other process, started. ``key``: what it is for."""

    def __init__(self, key: tuple[Any, ...], model: str | None, recogniser_file: str | None) -> None:
        self.key = key
        self.loaded = False
        theirs, ours = os.pipe(), os.pipe()
        self.channel = Channel(ours[0], theirs[1])
        wanted = {"path": list(map(str, sys.path)), "model": model, "recogniser_file": recogniser_file, "parent": os.getpid()}
        self._command = [sys.executable, "-P", str(_SCRIPT), str(theirs[0]), str(ours[1]), json.dumps(wanted)]
        self._given = (theirs[0], ours[1])
        outcome: list[subprocess.Popen[bytes] | Exception] = []
        started = threading.Event()
        # Linux ends it when the *thread* that started it ends, so that one stays for as long as the process does.
        threading.Thread(target=self._start, args=(outcome, started), name="second-pass-process", daemon=True).start()
        started.wait()
        for end in self._given:
            os.close(end)
        made = outcome[0]
        if isinstance(made, Exception):
            self.channel.close()
            raise made
        self._popen = made

    def _start(self, outcome: list[subprocess.Popen[bytes] | Exception], started: threading.Event) -> None:
        try:
            # What others print might be what they read: it must not end in our logs. In a session of its own, so that what
            # it starts ends with it.
            made = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                pass_fds=self._given, start_new_session=True,
            )  # fmt: skip
        except Exception as error:
            outcome.append(error)
            started.set()
            return
        outcome.append(made)
        started.set()
        made.wait()

    def load(self) -> None:
        """Waits until it has loaded. Raises DetectionFailed (configuration), Ended, TimeoutError."""
        if self.loaded:
            return
        said = self.channel.receive(time.monotonic() + LOAD_SECONDS)
        if said != READY:
            raise _failure(json.loads(said))
        self.loaded = True

    def ask(self, request: bytes, deadline: float) -> Detections:
        """Raises DetectionFailed, Ended, TimeoutError, and what reading an answer that is none raises."""
        self.channel.send(request, deadline)
        said = json.loads(self.channel.receive(deadline))
        if "failed" in said:
            raise _failure(said)
        return Detections.from_dict(said["found"])

    def end(self) -> None:
        """Ends it and what it has started, now."""
        if self._popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        self.channel.close()


def _failure(said: Any) -> DetectionFailed:
    code, message, recogniser = said["failed"]
    return DetectionFailed(code if code in DETECTION_FAILURES else "recogniser_failed", str(message), recogniser)


_lock = threading.Lock()
_kept: list[Process] = []  # one at most: the others were started because it was busy


def needed(model: str | None, recogniser_file: str | None) -> bool:
    """Whether code that is not the portal's reads the dialogue: recognisers of a file or of packages, another model."""
    ours = model is None or model.startswith("blank:")
    return recogniser_file is not None or not ours or _offered(tuple(sys.path))


@lru_cache(maxsize=4)
def _offered(path: tuple[str, ...]) -> bool:
    return bool(metadata.entry_points(group=ENTRY_POINTS))


def detect(dialogue: Dialogue, settings: Any, limit: float, *, model: str | None, recogniser_file: str | None) -> Detections:
    """``detecting.detect_here`` in the other process. ``settings`` is handed on; ``limit`` in seconds, loading apart.

    Raises DetectionFailed.
    """
    key = (model, recogniser_file, *sys.path)
    left = limit
    for attempt in range(ATTEMPTS):
        process = _take(key, model, recogniser_file)
        began = None
        try:
            process.load()
            began = time.monotonic()
            found = process.ask(pickle.dumps((dialogue, settings, left)), began + left + ANSWER_SECONDS)
        except Ended:
            process.end()
            if began is not None:
                left = max(0.0, left - (time.monotonic() - began))
            if attempt + 1 < ATTEMPTS:
                continue
            raise DetectionFailed("recogniser_failed", "The process of the recognisers ended before the pass did.") from None
        except TimeoutError:
            process.end()
            if began is None:
                raise DetectionFailed("time_limit", f"Recognisers were not loaded within {LOAD_SECONDS:.0f} s.") from None
            raise DetectionFailed("time_limit", f"The second pass took longer than {limit:.0f} s.") from None
        except DetectionFailed:
            # Said by itself, so it goes on; but for one that could not load.
            _keep(process) if process.loaded else process.end()
            raise
        except (ValueError, KeyError, TypeError):
            process.end()
            raise DetectionFailed("recogniser_failed", "The process of the recognisers gave an answer that is none.") from None
        except BaseException:
            process.end()
            raise
        _keep(process)
        return found
    raise AssertionError("every attempt returns or raises")


def _take(key: tuple[Any, ...], model: str | None, recogniser_file: str | None) -> Process:
    """The kept process, if it is for this and idle, else a new one. Raises DetectionFailed where none can be started."""
    with _lock:
        process = _kept.pop() if _kept else None
    if process is not None:
        if process.key == key:
            return process
        process.end()
    try:
        return Process(key, model, recogniser_file)
    except OSError as error:
        raise DetectionFailed("recogniser_failed", f"A process for the recognisers cannot be started ({type(error).__name__}).") from error


def _keep(process: Process) -> None:
    with _lock:
        if not _kept:
            _kept.append(process)
            return
    process.end()


def end_all() -> None:
    """Ends the kept process; the next pass starts a new one, which reads its configuration anew."""
    with _lock:
        ended, _kept[:] = list(_kept), []
    for process in ended:
        process.end()


def _after_fork() -> None:
    """It belongs to the parent, which goes on talking to it."""
    global _lock
    _lock = threading.Lock()
    for process in _kept:
        process.channel.close()
    _kept.clear()


os.register_at_fork(after_in_child=_after_fork)
