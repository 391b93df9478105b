"""What a speech service itself marked as private: placeholders in its text, and lists of what it found.

AssemblyAI writes ``[PERSON_NAME]`` or one ``#`` a character (``redact_pii_sub``), Gladia ``[NAME_1]`` or ``####``; both give
lists of entities with times. Under a placeholder the words are gone, but the recording still says them: it is a private
span like any other, so that its sound is silenced.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from compliance.redaction.detections import PrivateType
from compliance.redaction.dialogue import Dialogue, ProviderMark, Turn
from compliance.redaction.labels import LABEL, WORDS

# What is private, though none of the portal's types names it: hidden by every policy that hides what it does not know.
UNNAMED: Final = "private"
# An answer with more entities than this is no list of what was said in seven hours; the rest of it is not read.
MOST_ENTITIES: Final = 50_000
# Each one that fits no word, or has no time, is looked for in all turns: more of them are a broken answer.
MOST_UNPLACED: Final = 2_000

_T = PrivateType
# The services' names of types. Those that say nothing private in the portal's sense (occupation, event, language) are
# not here.
_TYPES: Final[Mapping[str, str]] = {
    **{t.value: t.value for t in PrivateType},
    "account_number": _T.BANK_ACCOUNT, "bank_account_number": _T.BANK_ACCOUNT, "bank_routing": _T.BANK_ACCOUNT,
    "banking_information": _T.BANK_ACCOUNT, "blood_type": _T.MEDICAL, "condition": _T.MEDICAL,
    "credit_card_cvv": _T.CREDIT_CARD, "credit_card_expiration": _T.CREDIT_CARD, "credit_card_number": _T.CREDIT_CARD,
    "cvv": _T.CREDIT_CARD, "date_interval": _T.DATE, "dob": _T.DATE_OF_BIRTH, "dose": _T.MEDICAL,
    "driver_license": _T.LICENSE_NUMBER, "drivers_license": _T.LICENSE_NUMBER, "drug": _T.MEDICAL,
    "email_address": _T.EMAIL, "healthcare_number": _T.HEALTH_PLAN_NUMBER, "injury": _T.MEDICAL,
    "location": _T.ADDRESS, "medical_condition": _T.MEDICAL, "medical_process": _T.MEDICAL, "number_sequence": UNNAMED,
    "numerical_pii": UNNAMED, "passport_number": _T.LICENSE_NUMBER, "password": UNNAMED, "person": _T.NAME,
    "person_name": _T.NAME, "phone": _T.PHONE_NUMBER, "us_social_security_number": _T.SSN, "username": UNNAMED,
}  # fmt: skip
# Sounds that services describe in brackets: nothing was taken out there.
_SOUNDS: Final = frozenset(
    """applause audio_out background_noise blank_audio breath breathing cheering clears_throat cough coughing crosstalk
    cross_talk crying foreign_language foreign inaudible indiscernible laugh laughing laughs laughter music no_audio noise overlapping
    overlapping_speech pause phonetic ph sic side_conversation sigh sighs silence sneeze sniffing sobbing spoken_foreign_language
    unclear unintelligible unk unknown video_playback whispering""".split()
)
# A name in brackets as services write types, with a number for each person ...
_NAMED: Final = r"[A-Za-z]+(?:[_ -][A-Za-z]+){0,4}"
_NUMBER: Final = r"(?:[_ -]\d{1,4})?"
# ... or a word of signs only, one for each letter or digit. One # alone is a sign ("C#", "# 5") unless others are beside it; of
# stars and X fewer mean nothing: "f***", XXX is thirty or a size.
_PLACEHOLDER: Final = re.compile(
    rf"\[({_NAMED}){_NUMBER}\]|<({_NAMED}){_NUMBER}>|\{{({_NAMED}){_NUMBER}\}}"
    r"|[(+]{0,2}#(?:[-\u2010-\u2015/.,:@'\u2019()+ ]{0,3}#)+\)?"
    r"|(?<![\w*])\*{2,}(?:[-\u2010-\u2015/.@ ]\*{2,})+(?![\w*])|(?<![\w*])\*{4,}(?![\w*])"
    r"|(?<!\w)(?:[Xx]{2,}(?:[-\u2010-\u2015/][Xx]{2,})+|X{4,})(?!\w)"
)
_ALONE: Final = re.compile(r"#(?:\s+#)*")  # "# #": nothing was written there in signs
# What a sign says that names no type, though it is in braces or angles, as templates and marks of HTML are.
_TAKEN_OUT: Final = frozenset("redacted removed masked hidden private pii phi person".split())
_LABELLED: Final = sorted(((word, type_.value) for type_, word in WORDS.items()), key=lambda row: -len(row[0]))


def type_of(name: str) -> str | None:
    """The portal's type for a service's; None where it is nothing private."""
    low = name.strip().lower().replace(" ", "_").replace("-", "_")
    if low in _TYPES:
        return str(_TYPES[low])
    if low.startswith("name_"):
        return _T.NAME.value
    return _T.ADDRESS.value if low.startswith("location_") else None


def asked_types(result: Mapping[str, Any]) -> tuple[str, ...]:
    """The types that the service was asked to hide, as its answer says."""
    given = result.get("redact_pii_policies")
    if result.get("redact_pii") is not True or not isinstance(given, list):
        return ()
    return tuple(dict.fromkeys(type_ for name in given if isinstance(name, str) and (type_ := type_of(name))))


def placeholders(turn: Turn, recorded: bool) -> Iterator[ProviderMark]:
    """What the service took out of this turn's text, neighbours of one type as one. ``recorded``: not a document's."""
    last: ProviderMark | None = None
    for mark in sorted(_signs(turn.text, recorded), key=lambda m: (m.start, -m.end)):
        if last is not None and (mark.end <= last.end or last.type == mark.type and not turn.text[last.end : mark.start].strip()):
            last = replace(last, end=max(last.end, mark.end))
            continue
        if last is not None:
            yield last
        last = mark
    if last is not None:
        yield last


def _signs(text: str, recorded: bool) -> Iterator[ProviderMark]:
    labels = {match.span() for match in LABEL.finditer(text)}
    if recorded:
        # Whatever it looks like: no earlier pass has left a label in a recording.
        yield from (ProviderMark(start, end, _labelled(text[start:end])) for start, end in labels)
    for match in _PLACEHOLDER.finditer(text):
        if match.span() in labels:
            continue  # taken above; in a document nothing is left under it
        type_ = _placeholder_type(match)
        if type_ is not None:
            yield ProviderMark(match.start(), match.end(), type_)


def _labelled(label: str) -> str:
    """The type that a label of our own kind names."""
    return next((type_ for word, type_ in _LABELLED if label.startswith(f"[{word}")), UNNAMED)


def _placeholder_type(match: re.Match[str]) -> str | None:
    name = match[1] or match[2] or match[3]
    if name is None:
        return None if _ALONE.fullmatch(match[0]) else UNNAMED
    type_ = type_of(name)
    low = name.lower().replace(" ", "_").replace("-", "_")
    if match[1] is None and not (name.isupper() and (type_ or "_" in name or low in _TAKEN_OUT)):
        return None
    if type_ is not None:
        return type_
    # In capitals it is a type that nobody here knows; written otherwise it is somebody's remark.
    return UNNAMED if name.isupper() and low not in _SOUNDS else None


def marked(dialogue: Dialogue, result: Mapping[str, Any]) -> Dialogue:
    """``dialogue``, as read from a service's ``result``, with what that service marked in it and was asked to mark."""
    turns = _with_entities(dialogue.turns, result)
    return replace(dialogue, turns=turns, provider_asked=asked_types(result))


