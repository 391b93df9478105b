"""What a recording is, found out from its decrypted bytes before anything is sent anywhere.

Every refusal names the figure that was found and the limit. Nothing is decoded but the first seconds and, for the
waveform, the loudness over the whole length; memory stays flat.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

import av
import numpy as np
from av.error import FFmpegError

from transcription import problems
from transcription.providers.base import Limits

# Enough for a waveform as wide as a screen.
PEAKS: Final = 1200
# A file shorter than this holds no word.
MIN_MS: Final = 100
_PEAK_RATE: Final = 8000
# So much must decode, or the file is damaged from the beginning.
_TRIAL_FRAMES: Final = 5
_CONTAINER_LABELS: Final = {"mov": "MOV/MP4", "matroska": "Matroska/WebM"}
# Demuxers that make "sound" of any bytes or of pictures and texts: what only they take is no recording.
_NOT_MEDIA: Final = frozenset(
    {"ass", "bmp_pipe", "ffmetadata", "gif", "ico", "image2", "jpeg_pipe", "png_pipe", "srt", "tty", "webvtt"}
)
# Formats whose headers say exactly how long they are. Sound that ends this much earlier was cut off.
_EXACT: Final = frozenset({"aiff", "flac", "matroska", "mov", "wav"})
# How the formats that are taken begin: such a file that cannot be opened is damaged, others are no recordings.
_MAGIC: Final = re.compile(
    rb"RIFF....(WAVE|AVI )|OggS|fLaC|ID3|\x1aE\xdf\xa3|....ftyp|....(moov|mdat|wide|free)|#!AMR|FORM....AIF", re.DOTALL
)
_HEAD_BYTES: Final = 64 * 1024
_CUT_OFF_MS: Final = 2000
_CUT_OFF_SHARE: Final = 0.02


class MediaRefused(ValueError):
    """``code`` and ``facts`` (found, limit: figures and format names) as in ``transcription.problems``."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Probe:
    """``container`` and ``codec`` as FFmpeg names them; ``peaks`` 0..100, evenly over the whole length."""

    media: str
    container: str
    codec: str
    duration_ms: int
    channels: int
    sample_rate: int
    peaks: list[int] = field(repr=False, default_factory=list)


def probe(source: BinaryIO, size: int, *, alive: Callable[[], None] | None = None) -> Probe:
    """Format, length, channels and loudness of a seekable file. Raises MediaRefused.

    The length is what really decodes: a header may lie, and a file that was cut off has less than it says. ``alive`` is
    called now and then.
    """
    if size == 0:
        raise MediaRefused("empty_file", found="0 bytes")
    head = source.read(_HEAD_BYTES)
    source.seek(0)
    try:
        with av.open(source, mode="r") as media:
            if media.format.name.split(",")[0] in _NOT_MEDIA:
                raise MediaRefused("not_media")
            if not media.streams.audio:
                raise MediaRefused("no_audio" if media.streams.video else "not_media")
            return _decode(media, _wav_ms(head), alive)
    except FFmpegError:
        raise MediaRefused("damaged" if _MAGIC.match(head) else "not_media") from None
    except (UnicodeDecodeError, ValueError) as error:
        if isinstance(error, MediaRefused):
            raise
        raise MediaRefused("damaged") from None


