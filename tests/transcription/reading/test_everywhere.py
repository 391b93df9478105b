"""One decision for all mentions of the same: what it reaches, and what it leaves as it is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.audit import Actor
from compliance.redaction.detections import PROVIDER_ONLY, Detection, Detections, detection_id
from portal.accounts.models import Member
from tests.deposition import make
from tests.transcription.reading.doubtful import with_findings
from transcription import deciding, doubts, reading, second_pass
from transcription.models import DoubtCount, Transcript
from transcription.review import covered
from vault.models import Matter

pytestmark = pytest.mark.django_db

LINES = [
    "I spoke with Mr. Dunleavy about it then.", "The code is Mr. Dunleavy 8812 tango okay.",
    "Nobody saw Dunleavy after that.", "Then Dunleavy went home.",
]  # fmt: skip
# (line, words, type, entity)
FOUND = [
    (0, "Dunleavy", "name", 1), (1, "Dunleavy", "name", 1), (1, "Dunleavy 8812 tango", "bank_account", 1),
    (2, "Dunleavy", "name", 1), (3, "Dunleavy", "name", 1),
]  # fmt: skip


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def named(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    said = {
        "language_code": "en", "audio_duration": 40,
        "utterances": [
            {"speaker": "A", "start": 9000 * n, "end": 9000 * n + 8000, "text": line} for n, line in enumerate(LINES)
        ],
    }  # fmt: skip
    made = make(matter, paralegal, actor_for, with_sound=False, said=said, known=False)
    dialogue = second_pass.dialogue_of(made, second_pass.current_text(made))
    items = []
    for n, words, type_, entity in FOUND:
        start = LINES[n].index(words)
        end = start + len(words)
        inside = covered(dialogue.turns[n], start, end)
        marks = (PROVIDER_ONLY,) if type_ == "bank_account" else ()
        items.append(
            Detection(
                detection_id(n, start, end, type_), n, start, end, type_, 0.6, "test", "test", inside[0].id, inside[-1].id,
                entity, marks, True,
            )  # fmt: skip
        )
    return with_findings(made, Detections(tuple(items)))


def texts(view: reading.View) -> list[str]:
    return [str(reading.line(view, n)["text"]) for n in range(len(LINES))]


def test_not_private_everywhere_shows_the_name_and_nothing_else_that_lies_over_it(
    named: Transcript, attorney: Member, seen: Any
) -> None:
    before = texts(seen(attorney, named))
    deciding.not_private(seen(attorney, named), 0, 0, reason="official", everywhere=True)
    after = texts(seen(attorney, named))
    assert after == [LINES[0], before[1], LINES[2], LINES[3]]
    assert "8812" not in after[1]
    assert "Dunleavy" not in after[1]
    # Who asks about that label decides about all of it.
    deciding.not_private(seen(attorney, named), 1, 0, reason="common_word")
    assert texts(seen(attorney, named)) == LINES


def test_it_is_private_everywhere_empties_the_queue_at_once(named: Transcript, paralegal: Member, seen: Any) -> None:
    assert len(doubts.queue(seen(paralegal, named))) == 4
    act = deciding.accept(seen(paralegal, named), 0, 0, everywhere=True)
    # The number that the speech service marked over one of them is another question.
    [left] = doubts.queue(seen(paralegal, named))
    assert (left.line, left.type) == (1, "bank_account")
    assert DoubtCount.objects.get(transcript=named).total == 1
    assert deciding.accept(seen(paralegal, named), 0, 0, everywhere=True) == act
    deciding.undo(seen(paralegal, named), act.number)
    assert len(doubts.queue(seen(paralegal, named))) == 4


def test_a_suggestion_everywhere_leaves_out_what_somebody_found_private(
    named: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    deciding.accept(seen(attorney, named), 2, 0)
    act = deciding.suggest(seen(paralegal, named), 0, 0, reason="official", everywhere=True)
    assert deciding.left_out(act) == 1
    assert sorted(d.line for d in doubts.queue(seen(attorney, named)) if d.suggested) == [0, 1, 3]


def test_not_private_everywhere_leaves_out_what_somebody_found_private_or_hid_and_says_how_many(
    named: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    deciding.accept(seen(paralegal, named), 2, 0)
    deciding.hide(seen(paralegal, named), 3, [1, 2], type_="name", reason="missed")
    browser = Client()
    browser.force_login(attorney)
    dialog = reverse("transcript_chip", args=[named.id, 0, 0])
    asked = browser.get(dialog).content.decode()
    assert asked.count("All 4 mentions in this transcript</span>") == 1
    assert "All 4 mentions in this transcript, but 2 that somebody found private" in asked
    answer = browser.post(dialog, {"decision": "not_private", "reason": "official", "everywhere": "yes"})
    assert "Somebody found 2 others private: left as before." in answer.content.decode()
    after = texts(seen(attorney, named))
    assert after[0] == LINES[0]
    assert not any("Dunleavy" in line for line in after[1:])
    # One by one it is decided anew.
    deciding.not_private(seen(attorney, named), 2, 0, reason="official")
    assert texts(seen(attorney, named))[2] == LINES[2]
