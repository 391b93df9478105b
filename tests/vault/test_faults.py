"""Processes killed at the worst moment, slow lines and large files, over a real socket."""

import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from server import Server

SEGMENT = 2**20
HEADER = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as running:
        yield running


def half_sent(server: Server, url: str, data: bytes, length: int) -> socket.socket:
    """A PUT of ``length`` bytes of which only ``data`` was sent so far."""
    line = socket.create_connection(("127.0.0.1", server.port))
    head = f"PUT {urlsplit(url).path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: audio/wav\r\n"
    line.sendall(f"{head}Content-Length: {length}\r\n\r\n".encode() + data)
    return line


def wait_for_bytes(server: Server, object_id: str, count: int) -> Path:
    for _ in range(200):
        found = [part for part in server.parts(object_id) if part.stat().st_size >= count]
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(server.log())


def test_a_server_killed_in_the_middle_of_an_upload_loses_nothing_and_uses_no_nonce_twice(server: Server) -> None:
    recording = hashlib.shake_256(b"recording").digest(6 * SEGMENT + 99)
    begun = server.begin(len(recording))
    with half_sent(server, begun["url"], recording[: 4 * SEGMENT], len(recording)):
        cut = wait_for_bytes(server, begun["object"], HEADER + 2 * (SEGMENT + 16))
        server.kill()
    left = cut.read_bytes()
    assert recording[:64] not in left
    server.start()
    answer = httpx.put(begun["url"], content=recording, headers={"Content-Type": "audio/wav"}, timeout=60)
    assert answer.status_code == 200, answer.text
    assert answer.json()["sha256"] == hashlib.sha256(recording).hexdigest()
    (whole,) = server.parts(begun["object"])
    # The cut part is gone, and the new one was sealed under another salt, that is: under another key.
    assert whole != cut
    new = whole.read_bytes()
    assert new[28:HEADER] != left[28:HEADER]
    assert new[HEADER : HEADER + 64] != left[HEADER : HEADER + 64]
    assert httpx.get(server.link(begun["object"]), timeout=60).content == recording


def test_a_reader_of_a_killed_server_can_go_on_where_it_was(server: Server) -> None:
    recording = hashlib.shake_256(b"recording").digest(3 * SEGMENT)
    begun = server.begin()
    httpx.put(begun["url"], content=recording, headers={"Content-Type": "audio/wav"}, timeout=60).raise_for_status()
    link = server.link(begun["object"])
    with httpx.stream("GET", link, timeout=60) as answer:
        first = next(answer.iter_raw(1000))
        etag = answer.headers["etag"]
        server.kill()
    server.start()
    headers = {"Range": f"bytes={len(first)}-", "If-Range": etag}
    rest = httpx.get(link, headers=headers, timeout=60)
    assert rest.status_code == 206
    assert first + rest.content == recording


def test_slow_uploads_hold_no_database_connection(server: Server) -> None:
    lines = []
    for _ in range(12):
        begun = server.begin(3 * SEGMENT)
        lines.append(half_sent(server, begun["url"], bytes(SEGMENT + 10), 3 * SEGMENT))
    wait_for_bytes(server, begun["object"], HEADER)
    time.sleep(1)
    assert server.process is not None
    opened = [file.path for file in psutil.Process(server.process.pid).open_files()]
    assert not [path for path in opened if "portal.sqlite3" in path]
    # And others are served meanwhile, though there are fewer threads than stopped uploads.
    begun = server.begin()
    answer = httpx.put(begun["url"], content=b"quick", headers={"Content-Type": "audio/wav"}, timeout=20)
    assert answer.status_code == 200
    for line in lines:
        line.close()


def test_nothing_readable_touches_a_disk(server: Server) -> None:
    phrase = b"my date of birth is the third of March nineteen eighty-two. "
    recording = phrase * 60_000
    begun = server.begin(len(recording))
    httpx.put(begun["url"], content=recording, headers={"Content-Type": "audio/wav"}, timeout=60).raise_for_status()
    assert httpx.get(server.link(begun["object"]), timeout=60).content == recording
    files = [path for path in server.data.rglob("*") if path.is_file()]
    (server.temp / "control").write_bytes(phrase)
    found = [path for path in [*files, server.temp / "control"] if phrase[:30] in path.read_bytes()]
    assert found == [server.temp / "control"]


def test_curl_uploads_and_reads_a_range(server: Server, tmp_path: Path) -> None:
    source = tmp_path / "day 1.wav"
    source.write_bytes(hashlib.shake_256(b"recording").digest(2 * SEGMENT))
    begun = server.begin(2 * SEGMENT)
    put = ["curl", "-sS", "--fail", "-X", "PUT", "-H", "Content-Type: audio/wav", "--data-binary", f"@{source}"]
    subprocess.run([*put, begun["url"]], check=True, capture_output=True, timeout=60)
    get = ["curl", "-sS", "--fail", "-r", "1048570-1048580", server.link(begun["object"])]
    found = subprocess.run(get, check=True, capture_output=True, timeout=60)
    assert found.stdout == source.read_bytes()[1_048_570:1_048_581]


@pytest.mark.parametrize("megabytes", [300, pytest.param(2048, marks=pytest.mark.long)])
def test_memory_stays_flat_however_large_the_file(server: Server, megabytes: int) -> None:
    block = hashlib.shake_256(b"video").digest(SEGMENT)

    def body(blocks: int) -> Iterator[bytes]:
        for _ in range(blocks):
            yield block

    def send(blocks: int) -> None:
        begun = server.begin(blocks * SEGMENT)
        headers = {"Content-Type": "audio/wav", "Content-Length": str(blocks * SEGMENT)}
        httpx.put(begun["url"], content=body(blocks), headers=headers, timeout=300).raise_for_status()
        with httpx.stream("GET", server.link(begun["object"]), timeout=300) as answer:
            assert sum(len(piece) for piece in answer.iter_raw()) == blocks * SEGMENT

    send(20)
    before = server.peak_memory()
    send(megabytes)
    assert server.peak_memory() - before < 48 * 2**20
