"""Uploads from the browser: several files that become one Proceeding, in order, when the last one has arrived.

What is to become of them is sealed with each object, so that nothing more is asked of the browser once the bytes flow: a
locked screen, a closed window or a lost session stop no upload, and a process that dies after the last byte is made good
by ``sweep``.
"""

import mimetypes
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import IntegrityError
from django.utils import timezone

from compliance import policies
from compliance.audit import Actor, Target
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, NotFound, PortalError
from transcription import proceedings
from transcription.jobs import DOCUMENT
from transcription.models import Proceeding, Recording
from transcription.problems import size as readable_size
from transcription.providers import registry
from vault import matters, uploads
from vault.errors import TooLarge
from vault.models import Matter, StoredObject, Upload

log = structlog.get_logger(__name__)

# What the reader of documents takes; more is refused before anything is sent.
DOCUMENT_BYTES: Final = 40 * 2**20
DOCUMENTS: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
    ".txt": "text/plain",
}
# Offered by the file chooser; what a file really is, is found out from its bytes.
RECORDINGS: Final = (
    ".aac", ".aif", ".aiff", ".amr", ".avi", ".caf", ".flac", ".m4a", ".m4v",
    ".mka", ".mkv", ".mov", ".mp2", ".mp3", ".mp4", ".mpeg", ".mpg", ".oga",
    ".ogg", ".opus", ".ts", ".wav", ".webm", ".wma", ".wmv",
)  # fmt: skip
# Time for the request that stored the last file to do it itself.
_SWEEP_AFTER: Final = timedelta(seconds=10)
# A batch whose other files did not come within that time was given up by whoever began it; what came stays in the vault.
_SWEEP_UNTIL: Final = timedelta(days=3)


class WrongFiles(BadInput):
    code = "wrong_files"
    message = "These files cannot be uploaded together."


