"""Who speaks when, from voices alone: windows are clustered, then every 20 ms of speech takes the likeliest speaker."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

from transcription.engine.audio import RATE
from transcription.engine.vad import SPEAKERS, Span, speech_in
from transcription.engine.voices import Float, embed, level_gain, windows_in

#: Ward's method needs the distance of every pair: 4,000 windows are 64 MB, all windows of seven hours 20 GB.
MOST_CLUSTERED = 4000
#: Labels are decided for steps of 20 ms.
STEP = RATE // 50
MOST_SPEAKERS = 10
#: A difference of cosines of this size makes the better speaker e times as likely.
SOFTNESS = 0.05
#: When the number is guessed: cosines of the centroids above which two voices are one, for two and for more people.
#: One person's halves are at 0.86-0.97 on the clips this was tried on (0.82 once), two people's at 0.57-0.84.
ALIKE_TWO, ALIKE_MORE = 0.85, 0.80
#: A guessed speaker needs this many windows (about a second of speech); fewer are a cough or a door.
FEWEST_WINDOWS = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody speaks from `start` to `end` (ms); `speaker` counts from 0 in order of appearance."""

    start: int
    end: int
    speaker: int


@dataclass(frozen=True, slots=True)
class Speakers:
    """The answer: turns in order, how many people there are, and whether that number was a guess."""

    turns: list[Turn]
    count: int
    guessed: bool
    _steps: npt.NDArray[np.int64]
    _labels: npt.NDArray[np.int16]
    _certainty: Float

    def of(self, start_ms: int, end_ms: int) -> tuple[int, float]:
        """Who speaks most between two times, and how certain that is (0..1); the nearest speech where nobody does."""
        first, last = start_ms * RATE // 1000 // STEP, max(start_ms + 1, end_ms) * RATE // 1000 // STEP
        low, high = np.searchsorted(self._steps, first), np.searchsorted(self._steps, last + 1)
        if low == high:
            around = [n for n in (low - 1, high) if 0 <= n < len(self._steps)]
            if not around:
                return 0, 0.0
            nearest = min(around, key=lambda n: abs(int(self._steps[n]) - first))
            low, high = nearest, nearest + 1
        labels = self._labels[low:high]
        speaker = int(np.bincount(labels).argmax())
        mine = labels == speaker
        return speaker, float(self._certainty[low:high][mine].mean() * mine.mean())


class VoiceCollector:
    """Gathers the voices of a recording block by block (1 kB a window, 70 MB for seven hours without a pause)."""

    def __init__(self) -> None:
        self._starts: list[npt.NDArray[np.int64]] = []
        self._lengths: list[npt.NDArray[np.int64]] = []
        self._vectors: list[Float] = []
        self._spans: list[Span] = []

    def add(self, sound: Float, offset: int) -> list[Span]:
        """Take a block that begins `offset` samples into the recording; gives its speech, in the block's samples."""
        spans = speech_in(sound, SPEAKERS)
        windows = windows_in(spans, sound.size)
        self._vectors.append(embed(sound, windows, level_gain(sound)))
        self._starts.append(np.array([w.start + offset for w in windows], dtype=np.int64))
        self._lengths.append(np.array([w.end - w.start for w in windows], dtype=np.int64))
        self._spans += [Span(span.start + offset, span.end + offset) for span in spans]
        return spans

    def speakers(self, expected: int | None) -> Speakers:
        """Tell the voices apart: into `expected` speakers, or into a guessed number where that is None."""
        vectors = np.concatenate(self._vectors) if self._vectors else np.zeros((0, 256), np.float32)
        if not len(vectors):
            nobody = np.zeros(0, dtype=np.int64)
            return Speakers([], 0, expected is None, nobody, nobody.astype(np.int16), nobody.astype(np.float32))
        labels, centroids, centred = cluster(vectors, expected)
        scores = centred @ centroids.T
        return self._label(scores, guessed=expected is None)

    def _label(self, scores: Float, *, guessed: bool) -> Speakers:
        """Give every step of speech the speaker whose windows around it, weighted towards their middle, score best."""
        starts, lengths = np.concatenate(self._starts), np.concatenate(self._lengths)
        steps: list[npt.NDArray[np.int64]] = []
        labels: list[npt.NDArray[np.int16]] = []
        certainty: list[Float] = []
        for span in self._spans:
            first, last = span.start // STEP, max(span.start // STEP + 1, span.end // STEP)
            # Windows are in order of their start, and none is longer than 1.2 s.
            near = np.arange(np.searchsorted(starts, span.start - 2 * RATE), np.searchsorted(starts, span.end, side="right"))
            sums = np.full((last - first, scores.shape[1]), 1e-9, dtype=np.float64)
            weight = np.full(last - first, 1e-9, dtype=np.float64)
            for number in near:
                begin, length = starts[number] / STEP - first, lengths[number] / STEP
                low, high = max(0, int(np.ceil(begin))), min(last - first, int(begin + length) + 1)
                if low >= high:
                    continue
                hann = np.sin(np.pi * (np.arange(low, high) + 0.5 - begin) / (length + 1)) ** 2 + 1e-3
                sums[low:high] += hann[:, None] * scores[number]
                weight[low:high] += hann
            mean = sums / weight[:, None]
            steps.append(np.arange(first, last))
            labels.append(mean.argmax(axis=1).astype(np.int16))
            likely = np.exp((mean - mean.max(axis=1, keepdims=True)) / SOFTNESS)
            certainty.append((1 / likely.sum(axis=1)).astype(np.float32))
        all_steps, first_seen = np.unique(np.concatenate(steps), return_index=True)
        all_labels = np.concatenate(labels)[first_seen]
        # Letters go by who speaks first.
        order = list(dict.fromkeys(all_labels.tolist()))
        renamed = np.zeros(scores.shape[1], dtype=np.int16)
        renamed[order] = np.arange(len(order), dtype=np.int16)
        all_labels = renamed[all_labels]
        return Speakers(
            _turns(all_steps, all_labels),
            len(order),
            guessed,
            all_steps,
            all_labels,
            np.concatenate(certainty)[first_seen],
        )


