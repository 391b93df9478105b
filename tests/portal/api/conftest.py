"""Programs with keys, and Django's client speaking as one."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.db import connections
from django.test import Client

from portal.accounts import keys
from portal.accounts.keys import NewKey
from portal.accounts.models import Member
from portal.accounts.rights import SCOPE_RIGHTS, Scope, allowed
from transcription import audio, ingest, jobs, key_view, second_pass
from transcription.models import Job, Proceeding, Transcript


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


@pytest.fixture
def live(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a running portal, API and streaming apps; its threads see the test's database."""
    from portal.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    monkeypatch.setattr(settings, "PUBLIC_URL", url)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    yield url
    server.should_exit = True
    thread.join(10)
    connections.close_all()


# What a speech service gives for SPEECH; names, a number and an address that must not come out.
SPEECH = Path(__file__).parents[2] / "data" / "speech" / "jfk.wav"
CANARIES = ("Marta", "Whitfield", "marta.w", "example.com", "412-68-1153")
RESULT: dict[str, Any] = {
    "status": "completed",
    "audio_duration": 11.0,
    "confidence": 0.9,
    "language_code": "en",
    "utterances": [
        {
            "speaker": "A",
            "start": 500,
            "end": 3000,
            "text": "My name is Marta Whitfield.",
            "words": [
                {"text": t, "start": 500 + 400 * n, "end": 850 + 400 * n, "confidence": 0.9}
                for n, t in enumerate(["My", "name", "is", "Marta", "Whitfield."])
            ],
        },
        {"speaker": "B", "start": 4000, "end": 6000, "text": "My email is marta.w@example.com thanks."},
        {"speaker": "B", "start": 6100, "end": 9000, "text": "My social security number is 412-68-1153, and I have asthma."},
    ],
}


@pytest.fixture
def speech_service() -> Callable[..., Transcript]:
    """Does with a Job what the worker does when the speech service has answered."""

    def answer(job_id: str, *, held: bool = False, sound: bool = True) -> Transcript:
        job = Job.objects.get(pk=job_id)
        job.proceeding.recordings.update(media="audio", duration_ms=11_000, channels=1, check_state="passed")
        assert jobs.move(job, Job.State.REDACTING, Proceeding.State.HIDING)
        transcript = ingest.store_result(job, RESULT)
        if held:
            Transcript.objects.filter(pk=transcript.pk).update(state="held", held_reason="pass_failed")
            transcript.refresh_from_db()
        else:
            assert second_pass.run(transcript) is not None
        assert jobs.finish(job, transcript)
        if sound and not held:
            key = job.api_key
            assert key is not None
            audio.ensure(key_view.rendition_of(key, transcript))
        return transcript

    return answer
