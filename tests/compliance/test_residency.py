"""One gate decides what leaves a vault; everything that is not said is refused, and every decision is recorded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from compliance import residency
from compliance.audit import Actor, Target
from compliance.models import AuditEvent
from compliance.residency import Agreed, Ask, Destination, EgressRefused, decide
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import BadInput, Refused

TODAY = date(2026, 3, 1)
ENGINE = Destination("engine", "us", frozenset({"127.0.0.1:8001"}), external=False)
PAID = Destination("casedev", "us", frozenset({"api.case.dev"}), external=True)
HOSTS = {"127.0.0.1:8001", "api.case.dev"}
BAA = Agreed(True, "baa", ("health", "personal", "privileged"), TODAY)
ASK = Ask(frozenset({Role.PARALEGAL}), True, "health", "us", PAID)
OWN = replace(ASK, destination=ENGINE)


@pytest.mark.parametrize(
    ("ask", "agreed", "off", "reason"),
    [
        (ASK, BAA, False, None),
        (OWN, None, False, None),
        (OWN, Agreed(True), False, None),
        # who
        (replace(ASK, roles=frozenset()), BAA, False, "right"),
        (replace(ASK, roles=frozenset({Role.AUDITOR})), BAA, False, "right"),
        (replace(ASK, roles=frozenset({Role.ADMINISTRATOR})), BAA, False, "right"),
        (replace(ASK, active=False), BAA, False, "right"),
        (replace(OWN, active=False), None, False, "right"),
        # the main switch wins over everything but rights, for the engine as well
        (ASK, BAA, True, "disabled"),
        (OWN, None, True, "disabled"),
        # whether the service is in use
        (ASK, None, False, "not_enabled"),
        (ASK, replace(BAA, enabled=False), False, "not_enabled"),
        (OWN, Agreed(False), False, "not_enabled"),
        # where
        (replace(ASK, vault_region="eu"), BAA, False, "region"),
        (replace(OWN, vault_region="eu"), None, False, "region"),
        (replace(ASK, vault_region=""), BAA, False, "region"),
        (replace(ASK, vault_region="", destination=replace(PAID, region="")), BAA, False, "region"),
        (replace(ASK, destination=replace(PAID, hosts=frozenset({"api.case.dev.evil.example"}))), BAA, False, "host"),
        (replace(ASK, destination=replace(PAID, hosts=frozenset({"api.case.dev", "x.example"}))), BAA, False, "host"),
        (replace(ASK, destination=replace(PAID, hosts=frozenset())), BAA, False, "host"),
        # what was agreed
        (ASK, replace(BAA, agreement=""), False, "agreement"),
        (ASK, replace(BAA, agreement="dpa"), False, "agreement"),
        (replace(ASK, data_class="personal"), replace(BAA, agreement="dpa"), False, None),
        (ASK, replace(BAA, data_classes=("privileged",)), False, "agreement"),
        (ASK, replace(BAA, data_classes=()), False, "agreement"),
        (replace(ASK, data_class="secret"), replace(BAA, data_classes=("secret",)), False, "agreement"),
        (ASK, replace(BAA, agreed_until=TODAY - timedelta(days=1)), False, "agreement"),
        (ASK, replace(BAA, agreed_until=None), False, "agreement"),
    ],
)
def test_the_rule(ask: Ask, agreed: Agreed | None, off: bool, reason: str | None) -> None:
    assert decide(ask, agreed, switched_off=off, allowed_hosts=HOSTS, today=TODAY) == reason


@pytest.fixture
def administrator(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.ADMINISTRATOR)


def ask_gate(member: Member, destination: Destination, **more: Any) -> None:
    values: dict[str, Any] = {
        "actor": Actor("system"),
        "organization_id": member.organization_id,
        "requested_by": member,
        "data_class": "privileged",
        "vault_region": "us",
        "destination": destination,
        "delivery": "link",
        "submission_id": uuid4(),
        "target": Target("proceeding", uuid4()),
    }
    with transaction.atomic():
        residency.authorize_egress(**(values | more))


def test_a_paid_service_is_closed_until_somebody_opens_it(
    paralegal: Member, administrator: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(EgressRefused):
        ask_gate(paralegal, PAID)
    residency.set_provider(
        actor=actor_for(administrator),
        by=administrator,
        provider="casedev",
        enabled=True,
        agreement="nda",
        data_classes=["privileged"],
        agreed_until=timezone.now().date() + timedelta(days=1),
    )
    ask_gate(paralegal, PAID)
    event = AuditEvent.objects.get(type="compliance:egress:allowed")
    assert (event.facts["provider"], event.facts["provider_region"]) == ("casedev", "us")
    with pytest.raises(EgressRefused) as caught:
        ask_gate(paralegal, PAID, data_class="health")
    assert caught.value.reason == "agreement"
    residency.set_provider(actor=actor_for(administrator), by=administrator, provider=residency.ALL, enabled=False)
    with pytest.raises(EgressRefused) as caught:
        ask_gate(paralegal, PAID)
    assert caught.value.reason == "disabled"


def test_another_organizations_member_opens_nothing(paralegal: Member, clinician: Member, settings: Any) -> None:
    settings.ENGINE_URL = "http://127.0.0.1:8001"
    ask_gate(paralegal, ENGINE)
    with pytest.raises(EgressRefused) as caught:
        ask_gate(paralegal, ENGINE, requested_by=clinician)
    assert caught.value.reason == "right"


def test_settings_are_for_administrators(
    paralegal: Member, administrator: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(Refused):
        residency.set_provider(actor=actor_for(paralegal), by=paralegal, provider="casedev", enabled=True)
    with pytest.raises(BadInput):
        residency.set_provider(
            actor=actor_for(administrator), by=administrator, provider="casedev", enabled=True, agreement="handshake"
        )  # fmt: skip
    assert AuditEvent.objects.filter(type="portal:access:refused").count() == 1


def test_a_refusal_stays_recorded(paralegal: Member) -> None:
    residency.record_refusal(
        actor=Actor("system"),
        organization_id=paralegal.organization_id,
        vault_region="eu",
        destination=PAID,
        reason="region",
        submission_id=uuid4(),
        target=Target("proceeding", uuid4()),
    )
    event = AuditEvent.objects.get(type="compliance:egress:refused")
    assert (event.outcome, event.facts["reason"]) == ("refused", "region")
