"""Lines in another language, or taken for it: in the queue, read as English, read by a person and shown, or left hidden."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import policies
from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import DetectionFailed
from portal.accounts.models import Member
from portal.errors import BadInput, NotFound, Refused
from tests.deposition import make
from transcription import (
    deciding,
    doubts,
    holding,
    rechecking,
    recounting,
    renditions,
    reveals,
    review_queue,
    revisions,
    second_pass,
    sweeper,
    unchecked,
)
from transcription.ground import ChangedMeanwhile, Ground
from transcription.models import DetectionSet, DoubtCount, Transcript
from transcription.reading import View, open_view
from vault.models import Matter

pytestmark = pytest.mark.django_db

HIDDEN = "[NOT CHECKED: Spanish]"
NAMED, SPANISH, DROVE = 1, 2, 4
SPOKEN = "mi abuela dijo zarzamora en la cocina con Lupita"
TURNS = [
    ("A", "Please state your full name for the record.", "en"),
    # The speech service is wrong about this one and the last.
    ("B", "My name is Rosalind Vega and I drove the truck.", "es"),
    ("B", SPOKEN, "es"),
    ("A", "Thank you. And where did you stop?", "en"),
    ("B", "I stopped before the wall.", "es"),
]


def said(turns: list[tuple[str, str, str]]) -> dict[str, Any]:
    utterances = []
    for number, (speaker, text, language) in enumerate(turns):
        start, words = 10_000 * number + 1000, text.split()
        timed = [
            {"text": word, "start": start + 500 * n, "end": start + 500 * n + 450, "confidence": 0.95}
            for n, word in enumerate(words)
        ]
        utterances.append(
            {"speaker": speaker, "start": start, "end": start + 500 * len(words), "text": text, "words": timed,
             "language_code": language}
        )  # fmt: skip
    return {"status": "completed", "language_code": "en", "audio_duration": 60, "utterances": utterances}


@pytest.fixture
def interpreted(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for, said=said(TURNS), known=False, with_sound=False)


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], View]:
    return lambda member, transcript: open_view(actor_for(member), member, transcript.id)


def lines(transcript: Transcript) -> list[str]:
    row = renditions.ensure(Transcript.objects.get(pk=transcript.pk), policies.preset_row("identifiers"))
    return [line["text"] for line in renditions.utterances(row)]


def silent(transcript: Transcript, n: int, place: int = 0) -> bool:
    """Whether the middle of a word of a line is silent."""
    at = 10_000 * n + 1000 + 500 * place + 225
    rendered, _ = renditions.view(Transcript.objects.get(pk=transcript.pk), policies.preset_row("identifiers"))
    return any(start <= at <= end for start, end in rendered.silences)


def open_(view: View, n: int) -> View:
    reveals.begin(view, purpose="litigation", scope="span", n=n, ordinal=0)
    return view


def count(transcript: Transcript) -> int:
    row = DoubtCount.objects.get(transcript=transcript)
    before = DoubtCount.objects.values().get(transcript=transcript)
    assert recounting.recount(Transcript.objects.get(pk=transcript.pk))
    assert before == DoubtCount.objects.values().get(transcript=transcript)
    return row.not_checked


def decisions() -> list[tuple[str, int]]:
    rows = AuditEvent.objects.filter(type="transcription:review:decided").order_by("at", "pk")
    return [(row.facts["decision"], row.facts["spans"]) for row in rows]


def test_they_wait_in_the_queue_as_a_kind_of_their_own(
    interpreted: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    assert count(interpreted) == 3
    rows = review_queue.waiting(attorney)
    assert review_queue.counts(rows)["not_checked"] == 1
    [row] = review_queue.listed(list(review_queue.with_facts(review_queue.of_kind(rows, "not_checked"))))
    assert row.counts == [("not checked: another language", 3)]
    assert row.risk == pytest.approx(3 * 0.2)
    # Who may not show them can leave them hidden: they wait for both.
    assert review_queue.number(paralegal) == 1
    found = doubts.queue(seen(paralegal, interpreted))
    assert [(d.line, d.ordinal, d.label, d.whole_line, d.readable, d.level) for d in found] == [
        (n, 0, HIDDEN, True, False, "low") for n in (NAMED, SPANISH, DROVE)
    ]
    assert doubts.count(seen(paralegal, interpreted)) == 3


def test_english_is_checked_like_any_line_and_heard_but_for_what_is_private(
    interpreted: Transcript, attorney: Member, seen: Any
) -> None:
    assert silent(interpreted, NAMED)
    view = seen(attorney, interpreted)
    assert [unchecked.look(view, NAMED).labelled, unchecked.look(view, NAMED).others] == [True, 1]
    act = unchecked.english(view, NAMED)
    # Not before the pass has read it.
    assert lines(interpreted)[NAMED] == HIDDEN
    assert unchecked.look(seen(attorney, interpreted), NAMED).waits
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    shown = lines(interpreted)
    assert shown[NAMED] == "My name is [NAME 1] and I drove the truck."
    assert (shown[SPANISH], shown[DROVE]) == (HIDDEN, HIDDEN)
    assert [silent(interpreted, NAMED, place) for place in (0, 3, 8)] == [False, True, False]
    assert (count(interpreted), decisions()) == (2, [("english", 1)])
    with pytest.raises(NotFound):
        unchecked.look(seen(attorney, interpreted), NAMED)
    undone = deciding.undo(seen(attorney, interpreted), act.number)
    # At once, without another reading; and so is the way back.
    assert (lines(interpreted)[NAMED], silent(interpreted, NAMED), count(interpreted)) == (HIDDEN, True, 3)
    deciding.undo(seen(attorney, interpreted), undone.number)
    assert lines(interpreted)[NAMED] == "My name is [NAME 1] and I drove the truck."


def test_the_lines_that_only_the_service_calls_spanish_are_checked_together(
    interpreted: Transcript, attorney: Member, seen: Any
) -> None:
    unchecked.english(seen(attorney, interpreted), DROVE, everywhere=True)
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    shown = lines(interpreted)
    # By its words it is Spanish, too: it stays.
    assert shown[SPANISH] == HIDDEN
    assert (shown[NAMED], shown[DROVE]) == ("My name is [NAME 1] and I drove the truck.", "I stopped before the wall.")
    assert decisions() == [("english", 2)]


def test_a_line_that_is_read_is_shown_with_what_its_reader_hid(
    interpreted: Transcript, attorney: Member, paralegal: Member, seen: Any
) -> None:
    with pytest.raises(unchecked.NotOpened):
        unchecked.release(seen(attorney, interpreted), SPANISH)
    with pytest.raises(unchecked.NotOpened):
        unchecked.hide(seen(attorney, interpreted), SPANISH, [8], type_="name", reason="missed")
    assert unchecked.look(seen(attorney, interpreted), SPANISH).words is None
    open_(seen(attorney, interpreted), SPANISH)
    found = unchecked.look(seen(attorney, interpreted), SPANISH)
    assert " ".join(word["text"] for word in found.words or []) == SPOKEN
    events = AuditEvent.objects
    assert [e.facts["scope"] for e in events.filter(type="transcription:transcript:revealed")] == ["span"]
    [shown] = events.filter(type="transcription:transcript:span_shown")
    assert (shown.facts["type"], shown.facts["turn"]) == ("not_checked", SPANISH)
    # Another line was not opened with it.
    assert unchecked.look(seen(attorney, interpreted), NAMED).words is None
    with pytest.raises(BadInput):
        unchecked.hide(seen(attorney, interpreted), SPANISH, [9], type_="name", reason="missed")
    with pytest.raises(BadInput):
        unchecked.hide(seen(attorney, interpreted), SPANISH, [8], type_="colour", reason="missed")
    unchecked.hide(seen(attorney, interpreted), SPANISH, [8], type_="name", reason="missed")
    assert lines(interpreted)[SPANISH] == HIDDEN
    again = unchecked.look(seen(attorney, interpreted), SPANISH)
    assert [word["text"] for word in again.words or [] if word["hidden"]] == ["Lupita"]
    act = unchecked.release(seen(attorney, interpreted), SPANISH)
    assert lines(interpreted)[SPANISH] == "mi abuela dijo zarzamora en la cocina con [NAME 1]"
    assert [silent(interpreted, SPANISH, place) for place in (0, 8)] == [False, True]
    assert (count(interpreted), decisions()) == (2, [("hide", 1), ("release", 1)])
    # Hiding it again is for whoever reviews.
    deciding.undo(seen(paralegal, interpreted), act.number)
    assert (lines(interpreted)[SPANISH], silent(interpreted, SPANISH)) == (HIDDEN, True)


def test_left_hidden_leaves_the_queue_and_can_be_asked_again(
    interpreted: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    acts = [unchecked.leave(seen(paralegal, interpreted), n) for n in (NAMED, SPANISH, DROVE)]
    assert (count(interpreted), review_queue.number(attorney), doubts.queue(seen(attorney, interpreted))) == (0, 0, [])
    assert lines(interpreted)[SPANISH] == HIDDEN
    assert unchecked.look(seen(attorney, interpreted), SPANISH).left
    # Somebody who may can still show it.
    open_(seen(attorney, interpreted), SPANISH)
    unchecked.release(seen(attorney, interpreted), SPANISH)
    assert lines(interpreted)[SPANISH] == SPOKEN
    deciding.undo(seen(paralegal, interpreted), acts[0].number)
    assert count(interpreted) == 1


def test_showing_is_for_those_who_may_reveal_and_refusals_are_recorded(
    interpreted: Transcript, paralegal: Member, seen: Any
) -> None:
    view = seen(paralegal, interpreted)
    for act in (unchecked.english, unchecked.release):
        with pytest.raises(Refused):
            act(view, NAMED)
    with pytest.raises(Refused):
        unchecked.hide(view, NAMED, [3], type_="name", reason="missed")
    found = unchecked.look(view, NAMED)
    assert (found.words, found.others) == (None, 0)
    assert AuditEvent.objects.filter(type="portal:access:refused").count() == 3
    assert decisions() == []


def test_a_line_that_is_not_hidden_whole_is_not_found(interpreted: Transcript, attorney: Member, seen: Any) -> None:
    for n in (0, 99):
        for act in (unchecked.look, unchecked.english, unchecked.release, unchecked.leave):
            with pytest.raises(NotFound):
                act(seen(attorney, interpreted), n)


def test_decisions_hold_over_a_correction_elsewhere_and_over_new_lists(
    interpreted: Transcript, paralegal: Member, attorney: Member, actor_for: Any, matter: Matter, seen: Any
) -> None:
    open_(seen(attorney, interpreted), SPANISH)
    unchecked.release(seen(attorney, interpreted), SPANISH)
    unchecked.english(seen(attorney, interpreted), NAMED)
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    unchecked.leave(seen(attorney, interpreted), DROVE)
    assert revisions.correct_line(seen(attorney, interpreted), 0, "Please state your name for the record.") is not None
    corrected = Transcript.objects.get(pk=interpreted.pk)
    assert second_pass.run(corrected) is not None
    assert corrected.version == 2
    expected = ["My name is [NAME 1] and I drove the truck.", SPOKEN]
    assert lines(interpreted)[1:3] == expected
    assert count(interpreted) == 0
    rechecking.describe(
        actor=actor_for(paralegal), by=paralegal, matter=matter, title=str(matter.title), parties=[], hide=["zarzamora"]
    )
    while rechecking.unsettled().exists():
        rechecking.work()
    # What is on the list now is hidden in it, though no pass can read the line.
    assert lines(interpreted)[1] == expected[0]
    assert "zarzamora" not in lines(interpreted)[2]
    assert lines(interpreted)[2].startswith("mi abuela dijo [NAME ")
    assert count(interpreted) == 0


def test_a_correction_of_a_released_line_asks_again(interpreted: Transcript, attorney: Member, seen: Any) -> None:
    open_(seen(attorney, interpreted), SPANISH)
    unchecked.release(seen(attorney, interpreted), SPANISH)
    assert revisions.correct_line(seen(attorney, interpreted), SPANISH, SPOKEN.replace("Lupita", "Fernanda")) is not None
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    assert (lines(interpreted)[SPANISH], count(interpreted)) == (HIDDEN, 3)


def test_what_nobody_read_yet_is_read_by_the_worker_and_only_once(
    interpreted: Transcript, attorney: Member, seen: Any
) -> None:
    assert second_pass.corrected_due() == []
    unchecked.english(seen(attorney, interpreted), NAMED)
    # A view that was made in between does not stand in the way of the one after.
    assert lines(interpreted)[NAMED] == HIDDEN
    assert (second_pass.waits_for_english(interpreted), sweeper.read_corrected()) == (True, 1)
    assert lines(interpreted)[NAMED] == "My name is [NAME 1] and I drove the truck."
    assert (second_pass.waits_for_english(interpreted), sweeper.read_corrected()) == (False, 0)


def test_a_worker_that_knows_less_does_not_bring_its_findings_back(
    interpreted: Transcript, attorney: Member, seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began before the second line was called English, and comes back after another one that knew."""
    unchecked.english(seen(attorney, interpreted), DROVE)
    reads = second_pass.detect_in_time

    def late(dialogue: Any, *rest: Any) -> Any:
        found = reads(dialogue, *rest)
        monkeypatch.setattr(second_pass, "detect_in_time", reads)
        unchecked.english(seen(attorney, interpreted), NAMED)
        assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
        return found

    monkeypatch.setattr(second_pass, "detect_in_time", late)
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    assert DetectionSet.objects.get(transcript=interpreted).told == 2
    shown = lines(interpreted)
    assert (shown[NAMED], shown[DROVE]) == ("My name is [NAME 1] and I drove the truck.", "I stopped before the wall.")