def _with_entities(turns: Sequence[Turn], result: Mapping[str, Any]) -> tuple[Turn, ...]:
    """The turns with what ``result["entities"]`` lists ({entity_type, text, start, end in ms}) marked in them.

    Placed by time; without one, wherever the text stands; where no word fits a time, the whole turn of that time.
    """
    given = result.get("entities")
    if not isinstance(given, list) or not given:
        return tuple(turns)
    marks: dict[int, list[ProviderMark]] = {}
    places = _Places(turns)
    for entity in given[:MOST_ENTITIES]:
        if not isinstance(entity, Mapping) or not isinstance(entity.get("entity_type"), str):
            continue
        type_ = type_of(entity["entity_type"])
        if type_ is None:
            continue
        for number, start, end in places.of(entity):
            marks.setdefault(number, []).append(ProviderMark(start, end, type_))
    return tuple(
        replace(turn, provider_marks=(*turn.provider_marks, *marks[number])) if number in marks else turn
        for number, turn in enumerate(turns)
    )


class _Places:
    """Where moments and texts stand in the turns."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._by_time = sorted(
            (word.start + word.end, number, word.char_start, word.char_end)
            for number, turn in enumerate(turns)
            for word in turn.words
            if word.start is not None and word.end is not None
        )
        self._by_text: dict[str, list[tuple[int, int, int]]] = {}
        self._unplaced = 0

    def of(self, entity: Mapping[str, Any]) -> list[tuple[int, int, int]]:
        start, end = entity.get("start"), entity.get("end")
        if isinstance(start, int | float) and isinstance(end, int | float) and 0 <= start <= end < 2**53:
            return self._at(start, end)
        text = entity.get("text")
        return self._reading(text) if isinstance(text, str) and text.strip() else []

    def _at(self, start: float, end: float) -> list[tuple[int, int, int]]:
        # Twice the middle of a word, so that it stays whole.
        low = bisect_left(self._by_time, (2 * start,))
        high = bisect_right(self._by_time, (2 * end, len(self._turns)))
        found: dict[int, tuple[int, int]] = {}
        for _, number, begin, stop in self._by_time[low:high]:
            first, last = found.get(number, (begin, stop))
            found[number] = (min(first, begin), max(last, stop))
        if found:
            return [(number, begin, stop) for number, (begin, stop) in found.items()]
        self._unplaced += 1
        if self._unplaced > MOST_UNPLACED:
            return []
        return [
            (number, 0, len(turn.text))
            for number, turn in enumerate(self._turns)
            if turn.text and turn.start is not None and turn.end is not None and turn.start <= end and start <= turn.end
        ]

    def _reading(self, text: str) -> list[tuple[int, int, int]]:
        if text not in self._by_text:
            if len(self._by_text) >= MOST_UNPLACED:
                return []
            pattern = re.compile(rf"(?<!\w){re.escape(text.strip())}(?!\w)", re.IGNORECASE)
            self._by_text[text] = [
                (number, match.start(), match.end())
                for number, turn in enumerate(self._turns)
                for match in pattern.finditer(turn.text)
            ]
        return self._by_text[text]
