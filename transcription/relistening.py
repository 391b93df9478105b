"""Listening to a bleeped copy again: what a recogniser still hears in it of what must be gone.

Two seconds around the silences are listened to, since a silence that sits in the wrong place leaves the words beside it;
and samples of the rest, nearest to the silences first, since times can be wrong by more. A seven-hour recording must not
be transcribed twice. Pure but for the decoder; nothing is kept.
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
from transcription import drift
from transcription.drift import Timed

RATE: Final = 16_000
# Speech services' word times are wrong by half a second at times; two seconds hold a word on either side.
AROUND_MS: Final = 2_000
# A recogniser takes up to as long as the sound lasts, on one core, and people wait for it: ten minutes around silences
# and two of samples are what a check may cost, however many recordings a copy has and however long they are.
MOST_MS: Final = 600_000
SAMPLED_MS: Final = 120_000
# Beyond the two seconds, words that must be gone are looked for so much farther off.
REACH_MS: Final = 5_000
# A sample that is nowhere near a silence; one shorter than the least gives a recogniser nothing to go by.
SAMPLE_MS: Final = 10_000
LEAST_SAMPLE_MS: Final = 1_000
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
# The words in mono 16 kHz sound, with their times from its beginning.
Hear = Callable[[Sound], Sequence[Timed]]
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """Counts and times only. ``heard``: the places (ms of the whole) with words in them that must be gone, or a silence
    that is not silent; ``beside``: those where open words are said elsewhere than the transcript has them."""

    windows: int
    milliseconds: int
    heard: tuple[tuple[int, int], ...]
    beside: tuple[tuple[int, int], ...] = ()

    @property
    def hits(self) -> int:
        return len({*self.heard, *self.beside})


@dataclass(frozen=True, slots=True)
class _Words:
    """Of one recording, in its own time, sorted: what must be gone, and what lies outside the silences."""

    gone: tuple[Timed, ...]
    left: tuple[Timed, ...]


def windows(silences: Spans, duration: int) -> list[tuple[int, int]]:
    """Where to listen around silences, sorted and disjoint; where that is too much, an even share of it."""
    return _even(_cut(_around(silences, duration), PIECE_MS), MOST_MS)


def samples(silences: Spans, duration: int) -> list[tuple[int, int]]:
    """Where to listen beyond: first where words would be whose times are wrong by some seconds, then anywhere."""
    if not silences:
        return []
    near: list[tuple[int, int]] = []
    far: list[tuple[int, int]] = []
    low = 0
    for start, end in [*_around(silences, duration), (duration, duration)]:
        after = min(start, low + REACH_MS) if low else low
        before = max(after, start - REACH_MS) if start < duration else start
        # Between two silences that are close the two stretches are one.
        near += [(low, start)] if before == after else [(low, after), (before, start)]
        far.append((after, before))
        low = end
    chosen = _even([span for span in near if span[1] - span[0] >= LEAST_SAMPLE_MS], SAMPLED_MS)
    rest = SAMPLED_MS - sum(end - start for start, end in chosen)
    pieces = [span for span in _cut(far, SAMPLE_MS) if span[1] - span[0] >= LEAST_SAMPLE_MS]
    return sorted([*chosen, *_even(pieces, rest)])


def _around(silences: Spans, duration: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(silences):
        low, high = max(0, start - AROUND_MS), min(duration, end + AROUND_MS)
        if low >= high:
            continue
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return merged


def _cut(spans: Spans, piece: int) -> list[tuple[int, int]]:
    return [(low, min(low + piece, end)) for start, end in spans for low in range(start, end, piece)]


def _even(pieces: Spans, most: int) -> list[tuple[int, int]]:
    total = sum(end - start for start, end in pieces)
    chosen: list[tuple[int, int]] = []
    seen = taken = 0
    for start, end in pieces:
        seen += end - start
        # Never more than the share of what was passed so far.
        if total <= most or taken + end - start <= seen * most / total:
            chosen.append((start, end))
            taken += end - start
    return chosen


@dataclass(frozen=True, slots=True)
class Plan:
    """Where to listen, in ms: around the silences, and beyond. Sorted, and no two share anything."""

    around: tuple[tuple[int, int], ...]
    beyond: tuple[tuple[int, int], ...]

    @property
    def milliseconds(self) -> int:
        return sum(end - start for start, end in (*self.around, *self.beyond))

    def within(self, offset: int, duration: int) -> "Plan":
        """What of it lies in one recording, in that recording's own time."""
        around, beyond = (
            tuple((max(start - offset, 0), min(end - offset, duration)) for start, end in spans
                  if start < offset + duration and end > offset)
            for spans in (self.around, self.beyond)
        )  # fmt: skip
        return Plan(around, beyond)


def plan(silences: Spans, duration: int) -> Plan:
    """For the whole of a copy, of however many recordings: what is silent in it, and how long it is."""
    return Plan(tuple(windows(silences, duration)), tuple(samples(silences, duration)))


def check(
    source: BinaryIO,
    dialogue: Dialogue,
    silences: Spans,
    *,
    plan: Plan,
    offset: int,
    hear: Hear,
    listened: Callable[[int], None] = lambda milliseconds: None,
) -> Checked:
    """Listens to ``source``, a copy of the recording that begins at ``offset`` (ms) of the whole.

    ``silences`` and ``plan`` are in the copy's own time, the dialogue's times in that of the whole. ``listened`` is told
    the ms after each place. Raises av.FFmpegError.
    """
    chosen = sorted([*plan.around, *plan.beyond])
    if not chosen:
        return Checked(0, 0, ())
    sampled = frozenset(plan.beyond)
    words = _words(dialogue, silences, offset)
    ordinary = _letters([text for text, _, _ in words.left])
    found: list[tuple[int, int]] = []
    votes: list[drift.Vote] = []
    for (start, end), sound in zip(chosen, _sounds(source, chosen), strict=True):
        reach = AROUND_MS + REACH_MS if (start, end) in sampled else 0
        floats: Sound = sound.astype(np.float32) / np.float32(32768)
        heard = [(text, start + low, start + high) for text, low, high in hear(floats)]
        gone, left = _within(words.gone, start - reach, end + reach), _within(words.left, start, end)
        if _loud(floats, start, silences) or _says(" ".join(text for text, _, _ in heard), gone, left, ordinary):
            found.append((start + offset, end + offset))
        votes += drift.votes(heard, words.left, start - REACH_MS, end + REACH_MS)
        listened(end - start)
    elsewhere = drift.displaced(votes)
    beside = [(start + offset, end + offset) for start, end in chosen if any(start <= at < end for at in elsewhere)]
    return Checked(len(chosen), sum(end - start for start, end in chosen), tuple(found), tuple(beside))


def _words(dialogue: Dialogue, silences: Spans, offset: int) -> _Words:
    gone: list[Timed] = []
    left: list[Timed] = []
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
        if place == len(ordered) or not (ordered[place][0] <= start and end <= ordered[place][1]):
            left.append((text, start, end))
            continue
        low, high = ordered[place]
        # Where the recording begins there is less room for padding.
        if (low == 0 or low + PADDING_MS <= start) and end <= high - PADDING_MS:
            gone.append((text, start, end))
    return _Words(tuple(gone), tuple(left))


def _within(words: Sequence[Timed], low: int, high: int) -> list[str]:
    return [text for text, start, end in words if start < high and low < end]


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
