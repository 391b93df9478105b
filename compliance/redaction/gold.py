"""Gold transcripts: reading them, and scoring Detections against them.

A gold file is a header of ``# key: value`` lines, then one turn a line, ``A: text``, with private spans as
``[[LABEL|text]]`` (``tests/data/gold/README.md``). A span leaks when one of its letters or digits stays outside the Detections.
A mark or a header that is not understood is refused: left out, it would make the figures better than they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.gold_entities import entity_numbers

MARK = re.compile(r"\[\[([^\[\]|]*)\|(.*?)\]\]")
# What looks like a mark and is none, where marks are taken out.
STRAY = re.compile(r"\[\[|\]\]|\[[\w -]+\|")
# Editors take the blank after the colon of an empty turn away.
TURN = re.compile(r"^([A-Z]):(?: (.*))?$")
WORD = re.compile(r"\w+")
# What `identifiers` has to hide; MEDICAL is measured apart, in the files that mark it throughout.
LABELS = frozenset(
    """NAME ADDRESS EMAIL PHONE URL SSN CREDIT_CARD BANK_ACCOUNT DOB DATE AGE_OVER_89 MRN HEALTH_PLAN LICENSE VEHICLE
    DEVICE""".split()
)
MARKED_AS = LABELS | {"MEDICAL"}
# Each has its own floors (`floors.py`): a file of another style would be judged by none of them, or counted twice.
STYLES = ("formatted", "spoken", "lower")
CLINICAL_KINDS = frozenset(["visit", "dictation", "call"])


class GoldInvalid(ValueError):
    """A file that is not in the gold format; names the file and the line's number."""


@dataclass(frozen=True, slots=True)
class GoldSpan:
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldTurn:
    speaker: str
    text: str
    spans: tuple[GoldSpan, ...]


@dataclass(frozen=True, slots=True)
class GoldFile:
    name: str
    meta: dict[str, str]
    turns: tuple[GoldTurn, ...]

    @property
    def style(self) -> str:
        return self.meta.get("style", "?")

    @property
    def marks_medical(self) -> bool:
        """Whether every medical word is marked: legal files always, clinical ones where they say so."""
        if self.meta.get("kind") in CLINICAL_KINDS or "medical" in self.meta:
            return self.meta.get("medical") == "yes"
        return True

    def dialogue(self) -> Dialogue:
        return Dialogue.from_turns([(turn.speaker, turn.text) for turn in self.turns], language="en")


def read_gold(path: Path, labels: frozenset[str] | None = MARKED_AS) -> GoldFile:
    """Raises GoldInvalid. ``labels``: those that marks may have; None for marks of any name, in a file without a style."""
    meta: dict[str, str] = {}
    turns: list[GoldTurn] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        where = f"{path.name}, line {number}"
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            meta[key.strip()] = value.strip()
            if key.strip() in ("style", "medical"):
                _known(where, key.strip(), value.strip())
            continue
        if not line.strip():
            continue
        match = TURN.match(line)
        if match is None:
            raise GoldInvalid(f"{where}: a turn looks like 'A: text'.")
        turns.append(_turn(where, match[1], match[2] or "", labels))
    if not turns:
        raise GoldInvalid(f"{path.name} has no turns.")
    if labels is not None and "style" not in meta:
        raise GoldInvalid(f"{path.name} says no style, so nothing says what it is held to. Write “# style: …” with {_or(STYLES)}.")
    return GoldFile(path.stem, meta, tuple(turns))


def _text(path: Path) -> str:
    try:
        # Some editors begin a file with a mark that says nothing but that it is UTF-8.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise GoldInvalid(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise GoldInvalid(f"{path.name} is no text in UTF-8. Save it as that.") from error


def _known(where: str, key: str, value: str) -> None:
    allowed = STYLES if key == "style" else ("yes", "no")
    if value not in allowed:
        raise GoldInvalid(f"{where}: “# {key}: {value}” is not known. It may be {_or(allowed)}.")


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"


