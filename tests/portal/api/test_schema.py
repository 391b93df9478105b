"""The API's description is true, open to everybody, and nothing that it allows breaks the server."""

import re

import httpx
import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from tests.transcription.reading.doubtful import doubtful
from transcription import second_pass
from transcription.models import Rendition
from vault import objects
from vault.models import LegalHold

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    ignored_auth,
)


def test_the_schema_names_every_route_and_needs_no_key(db, nobody):
    from portal.api.urls import urlpatterns

    answer = nobody.get("/schema")
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.")
    routes = {
        "/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(route.pattern))
        for route in urlpatterns
        if "schema" not in str(route.pattern)
    }
    assert set(described["paths"]) == routes - {"/api/docs", r"/api/^[\s\S]*$"}
    for path, methods in described["paths"].items():
        for operation in methods.values():
            guarded = not path.startswith("/api/errors")
            assert bool(operation.get("security")) == guarded, path
            if guarded:
                assert {"401", "403", "404"} <= set(operation["responses"]), path


def test_the_docs_need_no_key_and_run_no_inline_script(db, nobody):
    answer = nobody.client.get("/api/docs")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "style=" not in page
    assert "<style" not in page
    assert "script-src 'self'" in answer["Content-Security-Policy"]


def _hammer(url, key, ids, examples):
    """Sends generated requests to every operation; those with ids go to things that exist."""
    schema = schemathesis.openapi.from_dict(httpx.get(f"{url}/api/schema", timeout=60).json())
    schema.config.update(base_url=url)
    bounded = settings(
        max_examples=examples, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @bounded
        @given(case=operation.as_strategy())
        def one(case):
            nonlocal tried
            tried += 1
            for name, value in ids.items():
                if case.path_parameters and name in case.path_parameters:
                    case.path_parameters[name] = value
            case.call_and_validate(timeout=60, headers={"Authorization": f"Bearer {key}"}, checks=CHECKS)

        one()
    return tried


@pytest.fixture
def waiting(transactional_db, matter, paralegal, actor_for):
    """One of each kind in the list of what waits for people, so that its answers are not empty."""
    held, audio, _ = (doubtful(matter, paralegal, actor_for, {"name": {}}) for _ in range(3))
    second_pass.hold(held, "pass_failed")
    now = timezone.now()
    Rendition.objects.filter(transcript=audio).update(audio_state="held", audio_held_reason="audio_heard", audio_checked_at=now)


@pytest.fixture
def hammered(live, attorney, make_key, every_scope, matter, actor_for, waiting):
    key = make_key(attorney, *every_scope(attorney))
    stored = objects.put_bytes(
        actor=actor_for(attorney),
        vault=matter.vault,
        kind="recording",
        content_type="audio/wav",
        data=b"RIFF",
        file_name="w.wav",
    )
    # A hold keeps what is hammered at from being erased by the first DELETE.
    LegalHold.objects.create(matter=matter, placed_by=attorney)
    ids = {"vault_id": str(matter.vault_id), "object_id": str(stored.id)}
    return lambda examples: _hammer(live, key.secret, ids, examples)


def test_generated_requests_break_nothing_and_answers_are_as_described(hammered):
    assert hammered(5) > 60


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_many_generated_requests_break_nothing(hammered):
    assert hammered(100) > 1000
