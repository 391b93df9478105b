"""Programs read what policies say: with the scope, their own organization's only, and change nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import policies, retiring
from compliance.audit import Actor
from compliance.models import AuditEvent, DisclosurePolicy
from compliance.redaction import TYPES
from portal.accounts.models import ApiKey, Member, Organization
from portal.accounts.rights import Role, Scope
from transcription import disclosure
from transcription.models import Proceeding
from vault import objects
from vault.models import Matter


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


ALLOWED = ["court", "everything", "frcp_5_2", "gdpr", "hipaa_safe_harbor", "identifiers"]


def test_a_matter_is_made_under_a_policy_of_the_organizations_own_and_its_transcripts_are(
    program: Any, attorney: Member, court: DisclosurePolicy, actor_for: Callable[[Member], Actor]
) -> None:
    key = program(attorney)
    made = key.post("/vault", {"name": "Doe", "metadata": {"policy": "court"}})
    assert (made.status_code, made.json()["policy"]) == (201, "court")
    assert key.get(f"/vault/{made.json()['id']}").json()["policy"] == "court"
    matter = Matter.objects.select_related("vault").get(vault_id=made.json()["id"])
    stored = objects.put_bytes(
        actor=actor_for(attorney), vault=matter.vault, kind="recording", content_type="audio/wav", data=b"RIFF"
    )
    body = {"vault_id": str(matter.vault_id), "object_id": str(stored.id)}
    assert key.post("/voice/transcription", body).status_code == 200
    assert Proceeding.objects.get().policy_name == "court"
    assert key.post("/vault", {"name": "Roe"}).json()["policy"] == "identifiers"


def test_what_is_not_offered_makes_no_matter_and_the_answer_names_what_is(
    program: Any, attorney: Member, clinician: Member, court: DisclosurePolicy, actor_for: Callable[[Member], Actor]
) -> None:
    officer = Member.objects.get(pk=str(court.created_by))

    def save(name: str, **rules: str) -> None:
        said = dict.fromkeys(TYPES, "label") | rules
        disclosure.save_policy(actor=actor_for(officer), by=officer, name=name, rules=said, other="box", expected=0)

    save("retired_one")
    retiring.retire(actor=actor_for(officer), by=officer, name="retired_one", expected=1)
    save("too_little", ssn="show")
    save("unreadable")
    DisclosurePolicy.objects.filter(name="unreadable").update(rules={"other": "x"})
    for name in ("retired_one", "too_little", "unreadable", "no_such", "verbatim", "court+0a1b2c3d"):
        answer = program(attorney).post("/vault", {"name": "Doe", "metadata": {"policy": name}})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_metadata"), name
        assert answer.json()["facts"] == {"field": "policy", "allowed": ALLOWED}
        assert "Name one of those" in answer.json()["detail"]
    answer = program(clinician).post("/vault", {"name": "Doe", "metadata": {"policy": "court"}})
    assert answer.status_code == 400
    assert "court" not in answer.json()["facts"]["allowed"]
    assert not Matter.objects.exists()


def test_a_key_has_a_policy_for_the_matters_that_it_makes(
    program: Any, attorney: Member, court: DisclosurePolicy, actor_for: Callable[[Member], Actor]
) -> None:
    key = program(attorney, default_policy="court")
    assert key.post("/vault", {"name": "Doe"}).json()["policy"] == "court"
    assert key.post("/vault", {"name": "Roe", "metadata": {"policy": "everything"}}).json()["policy"] == "everything"
    officer = Member.objects.get(pk=str(court.created_by))
    retiring.retire(actor=actor_for(officer), by=officer, name="court", expected=2)
    # Nothing falls back to a policy that nobody chose.
    answer = key.post("/vault", {"name": "Poe"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_metadata")
    assert answer.json()["facts"]["allowed"] == ALLOWED[1:]
    assert "this key gives" in answer.json()["detail"]
    assert key.post("/vault", {"name": "Poe", "metadata": {"policy": "gdpr"}}).status_code == 201
    # What was made under it before keeps it.
    assert {matter.metadata["policy"] for matter in Matter.objects.all()} == {"court", "everything", "gdpr"}
    assert ApiKey.objects.get().default_policy == "court"
