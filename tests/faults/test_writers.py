"""Three processes write to one SQLite database: nobody is turned away, and nobody waits long."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 6
LIMIT_SECONDS = 2.0

PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from portal.accounts.models import Organization
Organization.objects.create(name="Writers", kind="law", default_region="local")
"""
# What the worker, the web and the sweeper do all the time: an event, a change of a row and a lease, each committed.
WRITE = f"""
import json, time
import django; django.setup()
from django.db import transaction
from django.utils import timezone
from compliance import audit, checkpoints
from compliance.audit import Actor, Target
from portal.accounts.models import Organization
from transcription.sweeper import hold_lease
organization = Organization.objects.get()
slowest, written, errors = 0.0, 0, []
end = time.monotonic() + {SECONDS}
while time.monotonic() < end:
    began = time.monotonic()
    try:
        with transaction.atomic():
            actor, target = Actor("system"), Target("organization", organization.id)
            audit.record("portal:settings:read", organization_id=organization.id, actor=actor, target=target)
            Organization.objects.filter(pk=organization.pk).update(idle_minutes=15)
        hold_lease("writers", str(written), 0.01)
        if written % 20 == 0:
            checkpoints.sequence(organization.id)
    except Exception as error:
        errors.append(f"{{type(error).__name__}}: {{error}}")
    slowest = max(slowest, time.monotonic() - began)
    written += 1
    # Nobody writes without a pause: between two writes lies a page, a poll or a step.
    time.sleep(0.02)
print(json.dumps([written, slowest, errors[:3]]))
"""


@pytest.mark.alone
def test_three_writers(tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=env, check=True, capture_output=True)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    found = [json.loads(writer.communicate(timeout=120)[0].splitlines()[-1]) for writer in writers]
    for written, slowest, errors in found:
        assert errors == [], (written, slowest)
        assert written > 20
        assert slowest < LIMIT_SECONDS
