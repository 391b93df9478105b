"""What was checked before is checked again: shown as before until the new findings stand, and nothing is closed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import DetectionFailed
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import Refused, Unavailable
from tests.deposition import make
from tests.transcription.killing import Shell
from tests.transcription.spoken import one_sentence
from transcription import (
    audio,
    deciding,
    ground,
    holding,
    patterns,
    playback,
    reading,
    rechecking,
    recounting,
    renditions,
    rereading,
    revisions,
    second_pass,
    speakers,
    sweeper,
)
from transcription.ground import Ground
from transcription.models import DetectionSet, DoubtCount, Proceeding, Rendition, Transcript
from transcription.patterns import Typed
from vault import grants, matters
from vault.errors import GrantRefused
from vault.models import Matter

pytestmark = pytest.mark.django_db
SPOKEN = "My name is Ingrid Solberg and the bluefin crate lay in the warehouse by the Harbor."
PROJECT = Typed("Projects", "expression", "bluefin", (), ("the bluefin crate",))


def said(text: str = SPOKEN) -> dict[str, Any]:
    return one_sentence(text, 6000)


@pytest.fixture
def officer(firm: Organization, make_member: Callable[..., Member]) -> Member:
    return make_member(firm, Role.PRIVACY_OFFICER)


@pytest.fixture
def one(make_transcript: Callable[..., Transcript], matter: Matter, paralegal: Member) -> Transcript:
    return make_transcript(matter, paralegal, said())


@pytest.fixture
def seen(attorney: Member, actor_for: Callable[[Member], Actor]) -> Callable[[Transcript], reading.View]:
    return lambda transcript: reading.open_view(actor_for(attorney), attorney, transcript.id)


@pytest.fixture
def read(seen: Callable[[Transcript], reading.View]) -> Callable[[Transcript], str]:
    return lambda transcript: " / ".join(item["text"] for item in renditions.utterances(seen(transcript).shown()))


@pytest.fixture
def project(officer: Member, actor_for: Callable[[Member], Actor]) -> Callable[[], Any]:
    """Adds a pattern that finds the crate."""
    return lambda: patterns.save(actor=actor_for(officer), by=officer, typed=PROJECT)


@pytest.fixture
def ask(officer: Member, actor_for: Callable[[Member], Actor]) -> Callable[[], int]:
    return lambda: rereading.everywhere(actor=actor_for(officer), by=officer)


def facts(act: str) -> list[dict[str, Any]]:
    return [event.facts for event in AuditEvent.objects.filter(type=f"transcription:transcript:{act}").order_by("at")]


def progress(firm: Organization) -> rereading.Progress | None:
    return rereading.progress(rereading.in_organization(firm.id))


def let_time_pass() -> None:
    Transcript.objects.exclude(recheck_tried_at=None).update(recheck_tried_at=timezone.now() - timedelta(hours=1))


# --- what is found anew ------------------------------------------------------------------------------------------------------
def test_a_new_pattern_hides_in_what_was_checked_before_and_until_then_everything_is_shown_as_it_was(
    one: Transcript, firm: Organization, read: Callable[..., str], project: Callable[..., Any], ask: Callable[[], int]
) -> None:
    before = read(one)
    assert "bluefin" in before
    project()
    assert ask() == 1
    assert read(one) == before
    assert progress(firm) == rereading.Progress(1, 1, 0)
    sweeper.sweep([part for part in sweeper.parts() if part.name == "again"])
    assert "bluefin" not in read(one)
    assert progress(firm) is None
    rows = Rendition.objects.order_by("edition")
    # The view of it was made with it: nobody waits.
    assert [(row.state, row.edition) for row in rows] == [("stale", 1), ("ready", 2)]
    assert facts("recheck_asked") == [{"cause": "organization", "transcripts": 1}]
    [done] = facts("rechecked")
    assert (done["changed"], done["version"], done["found"]) == (True, 1, done["before"] + 1)


def test_a_retired_pattern_hides_no_more_once_it_was_checked_again(
    one: Transcript, officer: Member, actor_for: Callable[[Member], Actor], read: Callable[..., str],
    project: Callable[..., Any], ask: Callable[[], int],
) -> None:  # fmt: skip
    row = project()
    ask()
    rereading.work()
    patterns.set_retired(actor=actor_for(officer), by=officer, pattern_id=row.id, expected=1, retired=True)
    assert "bluefin" not in read(one)
    ask()
    rereading.work()
    assert "bluefin" in read(one)


def test_what_is_found_the_same_leaves_everything_as_it_is_but_the_name_of_who_found_it(
    one: Transcript, read: Callable[..., str], ask: Callable[[], int]
) -> None:
    DetectionSet.objects.update(recogniser="older 1.0 000000000000")
    shown, sealed = Rendition.objects.get(), bytes(DetectionSet.objects.get().detections_sealed)
    assert rereading.older(Transcript.objects.all()).count() == 1
    ask()
    assert rereading.work() == 1
    row = DetectionSet.objects.get()
    assert row.recogniser.endswith(f" {second_pass.present()}")
    assert (bytes(row.detections_sealed), row.rereads, Transcript.objects.get().rereads) == (sealed, 0, 0)
    assert not rereading.older(Transcript.objects.all()).exists()
    again = Rendition.objects.get()
    assert (again.pk, again.state, again.edition) == (shown.pk, "ready", 1)
    assert [each["changed"] for each in facts("rechecked")] == [False]


@pytest.mark.parametrize("what", ["entity", "marks", "unsure", "type", "end"])
def test_any_difference_that_people_see_or_judge_by_is_one(one: Transcript, what: str) -> None:
    row = DetectionSet.objects.get()
    row.transcript = one
    found = second_pass.Detections.from_dict(row.detections)
    assert rereading.same(found, second_pass.Detections.from_dict(row.detections))
    first = found.to_dict()["items"][0]
    other = {"entity": 9, "marks": ["minor"], "unsure": not first["unsure"], "type": "address", "end": first["end"] - 1}[what]
    changed = found.to_dict()
    changed["items"][0] |= {what: other}
    assert not rereading.same(found, second_pass.Detections.from_dict(changed))
    assert rereading.same(found, second_pass.Detections.from_dict(found.to_dict() | {"model": "x", "recognisers": []}))


def test_hidden_turns_and_silent_words_are_compared_too(one: Transcript) -> None:
    nothing = second_pass.Detections().to_dict()
    hidden = nothing | {"hidden_turns": [{"turn": 0, "reason": "language", "language": "es"}]}
    quiet = nothing | {"quiet": [{"turn": 0, "words": [1], "types": ["ssn"], "reason": "x"}]}
    for other in (hidden, quiet):
        assert not rereading.same(second_pass.Detections.from_dict(nothing), second_pass.Detections.from_dict(other))


# --- voices ------------------------------------------------------------------------------------------------------------------
def test_a_voice_that_is_given_a_name_has_it_hidden_throughout_and_given_back_it_can_be_read_again(
    one: Transcript, read: Callable[..., str], seen: Callable[..., reading.View]
) -> None:
    assert "Harbor" in read(one)
    speakers.rename(seen(one), "A", name="Dana Harbor", role="witness")
    assert facts("recheck_asked") == [{"cause": "speaker", "transcripts": 1}]
    assert "Harbor" in read(one)
    rereading.work()
    assert "Harbor" not in read(one)
    speakers.rename(seen(one), "A", name="", role="")
    rereading.work()
    assert "Harbor" in read(one)


def test_a_role_alone_or_a_name_that_the_check_was_told_already_is_no_reason_to_check_again(
    one: Transcript, seen: Callable[..., reading.View]
) -> None:
    speakers.rename(seen(one), "A", name="Marta Whitfield", role="")
    speakers.rename(seen(one), "A", name="Marta Whitfield", role="witness")
    assert Transcript.objects.get().recheck_since is None
    assert facts("recheck_asked") == []


# --- what people did meanwhile -----------------------------------------------------------------------------------------------
def test_decisions_of_people_hold_on_and_what_is_open_to_doubt_is_counted_anew(
    one: Transcript, read: Callable[..., str], seen: Callable[..., reading.View], project: Callable[..., Any],
    ask: Callable[[], int],
) -> None:  # fmt: skip
    deciding.not_private(seen(one), 0, 0, reason="public")
    deciding.hide(seen(one), 0, [12], type_="private", reason="sensitive")
    assert "Ingrid" in read(one)
    assert "warehouse" not in read(one)
    project()
    ask()
    rereading.work()
    text = read(one)
    assert "Ingrid" in text
    assert "warehouse" not in text
    assert "bluefin" not in text
    # Just what counting them from the beginning gives.
    kept = DoubtCount.objects.values().get()
    assert recounting.recount(one)
    assert DoubtCount.objects.values().get() == kept


def test_a_decision_made_while_it_is_read_is_in_what_comes_of_it(
    one: Transcript, read: Callable[..., str], seen: Callable[..., reading.View], project: Callable[..., Any],
    ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real = second_pass.detect_in_time

    def slow(*given: Any) -> Any:
        found = real(*given)
        deciding.not_private(seen(one), 0, 0, reason="public")
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", slow)
    project()
    ask()
    assert rereading.work() == 1
    assert "Ingrid" in read(one)
    assert "bluefin" not in read(one)


def test_a_correction_made_while_it_is_read_is_read_for_itself(
    one: Transcript, firm: Organization, read: Callable[..., str], seen: Callable[..., reading.View],
    project: Callable[..., Any], ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real, left, before = second_pass.detect_in_time, [1], read(one)

    def slow(*given: Any) -> Any:
        found = real(*given)
        if left:
            left.clear()
            revisions.correct_line(seen(one), 0, before.replace("lay", "was"))
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", slow)
    project()
    ask()
    assert rereading.work() == 0
    assert DetectionSet.objects.get().rereads == 0
    sweeper.read_corrected()
    rereading.work()
    assert "bluefin" not in read(one)
    assert " was " in read(one)
    assert progress(firm) is None


def test_asked_once_more_while_it_is_read_it_is_read_once_more(
    one: Transcript, firm: Organization, project: Callable[..., Any], ask: Callable[[], int], read: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real, left = second_pass.detect_in_time, [1]

    def slow(*given: Any) -> Any:
        found = real(*given)
        if left:
            left.clear()
            project()
            ask()
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", slow)
    ask()
    rereading.work()
    assert "bluefin" not in read(one)
    assert len(facts("rechecked")) == 2
    assert progress(firm) is None


def test_parties_that_change_meanwhile_close_it_and_it_is_not_opened_by_what_was_found_before(
    one: Transcript, matter: Matter, attorney: Member, actor_for: Callable[[Member], Actor], read: Callable[..., str],
    project: Callable[..., Any], ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    real, left = second_pass.detect_in_time, [1]

    def slow(*given: Any) -> Any:
        found = real(*given)
        if left:
            left.clear()
            fresh, parties = Matter.objects.get(pk=matter.pk), [{"name": "Al Harbor"}]
            rechecking.describe(actor=actor_for(attorney), by=attorney, matter=fresh, title="T", parties=parties)
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", slow)
    project()
    ask()
    rereading.work()
    with pytest.raises(reading.StillHiding):
        read(one)
    rechecking.work()
    rereading.work()
    assert "Harbor" not in read(one)
    assert "bluefin" not in read(one)
    assert Transcript.objects.get().recheck_since is None


def test_a_decision_on_findings_that_were_replaced_meanwhile_is_refused_and_not_counted(
    one: Transcript, seen: Callable[..., reading.View], project: Callable[..., Any], ask: Callable[[], int]
) -> None:
    view = seen(one)
    here = Ground.of(view)
    assert here.found.items
    project()
    ask()
    rereading.work()
    before = DoubtCount.objects.values().get()
    with pytest.raises(ground.ChangedMeanwhile):
        deciding.keep(view, here, "accept", "right", {"spans": []}, 0)
    assert DoubtCount.objects.values().get() == before
    assert not view.transcript.review_acts.exists()


def test_a_late_worker_does_not_bring_older_findings_back(
    one: Transcript, read: Callable[..., str], project: Callable[..., Any], ask: Callable[[], int]
) -> None:
    late, row = second_pass.read(one), DetectionSet.objects.get()
    row.transcript = one
    before = second_pass.Detections.from_dict(row.detections)
    project()
    ask()
    rereading.work()
    assert not rereading._keep(one, row, before, late)
    assert "bluefin" not in read(one)


# --- sound -------------------------------------------------------------------------------------------------------------------
def test_links_to_the_sound_from_before_are_closed_when_the_new_findings_stand_and_not_earlier(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor],
    seen: Callable[..., reading.View], project: Callable[..., Any], ask: Callable[[], int],
) -> None:  # fmt: skip
    spoken = make(matter, paralegal, actor_for, said=said(), known=False)
    before = playback.silences(seen(spoken))
    [part] = playback.sound(seen(spoken))
    token = part.url.rpartition("/")[2]
    project()
    ask()
    assert grants.check(token, grants.Asked("GET"), actor_for(attorney))
    assert playback.sound(seen(spoken))
    rereading.work()
    with pytest.raises(GrantRefused):
        grants.check(token, grants.Asked("GET"), actor_for(attorney))
    assert playback.silences(seen(spoken)) != before
    for row in Rendition.objects.filter(state="ready"):
        audio.ensure(row)
    assert playback.sound(seen(spoken))


# --- failing -----------------------------------------------------------------------------------------------------------------
def fails(*_: Any, **__: Any) -> None:
    raise DetectionFailed("recogniser_failed", "broken")


def test_a_check_that_fails_leaves_what_was_found_in_force_and_is_tried_a_few_times_then_said(
    one: Transcript, firm: Organization, read: Callable[..., str], project: Callable[..., Any], ask: Callable[[], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = read(one)
    project()
    ask()
    with monkeypatch.context() as patch:
        patch.setattr(second_pass, "detect_in_time", fails)
        for _ in range(rereading.TRIES):
            assert progress(firm) == rereading.Progress(1, 1, 0)
            assert rereading.work() == 0
            assert not rereading.due().exists()
            let_time_pass()
        assert not rereading.due().exists()
    assert read(one) == before
    assert Transcript.objects.get().state == Transcript.State.READY
    assert progress(firm) == rereading.Progress(1, 0, 1)
    assert facts("recheck_failed") == [{"reason": "pass_failed", "tries": rereading.TRIES}]
    # Asked once more it begins anew.
    ask()
    assert rereading.work() == 1
    assert "bluefin" not in read(one)
    assert progress(firm) is None


def test_one_that_fails_holds_up_none_of_the_others(
    one: Transcript, firm: Organization, make_transcript: Callable[..., Transcript], matter: Matter, paralegal: Member,
    ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    others = [make_transcript(matter, paralegal, said(), title=f"Day {n}") for n in range(3)]
    real = second_pass.read

    def broken(transcript: Transcript) -> Any:
        if transcript.pk == one.pk:
            raise ValueError(SPOKEN)
        return real(transcript)

    monkeypatch.setattr(second_pass, "read", broken)
    assert ask() == 1 + len(others)
    assert rereading.work() == len(others)
    assert progress(firm) == rereading.Progress(4, 1, 0)


def test_a_key_store_that_is_down_uses_up_no_try(
    one: Transcript, firm: Organization, ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> None:
        raise Unavailable

    ask()
    with monkeypatch.context() as patch:
        patch.setattr(second_pass.patterns, "in_force", down)
        for _ in range(rereading.TRIES + 2):
            assert rereading.work() == 0
            let_time_pass()
    assert progress(firm) == rereading.Progress(1, 1, 0)
    assert rereading.work() == 1


def test_a_transcript_that_kills_every_worker_is_given_up_and_stays_as_it_is_shown(
    one: Transcript, firm: Organization, read: Callable[..., str], ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any) -> None:
        raise SystemExit

    before = read(one)
    ask()
    with monkeypatch.context() as patch:
        patch.setattr(second_pass, "read", dies)
        for _ in range(rereading.TRIES):
            with pytest.raises(SystemExit):
                rereading.work()
            let_time_pass()
    assert rereading.work() == 0
    assert progress(firm) == rereading.Progress(1, 0, 1)
    assert len(facts("recheck_failed")) == 1
    assert read(one) == before


def test_a_view_that_was_not_got_to_is_made_in_the_next_round(
    one: Transcript, project: Callable[..., Any], ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> None:
        raise SystemExit

    project()
    ask()
    with monkeypatch.context() as patch:
        patch.setattr(renditions, "ensure", dies)
        with pytest.raises(SystemExit):
            rereading.work()
    assert not Rendition.objects.filter(state="ready").exists()
    let_time_pass()
    assert rereading.work() == 1
    assert Rendition.objects.get(state="ready").edition == 2
    assert Transcript.objects.get().recheck_since is None


# --- who is read again, and who asks -----------------------------------------------------------------------------------------
def test_what_is_held_stays_held_and_is_not_touched(
    one: Transcript, firm: Organization, ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    second_pass.hold(one, "pass_failed")
    monkeypatch.setattr(second_pass, "read", fails)
    assert ask() == 0
    assert rereading.work() == 0
    assert progress(firm) is None
    assert Transcript.objects.get().state == Transcript.State.HELD


def test_what_a_person_released_by_hand_is_looked_through_for_patterns_and_names_alone(
    one: Transcript, seen: Callable[..., reading.View], read: Callable[..., str], project: Callable[..., Any],
    ask: Callable[[], int], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    DetectionSet.objects.all().delete()
    Rendition.objects.all().delete()
    second_pass.hold(one, "pass_failed")
    monkeypatch.setattr(second_pass, "detect_in_time", fails)
    project()
    holding.open_for_checking(seen(one), purpose="quality")
    holding.release(seen(one), read_all=True)
    assert "bluefin" not in read(one)
    assert "Ingrid" in read(one)
    assert DetectionSet.objects.get().recogniser == second_pass.BY_HAND
    speakers.rename(seen(one), "A", name="Dana Harbor")
    assert rereading.work() == 1
    text = read(one)
    assert "Harbor" not in text
    assert "Ingrid" in text
    assert not rereading.older(Transcript.objects.all()).exists()


def test_a_pattern_that_fails_does_not_hold_again_what_a_person_released(
    one: Transcript, seen: Callable[..., reading.View], read: Callable[..., str], project: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    row = project()
    row.content = row.content | {"look_for": "("}
    row.save()
    DetectionSet.objects.all().delete()
    second_pass.hold(one, "pattern_unreadable")
    holding.open_for_checking(seen(one), purpose="quality")
    holding.release(seen(one), read_all=True)
    assert "bluefin" in read(one)


def test_erased_and_superseded_transcripts_are_left_alone(
    one: Transcript, make_transcript: Callable[..., Transcript], matter: Matter, paralegal: Member, ask: Callable[[], int]
) -> None:
    gone = make_transcript(matter, paralegal, said(), title="Gone")
    Proceeding.objects.filter(pk=gone.proceeding_id).update(state=Proceeding.State.ERASED)
    Transcript.objects.filter(pk=one.pk).update(superseded_at=timezone.now())
    assert ask() == 0
    assert rereading.work() == 0
    assert facts("recheck_asked") == [{"cause": "organization", "transcripts": 0}]


def test_one_organization_asks_for_its_own_alone(
    one: Transcript, clinic: Organization, clinician: Member, make_transcript: Callable[..., Transcript],
    actor_for: Callable[[Member], Actor], ask: Callable[[], int],
) -> None:  # fmt: skip
    chart = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="Chart")
    theirs = make_transcript(chart, clinician, said())
    assert ask() == 1
    theirs.refresh_from_db()
    assert theirs.recheck_since is None
    assert rereading.progress(rereading.in_organization(clinic.id)) is None


def test_who_may_not_manage_policies_or_change_the_matter_is_refused_on_record(
    one: Transcript, matter: Matter, firm: Organization, make_member: Callable[..., Member], attorney: Member,
    paralegal: Member, actor_for: Callable[[Member], Actor],
) -> None:  # fmt: skip
    with pytest.raises(Refused):
        rereading.everywhere(actor=actor_for(attorney), by=attorney)
    delegate = make_member(firm, Role.DELEGATE)
    matters.add_to_wall(actor=actor_for(paralegal), by=paralegal, matter=matter, member=delegate)
    with pytest.raises(Refused):
        rereading.throughout(actor=actor_for(delegate), by=delegate, matter=matter)
    assert Transcript.objects.get().recheck_since is None
    assert AuditEvent.objects.filter(outcome="refused").count() == 2
    assert rereading.throughout(actor=actor_for(attorney), by=attorney, matter=matter) == 1


# --- the command -------------------------------------------------------------------------------------------------------------
def test_an_operator_has_what_an_earlier_version_read_checked_again(
    one: Transcript, firm: Organization, clinic: Organization, make_transcript: Callable[..., Transcript], matter: Matter,
    paralegal: Member, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    two = make_transcript(matter, paralegal, said(), title="Day two")
    DetectionSet.objects.filter(transcript=two).update(recogniser="older 1.0 000000000000")
    call_command("recheck", older=True)
    assert "1 transcripts are checked again by the worker, in 2 organizations." in capsys.readouterr().out
    one.refresh_from_db()
    assert one.recheck_since is None
    call_command("recheck", organization=firm.name, matter=matter.short)
    assert "2 transcripts" in capsys.readouterr().out
    assert sorted(each["transcripts"] for each in facts("recheck_asked")) == [0, 1, 2]


@pytest.mark.parametrize(
    ("options", "said_"),
    [
        ({"organization": "Nobody & Sons"}, "no organization of this name"),
        ({"matter": "L-0001"}, "give --organization"),
        ({"organization": "Hale & Ortiz LLP", "matter": "first"}, "like L-0004"),
        ({"organization": "Hale & Ortiz LLP", "matter": "99"}, "no matter of this number"),
    ],
)
def test_a_command_that_means_nothing_says_what_is_wrong(one: Transcript, options: dict[str, str], said_: str) -> None:
    with pytest.raises(CommandError, match=said_):
        call_command("recheck", **options)
    assert Transcript.objects.get().recheck_since is None


# --- killed in earnest -------------------------------------------------------------------------------------------------------
PREPARE = """
from compliance import policies
from compliance.audit import Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from transcription import ingest, patterns, renditions, rereading, second_pass
from transcription.models import Proceeding
from transcription.patterns import Typed
from vault import matters
firm = Organization.objects.create(name="Firm", kind="law", default_region="local")
roles = [Role.ATTORNEY, Role.PRIVACY_OFFICER]
member = Member.objects.create_member(firm, "a@test.example", "A", roles, "correct horse battery")
actor = Actor("member", member.id, member.name)
matter = matters.create(actor=actor, member=member, kind="legal", title="Case")
line = {"speaker": "A", "start": 0, "end": 900, "text": "They kept the bluefin crate in the warehouse."}
for n in range(5):
    proceeding = Proceeding.objects.create(matter=matter, kind="document", created_by=member)
    transcript = ingest.store_result(proceeding, {"language_code": "en", "utterances": [line] * 3}, actor=actor)
    assert second_pass.run(transcript) is not None
    renditions.ensure(transcript, policies.preset_row("identifiers"))
