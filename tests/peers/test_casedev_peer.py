"""The stand-in speaks what case.dev's official client speaks."""

import casedev
import httpx
import pytest

from tests.peers import casedev as peers


def test_the_official_client_transcribes_with_the_stand_in() -> None:
    with peers.running("sk_case_test") as peer:
        client = casedev.Casedev(api_key="sk_case_test", base_url=peer.url, max_retries=0)
        vault = client.vault.create(name="transcription")
        assert vault.id is not None
        upload = client.vault.upload(vault.id, content_type="audio/wav", filename="recording", size_bytes=4)
        assert upload.upload_url is not None
        assert upload.object_id is not None
        assert httpx.put(upload.upload_url, content=b"RIFF").status_code == 200
        client.vault.confirm_upload(upload.object_id, id=vault.id, success=True, size_bytes=4)
        job = client.voice.transcription.create(vault_id=vault.id, object_id=upload.object_id, speaker_labels=True)
        assert job.id is not None
        done = client.voice.transcription.retrieve(job.id)
        assert done.status == "completed"
        assert "Marta" in (done.text or "")
        client.voice.transcription.delete(job.id)
        with pytest.raises(casedev.NotFoundError):
            client.voice.transcription.retrieve(job.id)
        with pytest.raises(casedev.AuthenticationError):
            casedev.Casedev(api_key="wrong", base_url=peer.url).voice.transcription.retrieve("x")
