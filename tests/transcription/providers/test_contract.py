"""What every speech service of the registry has to keep, tried against the stand-in peer; then what case.dev's does."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.peers import casedev as peers
from tests.peers.casedev import Peer
from transcription import problems
from transcription.normalising import Piece, original_of
from transcription.providers import registry
from transcription.providers.base import Delivery, Media, Order, Provider, ProviderError, RemoteState, Sent
from transcription.signatures import SignatureError, sign_body, standard_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVERY = pytest.mark.parametrize("name", registry.names())


@pytest.fixture
def peer(settings: Any) -> Iterator[Peer]:
    with peers.running("key-for-tests") as running:
        settings.ENGINE_URL = settings.CASEDEV_URL = running.url
        settings.ENGINE_API_KEY = settings.CASEDEV_API_KEY = "key-for-tests"
        settings.ENGINE_WEBHOOK_SECRET = settings.CASEDEV_WEBHOOK_SECRET = SECRET
        settings.CASEDEV_STANDARD_WEBHOOK_SECRET = SECRET
        yield running


def media(data: bytes = b"RIFF" * 1000) -> Media:
    return Media(lambda: iter([data[:1000], data[1000:]]), len(data), "audio/wav")


def error_of(call: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call()
    assert caught.value.code in problems.codes()
    return caught.value


@EVERY
def test_it_says_who_it_is(peer: Peer, name: str) -> None:
    provider = registry.get(name)
    assert (provider.name, provider.hosts) == (name, {peer.url.removeprefix("http://")})
    assert provider.limits.max_ms >= 7 * 3600 * 1000
    assert provider.label
    assert "key-for-tests" not in repr(vars(provider))


@EVERY
def test_a_recording_is_sent_transcribed_fetched_and_deleted(peer: Peer, name: str) -> None:
    provider = registry.get(name)
    peer.polls = 3
    sent = provider.send(media())
    assert list(peer.objects.values()) == [b"RIFF" * 1000]
    there = provider.create(Order(sent=sent, speakers_expected=2, language="en", vocabulary=("Whitfield",)))
    states = [provider.retrieve(there) for _ in range(3)]
    assert [s.state for s in states] == [RemoteState.PROCESSING, RemoteState.PROCESSING, RemoteState.COMPLETED]
    assert 0 < (states[0].progress or 0) < 1
    assert original_of([Piece(json.loads(states[2].answer or b""))]).word_count == 7
    gone = provider.delete(there)
    assert (gone.confirmed, gone.status) == (True, 204)
    assert provider.delete(there).confirmed
    assert provider.clean(sent.leftovers).confirmed
    assert peer.jobs == {}
    assert peer.objects == {}
    assert peer.vaults == set()


@EVERY
def test_a_link_goes_with_its_callback_and_key(peer: Peer, name: str) -> None:
    order = Order(link="https://portal.example/x", webhook_url="https://portal.example/w", idempotency_key="one")
    provider = registry.get(name)
    assert provider.create(order) == provider.create(order)
    asked = peer.asked[-1]
    assert (asked.json["audio_url"], asked.json["webhook_url"]) == (order.link, order.webhook_url)
    assert asked.headers["idempotency-key"] == "one"
    assert len(peer.jobs) == 1


@EVERY
@pytest.mark.parametrize(
    ("status", "headers", "code", "retryable", "after"),
    [
        (429, {"Retry-After": "7"}, "provider_busy", True, 7.0),
        (429, {"Retry-After": "tomorrow"}, "provider_busy", True, None),
        (429, {"Retry-After": "-1"}, "provider_busy", True, None),
        (503, {"Retry-After": "1e12"}, "provider_down", True, 3600.0),
        (500, {}, "provider_down", True, None),
        (504, {}, "provider_down", True, None),
        (0, {}, "provider_down", True, None),
        (401, {}, "provider_auth", False, None),
        (403, {}, "provider_auth", False, None),
        (400, {}, "provider_refused", False, None),
        (302, {"Location": "https://evil.example/"}, "provider_refused", False, None),
    ],
)
def test_faults_say_whether_to_try_again(
    peer: Peer, name: str, status: int, headers: dict[str, str], code: str, retryable: bool, after: float | None
) -> None:
    provider = registry.get(name)
    for method, path, call in (
        ("POST", "/voice/transcription", lambda: provider.create(Order(link="https://p.example/x"))),
        ("GET", "/voice/transcription/", lambda: provider.retrieve("tr_1")),
    ):
        peer.fail(method, path, status, b"{}", headers)
        error = error_of(call)
        assert (error.code, error.retryable, error.retry_after) == (code, retryable, after)
    assert all("evil" not in asked.headers["host"] for asked in peer.asked)


@EVERY
@pytest.mark.parametrize("garbage", [b"", b"<html>", b"[]", b'{"id": 4, "status": "odd"}', b"\xff\xfe", b"[" * 100_000])
def test_garbage_is_no_answer(peer: Peer, name: str, garbage: bytes) -> None:
    provider = registry.get(name)
    peer.fail("POST", "/voice/transcription", 200, garbage)
    assert error_of(lambda: provider.create(Order(link="https://p.example/x"))).code == "provider_garbage"
    peer.fail("GET", "/voice/transcription/", 200, garbage)
    assert error_of(lambda: provider.retrieve("tr_1")).code == "provider_garbage"


@EVERY
def test_an_unknown_id_is_told_apart(peer: Peer, name: str) -> None:
    assert error_of(lambda: registry.get(name).retrieve("tr_404")).unknown_id


@EVERY
def test_nobody_there_is_worth_another_try(settings: Any, name: str) -> None:
    settings.ENGINE_URL = settings.CASEDEV_URL = "http://127.0.0.1:9"
    error = error_of(lambda: registry.get(name).create(Order(link="https://p.example/x")))
    assert (error.code, error.retryable) == ("provider_down", True)


@EVERY
def test_errors_hold_no_address_and_no_answer(peer: Peer, name: str) -> None:
    peer.fail("POST", "/voice/transcription", 400, b'{"error": "Marta Whitfield"}')
    error = error_of(lambda: registry.get(name).create(Order(link="https://p.example/secret-token")))
    assert "Marta" not in repr(error)
    assert "secret-token" not in repr(error) + repr(Order(link="https://p.example/secret-token"))


@EVERY
def test_notices_are_believed_only_when_signed(peer: Peer, name: str) -> None:
    provider = registry.get(name)
    body = json.dumps({"transcript_id": "tr_1", "status": "completed", "text": "…"}).encode()
    now = int(time.time())
    good = provider.believe({"X-Signature": sign_body(SECRET, body)}, body, now)
    assert (good.provider_id, good.state, good.message_id) == ("tr_1", RemoteState.COMPLETED, None)
    standard = provider.believe(standard_headers([SECRET], "msg_1", now, body), body, now)
    assert standard.message_id == "msg_1"
    for headers in (
        {},
        {"X-Signature": sign_body("another secret", body)},
        {"X-Signature": "zz"},
        standard_headers([SECRET], "msg_1", now - 301, body),
        standard_headers([SECRET], "msg_1", now, body + b" "),
        {"X-Case-Signature": "sha256=" + sign_body(SECRET, body), "X-Case-Timestamp": str(now)},
    ):
        with pytest.raises(SignatureError):
            provider.believe(headers, body, now)
    for signed in (b"not json", b"[]", b"{}", b'{"transcript_id": 4}'):
        with pytest.raises(ValueError):
            provider.believe({"X-Signature": sign_body(SECRET, signed)}, signed, now)


def test_a_service_without_a_secret_believes_nobody(peer: Peer, settings: Any) -> None:
    settings.CASEDEV_WEBHOOK_SECRET = settings.CASEDEV_STANDARD_WEBHOOK_SECRET = ""
    for secret in ("x", SECRET):
        with pytest.raises(SignatureError):
            registry.get("casedev").believe({"X-Signature": sign_body(secret, b"{}")}, b"{}", time.time())


@pytest.mark.parametrize(
    ("url", "delivery"),
    [
        ("https://portal.firm.com", Delivery.LINK),
        ("https://8.8.8.8", Delivery.LINK),
        ("http://portal.firm.com", Delivery.UPLOAD),
        ("https://10.0.0.4", Delivery.UPLOAD),
        ("https://localhost", Delivery.UPLOAD),
        ("https://portal.internal", Delivery.UPLOAD),
        ("https://portal", Delivery.UPLOAD),
        ("", Delivery.UPLOAD),
    ],
)
def test_a_paid_service_fetches_only_what_it_can_reach(peer: Peer, url: str, delivery: Delivery) -> None:
    assert registry.get("casedev").delivery(url) is delivery


def test_the_engine_fetches_where_the_portal_answers(peer: Peer) -> None:
    engine: Provider = registry.get("engine")
    assert engine.delivery(peer.url) is Delivery.LINK
    assert engine.delivery("http://127.0.0.1:9") is Delivery.UPLOAD


def test_an_upload_address_elsewhere_is_not_used(peer: Peer) -> None:
    for url in (
        "https://evil.example/put",
        "http://x@127.0.0.1/put",
        "ftp://127.0.0.1/",
        "https://amazonaws.com.evil.example/",
    ):
        peer.fail("POST", "/upload$", 200, json.dumps({"objectId": "o", "uploadUrl": url}).encode())
        assert error_of(lambda: registry.get("casedev").send(media())).code == "provider_garbage"
    assert peer.objects == {}


def test_a_managed_result_is_fetched(peer: Peer) -> None:
    peer.managed = True
    provider = registry.get("casedev")
    sent = provider.send(media())
    answer = provider.retrieve(provider.create(Order(sent=sent))).answer
    assert len(json.loads(answer or b"")["utterances"]) == 2


def test_what_was_not_sent_is_refused(peer: Peer) -> None:
    order = Order(sent=Sent({"vault_id": "v", "object_id": "o"}))
    assert error_of(lambda: registry.get("engine").create(order)).unknown_id


def test_unknown_services_are_refused_by_name() -> None:
    with pytest.raises(registry.UnknownProvider):
        registry.get("nobody")
