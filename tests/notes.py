"""Recordings of a few notes whose times are known, in any container, with holes in its clock or late sound if need be."""

import io
from fractions import Fraction
from functools import cache

import av
import numpy as np

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
