"""case.dev's protocol, spoken to a real engine with real speech."""

import json
import time

import casedev
import pytest
from casedev import Casedev
from standardwebhooks import Webhook

from tests.transcription.engine.conftest import API_KEY, SECRET
from transcription.signatures import Form, verify


@pytest.fixture(scope="module")
def spoken(engine, speech):
    """One result that several tests look at."""
    return engine.transcribe(speech("two-channels.wav"), speaker_labels=True)


def test_healthz_names_the_model_and_asks_for_no_key(engine):
    answer = engine.client.get("/healthz", headers={"Authorization": ""}).json()
    assert answer["speech_model"] == "pocketsphinx en-us"
    assert answer["basic_engine"] is True


@pytest.mark.parametrize("key", ["", "Bearer", "Bearer wrong", API_KEY, f"bearer {API_KEY}x", "Bearer ü"])
def test_without_the_key_everything_else_is_refused(engine, key):
    for method, path in (
        ("POST", "/voice/transcription"),
        ("GET", "/voice/transcription/tr_1"),
        ("DELETE", "/voice/transcription/tr_1"),
        ("POST", "/upload"),
        ("POST", "/vault/v/upload"),
        ("DELETE", "/vault/v/objects/o"),
    ):
        answer = engine.client.request(method, path, headers={"Authorization": key.encode()})
        assert answer.status_code == 401, (method, path)
        assert answer.json()["code"] == "AUTH_INVALID"


def test_the_official_client_uploads_submits_polls_reads_and_deletes(engine, speech):
    client = Casedev(api_key=API_KEY, base_url=engine.url)
    upload = client.vault.upload("some-vault", content_type="audio/wav", filename="jfk.wav")
    assert engine.client.put(upload.upload_url, content=speech("jfk.wav"), headers={"Authorization": ""}).is_success
    created = client.voice.transcription.create(
        vault_id="some-vault", object_id=upload.object_id, speaker_labels=True, speakers_expected=1, language_code="en_us"
    )
    assert created.status == "queued"
    assert created.source_object_id == upload.object_id
    engine.wait(created.id)
    result = client.voice.transcription.retrieve(created.id, include_text=True)
    assert result.status == "completed"
    assert "what you can do for your country" in result.text
    assert result.text.startswith("Speaker A: ")
    assert result.audio_duration == pytest.approx(11.0, abs=0.05)
    assert 0 < result.confidence <= 1
    assert result.word_count == len(result.words) == len(result.model_extra["utterances"][0]["words"])
    client.voice.transcription.delete(created.id)
    with pytest.raises(casedev.NotFoundError):
        client.voice.transcription.retrieve(created.id)


def test_words_carry_ordered_millisecond_times_and_confidence(spoken):
    for utterance in spoken["utterances"]:
        times = [(word["start"], word["end"]) for word in utterance["words"]]
        assert times == sorted(times)
        assert all(isinstance(t, int) for pair in times for t in pair)
        assert all(0 <= start < end <= 5200 for start, end in times)
        assert all(0 <= word["confidence"] <= 1 for word in utterance["words"])
        assert utterance["start"] == times[0][0]
        assert utterance["text"] == " ".join(word["text"] for word in utterance["words"])
    assert [w for u in spoken["utterances"] for w in u["words"]] == spoken["words"]


def test_every_word_carries_the_speaker_of_its_channel(spoken):
    by_channel = {1: set(), 2: set()}
    for word in spoken["words"]:
        by_channel[word["channel"]].add(word["speaker"])
    assert by_channel == {1: {"A"}, 2: {"B"}}
    text = {u["speaker"]: u["text"] for u in spoken["utterances"]}
    assert "complaint against the wizard" in text["A"]
    assert "extremely" in text["B"]
    assert spoken["speaker_source"] == "channel"


def test_the_basic_engine_says_so(spoken):
    assert spoken["speech_model"] == "pocketsphinx en-us"
    assert spoken["basic_engine"] is True
    assert "basic_engine" in {w["code"] for w in spoken["warnings"]}


def test_an_unknown_id_is_404_for_reading_and_deleting(engine):
    for method in ("GET", "DELETE"):
        answer = engine.client.request(method, "/voice/transcription/tr_never")
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"


