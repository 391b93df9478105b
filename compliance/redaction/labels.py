"""What stands where a private span was.

Labels have one fixed grammar (LABEL): detection passes over whatever has it, so that a Rendition can be checked again.
It cannot carry an identifier: at most four digits, three initials, a year or the name of a language.
"""

from __future__ import annotations

import re

from compliance.redaction.detections import MASKED, Detections, PrivateType
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.lexicon import lexicon
from compliance.redaction.policies import Rule
from compliance.redaction.recognisers.words import STATE_CODES, STATES
from compliance.redaction.spelled import spells
from compliance.redaction.written import REPEATS, TENS, UNITS, written_digits, written_year

WORDS = {
    PrivateType.NAME: "NAME",
    PrivateType.ADDRESS: "ADDRESS",
    PrivateType.EMAIL: "EMAIL",
    PrivateType.PHONE_NUMBER: "PHONE",
    PrivateType.SSN: "SSN",
    PrivateType.CREDIT_CARD: "CARD",
    PrivateType.DATE_OF_BIRTH: "DATE OF BIRTH",
    PrivateType.MEDICAL: "MEDICAL",
    PrivateType.BANK_ACCOUNT: "ACCOUNT",
    PrivateType.DATE: "DATE",
    PrivateType.AGE_OVER_89: "AGE",
    PrivateType.MEDICAL_RECORD_NUMBER: "RECORD NUMBER",
    PrivateType.HEALTH_PLAN_NUMBER: "PLAN NUMBER",
    PrivateType.LICENSE_NUMBER: "LICENSE",
    PrivateType.VEHICLE_ID: "VEHICLE",
    PrivateType.DEVICE_ID: "DEVICE",
    PrivateType.URL: "URL",
    PrivateType.IP_ADDRESS: "IP ADDRESS",
}
OTHER = "PRIVATE"
BOX = "█████"

LANGUAGES = {
    "ar": "Arabic", "bn": "Bengali", "de": "German", "es": "Spanish", "fa": "Persian", "fr": "French", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi", "ht": "Haitian", "it": "Italian", "ja": "Japanese", "ko": "Korean", "nl": "Dutch",
    "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "so": "Somali", "sw": "Swahili",
    "ta": "Tamil", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese",
    "zh": "Chinese", "el": "Greek", "th": "Thai", "am": "Amharic",
}  # fmt: skip
_KINDS = "|".join(sorted({*WORDS.values(), OTHER}, key=len, reverse=True))
_VALUE = r"[1-9][0-9]{0,3}|ending [0-9]{4}|in (?:1[89]|20)[0-9]{2}|[A-Z]\.(?:[A-Z]\.){0,2}|[0-9]{3}\*\*|90\+"
LABEL = re.compile(rf"\[(?:{_KINDS})(?: (?:{_VALUE}))?\]|\[NOT CHECKED(?:: (?:{'|'.join(LANGUAGES.values())}))?\]|{BOX}")

# Three-digit ZIP areas with 20,000 people or fewer, which Safe Harbor wants as 000: HHS, "Guidance Regarding Methods
# for De-identification of Protected Health Information" (2000 census).
LOW_POPULATION_ZIP3 = frozenset(
    (
        "036",
        "059",
        "063",
        "102",
        "203",
        "556",
        "692",
        "790",
        "821",
        "823",
        "830",
        "831",
        "878",
        "879",
        "884",
        "890",
        "893",
    )
)



# "All elements of dates (including year) indicative of" an age over 89 (45 CFR 164.514(b)(2)(i)(C)): who was born 90 years
# ago is 89 or 90, and nobody can tell.
OVER_89_FROM = 90


_WORD = re.compile(r"[^\W_]+")
# "412-555-0143 extension 1234": the telephone's last four are before it.
_EXTENSION = re.compile(r"(?<![^\W\d_])(?:ext|extension|x)(?![^\W\d_])", re.IGNORECASE)
_TWO_INITIALS = re.compile(r"[^\W\d_]\. ?[^\W\d_]\.?")
_LONGER_THAN_FOUR = (PrivateType.SSN, PrivateType.CREDIT_CARD)
_NUMERALS = frozenset([*UNITS, *TENS, *REPEATS, "hundred"])


