"""Held transcripts that are checked again: they end ready or held, whoever asks twice, whatever is killed in between."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.policies import PolicyUnresolved
from compliance.redaction import DetectionFailed, Detections
from portal.accounts.models import Member
from portal.accounts.rights import Role
from portal.errors import BadInput, Refused, Unavailable
from tests.deposition import known_findings, make
from transcription import (
    checking_again,
    deciding,
    holding,
    jobs,
    reading,
    renditions,
    reveals,
    revisions,
    second_pass,
    sweeper,
)
from transcription.models import DetectionSet, Job, Proceeding, Rendition, Reveal, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db


def facts(type_: str) -> list[dict[str, Any]]:
    return [event.facts for event in AuditEvent.objects.filter(type=type_).order_by("at")]


def unread(transcript: Transcript, reason: str = "pass_failed") -> Transcript:
    """As a transcript is whose first pass failed."""
    transcript.detection_sets.all().delete()
    Rendition.objects.filter(transcript=transcript).delete()
    second_pass.hold(transcript, reason)
    return Transcript.objects.get(pk=transcript.pk)


@pytest.fixture
def held(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return unread(make(matter, paralegal, actor_for, with_sound=False))


@pytest.fixture
def ask(held: Transcript, actor_for: Callable[[Member], Actor]) -> Callable[..., bool]:
    def act(member: Member, **how: Any) -> bool:
        return checking_again.ask(actor_for(member), member, reading.find(member, held.id), **how)

    return act


@pytest.fixture
def seen(held: Transcript, actor_for: Callable[[Member], Actor]) -> Callable[[Member], reading.View]:
    return lambda member: reading.open_view(actor_for(member), member, held.id)


class Pass:
    """The pass as these tests want it: what it does, and how often it was asked."""

    def __init__(self, found: Detections) -> None:
        self.found = found
        self.error: BaseException | None = None
        self.calls = 0

    def __call__(self, *_: Any) -> Detections:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.found


@pytest.fixture
def passes(held: Transcript, monkeypatch: pytest.MonkeyPatch) -> Pass:
    made = Pass(known_findings(held))
    monkeypatch.setattr(second_pass, "detect_in_time", made)
    return made


def states(transcript: Transcript) -> tuple[str, str]:
    row = Transcript.objects.select_related("proceeding").get(pk=transcript.pk)
    return row.state, row.proceeding.state


def make_due() -> None:
    Transcript.objects.filter(again_due_at__isnull=False).update(again_due_at=timezone.now() - timedelta(seconds=1))


def test_after_the_cause_is_mended_it_is_ready_and_what_was_hidden_by_hand_stays_hidden(
    held: Transcript, ask: Any, seen: Any, passes: Pass, paralegal: Member, attorney: Member
) -> None:
    holding.open_for_checking(seen(attorney), purpose="quality")
    holding.hide(seen(attorney), 0, [0], type_="private", reason="privileged")
    reveals.end(seen(attorney))
    Reveal.objects.update(ended_at=timezone.now())
    assert ask(paralegal) is True
    assert states(held) == ("hiding", "hiding")
    with pytest.raises(reading.StillHiding):
        seen(paralegal).shown()
    assert list(holding.held(paralegal)) == []
    assert [row.id for row in checking_again.under_way(paralegal)] == [held.id]
    assert checking_again.work() == 1
    assert states(held) == ("ready", "ready")
    assert reading.line(seen(paralegal), 1)["text"] == "My name is [NAME 1]."
    assert "[PRIVATE 1]" in reading.line(seen(paralegal), 0)["text"]
    assert facts("transcription:transcript:held_check_asked") == [{"reason": "pass_failed", "closed": 0}]
    assert facts("transcription:transcript:released") == [{"way": "checked_again"}]
    assert checking_again.work() == 0
    assert not checking_again.under_way(paralegal).exists()


def test_the_real_pass_reads_it_in_the_sweepers_round(held: Transcript, ask: Any, seen: Any, paralegal: Member) -> None:
    ask(paralegal)
    sweeper.sweep([part for part in sweeper.parts() if part.name == "held_again"])
    assert states(held) == ("ready", "ready")
    assert "Parker" not in reading.line(seen(paralegal), 1)["text"]


def test_what_fails_again_is_held_again_with_its_reason_and_has_waited_since_the_first_time(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member
) -> None:
    since = timezone.now() - timedelta(days=4)
    Transcript.objects.filter(pk=held.pk).update(held_since=since)
    passes.error = DetectionFailed("time_limit", "slow")
    ask(paralegal)
    checking_again.work()
    row = Transcript.objects.get(pk=held.pk)
    assert states(held) == ("held", "held")
    assert (row.held_reason, row.held_since, row.again_due_at, row.again_tries) == ("pass_time_limit", since, None, 0)
    assert [fact["reason"] for fact in facts("transcription:transcript:held")] == ["pass_failed", "pass_time_limit"]
    assert checking_again.work() == 0
    passes.error = None
    assert ask(paralegal) is True
    checking_again.work()
    assert states(held) == ("ready", "ready")


def test_asked_twice_or_by_two_it_is_checked_once(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    # Both pages were opened while it was held.
    stale = reading.find(attorney, held.id)
    assert ask(paralegal) is True
    assert ask(paralegal) is False
    assert checking_again.ask(actor_for(attorney), attorney, stale) is False
    checking_again.work()
    assert passes.calls == 1
    assert ask(paralegal) is False
    assert len(facts("transcription:transcript:held_check_asked")) == 1


def test_who_may_not_review_may_not_ask_and_is_recorded(
    held: Transcript, auditor: Member, actor_for: Callable[[Member], Actor]
) -> None:
    with pytest.raises(Refused):
        checking_again.ask(actor_for(auditor), auditor, held)
    with pytest.raises(Refused):
        checking_again.ask_all(actor_for(auditor), auditor, "pass_failed")
    assert AuditEvent.objects.filter(outcome="refused").count() == 2
    assert states(held) == ("held", "held")


def test_a_text_that_somebody_has_open_is_left_to_them_unless_it_is_said_otherwise(
    held: Transcript, ask: Any, seen: Any, passes: Pass, paralegal: Member, attorney: Member
) -> None:
    holding.open_for_checking(seen(attorney), purpose="quality")
    assert [reveal.member for reveal in checking_again.opened_by(held)] == [attorney]
    with pytest.raises(checking_again.OpenByHand):
        ask(paralegal)
    assert states(held) == ("held", "held")
    assert ask(paralegal, anyway=True) is True
    assert facts("transcription:transcript:held_check_asked") == [{"reason": "pass_failed", "closed": 1}]
    with pytest.raises(holding.NotHeld):
        holding.lines(seen(attorney), 0)
    checking_again.work()
    # What they opened was the unchecked text; nothing of the checked one is revealed by it.
    assert seen(attorney).reveals == []


def test_ones_own_open_page_closes_without_asking(held: Transcript, ask: Any, seen: Any, attorney: Member) -> None:
    holding.open_for_checking(seen(attorney), purpose="quality")
    assert ask(attorney) is True
    assert not Reveal.objects.filter(ended_at=None).exists()


def test_what_a_person_answered_for_without_releasing_it_is_not_taken_for_the_pass(
    held: Transcript, ask: Any, seen: Any, passes: Pass, attorney: Member
) -> None:
    second_pass.keep_by_hand(held)
    assert DetectionSet.objects.get().recogniser == second_pass.BY_HAND
    passes.error = DetectionFailed("recogniser_failed", "broken")
    ask(attorney)
    checking_again.work()
    assert states(held) == ("held", "held")
    assert passes.calls == 1
    passes.error = None
    ask(attorney)
    checking_again.work()
    assert DetectionSet.objects.get().recogniser != second_pass.BY_HAND
    assert reading.line(seen(attorney), 1)["text"] == "My name is [NAME 1]."


def test_a_release_that_comes_while_it_is_checked_again_releases_nothing(
    held: Transcript, ask: Any, seen: Any, passes: Pass, paralegal: Member, attorney: Member
) -> None:
    holding.open_for_checking(seen(attorney), purpose="quality")
    late = seen(attorney)
    whole = holding.require_open

    def asked_in_between(view: reading.View) -> Reveal:
        reveal = whole(view)
        ask(paralegal, anyway=True)
        return reveal

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holding, "require_open", asked_in_between)
        with pytest.raises(holding.NotHeld):
            holding.release(late, read_all=True)
    assert not DetectionSet.objects.exists()
    passes.error = DetectionFailed("recogniser_failed", "broken")
    checking_again.work()
    assert states(held) == ("held", "held")


def test_a_pass_that_kills_its_worker_is_begun_so_many_times_and_held(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member
) -> None:
    ask(paralegal)
    passes.error = KeyboardInterrupt()
    for _ in range(len(checking_again.WAITS)):
        make_due()
        with pytest.raises(KeyboardInterrupt):
            checking_again.work()
        assert states(held) == ("hiding", "hiding")
        # Not at once again: whoever is there next waits.
        assert checking_again.work() == 0
    make_due()
    checking_again.work()
    assert passes.calls == len(checking_again.WAITS)
    assert states(held) == ("held", "held")


def test_killed_between_the_pass_and_its_end_it_goes_on_from_there(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(paralegal)
    with monkeypatch.context() as patch:
        patch.setattr(renditions, "first", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            checking_again.work()
    assert states(held) == ("ready", "hiding")
    make_due()
    checking_again.work()
    assert states(held) == ("ready", "ready")
    assert passes.calls == 1
    assert facts("transcription:transcript:released") == [{"way": "checked_again"}]


def test_a_key_store_that_is_down_is_waited_for(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, caplog: pytest.LogCaptureFixture
) -> None:
    ask(paralegal)
    passes.error = Unavailable("Robert Daniel Parker")
    checking_again.work()
    assert states(held) == ("hiding", "hiding")
    assert "Unavailable" in caplog.text
    assert "Parker" not in caplog.text
    passes.error = None
    make_due()
    checking_again.work()
    assert states(held) == ("ready", "ready")


def test_a_policy_that_cannot_be_resolved_holds_it_until_it_can(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unresolved(*_: Any) -> None:
        raise PolicyUnresolved

    ask(paralegal)
    with monkeypatch.context() as patch:
        patch.setattr(renditions, "first", unresolved)
        checking_again.work()
    assert states(held) == ("held", "held")
    assert Transcript.objects.get(pk=held.pk).held_reason == "policy_unresolved"
    ask(paralegal)
    checking_again.work()
    assert states(held) == ("ready", "ready")


def test_a_held_correction_is_checked_again_by_this_and_by_nothing_else(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(matter, paralegal, actor_for, with_sound=False)
    actor = actor_for(attorney)
    revisions.correct_line(reading.open_view(actor, attorney, made.id), 0, "Please say your name, Ms. Quistgaard.")
    passes = Pass(known_findings(made))
    passes.error = DetectionFailed("recogniser_failed", "broken")
    monkeypatch.setattr(second_pass, "detect_in_time", passes)
    sweeper.read_corrected()
    assert states(made) == ("held", "held")
    passes.error = None
    assert checking_again.ask(actor, attorney, reading.find(attorney, made.id)) is True
    assert sweeper.read_corrected() == 0
    checking_again.work()
    assert states(made) == ("ready", "ready")
    assert reading.open_view(actor, attorney, made.id).shown().version == 2


def test_what_checking_again_cannot_mend_is_not_checked_again(
    held: Transcript, ask: Any, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    Transcript.objects.update(held_reason="keys_destroyed")
    with pytest.raises(checking_again.NotHelpedByChecking):
        ask(paralegal)
    with pytest.raises(BadInput):
        checking_again.ask_all(actor_for(paralegal), paralegal, "keys_destroyed")
    assert states(held) == ("held", "held")


def _job(transcript: Transcript, member: Member, state: str) -> Job:
    return Job.objects.create(
        proceeding=transcript.proceeding, provider="engine", requested_by=member, state=state,
        due_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip


def test_what_is_being_transcribed_again_is_not_checked_again_as_well(
    held: Transcript, ask: Any, paralegal: Member
) -> None:
    _job(held, paralegal, Job.State.TRANSCRIBING)
    with pytest.raises(jobs.StillRunning):
        ask(paralegal)
    assert states(held) == ("held", "held")


def test_a_new_transcription_that_is_cancelled_leaves_it_being_checked(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    ask(paralegal)
    _job(held, paralegal, Job.State.TRANSCRIBING)
    jobs.cancel(actor=actor_for(paralegal), member=paralegal, proceeding=held.proceeding)
    assert states(held) == ("hiding", "hiding")
    checking_again.work()
    assert states(held) == ("ready", "ready")


def test_the_end_says_nothing_while_a_new_transcription_runs(
    held: Transcript, ask: Any, passes: Pass, paralegal: Member, actor_for: Callable[[Member], Actor]
) -> None:
    ask(paralegal)
    _job(held, paralegal, Job.State.TRANSCRIBING)
    Proceeding.objects.update(state=Proceeding.State.TRANSCRIBING)
    checking_again.work()
    assert states(held) == ("ready", "transcribing")
    jobs.cancel(actor=actor_for(paralegal), member=paralegal, proceeding=held.proceeding)
    assert states(held) == ("ready", "ready")


def test_what_was_destroyed_meanwhile_is_not_read_any_more(
    held: Transcript, ask: Any, passes: Pass, attorney: Member, actor_for: Callable[[Member], Actor]
) -> None:
    ask(attorney)
    holding.destroy(actor_for(attorney), attorney, reading.find(attorney, held.id))
    assert checking_again.work() == 0
    assert passes.calls == 0


def test_all_of_one_reason_behind_ones_walls_and_nothing_else(
    held: Transcript, matter: Matter, paralegal: Member, attorney: Member, make_member: Callable[..., Member],
    actor_for: Callable[[Member], Actor], passes: Pass,
) -> None:  # fmt: skip
    more = [unread(make(matter, paralegal, actor_for, with_sound=False, title=f"Day {n}")) for n in range(3)]
    other = unread(make(matter, paralegal, actor_for, with_sound=False), "pass_not_set_up")
    transcribed, opened = more[:2]
    _job(transcribed, paralegal, Job.State.TRANSCRIBING)
    holding.open_for_checking(reading.open_view(actor_for(attorney), attorney, opened.id), purpose="quality")
    stranger = make_member(paralegal.organization, Role.PARALEGAL)
    assert checking_again.ask_all(actor_for(stranger), stranger, "pass_failed").begun == 0

    asked = checking_again.ask_all(actor_for(paralegal), paralegal, "pass_failed")
    assert (asked.begun, asked.open_by_hand, asked.transcribing, asked.left) == (2, 1, 1, 0)
    assert states(other) == ("held", "held")
    assert states(opened) == ("held", "held")
    assert checking_again.work() == 2
    assert states(held) == states(more[2]) == ("ready", "ready")
    again = checking_again.ask_all(actor_for(paralegal), paralegal, "pass_failed")
    assert again.begun == 0
    assert len(facts("transcription:transcript:held_check_asked")) == 2
    with pytest.raises(BadInput):
        checking_again.ask_all(actor_for(paralegal), paralegal, "")


def test_more_than_one_request_asks_for_are_left_and_said(
    held: Transcript, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    unread(make(matter, paralegal, actor_for, with_sound=False))
    monkeypatch.setattr(checking_again, "AT_ONCE", 1)
    first = checking_again.ask_all(actor_for(paralegal), paralegal, "pass_failed")
    assert (first.begun, first.left) == (1, 1)
    second = checking_again.ask_all(actor_for(paralegal), paralegal, "pass_failed")
    assert (second.begun, second.left) == (1, 0)


def test_a_decision_of_before_the_hold_holds_on(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make(matter, paralegal, actor_for, with_sound=False)
    view = reading.open_view(actor_for(attorney), attorney, made.id)
    deciding.not_private(view, 1, 0, reason="official")
    found = known_findings(made)
    unread(made)
    monkeypatch.setattr(second_pass, "detect_in_time", Pass(found))
    checking_again.ask(actor_for(attorney), attorney, reading.find(attorney, made.id))
    checking_again.work()
    text = reading.line(reading.open_view(actor_for(attorney), attorney, made.id), 1)["text"]
    assert text == "My name is Robert Daniel Parker."
