"""Read the public NER data of `training/data` into marked sentences with our labels."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from training.guarding import PRESIDIO, guarded
from training.pools import Pools
from training.segments import LOCATION, ORG, PERSON, Segment

DATA = Path(__file__).parent / "data"
TAGS = {
    "PER": PERSON, "person": PERSON, "LOC": LOCATION, "location": LOCATION, "ORG": ORG, "corporation": ORG, "group": ORG,
    "PERSON": PERSON, "STREET_ADDRESS": LOCATION, "ZIP_CODE": LOCATION, "GPE": LOCATION, "ORGANIZATION": ORG, **PRESIDIO,
}  # fmt: skip
NO_SPACE_BEFORE = frozenset([".", ",", "?", "!", ";", ":", ")", "'", "%", "'s", "n't", "'re", "'ve", "'ll", "'d", "'m"])
WIDE = frozenset(
    (
        "us,usa,u.s.,u.s,u.s.a.,uk,u.k.,uae,eu,europe,africa,america,asia,england,scotland,wales,britain,"
        "great britain,united states,united kingdom,north america,south america,middle east,soviet union,"
        "earth"
    ).split(",")
)


def conll(path: Path) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            if rows:
                yield rows
            rows = []
            continue
        token, tag = line.split()[0], line.split()[-1]
        rows.append((token, tag))
    if rows:
        yield rows


def sentence(rows: list[tuple[str, str]], pools: Pools) -> list[Segment] | None:
    """Segments of one sentence; None where handles or broken marks would teach the wrong thing."""
    broad = {n.lower() for n, _ in pools.states} | {c.lower() for c in pools.countries} | WIDE
    segments: list[Segment] = []
    i = 0
    while i < len(rows):
        token, tag = rows[i]
        kind = TAGS.get(tag.split("-", 1)[-1], "")
        words = [token]
        j = i + 1
        if kind:
            while j < len(rows) and rows[j][1] == "I-" + tag.split("-", 1)[-1]:
                words.append(rows[j][0])
                j += 1
        if kind and any(w.startswith(("@", "#", "http")) for w in words):
            return None
        body = " ".join(words).replace(" .", ".").replace(" ,", ",").replace(" '", "'")
        if kind == LOCATION and body.lower() in broad:
            kind = ""
        glue = "" if not segments or token in NO_SPACE_BEFORE or segments[-1][0].endswith("(") else " "
        if glue:
            segments.append((glue, ""))
        segments.append((body, kind))
        i = j
    return segments


def presidio(pools: Pools) -> Iterator[list[Segment]]:
    broad = {n.lower() for n, _ in pools.states} | {c.lower() for c in pools.countries} | WIDE
    for row in json.loads((DATA / "presidio-synth.json").read_text(encoding="utf-8")):
        text, position, out = row["full_text"], 0, []
        for span in sorted(row["spans"], key=lambda s: s["start_position"]):
            start, end = span["start_position"], span["end_position"]
            if start < position:
                continue
            kind = TAGS.get(span["entity_type"], "")
            if kind == LOCATION and text[start:end].lower() in broad:
                kind = ""
            out += [(text[position:start], ""), (text[start:end], kind)]
            position = end
        out.append((text[position:], ""))
        yield [s for s in out if s[0]]


def sentences(pools: Pools) -> list[list[Segment]]:
    out: list[list[Segment]] = []
    for path in sorted(DATA.glob("*.conll")):
        for rows in conll(path):
            made = sentence(rows, pools)
            if made and (len(rows) > 3):
                out.append(made)
    out += presidio(pools)
    return [guarded(segments) for segments in out]


def renamed(segments: list[Segment], pools: Pools, rng: random.Random) -> list[Segment]:
    """The same sentence with other people and places: public figures repeat too much to teach what a name looks like."""
    out: list[Segment] = []
    for text, kind in segments:
        if kind == PERSON and text[:1].isupper() and len(text) > 1:
            words = text.split()
            if len(words) == 1:
                text = rng.choice((pools.first_name, pools.last_name))(rng)
            elif len(words) == 2:
                text = f"{pools.first_name(rng)} {pools.last_name(rng)}"
        if kind == LOCATION and text[:1].isupper() and text.replace(" ", "").isalpha() and len(text) > 3:
            text = pools.city(rng)
        out.append((text, kind))
    return out