def _turn(where: str, speaker: str, marked: str, labels: frozenset[str] | None) -> GoldTurn:
    stray = STRAY.search(MARK.sub("", marked)) or next(filter(None, (STRAY.search(m[2]) for m in MARK.finditer(marked))), None)
    if stray:
        raise GoldInvalid(
            f"{where}: “{stray[0]}” belongs to no whole mark. One looks like “[[LABEL|text]]”, is closed in its line and holds no other."
        )
    text = ""
    place = 0
    spans: list[GoldSpan] = []
    for match in MARK.finditer(marked):
        if labels is not None and match[1] not in labels:
            raise GoldInvalid(f"{where}: “[[{match[1]}|” is no label. It may be {_or(sorted(labels))}.")
        if not any(c.isalnum() for c in match[2]):
            raise GoldInvalid(f"{where}: the mark “{match[0]}” holds no letter and no digit, so it could not leak.")
        text += marked[place : match.start()]
        spans.append(GoldSpan(len(text), len(text) + len(match.group(2)), match.group(1)))
        text += match.group(2)
        place = match.end()
    return GoldTurn(speaker, text + marked[place:], tuple(spans))


@dataclass(frozen=True, slots=True)
class Miss:
    """A leak or an innocent word hidden, with a little of what stands around it: ``text`` is at ``around[at:]``."""

    file: str
    turn: int
    label: str
    text: str
    around: str
    at: int


@dataclass(slots=True)
class Score:
    """Counts of one file, or of several added up. An entity (`gold_entities`) is whole where no mention of it leaks."""

    spans: dict[str, int] = field(default_factory=dict)
    leaked: dict[str, int] = field(default_factory=dict)
    entities: int = 0
    entities_whole: int = 0
    clean_words: int = 0
    hidden_clean_words: int = 0
    leaks: list[Miss] = field(default_factory=list)
    overs: list[Miss] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.spans.values())

    @property
    def leak_rate(self) -> float:
        return sum(self.leaked.values()) / self.total if self.total else 0.0

    def add(self, other: Score) -> None:
        for label, count in other.spans.items():
            self.spans[label] = self.spans.get(label, 0) + count
        for label, count in other.leaked.items():
            self.leaked[label] = self.leaked.get(label, 0) + count
        self.entities += other.entities
        self.entities_whole += other.entities_whole
        self.clean_words += other.clean_words
        self.hidden_clean_words += other.hidden_clean_words
        self.leaks.extend(other.leaks)
        self.overs.extend(other.overs)


def score(gold: GoldFile, hidden: Sequence[Iterable[tuple[int, int]]], labels: frozenset[str] = LABELS) -> Score:
    """``hidden``: for each turn the (start, end) that are hidden."""
    result = Score()
    mentions: list[tuple[str, str]] = []
    seen: list[bool] = []
    for number, (turn, spans) in enumerate(zip(gold.turns, hidden, strict=True)):
        covered = bytearray(len(turn.text))
        for start, end in spans:
            covered[max(0, start) : end] = b"\1" * max(0, min(end, len(covered)) - max(0, start))
        private = bytearray(len(turn.text))
        for span in turn.spans:
            private[span.start : span.end] = b"\1" * (span.end - span.start)
            if span.label not in labels:
                continue
            text = turn.text[span.start : span.end]
            leaked = any(not covered[p] for p in range(span.start, span.end) if turn.text[p].isalnum())
            result.spans[span.label] = result.spans.get(span.label, 0) + 1
            result.leaked[span.label] = result.leaked.get(span.label, 0) + leaked
            mentions.append((span.label, text))
            seen.append(leaked)
            if leaked:
                result.leaks.append(_miss(gold.name, number, span.label, turn.text, span.start, span.end))
        for word in WORD.finditer(turn.text):
            if any(private[word.start() : word.end()]):
                continue
            result.clean_words += 1
            if any(covered[word.start() : word.end()]):
                result.hidden_clean_words += 1
                result.overs.append(_miss(gold.name, number, "", turn.text, *word.span()))
    numbers = entity_numbers(mentions)
    result.entities = len(set(numbers))
    result.entities_whole = result.entities - len({entity for entity, leaked in zip(numbers, seen, strict=True) if leaked})
    return result


def _miss(file: str, number: int, label: str, text: str, start: int, end: int) -> Miss:
    before = max(0, start - 40)
    return Miss(file, number, label, text[start:end], text[before : end + 25], start - before)
