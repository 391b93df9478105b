"""The one gate through which data leaves a vault: every submission to a speech service passes it, or does not happen.

``decide`` is the rule, without side effects; ``authorize_egress`` asks it and records the decision: what is allowed with
the act, in the caller's transaction, what is refused in a transaction of its own.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from compliance.models import ProviderSetting
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, Role, allowed
from portal.errors import BadInput, PortalError, Refused

# The row that switches everything off for an organization, whatever else is set.
ALL: Final = "all"
DATA_CLASSES: Final = ("health", "personal", "privileged")
AGREEMENTS: Final = ("baa", "dpa", "nda")
# What has to be in force before data of a class goes to somebody else: a BAA is 45 CFR 164.504(e)'s, a DPA Art. 28 GDPR's.
NEEDED: Final = {"health": frozenset({"baa"}), "personal": frozenset({"baa", "dpa"}), "privileged": frozenset(AGREEMENTS)}


class EgressRefused(PortalError):
    """``code`` of the instance says which rule refused: right, disabled, not_enabled, region, agreement, host."""

    code = "egress_refused"
    status = 403
    message = "This recording may not be sent to that speech service. The settings say where it may go."

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Destination:
    """A speech service as the gate sees it. ``hosts``: host[:port] of every address that data would go to."""

    provider: str
    region: str
    hosts: frozenset[str]
    external: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be sent, by whom, whereto."""

    roles: frozenset[Role]
    active: bool
    data_class: str
    vault_region: str
    destination: Destination


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the organization's settings say of the service; None of it where there is no row."""

    enabled: bool
    agreement: str = ""
    data_classes: tuple[str, ...] = ()
    agreed_until: date | None = None


def decide(
    ask: Ask, agreed: Agreed | None, *, switched_off: bool, allowed_hosts: Collection[str], today: date
) -> str | None:  # fmt: skip
    """None when it may go; else the reason, the first that applies. What is not said is not allowed."""
    to = ask.destination
    if not ask.active or not allowed(ask.roles, Action.SUBMIT, Kind.RECORDING):
        return "right"
    if switched_off:
        return "disabled"
    # The engine stands in our own house: it is in use unless somebody switched it off.
    if agreed is None and to.external:
        return "not_enabled"
    if agreed is not None and not agreed.enabled:
        return "not_enabled"
    if not ask.vault_region or to.region != ask.vault_region:
        return "region"
    if not to.hosts or not to.hosts <= set(allowed_hosts):
        return "host"
    if to.external:
        if agreed is None or agreed.agreement not in NEEDED.get(ask.data_class, frozenset()):
            return "agreement"
        if ask.data_class not in agreed.data_classes:
            return "agreement"
        if agreed.agreed_until is None or agreed.agreed_until < today:
            return "agreement"
    return None


def authorize_egress(
    *,
    actor: Actor,
    organization_id: UUID,
    requested_by: Member,
    data_class: str,
    vault_region: str,
    destination: Destination,
    delivery: str,
    submission_id: UUID,
    target: Target,
) -> None:
    """Lets one Submission pass, or raises EgressRefused. Call it in the transaction that commits the sending.

    The refusal is recorded by ``record_refusal``, which the caller calls when its transaction is over.
    """
    ask = Ask(
        roles=requested_by.roles if requested_by.organization_id == organization_id else frozenset(),
        active=requested_by.is_active,
        data_class=data_class,
        vault_region=vault_region,
        destination=destination,
    )
    rows = {
        row.provider: row
        for row in ProviderSetting.objects.filter(
            organization_id=organization_id, provider__in=(ALL, destination.provider)
        )  # fmt: skip
    }
    row = rows.get(destination.provider)
    agreed = Agreed(row.enabled, row.agreement, tuple(row.data_classes), row.agreed_until) if row else None
    reason = decide(
        ask,
        agreed,
        switched_off=ALL in rows and not rows[ALL].enabled,
        allowed_hosts=allowed_hosts(destination),
        today=timezone.now().date(),
    )
    if reason is not None:
        raise EgressRefused(reason)
    audit.record(
        "compliance:egress:allowed",
        organization_id=organization_id,
        actor=actor,
        target=target,
        provider=destination.provider,
        vault_region=vault_region,
        provider_region=destination.region,
        delivery=delivery,
        submission=submission_id,
    )


def record_refusal(
    *,
    actor: Actor,
    organization_id: UUID,
    vault_region: str,
    destination: Destination,
    reason: str,
    submission_id: UUID,
    target: Target,
) -> None:
    """Records a refusal in a transaction of its own."""
    audit.refuse(
        "compliance:egress:refused",
        organization_id=organization_id,
        actor=actor,
        target=target,
        provider=destination.provider,
        vault_region=vault_region,
        provider_region=destination.region,
        reason=reason,
        submission=submission_id,
    )


def allowed_hosts(destination: Destination) -> frozenset[str]:
    """Where data may go: our own engine's address, and what EGRESS_HOSTS names."""
    own = frozenset() if destination.external else frozenset({settings.ENGINE_URL.split("://", 1)[-1].split("/")[0]})
    return own | frozenset(settings.EGRESS_HOSTS)


def set_provider(
    *,
    actor: Actor,
    by: Member,
    provider: str,
    enabled: bool,
    agreement: str = "",
    data_classes: Iterable[str] = (),
    agreed_until: date | None = None,
) -> ProviderSetting:
    """Says whether the organization uses a service, and what was agreed with it (``provider`` ``all``: the main switch).

    Raises Refused (recorded), BadInput.
    """
    if not allowed(by.roles, Action.MANAGE, Kind.SETTINGS):
        reason = f"right:{Action.MANAGE}:{Kind.SETTINGS}"
        audit.refuse("portal:access:refused", organization_id=by.organization_id, actor=actor, reason=reason)
        raise Refused(action=Action.MANAGE.value, kind=Kind.SETTINGS.value)
    classes = sorted(set(data_classes))
    if agreement not in ("", *AGREEMENTS) or not set(classes) <= set(DATA_CLASSES):
        raise BadInput("This agreement or data class is not known.", agreements=AGREEMENTS, data_classes=DATA_CLASSES)
    with transaction.atomic():
        row, _ = ProviderSetting.objects.update_or_create(
            organization_id=by.organization_id,
            provider=provider,
            defaults={
                "enabled": enabled,
                "agreement": agreement,
                "data_classes": classes,
                "agreed_until": agreed_until,
                "changed_at": timezone.now(),
            },
        )
        audit.record(
            "compliance:provider:changed",
            organization_id=by.organization_id,
            actor=actor,
            target=Target("provider", provider),
            provider=provider,
            enabled=enabled,
        )
    return row
