"""What a speech service itself marked as private: placeholders in its text, and lists of what it found.

AssemblyAI writes ``[PERSON_NAME]`` or one ``#`` a character (``redact_pii_sub``), Gladia ``[NAME_1]`` or ``####``; both give
lists of entities with times. Under a placeholder the words are gone, but the recording still says them: it is a private
span like any other, so that its sound is silenced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from compliance.redaction.detections import PrivateType
from compliance.redaction.dialogue import Dialogue, ProviderMark, Turn
from compliance.redaction.labels import LABEL, WORDS
from compliance.redaction.provider_places import Places

# What is private, though none of the portal's types names it: hidden by every policy that hides what it does not know.
UNNAMED: Final = "private"
# An answer with more entities than this is no list of what was said in seven hours; the rest of it is not read.
MOST_ENTITIES: Final = 50_000

_T = PrivateType
# The services' names of types. What is medical may be shown, so that no dose is hidden under a name that nobody knows.
_TYPES: Final[Mapping[str, str]] = {
    **{t.value: t.value for t in PrivateType},
    "account_number": _T.BANK_ACCOUNT, "bank_account_number": _T.BANK_ACCOUNT, "bank_routing": _T.BANK_ACCOUNT,
    "banking_information": _T.BANK_ACCOUNT, "blood_type": _T.MEDICAL, "condition": _T.MEDICAL,
    "credit_card_cvv": _T.CREDIT_CARD, "credit_card_expiration": _T.CREDIT_CARD, "credit_card_number": _T.CREDIT_CARD,
    "credit_debit_cvv": _T.CREDIT_CARD, "credit_debit_expiry": _T.CREDIT_CARD, "credit_debit_number": _T.CREDIT_CARD,
    "cvv": _T.CREDIT_CARD, "date_interval": _T.DATE, "dob": _T.DATE_OF_BIRTH, "dosage": _T.MEDICAL, "dose": _T.MEDICAL,
    "diagnosis": _T.MEDICAL, "disease": _T.MEDICAL, "fac": _T.ADDRESS, "gpe": _T.ADDRESS, "loc": _T.ADDRESS,
    "medication": _T.MEDICAL, "per": _T.NAME, "procedure": _T.MEDICAL, "strength": _T.MEDICAL, "symptom": _T.MEDICAL,
    "test_name": _T.MEDICAL, "treatment": _T.MEDICAL, "vital_sign": _T.MEDICAL,
    "driver_license": _T.LICENSE_NUMBER, "drivers_license": _T.LICENSE_NUMBER, "drug": _T.MEDICAL,
    "email_address": _T.EMAIL, "healthcare_number": _T.HEALTH_PLAN_NUMBER, "injury": _T.MEDICAL,
    "location": _T.ADDRESS, "medical_condition": _T.MEDICAL, "medical_process": _T.MEDICAL, "number_sequence": UNNAMED,
    "numerical_pii": UNNAMED, "passport_number": _T.LICENSE_NUMBER, "password": UNNAMED, "person": _T.NAME,
    "person_name": _T.NAME, "phone": _T.PHONE_NUMBER, "us_social_security_number": _T.SSN, "username": UNNAMED,
}  # fmt: skip
# What services list that is not private in the portal's sense. Whatever else nobody here knows is.
_HARMLESS: Final = frozenset(
    """age cardinal corporate_action day duration effect event filename financial_metric gender gender_sexuality language law
    marital_status misc money money_amount month nationality norp occupation ordinal org organization
    organization_medical_facility origin percent person_age physical_attribute political_affiliation product profession project
    quantity religion sexuality statistics time trend work_of_art year zodiac_sign anatomy body_part form frequency lab_value
    measurement medical_code rate route_or_mode""".split()
)
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
# Digits that a service left of a number that it masked: "###-##-0142", "4769-****-****-****".
_DIGITS_BEFORE: Final = re.compile(r"(?<!\w)\d{1,8}[-\u2010-\u2015/.]$")
_DIGITS_AFTER: Final = re.compile(r"[-\u2010-\u2015/.]\d{1,8}(?!\w)")
_ALONE: Final = re.compile(r"#(?:\s+#)*")  # "# #": nothing was written there in signs
# What a sign says that names no type, though it is in braces or angles, as templates and marks of HTML are.
_TAKEN_OUT: Final = frozenset("redacted removed masked hidden private pii phi person".split())
_LABELLED: Final = sorted(((word, type_.value) for type_, word in WORDS.items()), key=lambda row: -len(row[0]))


def _with_digits(text: str, start: int, end: int) -> tuple[int, int]:
    if text[start] in "[<{":
        return start, end
    before, after = _DIGITS_BEFORE.search(text, max(0, start - 9), start), _DIGITS_AFTER.match(text, end)
    return before.start() if before else start, after.end() if after else end


def type_of(name: str) -> str | None:
    """The portal's type for a service's; None where it is nothing private."""
    low = _plain(name)
    if low in _TYPES:
        return str(_TYPES[low])
    if low.startswith("name_"):
        return _T.NAME.value
    return _T.ADDRESS.value if low.startswith("location_") else None


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


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
            yield ProviderMark(*_with_digits(text, *match.span()), type_)


def _labelled(label: str) -> str:
    """The type that a label of our own kind names."""
    return next((type_ for word, type_ in _LABELLED if label.startswith(f"[{word}")), UNNAMED)


def _placeholder_type(match: re.Match[str]) -> str | None:
    name = match[1] or match[2] or match[3]
    if name is None:
        return None if _ALONE.fullmatch(match[0]) else UNNAMED
    type_ = type_of(name)
    low = _plain(name)
    if match[1] is None and not (name.isupper() and (type_ or "_" in name or low in _TAKEN_OUT)):
        return None
    if type_ is not None:
        return type_
    # In capitals it is a type that nobody here knows; written otherwise it is somebody's remark.
    return UNNAMED if name.isupper() and low not in _SOUNDS else None


def marked(dialogue: Dialogue, result: Mapping[str, Any]) -> Dialogue:
    """``dialogue``, as read from a service's ``result``, with what that service marked in it and was asked to mark."""
    return marked_and_lost(dialogue, result)[0]


