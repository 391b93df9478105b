"""Seeing a recording: the picture of a video, for whoever reads with nothing hidden, and for nobody else.

A face identifies, and a picture cannot be made silent in parts as sound can: it is in the original file only. So a link to
that file is minted for a view under ``verbatim`` and for no other, and whether its holder still has such a view is asked
again at each request with it. (A recording that is sound alone has no picture to keep back: its original is heard by
whoever has its held text open, ``held_sound``.)
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from compliance import audit
from compliance.audiences import Audience
from compliance.audit import Actor, Target
from compliance.policies import PolicyUnresolved, readable
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from transcription import holding, proceedings, reading
from transcription.models import Recording, Transcript
from transcription.reading import View
from vault import grants
from vault.errors import GrantRefused
from vault.models import Grant, StoredObject

VIDEO: Final = "video"
# How people call the formats that FFmpeg names.
FORMATS: Final[Mapping[str, str]] = {"avi": "AVI", "matroska": "Matroska or WebM", "mov": "MP4 or MOV", "mpegts": "MPEG-TS"}


def state(view: View) -> str:
    """``none`` (nothing here has a picture), ``hidden`` or ``shown``: what the page says of it."""
    if not view.transcript.proceeding.recordings.filter(media=VIDEO).exists():
        return "none"
    return "shown" if _may_see(view.verbatim, view.member) and not view.held else "hidden"


def _may_see(verbatim: bool, member: Member) -> bool:
    return verbatim and allowed(member.roles, Action.REVEAL, Kind.ORIGINAL)


def called(recording: Recording) -> str:
    """The recording's format in people's words; empty where nothing was found out about it."""
    return FORMATS.get(recording.container, recording.container.upper())


def links(view: View, seconds: int) -> dict[UUID, str]:
    """Paths to the videos of the view by recording, with the record that they are shown; none where they are not.

    In the transaction of the play, whose links live as long.
    """
    if state(view) != "shown":
        return {}
    rendition = view.shown()
    videos = view.transcript.proceeding.recordings.filter(media=VIDEO).select_related("object__vault__organization")
    found: dict[UUID, str] = {}
    with transaction.atomic():
        for recording in videos:
            _, url = grants.mint(actor=view.actor, obj=recording.object, method="GET", seconds=seconds)
            found[recording.id] = urlsplit(url).path
        audit.record(
            "transcription:transcript:picture_shown",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            merge=f"{rendition.version}:{rendition.policy_id}",
            policy=view.given.policy.name,
            purpose=view.given.purpose,
            recordings=len(found),
        )
    return found


def check_link(grant: Grant, original: StoredObject) -> None:
    """Before a member's link gives a byte of an original recording: a video under verbatim, or sound while they have its
    held text open. Raises GrantRefused, recorded."""
    recording = Recording.objects.select_related("proceeding__matter").filter(object=original).first()
    if recording is None:
        # Not part of a proceeding yet: whoever put it there knows what it is.
        if original.created_by is not None and original.created_by == grant.actor_id:
            return
        raise GrantRefused
    by_member = grant.actor_id if grant.actor_kind == "member" else None
    member = Member.objects.filter(pk=by_member).first() if by_member else None
    if member is not None and holding.may_hear(member, recording):
        return
    why = _why_not(member, recording)
    if why:
        matter = recording.proceeding.matter
        audit.refuse(
            f"transcription:transcript:{'picture' if recording.media == VIDEO else 'sound'}_withheld",
            organization_id=matter.organization_id,
            actor=Actor(grant.actor_kind, grant.actor_id, member.name if member else ""),
            target=Target("object", original.id, matter.id),
            reason=why,
        )
        raise GrantRefused


def _why_not(member: Member | None, recording: Recording) -> str:
    """Why the member may not see this video now, as a code; empty where they may."""
    if recording.media != VIDEO:
        return "not_open"
    if member is None:
        return "not_verbatim"
    try:
        policy = readable(proceedings.policy_for(recording.proceeding, Audience.of_member(member)))
    except PolicyUnresolved:
        return "policy"
    if not _may_see(not policy.hides_anything, member):
        return "not_verbatim"
    # An earlier transcript of it may be open while the newest needs checking.
    read = Transcript.objects.filter(proceeding=recording.proceeding_id).exclude(state=Transcript.State.HELD)
    return "" if read.exists() else "held"
