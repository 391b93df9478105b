"""Which ways of showing make sense for which type of private detail.

The editor offers these and nothing else is stored. Every type can be a label, a box, or shown as said.
"""

from __future__ import annotations

from collections.abc import Mapping

from compliance.redaction.detections import TYPES, PrivateType
from compliance.redaction.labels import label_for
from compliance.redaction.policies import Policy, Rule

# What no rule names: types of an organization's own recognisers.
OTHER = "other"

_T = PrivateType
_SHORTENED: Mapping[str, tuple[Rule, ...]] = {
    _T.NAME: (Rule.INITIALS, Rule.MINOR_INITIALS),
    _T.ADDRESS: (Rule.ZIP3,),
    _T.PHONE_NUMBER: (Rule.LAST_FOUR,),
    _T.SSN: (Rule.LAST_FOUR,),
    _T.CREDIT_CARD: (Rule.LAST_FOUR,),
    _T.DATE_OF_BIRTH: (Rule.YEAR, Rule.YEAR_UNDER_90),
    _T.BANK_ACCOUNT: (Rule.LAST_FOUR,),
    _T.DATE: (Rule.YEAR, Rule.YEAR_UNDER_90),
    _T.AGE_OVER_89: (Rule.NINETY_PLUS,),
    _T.MEDICAL_RECORD_NUMBER: (Rule.LAST_FOUR,),
    _T.HEALTH_PLAN_NUMBER: (Rule.LAST_FOUR,),
    _T.LICENSE_NUMBER: (Rule.LAST_FOUR,),
    _T.VEHICLE_ID: (Rule.LAST_FOUR,),
    _T.DEVICE_ID: (Rule.LAST_FOUR,),
}
TREATMENTS: Mapping[str, tuple[Rule, ...]] = {
    type_: (Rule.LABEL, Rule.BOX, *_SHORTENED.get(type_, ()), Rule.SHOW) for type_ in (*TYPES, OTHER)
}
# A made-up value of each type that can be shortened, to show what a choice looks like.
_VALUES: Mapping[str, str] = {
    _T.NAME: "Ana Belmont",
    _T.ADDRESS: "14 Alder Court, Pittsburgh 15213",
    _T.PHONE_NUMBER: "412-555-0143",
    _T.SSN: "900-12-1153",
    _T.CREDIT_CARD: "4111 1111 1111 1111",
    _T.DATE_OF_BIRTH: "March 3, 1982",
    _T.BANK_ACCOUNT: "0004417712",
    _T.DATE: "June 9, 2024",
    _T.MEDICAL_RECORD_NUMBER: "00417726",
    _T.HEALTH_PLAN_NUMBER: "881204417",
    _T.LICENSE_NUMBER: "98114407",
    _T.VEHICLE_ID: "0000112244",
    _T.DEVICE_ID: "0077314402",
}

# When these values were made up.
_MADE_UP_IN = 2026

# How much of a span a rule keeps hidden. What lies between SHOW and a label still shows something.
_STRENGTH: Mapping[Rule, int] = {
    Rule.SHOW: 0,
    Rule.MINOR_INITIALS: 1,
    Rule.INITIALS: 2,
    Rule.LAST_FOUR: 2,
    Rule.YEAR: 2,
    Rule.ZIP3: 2,
    Rule.NINETY_PLUS: 2,
    Rule.YEAR_UNDER_90: 3,
    Rule.LABEL: 4,
    Rule.BOX: 5,  # a label tells the type, and which mentions are the same
}


def makes_sense(type_: str, rule: Rule) -> bool:
    """Whether the editor offers ``rule`` for ``type_`` (a type, or ``other``)."""
    return rule in TREATMENTS.get(type_, ())


def example(type_: str, rule: Rule) -> str:
    """What stands in the text under ``rule``, on a made-up value; empty where it is shown as said."""
    if rule in (Rule.SHOW, Rule.MINOR_INITIALS):
        return ""
    return label_for(rule, type_, _VALUES.get(type_, ""), 1, this_year=_MADE_UP_IN)


def shows_more(one: Policy, than: Policy) -> tuple[str, ...]:
    """The types (and ``other``) of which ``one`` shows more than the other policy does."""
    rules = [(type_, one.rule(type_), than.rule(type_)) for type_ in TYPES]
    rules.append((OTHER, one.other, than.other))
    return tuple(type_ for type_, mine, theirs in rules if _STRENGTH[mine] < _STRENGTH[theirs])
