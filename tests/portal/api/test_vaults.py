"""Vaults by API: making, listing by cursor, erasing; answers that are given once."""

import threading

import pytest
from django.db import connections
from django.utils import timezone

from compliance.models import AuditEvent
from transcription import rechecking
from transcription.models import Job, Transcript
from vault import idempotency
from vault.errors import KeyDestroyed
from vault.models import Erasure, IdempotentAnswer, LegalHold, Matter, StoredObject


def test_metadata_says_kind_region_class_policy_and_parties(attorney, program):
    metadata = {
        "kind": "clinical",
        "region": "local",
        "data_class": "health",
        "policy": "everything",
        "parties": ["Ann Doe", {"name": "Roe", "role": "witness"}],
        "containsPHI": True,
    }
    made = program(attorney).post("/vault", {"name": "Doe", "metadata": metadata}).json()
    matter = Matter.objects.get(vault_id=made["id"])
    assert (matter.kind, matter.data_class) == ("clinical", "health")
    assert [party["name"] for party in matter.parties] == ["Ann Doe", "Roe"]
    assert matter.metadata["policy"] == "everything"
    assert made["metadata"] == metadata


def test_a_list_is_continued_by_its_cursor_without_gaps_or_repeats(attorney, program):
    key = program(attorney)
    made = [key.post("/vault", {"name": f"Matter {n}"}).json()["id"] for n in range(5)]
    found, cursor = [], ""
    while True:
        answer = key.get(f"/vault?limit=2{'&cursor=' + cursor if cursor else ''}").json()
        assert len(answer["vaults"]) <= 2
        found += [vault["id"] for vault in answer["vaults"]]
        cursor = answer["pagination"]["next_cursor"]
        assert answer["pagination"]["has_more"] == (cursor is not None)
        if cursor is None:
            break
    assert found == made[::-1]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=9999999", "cursor=x", "cursor=%00", "cursor=f" + "_" * 31]
)
def test_a_page_that_does_not_exist_is_refused(attorney, program, query):
    answer = program(attorney).get(f"/vault?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page")


def test_anothers_cursor_shows_nothing_that_is_not_the_callers(attorney, clinician, program):
    key = program(attorney)
    for name in ("a", "b"):
        key.post("/vault", {"name": name})
    cursor = key.get("/vault?limit=1").json()["pagination"]["next_cursor"]
    assert program(clinician).get(f"/vault?cursor={cursor}").json()["vaults"] == []


def test_deleting_destroys_the_key_and_leaves_a_certificate(attorney, matter, program):
    key = program(attorney)
    answer = key.delete(f"/vault/{matter.vault_id}")
    assert answer.status_code == 202
    erasure = answer.json()["erasure"]
    assert erasure["state"] == "done"
    assert erasure["certificate"]["method"] == "key_destroyed"
    row = Matter.objects.select_related("vault").get(pk=matter.pk)
    with pytest.raises(KeyDestroyed):
        _ = row.title
    assert key.get(f"/v1/erasures/{erasure['id']}").json()["erasure"]["certificate"] == erasure["certificate"]
    assert key.delete(f"/vault/{matter.vault_id}").status_code == 404
    assert program(attorney).get(f"/v1/erasures/{erasure['id']}").status_code == 404  # another key's
    types = set(AuditEvent.objects.values_list("type", flat=True))
    assert {"vault:matter:erasure_requested", "vault:matter:erased"} <= types


