"""How fast the second pass is, with stock Presidio's loop over the same text and model beside it."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from compliance.redaction.detecting import detect
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.engine import engine
from compliance.redaction.gold import read_gold
from compliance.redaction.stock import stock_analyzer, stock_spans, stock_spans_in_batches

GOLD = Path(__file__).resolve().parents[2] / "tests" / "data" / "gold"
# A seven-hour deposition has about this many words.
WORDS = 65_000


def transcript(words: int) -> Dialogue:
    """The gold transcripts over and over until there are so many words."""
    turns: list[tuple[str, str]] = []
    count = 0
    files = [read_gold(path) for path in sorted(GOLD.glob("*.txt"))]
    while count < words:
        for gold in files:
            for turn in gold.turns:
                turns.append((turn.speaker, turn.text))
                count += len(turn.text.split())
            if count >= words:
                break
    return Dialogue.from_turns(turns, language="en")


def main(as_json: bool) -> None:
    """Measure and print; one object a measurement. Seconds of wall time, megabytes of the process's peak."""
    results: list[dict[str, Any]] = []
    began = time.perf_counter()
    engine()
    detect(Dialogue.from_turns([("A", "My name is Ann.")]))
    results.append({"measurement": "load", "seconds": round(time.perf_counter() - began, 2), "limit_seconds": 3})
    dialogue = transcript(WORDS)
    words = sum(len(turn.text.split()) for turn in dialogue.turns)
    began = time.perf_counter()
    found = detect(dialogue)
    ours = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stock_analyzer()
    began = time.perf_counter()
    stock_spans(dialogue)
    stock = time.perf_counter() - began
    began = time.perf_counter()
    stock_spans_in_batches(dialogue)
    batches = time.perf_counter() - began
    results.append(
        {
            "measurement": "detect",
            "words": words,
            "turns": len(dialogue.turns),
            "detections": len(found.items),
            "seconds": round(ours, 2),
            "limit_seconds": 60,
            "peer": "stock Presidio, turn by turn, same model",
            "peer_seconds": round(stock, 2),
            "ratio": round(ours / stock, 2),
            "peer_in_batches_seconds": round(batches, 2),
            "ratio_in_batches": round(ours / batches, 2),
            "peak_megabytes": round(peak),
        }
    )
    for result in results:
        if as_json:
            sys.stdout.write(json.dumps(result) + "\n")
        else:
            sys.stdout.write(", ".join(f"{key} {value}" for key, value in result.items()) + "\n")
