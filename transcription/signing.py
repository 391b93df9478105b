"""Signatures under a version, as its signer saw it."""

import hmac
from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from compliance import audit
from compliance.models import AuditEvent, DisclosurePolicy
from compliance.policies import PolicyUnresolved
from portal.accounts.rights import Action
from portal.errors import Conflict
from transcription import reading, renditions, speakers
from transcription.models import Rendition, SignOff, Transcript
from transcription.reading import View
from transcription.text_digest import Summing

_LABEL: Final = b"sealscript sign-off v1"


class AlreadySigned(Conflict):
    code = "already_signed"
    message = "You have signed this text already, exactly as it stands."


class BeingChecked(Conflict):
    code = "hiding"
    message = "A correction is still being checked. Sign the version that comes of it."


def digest(rendition: Rendition, transcript: Transcript) -> str:
    """HMAC-SHA256 in hex, keyed by the vault, over what the view says: lines, times, speakers and their names.

    The edition is not in it: what was made anew and says the same is the same.
    """
    whole = Summing(transcript.sealing_vault, _LABEL)
    names = [[s.label, speakers.called(s), s.role] for s in transcript.speakers.order_by("position")]
    whole.add([str(transcript.id), rendition.version, rendition.policy.name, rendition.policy.version, names])
    whole.lines(renditions.utterances(rendition))
    return whole.hexdigest()


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
    """``changed``: what is shown today is not what was signed: a correction, a decision, another check that hides something
    else, or a speaker's name came after. What was made anew and reads the same is unchanged."""

    row: SignOff
    changed: bool


def signatures(transcript: Transcript) -> list[Signature]:
    """All signatures, newest first. Not inside a transaction: the view of today is made where it is missing."""
    rows = SignOff.objects.filter(transcript=transcript).select_related("member", "rendition__policy")
    renames = AuditEvent.objects.filter(
        organization_id=transcript.proceeding.matter.organization_id,
        matter_id=transcript.proceeding.matter_id,
        type="transcription:speaker:renamed",
        target_id=str(transcript.id),
    )
    return [
        Signature(row, renames.filter(at__gt=row.signed_at).exists() or not _reads_as_signed(row, transcript)) for row in rows
    ]


def _reads_as_signed(row: SignOff, transcript: Transcript) -> bool:
    """Whether the text under the signed policy is today, letter by letter, what was signed. Where nobody can say it is not."""
    signed = row.rendition
    if row.version != transcript.version:
        return False
    of_name = DisclosurePolicy.objects.filter(organization=signed.policy.organization_id, name=signed.policy.name)
    newest = of_name.order_by("-version").first()
    try:
        if newest is None:
            return False
        today = renditions.ensure(transcript, newest)
    except (renditions.NotShown, PolicyUnresolved):
        return False
    return today.pk == signed.pk or hmac.compare_digest(renditions.digest_of(today), renditions.digest_of(signed))


def holds(row: SignOff) -> bool:
    """Whether what was signed is still exactly what the digest says: for whoever checks a signature."""
    return hmac.compare_digest(row.digest, digest(row.rendition, row.transcript))
