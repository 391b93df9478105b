"""A text that could not be checked: nobody sees it, its page says why and what can be done, and it can be done."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.audit import Actor
from compliance.redaction.engine import engine
from portal.accounts.models import Member
from transcription import ingest, second_pass
from transcription.models import Proceeding, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "status": "completed",
    "language_code": "en",
    "utterances": [{"speaker": "A", "text": "My name is Svetlana Petrakis \ud83d and the truck was red."}],
}


def unread(matter: Matter, member: Member, actor: Actor) -> Transcript:
    proceeding = Proceeding(matter=matter, kind="document", provider="document", created_by=member)
    proceeding.title = "Notes"
    proceeding.save(force_insert=True)
    return ingest.store_result(proceeding, SAID, actor=actor)


def _raises(view: object) -> list[object]:
    raise RuntimeError("Svetlana")


def _hangs(view: object) -> list[object]:
    time.sleep(60)
    return []


@pytest.mark.parametrize(
    ("fault", "said"), [(_raises, "did not finish"), (_hangs, "took too long")], ids=["raises", "hangs"]
)
def test_a_recogniser_that_fails_holds_the_text_and_a_person_lets_it_out(
    fault: Callable[[object], list[object]], said: str, matter: Matter, paralegal: Member, attorney: Member,
    actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    engine(None, None)
    settings.REDACTION_SECONDS = 1.0
    recogniser = next(r for r in engine(None, None).analyzer.registry.recognizers if r.name == "AgeRecogniser")
    monkeypatch.setattr(recogniser, "find", fault)
    transcript = unread(matter, paralegal, actor_for(paralegal))
    assert second_pass.run(transcript) is None
    assert "Svetlana" not in caplog.text

    reader, responsible = Client(), Client()
    reader.force_login(paralegal)
    responsible.force_login(attorney)
    page = reverse("transcript", args=[transcript.id])
    for client in (reader, responsible):
        shown = client.get(page).content.decode()
        assert "Needs checking" in shown
        assert "Svetlana" not in shown
    problem = responsible.get(page).content.decode()
    assert said in problem
    assert "Check the text" in problem
    listed = responsible.get(reverse("held")).content.decode()
    assert page in listed
    assert "1 needs checking" in responsible.get(reverse("recordings")).content.decode()

    check = reverse("transcript_held", args=[transcript.id])
    responsible.post(check, {"purpose": "quality"})
    assert "Svetlana" in responsible.get(check).content.decode()
    hide = reverse("transcript_held_hide", args=[transcript.id, 0])
    responsible.post(hide, {"word": ["3", "4"], "type": "name", "reason": "missed"})
    responsible.post(reverse("transcript_held_release", args=[transcript.id]), {"read": "yes"})
    released = reader.get(page).content.decode()
    assert "[NAME 1]" in released
    assert "Svetlana" not in released
    assert "truck" in released
    assert "1 needs checking" not in responsible.get(reverse("recordings")).content.decode()
