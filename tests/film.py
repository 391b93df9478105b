"""A recording with a picture: real speech, and a colour a second, so that a test can tell what is shown at a time."""

import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import Detections
from portal.accounts.models import Member
from transcription import audio, ingest, preflight, renditions, second_pass
from transcription.models import DetectionSet, Proceeding, Recording, Transcript
from vault import objects
from vault.models import Matter, StoredObject

SPEECH = Path(__file__).parent / "data" / "speech"
# The picture in each second, over and over.
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255), "black": (0, 0, 0)}
FRAMES_A_SECOND = 10
SIZE = (320, 180)
# (container, picture, sound, media type)
MP4 = ("mp4", "libx264", "aac", "video/mp4")
WEBM = ("webm", "libvpx", "libopus", "video/webm")
# Played by no browser.
AVI = ("avi", "mpeg4", "mp2", "video/x-msvideo")
# Opened by browsers, which hear it and have no picture of it.
OLD_MP4 = ("mp4", "mpeg4", "aac", "video/mp4")
# What is said in it, and what of that is hidden.
SAID = (SPEECH / "jfk.txt").read_text().strip()
HIDDEN = "fellow Americans,"


def colour_at(second: float) -> str:
    return list(COLOURS)[int(second) % len(COLOURS)]


def film(kind: tuple[str, str, str, str] = MP4, speech: str = "jfk.wav") -> bytes:
    """A whole file with the speech as its sound."""
    container, picture_codec, sound_codec, _ = kind
    file = io.BytesIO()
    with av.open(str(SPEECH / speech)) as spoken, av.open(file, "w", format=container) as out:
        picture: Any = out.add_stream(picture_codec, rate=FRAMES_A_SECOND)
        picture.width, picture.height = SIZE
        picture.pix_fmt, picture.gop_size = "yuv420p", FRAMES_A_SECOND
        picture.time_base = Fraction(1, FRAMES_A_SECOND)
        rate = 48_000 if sound_codec == "libopus" else 44_100
        sound: Any = out.add_stream(sound_codec, rate=rate, layout="mono")
        resampler = av.AudioResampler(format=sound.codec_context.format, layout="mono", rate=rate)
        heard = [piece for frame in spoken.decode(audio=0) for piece in resampler.resample(frame)]
        heard += resampler.resample(None)
        seconds = sum(piece.samples for piece in heard) / rate
        for number in range(int(seconds * FRAMES_A_SECOND) + 1):
            filled = np.full((SIZE[1], SIZE[0], 3), COLOURS[colour_at(number / FRAMES_A_SECOND)], dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(filled, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        for piece in heard:
            piece.pts = None
            out.mux(sound.encode(piece))
        out.mux(sound.encode(None))
    return file.getvalue()


def has_picture(data: bytes) -> bool:
    """Whether a file, whole or cut off, has a video track."""
    try:
        with av.open(io.BytesIO(data)) as media:
            return bool(media.streams.video)
    except (av.error.FFmpegError, ValueError):
        return False


def add_recording(proceeding: Proceeding, actor: Actor, data: bytes, content_type: str, position: int = 0) -> Recording:
    """Stored and probed as an upload is."""
    stored = objects.put_bytes(
        actor=actor, vault=proceeding.matter.vault, kind=StoredObject.Kind.RECORDING, content_type=content_type, data=data,
        file_name=f"visit {position}",
    )  # fmt: skip
    found = preflight.probe(io.BytesIO(data), len(data))
    recording = Recording(
        proceeding=proceeding, object=stored, position=position, media=found.media, container=found.container,
        codec=found.codec, duration_ms=found.duration_ms, channels=found.channels, check_state="passed",
    )  # fmt: skip
    recording.peaks = found.peaks
    recording.save(force_insert=True)
    return recording


def make(
    matter: Matter, member: Member, actor_for: Callable[[Member], Actor], *recorded: tuple[bytes, str]
) -> Transcript:
    """The transcript of recordings (data, media type) in order; each says SAID, HIDDEN is hidden in it.

    The redacted sound of ``identifiers`` and of ``verbatim`` is there.
    """
    actor = actor_for(member)
    proceeding = Proceeding(matter=matter, kind="visit", created_by=member)
    proceeding.title = "Visit on film"
    proceeding.save(force_insert=True)
    start, turns = 0, []
    for position, (data, content_type) in enumerate(recorded):
        length = add_recording(proceeding, actor, data, content_type, position).duration_ms or 0
        words = SAID.split()
        step = length // len(words)
        spoken = [
            {"text": w, "start": start + n * step, "end": start + (n + 1) * step - 20, "confidence": 0.95}
            for n, w in enumerate(words)
        ]
        turns.append({"speaker": "A", "start": start, "end": start + length, "text": SAID, "words": spoken})
        start += length
    answer = {"status": "completed", "language_code": "en", "audio_duration": start / 1000, "utterances": turns}
    transcript = ingest.store_result(proceeding, answer, actor=actor)
    row = DetectionSet(transcript=transcript, version=1, recogniser="test", counts={})
    found = Detections()
    for turn in range(len(turns)):
        found = found.with_added(turn, SAID.index(HIDDEN), SAID.index(HIDDEN) + len(HIDDEN), "name")
    row.detections = found.to_dict()
    row.save(force_insert=True)
    assert second_pass.run(transcript, actor=actor) is not None
    Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.READY)
    for policy in ("identifiers", "verbatim"):
        audio.ensure(renditions.ensure(transcript, policies.preset_row(policy), actor=actor))
    return Transcript.objects.get(pk=transcript.pk)
