"""Where a copy's sound lies: each moment of it at the recording's own time, whatever container it came in."""

import io

import av
import pytest

from compliance.redaction import redact_audio
from tests.notes import NOTES, SECONDS, loud, made

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