patterns.save(actor=actor, by=member, typed=Typed("Projects", "expression", "bluefin", (), ("the bluefin crate",)))
assert rereading.everywhere(actor=actor, by=member) == 5
"""
# Killed for good in the midst of one: before its new findings are kept, when they were and no view is there, at the end.
KILLED = """
import os, signal
from transcription import remaking, renditions, rereading
real, left = {module}.{place}, [{after}]
def dies(*given):
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*given)
{module}.{place} = dies
rereading.work(600)
"""
STATE = """
from portal.accounts.models import Organization
from transcription import renditions, rereading
from transcription.models import DetectionSet, Rendition, Transcript
# As if time had passed since the last try.
rereading.AGAIN = rereading.timedelta(0)
for made in Rendition.objects.filter(state="ready"):
    new = Transcript.objects.get(pk=made.transcript_id).rereads
    assert all(("bluefin" in line["text"]) == (not new) for line in renditions.utterances(made))
done = rereading.progress(rereading.in_organization(Organization.objects.get().id))
print(done.waiting if done else "done", DetectionSet.objects.filter(rereads=1).count(),
      Rendition.objects.filter(state="ready").count(), flush=True)
"""


@pytest.mark.timeout(600)
def test_a_worker_that_is_killed_again_and_again_goes_on_and_nothing_is_closed_meanwhile(shell: Shell) -> None:
    assert shell(PREPARE + STATE) == ["5", "0", "5"]
    shell(KILLED.format(module="rereading", place="_keep", after=1), killed=True)
    # One is done; the one that it died in is shown as before.
    state = shell(STATE + KILLED.format(module="renditions", place="ensure", after=0), killed=True)
    assert state == ["4", "1", "5"]
    # The new findings of that one stand, and its view is not there yet: whoever opens it gets it made.
    state = shell(STATE + KILLED.format(module="rereading", place="_close_links", after=2), killed=True)
    assert state == ["4", "2", "4"]
    assert shell(STATE + "rereading.work(600)" + STATE)[3:] == ["done", "5", "5"]
