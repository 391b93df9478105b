"""Hearing a view: the Rendition's own sound, where it is silent, how loud it is elsewhere.

Nothing here leads to the original sound: links are minted for the redacted copies of the member's Rendition only. The
picture of a video, which comes with its original sound, is for views under ``verbatim`` (``pictures``).
"""

import math
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import transaction

from compliance import audit
from compliance.redaction import merge_silences
from portal.errors import Conflict
from transcription import links, pictures, reading, renditions, withholding
from transcription.bulk import building
from transcription.models import Recording, Rendition
from transcription.reading import View
from vault import grants
from vault.models import StoredObject

# Long enough for a sitting; the player asks again when a link ran out.
LINK_SECONDS: Final = 3600
# Points of the waveform that a page is sent: about one a pixel on a wide screen, at most.
POINTS: Final = 2000
UNHEARD: Final = ("withheld", "held", "checking")
_MINUTE_MS: Final = 60_000


class NoSound(Conflict):
    code = "no_audio"
    message = "There is no recording to hear: this came in as text."


class SoundInTheMaking(Conflict):
    code = "audio_not_ready"
    retryable = True
    message = "The audio with the private parts silent is still being made."


class SoundFailed(Conflict):
    code = "audio_failed"
    message = "The audio with the private parts silent could not be made. Transcribe again, or ask your administrator."


@dataclass(frozen=True, slots=True)
class Part:
    """One recording of the Proceeding: where it begins and how long it is, in ms of the whole.

    ``picture`` leads to the video itself, picture and sound, where the view shows it; ``format`` is what that is called.
    """

    url: str
    start: int
    duration: int
    picture: str = ""
    format: str = ""


def recordings(view: View) -> list[tuple[Recording, int]]:
    """The recordings that have sound, with their beginnings in ms of the whole."""
    found: list[tuple[Recording, int]] = []
    start = 0
    for recording in view.transcript.proceeding.recordings.order_by("position"):
        if recording.media != "text":
            found.append((recording, start))
        start += recording.duration_ms or 0
    return found


def sound_state(view: View) -> str:
    """``none``, ``withheld``, ``held``, ``building``, ``checking``, ``ready`` or ``failed``: before anybody plays."""
    rendition = view.rendition
    if not recordings(view) or rendition is None:
        return "none"
    why = _withheld(view)
    if why == withholding.CHECKING:
        return "checking"
    if why:
        return "withheld" if why == withholding.UNCERTAIN else "held"
    if rendition.audio_state == Rendition.Audio.FAILED:
        return "failed"
    # Whoever may reveal hears what is held: somebody has to, to judge it.
    made = (Rendition.Audio.READY, Rendition.Audio.HELD)
    return "ready" if rendition.audio_state in made else "building"


def said(view: View) -> str:
    """What the player says instead of sound, in people's words; "" where there is nothing to say."""
    state, rendition = sound_state(view), view.rendition
    if rendition is None or state in ("none", "ready"):
        return ""
    if state == "building":
        return SoundInTheMaking.message
    if state == "failed":
        return "The audio could not be made silent over the private parts, so it cannot be heard."
    if state == "withheld":
        return "Audio withheld: the transcript is too uncertain."
    if state == "checking":
        return _being_checked(rendition)
    found = "it could not be checked" if _withheld(view) == withholding.UNCHECKED else (
        "a check heard something in it that must be silent"
    )  # fmt: skip
    owner = rendition.audio_owner
    return f"Audio withheld: {found}. {owner.name if owner else 'Somebody who may reveal'} is to listen."


def _being_checked(rendition: Rendition) -> str:
    before = "The audio is being listened to once more before it can be heard"
    if not rendition.audio_to_listen_ms:
        return f"{before}: it waits for its turn."
    minutes = math.ceil(rendition.audio_to_listen_ms / _MINUTE_MS)
    return f"{before}: minute {min(minutes, rendition.audio_listened_ms // _MINUTE_MS + 1)} of {minutes}."


def _withheld(view: View) -> str:
    return withholding.reason(view.matter.organization, view.transcript, may_reveal=view.may_reveal, rendition=view.rendition)


def sound(view: View) -> list[Part]:
    """Links to the view's sound, in order, and under ``verbatim`` to its pictures. The play is recorded with them, or the
    refusal.

    Raises NoSound, SoundWithheld, SoundInTheMaking, SoundFailed, NeedsChecking, StillHiding.
    """
    rendition = view.shown()
    state = sound_state(view)
    if state in UNHEARD:
        withholding.refuse(view.actor, view.transcript, _withheld(view))
    refusals = {"none": NoSound, "building": SoundInTheMaking, "failed": SoundFailed}
    if state in refusals:
        raise refusals[state]
    with transaction.atomic():
        parts = links_to(view, rendition)
        shown = pictures.links(view, _link_seconds(view))
    return [
        replace(part, picture=shown[recording.id], format=pictures.called(recording)) if recording.id in shown else part
        for part, (recording, _) in zip(parts, recordings(view), strict=True)
    ]


