"""Whoever may correct and not reveal shows nothing by a correction: what was hidden stays hidden until it is decided."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import Detection, Detections, Dialogue
from compliance.redaction.detections import MINOR, detection_id
from portal.accounts.models import Member, MemberRole
from portal.accounts.rights import Role
from tests.deposition import make
from transcription import carrying, doubts, ingest, reading, renditions, rereading, revisions, second_pass
from transcription.models import DetectionSet, DoubtCount, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db

QUESTION, NUMBER = "What medical record number?", "8 8 3 1 4 4 2 0."
INNOCENT = "Which values did the panel show?"


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


def said(matter: Matter, member: Member, actor_for: Callable[[Member], Actor], *lines: tuple[str, str]) -> Transcript:
    utterances = []
    for n, (speaker, text) in enumerate(lines):
        words = [
            {"text": word, "start": 9000 * n + 500 * place, "end": 9000 * n + 500 * place + 400, "confidence": 0.95}
            for place, word in enumerate(text.split())
        ]
        utterances.append({"speaker": speaker, "start": 9000 * n, "end": words[-1]["end"], "text": text, "words": words})
    proceeding = make(matter, member, actor_for, with_sound=False).proceeding
    answer = {"utterances": utterances, "audio_duration": 9 * len(lines), "language_code": "en"}
    made = ingest.store_result(proceeding, answer, actor=actor_for(member))
    assert second_pass.run(made) is not None
    return made


@pytest.fixture
def asked(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    more = ("A", "Where did you park the truck that day?")
    return said(matter, paralegal, actor_for, ("A", QUESTION), ("B", NUMBER), more)


def text(view: reading.View, n: int) -> str:
    return str(reading.line(view, n)["text"])


def correct(seen: Any, member: Member, transcript: Transcript, n: int, new: str) -> None:
    assert revisions.correct_line(seen(member, transcript), n, new) is not None
    transcript.refresh_from_db()
    assert second_pass.run(transcript) is not None


def silences(transcript: Transcript) -> tuple[tuple[int, int], ...]:
    return renditions.view(transcript, policies.preset_row("identifiers"))[0].silences


def reads(*turns: str) -> Dialogue:
    return Dialogue.from_turns([("A", turn) for turn in turns])


def finding(text: Dialogue, turn: int, words: str, type_: str = "name", entity: int | None = 1, *marks: str) -> Detection:
    start = text.turns[turn].text.index(words)
    id_ = detection_id(turn, start, start + len(words), type_)
    return Detection(id_, turn, start, start + len(words), type_, 0.9, "test", "test", entity=entity, marks=marks)


def test_lost_is_what_another_type_or_a_weaker_mark_would_show_under_some_policy() -> None:
    text = reads("his son Tommy", "number 8831", "near Boston")
    before = Detections((
        finding(text, 0, "Tommy", "name", 1, MINOR), finding(text, 1, "8831", "medical_record_number"),
        finding(text, 2, "Boston"),
    ))  # fmt: skip
    found = Detections((finding(text, 0, "Tommy"), finding(text, 1, "8831", "date"), finding(text, 2, "near Boston")))
    after = carrying.carried(found, text, before, text, only_carried=False).items
    assert [(d.turn, d.type, d.marks, d.unsure) for d in after] == [
        (0, "name", (MINOR,), True), (1, "date", (), False), (1, "medical_record_number", (), True), (2, "name", (), False),
    ]  # fmt: skip
    assert carrying.carried(found, text, before, text, only_carried=True) == found


def test_carried_mentions_of_one_person_stay_one_persons() -> None:
    text = reads("I met Marta", "Marta left", "then Marta and Ines", "Ines too")
    before = Detections((
        *(finding(text, n, "Marta", entity=5) for n in (0, 1, 2)), *(finding(text, n, "Ines", entity=2) for n in (2, 3)),
    ))  # fmt: skip
    found = Detections((finding(text, 0, "Marta", entity=1),))
    after = carrying.carried(found, text, before, text, only_carried=False).items
    assert [d.entity for d in after] == [1, 1, 1, 2, 2]


def test_words_that_read_otherwise_are_not_carried_and_those_that_moved_are() -> None:
    then, now = reads("call Marta Vega, please"), reads("please call Marta Vega, please")
    turn = now.turns[0]
    # As a correction does it: words keep their ids, a new one has its own.
    moved = tuple(replace(word, id=n - 1 if n else 99) for n, word in enumerate(turn.words))
    now = replace(now, turns=(replace(turn, words=moved),))
    before = Detections((finding(then, 0, "Marta Vega"),))
    assert [word.id for word in then.turns[0].words] == [0, 1, 2, 3]
    [item] = carrying.carried(Detections(), now, before, then, only_carried=False).items
    assert turn.text[item.start : item.end] == "Marta Vega"
    other = tuple(replace(word, text="Vogel,") if word.id == 2 else word for word in moved)
    now = replace(now, turns=(replace(turn, words=other),))
    assert carrying.carried(Detections(), now, before, then, only_carried=False).items == ()


def test_a_retyped_question_shows_no_answer_and_lets_nothing_be_heard(
    asked: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    before, hidden = silences(asked), text(seen(paralegal, asked), 1)
    assert "8" not in hidden
    browser = Client()
    browser.force_login(paralegal)
    answer = browser.post(reverse("transcript_correct", args=[asked.id, 0]), {"text": INNOCENT})
    assert answer.status_code == 200
    asked.refresh_from_db()
    assert text(seen(paralegal, asked), 0) == INNOCENT
    for member in (paralegal, attorney):
        assert text(seen(member, asked), 1) == hidden
    exported = browser.post(reverse("transcript_export", args=[asked.id]), {"format": "txt"}).content.decode()
    assert "panel" in exported
    assert "8 8 3 1" not in exported
    assert silences(asked) == before

    # It waits for somebody who may reveal; then it is shown.
    [doubt] = doubts.queue(seen(attorney, asked))
    assert (doubt.line, doubt.type) == (1, "medical_record_number")
    assert DoubtCount.objects.get(transcript=asked).unsure == 1
    dialog = reverse("transcript_chip", args=[asked.id, doubt.line, doubt.ordinal])
    assert "hidden before a correction was made nearby" in browser.get(dialog).content.decode()
    assert browser.post(dialog, {"decision": "not_private", "reason": "common_word"}).status_code == 403
    browser.force_login(attorney)
    assert browser.post(dialog, {"decision": "not_private", "reason": "common_word"}).status_code == 200
    assert text(seen(paralegal, asked), 1) == NUMBER
    assert silences(asked) == ()
    assert doubts.queue(seen(attorney, asked)) == []
    # And the next correction does not hide it again.
    correct(seen, paralegal, asked, 2, "Where did you park the lorry that day?")
    assert text(seen(paralegal, asked), 1) == NUMBER


def test_what_is_carried_is_carried_on_through_corrections_and_checks_whoever_makes_them(
    asked: Transcript, paralegal: Member, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    hidden = text(seen(paralegal, asked), 1)
    correct(seen, paralegal, asked, 0, INNOCENT)
    correct(seen, paralegal, asked, 0, "Which values did this panel show?")
    correct(seen, attorney, asked, 2, "Where did you park the lorry that day?")
    assert text(seen(paralegal, asked), 1) == hidden
    rereading.everywhere(actor=actor_for(attorney), by=_manager(attorney))
    rereading.work()
    assert DetectionSet.objects.get(transcript=asked, version=4).rereads == 0
    assert text(seen(paralegal, asked), 1) == hidden
    assert len(doubts.queue(seen(attorney, asked))) == 1
    # Asked for as before, it is found as before: nothing is open to doubt then.
    correct(seen, paralegal, asked, 0, QUESTION)
    assert text(seen(paralegal, asked), 1) == hidden
    assert doubts.queue(seen(attorney, asked)) == []


def _manager(member: Member) -> Member:
    MemberRole.objects.get_or_create(member=member, role=Role.PRIVACY_OFFICER)
    return Member.objects.get(pk=member.pk)


def test_whoever_may_reveal_corrects_and_sees_the_findings_go(asked: Transcript, attorney: Member, seen: Any) -> None:
    correct(seen, attorney, asked, 0, INNOCENT)
    assert text(seen(attorney, asked), 1) == NUMBER
    assert doubts.queue(seen(attorney, asked)) == []


def test_taking_a_correction_back_shows_nothing_even_where_the_pass_has_not_read_the_last_one_yet(
    matter: Matter, paralegal: Member, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    made = said(matter, paralegal, actor_for, ("A", INNOCENT), ("B", NUMBER), ("A", "Where did you park the truck?"))
    assert text(seen(paralegal, made), 1) == NUMBER
    correct(seen, attorney, made, 0, QUESTION)
    hidden = text(seen(paralegal, made), 1)
    assert "8" not in hidden
    assert revisions.correct_line(seen(paralegal, made), 2, "Where did you park the lorry?") is not None
    revisions.undo(seen(paralegal, made), 1)
    made.refresh_from_db()
    assert second_pass.run(made) is not None
    view = seen(paralegal, made)
    assert (text(view, 0), text(view, 1)) == (INNOCENT, hidden)
    assert [doubt.line for doubt in doubts.queue(view)] == [1]


def test_giving_a_line_to_another_speaker_shows_nothing(
    matter: Matter, paralegal: Member, attorney: Member, seen: Any, actor_for: Callable[[Member], Actor]
) -> None:
    # Said by one voice the digits are a number of a record; as an answer to this question they are values.
    made = said(matter, paralegal, actor_for, ("A", INNOCENT), ("A", NUMBER), ("B", "Where did you park the truck?"))
    hidden = text(seen(paralegal, made), 1)
    assert "8" not in hidden
    for member, expected in ((paralegal, hidden), (attorney, hidden)):
        assert revisions.give_line(seen(member, made), 1, "B" if member == paralegal else "A") is not None
        made.refresh_from_db()
        assert second_pass.run(made) is not None
        assert text(seen(paralegal, made), 1) == expected
    # Back with the first voice it is found as before.
    assert doubts.queue(seen(attorney, made)) == []
    assert revisions.give_line(seen(attorney, made), 1, "B") is not None
    made.refresh_from_db()
    assert second_pass.run(made) is not None
    assert text(seen(paralegal, made), 1) == NUMBER


def test_what_the_pass_finds_again_is_not_carried(
    asked: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    hidden = text(seen(paralegal, asked), 1)
    correct(seen, paralegal, asked, 2, "Where did you park the lorry, Rosalind Vega, that day?")
    assert "Rosalind" not in text(seen(paralegal, asked), 2)
    assert text(seen(paralegal, asked), 1) == hidden
    row = DetectionSet.objects.get(transcript=asked, version=2)
    assert "correction" not in {item["recogniser"] for item in row.detections["items"]}
