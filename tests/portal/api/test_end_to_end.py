"""The whole portal as processes (web, worker, engine) and real speech, seen by the official client."""

import time

import casedev
import httpx
import pytest
from casedev import Casedev
from casedev.types.voice import TranscriptionRetrieveResponse

from tests.portal.api.conftest import SPEECH
from tests.stack import Stack

FINISHED_WITHIN = 240


@pytest.mark.long
@pytest.mark.timeout(600)
def test_real_speech_by_id_and_by_address(stack: Stack) -> None:
    email = stack.account("attorney")["email"]
    secret, webhook_secret = stack.manage("create_api_key", "--member", email).split()[-2:]
    assert secret.startswith("sk_")
    assert webhook_secret.startswith("whsec_")
    with Casedev(api_key=secret, base_url=f"{stack.url}/api") as client:
        vault = client.vault.create(name="Speech of 1961")
        begun = client.vault.upload(vault.id, filename="jfk.wav", content_type="audio/wav")
        put = httpx.put(begun.upload_url, content=SPEECH.read_bytes(), headers={"Content-Type": "audio/wav"}, timeout=60)
        assert put.status_code == 200
        by_id = client.voice.transcription.create(
            vault_id=vault.id, object_id=begun.object_id, speaker_labels=True, speakers_expected=1
        )
        read = finished(client, by_id.id, stack)
        assert "country" in read.text.lower()
        assert 10.5 < read.audio_duration < 11.5
        assert 0 <= read.confidence <= 1
        assert all(word["start"] <= word["end"] for word in read.words)
        url = client.vault.objects.retrieve(begun.object_id, id=vault.id).download_url
        heard = wait_for_sound(url)
        assert heard.headers["content-type"] == "audio/mp4"
        again = client.voice.transcription.create(audio_url=url, speaker_labels=True)
        assert again.id != by_id.id
        assert finished(client, again.id, stack).source_object_id == begun.object_id
        for job in (again.id, by_id.id):
            client.voice.transcription.delete(job)
        with pytest.raises(casedev.NotFoundError):
            client.voice.transcription.retrieve(by_id.id)
        client.vault.delete(vault.id)
        with pytest.raises(casedev.NotFoundError):
            client.vault.retrieve(vault.id)


def finished(client: Casedev, job_id: str, stack: Stack) -> TranscriptionRetrieveResponse:
    deadline = time.monotonic() + FINISHED_WITHIN
    while time.monotonic() < deadline:
        read = client.voice.transcription.retrieve(job_id, include_text="true")
        assert read.status in {"queued", "processing", "completed"}, f"{read.to_json()}\n{stack.log()}"
        if read.status == "completed":
            return read
        time.sleep(1)
    raise AssertionError(f"not finished: {read.to_json()}\n{stack.log()}")


def wait_for_sound(url: str) -> httpx.Response:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        answer = httpx.get(url)
        if answer.status_code == 200:
            return answer
        assert answer.status_code == 409, answer.text
        time.sleep(1)
    raise AssertionError("the silenced copy was not made")