def language_name(language: str | None) -> str:
    """Spanish for "es" or "es-MX"; "" for a language that has no name here."""
    return LANGUAGES.get((language or "").replace("_", "-").split("-")[0].lower(), "")


def not_checked_label(language: str | None) -> str:
    name = language_name(language)
    return f"[NOT CHECKED: {name}]" if name else "[NOT CHECKED]"


def label_for(rule: Rule, type_: str, value: str, entity: int | None, *, this_year: int | None = None) -> str:
    """The text to show for ``value``. Falls back to the numbered label where the rule cannot be kept safely.

    ``this_year`` is the year of the calendar; without it no year can be said to be recent enough.
    """
    word = WORDS.get(PrivateType(type_), OTHER) if type_ in WORDS else OTHER
    if rule is Rule.BOX:
        return BOX
    if rule is Rule.LAST_FOUR:
        digits = written_digits(_EXTENSION.split(value)[0])
        # Four of fewer than eight would be half of the number or more: "MRN 4471" would be all of it. Of a card or a social
        # security number nobody has only four, so that these are the last four that was asked for.
        if len(digits) >= 8 or len(digits) == 4 and type_ in _LONGER_THAN_FOUR:
            return f"[{word} ending {digits[-4:]}]"
    elif rule in (Rule.YEAR, Rule.YEAR_UNDER_90):
        year = written_year(value)
        recent = year is not None and this_year is not None and this_year - year < OVER_89_FROM
        if year is not None and (recent or rule is Rule.YEAR):
            return f"[{word} in {year}]"
    elif rule in (Rule.INITIALS, Rule.MINOR_INITIALS):
        parts = re.findall(r"[^\W\d_]+", value)
        initials = [part[0].upper() for part in parts if part[0].isascii()][:3]
        # The initials of a name spelled out ("W U", "mike india alpha") are the name.
        # But "J. R." is what somebody is called; of a minor it may be "Bo", spelled.
        called = rule is Rule.INITIALS and _TWO_INITIALS.fullmatch(value)
        if initials and (called or not spells(value)):
            return f"[{word} {''.join(letter + '.' for letter in initials)}]"
    elif rule is Rule.ZIP3:
        digits = _zip_code(value)
        if digits:
            area = digits[:3] if digits[:3] not in LOW_POPULATION_ZIP3 else "000"
            return f"[{word} {area}**]"
    elif rule is Rule.NINETY_PLUS:
        return f"[{word} 90+]"
    return f"[{word} {entity}]" if entity is not None and 0 < entity < 10_000 else f"[{word}]"


def _zip_code(value: str) -> str:
    """The five digits of the ZIP code that ends an address, written or spoken; "" where no town, state or "zip" is before it.

    Five digits elsewhere are a house, a box or a road, of which nothing may be shown.
    """
    words = _WORD.findall(value.lower())
    first = len(words)
    while first and (words[first - 1].isdigit() or words[first - 1] in _NUMERALS):
        if words[first - 1] == "oh" and len(written_digits(" ".join(words[first:]))) in (5, 9):
            break  # "Dayton, OH 45402"
        first -= 1
    digits = written_digits(" ".join(words[first:]))
    before = words[:first]
    if len(digits) not in (5, 9) or not before:
        return ""
    ends = (" ".join(before[-length:]) for length in (1, 2, 3))
    known = any(end in STATES or end in STATE_CODES or end in ("zip", "zip code") or end in lexicon().cities for end in ends)
    return digits[:5] if known else ""


def number_entities(dialogue: Dialogue, detections: Detections) -> dict[str, int]:
    """A number for each detection: its own, or one by equal text for those that were added by hand."""
    numbers: dict[str, int] = {}
    by_text: dict[tuple[str, str], int] = {}
    highest: dict[str, int] = {}
    for item in detections.items:
        if item.entity is not None:
            highest[item.type] = max(highest.get(item.type, 0), item.entity)
            key = (item.type, dialogue.turns[item.turn].text[item.start : item.end].casefold())
            by_text.setdefault(key, item.entity)
            numbers[item.id] = item.entity
    for item in detections.items:
        if item.entity is None and MASKED not in item.marks:
            key = (item.type, dialogue.turns[item.turn].text[item.start : item.end].casefold())
            if key not in by_text:
                highest[item.type] = by_text[key] = highest.get(item.type, 0) + 1
            numbers[item.id] = by_text[key]
    return numbers
