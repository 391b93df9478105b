"""A real engine in a process of its own, and the real speech it is tested with."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

ROOT = Path(__file__).parents[3]
SPEECH = ROOT / "tests" / "data" / "speech"
SAMPLE = ROOT / "portal" / "sample"
API_KEY = "engine-key-for-tests-0123456789"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

#: Served without Django, so that a failure here is the engine's own.
_SERVE = """
import json, sys, uvicorn
from pathlib import Path
from transcription.engine.app import create_app
from transcription.engine.config import EngineConfig

if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    config = EngineConfig(**(given | {"model_dir": Path(given["model_dir"]), "spool_dir": Path(given["spool_dir"])}))
    uvicorn.run(create_app(config), host=config.host, port=config.port, log_level="warning", access_log=False)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class RunningEngine:
    process: subprocess.Popen
    url: str
    spool: Path
    client: httpx.Client

    def submit(self, **body: Any) -> httpx.Response:
        return self.client.post("/voice/transcription", json=body)

    def upload(self, data: bytes) -> dict[str, Any]:
        answer = self.client.post("/upload", content=data)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def wait(self, job_id: str, *, seconds: float = 240) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            answer = self.client.get(f"/voice/transcription/{job_id}")
            assert answer.status_code == 200, answer.text
            if answer.json()["status"] in {"completed", "error"}:
                return answer.json()
            time.sleep(0.1)
        raise AssertionError(f"not done in {seconds} s: {answer.json()}")

    def transcribe(self, data: bytes, **options: Any) -> dict[str, Any]:
        """Upload, transcribe, wait, delete."""
        created = self.submit(audio_url=self.upload(data)["upload_url"], **options)
        assert created.status_code == 200, created.text
        result = self.wait(created.json()["id"])
        assert self.client.delete(f"/voice/transcription/{created.json()['id']}").status_code == 204
        return result

    def workers(self) -> list[psutil.Process]:
        """The worker processes that live (a killed one is a zombie until its parent has seen it)."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if "resource_tracker" not in " ".join(child.cmdline()):
                    found.append(child)
        return found


@pytest.fixture(scope="session")
def start_engine(tmp_path_factory) -> Iterator[Callable[..., RunningEngine]]:
    running: list[RunningEngine] = []

    def start(**settings: Any) -> RunningEngine:
        home = tmp_path_factory.mktemp("engine")
        script = home / "serve.py"
        script.write_text(_SERVE)
        port = free_port()
        given = {
            "api_key": API_KEY,
            "webhook_secret": SECRET,
            "model": "pocketsphinx",
            "model_dir": str(home / "models"),
            "spool_dir": str(home / "spool"),
            "port": port,
            "offline": True,
            "threads": 1,
            **settings,
        }
        process = subprocess.Popen(
            [sys.executable, str(script), json.dumps(given)],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        url = f"http://127.0.0.1:{port}"
        client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {API_KEY}"}, timeout=120)
        engine = RunningEngine(process, url, home / "spool", client)
        running.append(engine)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if client.get("/healthz").status_code == 200:
                    return engine
            except httpx.TransportError:
                assert process.poll() is None, "the engine ended at start"
                time.sleep(0.1)
        raise AssertionError("the engine did not start")

    yield start
    for engine in running:
        engine.client.close()
        if engine.process.poll() is None:
            engine.process.terminate()
            try:
                engine.process.wait(20)
            except subprocess.TimeoutExpired:
                engine.process.kill()


@dataclass
class Portal:
    """A stand-in for the portal's public address: serves files with and without ranges, takes webhooks."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    webhooks: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    #: Answers to give to webhooks before the good one.
    webhook_statuses: list[int] = field(default_factory=list)

    def wait_for_webhook(self, count: int = 1, seconds: float = 240) -> tuple[dict[str, str], bytes]:
        deadline = time.monotonic() + seconds
        while len(self.webhooks) < count:
            assert time.monotonic() < deadline, "no webhook came"
            time.sleep(0.05)
        return self.webhooks[count - 1]


@pytest.fixture(scope="session")
def portal_server() -> Iterator[Portal]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            portal.requests.append((self.path, self.headers.get("Range")))
            if self.path.startswith("/app/redirect"):
                self.send_response(302)
                self.send_header("Location", f"{portal.url}/app/jfk.wav")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            data = portal.files.get(self.path)
            if data is None:
                self.send_error(403)
                return
            first = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
            if self.path.endswith("?plain") or "Range" not in self.headers:
                self.send_response(200)
                first = 0
            else:
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - first))
            self.end_headers()
            self.wfile.write(data[first:])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            portal.webhooks.append((dict(self.headers.items()), body))
            self.send_response(portal.webhook_statuses.pop(0) if portal.webhook_statuses else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    portal = Portal(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield portal
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def engine(start_engine, portal_server) -> RunningEngine:
    """The engine most tests share: pocketsphinx, one worker, links below the stand-in's /app."""
    return start_engine(public_url=f"{portal_server.url}/app")


@pytest.fixture(scope="session")
def speech() -> Callable[[str], bytes]:
    return lambda name: (SPEECH / name).read_bytes()
