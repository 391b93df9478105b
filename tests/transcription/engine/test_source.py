"""Links read by ranges, and uploads sealed on disk."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcription.engine import source
from transcription.engine.config import MAX_BYTES
from transcription.engine.errors import EngineError
from transcription.engine.source import Link, LinkReader, open_source
from transcription.engine.spool import SEGMENT, Spooled, SpoolReader, SpoolWriter

DATA = random.Random(5).randbytes(3 * SEGMENT + 12_345)


class Server:
    """Serves DATA by ranges; can drop connections, go away for a while, and lie."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.drop_after: int | None = None
        self.statuses: list[int] = []
        self.lie: str | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args) -> None:
                pass

            def do_GET(self) -> None:
                outer.requests.append(self.headers.get("Range", ""))
                if outer.statuses:
                    self.send_response(outer.statuses.pop(0))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                first = int(self.headers["Range"].removeprefix("bytes=").split("-")[0])
                body = DATA[first:]
                self.send_response(206)
                self.send_header("Content-Range", outer.lie or f"bytes {first}-{len(DATA) - 1}/{len(DATA)}")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if outer.drop_after is not None:
                    body, outer.drop_after = body[: outer.drop_after], None
                    self.close_connection = True
                self.wfile.write(body)

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request, client_address) -> None:
                """A reader that jumps away resets the connection: nothing to print."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/app/recording"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    monkeypatch.setattr(source, "BACKOFF_S", (0.01, 0.01, 0.01))
    running = Server()
    yield running
    running.http.shutdown()
    running.http.server_close()


def test_reading_on_takes_one_request_and_a_jump_takes_another(server):
    reader = LinkReader(server.url)
    assert reader.size == len(DATA)
    assert reader.readall() == DATA
    assert server.requests == ["bytes=0-"]
    reader.seek(-1000, 2)
    assert reader.readall() == DATA[-1000:]
    reader.seek(10)
    assert reader.read(5) == DATA[10:15]
    reader.seek(5000, 1)
    assert reader.read(5) == DATA[5015:5020]
    assert server.requests == ["bytes=0-", f"bytes={len(DATA) - 1000}-", "bytes=10-"]
    reader.close()


def test_a_large_recording_is_not_taken_into_memory(server, monkeypatch):
    monkeypatch.setattr(source, "IN_MEMORY_BYTES", 1000)
    with open_source(Link(server.url)) as file:
        file.seek(2_000_000)
        assert file.read(100) == DATA[2_000_000:2_000_100]
    assert len(server.requests) == 2


def test_a_connection_that_drops_is_taken_up_where_it_was(server):
    server.drop_after = 1_500_000
    reader = LinkReader(server.url)
    assert reader.readall() == DATA
    assert server.requests[0] == "bytes=0-"
    assert len(server.requests) == 2
    assert 0 < int(server.requests[1].removeprefix("bytes=").rstrip("-")) <= 1_500_000
    reader.close()


def test_a_portal_that_is_busy_for_a_moment_is_asked_again(server):
    server.statuses = [503, 429]
    reader = LinkReader(server.url)
    assert reader.read(10) == DATA[:10]
    reader.close()


@pytest.mark.parametrize(
    ("statuses", "code", "retryable"),
    [
        ([500] * 9, "fetch_failed", True),
        ([403], "link_refused", True),
        ([404], "link_refused", True),
        ([302], "redirected", False),
        ([416], "empty", False),
    ],
)
def test_what_the_portal_refuses_is_said(server, statuses, code, retryable):
    server.statuses = statuses
    with pytest.raises(EngineError) as caught:
        LinkReader(server.url)
    assert (caught.value.code, caught.value.retryable) == (code, retryable)
    assert server.url not in caught.value.message


def test_a_link_that_is_withdrawn_while_it_is_read_is_an_error_and_not_the_end_of_the_recording(server):
    reader = LinkReader(server.url)
    reader.read(10)
    reader.seek(2_500_000)
    server.statuses = [403]
    with pytest.raises(OSError, match="withdrawn"):
        reader.readall()
    reader.close()


def test_a_recording_over_the_limit_is_refused_by_its_stated_size_before_it_is_read(server):
    server.lie = f"bytes 0-99/{MAX_BYTES + 1}"
    with pytest.raises(EngineError) as caught:
        LinkReader(server.url)
    assert caught.value.code == "too_large"
    assert "5 GB" in caught.value.message


def test_another_range_than_asked_for_is_refused(server):
    server.lie = f"bytes 7-99/{len(DATA)}"
    with pytest.raises(EngineError) as caught:
        LinkReader(server.url)
    assert caught.value.code == "fetch_failed"


def test_nobody_there_is_said_after_some_attempts(monkeypatch):
    monkeypatch.setattr(source, "BACKOFF_S", (0.01,))
    with pytest.raises(EngineError) as caught:
        LinkReader("http://127.0.0.1:9/app/x")
    assert (caught.value.code, caught.value.retryable) == ("fetch_failed", True)


# --- sealed uploads ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spooled(tmp_path_factory) -> Spooled:
    writer = SpoolWriter(tmp_path_factory.mktemp("spool"))
    for start in range(0, len(DATA), 70_001):
        writer.write(DATA[start : start + 70_001])
    return writer.close()


@given(at=st.integers(min_value=0, max_value=len(DATA) + 5), count=st.integers(min_value=0, max_value=200_000))
@settings(max_examples=60, deadline=None)
def test_any_range_of_a_sealed_upload_reads_as_it_was_sent(spooled, at, count):
    with open_source(spooled) as file:
        file.seek(at)
        assert file.read(count) == DATA[at : at + count]


@pytest.mark.parametrize("at", [0, SEGMENT - 1, SEGMENT + 20, 2 * SEGMENT + 100, len(DATA) - 3])
def test_a_sealed_upload_that_was_changed_on_disk_is_not_read(spooled, tmp_path, at):
    sealed = bytearray(spooled.path.read_bytes())
    sealed[at] ^= 1
    changed = tmp_path / "changed.sealed"
    changed.write_bytes(sealed)
    with pytest.raises(OSError, match="changed"), SpoolReader(Spooled(changed, spooled.key, spooled.size)) as reader:
        reader.readall()


def test_segments_cannot_change_places_and_another_key_opens_nothing(spooled, tmp_path):
    sealed, length = spooled.path.read_bytes(), SEGMENT + 16
    swapped = tmp_path / "swapped.sealed"
    swapped.write_bytes(sealed[length : 2 * length] + sealed[:length] + sealed[2 * length :])
    for other in (Spooled(swapped, spooled.key, spooled.size), Spooled(spooled.path, bytes(32), spooled.size)):
        with pytest.raises(OSError, match="changed"), SpoolReader(other) as reader:
            reader.read(10)


def test_a_cut_upload_is_not_read_past_the_cut(spooled, tmp_path):
    cut = tmp_path / "cut.sealed"
    cut.write_bytes(spooled.path.read_bytes()[: 2 * SEGMENT])
    with pytest.raises(OSError), SpoolReader(Spooled(cut, spooled.key, spooled.size)) as reader:
        reader.readall()


def test_an_upload_over_the_limit_is_stopped_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr("transcription.engine.spool.MAX_BYTES", 100_000)
    writer = SpoolWriter(tmp_path)
    for _ in range(3):
        writer.write(b"x" * 30_000)
    with pytest.raises(EngineError) as caught:
        writer.write(b"x" * 30_000)
    assert caught.value.code == "too_large"
    writer.abandon()
    assert not list(tmp_path.iterdir())


def test_the_key_is_not_in_the_text_of_an_upload(spooled):
    assert spooled.key.hex() not in repr(spooled)
    assert repr(spooled.key) not in repr(spooled)
