"""Whether the channels of a recording carry different people, or the same sound twice."""

from __future__ import annotations

from collections.abc import Sequence

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
#: Crosstalk is judged by half seconds: where another channel is at least 6 dB louder and this one is its delayed copy.
CROSSTALK_WINDOW, CROSSTALK_LOUDER, CROSSTALK_ALIKE = RATE // 2, 4.0, 0.5

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


def active_channels(sounds: Sequence[Float]) -> list[int]:
    """The channels in which somebody speaks, in order."""
    speech = [total(speech_in(sound, SPEAKERS)) for sound in sounds]
    least = max(LEAST_SPEECH_S * RATE, LEAST_SHARE * sum(speech))
    return [number for number, spoken in enumerate(speech) if spoken >= least]


def different_channels(sounds: Sequence[Float], active: Sequence[int]) -> list[int]:
    """Those of the active channels that carry people of their own; fewer than two when the channels sound alike."""
    different: list[int] = []
    for channel in active:
        if not any(_alike(sounds[channel], sounds[other]) for other in different):
            different.append(channel)
    return different


def _alike(one: Float, other: Float) -> bool:
    if abs(_correlation(one, other)) >= SAME_WAVE:
        return True
    return _correlation(_envelope(one), _envelope(other)) >= SAME_ENVELOPE


def without_crosstalk(sounds: Sequence[Float]) -> list[Float]:
    """The same channels with those half seconds silenced in which a channel only repeats a louder one.

    A microphone also hears the person at the next one; without this their words would come twice, the second time under
    the wrong name. Only a delayed copy is taken for that: somebody who speaks softly into the other's words is kept.
    """
    cleaned = [sound.copy() for sound in sounds]
    for start in range(0, min(sound.size for sound in sounds), CROSSTALK_WINDOW):
        pieces = [sound[start : start + CROSSTALK_WINDOW] for sound in sounds]
        power = [float(np.mean(piece**2)) + 1e-12 for piece in pieces]
        for number, piece in enumerate(pieces):
            louder = (n for n in range(len(pieces)) if power[n] >= CROSSTALK_LOUDER * power[number])
            if any(_likeness(piece, pieces[other]) >= CROSSTALK_ALIKE for other in louder):
                cleaned[number][start : start + CROSSTALK_WINDOW] = 0
    return cleaned


def _likeness(one: Float, other: Float) -> float:
    """The greatest correlation of two pieces of sound, one delayed against the other by up to 30 ms (10 m of air)."""
    size = 1 << (one.size + other.size).bit_length()
    product = np.fft.irfft(np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size)))
    lags = RATE * 30 // 1000
    near = max(float(np.abs(product[: lags + 1]).max()), float(np.abs(product[-lags:]).max()))
    length = float(np.sqrt(np.sum(one.astype(np.float64) ** 2) * np.sum(other.astype(np.float64) ** 2)))
    return near / length if length > 1e-9 else 0.0
