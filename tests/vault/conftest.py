"""Objects in a matter's vault, and a client for the streaming app."""

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from django.conf import settings

from compliance.audit import Actor
from portal.accounts.models import Member
from vault import objects
from vault.models import Matter, StoredObject
from vault.streaming import ObjectBytes


@pytest.fixture
def actor(paralegal: Member, actor_for: Callable[[Member], Actor]) -> Actor:
    return actor_for(paralegal)


@pytest.fixture
def put(matter: Matter, actor: Actor) -> Callable[..., StoredObject]:
    """Stores bytes as an object of the matter."""

    def act(data: bytes, **more: object) -> StoredObject:
        settings_of = {"kind": "recording", "content_type": "audio/wav", "file_name": "Whitfield day 1.wav"}
        return objects.put_bytes(actor=actor, vault=matter.vault, data=data, **(settings_of | more))

    return act


@pytest.fixture
def stored_ids() -> list[UUID]:
    """Ids that the streaming app reported as stored."""
    return []


@pytest.fixture
def bytes_app(stored_ids: list[UUID]) -> ObjectBytes:
    return ObjectBytes(on_stored=stored_ids.append, served=lambda grant: grant.object)


@pytest.fixture
def client(bytes_app: ObjectBytes) -> Callable[[], httpx.AsyncClient]:
    def make() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=bytes_app, client=("198.51.100.4", 1234))
        return httpx.AsyncClient(transport=transport, base_url=settings.PUBLIC_URL)

    return make
