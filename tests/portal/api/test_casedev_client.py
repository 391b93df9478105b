"""The official client of case.dev, unchanged but for its base URL, against a running portal."""

import casedev
import httpx
import pytest
from casedev import Casedev

from portal.accounts.rights import Scope
from tests.portal.api.conftest import CANARIES, SPEECH
from transcription import notices, second_pass
from transcription.models import Job, Transcript
from vault.models import Matter, StoredObject


@pytest.fixture
def client(live, attorney, make_key):
    with Casedev(api_key=make_key(attorney).secret, base_url=f"{live}/api", max_retries=0) as made:
        yield made


def upload(client, vault_id, name="day 1.wav", content_type="audio/wav", data=None):
    data = SPEECH.read_bytes() if data is None else data
    begun = client.vault.upload(vault_id, filename=name, content_type=content_type, size_bytes=len(data))
    assert begun.expires_in == 3600
    assert begun.instructions.method == "PUT"
    put = httpx.put(begun.upload_url, content=data, headers=begun.instructions.headers)
    assert put.status_code == 200, put.text
    return begun.object_id


def test_from_an_empty_portal_to_a_transcript_and_back(client, speech_service):
    vault = client.vault.create(name="Whitfield v. Harbor", metadata={"kind": "legal"}, description="Day one")
    assert vault.region == "local"
    assert [one.id for one in client.vault.list().vaults] == [vault.id]
    read = client.vault.retrieve(vault.id)
    assert (read.name, read.description, read.total_objects) == ("Whitfield v. Harbor", "Day one", 0)

    object_id = upload(client, vault.id)
    confirmed = client.vault.confirm_upload(object_id, id=vault.id, success=True, size_bytes=SPEECH.stat().st_size)
    assert confirmed.status == "completed"
    listed = client.vault.objects.list(vault.id)
    assert [(one.id, one.filename, one.ingestion_status) for one in listed.objects] == [(object_id, "day 1.wav", "completed")]
    assert listed.pagination.has_more is False

    begun = client.voice.transcription.create(vault_id=vault.id, object_id=object_id, speaker_labels=True, speakers_expected=2)
    assert begun.status == "queued"
    assert client.voice.transcription.retrieve(begun.id).status == "queued"

    speech_service(begun.id)
    done = client.voice.transcription.retrieve(begun.id, include_text="true")
    assert done.status == "completed"
    assert done.audio_duration == 11.0
    assert done.confidence == 0.9
    assert done.source_object_id == object_id
    assert done.text.startswith("Speaker A: My name is [NAME")
    assert [u["speaker"] for u in done.utterances] == ["A", "B", "B"]
    assert done.utterances[0]["start"] == 500
    assert {"text", "start", "end", "confidence", "speaker"} <= set(done.words[0])
    assert done.redaction["policy"] == "identifiers"
    assert done.redaction["hidden_spans"] == 3
    assert "asthma" in done.text  # medical is not among what identifiers hides
    assert not any(canary in done.to_json() for canary in CANARIES)
    assert client.voice.transcription.retrieve(begun.id, include_text="false").text is None

    client.voice.transcription.delete(begun.id)
    client.voice.transcription.delete(begun.id)
    with pytest.raises(casedev.NotFoundError):
        client.voice.transcription.retrieve(begun.id)
    assert not Transcript.objects.exists()
    assert set(StoredObject.objects.exclude(state="erased").values_list("kind", flat=True)) == {"recording"}

    gone = client.vault.objects.delete(object_id, id=vault.id)
    assert gone.success
    deleted = client.vault.delete(vault.id)
    assert deleted.status == "deleted"
    with pytest.raises(casedev.NotFoundError):
        client.vault.retrieve(vault.id)
    assert client.vault.list().vaults == []


def test_a_download_url_is_good_as_audio_url_and_gives_the_silenced_copy(client, live, speech_service):
    vault = client.vault.create(name="Whitfield")
    object_id = upload(client, vault.id)
    url = client.vault.objects.retrieve(object_id, id=vault.id).download_url
    # A key without the scope for originals: there is nothing for it to hear yet.
    early = httpx.get(url)
    assert (early.status_code, early.json()["code"]) == (409, "no_redacted_copy")
    begun = client.voice.transcription.create(
        audio_url=url, extra_body={"redact_pii_policies": ["medical"], "redact_pii": False}
    )
    assert [w["code"] for w in begun.warnings] == ["redaction_overruled"]
    again = client.voice.transcription.create(
        audio_url=url, extra_body={"redact_pii_policies": ["medical"], "redact_pii": False}
    )
    assert again.id == begun.id
    speech_service(begun.id)
    done = client.voice.transcription.retrieve(begun.id)
    assert "medical" in done.redaction["applied"]
    assert done.redaction["policy"].startswith("identifiers+")
    assert done.redaction["requested"] == {"redact_pii": False, "redact_pii_policies": ["medical"]}
    heard = httpx.get(client.vault.objects.retrieve(object_id, id=vault.id).download_url)
    assert (heard.status_code, heard.headers["content-type"]) == (200, "audio/mp4")
    assert heard.content != SPEECH.read_bytes()
    part = httpx.get(url, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, heard.content[4:8])
    # The client's own download method gives the same.
    downloaded = client.vault.objects.with_raw_response.download(object_id, id=vault.id)
    assert downloaded.read() == heard.content


def test_a_key_with_the_scope_for_originals_hears_the_original(live, attorney, make_key, every_scope):
    key = make_key(attorney, *every_scope(attorney))
    with Casedev(api_key=key.secret, base_url=f"{live}/api", max_retries=0) as client:
        vault = client.vault.create(name="Whitfield")
        object_id = upload(client, vault.id)
        url = client.vault.objects.retrieve(object_id, id=vault.id).download_url
        assert httpx.get(url).content == SPEECH.read_bytes()
        downloaded = client.vault.objects.with_raw_response.download(object_id, id=vault.id)
        assert downloaded.read() == SPEECH.read_bytes()


