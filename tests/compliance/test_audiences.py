"""The audience table decides what is shown, and shows nothing where it cannot decide."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import audiences, policies
from compliance.audiences import Audience, policy_for, set_rule
from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent, DisclosurePolicy
from compliance.policies import PolicyUnresolved, hides_at_least, readable
from compliance.redaction import PRESETS, TYPES, Policy, Rule
from portal.accounts.keys import create as create_key
from portal.accounts.models import Member, MemberRole, Organization
from portal.accounts.rights import Role, Scope
from portal.errors import BadInput, Refused
from vault.models import Matter


@pytest.fixture
def officer(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PRIVACY_OFFICER)


@pytest.fixture
def give(officer: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., AudienceRule | None]:
    def give_(matter_id: object, audience: str, policy: str | None, purpose: str = "") -> AudienceRule | None:
        return set_rule(
            actor=actor_for(officer), by=officer, matter_id=matter_id, audience=audience, policy_name=policy, purpose=purpose
        )  # fmt: skip

    return give_


def seen(matter: Matter, member: Member, *, export: bool = False) -> str:
    return policy_for(matter.organization_id, matter.id, Audience.of_member(member, export=export)).name


def test_without_a_rule_everybody_gets_identifiers(matter: Matter, paralegal: Member, attorney: Member) -> None:
    assert seen(matter, paralegal) == seen(matter, attorney) == "identifiers"
    assert seen(matter, attorney, export=True) == "identifiers"


def test_the_more_specific_rule_wins(matter: Matter, attorney: Member, give: Callable[..., object]) -> None:
    give(None, "role:attorney", "frcp_5_2")
    assert seen(matter, attorney) == "frcp_5_2"
    give(None, f"member:{attorney.id}", "everything")
    assert seen(matter, attorney) == "everything"
    give(matter.id, "role:attorney", "hipaa_safe_harbor")
    assert seen(matter, attorney) == "hipaa_safe_harbor"
    give(matter.id, f"member:{attorney.id}", "verbatim", "litigation")
    assert seen(matter, attorney) == "verbatim"
    given_ = audiences.given_for(matter.organization_id, matter.id, Audience.of_member(attorney))
    assert (given_.verbatim, given_.purpose) == (True, "litigation")
    give(matter.id, f"member:{attorney.id}", None)
    assert seen(matter, attorney) == "hipaa_safe_harbor"


def test_an_export_never_shows_more_than_its_maker_sees(
    matter: Matter, attorney: Member, paralegal: Member, give: Callable[..., object]
) -> None:
    give(matter.id, "export", "frcp_5_2")
    assert seen(matter, paralegal, export=True) == "identifiers"
    give(matter.id, "role:attorney", "frcp_5_2")
    assert seen(matter, attorney, export=True) == "frcp_5_2"
    give(matter.id, f"member:{attorney.id}", "verbatim", "litigation")
    assert seen(matter, attorney, export=True) == "frcp_5_2"
    give(matter.id, "export", None)
    assert seen(matter, attorney, export=True) == "identifiers"


def test_of_several_roles_the_strictest_counts(
    firm: Organization, matter: Matter, make_member: Callable[..., Member], give: Callable[..., object]
) -> None:
    both = make_member(firm, Role.ATTORNEY, Role.DELEGATE)
    give(matter.id, "role:attorney", "frcp_5_2")
    give(matter.id, "role:delegate", "everything")
    assert seen(matter, both) == "everything"
    # Neither hides all that the other one hides: then everything is hidden.
    give(matter.id, "role:delegate", "identifiers")
    give(matter.id, "role:attorney", "hipaa_safe_harbor")
    assert seen(matter, both) == "identifiers"


def test_a_key_is_not_its_member(matter: Matter, attorney: Member, give: Callable[..., object]) -> None:
    key = create_key(attorney, "script", [Scope.RENDITION_READ]).row
    give(matter.id, f"member:{attorney.id}", "verbatim", "litigation")
    audience = Audience.of_key(key)
    assert policy_for(matter.organization_id, matter.id, audience).name == "identifiers"
    give(matter.id, f"key:{key.id}", "frcp_5_2")
    assert policy_for(matter.organization_id, matter.id, audience).name == "frcp_5_2"
    with pytest.raises(BadInput):
        give(matter.id, f"key:{key.id}", "verbatim", "litigation")


def test_verbatim_is_given_by_name_in_one_matter_with_a_purpose_only(
    matter: Matter, attorney: Member, paralegal: Member, give: Callable[..., object]
) -> None:
    for matter_id, audience, purpose in (
        (matter.id, "role:attorney", "litigation"),
        (None, f"member:{attorney.id}", "litigation"),
        (matter.id, f"member:{attorney.id}", ""),
        (matter.id, f"member:{attorney.id}", "curiosity"),
        (matter.id, "export", "litigation"),
        (matter.id, f"member:{paralegal.id}", "litigation"),
    ):
        with pytest.raises(BadInput):
            give(matter_id, audience, "verbatim", purpose)
    assert not AudienceRule.objects.exists()


@pytest.mark.parametrize("policy", ["frcp_5_2", "hipaa_safe_harbor"])
def test_more_than_the_default_is_for_attorneys_and_clinicians(
    matter: Matter, paralegal: Member, give: Callable[..., object], policy: str
) -> None:
    for audience in ("role:paralegal", f"member:{paralegal.id}"):
        with pytest.raises(BadInput):
            give(matter.id, audience, policy)
    give(matter.id, "role:paralegal", "everything")


def test_a_role_taken_away_takes_its_view_away(matter: Matter, attorney: Member, give: Callable[..., object]) -> None:
    give(matter.id, f"member:{attorney.id}", "verbatim", "litigation")
    MemberRole.objects.filter(member=attorney).update(role=Role.PARALEGAL)
    with pytest.raises(PolicyUnresolved):
        seen(matter, Member.objects.get(pk=attorney.pk))


@pytest.mark.parametrize("change", [{"policy_name": "gone"}, {"audience": "role:attorney"}, {"purpose": ""}])
def test_a_rule_that_was_tampered_with_shows_nothing(
    matter: Matter, attorney: Member, give: Callable[..., object], change: dict[str, str]
) -> None:
    give(matter.id, f"member:{attorney.id}", "verbatim", "litigation")
    AudienceRule.objects.update(**change)
    with pytest.raises(PolicyUnresolved):
        seen(matter, attorney)


@pytest.mark.parametrize("rules", [{"rules": {"name": "shout"}}, {"rules": 3}, {"other": "x"}, []])
def test_rules_that_cannot_be_read_show_nothing(matter: Matter, attorney: Member, rules: object) -> None:
    policies.preset_row("identifiers")
    DisclosurePolicy.objects.update(rules=rules)
    with pytest.raises(PolicyUnresolved):
        readable(policy_for(matter.organization_id, matter.id, Audience.of_member(attorney)))


def test_nobody_without_the_right_changes_the_table(
    matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(Refused):
        set_rule(
            actor=actor_for(attorney), by=attorney, matter_id=matter.id, audience="role:attorney", policy_name="frcp_5_2"
        )  # fmt: skip
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").exists()


def test_a_stranger_cannot_be_named(clinician: Member, give: Callable[..., object], matter: Matter) -> None:
    for audience in (f"member:{clinician.id}", f"key:{uuid4()}", "role:king", "everybody", ""):
        with pytest.raises(BadInput):
            give(matter.id, audience, "everything")


def test_each_change_is_recorded(matter: Matter, give: Callable[..., object]) -> None:
    give(matter.id, "role:attorney", "frcp_5_2")
    event = AuditEvent.objects.get(type="compliance:audience:changed")
    assert event.facts == {"audience": "role:attorney", "policy": "frcp_5_2"}
    assert event.matter_id == matter.id


def test_policies_of_an_organization_have_versions(officer: Member, actor_for: Callable[[Member], Actor]) -> None:
    actor = actor_for(officer)
    one = policies.save(actor=actor, by=officer, name="court", rules={"ssn": "last_four"})
    two = policies.save(actor=actor, by=officer, name="court", rules={"ssn": "label"})
    assert (one.version, two.version) == (1, 2)
    assert policies.resolve(officer.organization_id, "court") == two
    with pytest.raises(BadInput):
        policies.save(actor=actor, by=officer, name="identifiers", rules={})
    with pytest.raises(BadInput):
        policies.save(actor=actor, by=officer, name="court", rules={"shoe_size": "label"})


def test_a_request_may_hide_more_types(firm: Organization, officer: Member, actor_for: Callable[[Member], Actor]) -> None:
    base = policies.preset_row("identifiers")
    more = policies.with_types(actor=actor_for(officer), organization_id=firm.id, base=base, types=["medical", "name"])
    assert readable(more).hides("medical")
    assert hides_at_least(readable(more), readable(base))
    again = policies.with_types(actor=actor_for(officer), organization_id=firm.id, base=base, types=["name", "medical"])
    assert again == more
    assert policies.with_types(actor=actor_for(officer), organization_id=firm.id, base=base, types=["name"]) == base
    assert more not in policies.available(firm.id)


RULES = st.dictionaries(st.sampled_from(TYPES), st.sampled_from(list(Rule)))


@given(RULES, RULES)
def test_strictness_is_an_order(one: dict[str, Rule], other: dict[str, Rule]) -> None:
    a, b = Policy("a", 1, one), Policy("b", 1, other)
    assert hides_at_least(a, a)
    if hides_at_least(a, b):
        assert set(b.hidden_types) <= set(a.hidden_types)
    # A black box hides the type, too, which "everything" says by its labels.
    assert hides_at_least(PRESETS["everything"], a) or Rule.BOX in one.values()
    assert hides_at_least(a, PRESETS["verbatim"])
