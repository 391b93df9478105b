"""Retiring a policy: nobody chooses it any more, nothing that was shown under it changes, and no race slips past."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import audiences, policies, policy_changes, retiring
from compliance.audiences import Audience, policy_for
from compliance.audit import SYSTEM, Actor
from compliance.models import AudienceRule, AuditEvent, DisclosurePolicy
from compliance.policies import ChangedMeanwhile, PolicyRetired, readable
from compliance.redaction import TYPES
from compliance.retiring import StillGiven
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import BadInput, Conflict, NotFound, Refused

Act = Callable[..., Any]


@pytest.fixture
def officer(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PRIVACY_OFFICER)


@pytest.fixture
def change(officer: Member, actor_for: Callable[[Member], Actor]) -> Act:
    def act(expected: int, **rules: str) -> DisclosurePolicy:
        every = dict.fromkeys(TYPES, "label") | rules
        return policy_changes.change(
            actor=actor_for(officer), by=officer, name="court", rules=every, other="label", expected=expected
        )

    return act


@pytest.fixture
def court(change: Act) -> DisclosurePolicy:
    made: DisclosurePolicy = change(0)
    return made


@pytest.fixture
def retire(officer: Member, actor_for: Callable[[Member], Actor]) -> Act:
    def act(expected: int = 1, name: str = "court", by: Member = officer) -> DisclosurePolicy:
        return retiring.retire(actor=actor_for(by), by=by, name=name, expected=expected)

    return act


@pytest.fixture
def bring_back(officer: Member, actor_for: Callable[[Member], Actor]) -> Act:
    def act(expected: int = 1, name: str = "court", by: Member = officer) -> DisclosurePolicy:
        return retiring.bring_back(actor=actor_for(by), by=by, name=name, expected=expected)

    return act


@pytest.fixture
def give(officer: Member, actor_for: Callable[[Member], Actor]) -> Act:
    def act(audience: str, policy: str | None = "court") -> AudienceRule | None:
        return audiences.set_rule(
            actor=actor_for(officer), by=officer, matter_id=None, audience=audience, policy_name=policy
        )  # fmt: skip

    return act


def is_retired(organization: Organization) -> bool:
    return policies.resolve(organization.id, "court").retired_at is not None


def retirements() -> list[dict[str, Any]]:
    events = AuditEvent.objects.filter(type="compliance:policy:changed").order_by("at")
    return [event.facts for event in events if "retired" in event.facts]


def test_retired_it_is_not_offered_but_reads_as_before(
    firm: Organization, officer: Member, court: DisclosurePolicy, change: Act, retire: Act
) -> None:
    change(1, ssn="box")
    before = readable(policies.resolve(firm.id, "court"))
    row = retire(2)
    assert (row.version, row.retired_by) == (2, officer.id)
    assert "court" not in {one.name for one in policies.available(firm.id)}
    assert [one.name for one in policies.retired(firm.id)] == ["court"]
    assert readable(policies.resolve(firm.id, "court")) == before
    assert [v.row.version for v in policy_changes.versions(firm.id, "court")] == [2, 1]
    assert retirements() == [{"policy": "court", "version": 2, "retired": True}]


def test_brought_back_it_is_as_it_was(
    firm: Organization, court: DisclosurePolicy, change: Act, retire: Act, bring_back: Act, give: Act
) -> None:
    retire()
    row = bring_back()
    assert (row.retired_at, row.retired_by, row.version) == (None, None, 1)
    assert "court" in {one.name for one in policies.available(firm.id)}
    assert policies.retired(firm.id) == []
    assert [facts["retired"] for facts in retirements()] == [True, False]
    assert change(1, ssn="box").version == 2
    assert give("role:attorney") is not None


def test_each_is_done_once(firm: Organization, court: DisclosurePolicy, retire: Act, bring_back: Act) -> None:
    with pytest.raises(Conflict, match="is not retired"):
        bring_back()
    retire()
    with pytest.raises(Conflict, match="retired already"):
        retire()
    assert len(retirements()) == 1


def test_a_retired_policy_is_given_to_nobody(court: DisclosurePolicy, retire: Act, give: Act) -> None:
    retire()
    for audience in ("role:attorney", "export"):
        with pytest.raises(PolicyRetired):
            give(audience)
    assert not AudienceRule.objects.exists()


def test_nor_is_one_that_was_derived_from_it(firm: Organization, change: Act, retire: Act, give: Act) -> None:
    row = change(0, medical="show")
    derived = policies.with_types(actor=SYSTEM, organization_id=firm.id, base=row, types=["medical"])
    retire()
    with pytest.raises(PolicyRetired):
        give("role:attorney", derived.name)
    # The program that asked for it reads on.
    assert policies.resolve(firm.id, derived.name) == derived
    with pytest.raises(BadInput):
        retire(1, name=derived.name)


def test_it_cannot_be_changed_or_reverted_and_its_name_stays_taken(
    firm: Organization, officer: Member, court: DisclosurePolicy, change: Act, retire: Act, actor_for: Callable[[Member], Actor]
) -> None:
    change(1, ssn="box")
    retire(2)
    for expected in (0, 1, 2):
        with pytest.raises(PolicyRetired, match="Bring it back first"):
            change(expected, ssn="last_four")
    with pytest.raises(PolicyRetired):
        policy_changes.revert(actor=actor_for(officer), by=officer, name="court", version=1, expected=2)
    assert DisclosurePolicy.objects.filter(name="court").count() == 2
    assert is_retired(firm)


def test_not_while_it_is_given_to_somebody(firm: Organization, court: DisclosurePolicy, retire: Act, give: Act) -> None:
    give("role:attorney")
    give("export")
    with pytest.raises(StillGiven) as error:
        retire()
    assert error.value.facts["entries"] == 2
    assert not is_retired(firm)
    assert retirements() == []
    give("role:attorney", "everything")
    give("export", None)
    retire()
    assert is_retired(firm)


def test_somebody_who_chose_it_before_is_shown_the_same(
    firm: Organization, attorney: Member, matter: Any, court: DisclosurePolicy, retire: Act, give: Act
) -> None:
    # An entry that was there before, however it came to be.
    retire()
    AudienceRule.objects.create(organization=firm, audience="role:attorney", policy_name="court")
    assert policy_for(firm.id, matter.id, Audience.of_member(attorney)) == court


@pytest.mark.parametrize("name", ["identifiers", "verbatim", "court+0123abcd"])
def test_presets_and_derived_ones_stay(retire: Act, bring_back: Act, name: str) -> None:
    for act in (retire, bring_back):
        with pytest.raises(BadInput):
            act(1, name=name)


def test_without_the_right_nothing_happens_and_the_refusal_is_recorded(
    firm: Organization, paralegal: Member, court: DisclosurePolicy, retire: Act, bring_back: Act
) -> None:
    with pytest.raises(Refused):
        retire(by=paralegal)
    assert not is_retired(firm)
    retire()
    with pytest.raises(Refused):
        bring_back(by=paralegal)
    assert is_retired(firm)
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").count() == 2


def test_a_neighbours_policy_is_not_there(
    firm: Organization, clinic: Organization, make_member: Callable[..., Member], court: DisclosurePolicy, retire: Act
) -> None:
    with pytest.raises(NotFound):
        retire(by=make_member(clinic, Role.PRIVACY_OFFICER))
    assert not is_retired(firm)


# --- two people at once: what the other one did comes between the look and the act ---


def between(monkeypatch: pytest.MonkeyPatch, what: str, act: Callable[[], Any]) -> None:
    """``act`` happens once, just before the function ``what`` of policies is asked."""
    real = getattr(policies, what)
    waiting = [act]

    def asked(*args: Any, **kwargs: Any) -> Any:
        if waiting:
            waiting.pop()()
        return real(*args, **kwargs)

    monkeypatch.setattr(policies, what, asked)


def test_a_new_version_from_a_stale_page_is_not_retired_with_it(
    firm: Organization, court: DisclosurePolicy, change: Act, retire: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, "newest_locked", lambda: change(1, ssn="box"))
    with pytest.raises(ChangedMeanwhile, match="nothing was done"):
        retire(1)
    assert not is_retired(firm)
    assert retirements() == []


def test_a_version_is_not_saved_on_top_of_one_retired_meanwhile(
    firm: Organization, court: DisclosurePolicy, change: Act, retire: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, "newest_locked", lambda: retire(1))
    with pytest.raises(PolicyRetired):
        change(1, ssn="box")
    assert policies.resolve(firm.id, "court").version == 1


def test_a_policy_retired_meanwhile_is_not_given(
    firm: Organization, court: DisclosurePolicy, retire: Act, give: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, "require_offered", lambda: retire(1))
    with pytest.raises(PolicyRetired):
        give("role:attorney")
    assert not AudienceRule.objects.exists()


def test_a_policy_given_meanwhile_is_not_retired(
    firm: Organization, court: DisclosurePolicy, retire: Act, give: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    between(monkeypatch, "newest_locked", lambda: give("role:attorney"))
    with pytest.raises(StillGiven):
        retire(1)
    assert not is_retired(firm)
