"""A microphone a channel: whatever number of them, named or not, each is heard by the engine and in the bleeped copy."""

import io
import wave

import av
import numpy as np
import pytest

from compliance.redaction import redact_audio
from transcription import preflight
from transcription.engine.audio import RATE, open_recording

#: Layouts that a file names; a WAV by `wave` names none.
WAVS = [("wav", "pcm_s16le", name) for name in ("3.0", "quad", "4.0", "5.1", "6.1", "7.1")]


def tones(channels: int) -> np.ndarray:
    """Two seconds; 200 Hz in the first, 300 Hz in the second, and so on."""
    moments = np.arange(2 * RATE) / RATE
    return np.stack([np.sin(2 * np.pi * (200 + 100 * c) * moments) * 12_000 for c in range(channels)]).astype("<i2")


def plain(channels: int) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.ascontiguousarray(tones(channels).T).tobytes())
    return file.getvalue()


def named(container: str, codec: str, layout: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=RATE, layout=layout)
        sound = tones(av.AudioLayout(layout).nb_channels)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound.T).reshape(1, -1), format="s16", layout=layout)
        frame.sample_rate = RATE
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=RATE)
        for piece in resampler.resample(frame):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return file.getvalue()


def strengths(sound: np.ndarray, channels: int) -> list[float]:
    """How strong each channel's tone is in one second of sound."""
    spectrum = np.abs(np.fft.rfft(sound[RATE // 4 : RATE // 4 + RATE].astype(np.float64))) * 2 / RATE
    return [float(spectrum[200 + 100 * c]) for c in range(channels)]


def check(data: bytes, channels: int) -> None:
    assert preflight.probe(io.BytesIO(data), len(data)).channels == channels
    with open_recording(io.BytesIO(data)) as recording:
        heard = np.concatenate(list(recording.blocks()), axis=1)
    if channels <= 8:
        assert heard.shape[0] == channels
        for number, side in enumerate(heard):
            assert int(np.argmax(strengths(side, channels))) == number
    else:
        assert heard.shape[0] == 1
        assert min(strengths(heard[0], channels)) > 12_000 / channels * 0.9
    copy = redact_audio(io.BytesIO(data), [(1_500, 1_800)]).whole()
    with av.open(io.BytesIO(copy)) as media:
        sound = np.concatenate([frame.to_ndarray() for frame in media.decode(audio=0)], axis=1)
        assert media.duration / 1_000_000 == pytest.approx(2, abs=0.15)
    assert sound.shape[0] == 1
    assert min(strengths(sound[0], channels)) > 12_000 / 32_768 / channels * 0.7
    assert np.abs(sound[:, int(1.55 * RATE) : int(1.75 * RATE)]).max() < 0.02


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8, 10])
def test_channels_without_names(channels: int) -> None:
    check(plain(channels), channels)


@pytest.mark.parametrize(("container", "codec", "layout"), [*WAVS, ("flac", "flac", "7.1")])
def test_channels_with_names(container: str, codec: str, layout: str) -> None:
    check(named(container, codec, layout), av.AudioLayout(layout).nb_channels)
