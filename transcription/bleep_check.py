"""The check of bleeped copies: an organization that wants it has each one listened to again, in the background.

A copy that is made while it is wanted is heard by nobody until it passed (state CHECKING); one that was made before stays
audible until its turn. A copy in which something is heard, or that cannot be checked, is held: withheld from those who may
not reveal, with an owner, an age and ways out: hide what was missed (which makes a new copy), or release it after
listening; or, where it could not be checked, have it checked once more.
"""

import importlib
import logging
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind
from portal.errors import Conflict, NotFound
from transcription import audio, playback, reading, relistening, renditions, second_pass, withholding
from transcription.drift import Timed
from transcription.models import Proceeding, Rendition, Transcript
from transcription.reading import View
from vault import matters
from vault.models import StoredObject

log = logging.getLogger(__name__)
# A full disk or a key store that restarts is over by then; what fails three times in half an hour wants a person.
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=10)
# How often people are told how far it is, in ms of sound that was listened to.
TOLD_MS: Final = 10_000
# Copies whose check is not decided: made while it was wanted, and before.
OPEN: Final = (Rendition.Audio.CHECKING, Rendition.Audio.READY)
_ORGANIZATION: Final = "transcript__proceeding__matter__organization"


class NothingToHear(RuntimeError):
    """Something must be silent in the copy, and nothing says how long it is: such a check would pass anything."""


class NotHeldBack(Conflict):
    code = "not_held"
    message = "This audio is not held back any more."


def due(limit: int = 1) -> list[Rendition]:
    """Copies that nobody listened to yet: those that people wait for, then those made before the check was wanted.

    Organizations take turns, the one whose last try is longest ago first; in each the oldest copy.
    """
    now = timezone.now()
    rows = Rendition.objects.filter(
        Q(audio_tried_at=None) | Q(audio_tried_at__lt=now - AGAIN),
        # What a correction left behind is replaced, not checked.
        version=F("transcript__version"),
        state=Rendition.State.READY,
        audio_checked_at=None,
        transcript__proceeding__matter__erased_at=None,
    ).exclude(transcript__proceeding__state=Proceeding.State.ERASED)
    earlier = Q(audio_state=Rendition.Audio.READY, **{f"{_ORGANIZATION}__check_bleeped_audio": True})
    for group in (Q(audio_state=Rendition.Audio.CHECKING), earlier):
        found = rows.filter(group)
        waiting = set(found.values_list(_ORGANIZATION, flat=True).distinct())
        tried = Rendition.objects.filter(**{f"{_ORGANIZATION}__in": waiting}).values_list(_ORGANIZATION)
        last = dict(tried.annotate(last=Max("audio_tried_at")))
        if waiting:
            mine = found.filter(**{_ORGANIZATION: min(waiting, key=lambda one: (last[one] is not None, last[one] or now))})
            related = mine.select_related("transcript__proceeding__matter__vault", "transcript__original__vault", "policy")
            return list(related.order_by("audio_tries", "created_at")[:limit])
    return []


def run(rendition: Rendition, *, hear: relistening.Hear | None = None) -> relistening.Checked | None:
    """Listens and records the outcome. None: replaced meanwhile, another process's, or not done this time.

    Not inside a transaction. A copy that cannot be listened to is held, too: after TRIES tries, each of which counts
    from its beginning, so that a worker that is killed by a copy is killed no further time.
    """
    if rendition.audio_tries >= TRIES:
        _keep(rendition, relistening.Checked(0, 0, ()), withholding.NOT_DONE)
        return None
    if not _begin(rendition):
        return None
    try:
        done = _listen_to(rendition, hear or _listen)
    except renditions.NotShown:
        # A decision came in between: the newer view gets its own copy, and this one was not to blame.
        Rendition.objects.filter(pk=rendition.pk).update(audio_tries=0)
        return None
    except Exception as error:
        # By its kind only: a message may hold content.
        kind, tries = type(error).__name__, rendition.audio_tries
        log.warning("bleep_check.failed rendition=%s try=%s error=%s", rendition.id, tries, kind)
        if rendition.audio_tries >= TRIES:
            _keep(rendition, relistening.Checked(0, 0, ()), withholding.NOT_DONE)
        return None
    reason = "audio_heard" if done.heard else "audio_beside" if done.beside else ""
    _keep(rendition, done, reason)
    return done


def _begin(rendition: Rendition) -> bool:
    """Counts a try. False where another process was first or it is decided."""
    rows = Rendition.objects.filter(pk=rendition.pk, audio_state__in=OPEN, audio_tries=rendition.audio_tries)
    begun = rows.filter(audio_checked_at=None).update(
        audio_tries=F("audio_tries") + 1, audio_tried_at=timezone.now(), audio_listened_ms=0
    )
    if begun:
        rendition.refresh_from_db(fields=["audio_tries", "audio_tried_at", "audio_state"])
    return bool(begun)


