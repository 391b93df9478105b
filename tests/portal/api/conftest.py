"""Programs with keys, and Django's client speaking as one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.accounts import keys
from portal.accounts.keys import NewKey
from portal.accounts.models import Member
from portal.accounts.rights import SCOPE_RIGHTS, Scope, allowed


@pytest.fixture
def make_key() -> Callable[..., NewKey]:
    def make(member: Member, *scopes: Scope, **more: Any) -> NewKey:
        wanted = scopes or tuple(keys.default_scopes(member))
        return keys.create(member, "tests", wanted, **more)

    return make


@pytest.fixture
def every_scope() -> Callable[[Member], list[Scope]]:
    return lambda member: [scope for scope in Scope if allowed(member.roles, *SCOPE_RIGHTS[scope])]


class Program:
    """A program that speaks JSON with one key. ``send`` never raises for a status."""

    def __init__(self, secret: str) -> None:
        self.client = Client(raise_request_exception=False)
        self.secret = secret

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        extra = {name.replace("_", "-"): value for name, value in headers.items()}
        content_type = extra.pop("Content-Type", "application/json")
        if self.secret:
            extra.setdefault("Authorization", f"Bearer {self.secret}")
        return self.client.generic(method, f"/api{path}", raw, content_type=content_type, headers=extra)

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.send("DELETE", path, **headers)


@pytest.fixture
def program(make_key: Callable[..., NewKey]) -> Callable[..., Program]:
    return lambda member, *scopes, **more: Program(make_key(member, *scopes, **more).secret)


@pytest.fixture
def nobody() -> Program:
    return Program("")
