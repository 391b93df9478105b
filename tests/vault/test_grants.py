"""Attacks on presigned URLs: each is refused in the same words, and the log knows the true reason."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import ApiKey, Member
from vault import grants, objects
from vault.errors import GrantRefused
from vault.grants import Asked, BadLifetime
from vault.models import Grant, Matter, MatterMember, StoredObject

pytestmark = pytest.mark.django_db
STRANGER = Actor("anonymous", None, "", "203.0.113.9", "curl")


@pytest.fixture
def obj(put: Callable[..., StoredObject]) -> StoredObject:
    return put(b"recording")


@pytest.fixture
def waiting(matter: Matter, actor: Actor) -> StoredObject:
    return objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")


@pytest.fixture
def mint(actor: Actor) -> Callable[..., tuple[Grant, str]]:
    def act(obj: StoredObject, method: str = "GET", seconds: int = 600, by: Actor = actor, **more: object) -> tuple[Grant, str]:
        grant, url = grants.mint(actor=by, obj=obj, method=method, seconds=seconds, **more)
        return grant, url.removeprefix(settings.PUBLIC_URL + grants.PATH)

    return act


def refusals() -> list[str]:
    return [event.facts["reason"] for event in AuditEvent.objects.filter(type="vault:grant:refused").order_by("at")]


def refused(token: str, asked: Asked = Asked("GET")) -> str:  # noqa: B008 - frozen
    """The reason in the log of a refused request."""
    before = len(refusals())
    with pytest.raises(GrantRefused) as error:
        grants.check(token, asked, STRANGER)
    assert (error.value.text, error.value.facts) == (GrantRefused.message, {})
    return "".join(refusals()[before:])


def test_a_grant_allows_what_it_was_minted_for(obj: StoredObject, mint: Callable) -> None:
    grant, token = mint(obj)
    assert grants.check(token, Asked("GET"), STRANGER) == grant


def test_another_method_is_refused(obj: StoredObject, waiting: StoredObject, mint: Callable) -> None:
    for method, target in (("GET", obj), ("HEAD", obj), ("PUT", waiting), ("DELETE", obj)):
        _, token = mint(target, method)
        for other in {"GET", "HEAD", "PUT", "DELETE", "POST", "get"} - {method}:
            assert refused(token, Asked(other)) == "method"


def test_every_altered_character_of_the_token_is_refused(obj: StoredObject, mint: Callable) -> None:
    _, token = mint(obj)
    for place in range(len(token)):
        for other in {"A", "b", ".", "-", "=", "%"} - {token[place]}:
            with pytest.raises(GrantRefused):
                grants.check(token[:place] + other + token[place + 1 :], Asked("GET"), STRANGER)
    for bad in ("", ".", "..", token[:-1], token + "A", token + "=", token + "/x", "ä" * 22 + token[22:], token.upper()):
        with pytest.raises(GrantRefused):
            grants.check(bad, Asked("GET"), STRANGER)


def test_a_token_of_one_grant_with_the_mac_of_another_is_refused(obj: StoredObject, mint: Callable) -> None:
    (_, one), (_, two) = mint(obj), mint(obj)
    assert refused(".".join([one.split(".")[0], *two.split(".")[1:]])) == "mac"


@pytest.mark.parametrize(
    "change",
    [
        {"expires_at": timezone.now() + timedelta(days=3650)},
        {"method": "DELETE"},
        {"max_uses": None},
        {"content_type": "text/html"},
        {"size": 5},
        {"key_id": "2"},
        {"submission_id": "6f0d5a3c-4c1e-4a83-9a5e-0f8f2c3a7b11"},
        {"actor_kind": "system"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_row_altered_in_the_database_is_refused(obj: StoredObject, mint: Callable, change: dict) -> None:
    grant, token = mint(obj, max_uses=3)
    Grant.objects.filter(pk=grant.pk).update(**change)
    method = change.get("method", "GET")
    assert refused(token, Asked(method)) == "mac"


def test_a_row_pointed_at_another_object_is_refused(
    obj: StoredObject, put: Callable[..., StoredObject], mint: Callable
) -> None:
    grant, token = mint(obj)
    Grant.objects.filter(pk=grant.pk).update(object=put(b"somebody else's"))
    assert refused(token) == "mac"


def test_an_expired_revoked_or_used_up_grant_is_refused(obj: StoredObject, mint: Callable, actor: Actor) -> None:
    grant, token = mint(obj, max_uses=2)
    for _ in range(2):
        grants.use(grants.check(token, Asked("GET"), STRANGER), Asked("GET"), actor)
    assert refused(token) == "used_up"
    grant, token = mint(obj)
    grants.revoke(actor=actor, grant=grant)
    assert refused(token) == "revoked"
    _, token = mint(obj, seconds=60)
    with pytest.MonkeyPatch.context() as clock:
        later = timezone.now() + timedelta(seconds=61)
        clock.setattr(timezone, "now", lambda: later)
        assert refused(token) == "expired"


def test_two_at_once_cannot_use_the_last_use_twice(obj: StoredObject, mint: Callable, actor: Actor) -> None:
    _, token = mint(obj, max_uses=1)
    first, second = (grants.check(token, Asked("GET"), STRANGER) for _ in range(2))
    grants.use(first, Asked("GET"), actor)
    with pytest.raises(GrantRefused):
        grants.use(second, Asked("GET"), actor)


def test_an_upload_of_another_type_or_size_is_refused(waiting: StoredObject, mint: Callable) -> None:
    _, token = mint(waiting, "PUT", content_type="audio/wav", size=10)
    for asked, reason in (
        (Asked("PUT", "audio/mpeg", 10), "content_type"),
        (Asked("PUT", "", 10), "content_type"),
        (Asked("PUT", "audio/wav", 11), "size"),
    ):
        assert refused(token, asked) == reason
    assert grants.check(token, Asked("PUT", "Audio/WAV; rate=8000", 10), STRANGER)


def test_what_is_not_stored_cannot_be_read_and_what_is_stored_not_written(
    obj: StoredObject, waiting: StoredObject, mint: Callable
) -> None:
    assert refused(mint(waiting, "GET")[1]) == "not_stored"
    assert refused(mint(obj, "PUT")[1], Asked("PUT")) == "already_stored"


def test_erasing_ends_every_grant(obj: StoredObject, mint: Callable, actor: Actor) -> None:
    _, token = mint(obj)
    objects.erase(actor=actor, obj=obj)
    assert refused(token) == "revoked"


def test_keys_rotate_without_ending_links_until_theirs_is_removed(obj: StoredObject, mint: Callable, settings: object) -> None:
    _, old = mint(obj)
    settings.GRANT_KEYS = {**settings.GRANT_KEYS, "2": "n" * 40}
    grant, new = mint(obj)
    assert grant.key_id == "2"
    assert grants.check(old, Asked("GET"), STRANGER)
    assert grants.check(new, Asked("GET"), STRANGER)
    settings.GRANT_KEYS = {"2": "n" * 40}
    assert refused(old) == "mac"
    settings.GRANT_KEYS = {"2": "m" * 40}
    assert refused(new) == "mac"


def test_a_link_lives_as_long_as_the_organization_allows(obj: StoredObject, mint: Callable) -> None:
    organization = obj.vault.organization
    for seconds in (0, 59, organization.presign_cap_seconds + 1, 8 * 86_400, -60):
        with pytest.raises(BadLifetime):
            mint(obj, seconds=seconds)
    mint(obj, seconds=organization.presign_cap_seconds)


def test_a_link_ends_with_the_membership_or_the_key_behind_it(
    obj: StoredObject, mint: Callable, matter: Matter, paralegal: Member, attorney: Member
) -> None:
    _, of_member = mint(obj)
    key = ApiKey.objects.create(organization=paralegal.organization, member=paralegal, name="k", secret_hash="a")
    _, of_key = mint(obj, by=Actor("key", key.id))
    provider = "6f0d5a3c-4c1e-4a83-9a5e-0f8f2c3a7b11"
    _, of_provider = mint(obj, submission_id=provider)
    for token in (of_member, of_key, of_provider):
        assert grants.check(token, Asked("GET"), STRANGER)

    ApiKey.objects.update(revoked_at=timezone.now())
    assert refused(of_key) == "wall"
    ApiKey.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert refused(of_key) == "wall"
    ApiKey.objects.update(expires_at=None)

    MatterMember.objects.filter(member=paralegal).delete()
    assert refused(of_member) == "wall"
    assert refused(of_key) == "wall"
    assert grants.check(of_provider, Asked("GET"), STRANGER)
    MatterMember.objects.create(matter=matter, member=paralegal, added_by=attorney)
    assert grants.check(of_member, Asked("GET"), STRANGER)
    Member.objects.filter(pk=paralegal.pk).update(is_active=False)
    assert refused(of_member) == "wall"


def test_all_grants_of_a_submission_end_together(obj: StoredObject, mint: Callable, actor: Actor) -> None:
    submission = "6f0d5a3c-4c1e-4a83-9a5e-0f8f2c3a7b11"
    _, mine = mint(obj, submission_id=submission)
    _, other = mint(obj)
    assert grants.revoke_for_submission(actor=actor, submission_id=submission) == 1
    assert refused(mine) == "revoked"
    assert grants.check(other, Asked("GET"), STRANGER)


def test_our_own_url_is_resolved_and_a_foreign_one_is_not_ours(obj: StoredObject, mint: Callable) -> None:
    grant, token = mint(obj)
    base = settings.PUBLIC_URL
    host = base.partition("//")[2]
    assert grants.resolve_grant_url(base + grants.PATH + token, STRANGER) == grant
    assert Grant.objects.get(pk=grant.pk).uses == 0
    for foreign in (
        f"http://evil.example{grants.PATH}{token}",
        f"https://{host}{grants.PATH}{token}",
        f"http://{host}@evil.example{grants.PATH}{token}",
        f"http://user@{host}{grants.PATH}{token}",
        f"http://{host}.evil.example{grants.PATH}{token}",
        f"http://127.0.0.1:99999{grants.PATH}{token}",
        f"{base}/other/{token}",
        f"http://[{grants.PATH}{token}",
        "//",
        f"{base}{grants.PATH}{token}?x=1",
        "",
    ):
        assert grants.resolve_grant_url(foreign, STRANGER) is None
    for bad in (token[:-2] + "xx", token + "\ud800", "\ud800", token + "/../x", token + "\x00"):
        with pytest.raises(GrantRefused):
            grants.resolve_grant_url(base + grants.PATH + bad, STRANGER)
    with pytest.raises(GrantRefused):
        grants.resolve_grant_url(base + grants.PATH + mint(obj, "DELETE")[1], STRANGER)


def test_neither_mac_nor_token_is_in_the_database(obj: StoredObject, mint: Callable) -> None:
    _, token = mint(obj)
    mac = token.split(".")[2]
    row = str(Grant.objects.values().first()) + str(list(AuditEvent.objects.values()))
    assert mac not in row


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_the_uses_that_are_left(obj: StoredObject, mint: Callable, actor: Actor) -> None:
    grant, _ = mint(obj, max_uses=3)
    gate, outcomes = threading.Barrier(8), []

    def try_it() -> None:
        gate.wait()
        try:
            grants.use(grant, Asked("GET"), actor)
            outcomes.append("used")
        except GrantRefused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["used"] * 3
    assert Grant.objects.get(pk=grant.pk).uses == 3
