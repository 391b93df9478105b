"""audio_url at somebody else's address: fetched into the key's vault first, or refused; asked once when asked twice."""

import pytest
from django.utils import timezone

from portal.accounts.models import ApiKey
from portal.accounts.rights import Role, Scope
from tests.portal.api.conftest import SPEECH, Program
from tests.transcription.elsewhere import host
from transcription import fetching, proceedings
from transcription.models import Job
from vault import objects
from vault.models import Matter, StoredObject, Upload


@pytest.fixture
def elsewhere(settings):
    with host() as made:
        settings.TRUSTED_ORIGINS = [made.url]
        made.answer = lambda path: (200, {"Content-Type": "audio/wav"}, SPEECH.read_bytes())
        yield made


@pytest.fixture
def key(attorney, make_key, matter):
    made = make_key(attorney)
    ApiKey.objects.filter(pk=made.row.pk).update(default_vault_id=matter.vault_id)
    return Program(made.secret)


def test_it_is_fetched_into_the_keys_vault_and_transcribed_under_the_id_that_was_given(
    transactional_db, key, elsewhere, matter
):
    request = {"audio_url": f"{elsewhere.url}/day%201.wav?token=abc", "speakers_expected": 2, "word_boost": ["Whitfield"]}
    begun = key.post("/voice/transcription", request).json()
    assert (begun["status"], begun["vault_id"]) == ("queued", str(matter.vault_id))
    assert "token=abc" not in str(begun)
    again = key.post("/voice/transcription", request).json()
    assert again["id"] == begun["id"]
    assert key.get(f"/voice/transcription/{begun['id']}").json()["status_detail"] == "fetching"
    assert [fetching.run(upload_id) for upload_id in fetching.due()] == [True]
    assert fetching.due() == []
    job = Job.objects.get(pk=begun["id"])
    assert (job.options["speakers_expected"], job.vocabulary) == (2, ["Whitfield"])
    obj = job.proceeding.recordings.get().object
    assert (obj.state, obj.file_name, objects.get_bytes(obj)) == ("stored", "day 1.wav", SPEECH.read_bytes())
    assert key.get(f"/voice/transcription/{begun['id']}").json()["status"] == "queued"
    assert len(elsewhere.asked) == 1


@pytest.mark.parametrize("status", [404, 500, 302])
def test_what_cannot_be_fetched_is_an_error_that_says_so(transactional_db, key, elsewhere, status):
    elsewhere.answer = lambda path: (status, {"Location": "http://127.0.0.1:1/"}, b"no")
    begun = key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"}).json()
    for upload_id in fetching.due():
        fetching.run(upload_id)
    read = key.get(f"/voice/transcription/{begun['id']}").json()
    assert (read["status"], read["status_detail"]) == ("error", "fetch_failed")
    assert StoredObject.objects.get().state == "failed"
    assert not Job.objects.exists()
    # The same again is a new attempt.
    assert key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"}).json()["id"] != begun["id"]


def test_a_fetch_that_was_killed_begins_anew(transactional_db, key, elsewhere, monkeypatch):
    begun = key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"}).json()

    class Killed(BaseException):
        pass

    real = objects.commit_part
    monkeypatch.setattr(objects, "commit_part", lambda **_: (_ for _ in ()).throw(Killed))
    with pytest.raises(Killed):
        fetching.run(Upload.objects.get().id)
    monkeypatch.setattr(objects, "commit_part", real)
    assert fetching.due() == [Upload.objects.get().id]
    fetching.run(Upload.objects.get().id)
    assert Job.objects.filter(pk=begun["id"]).exists()


def test_a_fetch_can_be_deleted_before_it_is_done(transactional_db, key, elsewhere):
    begun = key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"}).json()
    assert key.delete(f"/voice/transcription/{begun['id']}").status_code == 204
    assert fetching.due() == []
    assert key.get(f"/voice/transcription/{begun['id']}").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:22/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "file:///etc/passwd",
        "https://localhost/x",
        "nonsense",
    ],
)
@pytest.mark.parametrize("field", ["audio_url", "webhook_url"])
def test_an_address_inside_is_refused_at_once(db, key, matter, url, field):
    body = {"vault_id": str(matter.vault_id), "object_id": str(matter.id)} if field == "webhook_url" else {}
    answer = key.post("/voice/transcription", body | {field: url})
    assert answer.status_code == 400
    assert answer.json()["code"] in {"address_refused", "address_unreachable"}
    assert not Upload.objects.exists()


def test_a_key_without_a_vault_gets_one_only_if_it_may_make_one(transactional_db, attorney, program, elsewhere):
    narrow = program(attorney, Scope.TRANSCRIPTION_CREATE, Scope.UPLOAD_CREATE)
    answer = narrow.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"})
    assert (answer.status_code, answer.json()["code"]) == (400, "no_default_vault")
    wide = program(attorney)
    first = wide.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"}).json()
    second = wide.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/b.wav"}).json()
    assert first["vault_id"] == second["vault_id"]
    assert Matter.objects.get().created_by == attorney


def test_fetching_needs_the_scope_to_upload(transactional_db, attorney, program, elsewhere):
    key = program(attorney, Scope.TRANSCRIPTION_CREATE, Scope.VAULT_CREATE)
    answer = key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"})
    assert answer.json()["code"] == "scope_missing"
    assert attorney.has_role(Role.ATTORNEY)
    assert elsewhere.asked == []


def test_a_host_that_gives_next_to_nothing_is_given_up(transactional_db, key, elsewhere, monkeypatch):
    monkeypatch.setattr(fetching, "SLOWEST_WITHIN", 0.0)
    monkeypatch.setattr(fetching, "SLOWEST", 2**50)
    key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"})
    fetching.run(Upload.objects.get().id)
    assert fetching.due() == []
    assert StoredObject.objects.get().state == "failed"


def test_a_key_that_was_revoked_meanwhile_fetches_nothing(transactional_db, key, elsewhere):
    key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"})
    ApiKey.objects.update(revoked_at=timezone.now())
    fetching.run(Upload.objects.get().id)
    assert elsewhere.asked == []
    assert fetching.due() == []
    assert not Job.objects.exists()


def test_a_fetch_that_can_never_succeed_is_not_tried_for_ever(transactional_db, key, elsewhere, monkeypatch):
    def broken(**_):
        raise KeyError("wanted")

    key.post("/voice/transcription", {"audio_url": f"{elsewhere.url}/a.wav"})
    monkeypatch.setattr(proceedings, "create", broken)
    fetching.run(Upload.objects.get().id)
    assert fetching.due() == []