def test_held_is_processing_with_a_detail_and_told_of_when_released(client, speech_service, settings):
    settings.TRUSTED_ORIGINS = ["http://127.0.0.1:9"]
    vault = client.vault.create(name="Whitfield")
    begun = client.voice.transcription.create(
        vault_id=vault.id,
        object_id=upload(client, vault.id),
        extra_body={"webhook_url": "http://127.0.0.1:9/hook"},
    )
    transcript = speech_service(begun.id, held=True)
    read = client.voice.transcription.retrieve(begun.id)
    assert (read.status, read.status_detail) == ("processing", "held_for_review")
    assert read.text is None
    assert notices.create_missing() == 0
    Transcript.objects.filter(pk=transcript.pk).update(state="hiding")
    transcript.refresh_from_db()
    assert second_pass.run(transcript) is not None
    assert client.voice.transcription.retrieve(begun.id).status == "completed"
    assert notices.create_missing() == 1


def test_a_presigned_url_works_for_its_method_only(client):
    vault = client.vault.create(name="Whitfield")
    object_id = upload(client, vault.id, "notes.txt", "text/plain", b"plain notes")
    link = client.vault.objects.create_presigned_url(object_id, id=vault.id, operation="GET", expires_in=60)
    assert link.expires_in == 60
    assert httpx.get(link.presigned_url).content == b"plain notes"
    assert httpx.put(link.presigned_url, content=b"x").status_code == 403
    assert httpx.delete(link.presigned_url).status_code == 403
    gone = client.vault.objects.create_presigned_url(object_id, id=vault.id, operation="DELETE", expires_in=60)
    assert httpx.delete(gone.presigned_url).status_code == 204
    with pytest.raises(casedev.NotFoundError):
        client.vault.objects.retrieve(object_id, id=vault.id)
    with pytest.raises(casedev.BadRequestError) as error:
        client.vault.objects.create_presigned_url(object_id, id=vault.id, expires_in=30)
    assert error.value.body["code"] == "invalid_fields"


def test_an_upload_in_parts(client):
    vault = client.vault.create(name="Whitfield")
    size, part_size = 6 * 2**20, 5 * 2**20
    data = bytes(range(256)) * (size // 256)
    begun = client.vault.multipart.init(
        vault.id, filename="long.txt", content_type="text/plain", size_bytes=size, part_size_bytes=part_size
    )
    assert begun.part_count == 2
    parts = [{"part_number": 1, "size_bytes": part_size}, {"part_number": 2, "size_bytes": size - part_size}]
    urls = client.vault.multipart.get_part_urls(
        vault.id, object_id=begun.object_id, upload_id=begun.upload_id, parts=parts
    ).urls
    done = []
    for url in urls:
        start = (url.part_number - 1) * part_size
        put = httpx.put(url.url, content=data[start : start + part_size])
        assert put.status_code == 200, put.text
        done.append({"part_number": url.part_number, "etag": put.headers["ETag"]})
    with pytest.raises(casedev.BadRequestError):
        client.vault.multipart.complete(
            vault.id, object_id=begun.object_id, upload_id=begun.upload_id, size_bytes=size,
            parts=[done[0], {"part_number": 2, "etag": done[0]["etag"]}],
        )  # fmt: skip
    whole = client.vault.multipart.complete(
        vault.id, object_id=begun.object_id, upload_id=begun.upload_id, size_bytes=size, parts=done[::-1]
    )
    assert whole.success
    assert httpx.get(client.vault.objects.retrieve(begun.object_id, id=vault.id).download_url).content == data
    other = client.vault.multipart.init(vault.id, filename="b.txt", content_type="text/plain", size_bytes=size)
    client.vault.multipart.abort(vault.id, object_id=other.object_id, upload_id=other.upload_id)
    with pytest.raises(casedev.ConflictError):
        client.vault.multipart.get_part_urls(
            vault.id, object_id=other.object_id, upload_id=other.upload_id, parts=[{"part_number": 1, "size_bytes": size}]
        )


def test_errors_are_the_clients_own_kinds(live, attorney, paralegal, clinician, make_key):
    def speak(secret):
        return Casedev(api_key=secret, base_url=f"{live}/api", max_retries=2)

    with pytest.raises(casedev.AuthenticationError) as unknown:
        speak("sk_unknown").vault.list()
    assert unknown.value.body["code"] == "AUTH_INVALID"
    with pytest.raises(casedev.PermissionDeniedError):
        speak(make_key(attorney, Scope.VAULT_READ).secret).vault.create(name="x")
    mine = speak(make_key(attorney).secret)
    vault = mine.vault.create(name="x")
    with pytest.raises(casedev.NotFoundError):
        speak(make_key(clinician).secret).vault.retrieve(vault.id)
    with pytest.raises(casedev.BadRequestError) as bad:
        mine.voice.transcription.create()
    assert bad.value.body["code"] == "no_source"
    with pytest.raises(casedev.ConflictError) as early:
        mine.vault.confirm_upload(
            mine.vault.upload(vault.id, filename="a.wav", content_type="audio/wav").object_id,
            id=vault.id, success=True, size_bytes=1,
        )  # fmt: skip
    assert early.value.response.headers["x-should-retry"] == "false"
    mine.vault.create(name="a", extra_headers={"Idempotency-Key": "same"})
    with pytest.raises(casedev.UnprocessableEntityError):
        mine.vault.create(name="b", extra_headers={"Idempotency-Key": "same"})
    assert Matter.objects.count() == 2
    assert not Job.objects.exists()
