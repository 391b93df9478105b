"""Uploads from the browser: checked before the first byte, complete without the browser, never outside the wall."""

import io
import json
import re
import wave
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from compliance.models import AuditEvent
from portal import wiring
from portal.accounts.rights import Role
from transcription import intake, proceedings
from transcription.models import Job, Proceeding
from vault import objects, parts
from vault.models import StoredObject, Upload


def sound(seconds: float = 0.2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as handle:
        handle.setnchannels(1)
        handle.setsampwidth(2)
        handle.setframerate(8000)
        handle.writeframes(b"\0\0" * int(8000 * seconds))
    return out.getvalue()


@pytest.fixture
def signed_in(client, paralegal):
    client.force_login(paralegal)
    return client


def ask(matter, *files, **more):
    listed = [{"name": name, "size": size, "type": "audio/wav"} for name, size in files]
    return {
        "matter": str(matter.id),
        "kind": "deposition",
        "title": "Day one",
        "provider": "engine",
        "policy": "identifiers",
        "language": "en",
        "speakers": 3,
        "basic": True,
        "files": listed,
    } | more


def begin(client: Client, body):
    headers = {"Accept": "application/json"}
    return client.post("/upload/begin", json.dumps(body), content_type="application/json", headers=headers)


def arrive(object_id: str, data: bytes, actor) -> None:
    """What the streaming app does with a PUT."""
    obj = StoredObject.objects.select_related("vault").get(pk=object_id)
    receiver = parts.begin(obj)
    receiver.write(data)
    objects.commit_part(actor=actor, obj=obj, receiver=receiver, info=objects.seal_part(obj, receiver))


def test_several_files_become_one_proceeding_in_the_order_chosen(signed_in, matter, paralegal, actor_for):
    data = sound()
    answer = begin(signed_in, ask(matter, ("b.wav", len(data)), ("a.wav", len(data)))).json()
    first, second = (file["object"] for file in answer["files"])
    arrive(second, data, actor_for(paralegal))
    wiring.object_stored(UUID(second))
    assert not Proceeding.objects.exists()
    arrive(first, data, actor_for(paralegal))
    wiring.object_stored(UUID(first))
    made = Proceeding.objects.get()
    assert [str(r.object_id) for r in made.recordings.order_by("position")] == [first, second]
    assert (made.title, made.kind, made.speakers_expected, made.basic_engine_accepted) == ("Day one", "deposition", 3, True)
    assert made.created_by == paralegal
    assert Job.objects.get().proceeding == made
    state = signed_in.get(answer["files"][0]["state"]).json()
    assert state == {"receipt": f"/recordings/{made.id}/receipt", "given_up": False, "stored": True}


def test_the_session_is_not_needed_after_the_first_byte(signed_in, matter, paralegal, actor_for):
    data = sound()
    answer = begin(signed_in, ask(matter, ("a.wav", len(data)))).json()
    signed_in.post("/session/lock")
    arrive(answer["files"][0]["object"], data, actor_for(paralegal))
    wiring.object_stored(UUID(answer["files"][0]["object"]))
    assert Proceeding.objects.count() == 1


def test_what_a_killed_process_left_is_completed_once_by_the_sweep(signed_in, matter, paralegal, actor_for):
    data = sound()
    answer = begin(signed_in, ask(matter, ("a.wav", len(data)))).json()
    arrive(answer["files"][0]["object"], data, actor_for(paralegal))
    assert intake.sweep() == 0  # the request that stored it may be at it
    Upload.objects.update(finished_at=timezone.now() - timedelta(minutes=1))
    assert intake.sweep() == 1
    assert intake.sweep() == 0
    assert Proceeding.objects.count() == 1


def test_two_last_files_at_once_make_one_proceeding(signed_in, matter, paralegal, actor_for, monkeypatch):
    data = sound()
    answer = begin(signed_in, ask(matter, ("a.wav", len(data)))).json()
    object_id = UUID(answer["files"][0]["object"])
    arrive(str(object_id), data, actor_for(paralegal))
    first = intake.complete(object_id)
    # The other request looked before the first one had finished.
    found = iter([None])
    real = intake._proceeding_of
    monkeypatch.setattr(intake, "_proceeding_of", lambda key: next(found, None) or real(key) if key else None)
    assert intake.complete(object_id) == first
    assert Proceeding.objects.count() == 1


def test_whoever_lost_the_right_meanwhile_gets_no_proceeding_and_nothing_is_lost(signed_in, matter, paralegal, actor_for):
    data = sound()
    answer = begin(signed_in, ask(matter, ("a.wav", len(data)))).json()
    object_id = answer["files"][0]["object"]
    arrive(object_id, data, actor_for(paralegal))
    paralegal.role_rows.all().delete()
    Upload.objects.update(finished_at=timezone.now() - timedelta(minutes=1))
    assert intake.sweep() == 0
    assert Upload.objects.get().aborted_at is not None
    assert StoredObject.objects.get(pk=object_id).state == "stored"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"files": []}, "wrong_files"),
        ({"files": "a.wav"}, "invalid_request"),
        ({"files": [{"name": "a.wav", "size": 0}]}, "wrong_files"),
        ({"files": [{"name": "a.wav", "size": -5}]}, "wrong_files"),
        ({"files": [{"name": "a.wav", "size": "many"}]}, "invalid_request"),
        ({"files": [{"name": "a.wav", "size": 6 * 10**9}]}, "too_large"),
        ({"files": [{"name": "a.docx", "size": 50 * 2**20}]}, "too_large"),
        ({"files": [{"name": "a.docx", "size": 10}, {"name": "b.wav", "size": 10}]}, "wrong_files"),
        ({"files": [{"name": f"{n}.wav", "size": 10} for n in range(101)]}, "wrong_files"),
        ({"kind": "party"}, "invalid_request"),
        ({"provider": "somebody"}, "provider_unknown"),
        ({"policy": "nothing"}, "policy_unresolved"),
        ({"speakers": 99}, "invalid_request"),
        ({"language": "xx"}, "invalid_request"),
        ({"title": "x" * 301}, "invalid_request"),
        ({"matter": "x"}, "not_found"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_sent(signed_in, matter, change, code):
    answer = begin(signed_in, ask(matter, ("a.wav", 10)) | change)
    assert answer.json()["code"] == code
    assert not StoredObject.objects.exists()


def test_a_document_needs_no_speech_service(signed_in, matter, paralegal, actor_for):
    text = b"Q: Good morning.\nA: Good morning.\n"
    answer = begin(signed_in, ask(matter, ("note.txt", len(text)))).json()
    object_id = answer["files"][0]["object"]
    assert StoredObject.objects.get(pk=object_id).kind == "document"
    arrive(object_id, text, actor_for(paralegal))
    wiring.object_stored(UUID(object_id))
    assert Proceeding.objects.get().kind == "document"


def test_cancelling_gives_up_every_file_of_the_upload(signed_in, matter):
    answer = begin(signed_in, ask(matter, ("a.wav", 10), ("b.wav", 10))).json()
    assert signed_in.post(answer["cancel"]).json() == {"cancelled": 2}
    assert set(StoredObject.objects.values_list("state", flat=True)) == {"failed"}
    assert signed_in.get(answer["files"][0]["state"]).json()["given_up"]


def test_a_colleague_cannot_cancel_and_a_stranger_sees_nothing(signed_in, matter, attorney, clinician):
    answer = begin(signed_in, ask(matter, ("a.wav", 10))).json()
    for person in (attorney, clinician):
        theirs = Client()
        theirs.force_login(person)
        assert theirs.post(answer["cancel"]).status_code == 404
    theirs = Client()
    theirs.force_login(clinician)
    assert theirs.get(answer["files"][0]["state"]).status_code == 404
    assert begin(theirs, ask(matter, ("a.wav", 10))).status_code == 404


def test_file_names_and_titles_stay_sealed(signed_in, matter):
    begin(signed_in, ask(matter, ("Whitfield-secret-name.wav", 10), title="Secret title"))
    obj = StoredObject.objects.get()
    assert obj.file_name == "Whitfield-secret-name.wav"
    for column in (obj.file_name_sealed, obj.metadata_sealed):
        assert b"ecret" not in bytes(column)
    assert "ecret" not in str(list(AuditEvent.objects.values()))


def test_the_page_shows_everything_before_the_first_byte(signed_in, matter):
    page = signed_in.get(f"/upload/?matter={matter.id}").content.decode()
    for words in ("This machine", "Speech engine of this portal", "Number of speakers", "Guess (may be wrong)", "identifiers"):
        assert words.lower() in page.lower()


def test_the_organizations_own_policies_are_offered_by_the_name_that_people_know(signed_in, matter, court):
    page = signed_in.get(f"/upload/?matter={matter.id}").content.decode()
    assert re.search(r'value="court_copy"[^>]*>\s*Court copy\s*<', page)


def test_without_a_matter_the_page_says_what_to_do_first(client, firm, make_member):
    client.force_login(make_member(firm, Role.PARALEGAL))
    assert "A matter first" in client.get("/upload/").content.decode()


@pytest.fixture
def uploaded(signed_in, matter, paralegal, actor_for):
    data = sound()
    object_id = begin(signed_in, ask(matter, ("day one.wav", len(data)))).json()["files"][0]["object"]
    arrive(object_id, data, actor_for(paralegal))
    wiring.object_stored(UUID(object_id))
    return Proceeding.objects.get()


def test_the_receipt_shows_the_sum_of_what_was_sent(signed_in, uploaded):
    import hashlib

    page = signed_in.get(f"/recordings/{uploaded.id}/receipt").content.decode()
    assert hashlib.sha256(sound()).hexdigest() in page
    assert "day one.wav" in page
    assert f"({len(sound())} bytes)" in page


def test_the_list_counts_by_state_and_filters(signed_in, uploaded, matter):
    page = signed_in.get("/recordings/")
    assert page.context["all"] == 1
    assert [row.proceeding for row in page.context["rows"]] == [uploaded]
    assert signed_in.get("/recordings/?state=ready").context["rows"] == []
    assert len(signed_in.get(f"/recordings/?matter={matter.id}").context["rows"]) == 1
    assert len(signed_in.get("/recordings/?matter=nonsense&state=<script>&page=x").context["rows"]) == 1


def test_polling_gets_the_table_only_and_is_passive(signed_in, uploaded):
    part = signed_in.get("/recordings/", headers={"HX-Request": "true", "X-Passive": "1"}).content.decode()
    assert "<html" not in part
    assert "Day one" in part


def test_cancel_and_transcribe_again(signed_in, uploaded):
    assert signed_in.post(f"/recordings/{uploaded.id}/cancel").status_code == 302
    page = signed_in.get(f"/recordings/{uploaded.id}/").content.decode()
    assert "The transcription was cancelled." in page
    assert "English (as before)" in page
    unknown = signed_in.post(f"/recordings/{uploaded.id}/again", {"language": "xx"})
    assert (unknown.status_code, "This language is not offered." in unknown.content.decode()) == (400, True)
    again = {"provider": "engine", "speakers": "4", "language": "es"}
    assert signed_in.post(f"/recordings/{uploaded.id}/again", again).status_code == 302
    uploaded.refresh_from_db()
    assert (uploaded.speakers_expected, uploaded.language) == (4, "es")
    assert Job.objects.filter(proceeding=uploaded).count() == 2
    assert signed_in.post(f"/recordings/{uploaded.id}/again").status_code == 409


def test_a_failure_says_what_happened_and_what_to_do(signed_in, uploaded):
    from transcription import jobs

    jobs.fail(proceedings.latest_job(uploaded), "provider_down", {})
    page = signed_in.get(f"/recordings/{uploaded.id}/").content.decode()
    assert "The speech service does not answer." in page
    assert "The recording is kept in the vault." in page
    assert "Transcribe again" in page
