"""``create_api_key``: what it prints, gives and refuses."""

import io

import pytest
from django.core.management import CommandError, call_command

from compliance.models import AuditEvent
from portal.accounts import keys
from portal.accounts.models import ApiKey
from portal.accounts.rights import DEFAULT_SCOPES, Scope


def run(*arguments):
    out = io.StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue().split()


def test_it_prints_the_key_and_its_webhook_secret_once(attorney, matter):
    secret, webhook_secret = run("--member", attorney.email.upper(), "--vault", str(matter.vault_id), "--days", "30")
    row = keys.find(secret)
    assert (row.member, row.default_vault_id) == (attorney, matter.vault_id)
    assert set(row.scopes) == {scope.value for scope in DEFAULT_SCOPES}
    assert row.expires_at is not None
    assert webhook_secret.startswith("whsec_")
    event = AuditEvent.objects.get(type="accounts:api_key:created")
    assert event.facts == {"key": str(row.id), "scopes": len(DEFAULT_SCOPES)}


def test_all_is_what_the_members_roles_allow(attorney, paralegal):
    assert Scope.OBJECT_ORIGINAL.value in keys.find(run("--member", attorney.email, "--scope", "all")[0]).scopes
    assert Scope.OBJECT_ORIGINAL.value not in keys.find(run("--member", paralegal.email, "--scope", "all")[0]).scopes


def test_it_has_a_policy_for_the_matters_it_makes_if_one_is_given(attorney):
    assert keys.find(run("--member", attorney.email, "--policy", "everything")[0]).default_policy == "everything"
    assert keys.find(run("--member", attorney.email)[0]).default_policy == ""


@pytest.mark.parametrize(
    "more",
    [
        ["--scope", "vault:fly"],
        ["--scope", "object:original"],
        ["--days", "0"],
        ["--policy", "verbatim"],
        ["--policy", "no_such"],
        ["--vault", "x"],
        ["--vault", "00000000-0000-4000-8000-000000000000"],
    ],
)
def test_what_cannot_be_given_is_refused_and_no_key_is_made(paralegal, more):
    with pytest.raises(CommandError):
        run("--member", paralegal.email, *more)
    with pytest.raises(CommandError):
        run("--member", "nobody@test.example")
    assert not ApiKey.objects.exists()
