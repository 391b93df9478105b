"""The whole pipeline for one file in one process: real vault, real engine, nothing left behind.

For trying a recording on a machine without a running portal. The file lives in a matter of its own, whose key is
destroyed at the end; the log keeps that it happened.
"""

import contextlib
import mimetypes
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
from django.conf import settings
from django.utils import timezone

from compliance import policies
from compliance.audit import Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from transcription import deletions, driving, ingest, jobs, proceedings, renditions
from transcription.models import Job, Proceeding, Submission, Transcript
from transcription.normalising import SPEAKERS_PER_RECORDING
from vault import erasing, matters, objects
from vault.models import Matter, StoredObject

ORGANIZATION: Final = "Command line"
_EMAIL: Final = "command-line@localhost.invalid"
_ENGINE_START_SECONDS: Final = 60.0
_CHUNK: Final = 1024 * 1024
_DOCUMENTS: Final = frozenset({".docx", ".json", ".txt"})

Say = Callable[[str], object]


class TrialFailed(Exception):
    """Why there is no transcript, in a sentence for whoever sits at the terminal."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``utterances`` have the shape of a Rendition page's content."""

    transcript: Transcript
    policy: str
    policy_version: int
    hidden_spans: int
    utterances: list[dict[str, Any]]
    warnings: list[dict[str, str]]


def run(path: Path, *, speakers: int | None, policy_name: str, say: Say) -> Outcome:
    """Transcribes the file and gives the view under a policy. Raises TrialFailed, PortalError, OSError."""
    organization, member = _people()
    policy = policies.resolve(organization.id, policy_name)
    actor = Actor("member", member.id, "command line")
    matter = matters.create(actor=actor, member=member, kind="legal", title="Trial")
    try:
        proceeding = _begin(actor, member, matter, path, speakers)
        with contextlib.ExitStack() as stack:
            if proceeding.kind != Proceeding.Kind.DOCUMENT:
                stack.enter_context(_engine(say))
            transcript = _drive(proceeding, say)
        rendition = renditions.ensure(transcript, policy)
        return Outcome(
            transcript=transcript,
            policy=policy.name,
            policy_version=policy.version,
            hidden_spans=rendition.hidden_spans,
            utterances=list(renditions.utterances(rendition)),
            warnings=[_remark(transcript, warning) for warning in ingest.load_original(transcript).warnings],
        )
    finally:
        erasing.finish(erasing.request(actor=actor, member=member, matter=matter).id)


def _remark(transcript: Transcript, warning: Mapping[str, str]) -> dict[str, str]:
    """A warning of the engine or of ours as it is; of another's only that there was one, since it may quote speech."""
    if transcript.provider == "engine" or warning["code"] == SPEAKERS_PER_RECORDING:
        return dict(warning)
    return {"code": "remark", "message": "The speech service sent a remark. It is kept sealed with the original."}


def _people() -> tuple[Organization, Member]:
    member = Member.objects.filter(email=_EMAIL).select_related("organization").first()
    if member is None:
        organization = Organization.objects.create(
            name=ORGANIZATION, kind="law", default_region=settings.DEFAULT_REGION
        )  # fmt: skip
        # Nobody signs in as it: the password is not kept.
        member = Member.objects.create_member(
            organization, _EMAIL, ORGANIZATION, [Role.ATTORNEY], secrets.token_urlsafe(32)
        )  # fmt: skip
    return member.organization, member


def _begin(actor: Actor, member: Member, matter: Matter, path: Path, speakers: int | None) -> Proceeding:
    document = path.suffix.lower() in _DOCUMENTS
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    with path.open("rb") as source:
        stored = objects.put_bytes(
            actor=actor,
            vault=matter.vault,
            kind=StoredObject.Kind.DOCUMENT if document else StoredObject.Kind.RECORDING,
            content_type=content_type,
            data=iter(lambda: source.read(_CHUNK), b""),
            file_name=path.name,
        )
    return proceedings.create(
        actor=actor,
        member=member,
        matter=matter,
        kind=Proceeding.Kind.DOCUMENT if document else Proceeding.Kind.HEARING,
        objects=[stored],
        title=path.name,
        provider=jobs.DOCUMENT if document else "engine",
        speakers_expected=speakers,
        basic_engine_accepted=True,
    )


def _drive(proceeding: Proceeding, say: Say) -> Transcript:
    job = proceedings.latest_job(proceeding)
    if job is None:
        raise TrialFailed("The transcription was not begun.")
    told = ""
    while job.state not in Job.FINAL:
        driving.drive(job.id)
        job.refresh_from_db()
        standing = proceedings.standing(Proceeding.objects.get(pk=proceeding.pk))
        line = standing.label + (f" {standing.progress:.0%}" if standing.progress else "")
        if line != told:
            say(line)
            told = line
        _delete(job.id)
        if job.state not in Job.FINAL:
            time.sleep(min(1.0, max(0.05, (job.due_at - timezone.now()).total_seconds())))
    _delete(job.id)
    transcript = Transcript.objects.filter(job=job).select_related("proceeding__matter__vault", "original__vault").first()
    if job.state != Job.State.COMPLETED or transcript is None:
        problem = proceedings.standing(Proceeding.objects.get(pk=proceeding.pk)).problem
        raise TrialFailed(f"{problem.sentence} {problem.next_step}" if problem else "There is no transcript.")
    return transcript


def _delete(job_id: UUID) -> None:
    for submission in Submission.objects.filter(job_id=job_id, deletion=Submission.Deletion.DUE):
        deletions.run(submission)


@contextlib.contextmanager
def _engine(say: Say) -> Iterator[None]:
    """The engine that answers at ENGINE_URL, else one of our own until the end."""
    # No web server of this process listens there: the recording is sent to the engine instead of fetched by it.
    settings.PUBLIC_URL = ""
    if _answers(settings.ENGINE_URL):
        yield
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.ENGINE_URL = f"http://127.0.0.1:{port}"
    say("Starting the speech engine …")
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "engine", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + _ENGINE_START_SECONDS
        while not _answers(settings.ENGINE_URL):
            if process.poll() is not None or time.monotonic() > until:
                raise TrialFailed("The speech engine did not start. Try: manage.py engine")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