@dataclass(frozen=True, slots=True)
class File:
    """One file as announced, before its first byte."""

    name: str
    size: int
    content_type: str = ""

    @property
    def suffix(self) -> str:
        return ("." + self.name.rpartition(".")[2].lower()) if "." in self.name else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files should become."""

    kind: str
    title: str
    provider: str
    policy_name: str
    speakers_expected: int | None
    language: str
    basic_engine_accepted: bool


def begin(
    *, actor: Actor, member: Member, matter: Matter, files: Sequence[File], wanted: Wanted
) -> list[uploads.Begun]:  # fmt: skip
    """A place in the vault and a link for each file, in order.

    Raises Refused, NotFound, PolicyUnresolved, PolicyRetired, WrongFiles, TooLarge, BadInput.
    """
    matters.require(actor, member, Action.CREATE, Kind.RECORDING, Target("matter", matter.id, matter.id))
    matters.open_matter(member, matter.id)
    policies.resolve(matter.organization_id, wanted.policy_name)
    # Asked here only: what is chosen now counts, even if it is retired before the last byte has come.
    policies.require_offered(matter.organization_id, wanted.policy_name)
    document = check(files, wanted)
    made = [
        uploads.begin(
            actor=actor,
            vault=matter.vault,
            content_type=_content_type(file),
            kind=StoredObject.Kind.DOCUMENT if document else StoredObject.Kind.RECORDING,
            file_name=file.name,
            size=file.size,
            member_id=member.id,
        )
        for file in files
    ]
    plan = asdict(wanted) | {"member": str(member.id), "objects": [str(begun.obj.id) for begun in made]}
    if document:
        plan |= {"kind": Proceeding.Kind.DOCUMENT.value, "provider": DOCUMENT}
    for begun in made:
        begun.obj.metadata = {"intake": plan}
        begun.obj.save(update_fields=["metadata_sealed"])
    return made


def check(files: Sequence[File], wanted: Wanted) -> bool:
    """Whether it is a document (else recordings). Raises WrongFiles, TooLarge, BadInput with figures and limits."""
    if not 1 <= len(files) <= proceedings.RECORDINGS_LIMIT:
        raise WrongFiles("Choose 1 to 100 files.", limit=proceedings.RECORDINGS_LIMIT, found=len(files))
    if wanted.kind not in Proceeding.Kind.values:
        raise BadInput("This kind of recording is not known.", allowed=list(Proceeding.Kind.values))
    if len(wanted.title) > proceedings.TITLE_LIMIT:
        raise BadInput("A title has at most 300 characters.", limit=proceedings.TITLE_LIMIT, found=len(wanted.title))
    if any(file.size <= 0 for file in files):
        raise WrongFiles("One of the files is empty (0 bytes). Check it on your computer and choose it again.")
    documents = [file for file in files if file.suffix in DOCUMENTS]
    if documents:
        if len(files) > 1:
            raise WrongFiles("A document is uploaded alone: choose one document, or recordings only.", found=len(files))
        _fits(documents, DOCUMENT_BYTES)
        return True
    _fits(files, registry.get(wanted.provider).limits.max_bytes)
    return False


def _fits(files: Sequence[File], limit: int) -> None:
    largest = max(file.size for file in files)
    if largest > limit:
        raise TooLarge(
            "One of the files is too large. Save it as M4A or MP3, which is smaller and loses no words, or divide it.",
            found=readable_size(largest),
            limit=readable_size(limit),
        )


def _content_type(file: File) -> str:
    named = DOCUMENTS.get(file.suffix) or mimetypes.guess_type(f"x{file.suffix}")[0]
    return (file.content_type or named or "application/octet-stream")[:100]


def complete(object_id: UUID) -> Proceeding | None:
    """Makes the Proceeding when this was the last of its files; None while others are missing, or for other objects."""
    obj = StoredObject.objects.select_related("vault").filter(pk=object_id, state=StoredObject.State.STORED).first()
    plan: dict[str, Any] | None = ((obj.metadata or {}).get("intake")) if obj else None
    if obj is None or plan is None:
        return None
    ids = [UUID(listed) for listed in plan["objects"]]
    stored = StoredObject.objects.filter(pk__in=ids, vault=obj.vault, state=StoredObject.State.STORED)
    found = {row.id: row for row in stored.select_related("vault")}
    if len(found) != len(ids):
        return None
    known = _proceeding_of(object_id)
    if known is not None:
        return known
    member = Member.objects.select_related("organization").get(pk=plan["member"])
    try:
        made = proceedings.create(
            actor=Actor("member", member.id, member.name),
            member=member,
            matter=Matter.objects.select_related("vault", "organization").get(vault=obj.vault),
            kind=plan["kind"],
            objects=[found[listed] for listed in ids],
            title=plan["title"],
            provider=plan["provider"],
            policy_name=plan["policy_name"],
            speakers_expected=plan["speakers_expected"],
            language=plan["language"],
            basic_engine_accepted=plan["basic_engine_accepted"],
        )
    except (BadInput, IntegrityError):
        # Two last files at once: the other one was first.
        known = _proceeding_of(object_id)
        if known is None:
            raise
        return known
    return made


def _proceeding_of(object_id: UUID) -> Proceeding | None:
    recording = Recording.objects.filter(object_id=object_id).select_related("proceeding").first()
    return recording.proceeding if recording else None


def sweep(limit: int = 20) -> int:
    """Completes what a process that died left behind; how many Proceedings were made. The files of one that cannot be made
    (its uploader lost the right, say) stay in the vault and are not tried again."""
    now = timezone.now()
    waiting = Upload.objects.filter(
        kind=Upload.Kind.PUT,
        member_id__isnull=False,
        finished_at__lt=now - _SWEEP_AFTER,
        finished_at__gt=now - _SWEEP_UNTIL,
        aborted_at=None,
        object__recording=None,
        object__state=StoredObject.State.STORED,
    )
    made = 0
    for upload in waiting.order_by("-finished_at")[:limit]:
        try:
            made += complete(upload.object_id) is not None
        except PortalError as error:
            log.warning("intake_failed", object=str(upload.object_id), code=error.code)
            if not error.retryable:
                Upload.objects.filter(pk=upload.pk).update(aborted_at=timezone.now())
    return made


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: its Proceeding when there is one, or that it was given up."""

    proceeding: Proceeding | None
    given_up: bool
    # Of the file that was asked about.
    stored: bool


def progress(member: Member, object_id: UUID) -> Progress:
    """Of the batch that this file belongs to. Raises NotFound outside the wall."""
    obj = _own(member, object_id)
    upload = Upload.objects.filter(object=obj).first()
    failed = obj.state in {StoredObject.State.FAILED, StoredObject.State.ERASED}
    given_up = failed or (upload is not None and upload.aborted_at is not None)
    return Progress(_proceeding_of(object_id), given_up, obj.state == StoredObject.State.STORED)


def cancel(*, actor: Actor, member: Member, object_id: UUID) -> int:
    """Gives up the batch that this file belongs to, as long as it is no Proceeding; how many files. Raises NotFound."""
    obj = _own(member, object_id)
    plan = (obj.metadata or {}).get("intake")
    if plan is None or plan["member"] != str(member.id):
        raise NotFound
    if _proceeding_of(object_id) is not None:
        return 0
    batch = StoredObject.objects.filter(pk__in=plan["objects"], vault=obj.vault).select_related("vault")
    for each in batch:
        uploads.cancel(actor=actor, obj=each)
    return len(batch)


def _own(member: Member, object_id: UUID) -> StoredObject:
    inside = StoredObject.objects.filter(vault__matter__in=matters.visible_to(member), pk=object_id)
    obj = inside.select_related("vault").first()
    if obj is None:
        raise NotFound
    return obj
