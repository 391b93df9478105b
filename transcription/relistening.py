"""Listening to a bleeped copy again: what a recogniser still hears in it of what must be gone.

Only the silences and two seconds around them are listened to: a silence that sits in the wrong place leaves the words
beside it, and a seven-hour recording must not be transcribed twice. Pure but for the decoder; nothing is kept.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import av
import numpy as np
import numpy.typing as npt
from spacy.lang.en.stop_words import STOP_WORDS

from compliance.redaction import SILENCE_PADDING_MS, Dialogue
from compliance.redaction.written import written_digits

RATE: Final = 16_000
# Speech services' word times are wrong by half a second at times; two seconds hold a word on either side.
AROUND_MS: Final = 2_000
# A recogniser takes about as long as the sound lasts, on one core: ten minutes of it are what a check may cost.
MOST_MS: Final = 600_000
# A recogniser takes at most ten minutes at once, and a page full of hidden lines is one long silence.
PIECE_MS: Final = 60_000
# The breath around a hidden word is silent, too; the words in it are not private, and recognisers guess them readily.
PADDING_MS: Final = SILENCE_PADDING_MS
# Of a recogniser's noise, three letters or two digits in a row are found in any sound.
LEAST_LETTERS: Final = 4
LEAST_DIGITS: Final = 3
# What AAC leaves of a silence, and how far from its edges; speech is ten times as loud.
LOUDEST_SILENCE: Final = 0.05
EDGE_MS: Final = 80

Sound = npt.NDArray[np.float32]
Spans = Sequence[tuple[int, int]]
# The words in mono 16 kHz sound.
Hear = Callable[[Sound], str]
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """Counts and times only. ``heard``: the windows (ms of the whole) with words in them that must be gone, or a silence
    that is not silent."""

    windows: int
    milliseconds: int
    heard: tuple[tuple[int, int], ...]

    @property
    def hits(self) -> int:
        return len(self.heard)


def windows(silences: Spans, duration: int) -> list[tuple[int, int]]:
    """Where to listen, sorted and disjoint; where that is too much, an even share of it."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(silences):
        low, high = max(0, start - AROUND_MS), min(duration, end + AROUND_MS)
        if low >= high:
            continue
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    pieces = [
        (low, min(low + PIECE_MS, end)) for start, end in merged for low in range(start, end, PIECE_MS)
    ]  # fmt: skip
    total = sum(end - start for start, end in pieces)
    chosen: list[tuple[int, int]] = []
    seen = taken = 0
    for start, end in pieces:
        seen += end - start
        # Never more than the share of what was passed so far.
        if total <= MOST_MS or taken + end - start <= seen * MOST_MS / total:
            chosen.append((start, end))
            taken += end - start
    return chosen


def check(source: BinaryIO, dialogue: Dialogue, silences: Spans, *, duration: int, offset: int, hear: Hear) -> Checked:
    """Listens to ``source``, a copy of the recording that begins at ``offset`` (ms) of the whole and lasts ``duration``.

    ``silences`` are in the copy's own time, the dialogue's times in that of the whole. Raises av.FFmpegError.
    """
    chosen = windows(silences, duration)
    ordinary = _letters(_said(dialogue, silences, offset, hidden=False))
    found: list[tuple[int, int]] = []
    for (start, end), sound in zip(chosen, _sounds(source, chosen), strict=True):
        gone = _said(dialogue, silences, offset, hidden=True, within=(start, end))
        left = _said(dialogue, silences, offset, hidden=False, within=(start, end))
        floats: Sound = sound.astype(np.float32) / np.float32(32768)
        heard = hear(floats) if gone else ""
        if _loud(floats, start, silences) or _says(heard, gone, left, ordinary):
            found.append((start + offset, end + offset))
    return Checked(len(chosen), sum(end - start for start, end in chosen), tuple(found))


def _said(
    dialogue: Dialogue, silences: Spans, offset: int, *, hidden: bool, within: tuple[int, int] | None = None
) -> list[str]:
    """The words that are hidden, or those that lie outside the silences."""
    said: list[str] = []
    place = 0
    ordered = sorted(silences)
    words = sorted(
        (w.start - offset, w.end - offset, w.text)
        for turn in dialogue.turns
        for w in turn.words
        if w.start is not None and w.end is not None
    )
    for start, end, text in words:
        while place < len(ordered) and ordered[place][1] < start:
            place += 1
        inside = place < len(ordered) and ordered[place][0] <= start and end <= ordered[place][1]
        if hidden and inside:
            low, high = ordered[place]
            # Where the recording begins there is less room for padding.
            inside = (low == 0 or low + PADDING_MS <= start) and end <= high - PADDING_MS
        if inside == hidden and (within is None or (start < within[1] and within[0] < end)):
            said.append(text)
    return said


def _says(heard: str, gone: Sequence[str], left: Sequence[str], ordinary: frozenset[str]) -> bool:
    """Whether a word that must be gone was heard, or digits of it: none that is said openly elsewhere."""
    if (_letters([heard]) & _letters(gone)) - ordinary:
        return True
    digits, open_ = written_digits(" ".join(gone)), written_digits(" ".join(left))
    among = written_digits(heard)
    runs = {digits[n : n + LEAST_DIGITS] for n in range(len(digits) - LEAST_DIGITS + 1)}
    return any(run in among and run not in open_ for run in runs)


def _letters(texts: Sequence[str]) -> frozenset[str]:
    words = (word.lower() for text in texts for word in _WORD.findall(text))
    return frozenset(w for w in words if len(w) >= LEAST_LETTERS and not written_digits(w) and w not in STOP_WORDS)


def _loud(sound: Sound, start: int, silences: Spans) -> bool:
    for low, high in silences:
        first, last = (low + EDGE_MS - start) * RATE // 1000, (high - EDGE_MS - start) * RATE // 1000
        piece = sound[max(0, first) : max(0, last)]
        if piece.size and float(np.abs(piece).max()) > LOUDEST_SILENCE:
            return True
    return False


def _sounds(source: BinaryIO, chosen: Spans) -> list[npt.NDArray[np.int16]]:
    """The windows' sound, mono 16 kHz: the whole is decoded, these are kept (at most 20 MB for ten minutes)."""
    kept = [np.zeros((end - start) * RATE // 1000, dtype=np.int16) for start, end in chosen]
    done = place = 0
    with av.open(source, mode="r") as media:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for piece in _pieces(media, resampler):
            samples = piece.to_ndarray().reshape(-1)
            while place < len(chosen) and chosen[place][1] * RATE // 1000 <= done:
                place += 1
            for number in range(place, len(chosen)):
                begin = chosen[number][0] * RATE // 1000
                if begin >= done + samples.size:
                    break
                low, high = max(begin, done), min(begin + kept[number].size, done + samples.size)
                if low < high:
                    kept[number][low - begin : high - begin] = samples[low - done : high - done]
            done += samples.size
    return kept


def _pieces(media: Any, resampler: Any) -> Any:
    for frame in media.decode(audio=0):
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
