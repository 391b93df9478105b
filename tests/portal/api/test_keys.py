"""Who gets in: live keys only, within their scopes, never beyond their member's roles."""

from datetime import timedelta

import pytest
from django.utils import timezone

from compliance.models import AuditEvent
from portal.accounts import keys
from portal.accounts.models import ApiKey, MemberRole
from portal.accounts.rights import Role, Scope
from tests.portal.api.conftest import Program


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer sk_",
        "Bearer sk_" + "A" * 43,
        "Bearer sk_" + "A" * 10_000,
        "Bearer a b",
        "Bearer sk_\u00e9",
        "Basic c2tfeDo=",
        "sk_" + "A" * 43,
    ],
)
def test_a_forged_or_missing_key_is_one_and_the_same_401(db, nobody, header):
    answer = nobody.get("/vault", **({"Authorization": header} if header else {}))
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")
    body = answer.json()
    assert body["code"] == "AUTH_INVALID"
    assert body["error"] == body["message"] == body["detail"]
    assert body["request_id"] == answer["X-Request-Id"]
    assert answer["x-should-retry"] == "false"


def test_expired_revoked_and_orphaned_keys_are_refused_and_recorded(paralegal, make_key):
    past = timezone.now() - timedelta(seconds=1)
    expired = make_key(paralegal, Scope.VAULT_READ, expires_at=past)
    revoked = make_key(paralegal, Scope.VAULT_READ)
    assert Program(revoked.secret).get("/vault").status_code == 200
    assert keys.revoke(revoked.row)
    for key in (expired, revoked):
        assert Program(key.secret).get("/vault").status_code == 401
    left = make_key(paralegal, Scope.VAULT_READ)
    paralegal.is_active = False
    paralegal.save()
    assert Program(left.secret).get("/vault").status_code == 401
    refusals = AuditEvent.objects.filter(type="portal:access:refused", outcome="refused")
    assert sorted(event.facts["reason"] for event in refusals) == ["key:not_live", "key:not_live", "key:revoked"]
    assert {event.actor_id for event in refusals} == {expired.row.id, revoked.row.id, left.row.id}


def test_use_is_noted(paralegal, make_key):
    key = make_key(paralegal, Scope.VAULT_READ)
    Program(key.secret).get("/vault")
    assert ApiKey.objects.get(pk=key.row.pk).last_used_at is not None


def test_only_a_hash_of_the_key_is_stored(paralegal, make_key):
    key = make_key(paralegal)
    row = ApiKey.objects.filter(pk=key.row.pk).values().get()
    assert key.secret not in repr(row)
    assert key.webhook_secret.removeprefix("whsec_") not in repr(row)


ROUTES = [
    ("GET", "/vault", Scope.VAULT_READ),
    ("POST", "/vault", Scope.VAULT_CREATE),
    ("DELETE", "/vault/{vault}", Scope.VAULT_DELETE),
    ("POST", "/vault/{vault}/upload", Scope.UPLOAD_CREATE),
    ("POST", "/vault/{vault}/multipart/init", Scope.UPLOAD_CREATE),
    ("GET", "/vault/{vault}/objects", Scope.VAULT_READ),
    ("POST", "/voice/transcription", Scope.TRANSCRIPTION_CREATE),
    ("GET", "/v1/policies", Scope.POLICY_READ),
    ("GET", "/voice/transcription/{vault}", Scope.RENDITION_READ),
    ("DELETE", "/voice/transcription/{vault}", Scope.TRANSCRIPTION_DELETE),
]


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_a_key_without_the_scope_is_refused_and_that_is_recorded(attorney, matter, program, method, path, scope):
    others = [s for s in keys.default_scopes(attorney) if s is not scope]
    answer = program(attorney, *others).send(method, path.format(vault=matter.vault_id), {})
    assert answer.status_code == 403
    assert answer.json()["code"] == "scope_missing"
    assert answer.json()["facts"]["scope"] == scope.value
    event = AuditEvent.objects.get(type="portal:access:refused")
    assert event.facts["reason"] == f"scope:{scope.value}"


def test_a_scope_beyond_the_members_roles_cannot_be_given(paralegal, make_key):
    with pytest.raises(keys.ScopeBeyondRoles):
        make_key(paralegal, Scope.OBJECT_ORIGINAL)


def test_a_scope_ends_with_the_role_that_it_came_from(attorney, matter, program):
    key = program(attorney, Scope.VAULT_DELETE)
    MemberRole.objects.filter(member=attorney).update(role=Role.PARALEGAL.value)
    answer = key.delete(f"/vault/{matter.vault_id}")
    assert answer.status_code == 403
    matter.refresh_from_db()
    assert matter.erased_at is None


def test_every_route_of_the_api_declares_scopes_for_every_method():
    from django.urls import get_resolver

    from portal.api.base import ApiView, Nowhere

    prefix = next(p for p in get_resolver().url_patterns if str(p.pattern) == "api/")
    views = [p.callback.cls for p in prefix.url_patterns if hasattr(p.callback, "cls")]
    guarded = [view for view in views if issubclass(view, ApiView) and view is not Nowhere]
    assert len(guarded) >= 12
    for view in guarded:
        handlers = {m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(view, m)}
        assert set(view.scopes) == handlers, view
    # What is open to everybody is a short list.
    assert {view.__name__ for view in views if not issubclass(view, ApiView)} == {"Schema", "ErrorCodes", "ErrorCode"}