def test_a_webhook_tells_the_end_signed_in_both_forms_and_comes_again_when_refused(engine, portal_server, speech):
    portal_server.files["/app/jfk.wav?grant=1"] = speech("jfk.wav")
    portal_server.webhooks.clear()
    portal_server.webhook_statuses[:] = [503]
    created = engine.submit(
        audio_url=f"{portal_server.url}/app/jfk.wav?grant=1", webhook_url=f"{portal_server.url}/app/hook?token=t1"
    ).json()
    first_headers, first = portal_server.wait_for_webhook(1)
    headers, body = portal_server.wait_for_webhook(2)
    assert first == body
    told = json.loads(body)
    assert told["transcript_id"] == created["id"]
    assert told["status"] == "completed"
    assert "country" in told["text"]
    assert Webhook(SECRET).verify(body, {k.lower(): v for k, v in headers.items()})
    secrets = {Form.X_SIGNATURE: [SECRET], Form.STANDARD: [SECRET]}
    verified = verify(headers, body, secrets, time.time())
    assert set(verified.forms) == {Form.X_SIGNATURE, Form.STANDARD}
    assert {k.lower(): v for k, v in first_headers.items()}["webhook-id"] == verified.message_id
    engine.client.delete(f"/voice/transcription/{created['id']}")


def test_a_failure_is_told_by_webhook_too(engine, portal_server):
    portal_server.files["/app/not-audio"] = b"this is a letter, not a recording" * 50
    portal_server.webhooks.clear()
    created = engine.submit(audio_url=f"{portal_server.url}/app/not-audio", webhook_url=f"{portal_server.url}/app/hook").json()
    told = json.loads(portal_server.wait_for_webhook()[1])
    assert (told["transcript_id"], told["status"], told["code"]) == (created["id"], "error", "not_a_recording")
    assert "text" not in told


def test_a_link_is_used_once_for_a_small_recording(engine, portal_server, speech):
    portal_server.files["/app/once"] = speech("ss-0880.wav")
    created = engine.submit(audio_url=f"{portal_server.url}/app/once").json()
    assert engine.wait(created["id"])["status"] == "completed"
    assert [path for path, _ in portal_server.requests].count("/app/once") == 1


def test_a_server_without_ranges_is_good_enough_for_a_small_recording(engine, portal_server, speech):
    portal_server.files["/app/jfk?plain"] = speech("ss-0880.wav")
    created = engine.submit(audio_url=f"{portal_server.url}/app/jfk?plain").json()
    assert "young man" in engine.wait(created["id"])["text"]


def test_the_same_idempotency_key_gives_the_same_job_and_another_request_with_it_is_refused(engine, speech):
    body = {"audio_url": engine.upload(speech("ss-0880.wav"))["upload_url"]}
    headers = {"Idempotency-Key": "submission-7"}
    first = engine.client.post("/voice/transcription", json=body, headers=headers)
    again = engine.client.post("/voice/transcription", json=body, headers=headers)
    assert first.json()["id"] == again.json()["id"]
    other = engine.client.post("/voice/transcription", json=body | {"speaker_labels": True}, headers=headers)
    assert other.status_code == 422
    engine.wait(first.json()["id"])


def test_progress_moves_from_queued_to_completed(engine, speech):
    created = engine.submit(audio_url=engine.upload(speech("ami-two-speakers.wav"))["upload_url"]).json()
    seen = []
    while True:
        answer = engine.client.get(f"/voice/transcription/{created['id']}").json()
        seen.append((answer["status"], answer["progress"]))
        if answer["status"] == "completed":
            break
        time.sleep(0.05)
    progress = [share for _, share in seen]
    assert progress == sorted(progress)
    assert any(0 < share < 1 for status, share in seen if status == "processing")
    assert seen[-1] == ("completed", 1.0)


def test_without_text_the_answer_is_small_and_the_result_stays(engine, speech):
    created = engine.submit(audio_url=engine.upload(speech("ss-0880.wav"))["upload_url"]).json()
    engine.wait(created["id"])
    answer = engine.client.get(f"/voice/transcription/{created['id']}", params={"include_text": "false"}).json()
    assert answer["word_count"] > 4
    assert not {"text", "words", "utterances"} & set(answer)
