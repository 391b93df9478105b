"""Words heard with doubt where an identifier was asked for: silent, in the queue, and heard again when somebody decides so."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance import policies
from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member
from portal.errors import BadInput, NotFound, Refused
from tests.deposition import make
from transcription import deciding, doubts, ingest, reading, renditions, second_pass
from transcription.models import Revision, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db

ANSWER = ["Sure", "it", "is", "for", "won", "too."]


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


@pytest.fixture
def answered(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    """ "Sure, it is for won too." in answer to the question for a telephone number; "for" and "won" heard with doubt."""
    words = [
        {"text": t, "start": 4000 + 400 * n, "end": 4350 + 400 * n, "confidence": {3: 0.4, 4: 0.2}.get(n, 0.9)}
        for n, t in enumerate(ANSWER)
    ]
    said = [
        {"speaker": "A", "start": 500, "end": 3000, "text": "What is your phone number?"},
        {"speaker": "B", "start": 4000, "end": 6400, "text": " ".join(ANSWER), "words": words},
    ]
    proceeding = make(matter, paralegal, actor_for, with_sound=False).proceeding
    made = ingest.store_result(proceeding, {"utterances": said, "audio_duration": 7}, actor=actor_for(paralegal))
    assert second_pass.run(made) is not None
    return made


def silences(transcript: Transcript) -> tuple[tuple[int, int], ...]:
    return renditions.view(transcript, policies.preset_row("identifiers"))[0].silences


def test_they_are_in_the_queue_at_their_risk(answered: Transcript, paralegal: Member, seen: Any) -> None:
    [doubt] = doubts.queue(seen(paralegal, answered))
    assert (doubt.quiet, doubt.label, doubt.type, doubt.line, doubt.ordinal) == (True, "for won", "phone_number", 1, 3)
    # Harm of a telephone number (2) × what the service lacks of being sure of the worst word, double: it can be read now.
    assert doubt.risk == pytest.approx(2 * 0.8 * 2)
    assert doubt.level == "high"


def test_who_may_reveal_lets_them_be_heard_and_takes_it_back(
    answered: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    before = silences(answered)
    assert any(start <= 5200 and end >= 5950 for start, end in before)
    with pytest.raises(Refused):
        deciding.let_be_heard(seen(paralegal, answered), 1, 3, reason="common_word")
    with pytest.raises(BadInput):
        deciding.let_be_heard(seen(attorney, answered), 1, 3, reason="because")
    with pytest.raises(NotFound):
        deciding.let_be_heard(seen(attorney, answered), 1, 0, reason="common_word")
    act = deciding.let_be_heard(seen(attorney, answered), 1, 4, reason="common_word")
    assert silences(answered) == ()
    assert doubts.queue(seen(attorney, answered)) == []
    [event] = AuditEvent.objects.filter(type="transcription:review:decided")
    assert (event.facts["decision"], event.facts["reason"], event.facts["spans"]) == ("heard", "common_word", 1)

    # Silent again: that hides, so it takes no right to reveal.
    taken_back = deciding.undo(seen(paralegal, answered), act.number)
    assert silences(answered) == before
    with pytest.raises(Refused):
        deciding.undo(seen(paralegal, answered), taken_back.number)


def test_the_decision_holds_for_the_very_words(answered: Transcript, attorney: Member, seen: Any) -> None:
    """Who decided read "for won"; whatever is typed over it, nobody decided about."""
    before = silences(answered)
    deciding.let_be_heard(seen(attorney, answered), 1, 3, reason="common_word")
    word = seen(attorney, answered).shown().pages.get()
    word.rendition = seen(attorney, answered).shown()
    revision = Revision(transcript=answered, number=1, member=attorney)
    revision.operations = [{"op": "replace", "word": word.content[1]["words"][4]["id"], "text": "fun"}]
    revision.save()
    Transcript.objects.filter(pk=answered.pk).update(version=2)
    answered.refresh_from_db()
    assert second_pass.run(answered) is not None
    assert silences(answered) == before


def test_the_dialog_says_why_and_offers_what_the_reader_may_do(
    answered: Transcript, paralegal: Member, attorney: Member, seen: Any
) -> None:
    browser = Client()
    browser.force_login(paralegal)
    listed = browser.get(reverse("transcript_doubts", args=[answered.id])).content.decode()
    dialog = reverse("transcript_quiet", args=[answered.id, 1, 3])
    assert dialog in listed
    assert "readable but silent, asked for: phone number, heard 20 % sure" in listed
    asked = browser.get(dialog).content.decode()
    assert "heard with doubt where a phone number was asked for" in asked
    assert "let it be heard" not in asked
    assert browser.post(dialog, {"reason": "common_word"}).status_code == 403
    browser.force_login(attorney)
    assert "let it be heard" in browser.get(dialog).content.decode()
    answer = browser.post(dialog, {"reason": "common_word"})
    assert answer.status_code == 200
    assert reverse("transcript_undo_decision", args=[answered.id, 1]) in answer.content.decode()
    assert "Not private: may be heard" in browser.get(reverse("transcript_history", args=[answered.id])).content.decode()
    assert browser.get(dialog).status_code == 404
