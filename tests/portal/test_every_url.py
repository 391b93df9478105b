"""Every route, found by walking the resolver so that a new one cannot escape: strangers, neighbours, auditors get nothing."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from compliance.models import AuditEvent
from portal.accounts.rights import Action, Kind, Role, allowed
from portal.middleware import OPEN_PREFIXES
from transcription.models import Proceeding, Recording, Transcript
from vault import objects

# Open on purpose; everything else asks for a sign-in, or (API, webhooks) authenticates by itself.
OPEN = {"/healthz", "/readyz", "/accounts/login/"}
SELF_AUTHENTICATING = ("/api/", "/webhooks/", "/setup/")


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route)
        else:
            yield "/" + route, pattern


def fill(route: str, ids: dict[str, str]) -> str:
    """The route with its parts filled in: ids of real things by the part's name, else something that fits its type."""

    def value(match: re.Match[str]) -> str:
        kind, _, name = match[1].rpartition(":")
        if name in ids:
            return ids[name]
        return {"uuid": str(uuid4()), "int": "1", "slug": "x", "str": "x"}.get(kind or "str", "x")

    return re.sub(r"\(\?P<[^>]+>[^)]*\)", "x", re.sub(r"<([^>]+)>", value, route)).replace("^", "").replace("$", "")


def routes() -> list[str]:
    return sorted({route for route, _ in walk(get_resolver().url_patterns)})


def pages() -> list[str]:
    return [route for route in routes() if not route.startswith(SELF_AUTHENTICATING) and route not in OPEN]


def test_the_walk_finds_the_pages():
    found = pages()
    assert {"/matters/", "/upload/", "/audit/log.csv", "/recordings/", "/settings/"} <= set(found)
    assert len(found) > 40


def test_the_open_prefixes_are_the_ones_that_are_open_on_purpose():
    assert {"/api/", "/webhooks/", "/setup/", "/static/", "/accounts/login/", "/healthz", "/readyz"} == set(OPEN_PREFIXES)


@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_a_stranger_is_sent_to_the_sign_in_from_every_page(db, method):
    client = Client()
    for route in pages():
        answer = getattr(client, method)(fill(route, {}))
        assert answer.status_code == 302, route
        assert answer["Location"].startswith("/accounts/login/"), route


def test_a_stranger_gets_nothing_of_the_api_without_a_key(db):
    client = Client()
    # Descriptions of the API, which hold nobody's data.
    described = ("/api/schema", "/api/docs", "/api/errors")
    for route in routes():
        if not route.startswith("/api/") or route.startswith(described):
            continue
        for method in ("get", "post", "delete"):
            assert getattr(client, method)(fill(route, {})).status_code in {401, 405}, f"{method} {route}"


@pytest.fixture
def inside(matter, paralegal, actor_for) -> dict[str, str]:
    """Ids of real things of one matter, by the names that routes give them."""
    obj = objects.put_bytes(
        actor=actor_for(paralegal), vault=matter.vault, kind="recording", content_type="audio/wav", data=b"RIFF"
    )
    original = objects.put_bytes(
        actor=actor_for(paralegal), vault=matter.vault, kind="original", content_type="application/json", data=b"{}"
    )
    proceeding = Proceeding(matter=matter, kind="deposition", created_by=paralegal, state="held")
    proceeding.title = "Deposition of Marta Whitfield"
    proceeding.save()
    Recording.objects.create(proceeding=proceeding, object=obj)
    transcript = Transcript.objects.create(
        proceeding=proceeding, original=original, provider="engine", state="held", held_reason="pass_failed"
    )
    return {
        "matter_id": str(matter.id),
        "object_id": str(obj.id),
        "proceeding_id": str(proceeding.id),
        "transcript_id": str(transcript.id),
    }


def content_routes() -> list[str]:
    named = ("matter_id", "object_id", "proceeding_id", "transcript_id")
    return [route for route in pages() if any(f":{name}>" in route for name in named)]


@pytest.mark.parametrize(
    "roles", [[role] for role in Role if role is not Role.AUDITOR] + [[Role.ATTORNEY, Role.PRIVACY_OFFICER]]
)
def test_another_organization_finds_nothing_at_any_address(inside, clinic, make_member, roles):
    client = Client()
    client.force_login(make_member(clinic, *roles))
    for route in content_routes():
        for method in ("get", "post"):
            answer = getattr(client, method)(fill(route, inside))
            # 403: the role does not allow such a thing anywhere, said before anything is looked for.
            expected = {404, 405} | ({403} if not allowed(roles, Action.READ, Kind.MATTER) else set())
            assert answer.status_code in expected, f"{method} {route}: {answer.status_code}"
            assert "Whitfield" not in answer.content.decode()


def test_a_colleague_outside_the_wall_finds_nothing_either(inside, firm, make_member):
    client = Client()
    client.force_login(make_member(firm, Role.ATTORNEY, Role.PRIVACY_OFFICER))
    for route in content_routes():
        for method in ("get", "post"):
            assert getattr(client, method)(fill(route, inside)).status_code in {404, 405}, f"{method} {route}"


def test_an_auditor_never_sees_content(inside, auditor):
    client = Client()
    client.force_login(auditor)
    for route in content_routes():
        for method in ("get", "post"):
            answer = getattr(client, method)(fill(route, inside))
            assert answer.status_code in {404, 405}, f"{method} {route}: {answer.status_code}"
            assert "Whitfield" not in answer.content.decode()
    for place in ("/recordings/", "/matters/", "/upload/"):
        assert client.get(place).status_code in {403, 404}, place


def test_every_page_is_open_to_no_more_roles_than_the_table_says(inside, firm, make_member):
    rights = {
        "/audit/": (Action.READ, Kind.AUDIT),
        "/audit/log.csv": (Action.EXPORT, Kind.AUDIT),
        "/keys/": (Action.MANAGE, Kind.API_KEY),
        "/matters/": (Action.READ, Kind.MATTER),
        "/matters/new": (Action.CREATE, Kind.MATTER),
        "/members/": (Action.MANAGE, Kind.MEMBER),
        "/policies/": (Action.READ, Kind.POLICY),
        "/policies/new-policy": (Action.MANAGE, Kind.POLICY),
        "/policies/who-sees-what/": (Action.READ, Kind.POLICY),
        "/recordings/": (Action.READ, Kind.RECORDING),
        "/review/": (Action.REVIEW, Kind.TRANSCRIPT),
        "/settings/": (Action.READ, Kind.SETTINGS),
        "/upload/": (Action.CREATE, Kind.RECORDING),
    }
    for role in Role:
        client = Client()
        client.force_login(make_member(firm, role))
        for url, right in rights.items():
            answer = client.get(url)
            assert answer.status_code == (200 if allowed([role], *right) else 403), f"{role} {url}"
    assert AuditEvent.objects.filter(type="portal:access:refused").exists()


def test_every_form_is_protected_against_foreign_pages(inside, paralegal):
    client = Client(enforce_csrf_checks=True)
    client.force_login(paralegal)
    for route in pages():
        url = fill(route, inside)
        if client.get(url).status_code == 405:
            assert client.post(url).status_code == 403, route


def test_no_page_may_be_kept_or_framed_and_scripts_are_our_own(inside, paralegal):
    client = Client()
    client.force_login(paralegal)
    for route in ("/matters/", f"/matters/{inside['matter_id']}/", "/recordings/", "/upload/"):
        answer = client.get(route)
        assert answer["Cache-Control"] == "no-store"
        policy = answer["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        page = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)[^>]*>|\son[a-z]+=|\sstyle=|javascript:", page), route
