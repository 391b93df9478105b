"""Law 1: whoever takes data directory, database, its log, broker, logs and temp folder reads nothing."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.laws import finding
from tests.stack import Stack

# Everything that the keys open: every detected text, random runs of the originals, titles, parties, file names, speakers.
OPEN_ALL = """
import json, random
from transcription.models import DetectionSet, Proceeding, Speaker, Transcript
from transcription import originals
from vault import objects
from vault.models import Matter, StoredObject
random.seed(7)
needles = set()
for transcript in Transcript.objects.all():
    data = json.loads(objects.get_bytes(transcript.original))
    texts = [u["text"] for u in data["utterances"]]
    for text in texts:
        words = text.split()
        for _ in range(3):
            if len(words) >= 5:
                at = random.randrange(len(words) - 4)
                needles.add(" ".join(words[at:at + 5]))
    found = DetectionSet.objects.filter(transcript=transcript).order_by("-version").first()
    for item in (found.detections["items"] if found else []):
        needles.add(texts[item["turn"]][item["start"]:item["end"]])
runs = [n for n in needles if len(n.split()) == 5]
needles = (needles - set(runs)) | set(random.sample(sorted(runs), min(20, len(runs))))
for matter in Matter.objects.all():
    needles.add(matter.title)
    needles.update(p["name"] for p in matter.parties or [])
needles.update(p.title for p in Proceeding.objects.all())
needles.update(o.file_name for o in StoredObject.objects.all())
needles.update(name for s in Speaker.objects.all() for name in (s.name, s.heard_as))
print(json.dumps(sorted(n for n in needles if n)))
"""
ALL_DONE = """
import json
from transcription.models import Proceeding
states = list(Proceeding.objects.values_list("state", flat=True))
print(json.dumps(bool(states) and all(s in ("ready", "held", "failed") for s in states)))
"""


@pytest.fixture(scope="module")
def stack(stack):
    stack.wait_until(ALL_DONE, 400)
    return stack


def everything_at_rest(stack: Stack, folder: Path) -> list[Path]:
    files = [path for path in stack.data.rglob("*") if path.is_file()]
    if "DATABASE_URL" in stack.env:
        dump = folder / "dump.sql"
        with dump.open("wb") as out:
            subprocess.run(["pg_dump", stack.env["DATABASE_URL"]], stdout=out, check=True)
        files.append(dump)
        if os.access("/var/lib/postgresql", os.R_OK):
            files += list(Path("/var/lib/postgresql").glob("*/*/pg_wal/0*"))
    if stack.env.get("BROKER_URL", "").startswith("amqp") and os.access("/var/lib/rabbitmq", os.R_OK):
        files += [path for path in Path("/var/lib/rabbitmq").rglob("*") if path.is_file() and path.stat().st_size < 2**28]
    return files


def test_no_text_of_any_recording_lies_readable_anywhere(stack, tmp_path):
    needles = stack.python(OPEN_ALL)
    spoken = [needle for needle in needles if len(needle.split()) == 5]
    assert len(needles) >= 25, "too little was opened to prove anything"
    assert len(spoken) >= 10
    files = everything_at_rest(stack, tmp_path)
    assert any("portal.sqlite3" in path.name or path.name == "dump.sql" for path in files)
    assert finding.find(needles, files) == []


def test_the_search_itself_finds_a_control_in_every_form(stack, tmp_path):
    secret = next(needle for needle in stack.python(OPEN_ALL) if len(needle) >= 12)
    controls = finding.write_control(tmp_path, secret)
    found = {path for path, _, _ in finding.find([secret], controls)}
    assert found == {str(path) for path in controls}


def test_key_files_and_secrets_are_open_to_the_owner_only(stack):
    kept = [*(stack.data / "keys").rglob("*"), *(stack.data / "secrets").rglob("*"), stack.data / "sample-accounts.json"]
    assert len(kept) > 5
    assert [path for path in kept if path.stat().st_mode & 0o077] == []
