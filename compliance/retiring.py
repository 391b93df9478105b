"""Retiring a policy: it is not offered any more, and whatever was shown under it stays as it is. It can be brought back.

Said on the newest version's row, so it is no version of its own. An upload that chose the policy in the moment of its
retiring keeps it, as earlier ones do; an entry of the audience table cannot slip past, as giving takes the same lock.
"""

from typing import Final

from django.db import transaction
from django.utils import timezone

from compliance import audit, policies
from compliance.audit import Actor, Target
from compliance.models import AudienceRule, DisclosurePolicy
from compliance.policies import ChangedMeanwhile
from compliance.redaction import PRESETS
from portal.accounts.models import Member
from portal.errors import BadInput, Conflict, NotFound

_MEANWHILE: Final = (
    "Somebody saved another version of this policy meanwhile, so nothing was done. Look at what they changed, then decide "
    "again."
)


class StillGiven(Conflict):
    """``entries`` in its facts: of the audience table, in all matters together."""

    code = "policy_given"
    message = "The audience table still gives this policy to somebody. Give them another policy first."


def retire(*, actor: Actor, by: Member, name: str, expected: int) -> DisclosurePolicy:
    """``expected``: the version that was the newest for whoever decided it.

    Raises Refused, NotFound, BadInput for a preset or one derived for a request, ChangedMeanwhile, StillGiven, and
    Conflict where it is retired already.
    """
    policies.require_policy_right(actor, by)
    with transaction.atomic():
        row = _newest(by, name, expected)
        if row.retired_at is not None:
            raise Conflict("This policy is retired already. Nothing was changed.", policy=name)
        given = AudienceRule.objects.filter(organization_id=by.organization_id, policy_name=name, removed_at=None).count()
        if given:
            raise StillGiven(policy=name, entries=given)
        row.retired_at, row.retired_by = timezone.now(), by.id
        _save(actor, by, row, retired=True)
    return row


def bring_back(*, actor: Actor, by: Member, name: str, expected: int) -> DisclosurePolicy:
    """Offered again, as it was. Raises as ``retire``; Conflict where it is not retired."""
    policies.require_policy_right(actor, by)
    with transaction.atomic():
        row = _newest(by, name, expected)
        if row.retired_at is None:
            raise Conflict("This policy is not retired. Nothing was changed.", policy=name)
        row.retired_at = row.retired_by = None
        _save(actor, by, row, retired=False)
    return row


def _newest(by: Member, name: str, expected: int) -> DisclosurePolicy:
    if name in PRESETS or "+" in name:
        raise BadInput("Only a policy that your organization made can be retired or brought back.")
    row = policies.newest_locked(by.organization_id, name)
    if row is None:
        raise NotFound
    if row.version != expected:
        raise ChangedMeanwhile(_MEANWHILE, policy=name, version=row.version)
    return row


def _save(actor: Actor, by: Member, row: DisclosurePolicy, *, retired: bool) -> None:
    row.save(update_fields=["retired_at", "retired_by"])
    audit.record(
        "compliance:policy:changed",
        organization_id=by.organization_id,
        actor=actor,
        target=Target("policy", row.id),
        policy=row.name,
        version=row.version,
        retired=retired,
    )
