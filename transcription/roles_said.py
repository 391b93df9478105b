"""What a voice is in the room: told by a person, or by the label that came with the text."""

from typing import Final

# Roles do not tell who somebody is, so they stay in views and exports that hide names.
ROLES: Final[dict[str, str]] = {
    "attorney": "Attorney",
    "clinician": "Clinician",
    "court": "Court",
    "interpreter": "Interpreter",
    "patient": "Patient",
    "reporter": "Reporter",
    "witness": "Witness",
}
# Other words for them, as services and court reporters write them.
_SAID: Final = {
    "court reporter": "reporter",
    "deponent": "witness",
    "doctor": "clinician",
    "judge": "court",
    "lawyer": "attorney",
    "physician": "clinician",
}


def role_said(heard_as: str) -> str:
    """The role that a label such as "THE WITNESS" names; "" where it may be somebody's name."""
    words = heard_as.casefold().strip(" .:").removeprefix("the ")
    return _SAID.get(words, words if words in ROLES else "")
