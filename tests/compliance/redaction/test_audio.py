"""The sound of a Rendition: as long as the original, silent where it is hidden, elsewhere as it was."""

import io
import tracemalloc
import wave

import av
import numpy as np
import pytest

from compliance.redaction import END_OF_MEDIA_MS, AudioUnreadable, redact_audio
from compliance.redaction.m4a import MovingHead

RATE = 16_000


def _tone(seconds, channels=1):
    time = np.arange(int(seconds * RATE)) / RATE
    sides = [np.sin(2 * np.pi * (300 + 200 * c) * time) * 12_000 for c in range(channels)]
    data = np.stack(sides, axis=1).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(data.tobytes())
    file.seek(0)
    return file


def _decoded(data):
    with av.open(io.BytesIO(data)) as media:
        assert media.streams.audio[0].codec_context.name == "aac"
        return np.concatenate([f.to_ndarray() for f in media.decode(audio=0)], axis=1), media.streams.audio[0].rate


@pytest.mark.parametrize("channels", [1, 2])
def test_hidden_stretches_are_silent_and_the_rest_is_heard(channels):
    sound, rate = _decoded(redact_audio(_tone(12, channels), [(2_000, 4_000), (9_000, END_OF_MEDIA_MS)]).whole())
    assert sound.shape[0] == channels
    assert sound.shape[1] / rate == pytest.approx(12, abs=0.15)
    for start, end, loud in [(0.3, 1.8, True), (2.1, 3.9, False), (4.2, 8.8, True), (9.2, 11.9, False)]:
        piece = np.abs(sound[:, int(start * rate) : int(end * rate)])
        assert (piece.max(axis=1) > 0.1).all() if loud else piece.max() < 0.02


def test_without_silences_the_sound_stays():
    sound, rate = _decoded(redact_audio(_tone(3), []).whole())
    assert np.abs(sound[:, rate // 2 : 2 * rate]).max() > 0.2


def test_memory_does_not_grow_with_length():
    def peak(seconds):
        source = _tone(seconds)
        tracemalloc.start()
        for _ in redact_audio(source, [(500, 900)]):
            pass
        _, high = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return high

    assert peak(240) < peak(20) + 2_000_000


@pytest.mark.parametrize("data", [b"", b"not a recording", b"RIFF" + b"\0" * 200])
def test_what_is_no_recording_is_refused(data):
    with pytest.raises(AudioUnreadable):
        b"".join(redact_audio(io.BytesIO(data), []))


@pytest.mark.parametrize("seconds", [0.05, 1, 75])
def test_the_index_stands_before_the_sound_and_says_how_long_it_is(seconds):
    made = redact_audio(_tone(seconds), [(200, 300)])
    with pytest.raises(ValueError, match="not finished"):
        made.head()
    data = made.whole()
    boxes, place = [], 0
    while place < len(data):
        boxes.append(data[place + 4 : place + 8])
        place += int.from_bytes(data[place : place + 4], "big")
    assert place == len(data)
    assert boxes.index(b"moov") < boxes.index(b"mdat")
    with av.open(io.BytesIO(data)) as media:
        assert media.duration / 1_000_000 == pytest.approx(seconds, abs=0.15)
        sound = np.concatenate([f.to_ndarray() for f in media.decode(audio=0)], axis=1)
    assert sound.shape[1] / RATE == pytest.approx(seconds, abs=0.15)


class _Minutes(io.RawIOBase):
    """A WAV of so many seconds that is nowhere as a whole, with a note in the first second of every minute."""

    def __init__(self, seconds, rate):
        moments = np.arange(60 * rate)
        minute = np.where(moments < rate, np.sin(2 * np.pi * 700 * moments / rate) * 12_000, 0)
        self._minute = minute.astype("<i2").tobytes()
        head = io.BytesIO()
        with wave.open(head, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.setnframes(seconds * rate)
            out.writeframes(b"")
        size = seconds * rate * 2
        head = bytearray(head.getvalue()[:44])
        head[4:8], head[40:44] = (size + 36).to_bytes(4, "little"), size.to_bytes(4, "little")
        self._head, self._place, self._length = bytes(head), 0, size + 44

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, place, whence=0):
        self._place = place + (0, self._place, self._length)[whence]
        return self._place

    def readinto(self, buffer):
        if self._place < 44:
            piece = self._head[self._place : self._place + len(buffer)]
        else:
            at = (self._place - 44) % len(self._minute)
            piece = self._minute[at : at + min(len(buffer), max(0, self._length - self._place))]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)


LONG = [
    # An index of more than 32 KB, at the lowest price; the others are as long as a visit and a deposition are.
    (4 * 60, 48_000),
    pytest.param(11 * 60, 48_000, marks=pytest.mark.long),
    pytest.param(65 * 60, 8_000, marks=pytest.mark.long),
]


@pytest.mark.parametrize(("seconds", "rate"), LONG)
def test_however_long_it_is_it_is_whole_and_its_seconds_lie_where_they_were(seconds, rate):
    silent = range(2, seconds // 60, 3)
    source = io.BufferedReader(_Minutes(seconds, rate), 256 * 1024)
    tracemalloc.start()
    made = redact_audio(source, [(minute * 60_000 - 250, minute * 60_000 + 1_250) for minute in silent])
    out, kept = io.BytesIO(), 0
    for piece in made:
        out.write(piece)
        kept = max(kept, tracemalloc.get_traced_memory()[0] - out.getbuffer().nbytes)
    tracemalloc.stop()
    # The minute of the source, and the index: a few bytes a frame.
    assert kept < 2 * 60 * rate + 8_000_000
    data = made.head() + out.getvalue()
    with av.open(io.BytesIO(data)) as media:
        assert media.duration / 1_000_000 == pytest.approx(seconds, abs=0.2)
        track = media.streams.audio[0]
        for minute in range(seconds // 60):
            media.seek(int((minute * 60 + 0.5) * rate), stream=track)
            frame = next(f for f in media.decode(track) if f.time >= minute * 60 + 0.5)
            assert frame.time < minute * 60 + 0.8
            peak = np.abs(frame.to_ndarray()).max()
            assert peak < 0.02 if minute in silent else peak > 0.1


def test_what_was_taken_out_cannot_be_written_again():
    sink = MovingHead()
    sink.write((8).to_bytes(4, "big") + b"free" + (4_000).to_bytes(4, "big") + b"mdat")
    for _ in range(4):
        sink.write(b"x" * 1_000)
    assert len(b"".join(sink.drain())) == 3_000
    sink.seek(2_000)
    with pytest.raises(ValueError, match="taken out"):
        sink.write(b"y")


def test_seeking_lands_in_the_right_place():
    data = redact_audio(_tone(60), [(30_000, 40_000)]).whole()
    for second, loud in ((20, True), (35, False), (50, True)):
        with av.open(io.BytesIO(data)) as media:
            media.seek(second * 1_000_000)
            frame = next(f for f in media.decode(audio=0) if f.time >= second)
            assert abs(frame.time - second) < 0.2
            peak = np.abs(frame.to_ndarray()).max()
            assert peak > 0.1 if loud else peak < 0.02
