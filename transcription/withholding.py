"""Audio that is withheld: where a transcript is too uncertain to know what must be silent.

Asked at every way to sound: before a page offers it, before a link is minted, and again at each request with a link, so
that a link from before the organization set its limit opens nothing; nor does one from before its holder lost the view, or
from before a correction.
"""

import math
from typing import Final

from django.db import transaction

from compliance import audit
from compliance.audiences import Audience
from compliance.audit import Actor, Target
from compliance.policies import PolicyUnresolved
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput, Conflict
from transcription import proceedings, renditions
from transcription.models import Recording, Rendition, Transcript
from vault import matters
from vault.errors import GrantRefused
from vault.models import Grant, StoredObject

UNCERTAIN: Final = "uncertain"
# The copy was listened to, and something that must be silent was heard in it.
HEARD: Final = "heard"
# It is to be listened to first: nobody hears it, whatever they may reveal.
CHECKING: Final = "checking"
# The check could not be done.
UNCHECKED: Final = "unchecked"
# How a held copy says (``audio_held_reason``) that nobody knows what is heard in it; an older one says nothing.
NOT_DONE: Final = "audio_unchecked"


class SoundWithheld(Conflict):
    code = "audio_withheld"
    message = "Audio withheld: the transcript is too uncertain to know what must be silent."


class SoundHeld(SoundWithheld):
    message = "Audio withheld: a check heard something in it that must be silent. Somebody has to listen first."


class SoundUnchecked(SoundWithheld):
    message = "Audio withheld: it could not be checked. Somebody has to listen first."


class SoundBeingChecked(SoundWithheld):
    code = "audio_being_checked"
    retryable = True
    message = "The audio is being listened to once more before it can be heard. Ask again in some minutes."


def reason(
    organization: Organization, transcript: Transcript, *, may_reveal: bool, rendition: Rendition | None = None
) -> str:
    """Why the transcript's redacted audio is withheld, as a code; "" where it may be heard.

    A transcript whose speech service did not say how sure it is counts as too uncertain wherever a limit is set.
    """
    if rendition is not None and rendition.audio_state == Rendition.Audio.CHECKING:
        return CHECKING
    if may_reveal:
        return ""
    if rendition is not None and rendition.audio_state == Rendition.Audio.HELD:
        return UNCHECKED if rendition.audio_held_reason == NOT_DONE else HEARD
    floor = organization.audio_confidence_floor
    if floor is None:
        return ""
    return UNCERTAIN if transcript.confidence is None or transcript.confidence < floor else ""


def refuse(actor: Actor, transcript: Transcript, why: str) -> None:
    """Records that somebody wanted to hear it. Raises SoundWithheld."""
    _record(actor, transcript, why)
    raise {HEARD: SoundHeld, UNCHECKED: SoundUnchecked, CHECKING: SoundBeingChecked}.get(why, SoundWithheld)


def _record(actor: Actor, transcript: Transcript, why: str) -> None:
    matter = transcript.proceeding.matter
    audit.refuse(
        "transcription:transcript:sound_withheld",
        organization_id=matter.organization_id,
        actor=actor,
        target=Target("transcript", transcript.id, matter.id),
        reason=why,
    )


def check_listened(grant: Grant, copy: StoredObject) -> None:
    """Before a link of whoever may have originals gives a redacted copy, which may be handed on. Raises SoundBeingChecked
    (recorded)."""
    rendition = rendition_of(copy)
    if rendition is not None and rendition.audio_state == Rendition.Audio.CHECKING:
        refuse(Actor(grant.actor_kind, grant.actor_id, ""), rendition.transcript, CHECKING)


def check_link(grant: Grant, copy: StoredObject) -> None:
    """Before a member's link gives a byte of a redacted copy. Raises SoundWithheld, GrantRefused (both recorded)."""
    rendition = rendition_of(copy)
    by_member = grant.actor_id if grant.actor_kind == "member" else None
    member = Member.objects.filter(pk=by_member).first() if by_member else None
    if rendition is None:
        raise GrantRefused
    transcript = rendition.transcript
    actor = Actor(grant.actor_kind, grant.actor_id, member.name if member else "")
    may_reveal = member is not None and allowed(member.roles, Action.REVEAL, Kind.ORIGINAL)
    organization = transcript.proceeding.matter.organization
    why = reason(organization, transcript, may_reveal=may_reveal, rendition=rendition)
    if why:
        refuse(actor, transcript, why)
    why = _not_theirs(member, rendition)
    if why:
        _record(actor, transcript, why)
        raise GrantRefused


def _not_theirs(member: Member | None, rendition: Rendition) -> str:
    """Why this copy is not what the member is shown now, as a code; "" where it is.

    A link lives longer than a right and than a text: a role may have been taken, a rule changed, a line corrected since.
    """
    transcript = rendition.transcript
    if rendition.state != Rendition.State.READY or rendition.edition != renditions.edition_of(transcript):
        return "superseded"
    if transcript.state == Transcript.State.READY and rendition.version != transcript.version:
        # What the correction made private is heard in it. (While it is being checked, what was shown before stays.)
        return "superseded"
    if member is None:
        return "policy"
    if rendition.audio_state == Rendition.Audio.HELD and allowed(member.roles, Action.REVIEW, Kind.TRANSCRIPT):
        # Whoever is to judge a held copy hears it, under whatever policy it is: ``reason`` gave it to none but them.
        return ""
    try:
        policy = proceedings.policy_for(transcript.proceeding, Audience.of_member(member))
    except PolicyUnresolved:
        return "policy"
    return "" if policy.pk == rendition.policy_id else "policy"


def rendition_of(copy: StoredObject) -> Rendition | None:
    """The Rendition whose sound this is."""
    proceedings = Recording.objects.filter(object_id=copy.source_id).values("proceeding")
    rows = Rendition.objects.filter(transcript__proceeding__in=proceedings)
    rows = rows.select_related("transcript__proceeding__matter__organization", "transcript__proceeding__matter__vault")
    return next((row for row in rows if str(copy.id) in row.audio_objects), None)


def set_floor(*, actor: Actor, by: Member, floor: float | None) -> None:
    """The confidence (0..1) below which audio is withheld from those who may not reveal; None: it never is.

    For whoever manages policies. Raises Refused (recorded), BadInput.
    """
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    if floor is not None and not (math.isfinite(floor) and 0 < floor <= 1):
        raise BadInput("The limit lies between 0 and 1; leave it out to switch it off.", minimum=0, maximum=1)
    with transaction.atomic():
        Organization.objects.filter(pk=by.organization_id).update(audio_confidence_floor=floor)
        audit.record(
            "portal:settings:changed",
            organization_id=by.organization_id,
            actor=actor,
            target=Target("organization", by.organization_id),
            setting="audio_confidence_floor" if floor is not None else "audio_confidence_floor_off",
        )