def _listen_to(rendition: Rendition, hear: relistening.Hear) -> relistening.Checked:
    rendered, dialogue = renditions.view_of(rendition)
    copies = StoredObject.objects.select_related("vault").in_bulk(rendition.audio_objects)
    by_id = {str(key): copy for key, copy in copies.items()}
    placed = audio.recordings_of(rendition)
    whole = max([rendition.transcript.duration_ms, *(offset + (r.duration_ms or 0) for r, offset in placed)])
    plan = relistening.plan(rendered.silences, whole)
    if rendered.silences and not plan.milliseconds:
        raise NothingToHear
    progress = _Progress(rendition, plan.milliseconds)
    parts: list[relistening.Checked] = []
    for (recording, offset), object_id in zip(placed, rendition.audio_objects, strict=True):
        duration = recording.duration_ms or max(whole - offset, 0)
        parts.append(
            relistening.check(
                audio.plain(by_id[object_id]),
                dialogue,
                audio.silences_within(rendered.silences, offset, recording.duration_ms),
                plan=plan.within(offset, duration),
                offset=offset,
                hear=hear,
                listened=progress.add,
            )
        )
    return relistening.Checked(
        sum(part.windows for part in parts),
        sum(part.milliseconds for part in parts),
        tuple(place for part in parts for place in part.heard),
        tuple(place for part in parts for place in part.beside),
    )


class _Progress:
    """How far a check has come, for the people who wait: written at most every TOLD_MS of sound."""

    def __init__(self, rendition: Rendition, total: int) -> None:
        self._row = Rendition.objects.filter(pk=rendition.pk)
        self._done = self._told = 0
        self._row.update(audio_to_listen_ms=total)

    def add(self, milliseconds: int) -> None:
        self._done += milliseconds
        if self._done - self._told >= TOLD_MS:
            self._told = self._done
            # The time with it: a check that goes on is nobody else's to begin, however slow the machine is.
            self._row.update(audio_listened_ms=self._done, audio_tried_at=timezone.now())


def _keep(rendition: Rendition, done: relistening.Checked, reason: str) -> None:
    """``reason``: why it is held; "" where it may be heard."""
    matter = rendition.transcript.proceeding.matter
    owner = second_pass.owner_of(rendition.transcript.proceeding) if reason else None
    with transaction.atomic():
        rows = Rendition.objects.filter(pk=rendition.pk, audio_state__in=OPEN, audio_checked_at=None)
        if not rows.update(
            audio_state=Rendition.Audio.HELD if reason else Rendition.Audio.READY,
            audio_checked_at=timezone.now(),
            audio_held_reason=reason,
            audio_owner=owner,
            audio_heard=sorted([*place] for place in {*done.heard, *done.beside}),
        ):
            return
        audit.record(
            "transcription:rendition:sound_checked",
            organization_id=matter.organization_id,
            actor=SYSTEM,
            target=reading.target(rendition.transcript),
            result="unchecked" if reason == withholding.NOT_DONE else "held" if reason else "clean",
            windows=done.windows,
            milliseconds=done.milliseconds,
            hits=done.hits,
        )
    rendition.refresh_from_db()


def held_rows(member: Member) -> QuerySet[Rendition]:
    """Copies that are held behind the member's walls."""
    return Rendition.objects.filter(
        audio_state=Rendition.Audio.HELD,
        state=Rendition.State.READY,
        transcript__state=Transcript.State.READY,
        transcript__superseded_at=None,
        transcript__proceeding__matter__in=matters.visible_to(member),
    )


def held(member: Member) -> list[Rendition]:
    """They, the oldest first."""
    related = held_rows(member).select_related("transcript__proceeding__matter__vault", "audio_owner", "policy")
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


def again(view: View, rendition: Rendition) -> None:
    """Has a copy whose check could not be done listened to once more. Raises Refused (recorded), NotHeldBack."""
    _require(view)
    with transaction.atomic():
        rows = Rendition.objects.filter(
            pk=rendition.pk, audio_state=Rendition.Audio.HELD, audio_held_reason=withholding.NOT_DONE
        )  # fmt: skip
        if not rows.update(
            audio_state=Rendition.Audio.CHECKING, audio_checked_at=None, audio_tries=0, audio_tried_at=None,
            audio_listened_ms=0, audio_to_listen_ms=0, audio_held_reason="", audio_owner=None,
        ):  # fmt: skip
            raise NotHeldBack
        audit.record(
            "transcription:rendition:sound_check_asked",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
        )


def switch(*, actor: Actor, by: Member, on: bool) -> None:
    """Whether the organization's bleeped copies are listened to. For whoever manages policies. Raises Refused.

    Switched off, copies that wait can be heard; what is held stays held.
    """
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    with transaction.atomic():
        Organization.objects.filter(pk=by.organization_id).update(check_bleeped_audio=on)
        if not on:
            waiting = Rendition.objects.filter(audio_state=Rendition.Audio.CHECKING)
            waiting.filter(**{_ORGANIZATION: by.organization_id}).update(audio_state=Rendition.Audio.READY)
        audit.record(
            "portal:settings:changed",
            organization_id=by.organization_id,
            actor=actor,
            target=audit.Target("organization", by.organization_id),
            setting="bleep_check_on" if on else "bleep_check_off",
        )


def _listen(sound: relistening.Sound) -> list[Timed]:
    # By name: recognisers bring 300 MB with them, which only the process that listens should hold.
    said: list[Timed] = importlib.import_module("transcription.ears").listen(sound)
    return said
