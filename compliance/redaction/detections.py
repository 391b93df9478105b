"""What the second pass found. Detections hold places and types, never text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final


class DetectionFailed(RuntimeError):
    """The pass did not finish, so nothing it found may be used: the transcript has to be held.

    ``code`` is one of DETECTION_FAILURES; the message never holds a word of the transcript.
    """

    def __init__(self, code: str, message: str, recogniser: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.recogniser = recogniser


DETECTION_FAILURES = ("recogniser_failed", "time_limit", "configuration", "too_large")


class PrivateType(StrEnum):
    """The types of the portal: case.dev's nine, then the rest of Safe Harbor's (45 CFR 164.514(b)(2))."""

    NAME = "name"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE_NUMBER = "phone_number"
    SSN = "ssn"
    CREDIT_CARD = "credit_card"
    DATE_OF_BIRTH = "date_of_birth"
    MEDICAL = "medical"
    BANK_ACCOUNT = "bank_account"
    DATE = "date"
    AGE_OVER_89 = "age_over_89"
    MEDICAL_RECORD_NUMBER = "medical_record_number"
    HEALTH_PLAN_NUMBER = "health_plan_number"
    LICENSE_NUMBER = "license_number"
    VEHICLE_ID = "vehicle_id"
    DEVICE_ID = "device_id"
    URL = "url"
    IP_ADDRESS = "ip_address"


TYPES: tuple[str, ...] = tuple(t.value for t in PrivateType)


# Marks of a Detection: the speech service had taken the words out; it alone, or the second pass alone, found them.
MASKED: Final = "masked"
PROVIDER_ONLY: Final = "provider_only"
OURS_ONLY: Final = "ours_only"
# What it names goes on in another turn.
PART: Final = "part"
# Found by an organization's own pattern.
OWN: Final = "own_pattern"
# Somebody who is not of age.
MINOR: Final = "minor"
# A person, or the matter's list, says that it is to be hidden: no policy that hides anything shows it.
CHOSEN: Final = "chosen"


@dataclass(frozen=True, slots=True)
class Detection:
    """One private span of one turn: ``turn.text[start:end]``.

    ``first_word``/``last_word`` are word ids (inclusive), None where the turn has no words. ``entity`` numbers what the
    span names within its type (every mention of one person has the same), starting at 1. ``marks`` are facts that
    policies use (MINOR, CHOSEN, PART) or people want to know (MASKED, PROVIDER_ONLY, OURS_ONLY). ``unsure`` asks for a human
    eye; the span is hidden all the same.
    """

    id: str
    turn: int
    start: int
    end: int
    type: str
    score: float
    recogniser: str
    reason: str
    first_word: int | None = None
    last_word: int | None = None
    entity: int | None = None
    marks: tuple[str, ...] = ()
    unsure: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "turn": self.turn,
            "start": self.start,
            "end": self.end,
            "type": self.type,
            "score": self.score,
            "recogniser": self.recogniser,
            "reason": self.reason,
            "first_word": self.first_word,
            "last_word": self.last_word,
            "entity": self.entity,
            "marks": list(self.marks),
            "unsure": self.unsure,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Detection:
        return cls(**{**data, "marks": tuple(data.get("marks", ()))})


def detection_id(turn: int, start: int, end: int, type_: str) -> str:
    """The same span of the same text has the same id in every run."""
    return f"{turn}.{start}.{end}.{type_}"


@dataclass(frozen=True, slots=True)
class HiddenTurn:
    """A turn that is hidden whole: nobody could check it.

    ``read``: a person said that it is English, and what is private in it was looked for. It stays hidden here all the
    same: whether what the person said still holds is for whoever keeps the decisions.
    """

    turn: int
    reason: str  # "language"
    language: str | None = None
    read: bool = False

    def to_dict(self) -> dict[str, Any]:
        return {"turn": self.turn, "reason": self.reason, "language": self.language, "read": self.read}


@dataclass(frozen=True, slots=True)
class QuietWords:
    """Words that stay readable and are silent in the audio, under every policy that hides one of ``types``.

    ``words`` are word ids of ``turn``; ``reason`` is what pages say of it.
    """

    turn: int
    words: tuple[int, ...]
    types: tuple[str, ...]
    reason: str

    def to_dict(self) -> dict[str, Any]:
        return {"turn": self.turn, "words": list(self.words), "types": list(self.types), "reason": self.reason}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> QuietWords:
        return cls(int(data["turn"]), tuple(data["words"]), tuple(data["types"]), str(data["reason"]))


@dataclass(frozen=True, slots=True)
class Detections:
    """All of one run over one text, in reading order."""

    items: tuple[Detection, ...] = ()
    hidden_turns: tuple[HiddenTurn, ...] = ()
    recognisers: tuple[str, ...] = ()
    model: str = ""
    quiet: tuple[QuietWords, ...] = ()
    _version: int = field(default=1, repr=False)

    @property
    def disagreements(self) -> int:
        """Spans that only one of speech service and second pass found, where both were looking."""
        return sum(PROVIDER_ONLY in item.marks or OURS_ONLY in item.marks for item in self.items)

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": self._version,
            "items": [item.to_dict() for item in self.items],
            "hidden_turns": [turn.to_dict() for turn in self.hidden_turns],
            "quiet": [words.to_dict() for words in self.quiet],
            "recognisers": list(self.recognisers),
            "model": self.model,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Detections:
        return cls(
            items=tuple(Detection.from_dict(item) for item in data["items"]),
            hidden_turns=tuple(HiddenTurn(**turn) for turn in data.get("hidden_turns", ())),
            recognisers=tuple(data.get("recognisers", ())),
            model=data.get("model", ""),
            quiet=tuple(QuietWords.from_dict(words) for words in data.get("quiet", ())),
        )

    def with_added(
        self,
        turn: int,
        start: int,
        end: int,
        type_: str,
        *,
        recogniser: str = "reviewer",
        reason: str = "hidden by hand",
    ) -> Detections:
        """A person's "hide more". Raises ValueError for an empty or backward range."""
        return self.with_all([(turn, start, end, type_)], recogniser=recogniser, reason=reason)

    def with_all(
        self, spans: Iterable[tuple[int, int, int, str]], *, recogniser: str = "reviewer", reason: str = "hidden by hand"
    ) -> Detections:  # fmt: skip
        """The same for many at once, each (turn, start, end, type)."""
        added: dict[str, Detection] = {}
        for turn, start, end, type_ in spans:
            if turn < 0 or start < 0 or end <= start:
                raise ValueError("A hidden span needs a turn and a start before its end.")
            id_ = detection_id(turn, start, end, type_)
            added[id_] = Detection(id_, turn, start, end, type_, 1.0, recogniser, reason, marks=(CHOSEN,))
        kept = [item for item in self.items if item.id not in added]
        return replace(self, items=tuple(sorted([*kept, *added.values()], key=lambda d: (d.turn, d.start, d.end))))

    def without(self, ids: Iterable[str]) -> Detections:
        """A person's "not private"."""
        gone = frozenset(ids)
        return replace(self, items=tuple(item for item in self.items if item.id not in gone))
