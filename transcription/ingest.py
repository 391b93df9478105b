"""From a speech service's answers to the Proceeding's Transcript: once, whatever is repeated."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance.audit import SYSTEM, Actor
from portal.errors import Conflict
from transcription.bulk import building
from transcription.models import Job, Proceeding, Speaker, Transcript
from transcription.normalising import Piece, ResultInvalid, original_of
from transcription.originals import Original
from transcription.roles_said import role_said
from vault import objects
from vault.models import StoredObject

ORIGINAL_TYPE = "application/json"


class JobOver(Conflict):
    code = "job_over"
    message = "This was cancelled, or given up, before its result could be kept."


def store_result(source: Job | Proceeding, result: dict[str, Any], *, actor: Actor = SYSTEM) -> Transcript:
    """The Transcript of one service's answer for a whole Proceeding. Raises ResultInvalid, and as ``objects.put_bytes``."""
    proceeding = source.proceeding if isinstance(source, Job) else source
    duration = sum(recording.duration_ms or 0 for recording in proceeding.recordings.all()) or None
    original = original_of([Piece(result, 0, duration)])
    return store_original(proceeding, original, job=source if isinstance(source, Job) else None, actor=actor)


def store_original(proceeding: Proceeding, original: Original, *, job: Job | None = None, actor: Actor = SYSTEM) -> Transcript:
    """Seals the original, then makes it the Proceeding's Transcript; an earlier one is superseded and stays.

    A Job has one Transcript: a second call gives the first one's back. Not inside a transaction (it seals and writes
    files). Raises JobOver when the Job was cancelled meanwhile.
    """
    if job is not None:
        made = Transcript.objects.filter(job=job).first()
        if made is not None:
            return made
    stored = objects.put_bytes(
        actor=actor,
        vault=proceeding.matter.vault,
        kind=StoredObject.Kind.ORIGINAL,
        content_type=ORIGINAL_TYPE,
        data=original.to_json(),
    )
    transcript = Transcript(
        proceeding=proceeding,
        job=job,
        original=stored,
        language=(original.language or proceeding.language)[:12],
        provider=job.provider if job else proceeding.provider,
        model=original.model,
        basic_engine=original.basic_engine,
        speakers_guessed=original.speakers_guessed,
        confidence=original.confidence,
        duration_ms=original.duration_ms,
        words=original.word_count,
        utterances=len(original.utterances),
    )
    voices = _speakers(transcript, original)
    over = False
    with transaction.atomic():
        if job is not None:
            # Whoever cancels locks this row, too: what was given up takes nobody's transcript away.
            over = Job.objects.select_for_update().get(pk=job.pk).state in (Job.State.CANCELLED, Job.State.FAILED)
        # The row lock makes two workers that both think they hold the Job take turns.
        Proceeding.objects.select_for_update().get(pk=proceeding.pk)
        made = Transcript.objects.filter(job=job).first() if job is not None else None
        if made is None and not over:
            Transcript.objects.filter(proceeding=proceeding, superseded_at=None).update(superseded_at=timezone.now())
            transcript.save(force_insert=True)
            Speaker.objects.bulk_create(voices)
    if made is None and not over:
        return transcript
    objects.erase(actor=actor, obj=stored)
    if made is None:
        raise JobOver
    return made


def _speakers(transcript: Transcript, original: Original) -> list[Speaker]:
    channels: dict[str, int | None] = {}
    for utterance in original.utterances:
        channels.setdefault(utterance.speaker, utterance.channel)
    made: list[Speaker] = []
    for position, label in enumerate(original.speakers):
        speaker = Speaker(transcript=transcript, label=label, position=position, channel=channels[label])
        heard_as = original.speaker_names.get(label, "")
        speaker.role = role_said(heard_as)
        speaker.heard_as = "" if speaker.role else heard_as
        made.append(speaker)
    return made


def live_transcript(proceeding_id: UUID) -> Transcript | None:
    """The Proceeding's Transcript: the one that was not superseded."""
    rows = Transcript.objects.filter(proceeding_id=proceeding_id, superseded_at=None)
    return rows.select_related("proceeding__matter__vault", "original__vault").first()


@building()
def load_original(transcript: Transcript) -> Original:
    """The locked original. Raises keystore errors, ValueError for an unknown form."""
    return Original.from_json(objects.get_bytes(transcript.original))


__all__ = ["ResultInvalid", "live_transcript", "load_original", "store_original", "store_result"]
