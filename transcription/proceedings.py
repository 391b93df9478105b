"""Proceedings: making one of stored recordings, finding those that a member may see, and how it stands with each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from compliance import audiences, audit, policies
from compliance.audiences import Audience
from compliance.audit import Actor, Target
from compliance.models import DisclosurePolicy
from compliance.policies import DEFAULT, PolicyUnresolved, hides_at_least, readable
from portal.accounts.models import ApiKey, Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound
from transcription import jobs, problems
from transcription.models import Job, Proceeding, Recording, Transcript
from transcription.problems import Explanation
from vault import matters, objects
from vault.models import Matter, StoredObject

TITLE_LIMIT: Final = 300
# A deposition of several days has some dozens of media units.
RECORDINGS_LIMIT: Final = 100
# More voices than that are not told apart by any service here.
SPEAKERS_LIMIT: Final = 10
_OBJECT_KINDS: Final = (StoredObject.Kind.RECORDING, StoredObject.Kind.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was received of one file: proof for whoever uploaded it. ``sha256`` of the file as it was sent."""

    object_id: UUID
    file_name: str
    size: int
    sha256: str
    content_type: str
    received_at: datetime | None
    duration_ms: int | None
    check: str
    problem: Explanation | None


def create(
    *,
    actor: Actor,
    member: Member,
    matter: Matter,
    kind: str,
    objects: Sequence[StoredObject],
    title: str = "",
    provider: str = "engine",
    policy_name: str = DEFAULT,
    speakers_expected: int | None = None,
    language: str = "en",
    basic_engine_accepted: bool = False,
    api_key: ApiKey | None = None,
    options: Mapping[str, Any] | None = None,
    vocabulary: Sequence[str] = (),
    webhook_url: str = "",
    fingerprint: str = "",
    job_id: UUID | None = None,
) -> Proceeding:
    """A Proceeding of these stored objects, in their order, with its first Job: everything after that happens by itself.

    Raises Refused, NotFound (not behind the wall), BadInput, PolicyUnresolved, keystore errors.
    """
    target = Target("matter", matter.id, matter.id)
    matters.require(actor, member, Action.CREATE, Kind.RECORDING, target)
    matters.open_matter(member, matter.id)
    _check(matter, kind, objects, title, speakers_expected)
    if not _may_begin(policies.resolve(matter.organization_id, policy_name)):
        raise BadInput("This policy hides too little to begin with. Choose another one.", policy=policy_name)
    proceeding = Proceeding(
        matter=matter,
        kind=kind,
        provider=provider,
        policy_name=policy_name,
        speakers_expected=speakers_expected,
        language=(language or "en")[:12],
        basic_engine_accepted=basic_engine_accepted,
        created_by=member,
    )
    proceeding.title = (title.strip() or objects[0].file_name or proceeding.get_kind_display())[:TITLE_LIMIT]
    job = jobs.prepare(
        proceeding=proceeding,
        member=member,
        provider=provider,
        api_key=api_key,
        options=options,
        vocabulary=vocabulary,
        webhook_url=webhook_url,
        fingerprint=fingerprint,
        job_id=job_id,
    )
    with transaction.atomic():
        taken = Recording.objects.filter(object__in=list(objects)).count()
        if taken:
            raise BadInput("One of these files belongs to another transcript already. Upload it again.", found=taken)
        proceeding.save(force_insert=True)
        Recording.objects.bulk_create(
            Recording(proceeding=proceeding, object=obj, position=position) for position, obj in enumerate(objects)
        )
        audit.record(
            "transcription:proceeding:created",
            organization_id=matter.organization_id,
            actor=actor,
            target=Target("proceeding", proceeding.id, matter.id),
            recordings=len(objects),
            kind=kind,
        )
        jobs.start(job, actor=actor)
    return proceeding


def policies_offered(organization_id: UUID) -> list[DisclosurePolicy]:
    """The policies that a Proceeding may begin with: those in use that hide at least what a filing copy hides."""
    found = []
    for row in policies.available(organization_id):
        try:
            if _may_begin(row):
                found.append(row)
        except PolicyUnresolved:
            continue
    return found


def _may_begin(policy: DisclosurePolicy) -> bool:
    return hides_at_least(readable(policy), readable(policies.preset_row("frcp_5_2")))


