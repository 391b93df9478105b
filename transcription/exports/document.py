"""What every export format is given: one audience's view, ready to be written down."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

ROUGH_DRAFT: Final = "ROUGH DRAFT – NOT CERTIFIED"
BASIC_ENGINE_DRAFT: Final = "BASIC ENGINE DRAFT"


@dataclass(frozen=True, slots=True)
class Line:
    """One turn: ``speaker`` as it may leave the house, times in ms (None where nobody knows them)."""

    speaker: str
    start: int | None
    end: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """``matter`` is the short number: titles and parties stay behind the wall. ``signed``: by whom and when, if it is."""

    matter: str
    kind: str
    made_at: datetime
    policy: str
    policy_version: int
    version: int
    edition: int
    model: str
    duration_ms: int
    basic_engine: bool
    speakers_guessed: bool
    hidden_spans: int
    lines: tuple[Line, ...]
    speaker_names_kept_back: bool = False
    signatures: tuple[tuple[str, datetime], ...] = field(default=())

    @property
    def stamps(self) -> tuple[str, ...]:
        """What stands on every page."""
        return (ROUGH_DRAFT, BASIC_ENGINE_DRAFT) if self.basic_engine else (ROUGH_DRAFT,)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """Label and value, for the head of a document."""
        found = [
            ("Matter", self.matter),
            ("Kind", self.kind),
            ("Length", clock(self.duration_ms) if self.duration_ms else "no recording"),
            ("Transcribed by", self.model or "unknown"),
            ("View", f"{self.policy}, version {self.policy_version}; {self.hidden_spans} private parts hidden"),
            ("Text", f"version {self.version}, edition {self.edition}"),
            ("Exported", f"{self.made_at:%Y-%m-%d %H:%M} UTC"),
        ]
        if self.speakers_guessed:
            found.append(("Speakers", "their number was guessed by the speech service"))
        if self.speaker_names_kept_back:
            found.append(("Names", "speakers are named by role or letter, since this view hides names"))
        found += [("Signed", f"{name}, {at:%Y-%m-%d %H:%M} UTC") for name, at in self.signatures]
        return tuple(found)


def clock(milliseconds: int) -> str:
    """``1:02:03`` of milliseconds, whole seconds, hours always."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
