"""``manage.py transcribe``: real engine, real vault, and nothing readable left."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def transcribe(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "DATA_DIR": str(data),
        "OFFLINE": "1",
        "ENGINE_PORT": "9",  # nobody answers there: the command brings its own engine
    }
    command = [sys.executable, "manage.py", "transcribe", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=280, check=False)


@pytest.mark.timeout(300)
def test_a_recording_is_transcribed_and_forgotten(tmp_path: Path) -> None:
    done = transcribe(tmp_path, "tests/data/speech/ss-0880.wav", "--speakers", "1", "--format", "json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["duration_ms"] == 2990
    assert printed["utterances"]
    assert {u["speaker"] for u in printed["utterances"]} == {"A"}
    assert printed["basic_engine"] is True
    assert "Note:" not in done.stdout
    # The vault's key is gone, and with it whatever lies in the data directory.
    assert not list((tmp_path / "objects").rglob("*.part"))
    assert [p.name for p in (tmp_path / "engine").glob("*")] == []


@pytest.mark.timeout(120)
def test_a_documents_private_parts_are_hidden(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("Q: Please state your name.\nA: My name is Marta Whitfield.\n", encoding="utf-8")
    done = transcribe(tmp_path / "data", str(note))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "Speaker A: Please state your name."
    assert "Speaker B: My name is [NAME 1]." in done.stdout
    assert "Whitfield" not in done.stdout
    shown = transcribe(tmp_path / "data", str(note), "--policy", "verbatim")
    assert "Marta Whitfield" in shown.stdout


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("README.md",), "not a recording"),
        (("nowhere.wav",), "no file"),
        (("README.md", "--policy", "nonsense"), "cannot be decided"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = transcribe(tmp_path, *arguments)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
