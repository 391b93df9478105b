"""The real portal for tests: web, worker and engine as processes, on a data directory and a database of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psutil
import psycopg

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 180
# Left to the children; everything else of the test process's environment is not theirs.
_PASSED_ON = ("HOME", "LANG", "PATH", "BROKER_URL", "CI")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@dataclass
class Stack:
    """``with Stack(tmp_path) as stack`` runs the portal; ``url``, ``accounts`` and ``data`` say how to reach it."""

    data: Path
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    url: str = ""
    _database: str = ""

    def __post_init__(self) -> None:
        port, engine = free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        self.temp = self.data / "temp"
        self.temp.mkdir(parents=True, exist_ok=True)
        self.env = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {
            "DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "ENGINE_PORT": str(engine),
            "OFFLINE": "1",
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "SAMPLE_DATA": "1",
            "SWEEP_SECONDS": "1",
            "TMPDIR": str(self.temp),
            **self.extra,
        }
        server = os.environ.get("DATABASE_URL", "")
        if server:
            self._database = f"portal_stack_{uuid.uuid4().hex[:12]}"
            with psycopg.connect(server, autocommit=True) as link:
                link.execute(f'CREATE DATABASE "{self._database}"')
            self.env["DATABASE_URL"] = urlunsplit(urlsplit(server)._replace(path=f"/{self._database}"))
        if self.env.get("BROKER_URL", "").startswith("amqp"):
            # A queue of its own: another stack's worker must not take this one's tasks.
            self.env["QUEUE_PREFIX"] = f"stack-{uuid.uuid4().hex[:8]}"

    def __enter__(self) -> "Stack":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        if self._database:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
                link.execute(f'DROP DATABASE IF EXISTS "{self._database}" WITH (FORCE)')

    def start(self) -> None:
        with (self.data / "stack.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "embedded"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"The portal ended at start:\n{self.log()}")
            try:
                if httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.3)
        raise AssertionError(f"The portal was not ready within {READY_SECONDS} s:\n{self.log()}")

    def stop(self) -> None:
        """As Ctrl-C does it; whatever is left after that is killed."""
        if self.process is None:
            return
        children = self.children()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for child in children:
            if child.is_running():
                child.kill()
        self.process = None

    def children(self) -> list[psutil.Process]:
        if self.process is None:
            return []
        try:
            return psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def kill(self, word: str) -> int:
        """SIGKILL to every process of the portal whose command holds ``word``; how many there were."""
        found = [child for child in self.children() if any(word in part for part in child.cmdline())]
        for child in found:
            child.kill()
        return len(found)

    def log(self) -> str:
        logs = [self.data / "stack.log", *sorted((self.data / "logs").glob("*.log"))]
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-4000:]}" for path in logs if path.exists())

    @property
    def accounts(self) -> list[dict[str, Any]]:
        return list(json.loads((self.data / "sample-accounts.json").read_text()))

    def account(self, role: str, organization: str = "Hale & Ortiz LLP") -> dict[str, Any]:
        return next(each for each in self.accounts if role in each["roles"] and each["organization"] == organization)

    def manage(self, *arguments: str, timeout: float = 300) -> str:
        """Output of a management command run against this portal. Raises AssertionError when it fails."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{arguments[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def python(self, code: str) -> Any:
        """JSON that ``code`` prints last, run with the portal's settings: what somebody with all its keys can read."""
        done = subprocess.run(
            [sys.executable, "-c", "import django; django.setup()\n" + code],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def wait_until(self, code: str, seconds: float = 240) -> Any:
        """Runs ``code`` (which prints JSON) until it prints something true."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.python(code)
            if found:
                return found
            time.sleep(1)
        raise AssertionError(f"Not within {seconds} s:\n{self.log()}")
