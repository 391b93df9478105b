"""What people marked as private in real dialogues, and what the second pass leaves of it.

``clinic.marks.jsonl`` beside ``clinic.json``: a mark a line, ``{"dialogue", "turn", "text", "label"}``, the labels those of gold
transcripts (`gold.LABELS`). ``turn`` counts from 0, ``text`` stands in it as whole words; ``"nth": 2`` means its second place
there. A mark with a ``doubt``, which says why, counts neither as private nor as innocent.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance.redaction.gold import LABELS, WORD

SUFFIX = ".marks.jsonl"
AROUND = 60  # characters around a leak


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
    marks: dict[str, list[Mark]] = {name: [] for name in turns}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
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
        raise ValueError(f"{said!r} stands {len(places)} times in turn {turn}")
    start, end = places[nth - 1]
    return name, Mark(turn, start, end, label, "doubt" in item)


@dataclass(slots=True)
class Judged:
    """Counts over marked dialogues: spans that leak, and innocent words that are hidden."""

    dialogues: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    leaked: Counter[str] = field(default_factory=Counter)
    words: int = 0  # that no mark touches
    hidden: int = 0

    def add(self, other: Judged) -> None:
        self.dialogues += other.dialogues
        self.spans.update(other.spans)
        self.leaked.update(other.leaked)
        self.words += other.words
        self.hidden += other.hidden

    def figures(self) -> dict[str, Any]:
        spans, leaked = self.spans.total(), self.leaked.total()
        return {
            "dialogues": self.dialogues,
            "spans": spans,
            "leaked": leaked,
            "leak_rate": _share(leaked, spans),
            "labels": {label: {"spans": n, "leaked": self.leaked[label]} for label, n in sorted(self.spans.items())},
            "innocent_words": self.words,
            "over_redacted": self.hidden,
            "over_rate": _share(self.hidden, self.words),
        }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 6) if whole else 0.0


def judge(
    texts: Sequence[str], marks: Sequence[Mark], hidden: Mapping[int, Sequence[tuple[int, int]]]
) -> tuple[Judged, list[tuple[Mark, str]]]:
    """``hidden`` are the spans, by turn, of all Detections but medical ones. Returns the counts and every leak, with its surroundings."""
    judged, leaks = Judged(dialogues=1), []
    for mark in marks:
        if mark.doubtful:
            continue
        judged.spans[mark.label] += 1
        if _visible(texts[mark.turn], mark, hidden.get(mark.turn, ())):
            judged.leaked[mark.label] += 1
            leaks.append((mark, _passage(texts[mark.turn], mark)))
    for number, text in enumerate(texts):
        marked = [(mark.start, mark.end) for mark in marks if mark.turn == number]
        for word in WORD.finditer(text):
            if _touched(word, marked):
                continue
            judged.words += 1
            judged.hidden += _touched(word, hidden.get(number, ()))
    return judged, leaks


def _visible(text: str, mark: Mark, hidden: Sequence[tuple[int, int]]) -> bool:
    """Whether a letter or digit of the mark stays outside what is hidden."""
    places = (i for i in range(mark.start, mark.end) if text[i].isalnum())
    return any(not any(start <= i < end for start, end in hidden) for i in places)


def _touched(word: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < word.end() and word.start() < end for start, end in spans)


def _passage(text: str, mark: Mark) -> str:
    before, after = text[max(0, mark.start - AROUND) : mark.start], text[mark.end : mark.end + AROUND]
    return f"{before}[[{mark.label}|{text[mark.start : mark.end]}]]{after}"


def leaks_as_data(source: str, name: str, leaks: Sequence[tuple[Mark, str]]) -> Iterator[dict[str, Any]]:
    for mark, passage in leaks:
        yield {"source": source, "file": name, "turn": mark.turn, "label": mark.label, "passage": passage}
