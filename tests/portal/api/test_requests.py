"""Requests as clients send them, and as attackers do."""

import contextlib
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.api.parsers import MAX_BODY_BYTES, NotJson, read_object
from vault.draining import DRAIN_BYTES


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/x-www-form-urlencoded", "application/json", "multipart/form-data"]
)
def test_json_is_read_under_any_content_type(paralegal, program, content_type):
    answer = program(paralegal).post("/vault", {"name": "Doe v. Roe"}, Content_Type=content_type)
    assert answer.status_code == 201, answer.content
    assert answer.json()["name"] == "Doe v. Roe"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "not_json"),
        (b'"name"', "not_json"),
        (b"\xff\xfe{}", "not_json"),
        (b'{"name": NaN}', "not_json"),
        (b'{"name": "\\ud800"}', "not_json"),
        (b'{"name": ' + b"1" * 5000 + b"}", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, "not_json"),
        (b'{"name": "' + b"x" * MAX_BODY_BYTES + b'"}', "body_too_large"),
        (b"", "invalid_fields"),
        (b"{}", "invalid_fields"),
        (b'{"name": {"a": 1}}', "invalid_fields"),
        (b'{"name": ["x"]}', "invalid_fields"),
        (b'{"name": true}', "invalid_fields"),
        (b'{"name": ""}', "invalid_fields"),
        (b'{"name": "x", "metadata": "y"}', "invalid_fields"),
        (b'{"name": "x", "metadata": {"kind": "military"}}', "invalid_request"),
        (b'{"name": "x", "metadata": {"kind": ["legal"]}}', "invalid_metadata"),
        (b'{"name": "x", "metadata": {"region": "mars"}}', "unknown_region"),
        (b'{"name": "x", "metadata": {"region": "eu"}}', "region_not_configured"),
        (b'{"name": "x", "metadata": {"policy": "verbatim"}}', "invalid_metadata"),
        (b'{"name": "x", "metadata": {"parties": [1]}}', "invalid_metadata"),
    ],
)
def test_a_body_that_cannot_be_used_is_a_problem_that_says_so(paralegal, program, body, code):
    answer = program(paralegal).post("/vault", body)
    assert answer.status_code == (413 if code == "body_too_large" else 400)
    problem = answer.json()
    assert problem["code"] == code
    assert answer["Content-Type"] == "application/problem+json"


def test_what_was_sent_is_not_repeated_in_a_problem(paralegal, matter, program):
    canary = "Zebulon Quartermaine"
    answer = program(paralegal).post(
        f"/vault/{matter.vault_id}/upload", {"filename": [canary], "contentType": canary, "sizeBytes": canary}
    )
    assert answer.status_code == 400
    assert canary.encode() not in answer.content
    assert {entry["field"] for entry in answer.json()["errors"]} == {"filename", "contentType", "sizeBytes"}


@given(st.binary(max_size=300))
def test_any_bytes_are_an_object_or_refused(raw):
    try:
        value = read_object(raw)
    except NotJson:
        return
    assert isinstance(value, dict)
    json.dumps(value, ensure_ascii=False).encode()


def test_an_address_that_does_not_exist_and_a_method_that_does_not_are_problems(paralegal, program):
    key = program(paralegal)
    assert key.get("/nowhere").json()["code"] == "not_found"
    assert key.post("/vault/not-an-id/upload", {}).status_code == 404
    answer = key.send("PUT", "/vault", {})
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert "POST" in answer["Allow"]


def test_every_code_is_published_without_a_key(db, nobody):
    listed = {entry["code"] for entry in nobody.get("/errors").json()["errors"]}
    assert {"AUTH_INVALID", "scope_missing", "not_found", "on_hold", "invalid_fields", "idempotency_key_reused"} <= listed
    assert nobody.get("/errors/on_hold").json()["status"] == 409
    assert nobody.get("/errors/no_such").status_code == 404


def test_an_error_that_nobody_expected_is_a_problem_without_its_text(paralegal, program, monkeypatch):
    from portal.api import vaults

    def broken(*args, **kwargs):
        raise RuntimeError("Marta Whitfield, born 3 March")

    monkeypatch.setattr(vaults, "create_matter", broken)
    answer = program(paralegal).post("/vault", {"name": "x"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert b"Whitfield" not in answer.content


def test_a_body_that_django_would_spool_to_disk_is_refused_before(live, attorney, make_key, settings):
    headers = {"Authorization": f"Bearer {make_key(attorney).secret}", "Content-Type": "application/json"}
    limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
    announced = httpx.post(f"{live}/api/vault", content=b" " * (limit + 1), headers=headers, timeout=60)
    assert (announced.status_code, announced.json()["code"]) == (413, "body_too_large")

    def chunks():
        for _ in range(limit // 2**20 + 2):
            yield b" " * 2**20

    chunked = httpx.post(f"{live}/api/vault", content=chunks(), headers=headers, timeout=60)
    assert (chunked.status_code, chunked.json()["code"]) == (413, "body_too_large")


def test_who_sends_without_end_is_not_listened_to_without_end(live, attorney, make_key, settings):
    headers = {"Authorization": f"Bearer {make_key(attorney).secret}", "Content-Type": "application/json"}
    sent = 0

    def chunks():
        nonlocal sent
        while sent < 100 * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + DRAIN_BYTES):
            sent += 2**20
            yield b" " * 2**20

    with contextlib.suppress(httpx.TransportError):
        httpx.post(f"{live}/api/vault", content=chunks(), headers=headers, timeout=60)
    assert sent < 3 * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + DRAIN_BYTES)


def test_a_chunked_body_is_read(live, attorney, make_key):
    headers = {"Authorization": f"Bearer {make_key(attorney).secret}"}
    answer = httpx.post(f"{live}/api/vault", content=iter([b'{"name":', b' "Doe"}']), headers=headers)
    assert (answer.status_code, answer.json()["name"]) == (201, "Doe")
