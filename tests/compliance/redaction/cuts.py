"""Turns cut where a speech service might cut them: at any word boundary, with or without somebody's "uh-huh" between.

    uv run python -m tests.compliance.redaction.cuts [--seed TEXT] [--cuts N] [--each N] [--misses]

prints, type by type, how many private spans that are hidden whole leak a word once their answer is cut inside them, and
how many more words are hidden for it. Each cut is read in its own whole dialogue and is the only one there.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from compliance.redaction import Dialogue, detect
from compliance.redaction.gold import LABELS, read_gold
from tests.compliance.redaction.conversations import QUESTIONS, STYLES, conversation

Turns = Sequence[tuple[str, str]]
DATA = Path(__file__).parents[2] / "data"
NODS = ("Mm-hm.", "Uh-huh.", "Okay.", "Go ahead.", "Got it.", "Right.")
# Words between two private ones that say nothing themselves.
JOINING = frozenset("dash hyphen at dot the of".split())
WAYS = ("two turns", "three turns", "uh-huh between")


@dataclass(frozen=True, slots=True)
class Cut:
    """A dialogue with some of its turns in pieces. ``places[n]``: of each new turn, (turn before, offset in it) or None."""

    turns: tuple[tuple[str, str], ...]
    places: tuple[tuple[int, int] | None, ...]


def boundaries(text: str, low: int = 0, high: int | None = None) -> list[int]:
    """Offsets of the spaces in ``text[low:high]`` with something said on both sides."""
    high = len(text) if high is None else high
    return [p for p in range(max(1, low), min(high, len(text) - 1)) if text[p] == " " and text[:p].strip() and text[p:].strip()]


def cut(turns: Turns, at: dict[int, Sequence[tuple[int, str | None]]]) -> Cut:
    """``turns`` with turn n cut at its spaces ``at[n]``; each cut may have an interjection of somebody else."""
    made: list[tuple[str, str]] = []
    places: list[tuple[int, int] | None] = []
    for number, (speaker, text) in enumerate(turns):
        begin = 0
        for place, nod in at.get(number, ()):
            made.append((speaker, text[begin:place]))
            places.append((number, begin))
            if nod is not None:
                made.append(("B" if speaker == "A" else "A", nod))
                places.append(None)
            begin = place + 1
        made.append((speaker, text[begin:]))
        places.append((number, begin))
    return Cut(tuple(made), tuple(places))


# What the language model alone takes for private, and what follows from that: a chance, which shifts with the words around.
JUDGED = ("the language model", "named elsewhere", "found elsewhere")


def hidden(turns: Turns, *, found_by_rule: bool = False) -> list[set[int]]:
    """For each turn the places that are hidden; only those of rules, if asked for."""
    found: list[set[int]] = [set() for _ in turns]
    for item in detect(Dialogue.from_turns(turns, language="en")).items:
        if not (found_by_rule and any(words in item.reason for words in JUDGED)):
            found[item.turn].update(range(item.start, item.end))
    return found


def hidden_when(made: Cut, count: int) -> list[set[int]]:
    """What is hidden of the pieces, as places in the ``count`` turns before they were cut."""
    whole: list[set[int]] = [set() for _ in range(count)]
    for place, found in zip(made.places, hidden(made.turns), strict=True):
        if place is not None:
            whole[place[0]].update(place[1] + p for p in found)
    return whole


def shown(text: str, places: Sequence[int], covered: set[int]) -> list[str]:
    """The words of ``text`` at ``places`` of which a letter or digit can be read."""
    found: list[str] = []
    word: list[int] = []
    for place in [*places, None]:
        if place is not None and text[place].isalnum():
            word.append(place)
            continue
        said = "".join(text[p] for p in word)
        if said.lower() not in JOINING and any(p not in covered for p in word):
            found.append(said)
        word = []
    return found


def cut_inside(
    rng: random.Random, text: str, low: int, high: int, style: str
) -> tuple[str, list[tuple[int, str | None]]] | None:
    """A way to cut the span in one or two places; None where it is one word."""
    inside = boundaries(text, low, high)
    if not inside:
        return None
    way = rng.choice(WAYS)
    if way == "three turns" and len(inside) < 2:
        way = "two turns"
    nod = rng.choice(NODS)
    nod = styled(nod, style)
    places = sorted(rng.sample(inside, 2 if way == "three turns" else 1))
    return way, [(place, nod if way == "uh-huh between" else None) for place in places]


def styled(nod: str, style: str) -> str:
    return nod.lower().strip(".").replace("-", "") if style == "lower" else nod


@dataclass(slots=True)
class Tally:
    cuts: int = 0
    leaks: int = 0
    over: int = 0


def trial(turns: Turns, number: int, low: int, high: int, rng: random.Random, style: str) -> tuple[str, list[str], int] | None:
    """One cut of one span: the way, what can be read of the span, how many more other words are hidden."""
    text = turns[number][1]
    way = cut_inside(rng, text, low, high, style)
    if way is None:
        return None
    before = _whole(tuple(turns))
    if shown(text, range(low, high), before[number]):
        return None  # it leaked before it was cut
    after = hidden_when(cut(turns, {number: way[1]}), len(turns))
    more = sum(
        len(shown(said, sorted(now), was)) for (_, said), was, now in zip(turns, before, after, strict=True) if now - was
    )
    return way[0], shown(text, range(low, high), after[number]), more


_KNOWN: dict[tuple[tuple[str, str], ...], list[set[int]]] = {}


def _whole(turns: tuple[tuple[str, str], ...]) -> list[set[int]]:
    if turns not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[turns] = hidden(turns)
    return _KNOWN[turns]


def made_up(seed: str, kind: str, style: str, cuts: int) -> Iterator[tuple[str, list[str], int, Turns]]:
    """Trials on made-up conversations, ``cuts`` of them."""
    rng = random.Random(f"{seed} {kind} {style}")
    done = 0
    while done < cuts:
        made = conversation(rng, kind, style)
        secrets = [s for s in made.secrets if boundaries(made.turns[s.turn][1], s.start, s.end)]
        if not secrets:
            if kind == "EMAIL" and style == "formatted":
                return  # one word: nothing to cut
            continue
        secret = rng.choice(secrets)
        result = trial(made.turns, secret.turn, secret.start, secret.end, rng, style)
        if result is not None:
            done += 1
            yield (*result, made.turns)


def gold(seed: str, folder: str, each: int) -> Iterator[tuple[str, str, str, list[str], int, str]]:
    """Trials on gold transcripts, at most ``each`` a file: label, style, way, what leaks, more words hidden, the turn."""
    for path in sorted((DATA / folder).glob("*.txt")):
        file = read_gold(path)
        rng = random.Random(f"{seed} {file.name}")
        turns = [(t.speaker, t.text) for t in file.turns]
        spans = [
            (n, s)
            for n, t in enumerate(file.turns)
            for s in t.spans
            if s.label in LABELS and boundaries(t.text, s.start, s.end)
        ]
        for number, span in rng.sample(spans, min(each, len(spans))):
            result = trial(turns, number, span.start, span.end, rng, file.style)
            if result is not None:
                yield span.label, file.style, *result, turns[number][1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", default="cuts")
    parser.add_argument("--cuts", type=int, default=60, help="of each type and style of the made-up conversations")
    parser.add_argument("--each", type=int, default=25, help="of each gold file")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()
    table: dict[tuple[str, str], Tally] = {}
    ways: Counter[str] = Counter()
    lost: Counter[str] = Counter()

    def count(kind: str, style: str, way: str, leaks: list[str], over: int, said: object) -> None:
        for key in ((kind, style), (kind, "all"), ("all", "all")):
            tally = table.setdefault(key, Tally())
            tally.cuts += 1
            tally.leaks += bool(leaks)
            tally.over += over
        ways[way] += 1
        lost[way] += bool(leaks)
        if leaks and options.misses:
            sys.stdout.write(f"{kind} {style} {way}: {leaks} in {said}\n")

    for kind in sorted(QUESTIONS):
        for style in STYLES:
            for way, leaks, over, turns in made_up(options.seed, kind, style, options.cuts):
                count(f"made up, {kind}", style, way, leaks, over, turns)
    for folder in ("gold", "gold-own"):
        for label, style, way, leaks, over, said in gold(options.seed, folder, options.each):
            count(f"gold, {label}", style, way, leaks, over, said)
    for (kind, style), tally in sorted(table.items()):
        share = tally.leaks / tally.cuts
        sys.stdout.write(
            f"{kind:28} {style:10} {tally.leaks:4} of {tally.cuts:5} leak ({share:.1%}); {tally.over} more words hidden\n"
        )
    for way in WAYS:
        if ways[way]:
            sys.stdout.write(f"{way}: {lost[way]} of {ways[way]} ({lost[way] / ways[way]:.1%})\n")


if __name__ == "__main__":
    main()
