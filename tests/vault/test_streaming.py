"""Presigned PUT, GET, HEAD and DELETE as people, players and attackers use them."""

import asyncio
import hashlib
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from vault import grants, objects, streaming, uploads
from vault.errors import StorageDown
from vault.models import Grant, Matter, MatterMember, ObjectPart, StoredObject
from vault.streaming import ObjectBytes

pytestmark = pytest.mark.django_db(transaction=True)
SEGMENT = 2**20
RECORDING = hashlib.shake_256(b"recording").digest(2 * SEGMENT + 777)
WAV = {"Content-Type": "audio/wav"}


@pytest.fixture
def ask(client: Callable[[], httpx.AsyncClient]) -> Callable[..., httpx.Response]:
    def act(method: str, url: str, **more: object) -> httpx.Response:
        async def go() -> httpx.Response:
            async with client() as http:
                return await http.request(method, url, **more)

        return asyncio.run(go())

    return act


@pytest.fixture
def get_url(put: Callable[..., StoredObject], actor: Actor) -> Callable[..., str]:
    def act(data: bytes = RECORDING, method: str = "GET", **more: object) -> str:
        return grants.mint(actor=actor, obj=put(data), method=method, seconds=600, **more)[1]

    return act


@pytest.fixture
def begun(matter: Matter, actor: Actor) -> Callable[..., uploads.Begun]:
    def act(**more: object) -> uploads.Begun:
        return uploads.begin(actor=actor, vault=matter.vault, content_type="audio/wav", **more)

    return act


def files(obj: StoredObject) -> list[Path]:
    return sorted((Path(settings.DATA_DIR) / "objects" / "local" / str(obj.vault_id) / str(obj.id)).glob("*"))


def events(obj: StoredObject) -> list[str]:
    return list(AuditEvent.objects.filter(target_id=str(obj.id)).order_by("at").values_list("type", flat=True))


async def chunks(data: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_whole_object_and_its_headers(ask: Callable, get_url: Callable) -> None:
    answer = ask("GET", get_url())
    assert (answer.status_code, answer.content) == (200, RECORDING)
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Whitfield%20day%201.wav"


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=5-", 5, None),
        ("bytes=-7", -7, None),
        ("bytes=-99999999", 0, None),
        (f"bytes={SEGMENT - 1}-{SEGMENT}", SEGMENT - 1, SEGMENT + 1),
        ("bytes=100-99999999", 100, None),
    ],
)
def test_a_range_is_answered_with_exactly_its_bytes(
    ask: Callable, get_url: Callable, header: str, start: int, stop: int | None
) -> None:
    answer = ask("GET", get_url(), headers={"Range": header})
    wanted = RECORDING[start:stop]
    first = start if start >= 0 else len(RECORDING) + start
    assert (answer.status_code, answer.content) == (206, wanted)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(wanted) - 1}/{len(RECORDING)}"
    assert answer.headers["content-length"] == str(len(wanted))


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "items=0-1", "bytes=b-a", "bytes=9-3", "bytes=", "0-5", "bytes=-"])
def test_what_is_no_single_range_is_answered_with_the_whole(ask: Callable, get_url: Callable, header: str) -> None:
    answer = ask("GET", get_url(b"short"), headers={"Range": header})
    assert (answer.status_code, answer.content) == (200, b"short")


@pytest.mark.parametrize("header", ["bytes=5-", "bytes=99-100", "bytes=-0"])
def test_a_range_behind_the_end_is_416(ask: Callable, get_url: Callable, header: str) -> None:
    answer = ask("GET", get_url(b"short"), headers={"Range": header})
    assert (answer.status_code, answer.headers["content-range"], answer.content) == (416, "bytes */5", b"")


def test_if_range_decides_between_part_and_whole(ask: Callable, get_url: Callable) -> None:
    url = get_url(b"0123456789")
    etag = ask("GET", url).headers["etag"]
    part = {"Range": "bytes=2-3"}
    assert ask("GET", url, headers=part | {"If-Range": etag}).content == b"23"
    for other in ('"another"', f"W/{etag}", "Fri, 20 Nov 2026 00:00:00 GMT"):
        assert ask("GET", url, headers=part | {"If-Range": other}).content == b"0123456789"


def test_a_range_opens_only_its_segments(ask: Callable, get_url: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    from vault.backends.local import LocalParts

    url, read, real = get_url(), [], LocalParts.read_range

    def counting(self: LocalParts, name: str, start: int, count: int) -> bytes:
        read.append((start, count))
        return real(self, name, start, count)

    monkeypatch.setattr(LocalParts, "read_range", counting)
    ask("GET", url, headers={"Range": f"bytes={SEGMENT + 5}-{SEGMENT + 9}"})
    assert read == [(60 + SEGMENT + 16, SEGMENT + 16)]


def test_an_empty_object_is_empty(ask: Callable, get_url: Callable) -> None:
    answer = ask("GET", get_url(b""))
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "0")


