"""A deposition with its sound: the sample recording, its words with times, findings that the tests know."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import Detections
from compliance.redaction.detections import Detection, detection_id
from portal.accounts.models import Member
from transcription import audio, ingest, renditions, second_pass
from transcription.models import DetectionSet, Proceeding, Recording, Transcript
from transcription.review import covered
from vault import objects
from vault.models import Matter, StoredObject

SAMPLE = Path(__file__).parent.parent / "portal" / "sample"
# What is private in the sample: (text, type, entity, unsure). Each canary must stay out of what a paralegal gets.
PRIVATE: list[tuple[str, str, int, bool]] = [
    ("Robert Daniel Parker", "name", 1, False),
    ("Parker", "name", 1, False),
    ("Susan Miller", "name", 2, True),
    ("the fourteenth of March, nineteen seventy two", "date_of_birth", 1, False),
    ("forty two Washington Street", "address", 1, False),
    ("six one seven, five five five, zero one four three", "phone_number", 1, False),
]
CANARIES = [text for text, _, _, _ in PRIVATE]


def result() -> dict[str, Any]:
    """A speech service's answer for the sample recording."""
    utterances: list[dict[str, Any]] = []
    for number, turn in enumerate(json.loads((SAMPLE / "deposition.json").read_text())):
        words = turn["text"].split()
        step = (turn["end"] - turn["start"]) / len(words)
        utterances.append(
            {
                "speaker": "A" if turn["speaker"] == "attorney" else "B",
                "start": turn["start"],
                "end": turn["end"],
                "text": turn["text"],
                "words": [
                    {
                        "text": word,
                        "start": round(turn["start"] + n * step),
                        "end": round(turn["start"] + (n + 1) * step) - 20,
                        "confidence": 0.31 if (number, n) == (8, 3) else 0.93,
                    }
                    for n, word in enumerate(words)
                ],
            }
        )
    return {
        "status": "completed",
        "language_code": "en",
        "audio_duration": utterances[-1]["end"] / 1000,
        "utterances": utterances,
    }


def known_findings(transcript: Transcript) -> Detections:
    """Findings of PRIVATE: what is tested here is the page, not the recognisers."""
    dialogue = second_pass.dialogue_of(transcript, second_pass.current_text(transcript))
    found: list[Detection] = []
    for number, turn in enumerate(dialogue.turns):
        for text, type_, entity, unsure in PRIVATE:
            start = turn.text.find(text)
            if start < 0 or any(d.turn == number and d.start <= start < d.end for d in found):
                continue
            end = start + len(text)
            words = covered(turn, start, end)
            found.append(
                Detection(
                    detection_id(number, start, end, type_),
                    number,
                    start,
                    end,
                    type_,
                    0.6 if unsure else 0.95,
                    "test",
                    "a name after “my friend”" if unsure else "said as an answer",
                    words[0].id,
                    words[-1].id,
                    entity,
                    (),
                    unsure,
                )  # fmt: skip
            )
    return Detections(tuple(found))


def make(
    matter: Matter, member: Member, actor_for: Callable[[Member], Actor], *, title: str = "Deposition of Robert Parker",
    with_sound: bool = True, said: dict[str, Any] | None = None, known: bool = True, **shape: Any
) -> Transcript:  # fmt: skip
    actor = actor_for(member)
    proceeding = Proceeding(matter=matter, kind="deposition", created_by=member, **shape)
    proceeding.title = title
    proceeding.save(force_insert=True)
    answer = said or result()
    if with_sound:
        stored = objects.put_bytes(
            actor=actor, vault=matter.vault, kind=StoredObject.Kind.RECORDING, content_type="audio/ogg",
            data=(SAMPLE / "deposition.opus").read_bytes(), file_name="deposition.opus",
        )  # fmt: skip
        recording = Recording(
            proceeding=proceeding, object=stored, media="audio", duration_ms=round(answer["audio_duration"] * 1000),
            channels=1, check_state="passed",
        )  # fmt: skip
        recording.peaks = [(n * 37) % 100 / 100 for n in range(600)]
        recording.save(force_insert=True)
    transcript = ingest.store_result(proceeding, answer, actor=actor)
    if known:
        row = DetectionSet(transcript=transcript, version=1, recogniser="test", counts={})
        row.detections = known_findings(transcript).to_dict()
        row.save(force_insert=True)
    assert second_pass.run(transcript, actor=actor) is not None
    Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.READY)
    made = renditions.ensure(transcript, policies.preset_row("identifiers"), actor=actor)
    if with_sound:
        audio.ensure(made)
    return Transcript.objects.get(pk=transcript.pk)
