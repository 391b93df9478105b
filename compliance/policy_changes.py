"""Changing a policy: what a change means is checked and said before it is saved, and no version is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from compliance import audiences, policies
from compliance.audit import Actor
from compliance.models import DisclosurePolicy
from compliance.policies import DEFAULT, Difference, PolicyUnresolved, differences, preset_row, readable
from compliance.redaction import Policy
from compliance.redaction.treatments import shows_more
from portal.accounts.models import Member
from portal.errors import BadInput, NotFound


class WouldCutOff(BadInput):
    code = "policy_cuts_off"
    message = (
        "This would show more than the default, and the policy is given to people who may not see more: they would see "
        "nothing at all. Give them another policy first, or hide more."
    )


@dataclass(frozen=True, slots=True)
class Version:
    """One version with what it changed. ``differences`` is None where this version or the one before cannot be read."""

    row: DisclosurePolicy
    policy: Policy | None
    differences: tuple[Difference, ...] | None
    newest: bool


def versions(organization_id: UUID, name: str) -> list[Version]:
    """All versions of an organization's own policy, newest first; empty for a name it does not have."""
    rows = DisclosurePolicy.objects.filter(organization_id=organization_id, name=name).order_by("version")
    found: list[Version] = []
    before: Policy | None = None
    for number, row in enumerate(rows):
        policy = read_or_none(row)
        changed = differences(before, policy) if before is not None and policy is not None else None
        found.append(Version(row, policy, () if number == 0 else changed, newest=False))
        before = policy
    if found:
        last = found[-1]
        found[-1] = Version(last.row, last.policy, last.differences, newest=True)
    return found[::-1]


def read_or_none(row: DisclosurePolicy) -> Policy | None:
    """The policy; None where its rules cannot be read (nothing is shown under it then)."""
    try:
        return readable(row)
    except PolicyUnresolved:
        return None


def weaker_than_default(policy: Policy) -> tuple[str, ...]:
    """The types of which this policy shows more than everybody's default does."""
    return shows_more(policy, readable(preset_row(DEFAULT)))


def change(
    *,
    actor: Actor,
    by: Member,
    name: str,
    rules: Mapping[str, str],
    other: str,
    expected: int,
    reverted_to: int | None = None,
) -> DisclosurePolicy:
    """Saves a new version. Raises as ``policies.save``, and WouldCutOff."""
    policies.require_policy_right(actor, by)
    policy = policies.checked(name, rules, other)
    lost = audiences.cut_off(by.organization_id, name, policy)
    if lost:
        raise WouldCutOff(audiences=len(lost))
    return policies.save(actor=actor, by=by, name=name, rules=rules, other=other, expected=expected, reverted_to=reverted_to)


def revert(*, actor: Actor, by: Member, name: str, version: int, expected: int) -> DisclosurePolicy:
    """A new version with what version ``version`` said. Raises NotFound, PolicyUnresolved, and as ``change``."""
    policies.require_policy_right(actor, by)
    row = DisclosurePolicy.objects.filter(organization_id=by.organization_id, name=name, version=version).first()
    if row is None:
        raise NotFound
    old = readable(row).to_dict()
    return change(actor=actor, by=by, name=name, rules=old["rules"], other=old["other"], expected=expected, reverted_to=version)
