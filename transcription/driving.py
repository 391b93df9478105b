"""Drives Jobs to their end, one step at a time, from their rows alone.

``advance`` does one step and may be called by anybody at any time: the lease lets one process work on a Job, and each
step ends in a conditional change of state, so that a step that was cut off is done again and one that was done is not.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F, Q
from django.utils import timezone

from compliance import policies
from portal.errors import PortalError
from transcription import audio, documents, ingest, jobs, preflight, renditions, second_pass, submissions
from transcription.documents import DocumentRefused
from transcription.models import Job, Proceeding, Recording, Rendition, Submission, Transcript
from transcription.normalising import original_of, original_of_lines
from transcription.originals import Original
from transcription.preflight import MediaRefused
from transcription.providers import registry
from transcription.providers.base import Limits, ProviderError
from transcription.submissions import SubmissionFailed
from vault import objects
from vault.errors import KeyDestroyed, StorageDown
from vault.models import StoredObject

log = logging.getLogger(__name__)
# A step that fails or dies is begun again after these waits; then the Job fails (or its transcript is held).
_WAITS: Final = tuple(timedelta(seconds=s) for s in (2, 10, 60, 300, 900))
# Steps that a caller does in one go before it lets others have a turn.
_STEPS_AT_ONCE: Final = 200
# A guess of how long a service takes for a minute of speech, until its own progress tells.
_SHARE_OF_LENGTH: Final = 0.5


def drive(job_id: UUID) -> None:
    """Steps until the Job has to wait for something or is at its end."""
    for _ in range(_STEPS_AT_ONCE):
        if not advance(job_id):
            return


def advance(job_id: UUID) -> bool:
    """One step; False when there is nothing to do now (it waits, is final, or somebody else works on it)."""
    job = jobs.claim(job_id)
    if job is None:
        return False
    try:
        with _lease_kept(job.id):
            _step(job)
    finally:
        jobs.release(job.id)
    return True


def _step(job: Job) -> None:
    # Counted before the step: a step that kills its process or hangs must not be tried for ever.
    if job.state != Job.State.TRANSCRIBING:
        Job.objects.filter(pk=job.pk).update(attempts=F("attempts") + 1)
        job.attempts += 1
        if job.attempts > len(_WAITS) + 1:
            _give_up(job, "internal")
            return
    try:
        _STEPS[Job.State(job.state)](job)
    except (MediaRefused, SubmissionFailed) as refusal:
        jobs.fail(job, refusal.code, refusal.facts)
    except ProviderError as error:
        _retry(job, error.code, retryable=error.retryable, after=error.retry_after)
    except KeyDestroyed:
        jobs.fail(job, "keys_destroyed")
    except PortalError as error:
        code = "storage" if isinstance(error, StorageDown) else "keys" if error.code.startswith("key_") else "internal"
        _retry(job, code, retryable=error.retryable)
    except Exception as error:
        # Named by its kind only: a message may hold content.
        log.error("job.step_failed job=%s state=%s error=%s", job.id, job.state, type(error).__name__)
        _retry(job, "internal", retryable=True)


def _retry(job: Job, code: str, *, retryable: bool, after: float | None = None) -> None:
    if not retryable or job.attempts > len(_WAITS):
        _give_up(job, code)
        return
    wait = _WAITS[max(0, min(job.attempts, len(_WAITS)) - 1)]
    if after is not None:
        wait = max(wait, timedelta(seconds=after))
    attempts = job.attempts + 1 if job.state == Job.State.TRANSCRIBING else job.attempts
    jobs.wait(job, timezone.now() + wait, attempts=attempts)


def _give_up(job: Job, code: str) -> None:
    """An unchecked transcript is held, so that people can hide by hand; anything else fails."""
    transcript = Transcript.objects.filter(job=job).first()
    if job.state == Job.State.REDACTING and transcript is not None:
        second_pass.hold(transcript, "pass_failed")
        jobs.finish(job, transcript)
        return
    jobs.fail(job, code)


# --- the steps ---------------------------------------------------------------------------------------------------


def _waiting(job: Job) -> None:
    jobs.show(job, Proceeding.State.CHECKING)
    rows = list(Recording.objects.filter(proceeding_id=job.proceeding_id).select_related("object__vault"))
    if all(row.object.kind == StoredObject.Kind.DOCUMENT for row in rows):
        _documents(job, rows)
        return
    provider = registry.get(job.provider)
    for row in rows:
        if row.check_state != Recording.Check.PASSED:
            _check(row, provider.limits, job)
    described = provider.describe()
    if described.basic and not job.proceeding.basic_engine_accepted:
        jobs.fail(job, "basic_engine_not_accepted")
        return
    submissions.plan(job)
    length = sum(row.duration_ms or 0 for row in rows)
    expected = timezone.now() + timedelta(milliseconds=length * _SHARE_OF_LENGTH) + timedelta(seconds=20)
    jobs.move(job, Job.State.TRANSCRIBING, Proceeding.State.WAITING, model=described.model, expected_at=expected)


def _check(row: Recording, limits: Limits, job: Job) -> None:
    obj = row.object
    try:
        if obj.kind == StoredObject.Kind.DOCUMENT:
            raise MediaRefused("not_media")
        found = preflight.probe(audio.plain(obj), obj.plain_size)
        row.media, row.container, row.codec = found.media, found.container, found.codec
        row.duration_ms, row.channels, row.sample_rate = found.duration_ms, found.channels, found.sample_rate
        row.peaks = found.peaks
        preflight.fit(found, obj.plain_size, limits)
    except MediaRefused as refusal:
        row.check_state, row.refusal, row.refusal_facts = Recording.Check.REFUSED, refusal.code, refusal.facts
        row.save()
        raise
    row.check_state, row.refusal, row.refusal_facts = Recording.Check.PASSED, "", {}
    row.save()


def _documents(job: Job, rows: list[Recording]) -> None:
    originals: list[Original] = []
    for row in rows:
        try:
            if row.object.plain_size > documents.MAX_BYTES:
                raise DocumentRefused("document_too_large")
            data = objects.get_bytes(row.object, documents.MAX_BYTES)
            originals.append(documents.read_document(data, language=job.proceeding.language))
        except DocumentRefused as refusal:
            facts = preflight.size_facts(row.object.plain_size, documents.MAX_BYTES)
            row.check_state, row.refusal, row.refusal_facts = Recording.Check.REFUSED, refusal.code, facts
            row.save()
            jobs.fail(job, refusal.code, facts)
            return
        row.media, row.check_state = "text", Recording.Check.PASSED
        row.save()
    original = originals[0] if len(originals) == 1 else _joined(originals, job.proceeding.language)
    ingest.store_original(job.proceeding, original, job=job)
    jobs.move(job, Job.State.REDACTING, Proceeding.State.HIDING)


def _joined(originals: list[Original], language: str) -> Original:
    """Several documents as one text, in order; labels are kept as names, so that one name is one voice throughout."""
    lines = [(original.speaker_names.get(u.speaker, u.speaker), u.text) for original in originals for u in original.utterances]
    return original_of_lines(lines, language=language)


def _transcribing(job: Job) -> None:
    provider = registry.get(job.provider)
    rows = list(job.submissions.select_related("recording__object__vault__organization"))
    now = timezone.now()
    for row in rows:
        row.job = job
        if row.state in (Submission.State.WAITING, Submission.State.SUBMITTING, Submission.State.SUBMITTED):
            if row.due_at <= now:
                submissions.step(row, provider)
            row.refresh_from_db()
    job.refresh_from_db()
    if job.state != Job.State.TRANSCRIBING:
        return
    if any(row.state in (Submission.State.FAILED, Submission.State.CANCELLED) for row in rows):
        jobs.fail(job, "internal")
        return
    _tell_progress(job, rows)
    if all(row.state == Submission.State.RETURNED for row in rows):
        jobs.move(job, Job.State.INGESTING, Proceeding.State.TRANSCRIBING, progress=1.0)
        return
    jobs.wait(job, min(row.due_at for row in rows if row.state != Submission.State.RETURNED), attempts=0)


def _tell_progress(job: Job, rows: list[Submission]) -> None:
    length = sum(row.recording.duration_ms or 1 for row in rows)
    done = sum((row.recording.duration_ms or 1) * row.progress for row in rows) / max(1, length)
    fields: dict[str, object] = {"progress": done}
    if 0.05 < done < 1:
        began = min(row.state_since for row in rows)
        fields["expected_at"] = began + (timezone.now() - began) / done
    Job.objects.filter(pk=job.pk, state=job.state).update(**fields)
    if done > 0:
        jobs.show(job, Proceeding.State.TRANSCRIBING)


def _ingesting(job: Job) -> None:
    rows = job.submissions.select_related("recording__object", "result__vault").order_by("position")
    pieces = [submissions.piece_of(row, objects.get_bytes(row.result)) for row in rows if row.result is not None]
    ingest.store_original(job.proceeding, original_of(pieces), job=job)
    if jobs.move(job, Job.State.REDACTING, Proceeding.State.HIDING):
        job.submissions.filter(state=Submission.State.RETURNED).update(state=Submission.State.INGESTED)


def _redacting(job: Job) -> None:
    transcript = Transcript.objects.select_related("proceeding__matter__vault", "original__vault").get(job=job)
    if transcript.state != Transcript.State.HELD and second_pass.run(transcript) is not None:
        # Made before it is said to be ready; other views come when they are opened.
        try:
            made = renditions.first(transcript)
        except policies.PolicyUnresolved:
            second_pass.hold(transcript, "policy_unresolved")
        else:
            for rendition in made:
                # What crashes here is tried again by the sweeper: the text was checked, whatever becomes of its sound.
                audio.attempt(rendition)
    transcript.refresh_from_db()
    jobs.finish(job, transcript)


_STEPS: Final[Mapping[Job.State, Callable[[Job], None]]] = {
    Job.State.WAITING: _waiting,
    Job.State.TRANSCRIBING: _transcribing,
    Job.State.INGESTING: _ingesting,
    Job.State.REDACTING: _redacting,
}


def sound_due(limit: int = 5) -> list[Rendition]:
    """Renditions that were opened after the Job was done and wait for their sound, those first that nobody tried yet."""
    waiting = Rendition.objects.filter(
        Q(audio_tried_at=None) | Q(audio_tried_at__lt=timezone.now() - audio.AGAIN),
        audio_state=Rendition.Audio.BUILDING, state=Rendition.State.READY,
    )  # fmt: skip
    ready = waiting.exclude(transcript__job__in=Job.objects.exclude(state__in=Job.FINAL))
    order = (F("audio_tried_at").asc(nulls_first=True), "created_at")
    return list(ready.select_related("transcript__proceeding__matter__vault", "policy").order_by(*order)[:limit])


@contextmanager
def _lease_kept(job_id: UUID) -> Iterator[None]:
    """Renews the lease beside a step that takes long."""
    over = threading.Event()

    def renew() -> None:
        try:
            while not over.wait(jobs.LEASE.total_seconds() / 3):
                if not jobs.renew(job_id):
                    log.warning("job.lease_lost job=%s", job_id)
        finally:
            connection.close()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
