"""The original sound of a held transcript, for whoever has its text open for checking by hand, and only while it is open.

Nobody knows yet what must be silent in it, so there is no other copy to hear. Links are kept, sealed, with the reveal they
belong to; whether it is still open is asked again at each request with one. A video's sound comes with its picture, which
a reveal does not open.
"""

from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from compliance import audit
from portal.errors import Conflict
from transcription import holding, playback, reading
from transcription.holding import AUDIO
from transcription.models import Reveal
from transcription.playback import NoSound, Part
from transcription.reading import View
from vault import grants


class SoundWithPicture(Conflict):
    code = "sound_with_picture"
    message = (
        "The sound of a video cannot be heard here: its picture would come with it. Once the transcript is released, its sound "
        "can be heard there."
    )


def offered(view: View) -> str:
    """``none`` (it came as text), ``video`` (there is no sound without a picture) or ``audio``."""
    kinds = {recording.media for recording, _ in playback.recordings(view)}
    return AUDIO if AUDIO in kinds else "video" if kinds else "none"


def open_(view: View) -> list[Part]:
    """Links to the original sound until the reveal ends, with the record of the play.

    Raises Refused (recorded), NotHeld, NotOpened, NoSound, SoundWithPicture.
    """
    reveal = holding.require_open(view)
    state = offered(view)
    if state != AUDIO:
        raise NoSound if state == "none" else SoundWithPicture
    left = int((reveal.expires_at - timezone.now()).total_seconds())
    cap = view.matter.organization.presign_cap_seconds
    parts: list[Part] = []
    with transaction.atomic():
        _record(view, reveal)
        for recording, start in playback.recordings(view):
            if recording.media == AUDIO:
                # The shortest that a link may live is a minute; that the reveal is over closes it before.
                seconds = min(cap, max(grants.MIN_SECONDS, left))
                _, url = grants.mint(actor=view.actor, obj=recording.object, method="GET", seconds=seconds)
                parts.append(Part(urlsplit(url).path, start, recording.duration_ms or 0))
    holding.remember(reveal, sound=[[part.url, part.start, part.duration] for part in parts])
    return parts


def parts(view: View, reveal: Reveal) -> list[Part]:
    """The links that were opened under this reveal; empty where nobody asked to listen. Giving them is a play, recorded."""
    kept = (reveal.what or {}).get("sound") or []
    if kept:
        with transaction.atomic():
            _record(view, reveal)
    return [Part(url, start, duration) for url, start, duration in kept]


def _record(view: View, reveal: Reveal) -> None:
    audit.record(
        "transcription:transcript:played",
        organization_id=view.matter.organization_id,
        actor=view.actor,
        target=reading.target(view.transcript),
        merge=f"held:{reveal.id}",
        policy="verbatim",
        version=view.transcript.version,
    )
