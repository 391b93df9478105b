"""From a member's view to a file: the Rendition of the export audience, never more than the member sees."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor
from portal.accounts.models import Member
from portal.accounts.rights import Action
from portal.errors import BadInput
from transcription import reading, renditions, signing, speakers
from transcription.exports import format_named
from transcription.exports.document import Document, Line
from transcription.models import Transcript
from transcription.reading import View

# A Word file of a hundred thousand words has 3 MB and takes seconds; far beyond that somebody should ask for JSON.
WORDS_LIMIT: Final = 400_000


@dataclass(frozen=True, slots=True)
class Exported:
    """A file. ``name`` holds the matter's short number only: file names leave the wall."""

    name: str
    content_type: str
    data: bytes
    policy: str


def export(actor: Actor, member: Member, transcript: Transcript, format_name: str) -> Exported:
    """The transcript as this member may carry it out; recorded. ``transcript`` came from ``reading.find``.

    Raises Refused (recorded), BadInput, NeedsChecking, StillHiding, PolicyUnresolved.
    """
    reading.require(actor, member, transcript, Action.EXPORT)
    chosen = format_named(format_name)
    view = reading.view_of(actor, member, transcript, export=True)
    document = document_of(view)
    data = chosen.write(document)
    with transaction.atomic():
        audit.record(
            "transcription:transcript:exported",
            organization_id=view.matter.organization_id,
            actor=actor,
            target=reading.target(transcript),
            format=chosen.name,
            policy=view.given.policy.name,
            version=document.version,
        )
    name = f"transcript-{view.matter.short}-{str(transcript.id)[:8]}-v{document.version}.{chosen.extension}"
    return Exported(name, chosen.content_type, data, view.given.policy.name)


def document_of(view: View) -> Document:
    """Everything a format needs. Raises NeedsChecking, StillHiding, BadInput for a transcript beyond all measure."""
    rendition = view.shown()
    transcript = view.transcript
    if transcript.words > WORDS_LIMIT:
        raise BadInput("This transcript is too long for one file.", limit=WORDS_LIMIT, found=transcript.words)
    names_hidden = view.names_hidden
    lines = tuple(
        Line(
            speakers.called_outside(view.speakers.get(line["speaker"]), line["speaker"], names_hidden=names_hidden),
            line.get("start"),
            line.get("end"),
            line["text"],
        )
        for line in renditions.utterances(rendition)
    )
    return Document(
        matter=view.matter.short,
        kind=transcript.proceeding.get_kind_display(),
        made_at=timezone.now(),
        policy=rendition.policy.name,
        policy_version=rendition.policy.version,
        version=rendition.version,
        edition=rendition.edition,
        model=transcript.model or transcript.provider,
        duration_ms=transcript.duration_ms,
        basic_engine=transcript.basic_engine,
        speakers_guessed=transcript.speakers_guessed,
        hidden_spans=rendition.hidden_spans,
        lines=lines,
        speaker_names_kept_back=names_hidden and any(s.name or s.heard_as for s in view.speakers.values()),
        signatures=tuple(
            (signature.row.member.name, signature.row.signed_at)
            for signature in signing.signatures(transcript)
            if not signature.changed
        ),
    )