def cluster(vectors: Float, expected: int | None) -> tuple[npt.NDArray[np.int64], Float, Float]:
    """Ward clustering of at most 4,000 of the vectors (evenly spread over the recording).

    Gives the label of each clustered vector, one unit centroid a speaker, and all vectors as they were compared.
    """
    count = min(expected or 0, MOST_SPEAKERS, len(vectors))
    # Two voices part better around their common middle; with three and more the middle is one of them.
    centred = vectors - vectors.mean(axis=0) if count in (0, 2) else vectors
    centred = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
    chosen = np.unique(np.linspace(0, len(vectors) - 1, min(len(vectors), MOST_CLUSTERED)).astype(int))
    sample = centred[chosen]
    if count == 0:
        count = guess_count(vectors[chosen])
        if count != 2:
            sample = vectors[chosen]
            centred = vectors
    if count <= 1 or len(sample) < 2:
        labels = np.zeros(len(sample), dtype=np.int64)
    else:
        labels = fcluster(linkage(sample, method="ward"), t=count, criterion="maxclust").astype(np.int64) - 1
    centroids = np.stack([sample[labels == label].mean(axis=0) for label in range(int(labels.max()) + 1)])
    centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-6)
    return labels, centroids.astype(np.float32), centred.astype(np.float32)


def guess_count(vectors: Float) -> int:
    """How many voices there are, where nobody said: a guess, and marked as one.

    As many clusters as stay apart: the likest two of them may not come closer than the limits above. Two are believed
    sooner than three, because taking one person for two is mended in the reader by one act, the other way round not.
    """
    count = 1
    tree = linkage(vectors, method="ward") if len(vectors) > 2 * FEWEST_WINDOWS else None
    while tree is not None and count < MOST_SPEAKERS:
        labels = fcluster(tree, t=count + 1, criterion="maxclust") - 1
        if labels.max() < count or np.bincount(labels).min() < FEWEST_WINDOWS:
            break
        centroids = np.stack([vectors[labels == label].mean(axis=0) for label in range(count + 1)])
        centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-6)
        likeness = centroids @ centroids.T - 2 * np.eye(count + 1)
        if likeness.max() > (ALIKE_TWO if count == 1 else ALIKE_MORE):
            break
        count += 1
    return count


def _turns(steps: npt.NDArray[np.int64], labels: npt.NDArray[np.int16]) -> list[Turn]:
    if not len(steps):
        return []
    breaks = np.flatnonzero((np.diff(steps) > 1) | (np.diff(labels) != 0)) + 1
    milliseconds = STEP * 1000 // RATE
    turns = []
    for low, high in zip([0, *breaks.tolist()], [*breaks.tolist(), len(steps)], strict=True):
        turns.append(Turn(int(steps[low]) * milliseconds, (int(steps[high - 1]) + 1) * milliseconds, int(labels[low])))
    return turns
