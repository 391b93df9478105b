"""Matters on pages: within the wall everything, outside it nothing, not even that it exists."""

import pytest

from compliance.models import AuditEvent
from portal.accounts.rights import Role
from portal.pages.matters import parse_parties
from vault import matters
from vault.models import Matter


@pytest.fixture
def signed_in(client, paralegal):
    client.force_login(paralegal)
    return client


def test_only_matters_behind_whose_wall_one_is_are_listed(signed_in, matter, firm, make_member, actor_for):
    other = make_member(firm, Role.PARALEGAL)
    matters.create(actor=actor_for(other), member=other, kind="legal", title="Somebody else's case")
    page = signed_in.get("/matters/").content.decode()
    assert "Whitfield v. Harbor Logistics" in page
    assert "Somebody else" not in page


def test_an_empty_list_says_what_to_do(client, firm, make_member):
    client.force_login(make_member(firm, Role.ATTORNEY))
    assert "No matters yet" in client.get("/matters/").content.decode()


def test_making_a_matter_lets_in_who_was_chosen(signed_in, paralegal, attorney):
    fields = {
        "kind": "legal",
        "title": "Doe v. Roe",
        "parties": "Jane Doe, plaintiff\nRoe, Inc., defendant\n\nWitness Only",
        "region": "local",
        "people": [str(attorney.id)],
    }
    answer = signed_in.post("/matters/new", fields)
    made = Matter.objects.get()
    assert answer["Location"] == f"/matters/{made.id}/"
    assert made.title == "Doe v. Roe"
    assert made.parties == [
        {"name": "Jane Doe", "role": "plaintiff"},
        {"name": "Roe, Inc.", "role": "defendant"},
        {"name": "Witness Only", "role": ""},
    ]
    assert set(made.wall.values_list("member_id", flat=True)) == {paralegal.id, attorney.id}


def test_an_auditor_and_a_neighbour_cannot_be_chosen_on_the_form(signed_in, attorney, auditor, clinician):
    fields = {"kind": "legal", "title": "X", "region": "local"}
    for person in (auditor, clinician):
        assert signed_in.post("/matters/new", fields | {"people": [str(person.id)]}).status_code == 200
    assert not Matter.objects.exists()


@pytest.mark.parametrize("bad", [{"title": ""}, {"title": "x" * 301}, {"region": "mars"}, {"kind": "secret"}])
def test_what_cannot_be_used_is_said_and_what_was_typed_stays(signed_in, bad):
    fields = {"kind": "legal", "title": "Kept", "parties": "Kept Party", "region": "local"} | bad
    answer = signed_in.post("/matters/new", fields)
    assert answer.status_code == 200
    assert "Kept Party" in answer.content.decode()
    assert not Matter.objects.exists()


def test_the_matters_page_shows_what_is_inside_and_records_the_read(signed_in, matter, paralegal):
    page = signed_in.get(f"/matters/{matter.id}/").content.decode()
    assert "Marta Whitfield" in page
    assert "This machine" in page
    assert AuditEvent.objects.get(type="vault:matter:read").matter_id == matter.id


def test_the_wall_is_changed_by_who_made_it_and_each_change_is_recorded(signed_in, matter, firm, make_member):
    person = make_member(firm, Role.DELEGATE)
    url = f"/matters/{matter.id}/wall"
    signed_in.post(url, {"member": str(person.id), "act": "add"})
    assert matter.wall.filter(member=person).exists()
    signed_in.post(url, {"member": str(person.id), "act": "remove"})
    assert not matter.wall.filter(member=person).exists()
    changes = AuditEvent.objects.filter(type="vault:matter:wall_changed").order_by("at")
    assert [event.facts["added"] for event in changes] == [True, False]


def test_somebody_let_in_without_the_right_cannot_change_the_wall(client, matter, firm, make_member, paralegal, actor_for):
    person = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=person)
    client.force_login(person)
    assert "Let somebody in" not in client.get(f"/matters/{matter.id}/").content.decode()
    answer = client.post(f"/matters/{matter.id}/wall", {"member": str(paralegal.id), "act": "remove"})
    assert answer.status_code == 403
    assert matter.wall.filter(member=paralegal).exists()
    assert AuditEvent.objects.filter(type="portal:access:refused").exists()


def test_the_last_person_cannot_be_removed(signed_in, matter, attorney, paralegal):
    url = f"/matters/{matter.id}/wall"
    signed_in.post(url, {"member": str(attorney.id), "act": "remove"})
    assert signed_in.post(url, {"member": str(paralegal.id), "act": "remove"}).status_code == 400
    assert matter.wall.count() == 1


@pytest.mark.parametrize("member", ["", "not-an-id", "00000000-0000-4000-8000-000000000000"])
def test_a_wall_change_for_nobody_is_nothing_here(signed_in, matter, member):
    assert signed_in.post(f"/matters/{matter.id}/wall", {"member": member, "act": "add"}).status_code == 404


def test_a_neighbour_cannot_be_let_in(signed_in, matter, clinician):
    assert signed_in.post(f"/matters/{matter.id}/wall", {"member": str(clinician.id)}).status_code == 404


def test_parties_and_title_can_be_changed(signed_in, matter):
    signed_in.post(f"/matters/{matter.id}/describe", {"title": "New title", "parties": "Ann Example, witness"})
    matter.refresh_from_db()
    assert (matter.title, matter.parties) == ("New title", [{"name": "Ann Example", "role": "witness"}])
    assert AuditEvent.objects.get(type="vault:matter:changed").facts == {"parties": 1}


@pytest.mark.parametrize(
    ("line", "name", "role"),
    [
        ("Delgado, Carmen", "Delgado, Carmen", ""),
        ("Delgado, Carmen, plaintiff", "Delgado, Carmen", "plaintiff"),
        ("Delgado, Carmen M.", "Delgado, Carmen M.", ""),
        ("Acme Freight, Inc.", "Acme Freight, Inc.", ""),
        ("Acme Freight, L.L.C.", "Acme Freight, L.L.C.", ""),
        ("Acme Freight, Inc., defendant", "Acme Freight, Inc.", "defendant"),
        ("John Roe, Jr.", "John Roe, Jr.", ""),
        ("John Roe, III", "John Roe, III", ""),
        ("Ann Roe, M.D.", "Ann Roe, M.D.", ""),
        ("Ann Roe, Esq., counsel", "Ann Roe, Esq.", "counsel"),
        # Given names, too, but words for what somebody is to the matter.
        ("Ann Roe, judge", "Ann Roe", "judge"),
        ("Ann Roe, sister", "Ann Roe", "sister"),
        ("Ann Roe, minor", "Ann Roe", "minor"),
        ("Ann Roe, guardian ad litem", "Ann Roe", "guardian ad litem"),
        ("Ann Roe,", "Ann Roe", ""),
    ],
)
def test_what_follows_the_comma_is_a_role_only_where_it_is_no_part_of_the_name(line, name, role):
    assert parse_parties(line) == [{"name": name, "role": role}]


def test_a_role_that_is_too_long_is_refused_and_not_cut(signed_in, matter):
    answer = signed_in.post(f"/matters/{matter.id}/describe", {"title": "T", "parties": f"Ann Example, {'w' * 61}"})
    assert answer.status_code == 400
    assert "at most 60 characters; one has 61" in answer.content.decode()
    matter.refresh_from_db()
    assert [party["name"] for party in matter.parties] == ["Marta Whitfield"]
