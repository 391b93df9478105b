"""The sound that goes with a Rendition: the recording with silence where it is hidden, as AAC in M4A.

Decoded, silenced and encoded frame by frame in memory: nothing touches a disk, and memory grows by some megabytes an
hour only (where each frame lies). A player needs the index (``moov``; ISO/IEC 14496-12, 8.2) before the sound to know how
long it is and to seek, but it is known only after it: so the sound comes first, and ``head`` gives what goes before it.
Time runs exactly as in the original: gaps in the source become silence.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np
from av.error import FFmpegError

from compliance.media_time import beginning, hole
from compliance.redaction.m4a import MovingHead

# AAC frames are 1,024 samples; speech of one voice is clear at 64 kbit/s.
BITS_PER_SECOND_PER_CHANNEL = 64_000
# AAC's rates (ISO/IEC 14496-3, table 1.18) that speech needs; others are resampled to the nearest above.
RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)


class AudioUnreadable(ValueError):
    """The media has no sound that can be decoded. ``code``: no_audio, damaged."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class RedactedAudio:
    """An M4A in two pieces: iterate over the sound first, then ask for the ``head`` that goes before it.

    Iterating raises AudioUnreadable when there is no sound in the source, also midway: what was yielded before that is not
    a recording and has to be thrown away.
    """

    def __init__(self, source: BinaryIO, silences: Sequence[tuple[int, int]]) -> None:
        self._source = source
        self._silences = silences
        self._sink = MovingHead()

    def __iter__(self) -> Iterator[bytes]:
        try:
            with av.open(self._source, mode="r") as media:
                if not media.streams.audio:
                    raise AudioUnreadable("no_audio", "There is no audio track in this file.")
                yield from _silenced(media, self._silences, self._sink)
                yield self._sink.rest()
        except FFmpegError as error:
            raise AudioUnreadable("damaged", "The sound of this file cannot be decoded.") from error

    def head(self) -> bytes:
        """What goes before the sound. Raises ValueError before the sound came to its end."""
        return self._sink.head()

    def whole(self) -> bytes:
        """All of it, for recordings that fit into memory."""
        body = b"".join(self)
        return self.head() + body


def redact_audio(source: BinaryIO, silences: Sequence[tuple[int, int]]) -> RedactedAudio:
    """An M4A of ``source``'s first audio track, silent over ``silences`` ((start, end) in ms).

    ``source`` is a readable, seekable file-like object.
    """
    return RedactedAudio(source, silences)


def _silenced(media: Any, silences: Sequence[tuple[int, int]], sink: MovingHead) -> Iterator[bytes]:
    track = media.streams.audio[0]
    found = track.codec_context.channels or 1
    # More than two are mixed: each may be one person's microphone, and of what a file calls its sixth, or doesn't name at
    # all, players leave out what they take for the bass.
    channels = found if found <= 2 else 1
    layout = "mono" if channels == 1 else "stereo"
    rate = next((r for r in RATES if r >= (track.codec_context.sample_rate or 0)), RATES[-1])
    if found <= 2:
        resampler = av.AudioResampler(format="fltp", layout=layout, rate=rate)
    else:
        resampler = av.AudioResampler(format="flt", layout=None, rate=rate)
    with av.open(sink, mode="w", format="mp4") as out:
        encoder = out.add_stream("aac", rate=rate, layout=layout)
        encoder.bit_rate = BITS_PER_SECOND_PER_CHANNEL * channels
        written = 0
        cursor = _SilenceCursor(silences, rate)
        # Times in a transcript count from the media's beginning; a hole that was not filled would have everything after it
        # silenced too late.
        begin = beginning(media)
        for frame in media.decode(track):
            for block in _zeros(hole(frame.time, begin, written, rate), layout, rate):
                written = _encode(out, encoder, block, written)
                yield from sink.drain()
            for piece in _mixed(resampler.resample(frame), found):
                cursor.apply(piece, written)
                written = _encode(out, encoder, piece, written)
            yield from sink.drain()
        for piece in _mixed(resampler.resample(None), found):
            cursor.apply(piece, written)
            written = _encode(out, encoder, piece, written)
        if written == 0:
            raise AudioUnreadable("no_audio", "There is no sound in this file.")
        out.mux(encoder.encode(None))


def _mixed(pieces: Iterable[Any], channels: int) -> Iterator[Any]:
    """More than two channels as their mean."""
    for piece in pieces:
        if channels <= 2:
            yield piece
            continue
        mean = piece.to_ndarray().reshape(-1, channels).mean(axis=1, dtype=np.float32)
        mono = av.AudioFrame.from_ndarray(mean[np.newaxis], format="fltp", layout="mono")
        mono.sample_rate = piece.sample_rate
        yield mono


def _encode(out: Any, encoder: Any, frame: Any, written: int) -> int:
    # Never the source's clock, which the frame still carries: the encoder has none of its own before the first frame, and
    # would take milliseconds or MPEG's 90,000 a second for its samples.
    frame.pts, frame.time_base = written, Fraction(1, encoder.codec_context.sample_rate)
    out.mux(encoder.encode(frame))
    return written + int(frame.samples)


def _zeros(samples: int, layout: str, rate: int) -> Iterator[Any]:
    while samples > 0:
        size = min(samples, rate)
        frame = av.AudioFrame(format="fltp", layout=layout, samples=size)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = rate
        yield frame
        samples -= size


class _SilenceCursor:
    """Zeroes what lies in the silences. They and the frames both come in order, so each silence is looked at once."""

    def __init__(self, silences: Sequence[tuple[int, int]], rate: int) -> None:
        # Outwards to whole samples: start down, end up.
        self._spans = deque(sorted((s * rate // 1000, -(-e * rate // 1000)) for s, e in silences if e > s))

    def apply(self, frame: Any, first: int) -> None:
        last = first + frame.samples
        while self._spans and self._spans[0][1] <= first:
            self._spans.popleft()
        for start, end in self._spans:
            if start >= last:
                break
            low, high = max(start, first) - first, min(end, last) - first
            for plane in frame.planes:
                samples = np.frombuffer(plane, dtype=np.float32)
                samples = samples.copy()
                samples[low:high] = 0.0
                plane.update(samples.tobytes())
