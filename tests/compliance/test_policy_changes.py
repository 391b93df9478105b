"""A policy's versions: none is lost, two people cannot overwrite each other, and nobody is cut off by surprise."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError

from compliance import audiences, policies, policy_changes
from compliance.audiences import Audience, policy_for
from compliance.audit import Actor
from compliance.models import AuditEvent, DisclosurePolicy
from compliance.policies import ChangedMeanwhile, PolicyUnresolved, readable
from compliance.redaction import TYPES, Rule
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import BadInput, NotFound, Refused
from vault.models import Matter

EVERYTHING = dict.fromkeys(TYPES, "label")


@pytest.fixture
def officer(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PRIVACY_OFFICER)


@pytest.fixture
def change(officer: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., DisclosurePolicy]:
    def made(expected: int, by: Member = officer, **rules: str) -> DisclosurePolicy:
        return policy_changes.change(
            actor=actor_for(by), by=by, name="court", rules=EVERYTHING | rules, other="label", expected=expected
        )

    return made


def test_each_save_is_a_new_version_and_says_what_it_changed(
    firm: Organization, officer: Member, change: Callable[..., DisclosurePolicy]
) -> None:
    change(0)
    change(1, ssn="last_four", date="year")
    newest, first = policy_changes.versions(firm.id, "court")
    assert (newest.row.version, newest.newest, first.newest) == (2, True, False)
    assert newest.differences is not None
    assert [(d.type, d.before, d.after) for d in newest.differences] == [
        ("ssn", Rule.LABEL, Rule.LAST_FOUR),
        ("date", Rule.LABEL, Rule.YEAR),
    ]
    assert newest.row.created_by == officer.id
    facts = AuditEvent.objects.filter(type="compliance:policy:changed").order_by("at").last().facts
    assert facts == {"policy": "court", "version": 2, "changed": 2}


def test_of_two_who_save_at_once_the_second_is_told_and_nothing_is_lost(
    firm: Organization, change: Callable[..., DisclosurePolicy]
) -> None:
    change(0)
    change(1, ssn="last_four")
    with pytest.raises(ChangedMeanwhile):
        change(1, date="year")
    assert policies.resolve(firm.id, "court").version == 2
    assert readable(policies.resolve(firm.id, "court")).rule("ssn") is Rule.LAST_FOUR
    # On top of what the other one saved it goes.
    assert change(2, ssn="last_four", date="year").version == 3


def test_two_saves_in_the_same_moment_cannot_both_become_the_version(
    firm: Organization, change: Callable[..., DisclosurePolicy], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = change(0)
    change(1, ssn="last_four")
    # What the second one read before the first one's row was there.
    monkeypatch.setattr(policies, "newest", lambda *_: first)
    with pytest.raises(ChangedMeanwhile):
        change(1, date="year")
    assert DisclosurePolicy.objects.filter(organization=firm).count() == 2


def test_a_name_that_is_taken_is_not_begun_anew(change: Callable[..., DisclosurePolicy]) -> None:
    change(0)
    with pytest.raises(ChangedMeanwhile):
        change(0, ssn="box")


def test_saving_what_is_there_already_makes_no_version(change: Callable[..., DisclosurePolicy]) -> None:
    change(0)
    with pytest.raises(BadInput, match="Nothing is different"):
        change(1)


@pytest.mark.parametrize(
    ("type_", "rule"),
    [("ssn", "year"), ("email", "last_four"), ("name", "zip3"), ("ssn", "shout"), ("shoe_size", "label"), ("other", "box")],
)
def test_what_makes_no_sense_is_refused_whoever_sends_it(
    change: Callable[..., DisclosurePolicy], type_: str, rule: str
) -> None:
    with pytest.raises(BadInput):
        change(0, **{type_: rule})
    assert not DisclosurePolicy.objects.filter(name="court").exists()


def test_a_policy_that_hides_nothing_is_not_made_under_another_name(
    officer: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(BadInput, match="verbatim"):
        policy_changes.change(
            actor=actor_for(officer), by=officer, name="open", rules=dict.fromkeys(TYPES, "show"), other="show", expected=0
        )


def test_nobody_is_cut_off_by_surprise(
    firm: Organization,
    matter: Matter,
    paralegal: Member,
    officer: Member,
    change: Callable[..., DisclosurePolicy],
    actor_for: Callable[[Member], Actor],
) -> None:
    change(0)
    audiences.set_rule(
        actor=actor_for(officer), by=officer, matter_id=matter.id, audience="role:paralegal", policy_name="court"
    )
    with pytest.raises(policy_changes.WouldCutOff):
        change(1, ssn="last_four")
    assert policy_for(firm.id, matter.id, Audience.of_member(paralegal)).version == 1
    # Hiding in another way, or showing what the default shows, cuts nobody off.
    assert change(1, medical="show", name="box").version == 2


def test_reverting_is_a_new_version_with_the_old_content(
    firm: Organization, officer: Member, change: Callable[..., DisclosurePolicy], actor_for: Callable[[Member], Actor]
) -> None:
    change(0)
    change(1, ssn="last_four")
    made = policy_changes.revert(actor=actor_for(officer), by=officer, name="court", version=1, expected=2)
    assert made.version == 3
    assert readable(made).rule("ssn") is Rule.LABEL
    assert AuditEvent.objects.get(facts__reverted_to=1).facts["version"] == 3
    assert DisclosurePolicy.objects.filter(organization=firm, name="court").count() == 3
    with pytest.raises(NotFound):
        policy_changes.revert(actor=actor_for(officer), by=officer, name="court", version=9, expected=3)
    with pytest.raises(ChangedMeanwhile):
        policy_changes.revert(actor=actor_for(officer), by=officer, name="court", version=2, expected=2)


def test_without_the_right_nothing_is_saved_and_the_refusal_is_recorded(
    paralegal: Member, change: Callable[..., DisclosurePolicy], actor_for: Callable[[Member], Actor]
) -> None:
    change(0)
    with pytest.raises(Refused):
        change(1, by=paralegal, ssn="last_four")
    with pytest.raises(Refused):
        policy_changes.revert(actor=actor_for(paralegal), by=paralegal, name="court", version=1, expected=1)
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").count() == 2
    assert DisclosurePolicy.objects.filter(name="court").count() == 1


def test_a_neighbours_policy_of_the_same_name_is_another_one(
    clinic: Organization, make_member: Callable[..., Member], change: Callable[..., DisclosurePolicy]
) -> None:
    theirs = make_member(clinic, Role.PRIVACY_OFFICER)
    change(0)
    change(1, ssn="last_four")
    with pytest.raises(ChangedMeanwhile):
        change(2, by=theirs, ssn="box")
    assert change(0, by=theirs, ssn="box").version == 1
    assert len(policy_changes.versions(clinic.id, "court")) == 1


def test_a_policy_deleted_under_use_shows_nothing(
    firm: Organization,
    matter: Matter,
    attorney: Member,
    officer: Member,
    change: Callable[..., DisclosurePolicy],
    actor_for: Callable[[Member], Actor],
) -> None:
    change(0)
    audiences.set_rule(actor=actor_for(officer), by=officer, matter_id=matter.id, audience="role:attorney", policy_name="court")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM compliance_disclosurepolicy WHERE name = 'court'")
    with pytest.raises(PolicyUnresolved):
        policy_for(firm.id, matter.id, Audience.of_member(attorney))


def test_a_version_that_cannot_be_read_does_not_hide_the_others_and_can_be_mended(
    firm: Organization, change: Callable[..., DisclosurePolicy]
) -> None:
    change(0)
    change(1, ssn="last_four")
    DisclosurePolicy.objects.filter(name="court", version=2).update(rules={"rules": {"name": "shout"}})
    newest, first = policy_changes.versions(firm.id, "court")
    assert (newest.policy, newest.differences) == (None, None)
    assert first.policy is not None
    with pytest.raises(PolicyUnresolved):
        policies.resolve(firm.id, "court")
    assert change(2).version == 3
    assert policies.resolve(firm.id, "court").version == 3


def test_a_version_that_something_was_shown_under_cannot_be_deleted(
    matter: Matter,
    paralegal: Member,
    change: Callable[..., DisclosurePolicy],
    make_transcript: Callable[..., object],
) -> None:
    from transcription import renditions

    row = change(0)
    made = make_transcript(matter, paralegal, {"utterances": [{"speaker": "A", "text": "Hello."}]})
    renditions.ensure(made, row)
    with pytest.raises(ProtectedError):
        row.delete()
