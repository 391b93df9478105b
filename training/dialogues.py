"""Real dialogues: turns that hold no known name or place, as negatives, some with a name spoken into them; and whole ones as
people marked them.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from compliance.redaction.dialogue_marks import DOUBT
from compliance.redaction.gold import GoldFile, GoldTurn
from compliance.redaction.real_dialogues import as_marked, read_dialogues
from training.corpora import DATA
from training.pools import Pools
from training.segments import PERSON, Segment

TITLED = re.compile(
    r"\b(?:mr|mrs|ms|miss|mister|dr|doctor|nurse)\b\.? +"
    r"(?!you|i|and|the|said|told|is|was|to|on|in|for|has|or|who|that|with|gave)\w+",
    re.IGNORECASE,
)
WORD = re.compile(r"[a-z']+")
COMMON = 4  # a word seen this often in the dialogues and not capitalised is an ordinary one


def turns(held_out: bool) -> Iterator[tuple[str, list[str]]]:
    """File name and its turns; PriMock57 as written, ACI-Bench with its tokens joined again."""
    for name in ("primock57.json", "aci-bench.json"):
        for dialogue in read_dialogues(DATA / name):
            if dialogue.held_out == held_out:
                yield dialogue.name, [text for _, text in dialogue.turns]


def marked() -> list[GoldFile]:
    """Those that are not held out, as gold transcripts; a turn with a mark that is in doubt says nothing there."""
    read = [d for name in ("primock57.json", "aci-bench.json") for d in read_dialogues(DATA / name)]
    return [_without_doubt(as_marked(dialogue)) for dialogue in read if not dialogue.held_out]


def _without_doubt(gold: GoldFile) -> GoldFile:
    silent = GoldTurn("", "", ())
    return replace(gold, turns=tuple(silent if any(s.label == DOUBT for s in turn.spans) else turn for turn in gold.turns))


@cache
def frequencies() -> Counter[str]:
    return Counter(w for _, lines in turns(held_out=False) for line in lines for w in WORD.findall(line.lower()))


def negatives(pools: Pools) -> list[str]:
    """Pieces of at most 60 words without anything that could be a private name or place."""
    seen = frequencies()
    given = {n.lower() for n in pools.first} | {n.lower() for n in pools.lists["nicknames"]}
    places = {c.lower() for c in pools.cities}
    ordinary = {n.lower() for n in pools.lists["first_ambiguous"]}
    out = []
    for _, lines in turns(held_out=False):
        for line in lines:
            for piece in pieces(line):
                words = WORD.findall(piece.lower())
                suspect = [w for w in words if (w in given or w in places) and w not in ordinary and seen[w] < 25]
                if words and not suspect and not TITLED.search(piece) and not capital(piece):
                    out.append(piece)
    return out


def capital(piece: str) -> bool:
    """A capital within a sentence may be a name that no list knows; only "I" and the like is sure."""
    return bool(re.search(r"(?<=[a-z,] )(?!I\b|OK|CT|MRI|A&E|GP)[A-Z][a-z]+", piece))


def pieces(line: str) -> Iterator[str]:
    words = line.split()
    for i in range(0, len(words), 60):
        yield " ".join(words[i : i + 60])


def addressed(text: str, pools: Pools, rng: random.Random) -> list[Segment]:
    """A real turn with somebody's name spoken into it."""
    name = pools.first_name(rng) if rng.random() < 0.7 else pools.last_name(rng)
    if name[0] == name[0].upper() and text.islower():
        name = name.lower()
    parts = re.split(r"(?<=[,.?!]) ", text)
    where = rng.randrange(len(parts) + 1)
    before, after = " ".join(parts[:where]), " ".join(parts[where:])
    lead = rng.choice(("", "okay ", "so ", "thanks ", "well, ", "Okay, ", "Right, ", "Hi "))
    return [(f"{before} {lead}".lstrip(), ""), (name, PERSON), (f", {after}" if after else ".", "")]
