"""Members, roles and API keys: an administrator's pages."""

import re

import pytest

from compliance.models import AuditEvent
from portal.accounts import keys
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Role

NEW = {"name": "Nora New", "email": "Nora@Test.example", "password": "a long and odd phrase 7", "roles": ["paralegal"]}


@pytest.fixture
def administrator(firm, make_member):
    return make_member(firm, Role.ADMINISTRATOR)


@pytest.fixture
def signed_in(client, administrator):
    client.force_login(administrator)
    return client


def test_a_new_member_can_sign_in_and_the_act_is_recorded(signed_in, administrator):
    assert signed_in.post("/members/", NEW).status_code == 302
    made = Member.objects.get(email="nora@test.example")
    assert made.organization == administrator.organization
    assert made.check_password(NEW["password"])
    assert AuditEvent.objects.get(type="accounts:member:created").facts == {"member": str(made.id), "roles": 1}


@pytest.mark.parametrize(
    "bad",
    [
        {"roles": ["auditor", "attorney"]},
        {"roles": []},
        {"roles": ["emperor"]},
        {"password": "short"},
        {"password": "password1234"},
        {"email": "not an address"},
        {"name": ""},
    ],
)
def test_a_member_that_cannot_be_is_refused_with_a_reason(signed_in, bad):
    answer = signed_in.post("/members/", NEW | bad)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not Member.objects.filter(email="nora@test.example").exists()


def test_an_address_is_used_once(signed_in, administrator):
    answer = signed_in.post("/members/", NEW | {"email": administrator.email.upper()})
    assert "email" in answer.context["form"].errors


def test_roles_change_at_once(signed_in, paralegal):
    signed_in.post(f"/members/{paralegal.id}/", {"roles": ["attorney", "delegate"], "active": "on"})
    assert Member.objects.get(pk=paralegal.pk).roles == {Role.ATTORNEY, Role.DELEGATE}


def test_who_becomes_an_auditor_leaves_every_matter(signed_in, paralegal, matter):
    signed_in.post(f"/members/{paralegal.id}/", {"roles": ["auditor"], "active": "on"})
    assert not matter.wall.filter(member=paralegal).exists()


def test_closing_an_account_ends_its_sessions_and_keys(signed_in, paralegal, client):
    from django.test import Client

    theirs = Client()
    theirs.force_login(paralegal)
    made = keys.create(paralegal, "script", [])
    signed_in.post(f"/members/{paralegal.id}/", {"roles": ["paralegal"]})
    assert theirs.get("/rights/").status_code == 302
    assert keys.find(made.secret) is None


def test_the_last_administrator_stays(signed_in, administrator):
    answer = signed_in.post(f"/members/{administrator.id}/", {"roles": ["paralegal"], "active": "on"})
    assert answer.status_code == 200
    assert Member.objects.get(pk=administrator.pk).roles == {Role.ADMINISTRATOR}


def test_members_of_another_organization_do_not_exist_here(signed_in, clinician):
    assert signed_in.get(f"/members/{clinician.id}/").status_code == 404
    assert signed_in.post(f"/members/{clinician.id}/", {"roles": ["auditor"], "active": "on"}).status_code == 404


def test_a_key_is_made_with_a_policy_for_its_matters(signed_in, paralegal):
    fields = {"name": "Intake", "member": str(paralegal.id), "scopes": ["vault:create"]}
    assert signed_in.post("/keys/", fields | {"policy": "verbatim"}).context["form"].errors["policy"]
    assert not ApiKey.objects.exists()
    signed_in.post("/keys/", fields | {"policy": "everything"})
    assert ApiKey.objects.get().default_policy == "everything"
    assert "Matters that it makes: Everything hidden" in signed_in.get("/keys/").content.decode()


def test_a_key_is_shown_once_and_only_its_hash_is_kept(signed_in, paralegal):
    fields = {"name": "Intake", "member": str(paralegal.id), "scopes": ["upload:create", "vault:read"]}
    page = signed_in.post("/keys/", fields).content.decode()
    row = ApiKey.objects.get()
    secret = max(re.findall(r"sk_[A-Za-z0-9_-]+", page), key=len)
    assert keys.find(secret) == row
    assert secret not in signed_in.get("/keys/").content.decode()
    assert AuditEvent.objects.get(type="accounts:api_key:created").facts == {"key": str(row.id), "scopes": 2}


def test_a_key_cannot_reach_further_than_its_person(signed_in, paralegal):
    answer = signed_in.post("/keys/", {"name": "x", "member": str(paralegal.id), "scopes": ["audit:export"]})
    assert "do not allow" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing(signed_in, paralegal):
    made = keys.create(paralegal, "script", [])
    signed_in.post(f"/keys/{made.row.id}/revoke")
    signed_in.post(f"/keys/{made.row.id}/revoke")
    assert keys.find(made.secret) is None
    assert AuditEvent.objects.filter(type="accounts:api_key:revoked").count() == 1


def test_a_neighbours_key_cannot_be_revoked(signed_in, clinician):
    made = keys.create(clinician, "script", [])
    assert signed_in.post(f"/keys/{made.row.id}/revoke").status_code == 404
    assert keys.find(made.secret) is not None


@pytest.mark.parametrize("url", ["/members/", "/keys/"])
def test_others_are_refused_and_it_is_recorded(client, paralegal, url):
    client.force_login(paralegal)
    assert client.get(url).status_code == 403
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").count() == 1
