"""What the supervisor and its workers say to each other over a pipe."""

from __future__ import annotations

from dataclasses import dataclass

from transcription.engine.order import Order
from transcription.engine.source import Source


@dataclass(frozen=True, slots=True)
class Ears:
    """Which recogniser to use: its module, its model's folder (empty: its own), how people call the model."""

    module: str
    model: str
    label: str


@dataclass(frozen=True, slots=True)
class Task:
    job_id: str
    source: Source
    order: Order
    ears: Ears


@dataclass(frozen=True, slots=True)
class Progressed:
    share: float


@dataclass(frozen=True, slots=True)
class Done:
    """The answer as JSON bytes (a seven-hour one is 10 MB so, ten times that as objects), and this process's memory."""

    answer: bytes
    rss: int


@dataclass(frozen=True, slots=True)
class Failed:
    """A sentence for people; `cause` names the kind and place of an error for the log, without its text."""

    code: str
    message: str
    retryable: bool
    rss: int
    cause: str | None = None


Report = Progressed | Done | Failed
