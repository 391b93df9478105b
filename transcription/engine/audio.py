"""Decoding in memory: any recording to 16 kHz samples, a block at a time, nothing on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NoReturn

import av
import numpy as np
import numpy.typing as npt

from compliance.media_time import beginning, hole
from transcription.engine.config import GRACE_SECONDS, MAX_SECONDS
from transcription.engine.errors import EngineError

RATE = 16_000
#: Five minutes of 16-bit samples are 10 MB a channel, and progress is seen to move.
BLOCK_SECONDS = 300
#: More channels than a courtroom mixer has are mixed down to one.
MAX_CHANNELS = 8
#: Of the duration the file names, so much may be missing before it is called cut off.
MISSING_SHARE, MISSING_SECONDS = 0.02, 2.0

Samples = npt.NDArray[np.int16]

#: Containers of the formats that are taken. Playlists and the like, which name other files and addresses, are not.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,w64,flac,aac,amr,amrnb,amrwb,avi,asf,aiff,caf,au,mpeg,mpegts,ac3"


def _refuse_to_open(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    """A recording is one file: nothing inside it may make us open another file or address."""
    raise PermissionError("a recording may not refer to other files")


class Recording:
    """An opened recording: what its header says, and its sound in blocks."""

    def __init__(self, container: Any, stream: Any, *, shorter_than_header: bool = False) -> None:
        self._container = container
        self._stream = stream
        self.format: str = container.format.name
        self.codec: str = stream.codec_context.name
        self._source_channels = int(stream.codec_context.channels or 1)
        self.channels = self._source_channels if self._source_channels <= MAX_CHANNELS else 1
        self.stated_seconds = _stated_seconds(container, stream)
        #: Packets that could not be decoded, and samples (per channel) that could.
        self.damaged = 0
        self.samples = 0
        self._shorter_than_header = shorter_than_header
        if self.stated_seconds is not None and self.stated_seconds > MAX_SECONDS + GRACE_SECONDS:
            _too_long(self.stated_seconds)

    @property
    def seconds(self) -> float:
        """How much was decoded so far."""
        return self.samples / RATE

    @property
    def cut_off(self) -> bool:
        """Whether clearly less could be decoded than the file says it holds. Meaningful at the end."""
        if self._shorter_than_header or self.stated_seconds is None:
            return self._shorter_than_header
        return self.stated_seconds - self.seconds > max(MISSING_SECONDS, MISSING_SHARE * self.stated_seconds)

    def blocks(self, seconds: int = BLOCK_SECONDS) -> Iterator[Samples]:
        """The sound as (channels, samples) arrays of `seconds`, the last one shorter.

        Raises `EngineError` `too_long` as soon as more was decoded than is allowed, whatever the header says.
        """
        wanted, held, pieces = seconds * RATE, 0, list[Samples]()
        for piece in self._pieces():
            self.samples += piece.shape[1]
            if self.seconds > MAX_SECONDS + GRACE_SECONDS:
                _too_long(self.stated_seconds or self.seconds)
            pieces.append(piece)
            held += piece.shape[1]
            while held >= wanted:
                joined = np.concatenate(pieces, axis=1)
                yield joined[:, :wanted]
                pieces, held = [joined[:, wanted:]], held - wanted
        if held:
            yield np.concatenate(pieces, axis=1)

    def _pieces(self) -> Iterator[Samples]:
        # More channels stay as they are, whether the file names them or not: what is "the sixth" to FFmpeg it would leave out
        # of a mix. Packed, since PyAV reads beyond the planes of a frame that has eight.
        few = {1: "mono", 2: "stereo"}.get(self._source_channels)
        resampler: Any = None
        shape: tuple[str, str, int] | None = None
        begin = beginning(self._container)
        given = 0
        for frame in self._frames():
            now = (frame.format.name, frame.layout.name, frame.sample_rate)
            if now != shape:
                # The first frame, or a stream that changes its form on the way (broadcast captures do).
                if resampler is not None:
                    for piece in self._resampled(resampler, None):
                        given += piece.shape[1]
                        yield piece
                resampler = av.AudioResampler(format="s16", layout=few or frame.layout, rate=RATE)
                shape = now
            # Filled, so that times stay those of the player, and as the bleeped copy's are.
            gap = min(hole(frame.time, begin, given, RATE), (MAX_SECONDS + 2 * GRACE_SECONDS) * RATE - given)
            while gap > 0:
                silence = np.zeros((self.channels, min(gap, 60 * RATE)), dtype=np.int16)
                gap -= silence.shape[1]
                given += silence.shape[1]
                yield silence
            frame.pts = None
            for piece in self._resampled(resampler, frame):
                given += piece.shape[1]
                yield piece
        if resampler is not None:
            yield from self._resampled(resampler, None)

    def _resampled(self, resampler: Any, frame: Any) -> Iterator[Samples]:
        for resampled in resampler.resample(frame):
            if resampled.samples:
                samples = resampled.to_ndarray().reshape(-1, self._source_channels)
                if self.channels < self._source_channels:
                    samples = samples.mean(axis=1, keepdims=True).astype(np.int16)
                yield np.ascontiguousarray(samples.T)

    def _frames(self) -> Iterator[Any]:
        """Decoded frames; what is damaged is counted and passed over, a file that ends early simply ends."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, EOFError):
                return
            except av.FFmpegError:
                self.damaged += 1
                return
            try:
                frames = packet.decode()
            except (av.FFmpegError, EOFError):
                self.damaged += 1
                continue
            yield from frames


def _stated_seconds(container: Any, stream: Any) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration:
        return float(container.duration / 1_000_000)
    return None


def _riff_cut_off(file: BinaryIO) -> bool:
    """Whether a WAV or AVI file ends before its header says; FFmpeg takes such a file for a shorter one in silence.

    0 and 4 GiB - 1 are what recorders write that stream and cannot come back to the header.
    """
    head = file.read(8)
    length = file.seek(0, 2)
    file.seek(0)
    if len(head) < 8 or head[:4] != b"RIFF":
        return False
    stated = int.from_bytes(head[4:8], "little")
    return stated not in {0, 0xFFFFFFFF} and stated < 0xFFFFF000 and length + 1 < stated + 8


def _too_long(seconds: float) -> NoReturn:
    raise EngineError(
        "too_long",
        f"The recording lasts {clock(seconds)}; at most {clock(MAX_SECONDS)} can be taken. Upload it in parts.",
    )


def clock(seconds: float) -> str:
    """A duration in words: `7 h 3 min`, `4 min 10 s`, `12 s`."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if minutes:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{rest} s"


@contextmanager
def open_recording(file: BinaryIO) -> Iterator[Recording]:
    """Open a seekable file. Raises `EngineError` `not_a_recording` or `no_sound`, naming what was found."""
    shorter = _riff_cut_off(file)
    try:
        container = av.open(
            file, mode="r", metadata_errors="ignore", options={"format_whitelist": _FORMATS}, io_open=_refuse_to_open
        )
    except EngineError:
        raise
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise EngineError(
            "not_a_recording",
            "The file is not a recording that can be read: it is damaged, cut off at its beginning, or something else "
            "with a recording's name. Taken are M4A, MP3, MP4, WAV, FLAC, OGG, Opus, WebM, AMR, MOV, AVI and MKV.",
        ) from error
    with container:
        if not container.streams.audio:
            found = "pictures but no sound" if container.streams.video else "no sound"
            raise EngineError("no_sound", f"The file holds {found}, so there is nothing to transcribe.")
        yield Recording(container, container.streams.audio[0], shorter_than_header=shorter)
