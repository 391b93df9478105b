"""Disclosure policies: one set of Detections, many views."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from compliance.redaction.detections import CHOSEN, MASKED, MINOR, TYPES, Detection, PrivateType


class Rule(StrEnum):
    """How a span of one type is shown."""

    LABEL = "label"  # [NAME 3]: the number stays the same for a person within a transcript
    BOX = "box"  # a black box, which does not even say the type
    LAST_FOUR = "last_four"
    YEAR = "year"
    YEAR_UNDER_90 = "year_under_90"  # no year that tells an age over 89: 45 CFR 164.514(b)(2)(i)(C)
    INITIALS = "initials"
    MINOR_INITIALS = "minor_initials"  # initials for a minor, everybody else as said
    ZIP3 = "zip3"  # 45 CFR 164.514(b)(2)(i)(B)
    NINETY_PLUS = "ninety_plus"  # 45 CFR 164.514(b)(2)(i)(C)
    SHOW = "show"


_NO_RULES_FOR_CHOSEN = frozenset((Rule.SHOW, Rule.INITIALS, Rule.MINOR_INITIALS))


class PolicyUnknown(LookupError):
    """No policy of that name: fail closed, never fall back to a weaker one."""


@dataclass(frozen=True, slots=True)
class Policy:
    """``rules`` by type; a type that no rule names is treated by ``other``: hidden, unless nothing is."""

    name: str
    version: int
    rules: Mapping[str, Rule] = field(default_factory=dict)
    other: Rule = Rule.LABEL

    def rule(self, type_: str) -> Rule:
        return self.rules.get(type_, self.other)

    def rule_for(self, item: Detection) -> Rule:
        """The rule for one Detection: SHOW for an adult where initials are for minors, and the label for what somebody chose to
        hide, whatever its type, where the policy shows that or leaves initials (nobody says that it is a person's name); unless
        the policy hides nothing at all. What the speech service took out is hidden by all of these, too: nobody can tell whose
        name or which date it was, and the sound still says it. Of what is medical the policy decides: a dose that is gone from
        the text may be heard where doses may be read.
        """
        rule = self.rule(item.type)
        if MASKED in item.marks and self.hides_anything and item.type != PrivateType.MEDICAL:
            return Rule.BOX if rule is Rule.BOX else Rule.LABEL
        if CHOSEN in item.marks and self.hides_anything and rule in _NO_RULES_FOR_CHOSEN:
            return Rule.LABEL
        return Rule.SHOW if rule is Rule.MINOR_INITIALS and MINOR not in item.marks else rule

    def hides_every(self, type_: str) -> bool:
        """Whether all of this type is hidden, not only what is a minor's."""
        return self.rule(type_) not in (Rule.SHOW, Rule.MINOR_INITIALS)

    def hides(self, type_: str) -> bool:
        return self.rule(type_) is not Rule.SHOW

    @property
    def hides_anything(self) -> bool:
        return self.other is not Rule.SHOW or any(rule is not Rule.SHOW for rule in self.rules.values())

    @property
    def knows_ages(self) -> bool:
        """Whether the view of a year of birth depends on the year of the calendar."""
        return Rule.YEAR_UNDER_90 in (self.other, *self.rules.values())

    @property
    def hidden_types(self) -> tuple[str, ...]:
        return tuple(t for t in TYPES if self.hides(t))

    def with_types(self, types: Iterable[str]) -> Policy:
        """The same policy that also hides these types (those of which it hides all already keep their rule)."""
        more = {t: Rule.LABEL for t in types if not self.hides_every(t)}
        return replace(self, rules={**self.rules, **more})

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "version": self.version,
            "rules": {type_: rule.value for type_, rule in self.rules.items()},
            "other": self.other.value,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Raises ValueError for a rule that does not exist."""
        rules = {str(type_): Rule(rule) for type_, rule in data.get("rules", {}).items()}
        return cls(str(data["name"]), int(data["version"]), rules, Rule(data.get("other", Rule.LABEL)))


T = PrivateType
_ALL: dict[str, Rule] = dict.fromkeys(TYPES, Rule.LABEL)
_NOTHING: dict[str, Rule] = dict.fromkeys(TYPES, Rule.SHOW)

PRESETS: Mapping[str, Policy] = {
    policy.name: policy
    for policy in (
        Policy("identifiers", 1, {**_ALL, T.MEDICAL: Rule.SHOW}),
        Policy("everything", 1, _ALL),
        Policy(
            "hipaa_safe_harbor",
            2,  # 1 showed every year of birth
            {
                **_ALL,
                T.MEDICAL: Rule.SHOW,
                T.DATE: Rule.YEAR_UNDER_90,
                T.DATE_OF_BIRTH: Rule.YEAR_UNDER_90,
                T.ADDRESS: Rule.ZIP3,
                T.AGE_OVER_89: Rule.NINETY_PLUS,
            },
        ),
        # Fed. R. Civ. P. 5.2(a): taxpayer and accounts to four digits, birth dates to the year, minors' initials.
        Policy(
            "frcp_5_2",
            1,
            {
                **_NOTHING,
                T.SSN: Rule.LAST_FOUR,
                T.CREDIT_CARD: Rule.LAST_FOUR,
                T.BANK_ACCOUNT: Rule.LAST_FOUR,
                T.DATE_OF_BIRTH: Rule.YEAR,
                T.NAME: Rule.MINOR_INITIALS,
            },
        ),
        # Art. 4(1) and 9 GDPR: whatever identifies, and health data as a special category.
        Policy("gdpr", 1, _ALL),
        Policy("verbatim", 1, _NOTHING, Rule.SHOW),
    )
}

DEFAULT_POLICY = PRESETS["identifiers"]


def preset(name: str) -> Policy:
    """The preset of that name; raises PolicyUnknown."""
    try:
        return PRESETS[name]
    except KeyError:
        raise PolicyUnknown(f"There is no policy of that name; there are: {', '.join(PRESETS)}.") from None


def only(types: Iterable[str]) -> Policy:
    """A policy that hides these types and no other. Raises PolicyUnknown for a type that does not exist."""
    wanted = list(types)
    unknown = [t for t in wanted if t not in TYPES]
    if unknown or not wanted:
        raise PolicyUnknown(f"Choose among the types: {', '.join(TYPES)}.")
    return Policy("types", 1, {**_NOTHING, **dict.fromkeys(wanted, Rule.LABEL)}, Rule.SHOW)
