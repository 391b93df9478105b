"""What the engine asks of a recogniser, whatever it is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from transcription.engine.vad import Sound, Span


@dataclass(frozen=True, slots=True)
class Heard:
    """One word: times in ms from the beginning of the sound, confidence 0..1."""

    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the request says about the words: language as two letters (None: find out), names to expect."""

    language: str | None = None
    word_boost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard in one sound, in order, and in which language."""

    words: list[Heard]
    language: str


class Recogniser(Protocol):
    """Turns speech into words with times. One instance serves one worker process, job after job."""

    #: How requests and settings name this kind.
    kind: ClassVar[str]
    #: A basic engine's words are a draft only: pages and exports say so.
    basic: ClassVar[bool]

    @property
    def name(self) -> str:
        """The model as people are told it."""

    @property
    def languages(self) -> frozenset[str]:
        """Two-letter codes of what it understands."""

    @property
    def takes_word_boost(self) -> bool:
        """Whether `word_boost` has any effect."""

    def hear(self, sound: Sound, speech: Sequence[Span], wanted: Wanted, progress: Callable[[float], None]) -> Hearing:
        """The words in mono 16 kHz sound of at most 10 minutes, `speech` being where somebody speaks.

        Calls `progress` with the share done (0..1) after every step of at most 30 s of sound.
        """


class RecogniserFactory(Protocol):
    """How a recogniser is made: `model` is a folder, or empty for one that carries its own."""

    kind: ClassVar[str]
    basic: ClassVar[bool]

    def __call__(self, model: str, label: str, threads: int) -> Recogniser: ...
