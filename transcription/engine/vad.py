"""Where somebody speaks: Silero's detector, which faster-whisper carries in its wheel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcription.engine.audio import RATE

Sound = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of sound, in samples at 16 kHz; the end is exclusive."""

    start: int
    end: int


#: For recognition: certain speech, with room around it, in pieces no recogniser chokes on.
HEARING = VadOptions(
    threshold=0.5, min_silence_duration_ms=500, speech_pad_ms=200, min_speech_duration_ms=100, max_speech_duration_s=30
)
#: For telling speakers apart: three times as sensitive, because speech missed here is a speaker missed.
SPEAKERS = VadOptions(threshold=0.2, min_silence_duration_ms=400, speech_pad_ms=100, min_speech_duration_ms=100)

#: Words may reach this far beyond detected speech; further out they were made up.
TOLERANCE = RATE // 4


def speech_in(sound: Sound, options: VadOptions) -> list[Span]:
    """The stretches of speech in mono 16 kHz sound, in order."""
    if sound.size == 0:
        return []
    return [Span(int(s["start"]), int(s["end"])) for s in get_speech_timestamps(sound, options, RATE)]


def total(spans: Sequence[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def touches_speech(start: int, end: int, spans: Sequence[Span]) -> bool:
    """Whether any part of start..end (samples) lies in speech or within the tolerance around it."""
    return any(span.start - TOLERANCE < end and start < span.end + TOLERANCE for span in spans)


def place_to_cut(length: int, channels: Sequence[Sequence[Span]], *, within: int) -> int:
    """Where to end a block of `length` samples so that nobody is cut off in speech, at most `within` before its end.

    `length` itself where everybody speaks on for longer than that.
    """
    cut = length
    moved = True
    while moved:
        moved = False
        for spans in channels:
            for span in spans:
                if span.start < cut <= span.end + RATE // 4 and span.start < cut:
                    cut, moved = span.start, True
    return cut if cut >= max(1, length - within) else length
