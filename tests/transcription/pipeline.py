"""Ground of the pipeline's tests: a peer in the engine's place, recordings in a vault, time that passes at will."""

from pathlib import Path
from typing import Any

from django.utils import timezone

from compliance.audit import Actor
from portal.accounts.models import Member
from transcription import deletions, driving, proceedings
from transcription.models import Job, Proceeding, Submission
from vault import objects
from vault.models import Matter, StoredObject

SPEECH = Path(__file__).parent.parent / "data" / "speech"


def put(matter: Matter, member: Member, data: bytes, *, kind: str = "recording", name: str = "day.wav") -> StoredObject:
    return objects.put_bytes(
        actor=Actor("member", member.id, member.name),
        vault=matter.vault,
        kind=kind,
        content_type="audio/wav",
        data=data,
        file_name=name,
    )


def begin(matter: Matter, member: Member, *data: bytes, **more: Any) -> tuple[Proceeding, Job]:
    stored = [put(matter, member, each, kind=more.get("object_kind", "recording")) for each in data]
    more.pop("object_kind", None)
    made = proceedings.create(
        actor=Actor("member", member.id, member.name),
        member=member,
        matter=matter,
        objects=stored,
        **({"kind": "deposition", "title": "Day 1"} | more),
    )
    job = proceedings.latest_job(made)
    assert job is not None
    return made, job


def let_time_pass() -> None:
    """Whatever waits is due now, and no lease is left of a process that died."""
    now = timezone.now()
    Job.objects.update(due_at=now, lease_until=None)
    Submission.objects.update(due_at=now)


def drive(job: Job, rounds: int = 40) -> Job:
    """To the Job's end, however long it waits in between."""
    for _ in range(rounds):
        job.refresh_from_db()
        if job.state in Job.FINAL:
            break
        let_time_pass()
        driving.advance(job.id)
    job.refresh_from_db()
    return job


def delete_all() -> None:
    for _ in range(3):
        let_time_pass()
        for row in deletions.due():
            deletions.run(row)
