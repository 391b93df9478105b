"""onnxruntime as it comes reports to its maker, past everything that Python could refuse. Here it does not."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READING = """
from compliance.redaction import Dialogue, detect
assert detect(Dialogue.from_turns([("A", "My name is Ann Lee.")])).items
"""
VOICES = "from transcription.engine import voices; voices._session()"
# What the process holds open at its end, but for files of packages.
HELD = """
import os, sys
held = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")]
sys.stdout.write("\\n".join(name for name in held if name.startswith(("socket:", os.environ["HOME"]))))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("code", [READING, VOICES], ids=["second pass", "voices"])
def test_nothing_opens_a_socket_or_leaves_anything_in_the_home_folder(tmp_path, code):
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    told = {**kept, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code + HELD], env=told, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert [str(path) for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_packages_load_themselves_is_told_by_the_environment(settings):
    assert settings.BASE_DIR
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_nothing_of_ours_loads_it_but_the_one_place_that_silences_it():
    loading = re.compile(r"^\s*(?:import|from) onnxruntime\b", re.MULTILINE)
    rooms = (path for room in ("portal", "compliance", "vault", "transcription") for path in (ROOT / room).rglob("*.py"))
    assert [path.relative_to(ROOT).as_posix() for path in rooms if loading.search(path.read_text())] == ["compliance/onnx.py"]
