"""Programs read what waits for people: in order, behind the walls of the key's member, and nothing of what is said."""

import base64
import struct
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role, Scope
from tests.deposition import CANARIES
from tests.transcription.reading.doubtful import doubtful
from transcription import second_pass
from transcription.models import DoubtCount, Rendition, Transcript
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def has(matter: Matter, paralegal: Member, actor_for: Any) -> Callable[..., Transcript]:
    return lambda changes, **shape: doubtful(matter, paralegal, actor_for, changes, **shape)


@pytest.fixture
def four(has: Any) -> list[Transcript]:
    """In the order in which they wait: held, held audio with no doubt, two with doubts."""
    held, audio, high, low = has({}), has({}), has({"name": {}}), has({"address": {"score": 0.9}})
    second_pass.hold(held, "pass_failed")
    now = timezone.now()
    Rendition.objects.filter(transcript=audio).update(
        audio_state="held", audio_held_reason="audio_beside", audio_checked_at=now
    )
    return [held, audio, high, low]


def ids(answer: Any) -> list[str]:
    return [row["transcriptId"] for row in answer.json()["transcripts"]]


def test_what_waits_is_listed_by_risk_with_counts_codes_and_times(
    four: list[Transcript], matter: Matter, attorney: Member, program: Any
) -> None:
    answer = program(attorney, Scope.RENDITION_READ).get("/v1/review")
    assert answer.status_code == 200
    assert ids(answer) == [str(each.pk) for each in four]
    held, audio, high, low = answer.json()["transcripts"]
    for each in four:
        each.refresh_from_db()
    since = four[0].held_since
    assert since is not None
    assert held == {
        "transcriptId": str(four[0].pk), "transcriptionId": None, "vaultId": str(matter.vault_id),
        "matter": {"id": str(matter.id), "number": matter.short, "kind": "legal", "dataClass": "privileged"},
        "state": "held", "since": since.isoformat(),
        "held": {"reason": "pass_failed", "message": held["held"]["message"], "since": since.isoformat()},
        "audio_held": [], "counts": None, "risk": None, "url": held["url"],
    }  # fmt: skip
    assert held["url"].endswith(f"/transcripts/{four[0].pk}/")
    assert (audio["state"], audio["held"], audio["risk"]) == ("ready", None, 0)
    assert [hold["reason"] for hold in audio["audio_held"]] == ["audio_beside"]
    assert audio["since"] == audio["audio_held"][0]["since"]
    assert (low["counts"]["unsure"], low["counts"]["provider_only"], low["audio_held"]) == (1, 0, [])
    assert high["risk"] > low["risk"] == pytest.approx(0.2)
    assert low["since"] == DoubtCount.objects.get(transcript=four[3]).since.isoformat()
    assert (answer.json()["total"], answer.json()["pagination"]["has_more"]) == (4, False)


def test_nothing_of_what_is_said_or_typed_is_in_it(four: list[Transcript], attorney: Member, program: Any) -> None:
    said = program(attorney, Scope.RENDITION_READ).get("/v1/review").content.decode()
    for secret in (*CANARIES, "Whitfield", "Harbor", "Deposition", attorney.name):
        assert secret not in said
    event = AuditEvent.objects.get(type="transcription:review:listed")
    assert (event.actor_kind, event.facts) == ("key", {"transcripts": 4})


def test_the_list_goes_on_by_its_cursor_without_gaps_or_repeats(
    four: list[Transcript], has: Any, attorney: Member, program: Any
) -> None:
    """Two of equal risk, and two of equal risk and time, stand where a page ends."""
    more = [has({"address": {"score": 0.9}}) for _ in range(3)]
    at = timezone.now() - timedelta(hours=1)
    DoubtCount.objects.filter(transcript__in=more[:2]).update(since=at)
    DoubtCount.objects.filter(transcript__in=[more[2], four[3]]).update(since=at + timedelta(microseconds=1))
    key = program(attorney, Scope.RENDITION_READ)
    whole = ids(key.get("/v1/review"))
    assert len(whole) == 7
    assert set(whole[3:5]) == {str(more[0].pk), str(more[1].pk)}
    for limit in (1, 2, 3):
        found, cursor = [], ""
        while True:
            answer = key.get(f"/v1/review?limit={limit}{'&cursor=' + cursor if cursor else ''}")
            assert len(ids(answer)) <= limit
            found += ids(answer)
            cursor = answer.json()["pagination"]["next_cursor"]
            if cursor is None:
                break
        assert found == whole