def test_head_tells_the_length_and_gives_nothing(ask: Callable, get_url: Callable) -> None:
    answer = ask("HEAD", get_url(method="HEAD"))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(RECORDING))


def test_a_read_is_recorded_before_its_first_byte(ask: Callable, get_url: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the log cannot be written, nothing is read."""
    from compliance import audit
    from portal.errors import Unavailable

    url = get_url()
    real = audit.record

    def failing(type_name: str, **facts: object) -> object:
        if type_name == "vault:object:read":
            raise Unavailable
        return real(type_name, **facts)

    monkeypatch.setattr(audit, "record", failing)
    answer = ask("GET", url)
    assert answer.status_code == 503
    assert RECORDING[:50] not in answer.content
    assert Grant.objects.get().uses == 0
    monkeypatch.undo()
    assert ask("GET", url).content == RECORDING
    obj = StoredObject.objects.get()
    assert events(obj)[-2:] == ["vault:grant:used", "vault:object:read"]
    read = AuditEvent.objects.get(type="vault:object:read")
    assert read.actor_kind == "member"


def test_the_ranges_of_one_player_are_one_read_and_all_are_counted(ask: Callable, get_url: Callable) -> None:
    url = get_url()
    for start in range(5):
        ask("GET", url, headers={"Range": f"bytes={start}-"})
    assert Grant.objects.get().uses == 5
    assert AuditEvent.objects.filter(type="vault:object:read").count() == 1


def test_a_speech_service_is_not_told_the_file_name(ask: Callable, get_url: Callable) -> None:
    url = get_url(submission_id=UUID("6f0d5a3c-4c1e-4a83-9a5e-0f8f2c3a7b11"))
    assert ask("GET", url).headers["content-disposition"] == "attachment"


def test_an_altered_file_never_gives_a_whole_answer(ask: Callable, get_url: Callable) -> None:
    from vault.envelope import SealBroken

    url = get_url()
    (file,) = files(StoredObject.objects.get())
    good = file.read_bytes()
    file.write_bytes(good[:-5] + bytes((good[-5] ^ 1,)) + good[-4:])
    with pytest.raises(SealBroken):
        ask("GET", url)


# --- writing ---------------------------------------------------------------------------------------------------------


def test_a_put_stores_the_object_and_answers_with_a_receipt(ask: Callable, begun: Callable, stored_ids: list[UUID]) -> None:
    upload = begun(size=len(RECORDING), file_name="day 1.wav")
    answer = ask("PUT", upload.url, content=chunks(RECORDING), headers=WAV | {"Content-Length": str(len(RECORDING))})
    assert answer.status_code == 200, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(RECORDING).hexdigest()
    assert answer.json()["size"] == len(RECORDING)
    obj = StoredObject.objects.get()
    assert objects.get_bytes(obj) == RECORDING
    assert events(obj) == [
        "vault:object:created", "vault:grant:created", "vault:grant:used", "vault:object:stored"
    ]  # fmt: skip
    assert stored_ids == [obj.id]
    assert obj.upload.finished_at is not None
    assert ask("PUT", upload.url, content=b"again", headers=WAV).status_code == 403


def test_a_broker_that_is_down_does_not_spoil_a_finished_upload(begun: Callable) -> None:
    def down(_: UUID) -> None:
        raise ConnectionError

    upload = begun()

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=ObjectBytes(on_stored=down, served=lambda grant: grant.object))
        async with httpx.AsyncClient(transport=transport, base_url=settings.PUBLIC_URL) as http:
            return await http.put(upload.url, content=b"recording", headers=WAV)

    assert asyncio.run(go()).status_code == 200
    assert objects.get_bytes(StoredObject.objects.get()) == b"recording"


def test_a_body_without_length_is_taken_up_to_the_limit(ask: Callable, begun: Callable) -> None:
    assert ask("PUT", begun().url, content=chunks(RECORDING), headers=WAV).status_code == 200
    upload = begun(size=1000)
    answer = ask("PUT", upload.url, content=chunks(b"x" * 3000), headers=WAV)
    assert (answer.status_code, answer.json()["code"], answer.json()["limit"]) == (413, "too_large", 1000)
    assert files(upload.obj) == []
    answer = ask("PUT", upload.url, content=chunks(b"x" * 999), headers=WAV)
    assert (answer.status_code, answer.json()["code"]) == (400, "size_mismatch")
    assert ask("PUT", upload.url, content=chunks(b"x" * 1000), headers=WAV).status_code == 200


def test_an_interrupted_upload_can_be_repeated_with_the_same_link(
    bytes_app: ObjectBytes, ask: Callable, begun: Callable
) -> None:
    upload = begun(size=len(RECORDING))
    path = upload.url.removeprefix(settings.PUBLIC_URL)
    host = settings.PUBLIC_URL.partition("//")[2].encode()
    messages = iter(
        [{"type": "http.request", "body": RECORDING[: SEGMENT + 5], "more_body": True}, {"type": "http.disconnect"}]
    )
    sent = []

    async def receive() -> dict:
        return next(messages)

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "PUT", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", host), (b"content-type", b"audio/wav")], "client": ("198.51.100.4", 1), "scheme": "http",
        "server": ("127.0.0.1", 8000), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(bytes_app(scope, receive, send))
    assert sent == []
    assert files(upload.obj) == []
    obj = StoredObject.objects.get()
    assert (obj.state, ObjectPart.objects.get().state) == ("receiving", "forgotten")
    assert AuditEvent.objects.get(type="vault:object:failed").facts == {"reason": "interrupted"}
    assert ask("PUT", upload.url, content=chunks(RECORDING), headers=WAV).status_code == 200


def test_a_storage_that_fails_midway_is_said_and_the_upload_can_be_repeated(
    ask: Callable, begun: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vault.backends.local import LocalPartWriter

    upload, real, count = begun(), LocalPartWriter.write, []

    def failing(self: LocalPartWriter, data: bytes) -> None:
        count.append(1)
        if len(count) == 3:
            raise StorageDown
        real(self, data)

    monkeypatch.setattr(LocalPartWriter, "write", failing)
    answer = ask("PUT", upload.url, content=chunks(RECORDING), headers=WAV)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert files(upload.obj) == []
    monkeypatch.undo()
    assert ask("PUT", upload.url, content=chunks(RECORDING), headers=WAV).status_code == 200


def test_a_silent_line_is_given_up(
    bytes_app: ObjectBytes, begun: Callable, monkeypatch: pytest.MonkeyPatch, client: Callable
) -> None:
    monkeypatch.setattr(streaming, "IDLE_SECONDS", 0.05)
    upload = begun()

    async def slow() -> AsyncIterator[bytes]:
        yield b"first"
        await asyncio.sleep(5)
        yield b"never"

    async def go() -> None:
        async with client() as http:
            await http.put(upload.url, content=slow(), headers=WAV)

    with pytest.raises(AssertionError):  # httpx's transport: the app ended without an answer
        asyncio.run(asyncio.wait_for(go(), 3))
    assert ObjectPart.objects.get().state == "forgotten"


def test_parts_of_a_multipart_upload_are_put_one_by_one(ask: Callable, matter: Matter, actor: Actor) -> None:
    obj = objects.create(actor=actor, vault=matter.vault, kind="recording", content_type="audio/wav")
    for number, data in ((1, RECORDING[: SEGMENT + 1]), (2, RECORDING[SEGMENT + 1 :])):
        _, url = grants.mint(actor=actor, obj=obj, method="PUT", seconds=600, part_number=number)
        answer = ask("PUT", url, content=chunks(data))
        assert answer.json()["part"] == number
        assert answer.headers["etag"]
    obj.refresh_from_db()
    assert obj.state == "receiving"
    objects.commit_parts(actor=actor, obj=obj, numbers=[1, 2])
    obj.refresh_from_db()
    assert objects.get_bytes(obj) == RECORDING


def test_delete_erases(ask: Callable, get_url: Callable) -> None:
    url = get_url(method="DELETE")
    assert ask("DELETE", url).status_code == 204
    obj = StoredObject.objects.get()
    assert (obj.state, files(obj)) == ("erased", [])
    assert ask("DELETE", url).status_code == 403


# --- strangers -------------------------------------------------------------------------------------------------------


def test_every_bad_link_gets_one_and_the_same_403(ask: Callable, get_url: Callable, begun: Callable, actor: Actor) -> None:
    good, put_url = get_url(b"abc"), begun(size=3).url
    revoked = get_url(b"abc")
    grants.revoke(actor=actor, grant=Grant.objects.order_by("-created_at").first())
    used = get_url(b"abc", max_uses=1)
    ask("GET", used)
    answers = [
        ask("GET", settings.PUBLIC_URL + grants.PATH),
        ask("GET", settings.PUBLIC_URL + grants.PATH + "nonsense"),
        ask("GET", good[:-1] + ("A" if good[-1] != "A" else "B")),
        ask("GET", revoked),
        ask("GET", used),
        ask("GET", put_url),
        ask("HEAD", good),
        ask("PUT", good, content=b"abc"),
        ask("POST", good, content=b"abc"),
        ask("PUT", put_url, content=b"abc", headers={"Content-Type": "text/html"}),
        ask("PUT", put_url, content=b"abcd", headers=WAV),
        ask("PUT", put_url, content=b"abc"),
        ask("GET", good, headers={"Origin": "https://evil.example"}),
        ask("GET", good, headers={"Origin": "null"}),
        ask("GET", good, headers={"Host": "evil.example"}),
    ]
    told = {
        # An answer to HEAD has no body; that is HTTP, not a hint.
        (a.status_code, a.content if a.request.method != "HEAD" else answers[0].content, tuple(sorted(a.headers.items())))
        for a in answers
    }
    assert len(told) == 1
    assert answers[0].status_code == 403
    assert ask("GET", good, headers={"Origin": settings.PUBLIC_URL}).status_code == 200


def test_a_session_or_cookie_opens_nothing(ask: Callable, get_url: Callable) -> None:
    get_url()
    bare = settings.PUBLIC_URL + grants.PATH + str(StoredObject.objects.get().id)
    assert ask("GET", bare, headers={"Cookie": "sessionid=abc", "Authorization": "Bearer sk_x"}).status_code == 403


def test_no_token_reaches_the_log(ask: Callable, get_url: Callable, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="")
    url = get_url()
    for bad in (url, url + "x"):
        ask("GET", bad)
    ours = [record for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert url.rpartition(".")[2] not in "".join(record.getMessage() for record in ours)


def test_uploads_that_nobody_finishes_are_given_up(begun: Callable, ask: Callable) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from vault.models import Upload

    upload = begun()
    assert uploads.sweep() == 0
    Upload.objects.update(expires_at=timezone.now() - timedelta(hours=2))
    assert uploads.sweep() == 1
    assert uploads.sweep() == 0
    obj = StoredObject.objects.get()
    assert (obj.state, obj.failure) == ("failed", "expired")
    assert ask("PUT", upload.url, content=b"x", headers=WAV).status_code == 403


def test_a_cancelled_upload_takes_no_more_bytes(begun: Callable, ask: Callable, actor: Actor) -> None:
    upload = begun()
    uploads.cancel(actor=actor, obj=upload.obj)
    assert ask("PUT", upload.url, content=b"x", headers=WAV).status_code == 403
    assert StoredObject.objects.get().failure == "cancelled"


def test_two_uploads_by_one_link_at_once_store_exactly_one(client: Callable, begun: Callable) -> None:
    upload = begun()
    one, two = RECORDING, RECORDING[::-1]

    async def slowly(data: bytes) -> AsyncIterator[bytes]:
        async for chunk in chunks(data, 300_000):
            yield chunk
            await asyncio.sleep(0.01)

    async def go() -> list[httpx.Response]:
        async with client() as http:
            return await asyncio.gather(*(http.put(upload.url, content=slowly(d), headers=WAV) for d in (one, two)))

    answers = asyncio.run(go())
    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
    winner = next(data for data, answer in zip((one, two), answers, strict=True) if answer.status_code == 200)
    obj = StoredObject.objects.get()
    assert objects.get_bytes(obj) == winner
    assert len(files(obj)) == 1
    assert AuditEvent.objects.filter(type="vault:object:stored").count() == 1


def test_who_is_taken_off_the_wall_while_an_upload_flows_stores_nothing(
    ask: Callable, begun: Callable, matter: Matter, paralegal: Member
) -> None:
    upload = begun()

    async def slowly() -> AsyncIterator[bytes]:
        yield RECORDING[:SEGMENT]
        await sync_to_async(MatterMember.objects.filter(matter=matter, member=paralegal).delete)()
        yield RECORDING[SEGMENT:]

    assert ask("PUT", upload.url, content=slowly(), headers=WAV).status_code == 403
    upload.obj.refresh_from_db()
    assert upload.obj.state == "receiving"
    assert files(upload.obj) == []
    assert "vault:grant:refused" in events(upload.obj)


def test_a_request_cut_off_during_its_commit_loses_nothing(
    client: Callable, begun: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begun()
    real, begins = streaming._finish_upload, threading.Event()

    def slow(*args: object) -> object:
        begins.set()
        time.sleep(0.2)
        answer = real(*args)
        time.sleep(0.2)
        return answer

    monkeypatch.setattr(streaming, "_finish_upload", slow)

    async def go() -> None:
        async with client() as http:
            request = asyncio.create_task(http.put(upload.url, content=RECORDING, headers=WAV))
            await asyncio.to_thread(begins.wait, 20)
            request.cancel()
            with pytest.raises(asyncio.CancelledError):
                await request

    asyncio.run(go())
    obj = StoredObject.objects.get(pk=upload.obj.pk)
    assert obj.state == "stored"
    assert objects.get_bytes(obj) == RECORDING
    assert "vault:object:failed" not in events(obj)