def test_under_a_legal_hold_nothing_is_erased(attorney, matter, program):
    LegalHold.objects.create(matter=matter, placed_by=attorney)
    answer = program(attorney).delete(f"/vault/{matter.vault_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "on_hold")
    assert answer["x-should-retry"] == "false"
    matter.refresh_from_db()
    assert matter.erased_at is None
    assert matter.title
    assert not Erasure.objects.exists()
    assert AuditEvent.objects.filter(type="vault:matter:erasure_refused", outcome="refused").exists()


def test_an_idempotency_key_gives_the_same_answer_once_per_key_and_route(attorney, matter, program):
    key, other = program(attorney), program(attorney)
    path, body = f"/vault/{matter.vault_id}/upload", {"filename": "Whitfield.wav", "contentType": "audio/wav"}
    first = key.post(path, body, Idempotency_Key="k1")
    again = key.post(path, body, Idempotency_Key="k1")
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert StoredObject.objects.count() == 1
    changed = key.post(path, body | {"filename": "b.wav"}, Idempotency_Key="k1")
    assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")
    assert other.post(path, body, Idempotency_Key="k1").json() != first.json()
    assert key.post(path, body, Idempotency_Key="").status_code == 400
    row = IdempotentAnswer.objects.first()
    assert b"uploadUrl" not in bytes(row.answer_sealed)
    assert "k1" not in repr(IdempotentAnswer.objects.values().first())


def test_a_failed_request_may_be_repeated_with_the_same_key(attorney, matter, program):
    key, path = program(attorney), f"/vault/{matter.vault_id}/upload"
    assert key.post(path, {"filename": "a"}, Idempotency_Key="k").status_code == 400
    assert key.post(path, {"filename": "a", "contentType": "audio/wav"}, Idempotency_Key="k").status_code == 200


def test_while_the_first_request_runs_the_second_is_told_so(attorney, make_key, transactional_db):
    key = make_key(attorney).row
    terms = {"api_key_id": key.id, "route": "POST /x", "key": "k", "body_sha256": b"1"}
    claim = idempotency.claim(**terms)
    with pytest.raises(idempotency.StillRunning):
        idempotency.claim(**terms)
    claim.release()
    won, lost = [], []

    def race() -> None:
        try:
            won.append(idempotency.claim(**terms))
        except idempotency.StillRunning:
            lost.append(1)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 5)


def test_a_matter_is_made_with_what_is_always_hidden_and_shown(attorney, paralegal, program):
    lists = {"always_hide": ["Project Bluefin", "project  bluefin"], "always_show": ["Bishop"]}
    made = program(attorney).post("/vault", {"name": "Doe", **lists}).json()
    matter = Matter.objects.get(vault_id=made["id"])
    assert (matter.lists["hide"], matter.lists["show"]) == (["Project Bluefin"], ["Bishop"])
    # How many, and not what: a program's answers are kept in places of which nobody here knows.
    assert made["lists"] == {"always_hide": 1, "always_show": 1}
    assert "Bluefin" not in str(made)
    assert program(attorney).post("/vault", {"name": "Roe"}).json()["lists"] == {"always_hide": 0, "always_show": 0}


@pytest.mark.parametrize(
    "lists",
    [
        {"always_hide": ["x"]}, {"always_hide": ["--"]}, {"always_hide": "Bluefin"}, {"always_hide": [7, None]},
        {"always_hide": ["y" * 81]}, {"always_show": [f"w{n}" for n in range(201)]},
        {"always_hide": ["Bluefin"], "always_show": ["bluefin"]},
    ],
)  # fmt: skip
def test_lists_that_cannot_be_used_make_no_matter(attorney, program, lists):
    assert program(attorney).post("/vault", {"name": "Doe", **lists}).status_code == 400
    assert not Matter.objects.exists()


def test_a_program_shows_no_more_than_its_member_may(paralegal, program):
    key = program(paralegal)
    assert key.post("/vault", {"name": "Doe", "always_hide": ["Bluefin"]}).status_code == 201
    assert key.post("/vault", {"name": "Roe", "always_show": ["Bishop"]}).status_code == 403
    assert AuditEvent.objects.filter(type="portal:access:refused", outcome="refused").exists()
    assert Matter.objects.count() == 1


def test_a_transcript_that_is_checked_again_is_processing_until_then(
    attorney, paralegal, matter, program, make_transcript, actor_for
):
    said = {"language_code": "en", "utterances": [{"speaker": "A", "start": 0, "end": 900, "text": "In the warehouse."}]}
    made = make_transcript(matter, paralegal, said)
    job = Job.objects.create(
        proceeding=made.proceeding, provider="engine", state="completed", requested_by=attorney, finished_at=timezone.now()
    )
    Transcript.objects.filter(pk=made.pk).update(job=job)
    key = program(attorney)
    assert "warehouse" in key.get(f"/voice/transcription/{job.id}").json()["text"]
    rechecking.describe(actor=actor_for(attorney), by=attorney, matter=matter, title="T", parties=[], hide=["warehouse"])
    answer = key.get(f"/voice/transcription/{job.id}").json()
    assert (answer["status"], answer["status_detail"], answer.get("text")) == ("processing", "hiding", None)
    rechecking.work()
    assert "warehouse" not in key.get(f"/voice/transcription/{job.id}").json()["text"]
