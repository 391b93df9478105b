"""Whole transcripts written by hand, cut into windows: the turns of phrase of long talk, and in it the ordinary words that look
like names, numbers and places.

They are those of `tests/data/gold-own`, which many authors wrote and which had been read while rules were made, and more that
were written to be learned from (`written`). Names and numbers are changed in most copies, so that the network learns where
people are named and not who they are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from compliance.redaction.gold import GoldFile, read_gold
from compliance.redaction.lexicon import lexicon
from training.pools import Pools, plain
from training.segments import AGE, DATE, LOCATION, MEDICAL, NUMBER, PERSON, PLAIN, PLAIN_HEALTHY, WEB, Segment
from training.styling import Marked, join, styled
from training.templates import said

FOLDERS = (Path(__file__).parents[1] / "tests" / "data" / "gold-own", Path(__file__).parent / "written")
LABELS = {
    "NAME": PERSON, "ADDRESS": LOCATION, "EMAIL": WEB, "URL": WEB, "DOB": DATE, "DATE": DATE, "AGE_OVER_89": AGE,
    "MEDICAL": MEDICAL,
}  # fmt: skip
# Transcripts that were written after the packaged model's last pass have greater numbers: they wait for a pass of their own,
# so that this one can be run again on what it read.
LAST_READ = 659
NUMBER_OF_FILE = re.compile(r"-(\d+)-")
RENAMED = 0.7  # share of copies with other names and digits
MOST_TURNS = 14
WORD = re.compile(r"[^\W\d_]+")
DIGIT_WORDS = "zero one two three four five six seven eight nine".split()
_DIGIT = re.compile(r"\d|\b(?:" + "|".join(DIGIT_WORDS) + r")\b", re.IGNORECASE)


def transcript_docs(
    pools: Pools, rng: random.Random, copies: int, folders: Sequence[Path] = FOLDERS
) -> Iterator[Marked]:
    """Windows of the transcripts of ``folders``, each transcript ``copies`` times in other cuts and styles."""
    files = [read_gold(path) for folder in folders for path in sorted(folder.glob("*.txt")) if _read(path)] if copies else []
    for _ in range(copies):
        for gold in files:
            yield from _windows(gold, pools, rng)


def _read(path: Path) -> bool:
    number = NUMBER_OF_FILE.search(path.name)
    return number is not None and int(number[1]) <= LAST_READ


def _windows(gold: GoldFile, pools: Pools, rng: random.Random) -> Iterator[Marked]:
    style = "lower" if gold.style == "lower" or rng.random() < 0.45 else gold.style
    changed: dict[str, str] | None = {} if rng.random() < RENAMED else None
    at = 0
    while at < len(gold.turns):
        count = rng.randint(1, MOST_TURNS)
        segments: list[Segment] = []
        for turn in gold.turns[at : at + count]:
            place = 0
            segments += [("\n", "")] if segments else []
            for span in turn.spans:
                segments.append((turn.text[place : span.start], PLAIN if gold.marks_medical else PLAIN_HEALTHY))
                segments += _span(turn.text[span.start : span.end], LABELS.get(span.label, NUMBER), changed, pools, rng)
                place = span.end
            segments.append((turn.text[place:], PLAIN if gold.marks_medical else PLAIN_HEALTHY))
        yield styled(join([s for s in segments if s[0]]), style, rng)
        at += count


def _span(text: str, label: str, changed: dict[str, str] | None, pools: Pools, rng: random.Random) -> list[Segment]:
    if changed is not None and label == PERSON:
        text = WORD.sub(lambda m: _other(m[0], changed, pools, rng), text)
    if changed is not None and label == NUMBER:
        text = _DIGIT.sub(lambda m: rng.choice("0123456789" if m[0].isdigit() else DIGIT_WORDS), text)
    return said(text, label)


def _other(word: str, changed: dict[str, str], pools: Pools, rng: random.Random) -> str:
    """Somebody else's name for a word that is nothing but a name; the same one for each mention."""
    names, low = lexicon(), word.lower()
    if len(low) < 3 or low in names.ordinary or low in names.common:
        return word  # what it means otherwise is what its mentions teach
    if low not in changed:
        made = pools.first_name(rng) if low in names.first_names else pools.last_name(rng)
        made = made if made.isalpha() else plain(made).replace(" ", "")
        changed[low] = made if made.isalpha() else word
    return changed[low].lower() if word.islower() else changed[low]
