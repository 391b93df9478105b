"""Turn labelled segments into text with spans, as speech engines write: formatted, spoken, lower-cased, unpunctuated."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from training.segments import HEALTHY, ORG, Segment

FILLERS = ("um", "uh", "you know", "like", "I mean", "well", "so", "let me see", "er", "hmm", "I think")
# Punctuation that engines without a punctuation model never return.
UNSPOKEN = re.compile(r"[.,?!;:\"“”()…—]|--+")
SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Marked:
    text: str
    spans: tuple[tuple[int, int, str], ...]


def join(segments: list[Segment]) -> Marked:
    text = ""
    spans: list[tuple[int, int, str]] = []
    for part, label in segments:
        if label:
            lead = len(part) - len(part.lstrip())
            body = part.strip()
            start = len(text) + lead
            if body and spans and spans[-1][2] == label and text[spans[-1][1] :] == " " and not lead:
                spans[-1] = (spans[-1][0], start + len(body), label)
            elif body:
                spans.append((start, start + len(body), label))
        text += part
    return Marked(text, tuple(spans))


def disfluent(segments: list[Segment], rng: random.Random, rate: float) -> list[Segment]:
    """Put fillers, repeats and false starts between the words that are no names, and now and then break off a name."""
    out: list[Segment] = []
    for text, label in segments:
        if label not in ("", HEALTHY):
            if label != ORG and " " not in text and len(text) > 4 and rng.random() < rate / 2 and text.isalpha():
                cut = text[: rng.randint(2, len(text) - 2)]
                out += [(cut, label), (rng.choice(("-- ", "- ", "... ", ", uh, ")), "")]
            out.append((text, label))
            continue
        words = text.split(" ")
        made = []
        for i, word in enumerate(words):
            if i and word[:1].isalnum() and rng.random() < rate:
                filler = rng.choice(FILLERS)
                made.append(rng.choice((f"{filler},", filler, f"{word.strip('.,?!')},")))
            made.append(word)
        out.append((" ".join(made), label))
    return out


def unpunctuated(marked: Marked, rng: random.Random, *, lower: bool, apostrophes: bool) -> Marked:
    """Drop punctuation, and case if asked; hyphens become spaces; without apostrophes `Dana's` is one word, marked whole."""
    kept: list[str] = []
    origin: list[int] = []
    text = marked.text
    spans = list(marked.spans)
    if not apostrophes:
        spans = [(s, e + 2 if text[e : e + 2].lower() in ("'s", "’s") else e, label) for s, e, label in spans]
    for i, char in enumerate(text):
        if char in "'’":
            if apostrophes:
                kept.append("'")
                origin.append(i)
            continue
        if char == "." and 0 < i < len(text) - 1 and text[i - 1].isdigit() and text[i + 1].isdigit():
            char = " point "[0]
        if UNSPOKEN.match(char):
            # "K., O." and "a.m." fall apart into letters; "Baker, Hart" keeps its space
            char = " "
        if char in "-_/":
            char = " "
        if char == "&":
            char = "&"
        if char == " " and kept and kept[-1] in " \n":
            continue
        kept.append(char.lower() if lower else char)
        origin.append(i)
    flat = "".join(kept)
    place: dict[int, int] = {o: k for k, o in enumerate(origin)}
    out = []
    for start, end, label in spans:
        inside = [place[i] for i in range(start, end) if i in place and not flat[place[i]].isspace()]
        if inside:
            out.append((inside[0], inside[-1] + 1, label))
    lead = len(flat) - len(flat.lstrip())
    flat = flat.rstrip()
    return Marked(flat[lead:], tuple((s - lead, e - lead, label) for s, e, label in out))


def upper(marked: Marked) -> Marked:
    text = "".join(c.upper() if len(c.upper()) == 1 else c for c in marked.text)
    return Marked(text, marked.spans)


def lower(marked: Marked) -> Marked:
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in marked.text)
    return Marked(text, marked.spans)


def styled(marked: Marked, style: str, rng: random.Random) -> Marked:
    if style in ("formatted", "spoken"):
        roll = rng.random()
        if roll < 0.05:
            return lower(marked)
        if roll < 0.07:
            return upper(marked)
        if roll < 0.10:
            return unpunctuated(marked, rng, lower=False, apostrophes=True)
        return marked
    return unpunctuated(marked, rng, lower=True, apostrophes=rng.random() < 0.5)
