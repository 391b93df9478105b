"""Signing in and out, guessing, locking: each recorded; nobody learns whether an account exists."""

import pytest
from django.test import Client

from compliance.models import AuditEvent
from portal.pages import signin

PASSWORD = "correct horse battery"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post("/accounts/login/", {"login": email, "password": password} | extra)


def test_signing_in_and_out_is_recorded(client, paralegal):
    assert sign_in(client, paralegal.email).status_code == 302
    assert client.post("/accounts/logout/").status_code == 302
    events = AuditEvent.objects.filter(actor_id=paralegal.id).order_by("at").values_list("type", flat=True)
    assert list(events) == ["accounts:member:signed_in", "accounts:member:signed_out"]


def test_a_failed_attempt_is_recorded_without_what_was_typed(client, paralegal):
    assert sign_in(client, paralegal.email, "wrong-password-typed").status_code == 200
    event = AuditEvent.objects.get(type="accounts:member:sign_in_failed")
    assert (event.outcome, event.actor_kind, event.target_id) == ("refused", "anonymous", str(paralegal.id))
    assert b"wrong-password-typed" not in bytes(event.actor_sealed)


def test_a_stranger_is_not_told_whether_an_account_exists(client, paralegal):
    known = sign_in(client, paralegal.email, "nope-nope-nope").context["form"].non_field_errors()
    unknown = sign_in(client, "nobody@test.example", "nope-nope-nope").context["form"].non_field_errors()
    assert list(known) == list(unknown)


def test_guessing_is_stopped_even_for_the_right_password(client, paralegal, monkeypatch):
    monkeypatch.setattr(signin, "FAILURES_ALLOWED", 3)
    for _ in range(3):
        sign_in(client, paralegal.email, "guess-guess-guess")
    assert sign_in(client, paralegal.email).status_code == 200
    assert client.get("/rights/").status_code == 302
    assert AuditEvent.objects.filter(type="accounts:member:sign_in_failed", facts__reason="too_many").count() == 1


def test_a_locked_screen_is_recorded_and_returns_to_the_same_place(client, paralegal, settings):
    client.force_login(paralegal)
    assert client.get("/rights/").status_code == 200
    session = client.session
    session["last_seen"] -= settings.IDLE_LOCK_SECONDS + 1
    session.save()
    answer = client.get("/rights/")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=%2Frights%2F&locked=1"
    assert AuditEvent.objects.filter(type="accounts:member:locked", actor_id=paralegal.id).count() == 1
    page = client.get(answer["Location"])
    assert "Locked after 15 minutes — sign in to continue where you were." in page.content.decode()
    answer = sign_in(client, paralegal.email, next="/rights/")
    assert answer["Location"] == "/rights/"


def test_passive_polls_do_not_keep_a_session_open(client, paralegal, settings):
    client.force_login(paralegal)
    client.get("/rights/")
    session = client.session
    session["last_seen"] = before = session["last_seen"] - settings.IDLE_LOCK_SECONDS + 5
    session.save()
    assert client.get("/session/state", headers={"X-Passive": "1"}).status_code == 200
    assert client.session["last_seen"] == before
    client.post("/session/active")
    assert client.session["last_seen"] > before


def test_locking_by_hand_ends_the_session(client, paralegal):
    client.force_login(paralegal)
    assert client.post("/session/lock").status_code == 200
    assert client.get("/session/state", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"])
def test_there_is_no_self_service_for_accounts(client, paralegal, path):
    client.force_login(paralegal)
    assert client.get(path).status_code == 404


def test_changing_the_password_keeps_the_member_signed_in(client, paralegal):
    client.force_login(paralegal)
    fields = {"oldpassword": PASSWORD, "password1": "another horse, battery", "password2": "another horse, battery"}
    assert client.get("/accounts/password/change/").status_code == 200
    assert client.post("/accounts/password/change/", fields).status_code == 302
    paralegal.refresh_from_db()
    assert paralegal.check_password("another horse, battery")
