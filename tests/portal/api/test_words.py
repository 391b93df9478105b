"""Programs read and change what the second pass is told of a matter: parties, what is always hidden, what is always shown."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import DEFAULT_SCOPES, Role, Scope
from transcription import rechecking
from transcription.models import Job, Transcript
from vault import matters
from vault.models import IdempotentAnswer, Matter

pytestmark = pytest.mark.django_db
BOTH = (Scope.VAULT_READ, Scope.VAULT_CHANGE)
SAID = {
    "language_code": "en",
    "utterances": [{"speaker": "A", "start": 0, "end": 900, "text": "They kept it in the warehouse."}],
}


@pytest.fixture
def path(matter: Matter) -> str:
    return f"/v1/vaults/{matter.vault_id}/words"


@pytest.fixture
def listed(matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor]) -> Matter:
    """The attorney hid one entry and shows another: version 2."""
    matters.set_lists(actor=actor_for(attorney), by=attorney, matter=matter, hide=["Bluefin"], show=["Bishop"])
    return matter


def events(kind: str) -> Any:
    return AuditEvent.objects.filter(type=kind)


def test_who_may_change_the_words_reads_them(listed: Matter, attorney: Member, program: Any, path: str) -> None:
    answer = program(attorney, *BOTH).get(path)
    assert answer.status_code == 200
    assert answer.json() == {
        "vaultId": str(listed.vault_id),
        "title": "Whitfield v. Harbor Logistics",
        "parties": [{"name": "Marta Whitfield", "role": "plaintiff"}],
        "always_hide": ["Bluefin"],
        "always_show": ["Bishop"],
        "lists": {"always_hide": 1, "always_show": 1},
        "version": 2,
        "rechecking": {"running": False, "total": 0, "checked": 0, "held": 0},
    }
    event = events("vault:matter:read").get()
    assert (event.actor_kind, event.matter_id, event.facts) == ("key", listed.id, {})


def test_others_inside_the_wall_read_how_many_are_hidden_and_not_what(
    listed: Matter, firm: Organization, attorney: Member, paralegal: Member, make_member: Any, actor_for: Any, program: Any,
    path: str,
) -> None:  # fmt: skip
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=listed, member=delegate)
    # One whose scope does not reach so far, though its member may; and one whose member may not.
    for key in (program(attorney, Scope.VAULT_READ), program(attorney), program(delegate, *BOTH)):
        answer = key.get(path)
        assert answer.status_code == 200
        assert (answer.json()["always_hide"], answer.json()["lists"]["always_hide"]) == (None, 1)
        assert answer.json()["always_show"] == ["Bishop"]
        assert "Bluefin" not in answer.content.decode()


def test_no_key_changes_words_unless_it_was_made_for_that(listed: Matter, attorney: Member, program: Any, path: str) -> None:
    assert Scope.VAULT_CHANGE not in DEFAULT_SCOPES
    answer = program(attorney).send("PUT", path, {"version": 2, "always_hide": []})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert program(attorney, Scope.VAULT_CHANGE).get(path).status_code == 403
    assert Matter.objects.get().lists["hide"] == ["Bluefin"]


def test_what_is_left_out_stays_and_what_is_given_replaces(listed: Matter, attorney: Member, program: Any, path: str) -> None:
    key = program(attorney, *BOTH)
    said = key.send("PUT", path, {"version": 2, "always_hide": ["Bluefin", "Cold Harbor"]}).json()
    assert (said["always_hide"], said["always_show"], said["version"]) == (["Bluefin", "Cold Harbor"], ["Bishop"], 3)
    assert (said["title"], said["parties"][0]["name"]) == ("Whitfield v. Harbor Logistics", "Marta Whitfield")
    assert not events("vault:matter:changed").exists()
    said = key.send("PUT", path, {"version": 3, "parties": [{"name": " Ann Doe "}], "always_show": []}).json()
    assert (said["parties"], said["always_show"], said["version"]) == ([{"name": "Ann Doe", "role": ""}], [], 5)
    assert said["title"] == "Whitfield v. Harbor Logistics"
    said = key.send("PUT", path, {"version": 5, "title": "Doe v. Harbor"}).json()
    assert (said["title"], said["version"], said["parties"][0]["name"]) == ("Doe v. Harbor", 5, "Ann Doe")
    assert [e.facts for e in events("vault:matter:changed").order_by("at")] == [{"parties": 1}, {"parties": 1}]
    assert [e.facts for e in events("vault:matter:lists_changed").order_by("at")][1:] == [
        {"hidden": 2, "shown": 1}, {"hidden": 2, "shown": 0},
    ]  # fmt: skip
    assert "Cold" not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_what_was_read_can_be_sent_back(listed: Matter, attorney: Member, program: Any, path: str) -> None:
    """null for what may not be read means: as it is. So a round trip changes nothing, for whichever key."""
    key = program(attorney, *BOTH)
    before = program(attorney).get(path).json()
    assert before["always_hide"] is None
    for read in (before, key.get(path).json()):
        answer = key.send("PUT", path, read)
        assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert Matter.objects.get().lists["hide"] == ["Bluefin"]


def test_nobodys_change_is_lost(listed: Matter, attorney: Member, program: Any, path: str) -> None:
    answer = program(attorney, *BOTH).send("PUT", path, {"version": 1, "always_hide": ["Other"]})
    said = answer.json()
    assert (answer.status_code, said["code"], said["facts"]) == (409, "changed_meanwhile", {"version": 2})
    assert "Look at what stands there now" in said["detail"]
    assert answer["x-should-retry"] == "false"
    assert Matter.objects.get().lists["hide"] == ["Bluefin"]


@pytest.mark.parametrize(
    "change",
    [
        {}, {"version": 0}, {"version": "x"}, {"version": 1, "title": " "}, {"version": 1, "title": "x" * 301},
        {"version": 1, "parties": ["Ann"]}, {"version": 1, "parties": [{"role": "witness"}]},
        {"version": 1, "parties": [{"name": "x" * 201}]}, {"version": 1, "parties": [{"name": "x"}] * 201},
        {"version": 1, "always_hide": ["x"]}, {"version": 1, "always_hide": ["fine", "--"]},
        {"version": 1, "always_hide": "Bluefin"},
        {"version": 1, "always_show": [f"w{n}" for n in range(201)]},
        {"version": 1, "parties": [{"name": "Ann"}], "always_hide": ["Bluefin"], "always_show": ["bluefin"]},
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_nothing_of_it_is_kept(
    matter: Matter, attorney: Member, program: Any, path: str, change: dict[str, Any]
) -> None:
    answer = program(attorney, *BOTH).send("PUT", path, change)
    assert answer.status_code == 400
    assert answer.json()["code"] in {"invalid_fields", "invalid_request"}
    kept = Matter.objects.get()
    assert (kept.lists, kept.words_version) == (None, 1)
    assert kept.parties == [{"name": "Marta Whitfield", "role": "plaintiff"}]


def test_an_error_names_the_entry_and_does_not_repeat_it(matter: Matter, attorney: Member, program: Any, path: str) -> None:
    answer = program(attorney, *BOTH).send("PUT", path, {"version": 1, "always_hide": ["fine", "…~~~…"]})
    assert "Line 2 of what is always hidden" in answer.json()["detail"]
    assert "~~~" not in answer.content.decode()


def test_a_program_shows_and_uncovers_no_more_than_its_member_may(
    listed: Matter, paralegal: Member, program: Any, path: str
) -> None:
    """The paralegal made the matter: may hide more, and not show, nor take off what the attorney hid."""
    key = program(paralegal, *BOTH)
    assert key.send("PUT", path, {"version": 2, "always_hide": ["Bluefin", "Cold Harbor"]}).status_code == 200
    for change in ({"always_show": ["Bishop", "Marta Whitfield"]}, {"always_hide": []}):
        answer = key.send("PUT", path, {"version": 3, **change})
        assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    assert events("portal:access:refused").filter(actor_kind="key").count() == 2
    kept = Matter.objects.get().lists
    assert (kept["hide"], kept["show"]) == (["Bluefin", "Cold Harbor"], ["Bishop"])


def test_inside_without_the_right_nothing_is_changed(
    listed: Matter, firm: Organization, paralegal: Member, make_member: Any, actor_for: Any, program: Any, path: str
) -> None:
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=listed, member=delegate)
    answer = program(delegate, *BOTH).send("PUT", path, {"version": 2, "title": "Mine"})
    assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    assert events("portal:access:refused").count() == 1
    assert Matter.objects.get().title == "Whitfield v. Harbor Logistics"


def test_outside_the_wall_and_next_door_there_is_nothing(
    listed: Matter, firm: Organization, clinician: Member, make_member: Any, program: Any, path: str
) -> None:
    for outsider in (clinician, make_member(firm, Role.ATTORNEY), make_member(firm, Role.PRIVACY_OFFICER)):
        key = program(outsider, *BOTH)
        for address in (path, f"/v1/vaults/{uuid4()}/words"):
            for answer in (key.get(address), key.send("PUT", address, {"version": 2, "always_hide": ["x y"]})):
                assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert Matter.objects.get().lists["hide"] == ["Bluefin"]


def test_the_answer_says_how_far_the_transcripts_are_checked_again(
    matter: Matter, attorney: Member, paralegal: Member, make_transcript: Any, program: Any, path: str
) -> None:
    made = [make_transcript(matter, paralegal, SAID, title=f"Day {n}") for n in range(3)]
    job = Job.objects.create(
        proceeding=made[0].proceeding, provider="engine", state="completed", requested_by=attorney, finished_at=timezone.now()
    )
    Transcript.objects.filter(pk=made[0].pk).update(job=job)
    key = program(attorney, *BOTH, Scope.RENDITION_READ)
    assert "warehouse" in key.get(f"/voice/transcription/{job.id}").json()["text"]
    said = key.send("PUT", path, {"version": 1, "always_hide": ["warehouse"]}).json()
    assert said["rechecking"] == {"running": True, "total": 3, "checked": 0, "held": 0}
    assert key.get(f"/voice/transcription/{job.id}").json()["status_detail"] == "hiding"
    rechecking.work(seconds=0)
    assert key.get(path).json()["rechecking"] == {"running": True, "total": 3, "checked": 1, "held": 0}
    rechecking.work()
    assert key.get(path).json()["rechecking"] == {"running": False, "total": 0, "checked": 0, "held": 0}
    assert "warehouse" not in key.get(f"/voice/transcription/{job.id}").json()["text"]


def test_a_repeated_request_has_its_answer_from_under_the_matters_keys(
    matter: Matter, attorney: Member, program: Any, path: str
) -> None:
    key = program(attorney, *BOTH)
    change = {"version": 1, "always_hide": ["Bluefin"]}
    first = key.send("PUT", path, change, Idempotency_Key="k")
    again = key.send("PUT", path, change, Idempotency_Key="k")
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert events("vault:matter:lists_changed").count() == 1
    assert b"Bluefin" not in bytes(IdempotentAnswer.objects.get().answer_sealed)
