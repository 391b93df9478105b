"""The whole portal on one machine: makes the database, then keeps web, worker and engine running."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import httpx
from django.conf import settings
from django.core.management import call_command

from portal import sample

Say = Callable[[str], object]

# A process that dies is started again after this long, doubled each time up to the cap.
RESTART_SECONDS = 1.0
RESTART_CAP_SECONDS = 30.0
STOP_SECONDS = 20.0
READY_SECONDS = 120.0


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = RESTART_SECONDS
    not_before: float = field(default=0.0)
    started: float = field(default=0.0)

    def start(self, log: Path) -> None:
        with log.open("ab") as output:
            # A session of its own: Ctrl-C reaches the supervisor only, which stops the children in order.
            self.process = subprocess.Popen(self.command, stdout=output, stderr=output, start_new_session=True)
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def commands() -> list[Child]:
    python = sys.executable
    manage = [python, str(settings.BASE_DIR / "manage.py")]
    web = [python, "-m", "uvicorn", "portal.asgi:application", "--host", settings.HOST, "--port", str(settings.PORT)]
    worker = [python, "-m", "celery", "-A", "portal.celery", "worker", "--concurrency", "2", "--pool", "prefork"]
    return [
        Child("engine", [*manage, "engine"]),
        Child("worker", [*worker, "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]),
        Child("web", [*web, "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "10"]),
    ]


def main(say: Say) -> int:
    """Runs until SIGINT or SIGTERM. 0 after a clean stop, 1 when it could not start."""
    for port, name in ((settings.PORT, "PORT"), (settings.ENGINE_PORT, "ENGINE_PORT")):
        if not _free(port):
            say(f"Port {port} is in use. Choose another: {name}={port + 10} ./run")
            return 1
    logs = settings.DATA_DIR / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    say("Preparing the database …")
    _empty_broker()
    call_command("migrate", verbosity=0, interactive=False)
    if settings.SAMPLE_DATA:
        sample.make(say)
    stopping = False

    def stop(_: int, __: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    children = commands()
    for child in children:
        child.start(logs / f"{child.name}.log")
    announced = False
    begun = time.monotonic()
    try:
        while not stopping:
            _revive(children, logs, say)
            if not announced and _alive():
                announced = True
                _announce(say)
            if not announced and time.monotonic() - begun > READY_SECONDS:
                say(f"The portal does not answer yet. Its logs are in {logs}.")
                begun = time.monotonic()
            time.sleep(0.3)
    finally:
        say("Stopping …")
        _stop(children)
    return 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.HOST, port))
        except OSError:
            return False
    return True


def _empty_broker() -> None:
    # What matters is in the database; old hints would only be repeated.
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        shutil.rmtree(settings.BROKER_DIR, ignore_errors=True)
        settings.BROKER_DIR.mkdir(parents=True, mode=0o700)
        (settings.BROKER_DIR / "control").mkdir(mode=0o700)


def _alive() -> bool:
    try:
        return httpx.get(f"http://{settings.HOST}:{settings.PORT}/healthz", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def _announce(say: Say) -> None:
    say("")
    say(f"Sealscript is running: http://{settings.HOST}:{settings.PORT}/")
    if settings.SAMPLE_DATA:
        say("Sample accounts (made for this machine; sample data only):")
        for account in sample.accounts():
            roles = ", ".join(account["roles"])
            say(f"  {account['email']:<34} {account['password']:<26} {roles} at {account['organization']}")
    say("Ctrl-C stops it.")


def _revive(children: list[Child], logs: Path, say: Say) -> None:
    now = time.monotonic()
    for child in children:
        if child.died():
            code = child.process.returncode if child.process else 0
            if now - child.started > RESTART_CAP_SECONDS:
                child.wait = RESTART_SECONDS
            child.process = None
            child.not_before = now + child.wait
            child.wait = min(child.wait * 2, RESTART_CAP_SECONDS)
            say(f"The {child.name} process ended (code {code}); it is started again. Its log: {logs / child.name}.log")
        elif child.process is None and now >= child.not_before:
            child.start(logs / f"{child.name}.log")


def _stop(children: list[Child]) -> None:
    # The web goes first, so that nothing new comes in while the rest finishes.
    for child in reversed(children):
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    until = time.monotonic() + STOP_SECONDS
    for child in reversed(children):
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
