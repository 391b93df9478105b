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
from dataclasses import dataclass
from pathlib import Path

from compliance.redaction.gold import GoldFile, read_gold
from compliance.redaction.lexicon import lexicon
from compliance.redaction.recognisers.words import STATES
from training import dialogues
from training.mishearing import misheard
from training.pools import Pools, plain
from training.segments import AGE, DATE, LOCATION, MEDICAL, NUMBER, PERSON, PLAIN, PLAIN_HEALTHY, WEB, Segment
from training.styling import Marked, join, styled
from training.templates import said

FOLDERS = (Path(__file__).parents[1] / "tests" / "data" / "gold-own", Path(__file__).parent / "written")
LABELS = {
    "NAME": PERSON, "ADDRESS": LOCATION, "EMAIL": WEB, "URL": WEB, "DOB": DATE, "DATE": DATE, "AGE_OVER_89": AGE,
    "MEDICAL": MEDICAL,
}  # fmt: skip
NUMBER_OF_FILE = re.compile(r"-(\d+)-")
RENAMED = 0.7  # share of copies with other names and digits
# Of the names that change where they may be odd: those that become a word of every day, and those that an engine gets wrong.
ODD, MISHEARD = 0.25, 0.1
MOST_TURNS = 14
WORD = re.compile(r"[^\W\d_]+")
DIGIT_WORDS = "zero one two three four five six seven eight nine".split()
TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER_WORD = f"(?:{'|'.join((*DIGIT_WORDS, *TENS_WORDS))})"
# What may be a year is left: "2018" as "7359" would be no year.
_COUNT = re.compile(rf"\b{_NUMBER_WORD}(?:[ -]{_NUMBER_WORD})+\b|\b(?!(?:19|20)\d\d\b)\d\d+\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d|\b(?:" + "|".join(DIGIT_WORDS) + r")\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Share:
    """Which transcripts a pass reads, by the numbers in their files' names, and how often.

    ``odd``: whether names also become words of every day and misheard ones, and places change, too. ``counts``: whether numbers
    that are nobody's change as well, so that the network learns what stands around a dose and not which doses there are.
    """

    numbers: range
    copies: int
    odd: bool = False
    counts: bool = False


def transcript_docs(
    pools: Pools, rng: random.Random, shares: Sequence[Share], folders: Sequence[Path] = FOLDERS
) -> Iterator[Marked]:
    """Windows of the transcripts of ``folders`` that ``shares`` name, each copy in other cuts and styles."""
    for share in shares:
        paths = [path for folder in folders for path in sorted(folder.glob("*.txt")) if _number(path) in share.numbers]
        files = [read_gold(path) for path in paths]
        for _ in range(share.copies):
            for gold in files:
                yield from _windows(gold, pools, rng, share)


def talk_docs(pools: Pools, rng: random.Random, copies: int) -> Iterator[Marked]:
    """Windows of the real dialogues that people marked."""
    share = Share(range(0), copies, odd=True)
    for _ in range(copies):
        for gold in dialogues.marked():
            yield from _windows(gold, pools, rng, share)


def _number(path: Path) -> int:
    number = NUMBER_OF_FILE.search(path.name)
    return -1 if number is None else int(number[1])


def _windows(gold: GoldFile, pools: Pools, rng: random.Random, share: Share) -> Iterator[Marked]:
    style = "lower" if gold.style == "lower" or rng.random() < 0.45 else gold.style
    changed = Changes(pools, rng, share.odd and rng.random() < 0.5) if rng.random() < RENAMED else None
    kind = PLAIN if gold.marks_medical else PLAIN_HEALTHY
    recounted = changed is not None and share.counts
    at = 0
    while at < len(gold.turns):
        count = rng.randint(1, MOST_TURNS)
        segments: list[Segment] = []
        for turn in gold.turns[at : at + count]:
            place = 0
            segments += [("\n", "")] if segments else []
            for span in turn.spans:
                between = turn.text[place : span.start]
                segments.append((recount(between, rng) if recounted else between, kind))
                label = LABELS.get(span.label, NUMBER)
                text = turn.text[span.start : span.end]
                segments += said(text if changed is None else changed.made(text, label), label)
                place = span.end
            rest = turn.text[place:]
            segments.append((recount(rest, rng) if recounted else rest, kind))
        yield styled(join([s for s in segments if s[0]]), style, rng)
        at += count


def recount(text: str, rng: random.Random) -> str:
    """Other digits for numbers of two digits or words and more; as many of them, years and "one" alone as they are."""

    def other(said: re.Match[str]) -> str:
        words = TENS_WORDS if said[0].lower() in TENS_WORDS else DIGIT_WORDS[1:]
        made = rng.choice("123456789" if said[0].isdigit() else words)
        return made.capitalize() if said[0][0].isupper() else made

    return _COUNT.sub(lambda m: re.sub(rf"\d|\b{_NUMBER_WORD}\b", other, m[0], flags=re.IGNORECASE), text)


class Changes:
    """Other people, numbers and, where ``odd``, places for those of one copy; the same one for each mention of a name."""

    def __init__(self, pools: Pools, rng: random.Random, odd: bool) -> None:
        self.pools, self.rng, self.odd = pools, rng, odd
        self.names: dict[str, str] = {}
        self.places: dict[str, str] = {}
        # Kinds of streets and the words of states say where a place stands in an address.
        self.kept = {kind.lower() for kind in pools.lists["street_types"]} | {w for state in STATES for w in state.split()}

    def made(self, text: str, label: str) -> str:
        if label == PERSON:
            return WORD.sub(lambda m: self.name(m[0]), text)
        if label == NUMBER or label == LOCATION and self.odd:
            text = _DIGIT.sub(lambda m: self.rng.choice("0123456789" if m[0].isdigit() else DIGIT_WORDS), text)
        return WORD.sub(lambda m: self.place(m[0]), text) if label == LOCATION and self.odd else text

    def name(self, word: str) -> str:
        """Somebody else's name for a word that is nothing but a name, or for any where names may be odd."""
        names, low = lexicon(), word.lower()
        plain_word = low in names.ordinary or low in names.common
        if len(low) < 3 or plain_word and not self.odd:
            return word  # what it means otherwise is what its mentions teach
        if low not in self.names:
            roll = self.rng.random() if self.odd else 1.0
            if roll < ODD:
                made = self.rng.choice(self.pools.lists["first_ambiguous" if low in names.first_names else "last_ambiguous"])
            elif roll < ODD + MISHEARD:
                made = misheard(word, self.rng)
            elif plain_word:
                made = word
            else:
                made = self.pools.first_name(self.rng) if low in names.first_names else self.pools.last_name(self.rng)
                made = made if made.isalpha() else plain(made).replace(" ", "")
                made = made if made.isalpha() else word
            self.names[low] = made
        return self.names[low].lower() if word.islower() else self.names[low]

    def place(self, word: str) -> str:
        """Another street's or town's word for one that means nothing else."""
        names, low = lexicon(), word.lower()
        if len(low) < 4 or low in names.ordinary or low in names.common or low in self.kept:
            return word
        if low not in self.places:
            made = self.rng.choice((self.pools.last_name, self.pools.city))(self.rng)
            self.places[low] = made if made.isalpha() else word
        return self.places[low].lower() if word.islower() else self.places[low]
