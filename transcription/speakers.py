"""Who speaks: names and roles that people give to a voice. Whose line it is is a correction (``revisions``)."""

import re
from typing import Final

from django.db import transaction

from compliance import audit
from portal.accounts.rights import Action
from portal.errors import BadInput, NotFound
from transcription import reading, rereading, second_pass
from transcription.models import Speaker, Transcript
from transcription.reading import View
from transcription.roles_said import ROLES as ROLES

NAME_LIMIT: Final = 80
SPEAKERS_LIMIT: Final = 100
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def called(speaker: Speaker | None, label: str = "", *, names_hidden: bool = True) -> str:
    """What a page within the wall says: the name that people gave, the role, else "Speaker A".

    The name that came with the text is part of the text: it is said only where the view shows names.
    """
    if speaker is None:
        return f"Speaker {label}" if label and label != "?" else "Unknown speaker"
    heard_as = "" if names_hidden else str(speaker.heard_as)
    return str(speaker.name) or heard_as or ROLES.get(speaker.role) or (
        f"Speaker {speaker.label}" if speaker.label != "?" else "Unknown speaker"
    )  # fmt: skip


def called_outside(speaker: Speaker | None, label: str, *, names_hidden: bool) -> str:
    """What leaves the wall: where the policy hides names, role or letter only."""
    if not names_hidden or speaker is None:
        return called(speaker, label, names_hidden=names_hidden)
    return ROLES.get(speaker.role) or (f"Speaker {label}" if label != "?" else "Unknown speaker")


def rename(view: View, label: str, *, name: str, role: str = "") -> tuple[str, str]:
    """Names a voice throughout the transcript; what it was called before (name, role), so that it can be put back.

    Where the second pass is told other names by that, the text is checked again for them. Raises BadInput, NotFound, Refused.
    """
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    name = " ".join(name.split())
    if len(name) > NAME_LIMIT or re.search(r"[\x00-\x1f\x7f]", name):
        raise BadInput("A speaker's name has at most 80 characters.", limit=NAME_LIMIT, found=len(name))
    if role and role not in ROLES:
        raise BadInput("This role is not known.", allowed=sorted(ROLES))
    # Opened before the transaction, since a key store may take its time.
    matter = second_pass.told(view.transcript)
    parties = {party["name"] for party in matter.parties or []}
    with transaction.atomic():
        speaker = Speaker.objects.select_for_update().filter(transcript=view.transcript, label=label).first()
        if speaker is None:
            raise NotFound
        before = (str(speaker.name), speaker.role)
        if before == (name, role):
            return before
        speaker.name, speaker.role = name, role
        speaker.save(update_fields=["name_sealed", "role"])
        audit.record(
            "transcription:speaker:renamed",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
        )
        told = parties | _told(view.transcript, but=speaker)
        if {before[0], name} - {""} - told and before[0] != name:
            rereading.for_names(view.actor, view.transcript)
    return before


def _told(transcript: Transcript, *, but: Speaker) -> set[str]:
    """The names that the pass is told of a transcript's voices, whatever ``but`` is called."""
    told = {str(but.heard_as)}
    for other in transcript.speakers.exclude(pk=but.pk):
        other.transcript = transcript
        told |= {str(other.name), str(other.heard_as)}
    return told


def add(transcript: Transcript, name: str = "", role: str = "") -> Speaker:
    """A voice that the service did not tell apart, with the next free letter. Inside the caller's transaction."""
    taken = set(transcript.speakers.values_list("label", flat=True))
    if len(taken) >= SPEAKERS_LIMIT:
        raise BadInput("A transcript has at most 100 speakers.", limit=SPEAKERS_LIMIT)
    free = next(label for label in [*_LETTERS, *(a + b for a in _LETTERS for b in _LETTERS)] if label not in taken)
    position = max((s.position for s in transcript.speakers.all()), default=-1) + 1
    speaker = Speaker(transcript=transcript, label=free, position=position, role=role if role in ROLES else "")
    speaker.name = " ".join(name.split())[:NAME_LIMIT]
    speaker.save(force_insert=True)
    return speaker
