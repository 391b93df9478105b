"""Deleting a transcription: the result, what was found in it and every view of it; the recording stays in its vault."""

import contextlib

from django.db import transaction

from compliance import audit
from compliance.audit import Actor, Target
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.errors import Conflict
from transcription import jobs
from transcription.models import Job, Proceeding, Rendition, SignOff, Submission, Transcript
from vault import matters, objects
from vault.errors import OnHold
from vault.models import LegalHold, StoredObject

# In Job.failure, where a code says why there is nothing to read.
DELETED = "deleted"


class Signed(Conflict):
    code = "signed"
    message = "This transcript was signed and is kept. Erase its matter if it must go."


def erase_transcription(*, actor: Actor, member: Member, job: Job) -> None:
    """Stops the Job where it runs and erases its result. Repeating it changes nothing.

    Raises Refused, Signed, and OnHold while a legal hold is open on the matter.
    """
    matter = job.proceeding.matter
    target = Target("proceeding", job.proceeding_id, matter.id)
    matters.require(actor, member, Action.DELETE, Kind.RECORDING, target)
    if LegalHold.objects.filter(matter=matter, object_id=None, released_at=None).exists():
        audit.refuse(
            "vault:matter:erasure_refused",
            organization_id=matter.organization_id,
            actor=actor,
            target=target,
            reason="legal_hold",
        )
        raise OnHold
    if job.failure == DELETED:
        return
    if job.state not in Job.FINAL:
        with contextlib.suppress(jobs.NothingToCancel):  # it ended in this moment
            jobs.cancel(actor=actor, member=member, proceeding=job.proceeding)
    gone = _forget(actor, target, job)
    for obj in gone:
        objects.delete_bytes(obj)


def _forget(actor: Actor, target: Target, job: Job) -> list[StoredObject]:
    """Deletes the rows in one transaction; gives the objects whose bytes go next."""
    with transaction.atomic():
        proceeding = Proceeding.objects.select_for_update().get(pk=job.proceeding_id)
        transcript = Transcript.objects.filter(job=job).first()
        wanted = {row.result_id for row in Submission.objects.filter(job=job) if row.result_id}
        words = 0
        if transcript is not None:
            if SignOff.objects.filter(transcript=transcript).exists():
                raise Signed
            words = transcript.words
            wanted.add(transcript.original_id)
            for rendition in Rendition.objects.filter(transcript=transcript):
                wanted.update(rendition.audio_objects)
            live = transcript.superseded_at is None
            transcript.delete()
            if live:
                Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.CANCELLED)
        Job.objects.filter(pk=job.pk).update(failure=DELETED, failure_facts={}, vocabulary_sealed=b"")
        audit.record(
            "transcription:transcript:erased",
            organization_id=proceeding.matter.organization_id,
            actor=actor,
            target=target,
            job=job.id,
            words=words,
        )
        # With the rows: whatever dies after this, nothing that nobody knows of can still be opened.
        gone = list(StoredObject.objects.filter(pk__in=wanted).select_related("vault"))
        for obj in gone:
            objects.destroy_key(actor=actor, obj=obj)
    return gone
