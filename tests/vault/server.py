"""The real web server in a process of its own, on a fresh data directory: for what only a real socket can show."""

import json
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[2]
GROUND = """
import json
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from compliance.audit import Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from vault import matters
firm = Organization.objects.create(name="Hale & Ortiz LLP", kind="law", default_region="local")
member = Member.objects.create_member(firm, "p@test.example", "Paralegal", [Role.PARALEGAL], "correct horse battery")
matter = matters.create(actor=Actor("member", member.id), member=member, kind="legal", title="Whitfield v. Harbor")
print(json.dumps({"member": str(member.id), "vault": str(matter.vault_id)}))
"""
BEGIN = """
import json, sys
from compliance.audit import Actor
from vault import uploads
from vault.models import Vault
member, vault, size = sys.argv[1:]
begun = uploads.begin(actor=Actor("member", member), vault=Vault.objects.get(pk=vault), content_type="audio/wav",
                      size=int(size) or None, file_name="day 1.wav")
print(json.dumps({"object": str(begun.obj.id), "url": begun.url}))
"""
LINK = """
import json, sys
from compliance.audit import Actor
from vault import grants
from vault.models import StoredObject
member, found = sys.argv[1:]
print(json.dumps(grants.mint(actor=Actor("member", member), obj=StoredObject.objects.get(pk=found), method="GET",
                             seconds=3600)[1]))
"""


@dataclass
class Server:
    """``with Server(tmp_path) as server``: ``begin`` an upload, ``link`` to an object, ``kill`` and ``start`` again."""

    data: Path
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Server":
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.temp = self.data / "temp"
        self.temp.mkdir()
        self.env = {name: os.environ[name] for name in ("HOME", "LANG", "PATH") if name in os.environ} | {
            "DATA_DIR": str(self.data / "portal"),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "OFFLINE": "1",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "TMPDIR": str(self.temp),
        }
        self.ground = self.python(GROUND)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def start(self) -> None:
        command = [sys.executable, "-m", "uvicorn", "portal.asgi:application", "--port", str(self.port), "--no-access-log"]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)
        for _ in range(300):
            assert self.process.poll() is None, self.log()
            try:
                httpx.get(f"{self.url}/vault/objects/x", timeout=2)
            except httpx.HTTPError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log())

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def peak_memory(self) -> int:
        """The most memory that the server ever held, in bytes."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))

    def begin(self, size: int = 0) -> dict[str, str]:
        return dict(self.python(BEGIN, self.ground["member"], self.ground["vault"], str(size)))

    def link(self, object_id: str) -> str:
        return str(self.python(LINK, self.ground["member"], object_id))

    def parts(self, object_id: str) -> list[Path]:
        return sorted((self.data / "portal" / "objects").glob(f"*/*/{object_id}/*.part"))

    def log(self) -> str:
        return (self.data / "server.log").read_text(errors="replace")[-4000:]

    def python(self, code: str, *arguments: str) -> Any:
        command = [sys.executable, "-c", "import django; django.setup()\n" + code, *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return json.loads(done.stdout.strip().splitlines()[-1])
