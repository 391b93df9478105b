"""Programs read what policies say: with the scope, their own organization's only, and change nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import policies, retiring
from compliance.audit import Actor
from compliance.models import AuditEvent, DisclosurePolicy
from compliance.redaction import TYPES
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role, Scope
from transcription import disclosure


@pytest.fixture
def court(firm: Organization, make_member: Callable[..., Member], actor_for: Callable[[Member], Actor]) -> DisclosurePolicy:
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    rules = dict.fromkeys(TYPES, "label")
    for expected, ssn in ((0, "label"), (1, "last_four")):
        disclosure.save_policy(
            actor=actor_for(officer), by=officer, name="court", rules=rules | {"ssn": ssn}, other="box", expected=expected
        )
    return policies.resolve(firm.id, "court")


def test_policies_are_listed_and_read(program: Any, attorney: Member, court: DisclosurePolicy) -> None:
    key = program(attorney, Scope.POLICY_READ)
    listed = key.get("/v1/policies").json()
    assert {"identifiers", "verbatim", "court"} <= {one["name"] for one in listed["policies"]}
    assert listed["total"] == len(listed["policies"])
    one = key.get("/v1/policies/court").json()
    assert (one["version"], one["versions"], one["preset"]) == (2, [2, 1], False)
    assert (one["rules"]["ssn"], one["rules"]["name"], one["other"]) == ("last_four", "label", "box")
    assert key.get("/v1/policies/identifiers").json()["rules"]["medical"] == "show"
    assert AuditEvent.objects.filter(type="compliance:policy:read", actor_kind="key").count() == 3


def test_a_retired_one_is_left_out_of_the_list_and_read_by_name(
    program: Any, attorney: Member, court: DisclosurePolicy, actor_for: Callable[[Member], Actor]
) -> None:
    key = program(attorney, Scope.POLICY_READ)
    assert {one["retired"] for one in key.get("/v1/policies").json()["policies"]} == {False}
    assert key.get("/v1/policies/court").json()["retired"] is False
    officer = Member.objects.get(pk=str(court.created_by))
    retiring.retire(actor=actor_for(officer), by=officer, name="court", expected=2)
    listed = key.get("/v1/policies").json()
    assert "court" not in {one["name"] for one in listed["policies"]}
    assert listed["total"] == len(listed["policies"])
    one = key.get("/v1/policies/court").json()
    assert (one["retired"], one["version"], one["versions"], one["rules"]["ssn"]) == (True, 2, [2, 1], "last_four")


def test_a_neighbours_policy_and_one_that_is_not_there_are_the_same(
    program: Any, clinician: Member, court: DisclosurePolicy
) -> None:
    key = program(clinician, Scope.POLICY_READ)
    for name in ("court", "no_such"):
        answer = key.get(f"/v1/policies/{name}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "court" not in {one["name"] for one in key.get("/v1/policies").json()["policies"]}


def test_without_the_scope_nothing_and_never_a_change(program: Any, attorney: Member, court: DisclosurePolicy) -> None:
    assert program(attorney, Scope.VAULT_READ).get("/v1/policies").status_code == 403
    key = program(attorney, Scope.POLICY_READ)
    assert key.post("/v1/policies", {"name": "mine"}).status_code == 405
    assert key.delete("/v1/policies/court").status_code == 405


def test_one_that_cannot_be_read_is_refused(program: Any, attorney: Member, court: DisclosurePolicy) -> None:
    DisclosurePolicy.objects.filter(pk=court.pk).update(rules={"other": "x"})
    answer = program(attorney, Scope.POLICY_READ).get("/v1/policies/court")
    assert (answer.status_code, answer.json()["code"]) == (409, "policy_unresolved")
