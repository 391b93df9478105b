"""Real dialogues: reading them, and what the second pass hides of them.

JSON files, each a list of dialogues: ``{"id", "utterances": [{"speaker", "text"}]}``, or ``{"file",
"dialogue"}`` where the dialogue is one text of turns that begin with ``[doctor]``, ``[patient]`` and the like and has a
space between all its tokens. Where people marked what is private in them (`dialogue_marks`), leaks are counted and innocent
words that are hidden; elsewhere what of all that is hidden is private is told by reading a sample.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from compliance.redaction import dialogue_marks
from compliance.redaction.detecting import DetectSettings, detect
from compliance.redaction.detections import PrivateType
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.dialogue_marks import Mark, MarksInvalid, read_marks
from compliance.redaction.floors import ALL, share
from compliance.redaction.gold import WORD, GoldFile, Score, score
from compliance.redaction.provenance import made_by

# Of so many dialogues of a file the last is never trained on.
HELD_OUT = 3
SAMPLE = 60
SEED = "sealscript real dialogues 1"
BEFORE, AFTER = 90, 60  # characters around a hidden passage
ROLE = re.compile(r"\[([a-z_ ]+)\]")
CAPITALS = 0.005  # share of letters below which a text has none to speak of


class DialoguesInvalid(ValueError):
    """A folder or file that holds no dialogues in a form that is known; names it."""


@dataclass(frozen=True, slots=True)
class RealDialogue:
    source: str
    name: str
    turns: tuple[tuple[str, str], ...]
    held_out: bool
    marks: tuple[Mark, ...] | None = None  # None: nobody marked what is private in it

    @property
    def style(self) -> str:
        """As those of gold transcripts, by its looks: without capitals, without digits, or with both."""
        text = "".join(text for _, text in self.turns)
        letters = sum(c.isalpha() for c in text)
        if sum(c.isupper() for c in text) <= CAPITALS * letters:
            return "lower"
        return "formatted" if any(c.isdigit() for c in text) else "spoken"


def as_marked(real: RealDialogue) -> GoldFile:
    """As a gold transcript, with what people marked in it."""
    return dialogue_marks.as_gold(real.name, real.turns, real.marks or (), real.style)


def is_held_out(number: int) -> bool:
    """Whether the dialogue with this number in its file, from 0 on, is kept from training."""
    return number % HELD_OUT == HELD_OUT - 1


def read_dialogues(path: Path) -> list[RealDialogue]:
    """Those of one file. Raises DialoguesInvalid."""
    try:
        items = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(items, list):
            raise TypeError("not a list")
        named = [_named_turns(item) for item in items]
        texts = {name: [text for _, text in turns] for name, turns in named}
        marks = read_marks(path, texts)
        if marks is not None and len(texts) < len(named):
            raise MarksInvalid(f"{path.name} has two dialogues of one name: nobody knows which of them the marks mean.")
        return [
            RealDialogue(path.stem, name, turns, is_held_out(number), None if marks is None else marks[name])
            for number, (name, turns) in enumerate(named)
        ]
    except MarksInvalid as error:
        raise DialoguesInvalid(str(error)) from error
    except UnicodeDecodeError as error:
        raise DialoguesInvalid(f"{path.name} is no text in UTF-8. Save it as that.") from error
    except OSError as error:
        raise DialoguesInvalid(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DialoguesInvalid(f"{path.name} is no list of dialogues: see compliance/redaction/real_dialogues.py.") from error


def _named_turns(item: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    if "utterances" in item:
        return item["id"], tuple((said["speaker"], said["text"]) for said in item["utterances"])
    before, *parts = ROLE.split(item["dialogue"])
    roles, texts = ["", *parts[::2]], [before, *parts[1::2]]
    return item["file"], tuple((role, joined(text)) for role, text in zip(roles, texts, strict=True) if text.strip())


def joined(tokens: str) -> str:
    """Tokens with a space between as a text: ``"hi , martha . do n't"`` is ``"hi, martha. don't"``."""
    text = " ".join(tokens.split())
    return re.sub(r" ([.,?!;:])", r"\1", text).replace(" n't", "n't").replace(" 's", "'s")


@dataclass(slots=True)
class Hidden:
    """Counts of words. A word is hidden where a Detection has one of its characters."""

    dialogues: int = 0
    words: int = 0
    hidden: int = 0  # under any type but `medical`
    types: Counter[str] = field(default_factory=Counter)
    marked: int = 0  # dialogues in which people marked what is private
    found: Score = field(default_factory=Score)  # of those
    passages: list[dict[str, Any]] = field(default_factory=list)
    leaks: list[dict[str, Any]] = field(default_factory=list)

    def add(self, other: Hidden) -> None:
        self.dialogues += other.dialogues
        self.words += other.words
        self.hidden += other.hidden
        self.types.update(other.types)
        self.marked += other.marked
        self.found.add(other.found)

    def figures(self) -> dict[str, Any]:
        marked = {"marked": dialogue_marks.figures(self.marked, self.found)} if self.marked else {}
        return {
            "dialogues": self.dialogues,
            **marked,
            "words": self.words,
            "hidden": self.hidden,
            "share": share(self.hidden, self.words),
            "types": {
                type_: {"hidden": count, "share": share(count, self.words)} for type_, count in self.types.most_common()
            },
        }


def measure_dialogues(
    paths: Sequence[Path], settings: DetectSettings | None = None, *, trained_too: bool = False, sample: int = SAMPLE, command: str = ""
) -> dict[str, Any]:
    """What is hidden, as JSON-able data, with passages to judge by reading. ``paths`` are files, or folders of them.

    Of the dialogues that training does not see, or of all. Raises DialoguesInvalid.
    """
    files = [file for path in paths for file in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    names = ", ".join(path.name for path in paths)
    read = [dialogue for path in files for dialogue in read_dialogues(path)]
    if not read:
        raise DialoguesInvalid(f"There are no dialogues (*.json) in {names}.")
    kept = [dialogue for dialogue in read if dialogue.held_out or trained_too]
    if not kept:
        raise DialoguesInvalid(f"No file of {names} has {HELD_OUT} dialogues, so none is held out; --trained-too reads them all.")
    made = made_by(settings, command)
    totals: dict[str, dict[str, Hidden]] = {"styles": {}, "sources": {}}
    passages: list[dict[str, Any]] = []
    leaks: list[dict[str, Any]] = []
    for real in kept:
        read_one = _read_one(real, settings)
        passages += read_one.passages
        leaks += read_one.leaks
        for totalled, key in (("styles", real.style), ("styles", ALL), ("sources", real.source)):
            totals[totalled].setdefault(key, Hidden()).add(read_one)
    return {
        "read": [file.name for file in files],
        "made_by": made,
        "trained_too": trained_too,
        **{totalled: {key: counts.figures() for key, counts in sorted(by.items())} for totalled, by in totals.items()},
        "leaks": leaks,
        "seed": SEED,
        "passages": len(passages),
        "sample": sorted(passages, key=_drawn)[:sample],
    }


def _read_one(real: RealDialogue, settings: DetectSettings | None) -> Hidden:
    dialogue = Dialogue.from_turns(list(real.turns), language="en")
    found: dict[int, list[tuple[int, int, str]]] = {}
    for item in detect(dialogue, settings=settings).items:
        found.setdefault(item.turn, []).append((item.start, item.end, item.type))
    result = Hidden(dialogues=1)
    for number, turn in enumerate(dialogue.turns):
        spans = found.get(number, [])
        for word in WORD.finditer(turn.text):
            over = {type_ for start, end, type_ in spans if start < word.end() and word.start() < end}
            result.words += 1
            result.hidden += bool(over - {PrivateType.MEDICAL.value})
            result.types.update(over)
        result.passages += _passages(real, number, turn.text, spans)
    if real.marks is not None:
        hidden = [[(start, end) for start, end, type_ in found.get(n, ()) if type_ != PrivateType.MEDICAL] for n in range(len(real.turns))]
        result.marked, result.found = 1, score(as_marked(real), hidden)
        result.leaks += dialogue_marks.leaks(real.source, result.found)
    return result


def _passages(real: RealDialogue, number: int, text: str, spans: list[tuple[int, int, str]]) -> Iterator[dict[str, Any]]:
    for start, end, type_ in spans:
        if type_ == PrivateType.MEDICAL:
            continue
        yield {
            "source": real.source,
            "file": real.name,
            "style": real.style,
            "turn": number,
            "type": type_,
            "before": text[max(0, start - BEFORE) : start],
            "text": text[start:end],
            "after": text[end : end + AFTER],
        }


def _drawn(passage: dict[str, Any]) -> bytes:
    """By lot, but each passage always has the same: a rule that changes others leaves it in the sample."""
    lot = [SEED, *(str(passage[key]) for key in ("source", "file", "turn", "text", "before"))]
    return hashlib.sha256("\0".join(lot).encode()).digest()
