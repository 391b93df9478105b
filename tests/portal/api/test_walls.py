"""Walls: what belongs to others is 404 everywhere, and so is what never was."""

import uuid

import pytest

from compliance.models import AuditEvent
from portal.accounts.rights import Role
from transcription.models import Job, Proceeding, Recording
from vault import objects
from vault.models import StoredObject

PATHS = [
    ("GET", "/vault/{vault}"),
    ("DELETE", "/vault/{vault}"),
    ("POST", "/vault/{vault}/upload"),
    ("GET", "/vault/{vault}/objects"),
    ("GET", "/vault/{vault}/objects/{object}"),
    ("DELETE", "/vault/{vault}/objects/{object}"),
    ("GET", "/vault/{vault}/objects/{object}/download"),
    ("POST", "/vault/{vault}/objects/{object}/presigned-url"),
    ("POST", "/vault/{vault}/upload/{object}/confirm"),
    ("POST", "/vault/{vault}/multipart/init"),
    ("POST", "/vault/{vault}/multipart/part-urls"),
    ("POST", "/vault/{vault}/multipart/complete"),
    ("POST", "/vault/{vault}/multipart/abort"),
    ("GET", "/v1/vaults/{vault}/words"),
    ("GET", "/voice/transcription/{job}"),
    ("DELETE", "/voice/transcription/{job}"),
]
BODY = {
    "filename": "a.wav",
    "contentType": "audio/wav",
    "sizeBytes": 10,
    "objectId": str(uuid.uuid4()),
    "uploadId": str(uuid.uuid4()),
    "parts": [{"partNumber": 1, "sizeBytes": 10, "etag": "x"}],
}


@pytest.fixture
def stored(matter, attorney, actor_for):
    return objects.put_bytes(
        actor=actor_for(attorney),
        vault=matter.vault,
        kind="recording",
        content_type="audio/wav",
        data=b"RIFF",
        file_name="w.wav",
    )


@pytest.fixture
def job(matter, stored, attorney):
    proceeding = Proceeding.objects.create(matter=matter, kind="deposition", created_by=attorney)
    Recording.objects.create(proceeding=proceeding, object=stored)
    return Job.objects.create(proceeding=proceeding, provider="engine", requested_by=attorney)


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_a_foreign_id_is_404_and_changes_nothing(method, path, matter, stored, job, firm, clinic, make_member, program):
    real = {"vault": matter.vault_id, "object": stored.id, "job": job.id}
    never = {name: uuid.uuid4() for name in real}
    outsiders = [make_member(clinic, Role.CLINICIAN), make_member(firm, Role.ATTORNEY)]
    before = list(StoredObject.objects.values_list("id", "state"))
    answers = []
    for outsider in outsiders:
        key = program(outsider)
        for ids in (real, never):
            answer = key.send(method, path.format(**ids), BODY)
            assert answer.status_code == 404, answer.content
            body = answer.json()
            body.pop("request_id")
            answers.append(body)
    # What exists behind a wall and what never was look the same.
    assert all(answer == answers[0] for answer in answers)
    assert list(StoredObject.objects.values_list("id", "state")) == before
    matter.refresh_from_db()
    assert matter.erased_at is None


def test_a_foreign_recording_cannot_be_submitted_by_id_or_by_link(matter, stored, attorney, clinician, program):
    mine = program(attorney)
    url = mine.get(f"/vault/{matter.vault_id}/objects/{stored.id}").json()["downloadUrl"]
    theirs = program(clinician)
    by_id = theirs.post("/voice/transcription", {"vault_id": str(matter.vault_id), "object_id": str(stored.id)})
    assert by_id.status_code == 404
    by_link = theirs.post("/voice/transcription", {"audio_url": url})
    assert (by_link.status_code, by_link.json()["code"]) == (403, "link_refused")
    altered = mine.post("/voice/transcription", {"audio_url": url[:-2] + "xx"})
    assert (altered.status_code, altered.json()["code"]) == (403, "link_refused")
    own_vault = theirs.post("/vault", {"name": "mine"}).json()["id"]
    mixed = theirs.post("/voice/transcription", {"vault_id": own_vault, "object_id": str(stored.id)})
    assert mixed.status_code == 404
    assert not Job.objects.exists()


def test_a_list_shows_only_what_the_keys_member_can_open(matter, attorney, clinician, make_member, firm, program):
    assert [v["id"] for v in program(attorney).get("/vault").json()["vaults"]] == [str(matter.vault_id)]
    for outsider in (clinician, make_member(firm, Role.PARALEGAL)):
        assert program(outsider).get("/vault").json()["vaults"] == []


def test_originals_results_and_exports_are_not_there_for_a_key_without_the_scope(
    matter, attorney, actor_for, program, every_scope
):
    made = {
        kind: objects.put_bytes(
            actor=actor_for(attorney), vault=matter.vault, kind=kind, content_type="application/json", data=b"{}"
        )
        for kind in ("original", "result", "export", "redacted_audio")
    }
    narrow, wide = program(attorney), program(attorney, *every_scope(attorney))
    for kind, obj in made.items():
        path = f"/vault/{matter.vault_id}/objects/{obj.id}"
        assert narrow.get(path).status_code == 404, kind
        assert narrow.post(f"{path}/presigned-url", {}).status_code == 404, kind
        assert wide.get(path).status_code == (404 if kind == "result" else 200), kind
    assert narrow.get(f"/vault/{matter.vault_id}/objects").json()["objects"] == []


def test_every_act_of_a_key_is_recorded_under_the_key(matter, stored, attorney, make_key):
    from tests.portal.api.conftest import Program

    made = make_key(attorney)
    key = Program(made.secret)
    path = f"/vault/{matter.vault_id}"
    key.get(path)
    key.get(f"{path}/objects")
    key.get(f"{path}/objects/{stored.id}")
    key.post(f"{path}/upload", {"filename": "a.wav", "contentType": "audio/wav"})
    key.delete(f"{path}/objects/{stored.id}")
    found = AuditEvent.objects.filter(actor_id=made.row.id)
    assert set(found.values_list("actor_kind", flat=True)) == {"key"}
    assert {
        "vault:matter:read",
        "vault:object:listed",
        "vault:grant:created",
        "vault:object:created",
        "vault:object:erased",
    } <= set(found.values_list("type", flat=True))
