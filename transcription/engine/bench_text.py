"""References of the speech data as plain words."""

from __future__ import annotations

import re
from pathlib import Path

#: Hesitations are not counted: recognisers differ in whether they write them.
_HESITATIONS = {"um", "uh", "uhm", "er", "erm", "hmm", "mm"}
#: Abbreviations that recognisers write for words that were said.
_SAID = {"mr": "mister", "dr": "doctor", "mrs": "missus"}


def spoken_words(text: str) -> str:
    """Lower case, hyphens and spelled letters split, punctuation and hesitations removed."""
    words = re.findall(r"[a-z0-9']+", text.lower().replace("-", " ").replace("_", " "))
    return " ".join(_SAID.get(word, word) for word in words if word not in _HESITATIONS)


def reference_of(path: Path) -> str:
    """What is said in a clip, from the reference beside it."""
    if path.name.startswith("ss-"):
        number = path.stem.removeprefix("ss-")
        for line in (path.parent / "transcription.txt").read_text().splitlines():
            if line.rstrip().endswith(f"-{number})"):
                return re.sub(r"</?s>", " ", line.rsplit("(", 1)[0])
        raise LookupError(f"no reference for {path.name}")
    lines = path.with_suffix(".txt").read_text().splitlines()
    if path.name == "two-channels.wav":
        said = [line.split(":", 1)[1] for line in lines if line.startswith("stereo_diarization.wav")]
    elif path.name.startswith("ami-"):
        said = [line.split("|", 1)[1] for line in lines if "|" in line and not line.startswith("#")]
    elif path.suffix == ".opus":
        said = [line.split(":", 1)[1] for line in lines]
    else:
        said = lines
    return " ".join(said)
