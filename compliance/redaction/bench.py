"""How fast the second pass is, with stock Presidio's loop over the same text and model beside it.

The whole text is read once, for its time and memory. What is compared is read in parts, each by one after the other, so that
what else the machine does meanwhile falls on all of them; the ratio is the middle one of the parts'.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
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
PARTS = 3


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


def main(as_json: bool) -> int:
    """Measure and print; one object a measurement. Seconds of wall time, megabytes of the process's peak. 1 where a limit is passed."""
    results = [_load(), _detect(transcript(WORDS))]
    for result in results:
        if as_json:
            sys.stdout.write(json.dumps(result) + "\n")
        else:
            sys.stdout.write(", ".join(f"{key} {value}" for key, value in result.items()) + "\n")
    sys.stdout.flush()
    over = [result for result in results if not result["within_limit"]]
    for result in over:
        told = f"{result['measurement']} took {result['seconds']} s, {result['limit_seconds']} s are allowed"
        sys.stderr.write(f"Over the limit: {told} (load of the machine {result['load']}, {os.cpu_count()} processors).\n")
    return 1 if over else 0


def _load() -> dict[str, Any]:
    before = _machine()

    def load() -> None:
        engine()
        detect(Dialogue.from_turns([("A", "My name is Ann.")]))

    return {"measurement": "load", **_judged(_seconds(load), 3), "load": before}


def _detect(dialogue: Dialogue) -> dict[str, Any]:
    before = _machine()
    found = [0]

    def read() -> None:
        found[0] = len(detect(dialogue).items)

    whole = _seconds(read)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    stock_analyzer()
    readers: tuple[Callable[[Dialogue], object], ...] = (detect, stock_spans, stock_spans_in_batches)
    rounds = [[_seconds(partial(reader, part)) for reader in readers] for part in _parts(dialogue)]
    return {
        "measurement": "detect",
        "words": sum(len(turn.text.split()) for turn in dialogue.turns),
        "turns": len(dialogue.turns),
        "detections": found[0],
        **_judged(whole, 60),
        "in_parts_seconds": round(sum(ours for ours, _, _ in rounds), 2),
        "peer": "stock Presidio, turn by turn, same model",
        "peer_seconds": round(sum(stock for _, stock, _ in rounds), 2),
        **_ratio("ratio", [ours / stock for ours, stock, _ in rounds]),
        "peer_in_batches_seconds": round(sum(batches for _, _, batches in rounds), 2),
        **_ratio("ratio_in_batches", [ours / batches for ours, _, batches in rounds]),
        "peak_megabytes": round(peak),
        # Of the last minute, before and after: more than the processors there are says that others use them, too.
        "load": before,
        "load_after": _machine(),
    }


def _parts(dialogue: Dialogue) -> list[Dialogue]:
    turns = [(turn.speaker, turn.text) for turn in dialogue.turns]
    size = -(-len(turns) // PARTS)
    return [Dialogue.from_turns(turns[at : at + size], language="en") for at in range(0, len(turns), size)]


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _judged(seconds: float, limit: float) -> dict[str, Any]:
    return {"seconds": round(seconds, 2), "limit_seconds": limit, "within_limit": seconds <= limit}


def _ratio(name: str, ratios: Sequence[float]) -> dict[str, Any]:
    return {name: round(statistics.median(ratios), 2), f"{name}_spread": [round(min(ratios), 2), round(max(ratios), 2)]}


def _machine() -> float:
    return round(os.getloadavg()[0], 2)
