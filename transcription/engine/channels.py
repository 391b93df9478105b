"""Whether the channels of a recording carry different people, or the same sound twice."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from transcription.engine.audio import RATE, Samples
from transcription.engine.vad import SPEAKERS, speech_in, total

#: Two channels whose waveforms agree to this degree are one microphone written twice (dual mono).
SAME_WAVE = 0.9
#: Loudness over time: people on their own microphones take turns, two microphones in one room rise and fall together.
SAME_ENVELOPE = 0.6
#: A channel counts when it carries at least this much speech, or this share of all of it.
LEAST_SPEECH_S, LEAST_SHARE = 0.5, 0.05
_FRAME = RATE // 50

Float = npt.NDArray[np.float32]


def as_float(samples: Samples) -> Float:
    """16-bit samples as floats between -1 and 1."""
    return samples.astype(np.float32) / np.float32(32768)


def mix(samples: Samples) -> Float:
    """All channels as one: their mean."""
    if samples.shape[0] == 1:
        return as_float(samples[0])
    mixed: Float = (samples.sum(axis=0, dtype=np.int32) / (32768 * samples.shape[0])).astype(np.float32)
    return mixed


def _envelope(sound: Float) -> Float:
    frames = sound[: sound.size // _FRAME * _FRAME].reshape(-1, _FRAME)
    envelope: Float = np.log10(np.sqrt(np.mean(frames**2, axis=1)) + np.float32(1e-4)).astype(np.float32)
    return envelope


def _correlation(one: Float, other: Float) -> float:
    if one.size < 2 or float(one.std()) < 1e-9 or float(other.std()) < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def active_channels(samples: Samples) -> list[int]:
    """The channels in which somebody speaks, in order."""
    speech = [total(speech_in(as_float(channel), SPEAKERS)) for channel in samples]
    least = max(LEAST_SPEECH_S * RATE, LEAST_SHARE * sum(speech))
    return [number for number, spoken in enumerate(speech) if spoken >= least]


def different_channels(samples: Samples, active: list[int]) -> list[int]:
    """Those of the active channels that carry people of their own; fewer than two when the channels sound alike."""
    different: list[int] = []
    sounds = {number: as_float(samples[number]) for number in active}
    for channel in active:
        if not any(_alike(sounds[channel], sounds[other]) for other in different):
            different.append(channel)
    return different


def _alike(one: Float, other: Float) -> bool:
    if abs(_correlation(one, other)) >= SAME_WAVE:
        return True
    return _correlation(_envelope(one), _envelope(other)) >= SAME_ENVELOPE
