"""The sound of a Rendition: one redacted copy a Recording, streamed from vault to vault."""

import io
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import BinaryIO, Final, cast

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from compliance.audit import SYSTEM, Actor
from compliance.redaction import AudioUnreadable, redact_audio
from portal.accounts.models import Organization
from portal.errors import PortalError
from transcription import renditions
from transcription.models import Recording, Rendition
from vault import objects
from vault.models import StoredObject

log = logging.getLogger(__name__)
M4A = "audio/mp4"
# The decoder asks for a few hundred bytes at a time; whole blocks spare it the Python call.
_READ_BLOCK = 256 * 1024
# A full disk or a worker that is restarted is over by then; what crashes three times wants a person.
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=1)


def recordings_of(rendition: Rendition) -> list[tuple[Recording, int]]:
    """The Recordings that can be heard, in order, and where each begins in the Proceeding (ms)."""
    placed: list[tuple[Recording, int]] = []
    offset = 0
    proceeding_id = rendition.transcript.proceeding_id
    for recording in Recording.objects.filter(proceeding_id=proceeding_id).select_related("object__vault"):
        if recording.media in ("audio", "video"):
            placed.append((recording, offset))
        offset += recording.duration_ms or 0
    return placed


def silences_within(
    silences: Sequence[tuple[int, int]], offset: int, duration: int | None
) -> list[tuple[int, int]]:  # fmt: skip
    """The silences that touch one Recording, in its own time. Without a known duration none is cut off at its end."""
    end = None if duration is None else offset + duration
    return [
        (max(0, start - offset), stop - offset)
        for start, stop in silences
        if stop > offset and (end is None or start < end)
    ]  # fmt: skip


def plain(obj: StoredObject) -> BinaryIO:
    """The stored object as a seekable file for decoders. Raises as ``objects.opener``."""
    return cast(BinaryIO, io.BufferedReader(objects.PlainReader(obj), _READ_BLOCK))


def ensure(rendition: Rendition, *, actor: Actor = SYSTEM) -> Rendition:
    """Makes the redacted copies of a Rendition that waits for them. Not inside a transaction.

    ``audio_state`` is READY, CHECKING (to be listened to before anybody hears it) or FAILED afterwards. May be called by
    several processes: one set of copies is kept, the other's is erased. Raises retryable errors of storage and key store.
    """
    if rendition.audio_state != Rendition.Audio.BUILDING:
        return rendition
    try:
        rendered, _ = renditions.view_of(rendition)
    except renditions.NotShown:
        # A correction or a decision came in between: the newer Rendition gets the sound.
        return _settle(rendition, Rendition.Audio.NONE, [])
    made: list[StoredObject] = []
    quiet = False
    try:
        for recording, offset in recordings_of(rendition):
            spans = silences_within(rendered.silences, offset, recording.duration_ms)
            quiet = quiet or bool(spans)
            sound = redact_audio(plain(recording.object), spans)
            made.append(
                objects.put_bytes(
                    actor=actor,
                    vault=recording.object.vault,
                    kind=StoredObject.Kind.REDACTED_AUDIO,
                    content_type=M4A,
                    data=sound,
                    head=sound.head,
                    source=recording.object,
                )
            )
    except AudioUnreadable as error:
        log.warning("audio.unreadable rendition=%s code=%s", rendition.id, error.code)
        _erase(made, actor)
        return _settle(rendition, Rendition.Audio.FAILED, [])
    except BaseException:
        _erase(made, actor)
        raise
    settled = _settle(rendition, Rendition.Audio.READY, [str(obj.id) for obj in made], check=quiet)
    if settled.audio_objects != [str(obj.id) for obj in made]:
        _erase(made, actor)
    return settled


def attempt(rendition: Rendition, *, actor: Actor = SYSTEM) -> Rendition:
    """As ``ensure``, but sound that crashes the bleeper is nobody's standstill: each try counts from its beginning, so that a
    worker that is killed by it is killed no further time, and after TRIES it is FAILED. ``driving.sound_due`` gives what
    failed once more, AGAIN later."""
    if rendition.audio_state != Rendition.Audio.BUILDING:
        return rendition
    waiting = Rendition.objects.filter(pk=rendition.pk, audio_state=Rendition.Audio.BUILDING)
    if rendition.audio_tries >= TRIES:
        log.error("audio.given_up rendition=%s tries=%s", rendition.id, rendition.audio_tries)
        return _settle(rendition, Rendition.Audio.FAILED, [])
    waiting.update(audio_tries=F("audio_tries") + 1, audio_tried_at=timezone.now())
    try:
        return ensure(rendition, actor=actor)
    except PortalError:
        # Storage or the key store, not this sound: it is no try, however long they are down.
        waiting.filter(audio_tries__gt=0).update(audio_tries=F("audio_tries") - 1)
        raise
    except Exception as error:
        # By its kind only: a message may hold content.
        log.error("audio.failed rendition=%s try=%s error=%s", rendition.id, rendition.audio_tries + 1, type(error).__name__)
    rendition.refresh_from_db(fields=["audio_state", "audio_objects", "audio_tries", "audio_tried_at"])
    return attempt(rendition, actor=actor) if rendition.audio_tries >= TRIES else rendition


def _settle(rendition: Rendition, state: str, made: list[str], *, check: bool = False) -> Rendition:
    """``check``: parts of it must be silent, so it waits where the organization wants copies listened to first."""
    organization_id = rendition.transcript.proceeding.matter.organization_id
    with transaction.atomic():
        # Asked now: it may have been switched on while the copy was made.
        if check and Organization.objects.filter(pk=organization_id, check_bleeped_audio=True).exists():
            state = Rendition.Audio.CHECKING
        waiting = Rendition.objects.filter(pk=rendition.pk, audio_state=Rendition.Audio.BUILDING)
        # From here on tries are those of the check.
        waiting.update(audio_state=state, audio_objects=made, audio_tries=0, audio_tried_at=None)
    rendition.refresh_from_db(fields=["audio_state", "audio_objects", "audio_tries", "audio_tried_at"])
    return rendition


def _erase(made: Sequence[StoredObject], actor: Actor) -> None:
    for obj in made:
        objects.erase(actor=actor, obj=obj)
