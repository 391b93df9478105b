"""The queue of what wants checking: the riskiest first, the same each time; suggestions of those who may not decide."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance import policies
from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import Detections
from compliance.redaction.detections import PROVIDER_ONLY
from portal.accounts.models import Member
from portal.errors import BadInput, Refused
from tests.deposition import known_findings, make
from transcription import deciding, doubts, reading, renditions
from transcription.doubts import Doubt
from transcription.models import DetectionSet, Rendition, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db


def doubt(type_: str, score: float, line: int = 0, *, disputed: bool = False) -> Doubt:
    return Doubt(line, 0, type_, f"[{type_}]", None, score, disputed)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (doubt("ssn", 0.5), doubt("name", 0.5)),
        (doubt("name", 0.5), doubt("date", 0.5)),
        (doubt("name", 0.3), doubt("name", 0.5)),
        (doubt("date", 0.1), doubt("ssn", 0.9)),
        (doubt("name", 0.9, disputed=True), doubt("name", 0.55)),
        (doubt("something new", 0.1), doubt("date", 0.2)),
    ],
)
def test_risk_is_harm_times_doubt(more: Doubt, less: Doubt) -> None:
    assert more.risk > less.risk


def test_levels_are_words() -> None:
    assert [doubt(t, s).level for t, s in (("ssn", 0.5), ("name", 0.5), ("date", 0.59), ("ssn", 0.0))] == [
        "high", "medium", "low", "high",
    ]  # fmt: skip


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def doubtful(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    """Everything in it is unsure; the address was marked by the speech service alone."""
    made = make(matter, paralegal, actor_for, with_sound=False)
    items = [
        replace(
            item, unsure=True, score=0.55, marks=(PROVIDER_ONLY,) if item.type == "address" else (),
        )  # fmt: skip
        for item in known_findings(made).items
    ]
    row = DetectionSet.objects.get(transcript=made)
    row.detections = Detections(tuple(items)).to_dict()
    row.save()
    Rendition.objects.all().delete()
    renditions.ensure(made, policies.preset_row("identifiers"))
    return made


def test_the_queue_is_sorted_by_risk_and_the_same_each_time(doubtful: Transcript, paralegal: Member, seen: Any) -> None:
    queue = doubts.queue(seen(paralegal, doubtful))
    assert len(queue) == len(known_findings(doubtful).items)
    assert (queue[0].type, queue[0].disputed) == ("address", True)
    assert [d.risk for d in queue] == sorted((d.risk for d in queue), reverse=True)
    alike = [(d.line, d.ordinal) for d in queue[1:]]
    assert alike == sorted(alike)
    assert doubts.queue(seen(paralegal, doubtful)) == queue


def test_a_paralegal_suggests_and_an_attorney_decides(
    doubtful: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    [first, *rest] = doubts.queue(seen(paralegal, doubtful))
    with pytest.raises(Refused):
        deciding.not_private(seen(paralegal, doubtful), first.line, first.ordinal, reason="public")
    edition = renditions.edition_of(doubtful)
    with pytest.raises(BadInput):
        deciding.suggest(seen(paralegal, doubtful), first.line, first.ordinal, reason="missed")
    act = deciding.suggest(seen(paralegal, doubtful), first.line, first.ordinal, reason="public", note="On their website.")
    assert b"website" not in bytes(act.note_sealed)
    assert AuditEvent.objects.filter(type="transcription:review:decided", facts__decision="suggest").count() == 1
    # Nothing is shown for it, to nobody.
    assert renditions.edition_of(doubtful) == edition
    assert "Washington" not in reading.line(seen(attorney, doubtful), first.line)["text"]
    [waiting] = [d for d in doubts.queue(seen(attorney, doubtful)) if d.suggested]
    assert (waiting.line, waiting.suggested) == (first.line, "Public already")

    # Taken back by its maker, made again, then decided by who may.
    deciding.undo(seen(paralegal, doubtful), act.number)
    assert not any(d.suggested for d in doubts.queue(seen(attorney, doubtful)))
    renditions.ensure(doubtful, policies.preset_row("identifiers"))
    deciding.suggest(seen(paralegal, doubtful), first.line, first.ordinal, reason="public")
    shown = deciding.not_private(seen(attorney, doubtful), first.line, first.ordinal, reason="public")
    assert "Washington" in reading.line(seen(attorney, doubtful), first.line)["text"]
    assert len(doubts.queue(seen(attorney, doubtful))) == len(rest)
    deciding.undo(seen(attorney, doubtful), shown.number)
    assert "Washington" not in reading.line(seen(attorney, doubtful), first.line)["text"]


def test_confirming_closes_a_suggestion(doubtful: Transcript, paralegal: Member, attorney: Member, seen: Any) -> None:
    [first, *rest] = doubts.queue(seen(paralegal, doubtful))
    deciding.suggest(seen(paralegal, doubtful), first.line, first.ordinal, reason="common_word")
    deciding.accept(seen(attorney, doubtful), first.line, first.ordinal)
    assert doubts.queue(seen(attorney, doubtful)) == rest


def test_a_sure_part_that_somebody_suggests_comes_into_the_queue(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = make(matter, paralegal, actor_for, with_sound=False)
    before = doubts.queue(seen(paralegal, made))
    deciding.suggest(seen(paralegal, made), 1, 0, reason="official")
    added = [d for d in doubts.queue(seen(paralegal, made)) if d not in before]
    assert [(d.line, d.score, d.level) for d in added] == [(1, 1.0, "low")]


def test_the_page_says_the_order_in_words_and_offers_what_the_reader_may_do(
    doubtful: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    browser = Client()
    browser.force_login(paralegal)
    html = browser.get(reverse("transcript_doubts", args=[doubtful.id])).content.decode()
    assert "The riskiest come first" in html
    assert "speech service and our check differ" in html
    # What one of the two is sure of says nothing where they differ.
    assert html.count("55 % sure") == len(known_findings(doubtful).items) - 1
    first = doubts.queue(seen(paralegal, doubtful))[0]
    chip = reverse("transcript_chip", args=[doubtful.id, first.line, first.ordinal])
    asked = browser.get(chip).content.decode()
    assert "Suggest that it is not private" in asked
    assert "speech service and our check differ" in asked
    assert "55 %" not in asked
    assert browser.post(chip, {"decision": "not_private", "reason": "public"}).status_code == 403
    assert browser.post(chip, {"decision": "suggest", "reason": "public"}).status_code == 200
    browser.force_login(attorney)
    asked = browser.get(chip).content.decode()
    assert "not private: Public already" in asked
    assert "Suggest that" not in asked


def test_the_list_says_how_many_there_are_and_of_nothing_only_that_it_is_nothing(
    doubtful: Transcript, paralegal: Member, seen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client()
    browser.force_login(paralegal)
    address = reverse("transcript_doubts", args=[doubtful.id])
    for count, said in ((0, "Nothing is doubtful."), (200, "The riskiest come first"), (273, "first 200 of 273 are shown")):
        made = [doubt("name", 0.5, n) for n in range(count)]
        monkeypatch.setattr(doubts, "queue", lambda view, made=made: made)
        html = browser.get(address).content.decode()
        assert said in html
        assert ("are shown" in html) == (count > 200)
        assert "decided" not in html


def test_the_dialog_of_hiding_says_for_whom_it_hides(doubtful: Transcript, paralegal: Member) -> None:
    browser = Client()
    browser.force_login(paralegal)
    html = browser.get(reverse("transcript_hide", args=[doubtful.id, 4])).content.decode()
    assert "for everybody but those whose view hides nothing at all" in html
