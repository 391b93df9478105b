"""Where a copy's sound lies: each moment of it at the recording's own time, whatever container it came in."""

import io
from fractions import Fraction
from functools import cache

import av
import numpy as np
import pytest

from compliance.redaction import redact_audio

# (container, sound, picture, sound's rate): every kind of file that is taken.
TAKEN = [
    ("wav", "pcm_s16le", "", 48_000),
    ("wav", "pcm_s16le", "", 8_000),
    ("wav", "pcm_mulaw", "", 8_000),
    ("flac", "flac", "", 44_100),
    ("aiff", "pcm_s16be", "", 44_100),
    ("mp3", "libmp3lame", "", 44_100),
    ("mp3", "libmp3lame", "", 16_000),
    ("ipod", "aac", "", 44_100),
    ("adts", "aac", "", 44_100),
    ("ogg", "libopus", "", 48_000),
    ("webm", "libopus", "", 48_000),
    ("webm", "libopus", "libvpx", 48_000),
    ("matroska", "aac", "libx264", 48_000),
    ("matroska", "pcm_s16le", "", 44_100),
    ("mp4", "aac", "libx264", 44_100),
    ("mov", "pcm_s16le", "mpeg4", 48_000),
    ("mpegts", "aac", "libx264", 44_100),
    ("mpegts", "mp2", "mpeg2video", 48_000),
    ("avi", "libmp3lame", "mpeg4", 44_100),
    ("avi", "mp2", "mpeg4", 44_100),
    ("amr", "libopencore_amrnb", "", 8_000),
]
NAMES = [f"{container}-{sound}-{rate}{'-picture' if picture else ''}" for container, sound, picture, rate in TAKEN]
SECONDS = 10
# A note of its own in each of these: where it begins and ends in the copy says whether the clock is right.
NOTES = ((1.0, 1.4), (5.0, 5.4), (8.5, 8.9))


@cache
def made(container, codec, picture, rate, *, late=0.0, holes=()):
    """A file with notes; ``late``: the sound begins so much after the picture, ``holes``: (at, seconds) of its clock."""
    moments = np.arange(SECONDS * rate) / rate
    samples = np.zeros((1, moments.size), np.float32)
    for start, end in NOTES:
        inside = (moments >= start) & (moments < end)
        samples[0, inside] = 0.5 * np.sin(2 * np.pi * 700 * moments[inside])
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        shown = None
        if picture:
            shown = out.add_stream(picture, rate=25)
            shown.width, shown.height, shown.pix_fmt = 64, 64, "yuv420p"
        heard = out.add_stream(codec, rate=rate, layout="mono")
        if shown:
            for number in range(SECONDS * 25):
                frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number % 255, np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 25)
                out.mux(shown.encode(frame))
            out.mux(shown.encode(None))
        resampler = av.AudioResampler(format=heard.codec_context.format, layout="mono", rate=rate)
        size = heard.codec_context.frame_size or rate // 50
        for place in range(0, moments.size, size):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[:, place : place + size]), "fltp", "mono")
            frame.sample_rate = rate
            later = late + sum(seconds for at, seconds in holes if place >= at * rate)
            for piece in resampler.resample(frame):
                piece.pts, piece.time_base = place + int(later * rate), Fraction(1, rate)
                out.mux(heard.encode(piece))
        out.mux(heard.encode(None))
    return file.getvalue()


def level(data, rate=16_000):
    """The loudness of each ms (the first track, in one channel)."""
    with av.open(io.BytesIO(data)) as media:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        pieces = [p.to_ndarray()[0] for f in media.decode(audio=0) for p in resampler.resample(f)]
        sound = np.abs(np.concatenate([*pieces, *(p.to_ndarray()[0] for p in resampler.resample(None))]))
    return sound[: sound.size // (rate // 1000) * (rate // 1000)].reshape(-1, rate // 1000).max(axis=1)


def loud(data):
    """(start, end) of each note in it, in ms."""
    hot = np.flatnonzero(level(data) > 0.1)
    parts = np.split(hot, np.flatnonzero(np.diff(hot) > 100) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts if part.size]


@pytest.mark.parametrize("kind", TAKEN, ids=NAMES)
def test_a_copy_runs_as_the_recording_does_whatever_it_came_in(kind):
    data = made(*kind)
    copy = redact_audio(io.BytesIO(data), []).whole()
    with av.open(io.BytesIO(copy)) as media:
        track = media.streams.audio[0]
        # A frame of AAC at 8 kHz is 128 ms; codecs add a frame or two of their own at the end.
        assert media.duration / 1_000 == pytest.approx(SECONDS * 1_000, abs=150)
        assert float(track.duration * track.time_base) == pytest.approx(media.duration / 1_000_000, abs=0.01)
        times = [packet.pts * packet.time_base for packet in media.demux(track) if packet.pts is not None]
        assert {round((b - a) * track.rate) for a, b in zip(times, times[1:-1], strict=False)} == {1024}
    # What the source itself decodes to: a codec's own delay (MP3, AMR) is in both.
    source = loud(data)
    assert len(source) == len(NOTES)
    for (start, end), (low, high) in zip(source, loud(copy), strict=True):
        assert abs(start - low) <= 3
        assert abs(end - high) <= 3


@pytest.mark.parametrize("kind", TAKEN, ids=NAMES)
def test_what_is_silenced_is_the_note_that_was_meant(kind):
    data = made(*kind)
    (_, _), (start, end), (_, _) = whole = loud(data)
    copy = redact_audio(io.BytesIO(data), [(start - 40, end + 40)]).whole()
    kept = loud(copy)
    assert len(kept) == 2
    for (low, high), (left, right) in zip((whole[0], whole[2]), kept, strict=True):
        assert abs(low - left) <= 3
        assert abs(high - right) <= 3
