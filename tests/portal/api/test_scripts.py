"""The published curl script runs with nothing changed but host, key and vault."""

import json
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from django.db import connections

from tests.portal.api.conftest import CANARIES, SPEECH
from transcription.models import Job
from vault import objects
from vault.models import StoredObject

SCRIPT = Path(__file__).parents[2] / "api_scripts" / "transcribe-and-store.sh"


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("jq"), reason="needs curl and jq")
def test_upload_transcribe_store(live, attorney, make_key, matter, speech_service):
    key = make_key(attorney)

    def work() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            job = Job.objects.first()
            if job is not None:
                speech_service(str(job.id))
                break
            time.sleep(0.1)
        connections.close_all()

    worker = threading.Thread(target=work)
    worker.start()
    done = subprocess.run(
        [str(SCRIPT), str(SPEECH)],
        env={
            "PATH": os.environ["PATH"],
            "API_HOST": f"{live}/api",
            "API_KEY": key.secret,
            "VAULT_ID": str(matter.vault_id),
            "CONTENT_TYPE": "audio/wav",
            "POLL_SECONDS": "0.2",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    worker.join()
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    recording = StoredObject.objects.get(pk=answer["recording"])
    assert objects.get_bytes(recording) == SPEECH.read_bytes()
    text = objects.get_bytes(StoredObject.objects.get(pk=answer["transcript"])).decode()
    assert text.startswith("Speaker A: My name is [NAME")
    assert not any(canary in text for canary in CANARIES)