def _link_seconds(view: View) -> int:
    return min(LINK_SECONDS, view.matter.organization.presign_cap_seconds)


def links_to(view: View, rendition: Rendition) -> list[Part]:
    """Links to the copies of one of the transcript's Renditions, with the record of the play. Who may, asks the caller."""
    kept = StoredObject.objects.select_related("vault__organization").in_bulk(rendition.audio_objects)
    by_id = {str(key): value for key, value in kept.items()}
    parts: list[Part] = []
    with transaction.atomic():
        audit.record(
            "transcription:transcript:played",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            merge=f"{rendition.version}:{rendition.edition}:{rendition.policy_id}",
            policy=rendition.policy.name,
            version=rendition.version,
        )
        for (recording, start), object_id in zip(recordings(view), rendition.audio_objects, strict=True):
            _, url = grants.mint(actor=view.actor, obj=by_id[str(object_id)], method="GET", seconds=_link_seconds(view))
            # The page's own address may be another name of this host; a path is right for each of them.
            parts.append(Part(urlsplit(url).path, start, recording.duration_ms or 0))
        reading.record_verbatim(view)
    return parts


def close_older(view: View) -> int:
    """After a decision: links to sound that was made before it are closed, so that what is hidden now is not heard.

    How many were open.
    """
    older = Rendition.objects.filter(transcript=view.transcript, state=Rendition.State.STALE)
    copies = [object_id for found in older.values_list("audio_objects", flat=True) for object_id in found]
    return links.close_to(view.actor, copies)


def silences(view: View) -> list[tuple[int, int]]:
    """Where the view's sound is silent (ms), padded as the audio is."""
    spans: list[tuple[int, int]] = []
    for item in renditions.utterances(view.shown()):
        words = [word for word in item.get("words", ()) if word.get("hidden")]
        quiet = [word for word in item.get("words", ()) if word.get("quiet")]
        for word in [*words, *quiet]:
            start, end = word.get("start"), word.get("end")
            if start is None or end is None:
                start, end = item.get("start"), item.get("end")
            if start is not None and end is not None:
                spans.append((start, end))
        if item.get("chips") and not words and item.get("start") is not None and item.get("end") is not None:
            spans.append((item["start"], item["end"]))
    return list(merge_silences(spans))


@building()
def chart(view: View) -> dict[str, Any]:
    """What the strip under the player draws: {"duration", "hidden": [[start, end]], "peaks": [0..100], "sound"}.

    The rhythm of what is hidden is hidden, too: peaks are flat there.
    """
    hidden = silences(view)
    duration = view.transcript.duration_ms or 0
    state = sound_state(view)
    return {
        "duration": duration,
        "sound": state,
        "said": said(view),
        "hidden": [[start, min(end, duration) if duration else end] for start, end in hidden],
        # Where it may not be heard, how loud it is tells something, too.
        "peaks": [] if state in UNHEARD else _peaks(view, duration, hidden),
    }


def _peaks(view: View, duration: int, hidden: list[tuple[int, int]]) -> list[int]:
    if not duration:
        return []
    points = [0] * POINTS
    loudest = 0.0
    levels = [0.0] * POINTS
    for recording, start in recordings(view):
        measured = _levels(recording)
        for number, level in enumerate(measured):
            moment = start + (number + 0.5) * (recording.duration_ms or 0) / len(measured)
            place = min(POINTS - 1, int(moment * POINTS / duration))
            levels[place] = max(levels[place], level)
            loudest = max(loudest, level)
    if not loudest:
        return []
    step = duration / POINTS
    spans = iter(hidden)
    span = next(spans, None)
    for place in range(POINTS):
        low, high = place * step, (place + 1) * step
        while span is not None and span[1] <= low:
            span = next(spans, None)
        if span is None or span[0] >= high:
            points[place] = round(100 * levels[place] / loudest)
    return points


def _levels(recording: Recording) -> list[float]:
    """The stored peaks as numbers; none where they were never measured."""
    stored = recording.peaks
    values = stored.get("peaks", []) if isinstance(stored, dict) else stored or []
    return [abs(float(value)) for value in values if isinstance(value, int | float)]
