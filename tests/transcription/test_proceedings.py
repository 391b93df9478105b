"""Proceedings stay behind their wall, are made of what arrived, and tell people how it stands with them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from compliance.audiences import Audience
from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import BadInput, NotFound, PortalError, Refused
from transcription import jobs, problems, proceedings
from transcription.models import Job, Proceeding, Transcript
from vault import objects
from vault.models import Matter, StoredObject


@pytest.fixture
def put(actor_for: Callable[[Member], Actor]) -> Callable[..., StoredObject]:
    def make(matter: Matter, member: Member, kind: str = "recording", data: bytes = b"RIFF") -> StoredObject:
        return objects.put_bytes(
            actor=actor_for(member), vault=matter.vault, kind=kind, content_type="audio/wav", data=data, file_name="day 1.wav"
        )  # fmt: skip

    return make


@pytest.fixture
def create(actor_for: Callable[[Member], Actor]) -> Callable[..., Proceeding]:
    def make(member: Member, matter: Matter, *stored: StoredObject, **more: Any) -> Proceeding:
        values = {"kind": "deposition", "title": "Whitfield, day 1"} | more
        return proceedings.create(actor=actor_for(member), member=member, matter=matter, objects=stored, **values)

    return make


def test_one_act_makes_proceeding_recordings_and_job(
    matter: Matter, paralegal: Member, put: Callable[..., StoredObject], create: Callable[..., Proceeding]
) -> None:
    one, two = put(matter, paralegal), put(matter, paralegal)
    made = create(paralegal, matter, one, two, speakers_expected=3, vocabulary=["Whitfield"])
    assert [r.object_id for r in made.recordings.order_by("position")] == [one.id, two.id]
    job = proceedings.latest_job(made)
    assert job is not None
    assert (job.state, job.provider, job.vocabulary) == ("waiting", "engine", ["Whitfield"])
    assert b"Whitfield" not in bytes(job.vocabulary_sealed)
    kinds = set(AuditEvent.objects.values_list("type", flat=True))
    assert {"transcription:proceeding:created", "transcription:job:created"} <= kinds
    standing = proceedings.standing(made)
    assert (standing.label, standing.may_cancel, standing.may_repeat) == ("Received", True, False)
    receipt = proceedings.receipts(made)[0]
    assert (receipt.file_name, receipt.size, len(receipt.sha256)) == ("day 1.wav", 4, 64)


def test_the_wall_holds(
    matter: Matter,
    paralegal: Member,
    clinician: Member,
    firm: Organization,
    make_member: Callable[..., Member],
    put: Callable[..., StoredObject],
    create: Callable[..., Proceeding],
) -> None:
    made = create(paralegal, matter, put(matter, paralegal))
    colleague = make_member(firm, Role.ATTORNEY)
    for stranger in (clinician, colleague):
        assert made not in proceedings.visible_to(stranger)
        with pytest.raises(NotFound):
            proceedings.open_proceeding(stranger, made.id)
        with pytest.raises(NotFound):
            create(stranger, matter, put(matter, paralegal))
    for nonsense in ("", "1", str(uuid4())):
        with pytest.raises(NotFound):
            proceedings.open_proceeding(paralegal, nonsense)
    assert proceedings.open_proceeding(paralegal, str(made.id)) == made


@pytest.mark.parametrize(
    "more",
    [
        {"kind": "party"},
        {"title": "x" * 301},
        {"speakers_expected": 0},
        {"speakers_expected": 11},
        {"provider": "nobody"},
        {"policy_name": "verbatim"},
        {"policy_name": "nothing"},
    ],
)
def test_nonsense_makes_nothing(
    matter: Matter,
    paralegal: Member,
    put: Callable[..., StoredObject],
    create: Callable[..., Proceeding],
    more: dict[str, Any],
) -> None:
    with pytest.raises(PortalError):
        create(paralegal, matter, put(matter, paralegal), **more)
    assert not Proceeding.objects.exists()
    assert not Job.objects.exists()


def test_a_file_belongs_to_one_proceeding_and_one_vault(
    matter: Matter,
    paralegal: Member,
    attorney: Member,
    put: Callable[..., StoredObject],
    create: Callable[..., Proceeding],
    actor_for: Callable[[Member], Actor],
) -> None:
    from vault import matters

    one = put(matter, paralegal)
    create(paralegal, matter, one)
    with pytest.raises(BadInput):
        create(paralegal, matter, one)
    other = matters.create(actor=actor_for(attorney), member=attorney, kind="legal", title="Another")
    with pytest.raises(NotFound):
        create(paralegal, matter, put(other, attorney))
    with pytest.raises(BadInput):
        create(paralegal, matter, put(matter, paralegal, "export"))
    with pytest.raises(BadInput):
        create(paralegal, matter)


def test_cancel_and_again(
    matter: Matter,
    paralegal: Member,
    auditor: Member,
    put: Callable[..., StoredObject],
    create: Callable[..., Proceeding],
    actor_for: Callable[[Member], Actor],
) -> None:
    made = create(paralegal, matter, put(matter, paralegal))
    actor = actor_for(paralegal)
    with pytest.raises(Refused):
        jobs.cancel(actor=actor_for(auditor), member=auditor, proceeding=made)
    with pytest.raises(jobs.StillRunning):
        jobs.again(actor=actor, member=paralegal, proceeding=made)
    job = jobs.cancel(actor=actor, member=paralegal, proceeding=made)
    made.refresh_from_db()
    assert (Job.objects.get(pk=job.pk).state, made.state) == ("cancelled", "cancelled")
    standing = proceedings.standing(made)
    assert standing.problem is not None
    assert "cancelled" in standing.problem.sentence
    with pytest.raises(jobs.NothingToCancel):
        jobs.cancel(actor=actor, member=paralegal, proceeding=made)
    second = jobs.again(actor=actor, member=paralegal, proceeding=made, speakers_expected=4)
    made.refresh_from_db()
    assert (made.state, made.speakers_expected, made.language, second.state) == ("received", 4, "en", "waiting")


def test_again_in_another_language_forgets_what_a_program_asked_for(
    matter: Matter, paralegal: Member, put: Callable[..., StoredObject], create: Callable[..., Proceeding], actor_for: Any
) -> None:
    made = create(paralegal, matter, put(matter, paralegal))
    actor = actor_for(paralegal)
    jobs.cancel(actor=actor, member=paralegal, proceeding=made)
    asked = {"language_code": "es", "language_detection": True, "auto_highlights": True}
    jobs.again(actor=actor, member=paralegal, proceeding=made, options=asked)
    jobs.cancel(actor=actor, member=paralegal, proceeding=made)
    assert jobs.again(actor=actor, member=paralegal, proceeding=made).options == asked
    jobs.cancel(actor=actor, member=paralegal, proceeding=made)
    job = jobs.again(actor=actor, member=paralegal, proceeding=made, language="fr")
    made.refresh_from_db()
    assert (made.language, job.options) == ("fr", {"auto_highlights": True})


def test_a_job_has_one_worker_at_a_time(
    matter: Matter, paralegal: Member, put: Callable[..., StoredObject], create: Callable[..., Proceeding]
) -> None:
    made = create(paralegal, matter, put(matter, paralegal))
    job = proceedings.latest_job(made)
    assert job is not None
    assert jobs.due() == [job.id]
    claimed = jobs.claim(job.id)
    assert claimed is not None
    assert jobs.claim(job.id) is None
    assert jobs.due() == []
    Job.objects.update(lease_holder=jobs.holder().replace("/", "/9999999", 1))
    assert jobs.free_leases_of_the_dead() == 1
    assert not jobs.renew(job.id)
    assert jobs.claim(job.id) is not None
    assert jobs.free_leases_of_the_dead() == 0


def test_a_stricter_choice_on_upload_binds_every_audience(
    matter: Matter, attorney: Member, paralegal: Member, make_transcript: Callable[..., Transcript]
) -> None:
    proceeding = make_transcript(matter, paralegal, {"text": "Hello."}).proceeding
    audience = Audience.of_member(attorney)
    assert proceedings.policy_for(proceeding, audience).name == "identifiers"
    proceeding.policy_name = "everything"
    assert proceedings.policy_for(proceeding, audience).name == "everything"


def test_every_code_has_a_sentence_and_a_next_step() -> None:
    for code in problems.codes():
        told = problems.explain(code, {"found": "8 h 1 min", "limit": "7 h 1 min"})
        assert told.sentence.endswith(".")
        assert told.next_step.endswith(".")
        assert "{" not in told.sentence
    assert problems.explain("too_long", {"found": "8 h", "limit": "7 h"}).sentence == (
        "The recording lasts 8 h, but this speech service takes at most 7 h."
    )
    assert problems.explain("never heard of").sentence
    assert (problems.duration(25_320_000), problems.size(5_100_000_000)) == ("7 h 2 min", "5.1 GB")