def _forged(rank: int, risk: float, since: int) -> str:
    return base64.urlsafe_b64encode(struct.pack(">Bdq16s", rank, risk, since, b"x" * 16)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=201", "limit=x", "cursor=x", "cursor=%00", "cursor=" + "A" * 32,
        "cursor=" + _forged(0, float("nan"), 0), "cursor=" + _forged(0, float("inf"), 0), "cursor=" + _forged(0, 1.0, 2**62),
    ],
)  # fmt: skip
def test_a_page_that_does_not_exist_is_refused(attorney: Member, program: Any, query: str) -> None:
    answer = program(attorney, Scope.RENDITION_READ).get(f"/v1/review?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_page")


def test_walls_neighbours_and_what_was_superseded_or_destroyed(
    four: list[Transcript], firm: Organization, clinician: Member, paralegal: Member, matter: Matter, make_member: Any,
    actor_for: Any, program: Any,
) -> None:  # fmt: skip
    for outsider in (clinician, make_member(firm, Role.ATTORNEY), make_member(firm, Role.PRIVACY_OFFICER)):
        assert ids(program(outsider, Scope.RENDITION_READ).get("/v1/review")) == []
    key = program(paralegal, Scope.RENDITION_READ)
    assert len(ids(key.get("/v1/review"))) == 4
    cursor = key.get("/v1/review?limit=1").json()["pagination"]["next_cursor"]
    assert ids(program(clinician, Scope.RENDITION_READ).get(f"/v1/review?cursor={cursor}")) == []
    Transcript.objects.filter(pk=four[2].pk).update(superseded_at=timezone.now())
    Rendition.objects.filter(transcript=four[1]).update(state="stale")
    assert ids(key.get("/v1/review")) == [str(four[0].pk), str(four[3].pk)]
    matters.remove_from_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=paralegal)
    assert ids(key.get("/v1/review")) == []


def test_it_takes_the_scope_of_renditions_and_changes_nothing(
    four: list[Transcript], attorney: Member, program: Any, nobody: Any
) -> None:
    assert nobody.get("/v1/review").status_code == 401
    answer = program(attorney, Scope.VAULT_READ).get("/v1/review")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    key = program(attorney, Scope.RENDITION_READ)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert key.send(method, "/v1/review", {}).status_code == 405


def test_who_lost_the_right_to_review_reads_nothing(
    four: list[Transcript], attorney: Member, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.accounts import rights

    key = program(attorney, Scope.RENDITION_READ)
    monkeypatch.setitem(rights.TABLE, (rights.Action.REVIEW, rights.Kind.TRANSCRIPT), frozenset({Role.PRIVACY_OFFICER}))
    answer = key.get("/v1/review")
    assert (answer.status_code, answer.json()["code"]) == (403, "refused")
    assert AuditEvent.objects.filter(type="portal:access:refused").exists()


def test_its_cost_does_not_grow_with_what_waits(
    four: list[Transcript], has: Any, attorney: Member, program: Any, django_assert_max_num_queries: Any
) -> None:
    key = program(attorney, Scope.RENDITION_READ)
    key.get("/v1/review")
    with django_assert_max_num_queries(60) as few:
        key.get("/v1/review")
    for _ in range(3):
        has({"name": {}})
    with django_assert_max_num_queries(len(few)):
        assert len(ids(key.get("/v1/review"))) == 7
