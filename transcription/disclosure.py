"""Changing who sees what: the change, and what follows from it at once, in one transaction.

From the commit on nothing is shown in the old way: views are made under the newest version only, and links to sound
that was made under an older one are closed. Making the new views of all transcripts follows (``rerendering``).
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from compliance import audiences, policies, policy_changes
from compliance.audit import Actor
from compliance.models import AudienceRule, DisclosurePolicy
from portal.accounts.models import Member
from transcription import links, rerendering


def save_policy(
    *, actor: Actor, by: Member, name: str, rules: Mapping[str, str], other: str, expected: int
) -> DisclosurePolicy:
    """A new version of a policy, in use at once. Raises as ``policy_changes.change``."""
    # A refusal is recorded in a transaction of its own, so the right is asked for outside of this one.
    policies.require_policy_right(actor, by)
    with transaction.atomic():
        row = policy_changes.change(actor=actor, by=by, name=name, rules=rules, other=other, expected=expected)
        rerendering.put_in_use(actor, row)
    return row


def revert_policy(*, actor: Actor, by: Member, name: str, version: int, expected: int) -> DisclosurePolicy:
    """A new version that says what an earlier one said. Raises as ``policy_changes.revert``."""
    policies.require_policy_right(actor, by)
    with transaction.atomic():
        row = policy_changes.revert(actor=actor, by=by, name=name, version=version, expected=expected)
        rerendering.put_in_use(actor, row)
    return row


def set_audience(
    *, actor: Actor, by: Member, matter_id: UUID | None, audience: str, policy_name: str | None, purpose: str = ""
) -> AudienceRule | None:
    """One cell of the audience table, in force at once. Raises as ``audiences.set_rule``."""
    policies.require_policy_right(actor, by)
    with transaction.atomic():
        made = audiences.set_rule(
            actor=actor, by=by, matter_id=matter_id, audience=audience, policy_name=policy_name, purpose=purpose
        )
        links.close_in(actor, by.organization_id, matter_id)
    return made
