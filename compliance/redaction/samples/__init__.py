"""Two short invented conversations with everything private marked, to try a policy on without anybody's data.

Marks are ``[[TYPE_n|text]]``: ``n`` is the same for one person or thing; ``TYPE_n_MINOR`` marks a minor. What is marked
is fixed, so that a change in what is shown is the policy's alone; a test holds the second pass to the same spans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from compliance.redaction.detections import Detection, Detections, detection_id
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.gold import read_gold

_MARK = re.compile(r"([A-Z][A-Z0-9_]{0,40}?)_(\d+)(_MINOR)?")
NAMES = ("legal", "clinical")


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation and what is private in it."""

    name: str
    title: str
    dialogue: Dialogue
    detections: Detections


@cache
def sample(name: str) -> Sample:
    """One of NAMES. Raises KeyError for another name."""
    if name not in NAMES:
        raise KeyError(name)
    gold = read_gold(Path(__file__).parent / f"{name}.txt", labels=None)
    found: list[Detection] = []
    for number, turn in enumerate(gold.turns):
        for span in turn.spans:
            match = _MARK.fullmatch(span.label)
            if match is None:
                raise ValueError(f"{name}.txt: the mark {span.label} is not TYPE_number.")
            type_ = match[1].lower()
            found.append(
                Detection(
                    id=detection_id(number, span.start, span.end, type_),
                    turn=number,
                    start=span.start,
                    end=span.end,
                    type=type_,
                    score=1.0,
                    recogniser="sample",
                    reason="marked by hand",
                    entity=int(match[2]),
                    marks=("minor",) if match[3] else (),
                )
            )
    return Sample(name, gold.meta["title"], gold.dialogue(), Detections(items=tuple(found)))
