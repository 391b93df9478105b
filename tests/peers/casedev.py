"""A stand-in for case.dev (and for the engine) in tests: its HTTP shapes, memory instead of speech, faults on demand.

Its answers are shaped as case.dev's official client reads them; ``test_casedev_peer`` has that client drive it, so that
adapter and stand-in cannot agree on something that case.dev does not speak.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

RESULT: dict[str, Any] = {
    "audio_duration": 11.0,
    "confidence": 93.0,
    "language_code": "en",
    "text": "Speaker A: My name is Marta Whitfield.\nSpeaker B: Thank you.",
    "utterances": [
        {"speaker": "A", "start": 500, "end": 3000, "text": "My name is Marta Whitfield.", "confidence": 0.9},
        {"speaker": "B", "start": 4000, "end": 5000, "text": "Thank you.", "confidence": 0.8},
    ],
}


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Peer:
    """``asked``: every request; ``fail(...)``: what the next matching request gets instead of an answer."""

    key: str
    result: dict[str, Any] = field(default_factory=lambda: dict(RESULT))
    polls: int = 1  # a job is completed at this poll
    basic: bool = False
    managed: bool = False  # vault jobs keep their result in an object of its own
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    vaults: set[str] = field(default_factory=set)
    _faults: list[tuple[str, re.Pattern[str], int, dict[str, str], bytes]] = field(default_factory=list)
    _keys: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _count: int = 0

    def fail(
        self, method: str, path: str, status: int, body: bytes = b"{}", headers: dict[str, str] | None = None
    ) -> None:  # fmt: skip
        """Status 0: the connection is closed without an answer, after the request was carried out."""
        self._faults.append((method, re.compile(path), status, headers or {}, body))

    def count(self, method: str, path: str) -> int:
        return sum(1 for a in self.asked if a.method == method and re.search(path, a.path))

    def forget_everything(self) -> None:
        """A restart of a service that keeps its jobs in memory."""
        self.jobs.clear()
        self._keys.clear()

    # --- what it does ------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> tuple[int, dict[str, str], bytes]:
        self.asked.append(asked)
        for number, (method, path, status, headers, body) in enumerate(self._faults):
            if method == asked.method and path.search(asked.path):
                del self._faults[number]
                if status == 0:
                    self._route(asked)
                return status, headers, body
        status, reply = self._route(asked)
        if isinstance(reply, bytes):
            return status, {}, reply
        return status, {"Content-Type": "application/json"}, b"" if reply is None else json.dumps(reply).encode()

    def _route(self, asked: Asked) -> tuple[int, Any]:
        path = urlsplit(asked.path).path
        if path == "/healthz":
            return 200, {"speech_model": "peer", "basic_engine": self.basic}
        if path.startswith("/put/") and asked.method == "PUT":
            self.objects[path.removeprefix("/put/")] = asked.body
            return 200, None
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return 401, {"error": {"code": "AUTH_INVALID", "message": "Invalid API key"}}
        if path == "/voice/transcription" and asked.method == "POST":
            return self._create(asked)
        if match := re.fullmatch(r"/voice/transcription/([^/]+)", path):
            return self._job(asked.method, match[1])
        return self._vault(asked, path)

    def _create(self, asked: Asked) -> tuple[int, Any]:
        body = asked.json
        if not body.get("audio_url") and not (body.get("vault_id") and body.get("object_id")):
            return 400, {"error": "audio_url, or vault_id and object_id"}
        if body.get("object_id") and f"{body['vault_id']}/{body['object_id']}" not in self.objects:
            return 404, {"error": "Object not found"}
        key = asked.headers.get("idempotency-key", "")
        if key in self._keys:
            known, before = self._keys[key]
            return (200, {"id": known, "status": "queued"}) if before == asked.body else (422, {"error": "reused"})
        self._count += 1
        name = f"tr_{self._count}"
        self.jobs[name] = {"asked": body, "polls": 0}
        if key:
            self._keys[key] = (name, asked.body)
        return 200, {"id": name, "status": "queued"}

    def _job(self, method: str, name: str) -> tuple[int, Any]:
        job = self.jobs.get(name)
        if job is None:
            return 404, {"error": {"message": "Not found"}}
        if method == "DELETE":
            del self.jobs[name]
            return 204, None
        job["polls"] += 1
        if job["polls"] < self.polls:
            return 200, {"id": name, "status": "processing", "progress": job["polls"] / self.polls}
        vault = job["asked"].get("vault_id")
        if self.managed and vault:
            self.objects[f"{vault}/result"] = json.dumps(self.result).encode()
            head = {k: self.result[k] for k in ("audio_duration", "confidence", "text") if k in self.result}
            return 200, {"id": name, "status": "completed", "vault_id": vault, "result_object_id": "result", **head}
        return 200, {"id": name, "status": "completed", **self.result}

    def _vault(self, asked: Asked, path: str) -> tuple[int, Any]:
        if path == "/vault" and asked.method == "POST":
            self._count += 1
            self.vaults.add(f"v{self._count}")
            return 200, {"id": f"v{self._count}", "name": asked.json["name"]}
        if match := re.fullmatch(r"/vault/([^/]+)", path):
            if match[1] not in self.vaults:
                return 404, {"error": "Vault not found"}
            if asked.method == "DELETE":
                self.vaults.discard(match[1])
                self.objects = {k: v for k, v in self.objects.items() if not k.startswith(f"{match[1]}/")}
            return 200, {"id": match[1]}
        if match := re.fullmatch(r"/vault/([^/]+)/upload", path):
            self._count += 1
            name = f"o{self._count}"
            return 200, {"objectId": name, "uploadUrl": f"{self.url}/put/{match[1]}/{name}", "expiresIn": 3600}
        if match := re.fullmatch(r"/vault/([^/]+)/upload/([^/]+)/confirm", path):
            found = self.objects.get(f"{match[1]}/{match[2]}")
            good = found is not None and asked.json == {"success": True, "sizeBytes": len(found)}
            return (200, {"objectId": match[2], "status": "completed"}) if good else (400, {"error": "no such upload"})
        if match := re.fullmatch(r"/vault/([^/]+)/objects/([^/]+)(/download)?", path):
            name = f"{match[1]}/{match[2]}"
            if name not in self.objects:
                return 404, {"error": "Object not found"}
            if asked.method == "DELETE":
                del self.objects[name]
                return 200, {"success": True}
            return 200, self.objects[name] if match[3] else {"id": match[2]}
        return 404, {"error": "Not found"}


@contextmanager
def running(key: str) -> Iterator[Peer]:
    """A peer on a free port of this machine."""
    peer = Peer(key)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, extra, reply = peer.answer(Asked(self.command, self.path, headers, body))
            if status == 0:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response(status)
            for name, value in extra.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_POST = do_PUT = do_DELETE = _serve

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    peer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
