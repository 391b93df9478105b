"""Signatures under a version, as its signer saw it."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from compliance import audit
from compliance.models import AuditEvent
from portal.accounts.rights import Action
from portal.errors import Conflict
from transcription import reading, renditions, speakers
from transcription.models import Rendition, SignOff, Transcript
from transcription.reading import View
from vault import secrets

_LABEL: Final = b"sealscript sign-off v1"


class AlreadySigned(Conflict):
    code = "already_signed"
    message = "You have signed this text already, exactly as it stands."


class BeingChecked(Conflict):
    code = "hiding"
    message = "A correction is still being checked. Sign the version that comes of it."


def digest(rendition: Rendition, transcript: Transcript) -> str:
    """HMAC-SHA256 in hex, keyed by the vault, over what the view says: lines, times, speakers and their names.

    Keyed, so that nobody without the vault can try texts against it.
    """
    # The first secret: a signature must be checkable after the vault's keys were rotated.
    keys = secrets.version(transcript.sealing_vault, 1)
    whole = hmac.new(hashlib.sha256(_LABEL + keys.field).digest(), digestmod="sha256")
    names = [[s.label, speakers.called(s), s.role] for s in transcript.speakers.order_by("position")]
    _add(whole, [str(transcript.id), rendition.version, rendition.policy.name, rendition.policy.version, names])
    for line in renditions.utterances(rendition):
        _add(whole, [line["n"], line["speaker"], line.get("start"), line.get("end"), line["text"]])
    return whole.hexdigest()


def _add(whole: "hmac.HMAC", value: object) -> None:
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    whole.update(len(data).to_bytes(8, "big") + data)


def sign(view: View) -> SignOff:
    """The member's signature under the version they see. Raises Refused, AlreadySigned, BeingChecked."""
    reading.require(view.actor, view.member, view.transcript, Action.SIGN)
    rendition = view.shown()
    if view.behind:
        raise BeingChecked
    # A signature says that somebody read it: the read is on record as well.
    reading.record_read(view)
    made = digest(rendition, view.transcript)
    if SignOff.objects.filter(transcript=view.transcript, member=view.member, digest=made).exists():
        raise AlreadySigned
    try:
        with transaction.atomic():
            row = SignOff.objects.create(
                transcript=view.transcript,
                version=rendition.version,
                rendition=rendition,
                member=view.member,
                digest=made,
            )
            audit.record(
                "transcription:transcript:signed",
                organization_id=view.matter.organization_id,
                actor=view.actor,
                target=reading.target(view.transcript),
                version=rendition.version,
                policy=view.given.policy.name,
            )
    except IntegrityError:
        raise AlreadySigned from None
    return row


@dataclass(frozen=True, slots=True)
class Signature:
    """``changed``: what is shown today is not what was signed: a correction, a decision or a speaker's name came after."""

    row: SignOff
    changed: bool


def signatures(transcript: Transcript) -> list[Signature]:
    """All signatures, newest first."""
    rows = SignOff.objects.filter(transcript=transcript).select_related("member", "rendition__policy")
    renames = AuditEvent.objects.filter(
        organization_id=transcript.proceeding.matter.organization_id,
        matter_id=transcript.proceeding.matter_id,
        type="transcription:speaker:renamed",
        target_id=str(transcript.id),
    )
    edition = renditions.edition_of(transcript)
    return [
        Signature(
            row,
            row.version != transcript.version
            or row.rendition.edition != edition
            or row.rendition.year != renditions.year_of(row.rendition.policy)
            or renames.filter(at__gt=row.signed_at).exists(),
        )
        for row in rows
    ]


def holds(row: SignOff) -> bool:
    """Whether what was signed is still exactly what the digest says: for whoever checks a signature."""
    return hmac.compare_digest(row.digest, digest(row.rendition, row.transcript))
