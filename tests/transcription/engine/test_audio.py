"""Decoding: every format that is taken, clocks that jump, files that refer elsewhere."""

import io
import wave

import av
import numpy as np
import pytest

from transcription.engine.audio import RATE, clock, open_recording
from transcription.engine.errors import EngineError

from .conftest import SPEECH

#: container, codec, rate, extra
FORMATS = [
    ("mp4", "aac", 44_100),  # M4A, MP4
    ("mov", "aac", 48_000),
    ("mp3", "libmp3lame", 44_100),
    ("wav", "pcm_s16le", 8_000),
    ("wav", "pcm_f32le", 48_000),
    ("wav", "pcm_mulaw", 8_000),
    ("flac", "flac", 48_000),
    ("ogg", "libopus", 48_000),
    ("webm", "libopus", 48_000),
    ("matroska", "aac", 44_100),
    ("avi", "libmp3lame", 44_100),
    ("amr", "libopencore_amrnb", 8_000),
    ("aiff", "pcm_s16be", 44_100),
]


def tone(seconds: float, hertz: float = 440.0, rate: int = RATE) -> np.ndarray:
    return (np.sin(np.arange(int(seconds * rate)) * 2 * np.pi * hertz / rate) * 12_000).astype(np.int16)


def encoded(samples: np.ndarray, container_name: str, codec: str, rate: int) -> bytes:
    """Mono samples at 16 kHz as a file."""
    target = io.BytesIO()
    with av.open(target, "w", format=container_name) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = RATE
        for out in [*resampler.resample(frame), *resampler.resample(None)]:
            for packet in stream.encode(out):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return target.getvalue()


def with_a_pause(samples: np.ndarray, at: float, seconds: float) -> bytes:
    """The same as PCM in Matroska, whose clock jumps ahead by `seconds` when `at` seconds were written."""
    target = io.BytesIO()
    with av.open(target, "w", format="matroska") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for start in range(0, samples.size, RATE // 10):
            frame = av.AudioFrame.from_ndarray(samples[np.newaxis, start : start + RATE // 10], "s16", "mono")
            frame.sample_rate = RATE
            frame.pts = start + (int(seconds * RATE) if start >= at * RATE else 0)
            for packet in stream.encode(frame):
                container.mux(packet)
    return target.getvalue()


def decoded(data: bytes) -> tuple[np.ndarray, object]:
    with open_recording(io.BytesIO(data)) as recording:
        return np.concatenate(list(recording.blocks(1)), axis=1), recording


@pytest.mark.parametrize(("container", "codec", "rate"), FORMATS, ids=[f"{c}-{k}" for c, k, _ in FORMATS])
def test_every_format_that_is_taken_comes_out_as_the_same_sound(container, codec, rate):
    samples, _ = decoded(encoded(tone(3.0), container, codec, rate))
    assert samples.shape[0] == 1
    assert samples.shape[1] / RATE == pytest.approx(3.0, abs=0.12)
    spectrum = np.abs(np.fft.rfft(samples[0, RATE : 2 * RATE]))
    assert int(spectrum.argmax()) == pytest.approx(440, abs=2)


def test_a_pause_in_the_recording_keeps_its_length():
    """A recorder that was paused writes a jump of the clock; the player shows it, so times must count it."""
    samples, recording = decoded(with_a_pause(tone(4.0), at=2.0, seconds=2.0))
    assert recording.seconds == pytest.approx(6.0, abs=0.15)
    loud = [bool(np.abs(samples[0, int(at * RATE) : int((at + 0.2) * RATE)]).max() > 3000) for at in (1, 3, 5)]
    assert loud == [True, False, True]


def test_blocks_are_as_long_as_asked_for_and_lose_nothing():
    with (SPEECH / "jfk.wav").open("rb") as file, open_recording(file) as recording:
        blocks = list(recording.blocks(4))
    assert [block.shape[1] for block in blocks] == [4 * RATE, 4 * RATE, 3 * RATE]
    with wave.open(str(SPEECH / "jfk.wav")) as original:
        expected = np.frombuffer(original.readframes(original.getnframes()), np.int16)
    np.testing.assert_array_equal(np.concatenate(blocks, axis=1)[0], expected)


def test_more_channels_than_a_mixer_has_are_mixed_down():
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(12)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.repeat(tone(0.5)[:, None], 12, axis=1).tobytes())
    samples, recording = decoded(target.getvalue())
    assert (samples.shape[0], recording.channels) == (1, 1)


def test_damage_in_the_middle_is_passed_over():
    data = bytearray(encoded(tone(8.0), "mp3", "libmp3lame", 44_100))
    middle = len(data) // 2
    data[middle : middle + 600] = b"\x55" * 600
    samples, _ = decoded(bytes(data))
    assert samples.shape[1] / RATE > 7.5


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize(("container", "codec"), [("ogg", "libopus"), ("matroska", "aac"), ("flac", "flac")])
def test_a_file_cut_off_anywhere_decodes_as_far_as_it_goes(container, codec, cut):
    data = encoded(tone(6.0), container, codec, 48_000)
    samples, _ = decoded(data[: int(len(data) * cut)])
    assert 0.5 * cut * 6 < samples.shape[1] / RATE < 6.2


def test_an_mp4_cut_off_before_its_index_says_what_it_is():
    data = encoded(tone(6.0), "mp4", "aac", 48_000)
    with pytest.raises(EngineError) as caught:
        decoded(data[: len(data) // 2])
    assert caught.value.code == "not_a_recording"


@pytest.mark.parametrize(
    ("seconds", "words"), [(12.4, "12 s"), (60, "1 min"), (250, "4 min 10 s"), (7 * 3600, "7 h"), (25_380, "7 h 3 min")]
)
def test_durations_in_words(seconds, words):
    assert clock(seconds) == words
