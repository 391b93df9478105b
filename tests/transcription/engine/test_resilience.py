"""Killed workers, full queues, deletion, shutdown: nothing hangs, nothing stays."""

import os
import signal
import subprocess
import sys
import time

import httpx
import psutil
import pytest

from .conftest import ROOT


@pytest.fixture(scope="module")
def own_engine(start_engine):
    """An engine of these tests' own: they break it."""
    return start_engine()


def long_job(engine, speech) -> str:
    """A job that runs for several seconds."""
    upload = engine.upload(speech("ami-two-speakers.wav"))
    return engine.submit(audio_url=upload["upload_url"], speaker_labels=True, speakers_expected=2).json()["id"]


def wait_until_it_works(engine, job_id: str) -> psutil.Process:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if engine.client.get(f"/voice/transcription/{job_id}").json()["progress"] > 0:
            return engine.workers()[0]
        time.sleep(0.05)
    raise AssertionError("the job made no progress")


def test_a_killed_worker_is_replaced_and_the_job_done_all_the_same(own_engine, speech):
    job_id = long_job(own_engine, speech)
    worker = wait_until_it_works(own_engine, job_id)
    worker.send_signal(signal.SIGKILL)
    result = own_engine.wait(job_id)
    assert result["status"] == "completed"
    assert "marketing expert" in result["text"]
    assert worker.pid not in [p.pid for p in own_engine.workers()]


def test_a_job_whose_worker_dies_twice_fails_with_a_sentence_and_the_next_one_is_done(own_engine, speech):
    job_id = long_job(own_engine, speech)
    first = wait_until_it_works(own_engine, job_id)
    first.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 180
    while not (second := [p for p in own_engine.workers() if p.pid != first.pid]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second[0].send_signal(signal.SIGKILL)
    result = own_engine.wait(job_id)
    assert (result["status"], result["code"], result["retryable"]) == ("error", "worker_died", True)
    assert "stopped twice" in result["error"]
    assert own_engine.transcribe(speech("ss-0880.wav"))["status"] == "completed"


def test_deleting_a_running_job_ends_its_work_and_leaves_nothing(own_engine, speech):
    job_id = long_job(own_engine, speech)
    worker = wait_until_it_works(own_engine, job_id)
    assert list(own_engine.spool.rglob("*.sealed"))
    assert own_engine.client.delete(f"/voice/transcription/{job_id}").status_code == 204
    assert own_engine.client.get(f"/voice/transcription/{job_id}").status_code == 404
    worker.wait(60)
    assert not list(own_engine.spool.rglob("*.sealed"))
    assert own_engine.client.get("/healthz").json()["processing"] == 0


def test_a_sealed_upload_is_unreadable_on_disk_and_gone_once_it_was_heard(own_engine, speech):
    data = speech("jfk.wav")
    upload = own_engine.upload(data)
    (sealed,) = own_engine.spool.rglob("*.sealed")
    on_disk = sealed.read_bytes()
    for at in range(0, len(data) - 64, 10_000):
        if len(set(data[at : at + 64])) > 8:
            assert data[at : at + 64] not in on_disk
    assert b"RIFF" not in on_disk[:64]
    assert sealed.stat().st_mode & 0o077 == 0
    job_id = own_engine.submit(audio_url=upload["upload_url"]).json()["id"]
    own_engine.wait(job_id)
    assert not list(own_engine.spool.rglob("*.sealed"))


def test_too_many_waiting_jobs_are_429_with_retry_after_and_the_recording_is_kept(start_engine, portal_server, speech):
    engine = start_engine(public_url=f"{portal_server.url}/app")
    portal_server.files["/app/slow"] = speech("ami-two-speakers.wav")
    answers = []
    for _ in range(80):
        answers.append(engine.submit(audio_url=f"{portal_server.url}/app/slow"))
        if answers[-1].status_code == 429:
            break
    refused = answers[-1]
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["code"] == "busy"
    # Told to stop in the middle of it all, it stops.
    workers = engine.workers()
    engine.process.send_signal(signal.SIGTERM)
    assert engine.process.wait(60) in (0, -signal.SIGTERM)
    psutil.wait_procs(workers, timeout=30)
    assert not any(p.is_running() for p in workers)


def test_an_engine_that_is_killed_leaves_no_worker_behind_and_the_next_one_clears_its_uploads(start_engine, speech):
    engine = start_engine()
    job_id = long_job(engine, speech)
    worker = wait_until_it_works(engine, job_id)
    engine.process.kill()
    engine.process.wait(10)
    worker.wait(60)
    assert list(engine.spool.rglob("*.sealed"))
    successor = start_engine(spool_dir=str(engine.spool))
    assert not list(engine.spool.rglob("*.sealed"))
    # An engine that lives keeps its uploads when another one starts beside it.
    kept = successor.upload(speech("ss-0880.wav"))
    start_engine(spool_dir=str(engine.spool))
    assert len(list(engine.spool.rglob("*.sealed"))) == 1
    assert successor.submit(audio_url=kept["upload_url"]).status_code == 200
    assert successor.client.get(f"/voice/transcription/{job_id}").status_code == 404


def test_an_upload_that_breaks_off_leaves_nothing(own_engine):
    def broken():
        yield b"RIFF" + b"\0" * 100_000
        raise ConnectionResetError

    with pytest.raises((ConnectionResetError, httpx.TransportError)):
        own_engine.client.post("/upload", content=broken())
    deadline = time.monotonic() + 60
    while list(own_engine.spool.rglob("*.sealed")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_an_upload_address_is_good_for_one_recording_and_unguessable(own_engine, speech):
    answer = own_engine.client.post("/vault/v1/upload", json={"filename": "a.wav", "contentType": "audio/wav"}).json()
    assert len(answer["uploadUrl"].rpartition("/")[2]) >= 40
    early = own_engine.submit(vault_id="v1", object_id=answer["objectId"])
    assert (early.status_code, early.json()["code"]) == (409, "not_uploaded")
    assert own_engine.client.put(answer["uploadUrl"], content=speech("ss-0880.wav")).status_code == 200
    assert own_engine.client.put(answer["uploadUrl"], content=b"other").status_code == 409
    assert own_engine.client.put(answer["uploadUrl"][:-2] + "xx", content=b"other").status_code == 404
    assert own_engine.client.post(f"/vault/v1/upload/{answer['objectId']}/confirm").json()["sizeBytes"] == 95724
    assert own_engine.client.delete(f"/vault/v2/objects/{answer['objectId']}").status_code == 404
    assert own_engine.client.delete(f"/vault/v1/objects/{answer['objectId']}").status_code == 204
    assert not list(own_engine.spool.rglob("*.sealed"))


def test_two_engines_cannot_share_a_port_and_the_second_says_so(own_engine, tmp_path):
    port = own_engine.url.rpartition(":")[2]
    ended = subprocess.run(
        [sys.executable, "manage.py", "engine", "--port", port, "--model", "pocketsphinx"],
        capture_output=True,
        text=True,
        timeout=180,
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path / "data"), "OFFLINE": "1"},
    )
    assert ended.returncode == 1
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "Traceback" not in ended.stderr
