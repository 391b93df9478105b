"""A matter's lists: what can stand on them, who may change which, and that nothing of them leaves their seal."""

from collections.abc import Callable

import pytest

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import BadInput, Refused
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def change(matter: Matter, actor_for: Callable[[Member], Actor]) -> Callable[..., bool]:
    def made(by: Member, hide: list[str] | None = None, show: list[str] | None = None) -> bool:
        fresh = Matter.objects.select_related("vault").get(pk=matter.pk)
        return matters.set_lists(actor=actor_for(by), by=by, matter=fresh, hide=hide, show=show)

    return made


def lists(matter: Matter) -> tuple[list[str], list[str]]:
    kept = Matter.objects.get(pk=matter.pk).lists or {}
    return kept.get("hide", []), kept.get("show", [])


def test_lists_are_sealed_and_recorded_by_their_counts(matter: Matter, attorney: Member, change: Callable[..., bool]) -> None:
    assert change(attorney, ["  Project   Bluefin ", "", "bluefin"], ["Bishop"])
    assert lists(matter) == (["Project Bluefin", "bluefin"], ["Bishop"])
    row = Matter.objects.get(pk=matter.pk)
    assert b"luefin" not in bytes(row.lists_sealed)
    assert row.words_version == matter.words_version + 1
    event = AuditEvent.objects.get(type="vault:matter:lists_changed")
    assert (event.facts, event.matter_id) == ({"hidden": 2, "shown": 1}, matter.id)


def test_the_same_again_changes_nothing(matter: Matter, attorney: Member, change: Callable[..., bool]) -> None:
    change(attorney, ["Bluefin"])
    assert not change(attorney, ["Bluefin"], [])
    assert Matter.objects.get(pk=matter.pk).words_version == matter.words_version + 1
    assert AuditEvent.objects.filter(type="vault:matter:lists_changed").count() == 1


def test_duplicates_are_folded(matter: Matter, attorney: Member, change: Callable[..., bool]) -> None:
    change(attorney, ["Blue Fin", "blue  fin", "BLUE-FIN", "Bluefin"])
    assert lists(matter)[0] == ["Blue Fin", "Bluefin"]


@pytest.mark.parametrize("entry", ["x", "--", "…!", "x" * 81, "a\x00b", "__"])
def test_what_cannot_stand_on_a_list_is_refused_without_repeating_it(
    matter: Matter, attorney: Member, change: Callable[..., bool], entry: str
) -> None:
    with pytest.raises(BadInput, match="Line 2 of what is always hidden") as refused:
        change(attorney, ["fine", entry])
    assert len(entry) < 3 or entry not in refused.value.text
    assert lists(matter) == ([], [])


@pytest.mark.parametrize("entry", ["ab", "x" * 80, "7 7", "§ 9", "Łódź"])
def test_what_can_stand_on_a_list(matter: Matter, attorney: Member, change: Callable[..., bool], entry: str) -> None:
    change(attorney, [entry])
    assert lists(matter)[0] == [entry]


def test_two_hundred_entries_a_list_and_no_more(matter: Matter, attorney: Member, change: Callable[..., bool]) -> None:
    change(attorney, [f"word {n}" for n in range(200)], [f"other {n}" for n in range(200)])
    with pytest.raises(BadInput, match="200 entries"):
        change(attorney, [f"word {n}" for n in range(201)])
    assert len(lists(matter)[0]) == 200


def test_an_entry_on_both_lists_is_refused(matter: Matter, attorney: Member, change: Callable[..., bool]) -> None:
    with pytest.raises(BadInput, match="Take it off one of the two lists"):
        change(attorney, ["Bluefin"], ["bluefin"])
    change(attorney, ["Bluefin"])
    with pytest.raises(BadInput, match="Entry 1 of what is always hidden"):
        change(attorney, None, ["BLUEFIN"])


def test_who_made_the_matter_hides_and_cannot_show(matter: Matter, paralegal: Member, change: Callable[..., bool]) -> None:
    assert change(paralegal, ["Bluefin"])
    with pytest.raises(Refused):
        change(paralegal, None, ["Bishop"])
    assert lists(matter) == (["Bluefin"], [])
    assert AuditEvent.objects.get(type="portal:access:refused").matter_id == matter.id


def test_one_takes_back_what_one_hid_and_not_what_somebody_else_did(
    matter: Matter, paralegal: Member, attorney: Member, change: Callable[..., bool]
) -> None:
    change(attorney, ["Bluefin"])
    change(paralegal, ["Bluefin", "Harbour"])
    assert change(paralegal, ["Bluefin"])
    # Nor by writing it otherwise.
    for instead in ([], ["Harbour"], ["Blue fin"]):
        with pytest.raises(Refused):
            change(paralegal, instead)
    assert change(paralegal, ["BLUEFIN", "Harbour"])
    assert change(attorney, ["Harbour"])


def test_inside_the_wall_without_the_right_one_changes_nothing(
    matter: Matter, firm: Organization, paralegal: Member, make_member: Callable[..., Member],
    actor_for: Callable[[Member], Actor], change: Callable[..., bool],
) -> None:  # fmt: skip
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=delegate)
    with pytest.raises(Refused):
        change(delegate, ["Bluefin"])
    assert lists(matter) == ([], [])


def test_of_two_changes_at_once_the_later_one_is_told(
    matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    one, two = (Matter.objects.select_related("vault").get(pk=matter.pk) for _ in range(2))
    actor = actor_for(attorney)
    matters.set_lists(actor=actor, by=attorney, matter=one, hide=["Bluefin"])
    with pytest.raises(matters.ChangedMeanwhile):
        matters.set_lists(actor=actor, by=attorney, matter=two, hide=["Other"])
    # Nor does an older title bring older parties back.
    with pytest.raises(matters.ChangedMeanwhile):
        matters.describe(actor=actor, by=attorney, matter=two, title="New", parties=[])
    assert lists(matter)[0] == ["Bluefin"]


def test_another_title_or_part_in_the_case_is_no_reason_to_check_again(
    matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    actor = actor_for(attorney)
    given = [{"name": "Marta Whitfield", "role": "defendant"}]
    assert not matters.describe(actor=actor, by=attorney, matter=matter, title="New", parties=given)
    assert matters.describe(actor=actor, by=attorney, matter=matter, title="New", parties=[*given, {"name": "Roe"}])
    assert Matter.objects.get(pk=matter.pk).words_version == 2


def test_a_matter_is_made_with_its_lists(
    paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    given = {"hide": ["Bluefin"], "show": ["Bishop"]}
    made = matters.create(actor=actor_for(attorney), member=attorney, kind="legal", title="X", **given)
    assert lists(made) == (["Bluefin"], ["Bishop"])
    with pytest.raises(Refused):
        matters.create(actor=actor_for(paralegal), member=paralegal, kind="legal", title="Y", show=["Bishop"])
    assert Matter.objects.count() == 1
