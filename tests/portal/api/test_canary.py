"""Law 2 for programs: what is hidden from a key comes out of no route, no link, no notice, no event and no log line."""

import json

import httpx
import pytest

from compliance.models import AuditEvent
from portal.accounts.rights import Scope
from tests.portal.api.conftest import CANARIES, SPEECH, Program
from tests.transcription.elsewhere import host
from transcription import notices
from transcription.models import Job
from vault.models import StoredObject


@pytest.fixture
def transcribed(live, attorney, make_key, speech_service, settings):
    with host() as receiver:
        settings.TRUSTED_ORIGINS = [receiver.url]
        key = Program(make_key(attorney).secret)
        vault = key.post("/vault", {"name": "Harbor"}).json()["id"]
        begun = key.post(f"/vault/{vault}/upload", {"filename": "a.wav", "contentType": "audio/wav"}).json()
        assert httpx.put(begun["uploadUrl"], content=SPEECH.read_bytes(), headers={"Content-Type": "audio/wav"}).is_success
        body = {
            "vault_id": vault, "object_id": begun["objectId"], "webhook_url": f"{receiver.url}/hook",
            "word_boost": ["Whitfield"], "redact_pii": False,
        }  # fmt: skip
        job = key.post("/voice/transcription", body).json()
        assert not any(c in json.dumps(job) for c in CANARIES)
        speech_service(job["id"])
        yield key, vault, begun["objectId"], job["id"], receiver


def test_the_canary_comes_out_nowhere(transcribed, capfd):
    key, vault, object_id, job_id, receiver = transcribed
    answers = [
        key.get("/vault"),
        key.get(f"/vault/{vault}"),
        key.get(f"/vault/{vault}/objects?includeUnconfirmed=true"),
        key.get(f"/vault/{vault}/objects/{object_id}"),
        key.get(f"/voice/transcription/{job_id}"),
        key.get(f"/voice/transcription/{job_id}?include_text=true"),
        key.get(f"/voice/transcription/{job_id}?include_text=false"),
        key.get(f"/voice/transcription/{job_id}?include_text=original"),
        key.get(f"/voice/transcription/{job_id}?policy=verbatim"),
        key.get("/schema"),
        key.get("/errors"),
        key.post(f"/vault/{vault}/objects/{object_id}/presigned-url", {}),
    ]
    assert all(answer.status_code == 200 for answer in answers)
    assert "[NAME" in answers[4].json()["text"]
    for stored in StoredObject.objects.exclude(pk=object_id):
        answers.append(key.get(f"/vault/{vault}/objects/{stored.id}"))
        assert answers[-1].status_code == 404
    # The link gives the silenced copy, not the recording.
    heard = httpx.get(answers[3].json()["downloadUrl"])
    assert heard.status_code == 200
    assert heard.content[:4] != b"RIFF"
    assert notices.create_missing() == 1
    assert notices.send_due() == 1
    said = [answer.content for answer in answers] + [body for *_, body in receiver.asked]
    said += [json.dumps([event.facts for event in AuditEvent.objects.all()]).encode()]
    said += [text.encode() for text in capfd.readouterr()]
    for canary in CANARIES:
        assert not any(canary.encode() in each for each in said), canary


def test_a_link_minted_by_a_key_dies_with_the_key_and_with_its_place_behind_the_wall(transcribed, attorney):
    from portal.accounts.models import ApiKey
    from vault.models import MatterMember

    key, vault, object_id, *_ = transcribed
    url = key.get(f"/vault/{vault}/objects/{object_id}").json()["downloadUrl"]
    assert httpx.get(url).status_code == 200
    row = MatterMember.objects.filter(matter__vault_id=vault, member=attorney)
    kept = row.get()
    row.delete()
    assert httpx.get(url).status_code == 403
    kept.save(force_insert=True)
    assert httpx.get(url).status_code == 200
    from portal.accounts import keys

    keys.revoke(ApiKey.objects.get(secret_hash=keys._hash(key.secret)))
    refused = httpx.get(url)
    assert (refused.status_code, refused.json()["code"]) == (403, "link_refused")


def test_the_scope_for_originals_ends_with_the_role(live, attorney, make_key, every_scope, matter):
    from portal.accounts.models import MemberRole

    key = Program(make_key(attorney, *every_scope(attorney)).secret)
    begun = key.post(f"/vault/{matter.vault_id}/upload", {"filename": "a.wav", "contentType": "audio/wav"}).json()
    httpx.put(begun["uploadUrl"], content=SPEECH.read_bytes(), headers={"Content-Type": "audio/wav"})
    url = key.get(f"/vault/{matter.vault_id}/objects/{begun['objectId']}").json()["downloadUrl"]
    assert httpx.get(url).content == SPEECH.read_bytes()
    MemberRole.objects.filter(member=attorney).update(role="paralegal")
    assert httpx.get(url).status_code == 409
    assert Scope.OBJECT_ORIGINAL
    assert not Job.objects.exists()


def test_a_paragraph_sent_as_something_else_is_still_only_for_who_sent_it(live, attorney, make_key, matter):
    first, second = (Program(make_key(attorney).secret) for _ in range(2))
    begun = first.post(f"/vault/{matter.vault_id}/upload", {"filename": "n.txt", "contentType": "text/plain"}).json()
    httpx.put(begun["uploadUrl"], content=b"Marta Whitfield", headers={"Content-Type": "text/plain"})
    path = f"/vault/{matter.vault_id}/objects/{begun['objectId']}"
    assert httpx.get(first.get(path).json()["downloadUrl"]).content == b"Marta Whitfield"
    other = httpx.get(second.get(path).json()["downloadUrl"])
    assert (other.status_code, other.json()["code"]) == (409, "no_redacted_copy")
