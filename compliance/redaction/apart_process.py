"""The other process of ``apart``: reads dialogues with recognisers that are not the portal's. Run as a script.

Arguments: the pipe to read, the pipe to write, and as JSON the path of modules, the configuration and the parent's number.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any

# linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


def shut_in(parent: int) -> None:
    """No core, whatever the machine does with them, and no life after the parent's. Raises OSError."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        for option, value in ((PR_SET_PDEATHSIG, signal.SIGKILL), (PR_SET_DUMPABLE, 0)):
            if libc.prctl(option, int(value), 0, 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        sys.exit("The parent is gone.")


def serve(reading: int, writing: int, model: str | None, recogniser_file: str | None) -> None:
    """Loads, says so, and answers until the parent is gone."""
    # Only here: the path of modules is the parent's from now on.
    import pickle  # noqa: PLC0415

    from compliance.redaction.apart import READY, Channel, Ended  # noqa: PLC0415
    from compliance.redaction.detecting import detect_here  # noqa: PLC0415
    from compliance.redaction.detections import DetectionFailed  # noqa: PLC0415
    from compliance.redaction.engine import engine  # noqa: PLC0415

    def failed(failure: DetectionFailed) -> bytes:
        return json.dumps({"failed": [failure.code, str(failure), failure.recogniser]}).encode()

    channel = Channel(reading, writing)
    try:
        try:
            engine(model, recogniser_file)
        except DetectionFailed as failure:
            channel.send(failed(failure))
            return
        channel.send(READY)
        while True:
            dialogue, settings, limit = pickle.loads(channel.receive())  # noqa: S301  # from the process that started this one
            try:
                answer = json.dumps({"found": detect_here(dialogue, settings, limit).to_dict()}).encode()
            except DetectionFailed as failure:
                answer = failed(failure)
            channel.send(answer)
            del dialogue, settings, answer  # nothing of it is kept while the next is waited for
    except Ended:
        return


def main() -> None:
    told: dict[str, Any] = json.loads(sys.argv[3])
    shut_in(told["parent"])
    sys.path[:] = told["path"]
    reading, writing = int(sys.argv[1]), int(sys.argv[2])
    # Nothing that a recogniser starts is to hold the pipes open.
    os.set_inheritable(reading, False)
    os.set_inheritable(writing, False)
    serve(reading, writing, told["model"], told["recogniser_file"])


if __name__ == "__main__":
    main()
