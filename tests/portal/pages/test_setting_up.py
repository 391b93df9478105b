"""The first organization by a one-use link."""

from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from compliance.models import AuditEvent
from portal.accounts import setup
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role

SAID = {
    "organization": "Berg & Partner",
    "kind": "law",
    "region": "local",
    "name": "Ada Berg",
    "email": "ada@berg.example",
    "password": "a long and odd phrase 7",
}


@pytest.fixture
def link(db) -> str:
    out = StringIO()
    call_command("setup", stdout=out, stderr=StringIO())
    return urlsplit(out.getvalue().strip()).path


def test_the_link_makes_an_organization_with_its_administrator_once(client, link):
    assert client.get(link).status_code == 200
    assert client.post(link, SAID).status_code == 302
    member = Member.objects.get()
    assert (member.organization.name, member.roles, member.organization.is_sample) == (
        "Berg & Partner",
        {Role.ADMINISTRATOR},
        False,
    )
    assert set(AuditEvent.objects.values_list("type", flat=True)) == {
        "accounts:organization:created",
        "accounts:member:created",
    }
    again = Client().post(link, SAID | {"email": "eve@berg.example"})
    assert again.status_code == 403
    assert Organization.objects.count() == 1
    assert client.post("/accounts/login/", {"login": SAID["email"], "password": SAID["password"]}).status_code == 302
    assert client.get("/members/").status_code == 200


def test_a_mistake_does_not_use_the_link_up(client, link):
    assert client.post(link, SAID | {"password": "short"}).status_code == 200
    assert not Organization.objects.exists()
    assert client.post(link, SAID).status_code == 302


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "x", lambda t: t.replace(":", ".")])
def test_an_altered_link_is_refused(client, link, change):
    token = link.removeprefix("/setup/")
    answer = client.post("/setup/" + change(token), SAID)
    assert answer.status_code == 403
    assert not Organization.objects.exists()


def test_a_link_dies_after_a_day(client, link, monkeypatch):
    from datetime import timedelta

    monkeypatch.setattr(setup, "LIFETIME", timedelta(seconds=-1))
    assert client.get(link).status_code == 403


def test_there_is_no_link_beside_sample_data(db):
    Organization.objects.create(name="Sample", kind="law", default_region="local", is_sample=True)
    with pytest.raises(CommandError, match="sample data"):
        call_command("setup")
