"""`manage.py bench engine`: how well and how fast the engine hears, on real speech with references.

Word error rate by jiwer (lower case, um and uh removed, hyphens split), diarization error rate by pyannote.metrics
(collar 0.25 s, overlap skipped), real-time factor and peak memory, each recogniser in a process of its own. Peers of
the same run: the recogniser's library as it comes, on the whole file, and one speaker label for all detected speech.
"""

from __future__ import annotations

import importlib
import io
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import av
import numpy as np

from transcription.engine.audio import RATE, open_recording
from transcription.engine.bench_peers import one_speaker, stock_words
from transcription.engine.bench_text import reference_of, spoken_words
from transcription.engine.messages import Ears
from transcription.engine.models import BASIC
from transcription.engine.order import Order
from transcription.engine.recognisers import make
from transcription.engine.transcribe import transcribe

ROOT = Path(__file__).resolve().parents[2]
SPEECH = ROOT / "tests" / "data" / "speech"
SAMPLE = ROOT / "portal" / "sample"
#: How long the recording is that memory is measured on; seven hours are extrapolated from its growth.
LONG_HOURS = 0.5
#: What the design asks for.
MOST_DER, MOST_MEMORY = 0.20, 1_500_000_000

_spawn = multiprocessing.get_context("spawn")


class Missing(Exception):
    """A scorer or the speech data is not installed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording with references: words (by file name), turns (RTTM), people."""

    name: str
    path: Path
    speakers: int
    words: bool = True
    turns: bool = False


CLIPS = (
    Clip("jfk", SPEECH / "jfk.wav", 1),
    Clip("ss-0870", SPEECH / "ss-0870.wav", 1),
    Clip("ss-0880", SPEECH / "ss-0880.wav", 1),
    Clip("ss-0890", SPEECH / "ss-0890.wav", 1),
    Clip("ami-two-speakers", SPEECH / "ami-two-speakers.wav", 2, turns=True),
    Clip("ami-four-speakers", SPEECH / "ami-four-speakers.wav", 4, words=False, turns=True),
    Clip("two-channels", SPEECH / "two-channels.wav", 2),
    Clip("sample deposition (synthetic voices)", SAMPLE / "deposition.opus", 2, turns=True),
)


def run(*, recognisers: Sequence[Ears] = (BASIC,), long_hours: float = LONG_HOURS) -> Iterator[dict[str, Any]]:
    """Measurements one after the other, each a JSON object. Raises `Missing`."""
    _need()
    for ears in recognisers:
        yield from _child(_measure_clips, ears)
        if long_hours > 0:
            yield from _child(_measure_long, ears, long_hours)


def main(as_json: bool, hours: float = LONG_HOURS) -> None:
    """Print the measurements: one JSON object a line, or a table for people."""
    settings = importlib.import_module("django.conf").settings
    chosen = [BASIC]
    model = Path(settings.ENGINE_MODEL)
    if (model / "model.bin").is_file():
        chosen.append(Ears("whisper", str(model), model.name))
    try:
        for measured in run(recognisers=chosen, long_hours=hours):
            sys.stdout.write(json.dumps(measured) + "\n" if as_json else _line(measured))
            sys.stdout.flush()
    except Missing as error:
        raise SystemExit(str(error)) from None