def test_who_decides_while_it_is_read_is_counted(
    interpreted: Transcript, attorney: Member, seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    unchecked.english(seen(attorney, interpreted), NAMED)
    weigh = second_pass.weighing.weight

    def meanwhile(*given: Any) -> Any:
        made = weigh(*given)
        monkeypatch.setattr(second_pass.weighing, "weight", weigh)
        unchecked.leave(seen(attorney, interpreted), SPANISH)
        return made

    monkeypatch.setattr(second_pass.weighing, "weight", meanwhile)
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    assert count(interpreted) == 1


def test_a_decision_on_findings_that_were_replaced_meanwhile_is_refused(
    interpreted: Transcript, attorney: Member, seen: Any
) -> None:
    view = seen(attorney, interpreted)
    before = Ground.of(view)
    assert before.found.hidden_turns
    unchecked.english(view, NAMED)
    assert second_pass.run(Transcript.objects.get(pk=interpreted.pk)) is not None
    with pytest.raises(ChangedMeanwhile):
        deciding.decided(view, before, "leave", "right", [{"words": [1], "reads": ["x"]}], "")


def test_what_a_person_checked_since_the_pass_could_not_is_not_given_to_the_pass(
    interpreted: Transcript, attorney: Member, seen: Any
) -> None:
    row = DetectionSet.objects.get(transcript=interpreted)
    row.transcript = interpreted
    row.detections = row.detections | {"recognisers": [second_pass.BY_HAND]}
    row.save()
    with pytest.raises(unchecked.CheckedByHand):
        unchecked.english(seen(attorney, interpreted), NAMED)
    assert decisions() == []


def test_a_reading_that_fails_holds_the_text_and_who_lets_it_out_by_hand_is_not_asked_again(
    interpreted: Transcript, attorney: Member, seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise DetectionFailed("recogniser_failed", "A recogniser failed.")

    unchecked.english(seen(attorney, interpreted), NAMED)
    monkeypatch.setattr(second_pass, "detect_in_time", broken)
    assert sweeper.read_corrected() == 1
    assert Transcript.objects.get(pk=interpreted.pk).state == Transcript.State.HELD
    holding.open_for_checking(seen(attorney, interpreted), purpose="quality")
    holding.release(seen(attorney, interpreted), read_all=True)
    assert sweeper.read_corrected() == 0
    assert Transcript.objects.get(pk=interpreted.pk).state == Transcript.State.READY
    # Nobody has read that line for its details: it waits for a person now.
    assert (lines(interpreted)[NAMED], count(interpreted)) == (HIDDEN, 3)


def test_most_of_a_transcript_that_nobody_can_read_is_said(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, seen: Any
) -> None:
    mostly = make(matter, paralegal, actor_for, said=said(TURNS[:3]), known=False, with_sound=False)
    found = unchecked.unread(seen(paralegal, mostly))
    assert found == unchecked.Unread(round(100 * 19 / 27), "Spanish", attorney.name)
    unchecked.leave(seen(paralegal, mostly), NAMED)
    # Left hidden is unread all the same.
    assert unchecked.unread(seen(paralegal, mostly)) == found
    open_(seen(attorney, mostly), SPANISH)
    unchecked.release(seen(attorney, mostly), SPANISH)
    assert unchecked.unread(seen(paralegal, mostly)) is None


def test_half_is_not_most(interpreted: Transcript, paralegal: Member, seen: Any) -> None:
    Transcript.objects.filter(pk=interpreted.pk).update(words=2 * DoubtCount.objects.get(transcript=interpreted).unread)
    assert unchecked.unread(seen(paralegal, interpreted)) is None
