"""The recognisers, found by what lies in this folder: a module with `RECOGNISER` adds one under its `kind`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from transcription.engine.recognisers.base import Recogniser, RecogniserFactory


@cache
def kinds() -> tuple[str, ...]:
    """The modules of this folder that may hold a recogniser, without importing them (their libraries are large)."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(__path__) if m.name != "base"))


def factory(module: str) -> RecogniserFactory:
    """The recogniser of one module. Raises `LookupError` for an unknown name."""
    if module not in kinds():
        raise LookupError(f"there is no recogniser {module}; there are: {', '.join(kinds())}")
    found: RecogniserFactory = importlib.import_module(f"{__name__}.{module}").RECOGNISER
    return found


def make(module: str, *, model: str, label: str, threads: int) -> Recogniser:
    """Load a recogniser. Takes seconds for a large model; raises what its library raises for an unusable one."""
    return factory(module)(model, label, threads)