def marked_and_lost(dialogue: Dialogue, result: Mapping[str, Any]) -> tuple[Dialogue, int]:
    """``marked``, and how many entities of the service's list stand nowhere in the dialogue."""
    turns, lost = _with_entities([_with_signs_of_words(turn) for turn in dialogue.turns], result)
    return replace(dialogue, turns=turns, provider_asked=asked_types(result)), lost


def _with_signs_of_words(turn: Turn) -> Turn:
    """The turn, all of it marked where its words have more placeholders than its text: nobody knows where they stand there."""
    whole = (0, len(turn.text))
    if len(turn.words) < 2 or any((word.char_start, word.char_end) != whole for word in turn.words):
        return turn  # each stands at its place
    theirs = list(_signs(" ".join(word.text for word in turn.words), True))
    if len(theirs) <= len(list(_signs(turn.text, True))):
        return turn
    types = dict.fromkeys(sign.type for sign in theirs)
    return replace(turn, provider_marks=(*turn.provider_marks, *(ProviderMark(*whole, type_) for type_ in types)))


def _with_entities(turns: Sequence[Turn], result: Mapping[str, Any]) -> tuple[tuple[Turn, ...], int]:
    """The turns with what ``result["entities"]`` lists ({entity_type, text, start, end in ms}) marked in them.

    Placed by time, and wherever the text stands where there is no time or something else is said then; where no word fits
    either, the whole turn of that time.
    """
    given = result.get("entities")
    if not isinstance(given, list) or not given:
        return tuple(turns), 0
    marks: dict[int, list[ProviderMark]] = {}
    places = Places(turns)
    lost = 0
    for number, entity in enumerate(given):
        if not isinstance(entity, Mapping) or not isinstance(entity.get("entity_type"), str):
            continue
        name = entity["entity_type"]
        type_ = type_of(name) or (None if _plain(name) in _HARMLESS else UNNAMED)
        if type_ is None:
            continue
        found = places.of(entity) if number < MOST_ENTITIES else []
        lost += not found
        for turn, start, end in found:
            marks.setdefault(turn, []).append(ProviderMark(start, end, type_))
    return tuple(
        replace(turn, provider_marks=(*turn.provider_marks, *marks[number])) if number in marks else turn
        for number, turn in enumerate(turns)
    ), lost