def _check(
    matter: Matter, kind: str, given: Sequence[StoredObject], title: str, speakers_expected: int | None
) -> None:  # fmt: skip
    if kind not in Proceeding.Kind.values:
        raise BadInput("This kind of recording is not known.", allowed=list(Proceeding.Kind.values))
    if not 1 <= len(given) <= RECORDINGS_LIMIT:
        raise BadInput("Choose 1 to 100 files.", limit=RECORDINGS_LIMIT, found=len(given))
    if len({obj.id for obj in given}) != len(given):
        raise BadInput("A file is listed twice.")
    for obj in given:
        if obj.vault_id != matter.vault_id:
            raise NotFound
        if obj.kind not in _OBJECT_KINDS or obj.state != StoredObject.State.STORED:
            raise BadInput("Only recordings and documents that arrived completely can be transcribed.", state=obj.state)
    if len(title) > TITLE_LIMIT:
        raise BadInput("A title has at most 300 characters.", limit=TITLE_LIMIT, found=len(title))
    if speakers_expected is not None and not 1 <= speakers_expected <= SPEAKERS_LIMIT:
        raise BadInput("The number of speakers is 1 to 10, or not said.", limit=SPEAKERS_LIMIT, found=speakers_expected)


def visible_to(member: Member) -> QuerySet[Proceeding]:
    """The Proceedings of the matters behind whose wall this member is; erased ones are not among them."""
    seen = Proceeding.objects.filter(matter__in=matters.visible_to(member)).exclude(state=Proceeding.State.ERASED)
    return seen.select_related("matter__vault", "matter__organization", "created_by")


def open_proceeding(member: Member, proceeding_id: UUID | str) -> Proceeding:
    """The Proceeding, if its matter is open to the member. Raises NotFound, also for what is no id at all."""
    try:
        wanted = proceeding_id if isinstance(proceeding_id, UUID) else UUID(proceeding_id)
    except ValueError:
        raise NotFound from None
    proceeding = visible_to(member).filter(pk=wanted).first()
    if proceeding is None:
        raise NotFound
    return proceeding


def policy_for(proceeding: Proceeding, audience: Audience) -> DisclosurePolicy:
    """The policy of the audience table; where whoever uploaded chose one that hides more, never less than that one.

    ``verbatim``, given by name for a purpose, stands. Raises PolicyUnresolved.
    """
    organization_id = proceeding.matter.organization_id
    given = audiences.given_for(organization_id, proceeding.matter_id, audience)
    if proceeding.policy_name == DEFAULT or given.verbatim:
        return given.policy
    chosen = policies.resolve(organization_id, proceeding.policy_name)
    if not hides_at_least(readable(chosen), readable(policies.resolve(organization_id, DEFAULT))):
        return given.policy
    return policies.strictest(organization_id, [given.policy, chosen])


def latest_job(proceeding: Proceeding) -> Job | None:
    return Job.objects.filter(proceeding=proceeding).order_by("-created_at").first()


def transcript_of(proceeding: Proceeding) -> Transcript | None:
    """The one that was not superseded, in whatever state."""
    return Transcript.objects.filter(proceeding=proceeding, superseded_at=None).select_related("original").first()


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands, in people's words. ``progress`` 0..1; ``problem`` says why it failed or needs checking."""

    state: str
    label: str
    since: datetime
    progress: float | None
    expected_at: datetime | None
    problem: Explanation | None
    may_cancel: bool
    may_repeat: bool


def standing(proceeding: Proceeding) -> Standing:
    """How it stands with a Proceeding now."""
    job = latest_job(proceeding)
    state = Proceeding.State(proceeding.state)
    problem = None
    if state is Proceeding.State.HELD:
        transcript = transcript_of(proceeding)
        problem = problems.explain(transcript.held_reason) if transcript and transcript.held_reason else None
    elif job is not None and job.state in (Job.State.FAILED, Job.State.CANCELLED):
        problem = problems.explain(job.failure or "cancelled", job.failure_facts)
    running = job is not None and job.state not in Job.FINAL
    return Standing(
        state=state.value,
        label=state.label,
        since=proceeding.state_since,
        progress=job.progress if job is not None and job.state == Job.State.TRANSCRIBING else None,
        expected_at=job.expected_at if job is not None and running else None,
        problem=problem,
        may_cancel=running,
        may_repeat=not running,
    )


def receipts(proceeding: Proceeding) -> list[Receipt]:
    """The receipt of each file, in order. Raises keystore errors."""
    made: list[Receipt] = []
    for recording in proceeding.recordings.select_related("object__vault"):
        obj = recording.object
        stored = obj.state == StoredObject.State.STORED
        made.append(
            Receipt(
                object_id=obj.id,
                file_name=obj.file_name if stored else "",
                size=obj.plain_size,
                sha256=objects.sha256(obj) if stored else "",
                content_type=obj.content_type,
                received_at=obj.stored_at,
                duration_ms=recording.duration_ms,
                check=recording.check_state,
                problem=problems.explain(recording.refusal, recording.refusal_facts) if recording.refusal else None,
            )
        )
    return made
