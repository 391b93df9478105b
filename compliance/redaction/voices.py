"""What a voice is called in a view that hides names: its letter or role, never a name that stands in its label."""

from __future__ import annotations

import re

from compliance.redaction.dialogue import Dialogue

# Letters and numbers as speech services give them.
_PLAIN = re.compile(r"(?i)(speaker[ _-]?)?([a-z]{1,2}|\d{1,3})|unknown|\?|")
# What somebody is in the room tells nobody who it is. A label of these words alone is kept.
ROLES = frozenset(
    """agent attorney by caller clerk clinician client counsel court customer defendant deponent doctor examiner expert
    interpreter interviewer interviewee judge lawyer nurse officer operator paralegal patient physician plaintiff provider
    reporter resident speaker technician the therapist unidentified videographer voice witness""".split()
)
_WORD = re.compile(r"[^\W_]+")


def plain_label(label: str) -> bool:
    """Whether a label is a letter or number that a service gave, or nothing."""
    return _PLAIN.fullmatch(label) is not None


def voices(dialogue: Dialogue) -> dict[str, str]:
    """For each label what may be shown of it: plain labels and roles as they are, others by the next free letter."""
    shown: dict[str, str] = {}
    labels = list(dict.fromkeys(turn.speaker for turn in dialogue.turns))
    taken = {label.upper() for label in labels}
    number = 0
    for label in labels:
        words = _WORD.findall(label.lower())
        if plain_label(label) or (words and all(word in ROLES or word.isdigit() for word in words)):
            shown[label] = label
            continue
        while (letter := speaker_letter(number)) in taken:
            number += 1
        taken.add(letter)
        shown[label] = letter
    return shown


def speaker_letter(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
