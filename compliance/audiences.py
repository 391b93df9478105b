"""The audience table: which policy a person, a role, an API key or an export gets in a matter.

The most specific rule wins: the matter's before the organization's, a person's before a role's, the strictest among
roles. Without a rule everybody gets ``identifiers``. Whatever shows more than that is for attorneys and clinicians, and
``verbatim`` for a person by name, in one matter, with a purpose. Anything that cannot be decided raises.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from compliance import audit, policies
from compliance.audit import Actor, Target
from compliance.models import AudienceRule, DisclosurePolicy
from compliance.policies import DEFAULT, VERBATIM, PolicyUnresolved, hides_at_least, readable
from compliance.redaction import Policy
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Role
from portal.errors import BadInput

EXPORT: Final = "export"
# Those who answer for a case or a patient may be given more than the default.
RESPONSIBLE: Final = frozenset({Role.ATTORNEY, Role.CLINICIAN})
# Why somebody reads a matter with nothing hidden.
PURPOSES: Mapping[str, str] = {
    "care": "Care of this patient",
    "court": "Court order or subpoena",
    "litigation": "Work on this case",
    "patient_request": "Request of the person concerned",
    "quality": "Checking what was hidden",
}
_ID = r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
_AUDIENCE = re.compile(rf"role:([a-z_]+)|member:{_ID}|key:{_ID}|export")


@dataclass(frozen=True, slots=True)
class Audience:
    """For whom a view is made. An export is made by a person or a key and never shows more than that one sees."""

    member_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    key_id: UUID | None = None
    export: bool = False

    @classmethod
    def of_member(cls, member: Member, *, export: bool = False) -> "Audience":
        return cls(member.id, member.roles, None, export)

    @classmethod
    def of_key(cls, key: ApiKey, *, export: bool = False) -> "Audience":
        return cls(key.member_id, key.member.roles, key.id, export)


@dataclass(frozen=True, slots=True)
class Given:
    """A policy, and for ``verbatim`` the purpose for which it was given."""

    policy: DisclosurePolicy
    purpose: str = ""

    @property
    def verbatim(self) -> bool:
        return not readable(self.policy).hides_anything


def policy_for(organization_id: UUID, matter_id: UUID, audience: Audience) -> DisclosurePolicy:
    """The policy under which this audience sees this matter. Raises PolicyUnresolved; never shows more for want of a rule."""
    return given_for(organization_id, matter_id, audience).policy


def given_for(organization_id: UUID, matter_id: UUID, audience: Audience) -> Given:
    """As ``policy_for``, with the purpose. Raises PolicyUnresolved."""
    live = AudienceRule.objects.filter(organization_id=organization_id, removed_at=None)
    rules = list(live.filter(Q(matter_id=matter_id) | Q(matter_id=None)))
    own = _by_key(organization_id, matter_id, audience, rules)
    if not audience.export:
        return own
    rule = _find(rules, matter_id, EXPORT)
    exported = policies.resolve(organization_id, rule.policy_name if rule else DEFAULT)
    return Given(policies.strictest(organization_id, [exported, own.policy]))


def _by_key(organization_id: UUID, matter_id: UUID, audience: Audience, rules: list[AudienceRule]) -> Given:
    if audience.key_id is not None:
        # A program is not a person: what its member may read by name is not for it.
        rule = _find(rules, matter_id, f"key:{audience.key_id}")
        return _given(organization_id, rule, audience) if rule else Given(policies.resolve(organization_id, DEFAULT))
    if audience.member_id is None:
        raise PolicyUnresolved
    for scope in (matter_id, None):
        rule = next((r for r in rules if r.matter_id == scope and r.audience == f"member:{audience.member_id}"), None)
        if rule is not None:
            return _given(organization_id, rule, audience)
        names = {f"role:{role.value}" for role in audience.roles}
        found = [_given(organization_id, r, audience) for r in rules if r.matter_id == scope and r.audience in names]
        if found:
            return Given(policies.strictest(organization_id, [given.policy for given in found]))
    return Given(policies.resolve(organization_id, DEFAULT))


def _find(rules: list[AudienceRule], matter_id: UUID, audience: str) -> AudienceRule | None:
    named = {rule.matter_id: rule for rule in rules if rule.audience == audience}
    return named.get(matter_id) or named.get(None)


def _given(organization_id: UUID, rule: AudienceRule, audience: Audience) -> Given:
    row = policies.resolve(organization_id, rule.policy_name)
    policy = readable(row)
    if not policy.hides_anything and not (
        rule.audience.startswith("member:") and rule.matter_id is not None and rule.purpose in PURPOSES
    ):
        raise PolicyUnresolved(policy=row.name)
    # A role may have been taken away since the rule was made.
    if _shows_more(organization_id, row) and not audience.roles & RESPONSIBLE:
        raise PolicyUnresolved(policy=row.name)
    return Given(row, rule.purpose)


def _shows_more(organization_id: UUID, row: DisclosurePolicy) -> bool:
    return not hides_at_least(readable(row), readable(policies.preset_row(DEFAULT)))


def table(organization_id: UUID, matter_id: UUID | None) -> list[AudienceRule]:
    """The live rules of a matter (None: of the whole organization)."""
    live = AudienceRule.objects.filter(organization_id=organization_id, matter_id=matter_id, removed_at=None)
    return list(live.order_by("audience"))


def set_rule(
    *, actor: Actor, by: Member, matter_id: UUID | None, audience: str, policy_name: str | None, purpose: str = ""
) -> AudienceRule | None:
    """Gives an audience a policy in a matter (None: everywhere in the organization); no policy removes the rule.

    ``audience``: ``role:<role>``, ``member:<id>``, ``key:<id>`` or ``export``. The caller checked that the matter is
    one of ``by``'s. Raises Refused, BadInput, PolicyUnresolved, PolicyRetired.
    """
    policies.require_policy_right(actor, by)
    return write_rule(
        actor=actor,
        organization_id=by.organization_id,
        matter_id=matter_id,
        audience=audience,
        policy_name=policy_name,
        purpose=purpose,
        set_by=by.id,
    )


def write_rule(
    *,
    actor: Actor,
    organization_id: UUID,
    matter_id: UUID | None,
    audience: str,
    policy_name: str | None,
    purpose: str = "",
    set_by: UUID | None = None,
) -> AudienceRule | None:
    """As ``set_rule`` for whoever sets an organization up: all is checked but the right.

    Raises BadInput, PolicyUnresolved, PolicyRetired.
    """
    roles = _roles_of(organization_id, audience)
    if policy_name is not None:
        row = policies.resolve(organization_id, policy_name)
        if not readable(row).hides_anything:
            if not audience.startswith("member:") or matter_id is None or purpose not in PURPOSES:
                raise BadInput("Nothing hidden is for one person, in one matter, with a purpose.", purposes=sorted(PURPOSES))
        elif purpose:
            raise BadInput(f"Only the policy {VERBATIM} has a purpose.")
        # An export is held back by what its maker sees, so its rule needs no role.
        if _shows_more(organization_id, row) and audience != EXPORT and not roles & RESPONSIBLE:
            raise BadInput("A policy that shows more than the default is for attorneys and clinicians.", policy=policy_name)
    with transaction.atomic():
        if policy_name is not None:
            # Whoever retires it in this moment waits, and finds the entry.
            policies.require_offered(organization_id, policy_name, lock=True)
        live = AudienceRule.objects.filter(
            organization_id=organization_id, matter_id=matter_id, audience=audience, removed_at=None
        )
        removed = live.update(removed_at=timezone.now())
        made = None
        if policy_name is not None:
            made = AudienceRule.objects.create(
                organization_id=organization_id,
                matter_id=matter_id,
                audience=audience,
                policy_name=policy_name,
                purpose=purpose,
                set_by=set_by,
            )
        if removed or made:
            audit.record(
                "compliance:audience:changed",
                organization_id=organization_id,
                actor=actor,
                target=Target("matter", matter_id, matter_id) if matter_id else Target("organization", organization_id),
                audience=audience,
                policy=policy_name or "",
                purpose=purpose or None,
            )
    return made


def cut_off(organization_id: UUID, name: str, policy: Policy) -> list[AudienceRule]:
    """The live rules of policy ``name`` whose people would see nothing any more if it became ``policy``.

    Whatever shows more than the default is for attorneys and clinicians; others who have it are shown nothing.
    """
    if hides_at_least(policy, readable(policies.preset_row(DEFAULT))):
        return []
    live = AudienceRule.objects.filter(organization_id=organization_id, policy_name=name, removed_at=None)
    lost = []
    for rule in live.exclude(audience=EXPORT).order_by("audience"):
        try:
            roles = _roles_of(organization_id, rule.audience)
        except BadInput:
            roles = frozenset()
        if not roles & RESPONSIBLE:
            lost.append(rule)
    return lost


def may_have(organization_id: UUID, audience: str, row: DisclosurePolicy) -> bool:
    """Whether this audience may be given this policy at all (``verbatim`` apart). Raises BadInput, PolicyUnresolved."""
    if audience == EXPORT or not _shows_more(organization_id, row):
        return True
    return bool(_roles_of(organization_id, audience) & RESPONSIBLE)


def _roles_of(organization_id: UUID, audience: str) -> frozenset[Role]:
    """The roles behind an audience. Raises BadInput for one that this organization does not have."""
    match = _AUDIENCE.fullmatch(audience)
    if match is None or (match[1] and match[1] not in {role.value for role in Role}):
        raise BadInput("An audience is role:<role>, member:<id>, key:<id> or export.")
    if match[1]:
        return frozenset({Role(match[1])})
    if match[2]:
        member = Member.objects.filter(organization_id=organization_id, pk=match[2]).first()
        if member is None:
            raise BadInput("There is no such person in your organization.")
        return member.roles
    if match[3]:
        key = ApiKey.objects.filter(organization_id=organization_id, pk=match[3]).select_related("member").first()
        if key is None:
            raise BadInput("There is no such key in your organization.")
        return key.member.roles
    return frozenset()