def _decode(media: Any, announced_ms: int, alive: Callable[[], None] | None) -> Probe:
    track = media.streams.audio[0]
    resampler = av.AudioResampler(format="s16", layout="mono", rate=_PEAK_RATE)
    meter = _Meter()
    frames, end = 0, 0.0
    origin = (media.start_time or 0) / av.time_base
    try:
        for frame in media.decode(track):
            frames += 1
            if frame.time is not None and frame.sample_rate:
                end = max(end, frame.time - origin + frame.samples / frame.sample_rate)
            for piece in resampler.resample(frame):
                meter.add(piece.to_ndarray()[0])
            if alive is not None and frames % 2000 == 0:
                alive()
    except FFmpegError:
        # A broken end is common (a recorder that lost power): what came before it is kept and transcribed.
        if frames < _TRIAL_FRAMES:
            raise MediaRefused("damaged") from None
    heard = max(end, meter.samples / _PEAK_RATE)
    duration = round(heard * 1000)
    if frames == 0 and (track.duration or 0) == 0:
        raise MediaRefused("no_duration", found="0 s", limit=problems.duration(MIN_MS))
    if frames == 0:
        raise MediaRefused("damaged")
    if duration < MIN_MS:
        raise MediaRefused("no_duration", found=problems.duration(duration), limit=problems.duration(MIN_MS))
    said = announced_ms or _announced_ms(media, track)
    if media.format.name.split(",")[0] in _EXACT and said - duration > max(_CUT_OFF_MS, said * _CUT_OFF_SHARE):
        raise MediaRefused("cut_off", found=problems.duration(duration), limit=problems.duration(said))
    context = track.codec_context
    pictures = [v for v in media.streams.video if not int(v.disposition) & int(av.stream.Disposition.attached_pic)]
    return Probe(
        media="video" if pictures else "audio",
        container=media.format.name.split(",")[0][:40],
        codec=str(context.name)[:40],
        duration_ms=duration,
        channels=int(context.channels or 1),
        sample_rate=int(context.sample_rate or 0),
        peaks=meter.peaks(),
    )


def _announced_ms(media: Any, track: Any) -> int:
    """What the header says; 0 where it says nothing."""
    if track.duration is not None and track.time_base is not None:
        return round(float(track.duration * track.time_base) * 1000)
    return round((media.duration or 0) * 1000 / av.time_base)


def _wav_ms(head: bytes) -> int:
    """What a WAV file's own header says (FFmpeg believes the file's size instead); 0 for others and where it is open."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return 0
    place, byte_rate = 12, 0
    while place + 8 <= len(head):
        name, size = head[place : place + 4], int.from_bytes(head[place + 4 : place + 8], "little")
        if name == b"fmt ":
            byte_rate = int.from_bytes(head[place + 16 : place + 20], "little")
        elif name == b"data":
            # Programs that cannot go back to the header leave the greatest number (or nothing) there.
            return round(size * 1000 / byte_rate) if byte_rate and 0 < size < 0x7FFF0000 else 0
        place += 8 + size + size % 2
    return 0


class _Meter:
    """Peaks of a signal of unknown length: two cells become one whenever there are too many."""

    def __init__(self) -> None:
        self.samples = 0
        self._per_cell = _PEAK_RATE // 50
        self._cells: list[int] = []
        self._rest = np.empty(0, dtype=np.int16)

    def add(self, block: Any) -> None:
        self.samples += len(block)
        data = np.concatenate([self._rest, block]) if len(self._rest) else block
        whole = len(data) // self._per_cell * self._per_cell
        if whole:
            cells = np.abs(data[:whole].astype(np.int32)).reshape(-1, self._per_cell).max(axis=1)
            self._cells.extend(int(c) for c in cells)
        self._rest = data[whole:].copy()
        while len(self._cells) >= 2 * PEAKS:
            if len(self._cells) % 2:
                # Cells are joined in pairs only; the odd one waits with the samples to come, as silence cannot be heard.
                self._cells.append(self._cells[-1])
            self._cells = [max(a, b) for a, b in zip(self._cells[::2], self._cells[1::2], strict=True)]
            self._per_cell *= 2
            self._rest = self._rest[: self._per_cell]

    def peaks(self) -> list[int]:
        cells = self._cells or [int(np.abs(self._rest.astype(np.int32)).max()) if len(self._rest) else 0]
        return [min(100, round(c * 100 / 32768)) for c in cells]


def fit(found: Probe, size: int, limits: Limits) -> None:
    """Whether a provider takes such a recording. Raises MediaRefused."""
    if size > limits.max_bytes:
        raise MediaRefused("too_large", found=problems.size(size), limit=problems.size(limits.max_bytes))
    if found.duration_ms > limits.max_ms:
        raise MediaRefused(
            "too_long", found=problems.duration(found.duration_ms), limit=problems.duration(limits.max_ms)
        )  # fmt: skip
    if found.channels > limits.max_channels:
        raise MediaRefused("too_many_channels", found=found.channels, limit=limits.max_channels)
    if found.container not in limits.containers:
        label = _CONTAINER_LABELS.get(found.container, found.container.upper())
        raise MediaRefused("format_not_taken", found=label)


def size_facts(found: int, limit: int) -> dict[str, str]:
    return {"found": problems.size(found), "limit": problems.size(limit)}