def _need() -> None:
    for module in ("jiwer", "pyannote.metrics.diarization"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            raise Missing(
                f"The bench needs {module.split('.')[0]}, which is a development dependency: run `uv sync` first."
            ) from error
    if not (SPEECH / "jfk.wav").is_file():
        raise Missing("The bench needs the speech in tests/data/speech, which is part of the source checkout.")


def _child(measure: Any, *args: Any) -> list[dict[str, Any]]:
    """Measure in a fresh process, so that its peak memory is its own."""
    ours, theirs = _spawn.Pipe(duplex=False)
    process = _spawn.Process(target=_run_child, args=(measure, args, theirs))
    process.start()
    theirs.close()
    try:
        found: list[dict[str, Any]] = ours.recv()
    except EOFError:
        raise SystemExit("A measurement ended early.") from None
    finally:
        process.join()
    return found


def _run_child(measure: Any, args: tuple[Any, ...], pipe: Connection) -> None:
    pipe.send(measure(*args))


def _peak_bytes() -> int:
    # Linux counts in kB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _measure_clips(ears: Ears) -> list[dict[str, Any]]:
    began = time.perf_counter()
    recogniser = make(ears.module, model=ears.model, label=ears.label, threads=0)
    loaded = time.perf_counter() - began
    rows: list[dict[str, Any]] = []
    heard: list[str] = []
    said: list[str] = []
    for clip in CLIPS:
        row: dict[str, Any] = {"bench": "engine", "recogniser": recogniser.name, "clip": clip.name}
        given = _transcribe(clip, recogniser, clip.speakers)
        row |= {name: given[name] for name in ("audio_duration", "real_time_factor", "processor_factor")}
        if clip.words:
            reference = spoken_words(reference_of(clip.path))
            words = spoken_words(given["heard"])
            row |= {"wer": _wer(reference, words), "peer_wer": _wer(reference, stock_words(ears, clip.path))}
            said, heard = [*said, reference], [*heard, words]
        if clip.turns:
            guess = _transcribe(clip, recogniser, None)
            row |= {
                "der_count_given": _der(clip, given["speaker_turns"]),
                "der_count_guessed": _der(clip, guess["speaker_turns"]),
                "der_of_utterances_count_given": _der(clip, given["utterances"]),
                "peer_der_one_speaker": _der(clip, one_speaker(clip.path)),
                "speakers": clip.speakers,
                "speakers_guessed": len({turn["speaker"] for turn in guess["speaker_turns"]}),
            }
        if clip.name == "ami-two-speakers":
            row |= {"target_der_count_given": MOST_DER, "met": row["der_count_given"] <= MOST_DER}
        if clip.name == "two-channels":
            pairs = {(word["channel"], word["speaker"]) for word in given["words"]}
            row |= {"every_word_has_its_channels_speaker": pairs == {(1, "A"), (2, "B")}}
        rows.append(row)
    rows.append(
        {
            "bench": "engine",
            "recogniser": recogniser.name,
            "clip": "all with words",
            "wer": _wer(" ".join(said), " ".join(heard)),
            "load_seconds": round(loaded, 2),
            "peak_memory_bytes": _peak_bytes(),
        }
    )
    return rows


def _transcribe(clip: Clip, recogniser: Any, expected: int | None) -> dict[str, Any]:
    began, worked = time.perf_counter(), time.process_time()
    with clip.path.open("rb") as file:
        order = Order(speaker_labels=True, speakers_expected=expected)
        result = transcribe(file, order, recogniser, lambda share: None)
    result["real_time_factor"] = round((time.perf_counter() - began) / result["audio_duration"], 3)
    # Processor seconds for a second of sound: what a busy machine does not blur.
    result["processor_factor"] = round((time.process_time() - worked) / result["audio_duration"], 3)
    result["heard"] = " ".join(utterance["text"] for utterance in result["utterances"])
    return result


def _wer(reference: str, heard: str) -> float:
    return round(float(importlib.import_module("jiwer").wer(reference, heard)), 4)


def _der(clip: Clip, turns: Sequence[dict[str, Any]]) -> float:
    core = importlib.import_module("pyannote.core")
    metric = importlib.import_module("pyannote.metrics.diarization").DiarizationErrorRate(collar=0.25, skip_overlap=True)
    reference, found = core.Annotation(), core.Annotation()
    for number, (start, end, speaker) in enumerate(_reference_turns(clip.path)):
        reference[core.Segment(start, end), number] = speaker
    for number, turn in enumerate(turns):
        found[core.Segment(turn["start"] / 1000, turn["end"] / 1000), number] = turn["speaker"]
    with clip.path.open("rb") as file, open_recording(file) as recording:
        length = recording.stated_seconds
    return round(float(metric(reference, found, uem=core.Timeline([core.Segment(0, length)]))), 4)


def _reference_turns(path: Path) -> list[tuple[float, float, str]]:
    rttm = path.with_suffix(".rttm")
    if rttm.is_file():
        # SPEAKER file channel start duration <NA> <NA> speaker (NIST RT evaluation plan, appendix A)
        fields = [line.split() for line in rttm.read_text().splitlines() if line.startswith("SPEAKER")]
        return [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields]
    turns = json.loads(path.with_suffix(".json").read_text())
    return [(turn["start"] / 1000, turn["end"] / 1000, turn["speaker"]) for turn in turns]


def long_recording(hours: float) -> io.BytesIO:
    """The sample deposition over and over, as Opus at 16 kbit/s in memory: 50 MB for seven hours.

    It is encoded once; the packets are then written again and again with later times.
    """
    with (SAMPLE / "deposition.opus").open("rb") as file, open_recording(file) as recording:
        samples = np.concatenate(list(recording.blocks()), axis=1)
    target = io.BytesIO()
    with av.open(target, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = 16_000
        packets: list[tuple[bytes, int]] = []
        for start in range(0, samples.shape[1], RATE):
            frame = av.AudioFrame.from_ndarray(samples[:, start : start + RATE], format="s16", layout="mono")
            frame.sample_rate = RATE
            packets += [(bytes(packet), packet.duration or 0) for packet in stream.encode(frame)]
        time_base, at = stream.codec_context.time_base, 0
        for _ in range(max(1, round(hours * 3600 * RATE / samples.shape[1]))):
            for data, duration in packets:
                packet = av.Packet(data)
                packet.stream, packet.time_base = stream, time_base
                packet.pts = packet.dts = at
                packet.duration = duration
                at += duration
                container.mux(packet)
    target.seek(0)
    return target


def _measure_long(ears: Ears, hours: float) -> list[dict[str, Any]]:
    """Memory of the whole way over hours of speech, and what it grows by: what is kept of each hour is its words and
    its voices, so seven hours are the measured slope carried on."""
    file = long_recording(hours)
    size = file.getbuffer().nbytes
    recogniser = make(ears.module, model=ears.model, label=ears.label, threads=0)
    marks: list[tuple[float, int]] = []

    def progress(share: float) -> None:
        marks.append((share, _rss()))

    began, worked = time.perf_counter(), time.process_time()
    result = transcribe(file, Order(speaker_labels=True, speakers_expected=2), recogniser, progress)
    seconds = time.perf_counter() - began
    peak = _peak_bytes()
    # From the first sixth on the block's own buffers have been seen; growth after it is what is kept.
    early = max(rss for share, rss in marks if share <= 1 / 6)
    late = max(rss for share, rss in marks)
    slope = max(0.0, (late - early) / (result["audio_duration"] * 5 / 6))
    at_seven = peak + slope * max(0.0, 7 * 3600 - result["audio_duration"])
    return [
        {
            "bench": "engine",
            "recogniser": recogniser.name,
            "clip": f"deposition repeated, {result['audio_duration'] / 3600:.2f} h",
            "file_bytes": size,
            "audio_duration": result["audio_duration"],
            "words": result["word_count"],
            "real_time_factor": round(seconds / result["audio_duration"], 3),
            "processor_factor": round((time.process_time() - worked) / result["audio_duration"], 3),
            "peak_memory_bytes": peak,
            "growth_bytes_per_hour": round(slope * 3600),
            "memory_at_seven_hours_bytes": round(at_seven),
            "extrapolated": result["audio_duration"] < 7 * 3600 - 120,
            "target_memory_bytes": MOST_MEMORY,
            "met": at_seven < MOST_MEMORY,
        }
    ]


def _rss() -> int:
    return int(importlib.import_module("psutil").Process().memory_info().rss)


def _line(measured: dict[str, Any]) -> str:
    figures = ", ".join(
        f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"
        for name, value in measured.items()
        if name not in {"bench", "recogniser", "clip"}
    )
    return f"{measured['recogniser']} | {measured['clip']}: {figures}\n"
