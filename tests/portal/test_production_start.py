"""A server or worker of the production profile does not start with settings that would leak."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = "k" * 48
SECRETS = ("SECRET_KEY", "ENGINE_API_KEY", "ENGINE_WEBHOOK_SECRET", "GRANT_KEYS", "WEBHOOK_KEYS", "CORRELATION_KEYS")


def start(folder: Path, module: str, **more: str) -> subprocess.CompletedProcess[str]:
    given = {
        "PATH": os.environ["PATH"],
        "PROFILE": "production",
        "DATA_DIR": str(folder / "data"),
        "KEY_DIR": str(folder / "keys"),
        "PUBLIC_URL": "https://portal.example",
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "BROKER_URL": "memory://",
        **dict.fromkeys(SECRETS, LONG),
    }
    code = {
        "web": "import portal.asgi",
        "worker": "import django, portal.celery\nfrom celery.signals import celeryd_init\n"
        "django.setup()\nceleryd_init.send(sender=None)",
    }[module]
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings", **given, **more}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("module", ["web", "worker"])
def test_an_unsafe_setting_stops_the_start_and_names_itself(tmp_path: Path, module: str) -> None:
    assert start(tmp_path, module).returncode == 0
    plain = start(tmp_path, module, PUBLIC_URL="http://portal.example")
    assert plain.returncode != 0
    assert "PUBLIC_URL must begin with https://" in plain.stderr
    inside = start(tmp_path, module, KEY_DIR=str(tmp_path / "data" / "keys"))
    assert inside.returncode != 0
    assert "KEY_DIR must lie outside DATA_DIR" in inside.stderr


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_that_could_be_guessed_stops_the_start(tmp_path: Path, name: str) -> None:
    short = start(tmp_path, "web", **{name: "hunter2"})
    assert short.returncode != 0
    assert name in short.stderr
    assert "hunter2" not in short.stderr
