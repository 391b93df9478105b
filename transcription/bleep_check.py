"""The check of bleeped copies: an organization that wants it has each one listened to again, in the background.

What is heard holds the audio: withheld from those who may not reveal, with an owner, an age and two ways out: hide what
was missed (which makes a new copy), or release it after listening.
"""

import importlib
import logging
from uuid import UUID

from av.error import FFmpegError
from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind
from portal.errors import Conflict, NotFound
from transcription import audio, playback, reading, relistening, renditions, second_pass
from transcription.models import Rendition, Transcript
from transcription.reading import View
from vault import matters
from vault.models import StoredObject

log = logging.getLogger(__name__)


class NotHeldBack(Conflict):
    code = "not_held"
    message = "This audio is not held back any more."


def due(limit: int = 1) -> list[Rendition]:
    """Copies of organizations that want the check and that nobody listened to yet, the oldest first."""
    rows = Rendition.objects.filter(
        audio_state=Rendition.Audio.READY,
        state=Rendition.State.READY,
        audio_checked_at=None,
        transcript__proceeding__matter__organization__check_bleeped_audio=True,
    )
    related = rows.select_related("transcript__proceeding__matter__vault", "transcript__original__vault", "policy")
    return list(related.order_by("created_at")[:limit])


def run(rendition: Rendition, *, hear: relistening.Hear | None = None) -> relistening.Checked | None:
    """Listens and records the outcome. None: it was replaced meanwhile. Not inside a transaction.

    A copy that cannot be listened to is held, too. Raises retryable errors of storage and key store.
    """
    try:
        rendered, dialogue = renditions.view_of(rendition)
    except renditions.NotShown:
        return None
    windows = milliseconds = 0
    heard: list[tuple[int, int]] = []
    copies = StoredObject.objects.select_related("vault").in_bulk(rendition.audio_objects)
    by_id = {str(key): copy for key, copy in copies.items()}
    try:
        for (recording, offset), object_id in zip(
            audio.recordings_of(rendition), rendition.audio_objects, strict=True
        ):  # fmt: skip
            duration = recording.duration_ms or rendition.transcript.duration_ms
            checked = relistening.check(
                audio.plain(by_id[object_id]),
                dialogue,
                audio.silences_within(rendered.silences, offset, recording.duration_ms),
                duration=duration,
                offset=offset,
                hear=hear or _listen,
            )
            windows, milliseconds = windows + checked.windows, milliseconds + checked.milliseconds
            heard += checked.heard
    except FFmpegError:
        log.warning("bleep_check.unreadable rendition=%s", rendition.id)
        heard.append((0, rendition.transcript.duration_ms or 0))
    done = relistening.Checked(windows, milliseconds, tuple(heard))
    _keep(rendition, done)
    return done


def _keep(rendition: Rendition, done: relistening.Checked) -> None:
    matter = rendition.transcript.proceeding.matter
    now = timezone.now()
    state = Rendition.Audio.HELD if done.hits else Rendition.Audio.READY
    owner = second_pass.owner_of(rendition.transcript.proceeding) if done.hits else None
    with transaction.atomic():
        rows = Rendition.objects.filter(pk=rendition.pk, audio_state=Rendition.Audio.READY)
        heard = [list(place) for place in done.heard]
        if not rows.update(audio_state=state, audio_checked_at=now, audio_owner=owner, audio_heard=heard):
            return
        audit.record(
            "transcription:rendition:sound_checked",
            organization_id=matter.organization_id,
            actor=SYSTEM,
            target=reading.target(rendition.transcript),
            result="held" if done.hits else "clean",
            windows=done.windows,
            milliseconds=done.milliseconds,
            hits=done.hits,
        )
    rendition.refresh_from_db()


def held(member: Member) -> list[Rendition]:
    """Copies that are held behind the member's walls, the oldest first."""
    rows = Rendition.objects.filter(
        audio_state=Rendition.Audio.HELD,
        state=Rendition.State.READY,
        transcript__state=Transcript.State.READY,
        transcript__superseded_at=None,
        transcript__proceeding__matter__in=matters.visible_to(member),
    )
    related = rows.select_related("transcript__proceeding__matter__vault", "audio_owner", "policy")
    return list(related.order_by("audio_checked_at"))


def held_copy(view: View, rendition_id: UUID) -> Rendition:
    """One of the transcript's held copies, under whatever policy: who decides may see another view. Raises NotFound."""
    rows = Rendition.objects.filter(transcript=view.transcript, state=Rendition.State.READY, audio_state=Rendition.Audio.HELD)
    row = rows.filter(pk=rendition_id).select_related("audio_owner", "policy").first()
    if row is None:
        raise NotFound
    row.transcript = view.transcript
    return row


def held_copies(view: View) -> list[Rendition]:
    """All of them, those of this view's policy first."""
    rows = Rendition.objects.filter(transcript=view.transcript, state=Rendition.State.READY, audio_state=Rendition.Audio.HELD)
    return sorted(rows.select_related("audio_owner", "policy"), key=lambda row: row.policy_id != view.shown().policy_id)


def listen(view: View, rendition: Rendition) -> list[playback.Part]:
    """Links to a held copy, for whoever is to judge it; the play is recorded. Raises Refused (recorded)."""
    _require(view)
    return playback.links_to(view, rendition)


def _require(view: View) -> None:
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)


def release(view: View, rendition: Rendition) -> None:
    """ "I have listened: nothing private is heard in it." Raises Refused (recorded), NotHeldBack."""
    _require(view)
    with transaction.atomic():
        rows = Rendition.objects.filter(pk=rendition.pk, audio_state=Rendition.Audio.HELD)
        if not rows.update(audio_state=Rendition.Audio.READY, audio_owner=None):
            raise NotHeldBack
        audit.record(
            "transcription:rendition:sound_released",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
        )


def switch(*, actor: Actor, by: Member, on: bool) -> None:
    """Whether the organization's bleeped copies are listened to. For whoever manages policies. Raises Refused."""
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    with transaction.atomic():
        Organization.objects.filter(pk=by.organization_id).update(check_bleeped_audio=on)
        audit.record(
            "portal:settings:changed",
            organization_id=by.organization_id,
            actor=actor,
            target=audit.Target("organization", by.organization_id),
            setting="bleep_check_on" if on else "bleep_check_off",
        )


def _listen(sound: relistening.Sound) -> str:
    # By name: recognisers bring 300 MB with them, which only the process that listens should hold.
    said: str = importlib.import_module("transcription.ears").listen(sound)
    return said
