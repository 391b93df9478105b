"""`manage.py engine` and what the bench promises."""

import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from transcription.engine.bench import CLIPS, MOST_DER, _der
from transcription.engine.bench_text import reference_of, spoken_words
from transcription.engine.order import Order
from transcription.engine.transcribe import transcribe

from .conftest import ROOT, free_port
from .test_speakers import EveryHalfSecond


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_command_serves_stops_cleanly_and_its_log_holds_no_words_keys_or_addresses(tmp_path, sign, speech):
    port, key = free_port(), "key-for-this-test-only-0123456789"
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "data"),
        "OFFLINE": "1",
        "ENGINE_API_KEY": key,
        "ENGINE_PORT": str(port),
        "ENGINE_MODEL": "pocketsphinx",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "engine"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {key}"})
        deadline = time.monotonic() + 240
        while True:
            try:
                assert client.get("/healthz").json()["status"] == "ok"
                break
            except httpx.TransportError:
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        upload = client.post("/upload", content=speech("ss-0880.wav")).json()
        job = client.post("/voice/transcription", json={"audio_url": upload["upload_url"]}).json()
        while client.get(f"/voice/transcription/{job['id']}").json()["status"] != "completed":
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.send_signal(sign)
        output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert job["id"] in output  # the control: the job was logged
    for secret in (key, upload["upload_url"], "/voice/", "young man", "Traceback"):
        assert secret not in output
    assert not list((tmp_path / "data" / "engine").glob("*"))


def test_a_setting_that_cannot_work_ends_the_command_with_a_sentence(tmp_path):
    ended = subprocess.run(
        [sys.executable, "manage.py", "engine", "--model", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert ended.returncode == 1
    assert "model.bin" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_two_people_in_a_meeting_are_told_apart_within_the_promised_error():
    clip = next(clip for clip in CLIPS if clip.name == "ami-two-speakers")
    with clip.path.open("rb") as file:
        order = Order(speaker_labels=True, speakers_expected=2)
        result = transcribe(file, order, EveryHalfSecond(), lambda share: None)
    assert _der(clip, result["speaker_turns"]) <= MOST_DER
    # The control: one label for everybody is well above it.
    alone = [turn | {"speaker": "A"} for turn in result["speaker_turns"]]
    assert _der(clip, alone) > MOST_DER


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("jfk", "and so my fellow americans", "do for your country"),
        ("ss-0880", "he was not", "young man"),
        ("ami-two-speakers", "okay well i think", "the marketing expert okay"),
        ("two-channels", "he began a confused", "extremely distant"),
        ("sample deposition (synthetic voices)", "good morning we are", "for the witness"),
    ],
)
def test_references_are_read_as_plain_words(name, begins, ends):
    clip = next(clip for clip in CLIPS if clip.name == name)
    words = spoken_words(reference_of(clip.path))
    assert words.startswith(begins)
    assert words.endswith(ends)
    assert "um" not in words.split()


def test_references_are_normalised_alike():
    assert spoken_words("Um, N_E_Z. Cold-hearted Dr. O'Neil!") == "n e z cold hearted doctor o'neil"
