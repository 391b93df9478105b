"""What people marked as private in real dialogues, and what the second pass leaves of it.

``clinic.marks.jsonl`` beside ``clinic.json``: a mark a line, ``{"dialogue", "turn", "text", "label"}``, the labels those of gold
transcripts (`gold.LABELS`). ``turn`` counts from 0, ``text`` stands in it as whole words; ``"nth": 2`` means its second place
there. A mark with a ``doubt``, which says why, counts neither as private nor as innocent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compliance.redaction.floors import share
from compliance.redaction.gold import LABELS, GoldFile, GoldSpan, GoldTurn, Miss, Score

SUFFIX = ".marks.jsonl"
DOUBT = "DOUBT"  # no label of gold transcripts


class MarksInvalid(ValueError):
    """A file of marks that does not fit its dialogues; names the file and the line."""


@dataclass(frozen=True, slots=True)
class Mark:
    """``turns[turn].text[start:end]`` of one dialogue is private, or in doubt."""

    turn: int
    start: int
    end: int
    label: str
    doubtful: bool


def read_marks(dialogues: Path, turns: Mapping[str, Sequence[str]]) -> dict[str, tuple[Mark, ...]] | None:
    """By dialogue; None where nobody marked the file. ``turns`` are the texts of each. Raises MarksInvalid."""
    path = dialogues.with_suffix(SUFFIX)
    if not path.exists():
        return None
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MarksInvalid(f"{path.name} cannot be read as UTF-8 text.") from error
    marks: dict[str, list[Mark]] = {name: [] for name in turns}
    for number, line in enumerate(lines, start=1):
        try:
            name, mark = _mark(json.loads(line), turns)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise MarksInvalid(f"{path.name}, line {number}: no mark of a dialogue in {dialogues.name} ({error}).") from error
        marks[name].append(mark)
    return {name: tuple(of) for name, of in marks.items()}


def _mark(item: dict[str, Any], turns: Mapping[str, Sequence[str]]) -> tuple[str, Mark]:
    name, turn, said, label = item["dialogue"], item["turn"], item["text"], item["label"]
    if label not in LABELS:
        raise ValueError(f"{label} is no label")
    if turn < 0:
        raise ValueError("turns count from 0")
    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", turns[name][turn])]
    nth = item.get("nth", 1)
    if not said or not 1 <= nth <= len(places):
        raise ValueError(f"the text stands {len(places)} times in turn {turn}")
    start, end = places[nth - 1]
    return name, Mark(turn, start, end, label, "doubt" in item)


def as_gold(name: str, turns: Sequence[tuple[str, str]], marks: Sequence[Mark], style: str) -> GoldFile:
    """A marked dialogue as a gold transcript; what is in doubt has the label DOUBT there, which nothing counts."""
    made = []
    for number, (speaker, text) in enumerate(turns):
        spans = (GoldSpan(mark.start, mark.end, DOUBT if mark.doubtful else mark.label) for mark in marks if mark.turn == number)
        made.append(GoldTurn(speaker, text, tuple(sorted(spans, key=lambda span: span.start))))
    return GoldFile(name, {"kind": "visit", "medical": "no", "style": style}, tuple(made))


def figures(dialogues: int, found: Score) -> dict[str, Any]:
    """Of so many marked dialogues, for a report."""
    return {
        "dialogues": dialogues,
        "spans": found.total,
        "leaked": sum(found.leaked.values()),
        "leak_rate": share(sum(found.leaked.values()), found.total),
        "labels": {label: {"spans": n, "leaked": found.leaked[label]} for label, n in sorted(found.spans.items())},
        "innocent_words": found.clean_words,
        "over_redacted": found.hidden_clean_words,
        "over_rate": share(found.hidden_clean_words, found.clean_words),
    }


def leaks(source: str, found: Score) -> list[dict[str, Any]]:
    """Every leak, for a report."""
    return [{"source": source, "file": miss.file, "turn": miss.turn, "label": miss.label, "passage": _passage(miss)} for miss in found.leaks]


def _passage(miss: Miss) -> str:
    end = miss.at + len(miss.text)
    return f"{miss.around[: miss.at]}[[{miss.label}|{miss.text}]]{miss.around[end:]}"
