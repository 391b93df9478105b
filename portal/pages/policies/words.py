"""What the pages about policies call things."""

from collections.abc import Mapping
from dataclasses import dataclass

from compliance import policies
from compliance.policies import Difference
from compliance.redaction import TYPES, Policy, PrivateType, Rule
from compliance.redaction.treatments import OTHER, TREATMENTS, example

_T = PrivateType
# type -> (what it is called, what it covers)
TYPE_WORDS: Mapping[str, tuple[str, str]] = {
    _T.NAME: ("Names", "of people, spelled ones too"),
    _T.ADDRESS: ("Addresses", "and places smaller than a state"),
    _T.EMAIL: ("E-mail addresses", ""),
    _T.PHONE_NUMBER: ("Telephone numbers", "and fax numbers"),
    _T.SSN: ("Social security numbers", "and taxpayer numbers"),
    _T.CREDIT_CARD: ("Card numbers", ""),
    _T.DATE_OF_BIRTH: ("Dates of birth", ""),
    _T.MEDICAL: ("Medical details", "conditions, drugs, procedures, injuries"),
    _T.BANK_ACCOUNT: ("Account numbers", ""),
    _T.DATE: ("Other dates", ""),
    _T.AGE_OVER_89: ("Ages over 89", ""),
    _T.MEDICAL_RECORD_NUMBER: ("Medical record numbers", ""),
    _T.HEALTH_PLAN_NUMBER: ("Health plan numbers", ""),
    _T.LICENSE_NUMBER: ("Licenses and certificates", ""),
    _T.VEHICLE_ID: ("Vehicles", "plates and identification numbers"),
    _T.DEVICE_ID: ("Devices", "serial numbers"),
    _T.URL: ("Web addresses", ""),
    _T.IP_ADDRESS: ("IP addresses", ""),
    OTHER: ("Anything else", "found by your own patterns"),
}
_RULE_WORDS: Mapping[Rule, str] = {
    Rule.LABEL: "Label",
    Rule.BOX: "Black box",
    Rule.LAST_FOUR: "Last four",
    Rule.YEAR: "Year only",
    Rule.YEAR_UNDER_90: "Year only, unless it tells an age over 89",
    Rule.INITIALS: "Initials",
    Rule.MINOR_INITIALS: "Minors by initials, others as said",
    Rule.ZIP3: "First three of the ZIP",
    Rule.NINETY_PLUS: "90+",
    Rule.SHOW: "As said",
}
PRESET_WORDS: Mapping[str, str] = {
    "identifiers": "Everything that identifies a person is a label; medical details can be read. Everybody’s default.",
    "everything": "As “Identifiers hidden”, and medical details are hidden, too.",
    "hipaa_safe_harbor": (
        "As “Identifiers hidden”, but years (none that tells an age over 89), first three of a ZIP (by the rule) and “90+” "
        "can be read."
    ),
    "frcp_5_2": "For a filing: last four of numbers, year of birth, minors by initials. Names and addresses can be read.",
    "gdpr": "Whatever identifies a person, and health data, is hidden.",
    policies.VERBATIM: "Nothing is hidden. Given to a person by name, in one matter, for a purpose; each read is recorded.",
}


def type_words(type_: str) -> str:
    return TYPE_WORDS[type_][0] if type_ in TYPE_WORDS else type_.replace("_", " ")


def in_sentence(type_: str) -> str:
    """``other dates``, but ``IP addresses``: as it stands in the middle of a sentence."""
    label = type_words(type_)
    return label if label[:2].isalpha() and label[:2].isupper() else label[:1].lower() + label[1:]


def rule_words(rule: Rule) -> str:
    return _RULE_WORDS[rule]


def name_words(name: str) -> str:
    """A preset's label, or the name that the organization gave: ``court_copy`` is "Court copy"."""
    return policies.LABELS.get(name) or name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Choice:
    rule: str
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    """One type in the table of a policy: how it is shown now, and what else it could be."""

    type: str
    label: str
    hint: str
    rule: str
    words: str
    example: str
    choices: tuple[Choice, ...]


def rows(policy: Policy) -> list[Row]:
    """A row a type, and one for anything else."""
    found = []
    for type_ in (*TYPES, OTHER):
        rule = policy.other if type_ == OTHER else policy.rule(type_)
        label, hint = TYPE_WORDS[type_]
        choices = tuple(Choice(one.value, _choice(type_, one)) for one in TREATMENTS[type_])
        found.append(Row(type_, label, hint, rule.value, rule_words(rule), example(type_, rule), choices))
    return found


def _choice(type_: str, rule: Rule) -> str:
    shown = example(type_, rule)
    return f"{rule_words(rule)}: {shown}" if shown else rule_words(rule)


@dataclass(frozen=True, slots=True)
class Said:
    """A difference in people's words."""

    label: str
    before: str
    after: str


def said(found: tuple[Difference, ...]) -> list[Said]:
    return [Said(type_words(one.type), rule_words(one.before), rule_words(one.after)) for one in found]
