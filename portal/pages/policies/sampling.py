"""What a policy does to a sample: its text, with what is hidden and what stays readable told apart."""

from dataclasses import dataclass

from django.utils import timezone

from compliance.redaction import Policy, render
from compliance.redaction.labels import BOX
from compliance.redaction.samples import NAMES, sample
from portal.errors import BadInput

TITLES = [(name, sample(name).title) for name in NAMES]


@dataclass(frozen=True, slots=True)
class Line:
    """``parts``: (text, kind): "label" or "box" where something is hidden, "said" where a private detail can be read."""

    speaker: str
    parts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Tried:
    lines: list[Line]
    hidden: int
    readable: int


def tried(policy: Policy, name: str) -> Tried:
    """The sample ``name`` under ``policy``. Raises BadInput for a sample that there is not."""
    if name not in NAMES:
        raise BadInput("There is no such sample.", allowed=list(NAMES))
    found = sample(name)
    shown = render(found.dialogue, found.detections, policy, this_year=timezone.now().year)
    lines: list[Line] = []
    hidden = readable = 0
    for turn, rendered in zip(found.dialogue.turns, shown.turns, strict=True):
        labels = {chip.detection_id: chip.label for chip in rendered.chips}
        parts: list[tuple[str, str]] = []
        edge = 0
        for item in (d for d in found.detections.items if d.turn == rendered.index):
            parts.append((turn.text[edge : item.start], ""))
            label = labels.get(item.id)
            if label is None:
                parts.append((turn.text[item.start : item.end], "said"))
            else:
                parts.append((label, "box" if label == BOX else "label"))
            hidden, readable = hidden + (label is not None), readable + (label is None)
            edge = item.end
        parts.append((turn.text[edge:], ""))
        lines.append(Line(turn.speaker, [part for part in parts if part[0]]))
    return Tried(lines, hidden, readable)
