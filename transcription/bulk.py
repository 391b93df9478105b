"""Building a long transcript in memory: hundreds of thousands of small objects at once.

Python's cycle collector walks all of them again and again while they are made, which takes five times as long as making
them. None of them is part of a cycle, so it waits until they are there. Counted, since threads do this side by side.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_depth = 0
_was_enabled = False


@contextmanager
def building() -> Iterator[None]:
    """No cycle collection within; also a decorator. Keep it short: seconds, no waiting for networks or locks."""
    global _depth, _was_enabled
    with _lock:
        if _depth == 0:
            _was_enabled = gc.isenabled()
            gc.disable()
        _depth += 1
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0 and _was_enabled:
                gc.enable()
