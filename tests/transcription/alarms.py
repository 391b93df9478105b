"""How often listening again raises an alarm: over copies that are silent where they should be, and where they are not.

    uv run python -m tests.transcription.alarms [--each N] [--shift MS] [--most N]

Words of the real recordings of ``tests/data/speech`` are silenced at many places, some words long, as the portal does it.
``right``: the times are right, so every alarm is false. ``late``: all times are ``--shift`` ms late, so that the words that
must be gone are said beside the silence, at least in part. In ``said`` the hidden words are the ones that were said; in
``invented`` the text of the silence is a name or a number that nobody said, the worst case for a chance hit.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import wave
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from pocketsphinx import Config, Decoder

from compliance.redaction import Dialogue, Turn, Word, merge_silences, redact_audio
from transcription import relistening
from transcription.engine import recognisers
from transcription.engine.recognisers.base import Wanted
from transcription.engine.vad import HEARING, speech_in

DATA: Final = Path(__file__).parents[1] / "data" / "speech"
# Names that the recogniser's dictionary does not have, in its sounds.
SOUNDS: Final = {"ademesoye": "AA D EH M EH S OY EY"}
INVENTED: Final = (
    "Margaret Delgado", "Jonathan Whitfield", "Patricia Anne Novak", "Robert Chen", "Samantha Brooks", "William Harper",
    "six one seven five five five zero one four three", "four one two sixty eight eleven fifty three",
    "nine zero two one zero", "March third nineteen eighty two", "twenty two Juniper Street", "one one eight seventy four",
)  # fmt: skip
LENGTHS: Final = (1, 2, 4, 8)

Timed = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Clip:
    name: str
    words: tuple[Timed, ...]

    @property
    def source(self) -> io.BytesIO:
        return io.BytesIO((DATA / f"{self.name}.wav").read_bytes())

    @property
    def duration(self) -> int:
        return samples(self.name).size * 1000 // relistening.RATE


def samples(name: str) -> np.ndarray[Any, np.dtype[np.int16]]:
    with wave.open(str(DATA / f"{name}.wav")) as file:
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")


def aligned(name: str, text: str, start: int = 0, end: int | None = None) -> list[Timed]:
    """The words of ``text`` with the times at which they are said between ``start`` and ``end`` (ms)."""
    decoder: Any = Decoder(Config(loglevel="FATAL", lm=None))
    for word, sounds in SOUNDS.items():
        decoder.add_word(word, sounds, True)
    words = [w for w in (t.strip(".,?!").lower() for t in text.replace("_", " ").split()) if w]
    decoder.set_align_text(" ".join(words))
    rate = relistening.RATE // 1000
    decoder.start_utt()
    decoder.process_raw(samples(name)[start * rate : None if end is None else end * rate].tobytes(), full_utt=True)
    decoder.end_utt()
    found = [] if decoder.hyp() is None else [s for s in decoder.seg() if not s.word.startswith(("<", "[", "+"))]
    return [(s.word.split("(")[0], start + s.start_frame * 10, start + s.end_frame * 10 + 10) for s in found]


def clips(hear: Any) -> list[Clip]:
    made = [Clip("jfk", tuple(aligned("jfk", (DATA / "jfk.txt").read_text())))]
    for line in (DATA / "transcription.txt").read_text().splitlines():
        name = f"ss-{line.rsplit('-', 1)[1].rstrip(')')}"
        if (DATA / f"{name}.wav").exists():
            made.append(Clip(name, tuple(aligned(name, line.split("<s>")[1].split("</s>")[0]))))
    turns: list[Timed] = []
    for line in (DATA / "ami-two-speakers.txt").read_text().splitlines():
        if not line.startswith("#"):
            times, text = line.split(" | ")
            start, end = (int(float(t) * 1000) for t in times.split()[:2])
            turns += aligned("ami-two-speakers", text, start, end)
    made.append(Clip("ami-two-speakers", tuple(sorted(turns, key=lambda w: w[1]))))
    # Nobody wrote down what they say: the recogniser's own words, as the portal has them with the basic engine.
    floats = samples("ami-four-speakers").astype(np.float32) / np.float32(32768)
    made.append(Clip("ami-four-speakers", tuple((h.text, h.start, h.end) for h in hear(floats).words)))
    return made


def case(clip: Clip, first: int, length: int, shift: int, invented: str) -> tuple[Dialogue, tuple[tuple[int, int], ...]]:
    """The clip's dialogue and silences where the words from ``first`` on are hidden, all times ``shift`` ms late."""
    chosen = clip.words[first : first + length]
    low, high = chosen[0][1], chosen[-1][2]
    words = list(clip.words)
    if invented:
        said = invented.split()
        step = (high - low) / len(said)
        words[first : first + length] = [
            (text, round(low + n * step), round(low + (n + 1) * step)) for n, text in enumerate(said)
        ]
    made: list[Word] = []
    text = ""
    for number, (word, start, end) in enumerate(words):
        text += " " if text else ""
        made.append(Word(number, word, start + shift, end + shift, None, len(text), len(text) + len(word)))
        text += word
    return Dialogue((Turn("A", text, tuple(made), 0, clip.duration),)), merge_silences([(low + shift, high + shift)])


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--each", type=int, default=6, help="places a clip and length")
    asked.add_argument("--most", type=int, default=len(INVENTED), help="invented texts a silence")
    asked.add_argument("--shift", type=int, default=900, help="how late the times are where they are wrong, in ms")
    given = asked.parse_args()
    recogniser = recognisers.make("sphinx", model="", label="", threads=1)

    def heard(sound: relistening.Sound) -> Any:
        return recogniser.hear(sound, speech_in(sound, HEARING), Wanted("en"), lambda share: None)

    kept: dict[bytes, list[Timed]] = {}

    def hear(sound: relistening.Sound) -> list[Timed]:
        # The same silence with another text under it sounds the same.
        key = sound.tobytes()
        if key not in kept:
            kept[key] = [(word.text, word.start, word.end) for word in heard(sound).words]
        return kept[key]

    chance = random.Random("alarms")
    counts: Counter[tuple[str, str, str]] = Counter()
    for clip in clips(heard):
        for length in LENGTHS:
            places = range(len(clip.words) - length + 1)
            for first in chance.sample(places, min(given.each, len(places))):
                kept.clear()
                for times, shift, texts in (("right", 0, ("", *INVENTED[: given.most])), ("late", given.shift, ("",))):
                    copy = redact_audio(clip.source, case(clip, first, length, shift, "")[1]).whole()
                    for hidden in texts:
                        dialogue, silences = case(clip, first, length, shift, hidden)
                        loud, done = (
                            relistening.check(
                                io.BytesIO(copy), dialogue, silences, plan=relistening.plan(silences, clip.duration),
                                offset=0, hear=how,
                            )  # fmt: skip
                            for how in (lambda sound: [], hear)
                        )
                        kind = (times, "invented" if hidden else "said")
                        counts[(*kind, "copies")] += 1
                        counts[(*kind, "alarms")] += bool(done.hits)
                        counts[(*kind, "by loudness")] += bool(loud.hits)
                        counts[(*kind, "by words that must be gone")] += bool(done.heard)
                        counts[(*kind, "by open words elsewhere")] += bool(done.beside)
                        if times == "right" and done.hits:
                            gone = hidden or " ".join(word for word, _, _ in clip.words[first : first + length])
                            said = "; ".join(" ".join(text for text, _, _ in words) for words in kept.values())
                            sys.stdout.write(f"{clip.name} {first}+{length}: gone {gone!r}, heard {said!r}, loud {loud.hits}\n")
                sys.stderr.write(".")
                sys.stderr.flush()
    for key, count in sorted(counts.items()):
        sys.stdout.write(f"{' '.join(key)}: {count}\n")


if __name__ == "__main__":
    main()
