"""Make the sample recording of `./run`: a deposition of two speakers, written for this project and spoken by `flite`.

Nobody in it exists. The voices are flite's `slt` (attorney) and `rms` (witness), whose licence allows any use. Run with
flite installed (Debian: `apt install flite`):

    uv run python scripts/make_sample_recording.py portal/sample

It writes `deposition.opus` (mono, Opus in Ogg), `deposition.txt` (what is said, one turn a line) and `deposition.json`
(the same turns with their times in ms).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

VOICES = {"attorney": "slt", "witness": "rms"}
PAUSE_S = 0.65  # between turns; long enough for a voice activity detector to part them
STRETCH = "1.12"  # a little slower than flite's default, which small recognisers follow better
OPUS_BIT_RATE = 32_000
RATE = 16_000

TURNS = [
    ("attorney", "Good morning. We are on the record. Please state your full name for the court."),
    ("witness", "My name is Robert Daniel Parker."),
    ("attorney", "Thank you, mister Parker. What is your date of birth?"),
    ("witness", "I was born on the fourteenth of March, nineteen seventy two."),
    ("attorney", "Where do you live at the moment?"),
    ("witness", "I live at forty two Washington Street in Boston."),
    ("attorney", "And what is the best telephone number to reach you?"),
    ("witness", "My number is six one seven, five five five, zero one four three."),
    ("attorney", "Were you at work on the night of the accident?"),
    ("witness", "Yes. I was working with my friend Susan Miller. We were at the front of the building."),
    ("attorney", "Did you see the truck before it hit the wall?"),
    ("witness", "No. I heard a very loud noise and then I saw the driver on the ground."),
    ("attorney", "What did you do after that, mister Parker?"),
    ("witness", "I called the police and I waited with him until the doctor came."),
    ("attorney", "Did you speak to anybody else about this?"),
    ("witness", "Only to my wife, Margaret, and to Doctor Helen Cooper at the hospital."),
    ("attorney", "Thank you. I have no further questions for the witness."),
]


def speak(voice: str, text: str) -> npt.NDArray[np.int16]:
    """One turn as 16 kHz mono samples. Raises `CalledProcessError` where flite fails."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "turn.wav"
        subprocess.run(
            ["flite", "-voice", voice, "--setf", f"duration_stretch={STRETCH}", "-t", text, "-o", str(target)],
            check=True,
        )
        with wave.open(str(target)) as sound:
            if (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) != (RATE, 1, 2):
                raise SystemExit(f"flite's voice {voice} did not speak 16 kHz mono PCM")
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
    # Both voices at the same level, with headroom for the codec.
    level = np.sqrt(np.mean(samples.astype(np.float64) ** 2))
    return np.clip(samples * (2600 / level), -32_000, 32_000).astype(np.int16)


def encode(samples: npt.NDArray[np.int16], target: Path) -> None:
    with av.open(str(target), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = OPUS_BIT_RATE
        resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            for packet in stream.encode(resampled):
                container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [np.zeros(int(0.4 * RATE), dtype=np.int16)]
    turns = []
    for speaker, text in TURNS:
        sound = speak(VOICES[speaker], text)
        start = sum(len(piece) for piece in pieces)
        turns.append(
            {
                "speaker": speaker,
                "start": start * 1000 // RATE,
                "end": (start + len(sound)) * 1000 // RATE,
                "text": text,
            }
        )
        pieces += [sound, np.zeros(int(PAUSE_S * RATE), dtype=np.int16)]
    encode(np.concatenate(pieces), folder / "deposition.opus")
    (folder / "deposition.json").write_text(json.dumps(turns, indent=1) + "\n")
    (folder / "deposition.txt").write_text("".join(f"{s.capitalize()}: {t}\n" for s, t in TURNS))
    sys.stdout.write(f"{sum(len(piece) for piece in pieces) / RATE:.1f} s\n")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "portal/sample"))
