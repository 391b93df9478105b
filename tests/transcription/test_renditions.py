"""What is private is hidden in every view, sealed in the database, and silent in the sound; doubt holds the transcript."""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from django.utils import timezone

from compliance import policies
from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import DetectionFailed, Detections
from portal.accounts.models import Member
from portal.errors import Unavailable
from transcription import audio, ingest, renditions, second_pass
from transcription.models import DetectionSet, Proceeding, Recording, RenditionPage, ReviewAct, Revision, Transcript
from vault import objects
from vault.models import Matter, StoredObject

SPEECH = Path(__file__).parent.parent / "data" / "speech" / "jfk.wav"
RESULT: dict[str, Any] = {
    "status": "completed",
    "audio_duration": 11.0,
    "language_code": "en",
    "utterances": [
        {
            "speaker": "A",
            "start": 500,
            "end": 3000,
            "text": "My name is Marta Whitfield.",
            "words": [
                {"text": t, "start": 500 + 400 * n, "end": 850 + 400 * n, "confidence": 0.9}
                for n, t in enumerate(["My", "name", "is", "Marta", "Whitfield."])
            ],
        },
        {"speaker": "B", "start": 4000, "end": 6000, "text": "My email is marta.w@example.com thanks."},
    ],
}


@pytest.fixture
def spoken(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    """A transcript with a real recording beside it."""
    actor = actor_for(paralegal)
    proceeding = Proceeding.objects.create(matter=matter, kind="deposition", created_by=paralegal)
    stored = objects.put_bytes(
        actor=actor, vault=matter.vault, kind=StoredObject.Kind.RECORDING, content_type="audio/wav", data=SPEECH.read_bytes()
    )
    Recording.objects.create(
        proceeding=proceeding, object=stored, media="audio", duration_ms=11_000, channels=1, check_state="passed"
    )
    transcript = ingest.store_result(proceeding, RESULT, actor=actor)
    assert second_pass.run(transcript) is not None
    return transcript


def text_of(rendition: Any) -> str:
    return " / ".join(u["text"] for u in renditions.utterances(rendition))


def test_names_are_hidden_and_pages_sealed(spoken: Transcript) -> None:
    made = renditions.ensure(spoken, policies.preset_row("identifiers"))
    text = text_of(made)
    assert "Marta" not in text
    assert "example.com" not in text
    assert "My name is [NAME" in text
    assert made.hidden_spans == 2
    for page in RenditionPage.objects.all():
        assert b"name is" not in bytes(page.content_sealed)
    assert AuditEvent.objects.filter(type="transcription:rendition:created").count() == 1
    assert renditions.ensure(spoken, policies.preset_row("identifiers")) == made
    assert text_of(renditions.ensure(spoken, policies.preset_row("verbatim"))).startswith("My name is Marta")


def test_at_new_year_a_birth_year_that_now_tells_a_great_age_is_hidden(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    born = timezone.now().year - 89
    said = {"utterances": [{"speaker": "A", "start": 0, "end": 3000, "text": f"I was born on March 3, {born}."}]}
    proceeding = Proceeding.objects.create(matter=matter, kind="encounter", created_by=paralegal)
    transcript = ingest.store_result(proceeding, {**RESULT, **said}, actor=actor_for(paralegal))
    assert second_pass.run(transcript) is not None
    safe_harbor, verbatim = policies.preset_row("hipaa_safe_harbor"), policies.preset_row("verbatim")
    before = renditions.ensure(transcript, safe_harbor)
    always = renditions.ensure(transcript, verbatim)
    assert str(born) in text_of(before)
    later = timezone.now().replace(year=timezone.now().year + 1, month=1, day=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert str(born) not in text_of(renditions.ensure(transcript, safe_harbor))
    before.refresh_from_db()
    assert before.state == "stale"
    with pytest.raises(renditions.NotShown):
        renditions.view_of(before)
    assert renditions.ensure(transcript, verbatim) == always


def test_the_sound_is_silent_where_the_text_is_hidden(spoken: Transcript) -> None:
    made = audio.ensure(renditions.ensure(spoken, policies.preset_row("identifiers")))
    assert made.audio_state == "ready"
    copy = StoredObject.objects.get(pk=made.audio_objects[0])
    assert (copy.kind, copy.content_type) == ("redacted_audio", "audio/mp4")
    samples = decode(objects.get_bytes(copy))
    # "Marta Whitfield" is spoken from 1.7 to 2.45 s; 250 ms are hidden on either side.
    assert np.abs(samples[int(1.55 * 16000) : int(2.6 * 16000)]).max() < 0.01
    assert np.abs(samples[: int(1.3 * 16000)]).max() > 0.1
    assert audio.ensure(made).audio_objects == made.audio_objects


def decode(data: bytes) -> Any:
    with av.open(io.BytesIO(data)) as media:
        return np.concatenate([frame.to_ndarray()[0] for frame in media.decode(audio=0)])


def test_a_second_result_supersedes_the_first_and_keeps_it(spoken: Transcript) -> None:
    other = ingest.store_result(spoken.proceeding, RESULT | {"utterances": RESULT["utterances"][:1]})
    spoken.refresh_from_db()
    assert spoken.superseded_at is not None
    assert ingest.live_transcript(spoken.proceeding_id) == other
    assert ingest.load_original(spoken).word_count > ingest.load_original(other).word_count


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (DetectionFailed("recogniser_failed", "x"), "pass_failed"),
        (DetectionFailed("time_limit", "x"), "pass_time_limit"),
        (ZeroDivisionError(), "pass_failed"),
        (KeyboardInterrupt(), None),
    ],
)
def test_a_pass_that_fails_holds_the_transcript(
    spoken: Transcript, attorney: Member, monkeypatch: pytest.MonkeyPatch, broken: BaseException, reason: str | None
) -> None:
    def fail(*_: object, **__: object) -> Detections:
        raise broken

    monkeypatch.setattr(second_pass, "detect", fail)
    DetectionSet.objects.all().delete()
    Transcript.objects.update(state="hiding")
    spoken.refresh_from_db()
    if reason is None:
        with pytest.raises(KeyboardInterrupt):
            second_pass.run(spoken)
        assert spoken.state == "hiding"
        return
    assert second_pass.run(spoken) is None
    assert (spoken.state, spoken.held_reason, spoken.held_owner) == ("held", reason, attorney)
    assert AuditEvent.objects.filter(type="transcription:transcript:held", facts={"reason": reason}).count() == 1
    assert Proceeding.objects.get().state == "held"
    with pytest.raises(renditions.NotShown):
        renditions.ensure(spoken, policies.preset_row("identifiers"))


def test_a_recogniser_that_hangs_is_left_behind(spoken: Transcript, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(second_pass, "detect", lambda *_, **__: time.sleep(5))
    monkeypatch.setattr(second_pass, "GRACE_SECONDS", 0.1)
    settings.REDACTION_SECONDS = 0.2
    DetectionSet.objects.all().delete()
    assert second_pass.run(spoken) is None
    assert spoken.held_reason == "pass_time_limit"


def test_a_key_store_that_is_down_is_waited_for(spoken: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object) -> None:
        raise Unavailable

    monkeypatch.setattr(second_pass, "current_text", down)
    DetectionSet.objects.all().delete()
    with pytest.raises(Unavailable):
        second_pass.run(spoken)
    assert Transcript.objects.get(pk=spoken.pk).state == "ready"


def test_a_decision_makes_a_new_edition(spoken: Transcript, attorney: Member) -> None:
    first = renditions.ensure(spoken, policies.preset_row("identifiers"))
    act = ReviewAct(transcript=spoken, version=1, number=1, decision="hide", reason="missed", member=attorney)
    act.span = {"spans": [{"words": [1], "type": "private", "text": "name"}]}
    act.save()
    second = renditions.ensure(spoken, policies.preset_row("identifiers"))
    first.refresh_from_db()
    assert (first.state, second.state, second.edition) == ("stale", "ready", 2)
    assert text_of(second).startswith("My [PRIVATE")


def test_what_a_correction_takes_out_of_the_text_stays_silent(spoken: Transcript, attorney: Member) -> None:
    before, _ = renditions.view(spoken, policies.preset_row("identifiers"))
    revision = Revision(transcript=spoken, number=1, member=attorney)
    revision.operations = [{"op": "delete", "word": 3}, {"op": "delete", "word": 4}]
    revision.save()
    Transcript.objects.update(version=2)
    spoken.refresh_from_db()
    with pytest.raises(renditions.NotShown):
        renditions.ensure(spoken, policies.preset_row("identifiers"))
    assert second_pass.run(spoken) is not None
    after, _ = renditions.view(spoken, policies.preset_row("identifiers"))
    assert "NAME" not in after.turns[0].text
    assert after.silences[0] == before.silences[0]


def test_doubtful_words_of_an_answer_are_silent_in_the_copy_and_stay_so_whatever_is_typed_over_them(
    spoken: Transcript, attorney: Member
) -> None:
    texts = ["Sure", "it", "is", "for", "won", "too."]
    words = [
        {"text": t, "start": 4000 + 400 * n, "end": 4350 + 400 * n, "confidence": 0.2 if n == 4 else 0.9}
        for n, t in enumerate(texts)
    ]
    asked = {"speaker": "A", "start": 500, "end": 3000, "text": "What is your phone number?"}
    answer = {"speaker": "B", "start": 4000, "end": 6400, "text": " ".join(texts), "words": words}
    made = ingest.store_result(spoken.proceeding, RESULT | {"utterances": [asked, answer]})
    assert second_pass.run(made) is not None
    rendition = audio.ensure(renditions.ensure(made, policies.preset_row("identifiers")))
    assert "won" in text_of(rendition)
    samples = decode(objects.get_bytes(StoredObject.objects.get(pk=rendition.audio_objects[0])))
    assert np.abs(samples[int(5.45 * 16000) : int(6.1 * 16000)]).max() < 0.01
    [page] = rendition.pages.all()
    page.rendition = rendition
    doubtful = next(w for w in page.content[1]["words"] if w["quiet"])
    assert doubtful["text"] == "won"
    for number, operation in enumerate(
        [{"op": "replace", "word": doubtful["id"], "text": "fun"}, {"op": "delete", "word": doubtful["id"]}], start=1
    ):
        revision = Revision(transcript=made, number=number, member=attorney)
        revision.operations = [operation]
        revision.save()
        Transcript.objects.filter(pk=made.pk).update(version=number + 1)
        made.refresh_from_db()
        assert second_pass.run(made) is not None
        after, _ = renditions.view(made, policies.preset_row("identifiers"))
        assert any(start <= 5350 and end >= 6200 for start, end in after.silences)


def test_silence_is_a_transcript_with_an_empty_page(
    matter: Matter, paralegal: Member, make_transcript: Callable[..., Transcript]
) -> None:
    made = make_transcript(matter, paralegal, {"text": "", "utterances": [], "audio_duration": 5})
    rendition = renditions.ensure(made, policies.preset_row("identifiers"))
    assert list(renditions.utterances(rendition)) == []
    assert rendition.pages.count() == 1


def test_a_long_transcript_has_pages_of_a_hundred(
    matter: Matter, paralegal: Member, make_transcript: Callable[..., Transcript]
) -> None:
    lines = [{"speaker": "A", "start": n * 10, "end": n * 10 + 5, "text": f"line {n}"} for n in range(250)]
    made = make_transcript(matter, paralegal, {"utterances": lines})
    pages = list(renditions.ensure(made, policies.preset_row("identifiers")).pages.order_by("number"))
    assert [(p.first_utterance, p.utterances) for p in pages] == [(0, 100), (100, 100), (200, 50)]
