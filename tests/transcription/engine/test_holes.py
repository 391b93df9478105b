"""Holes in a recording's clock: the built-in engine, which says when a word was said, and the bleeper, which silences that
time, count them alike."""

import io

import numpy as np
import pytest

from compliance.redaction import SILENCE_PADDING_MS, redact_audio
from tests.notes import loud, made
from transcription.engine.audio import RATE, open_recording

#: (what, holes as (at, seconds) of the clock, how late the sound begins)
HOLES = [
    *((f"one of {seconds} s", ((2.0, seconds),), 0.0) for seconds in (0.04, 0.3, 0.49, 2.0)),
    ("four of 0.12 s", tuple((at, 0.12) for at in (1.6, 2.0, 3.0, 4.0)), 0.0),
    ("thirty of 0.02 s", tuple((1.5 + n / 10, 0.02) for n in range(30)), 0.0),
    ("late sound", (), 0.45),
    ("late sound and a hole", ((3.0, 0.3),), 0.2),
]
KINDS = [("mp4", "aac", "mpeg4", 44_100), ("matroska", "libopus", "", 48_000)]


def heard_by_the_engine(data: bytes) -> list[tuple[int, int]]:
    with open_recording(io.BytesIO(data)) as recording:
        sound = np.abs(np.concatenate(list(recording.blocks()), axis=1)[0].astype(np.float32)) / 32768
    hot = np.flatnonzero(sound > 0.1) * 1000 // RATE
    parts = np.split(hot, np.flatnonzero(np.diff(hot) > 100) + 1)
    return [(int(part[0]), int(part[-1]) + 1) for part in parts if part.size]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind[:2])))
@pytest.mark.parametrize(("holes", "late"), [case[1:] for case in HOLES], ids=[case[0] for case in HOLES])
def test_what_is_silenced_is_what_the_engine_heard(kind, holes, late):
    data = made(*kind, late=late, holes=holes)
    notes = heard_by_the_engine(data)
    assert len(notes) == 3
    whole = loud(redact_audio(io.BytesIO(data), []).whole())
    assert np.abs(np.array(whole) - np.array(notes)).max() < 60
    start, end = notes[1]
    quiet = (start - SILENCE_PADDING_MS, end + SILENCE_PADDING_MS)
    left = loud(redact_audio(io.BytesIO(data), [quiet]).whole())
    assert np.abs(np.array(left) - np.array([whole[0], whole[2]])).max() < 5


def test_the_times_are_those_of_the_player():
    notes = heard_by_the_engine(made("mp4", "aac", "mpeg4", 44_100, holes=((2.0, 0.45), (6.0, 0.3))))
    assert np.abs(np.array(notes) - np.array([(1_000, 1_400), (5_450, 5_850), (9_250, 9_650)])).max() < 60
