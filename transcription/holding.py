"""Held transcripts: who is to look, what they may see to decide, and the ways out that are decided here.

Out by hand: a person who may reveal reads the whole text for that purpose (recorded), hides what is private and releases
it. Out by fire: everything is destroyed. The third way, another language or speech service, is a new Job.
"""

from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor
from compliance.redaction import Detections
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Conflict, NotFound
from transcription import deciding, reading, review_acts, second_pass
from transcription.ground import Ground
from transcription.models import (
    DetectionSet,
    DoubtCount,
    Proceeding,
    Rendition,
    RenditionPage,
    Reveal,
    ReviewAct,
    Revision,
    Transcript,
)
from transcription.reading import REVEAL_MINUTES, View
from transcription.review import REASONS, applied
from vault import matters, objects
from vault.models import Matter, StoredObject

LINES_A_PAGE: Final = 50


class NotHeld(Conflict):
    code = "not_held"
    message = "This transcript is not held any more."


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = "Parties or lists of the matter were changed in this moment. Release it again."


class NotOpened(Conflict):
    code = "not_opened"
    message = "Open the text for checking first, with a purpose: what you see then is recorded."


def held(member: Member) -> QuerySet[Transcript]:
    """Held transcripts behind the member's walls, the oldest first."""
    return (
        Transcript.objects.filter(
            proceeding__matter__in=matters.visible_to(member), state=Transcript.State.HELD, superseded_at=None
        )
        .select_related("proceeding__matter__vault", "held_owner")
        .order_by("held_since")
    )


def open_for_checking(view: View, *, purpose: str, note: str = "") -> Reveal:
    """A reveal of the held text, for whoever is to decide. Raises Refused (recorded), NotHeld, BadInput."""
    _require(view)
    if purpose not in Reveal.Purpose.values:
        raise BadInput("Say for what purpose, from the list.", allowed=list(Reveal.Purpose.values))
    if len(note) > 2000:
        raise BadInput("A note has at most 2,000 characters.", limit=2000, found=len(note))
    now = timezone.now()
    made = Reveal(
        transcript=view.transcript, member=view.member, purpose=purpose, scope=Reveal.Scope.TRANSCRIPT, created_at=now,
        expires_at=now + timedelta(minutes=REVEAL_MINUTES),
    )  # fmt: skip
    made.note = note.strip()
    with transaction.atomic():
        made.save(force_insert=True)
        audit.record(
            "transcription:transcript:revealed",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            purpose=purpose,
            scope="held",
            spans=0,
            minutes=REVEAL_MINUTES,
        )
    return made


def opened(view: View) -> Reveal | None:
    """The member's open reveal of the held text."""
    return (
        Reveal.objects.filter(
            transcript=view.transcript, member=view.member, scope=Reveal.Scope.TRANSCRIPT, ended_at=None,
            expires_at__gt=timezone.now(),
        )
        .order_by("-expires_at")
        .first()
    )  # fmt: skip


def lines(view: View, number: int) -> list[dict[str, Any]]:
    """A page of the held text as it is, with what was hidden by hand marked: {"n", "speaker", "start", "words"}.

    Raises Refused, NotHeld, NotOpened, NotFound.
    """
    _require(view)
    if opened(view) is None:
        raise NotOpened
    text = second_pass.current_text(view.transcript)
    first = number * LINES_A_PAGE
    if first and first >= len(text.utterances):
        raise NotFound
    dialogue = second_pass.dialogue_of(view.transcript, text)
    hidden = applied(dialogue, Detections(), review_acts.acts_of(view.transcript)).detections
    made: list[dict[str, Any]] = []
    for n in range(first, min(first + LINES_A_PAGE, len(dialogue.turns))):
        turn = dialogue.turns[n]
        spans = [(d.start, d.end) for d in hidden.items if d.turn == n]
        words = [
            {"text": w.text, "hidden": any(w.char_start < end and start < w.char_end for start, end in spans)}
            for w in turn.words
        ]
        made.append({"n": n, "speaker": turn.speaker, "start": turn.start, "words": words})
    with transaction.atomic():
        audit.record(
            "transcription:transcript:read",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=reading.target(view.transcript),
            merge=f"held:{view.transcript.version}",
            policy="verbatim",
            version=view.transcript.version,
        )
    return made


def page_count(transcript: Transcript) -> int:
    return max(1, -(-transcript.utterances // LINES_A_PAGE))


def hide(view: View, n: int, places: list[int], *, type_: str, reason: str) -> ReviewAct:
    """Hides words of a held line by their places in it. Raises Refused, NotHeld, NotOpened, BadInput, NotFound."""
    _require(view)
    if opened(view) is None:
        raise NotOpened
    if reason not in REASONS["hide"]:
        raise BadInput("Choose a reason from the list.", allowed=list(REASONS["hide"]))
    text = second_pass.current_text(view.transcript)
    if not 0 <= n < len(text.utterances):
        raise NotFound
    spans = deciding.word_spans([[word.id] for word in text.utterances[n].words], places, type_)
    return deciding.keep(view, Ground(view.transcript, view.transcript.version), "hide", reason, {"spans": spans}, len(spans))


def release(view: View, *, read_all: bool) -> None:
    """ "Hidden by hand": the transcript is shown as people left it. Raises Refused, NotHeld, NotOpened, BadInput."""
    _require(view)
    if opened(view) is None:
        raise NotOpened
    if not read_all:
        raise BadInput("Confirm that you have read the whole text and hidden what is private.")
    transcript = view.transcript
    second_pass.keep_by_hand(transcript)
    now = timezone.now()
    with transaction.atomic():
        changed = Transcript.objects.filter(pk=transcript.pk, state=Transcript.State.HELD, version=transcript.version).update(
            state=Transcript.State.READY, released_way="by_hand"
        )
        if not changed:
            raise NotHeld
        # Not while somebody changes what is to be hidden: nobody would look for that here any more.
        Matter.objects.select_for_update().get(pk=transcript.proceeding.matter_id)
        if second_pass.checked(transcript) is None:
            raise ChangedMeanwhile
        Proceeding.objects.filter(pk=transcript.proceeding_id).update(state=Proceeding.State.READY, state_since=now)
        Reveal.objects.filter(transcript=transcript, member=view.member, ended_at=None).update(ended_at=now)
        _record_way(view.actor, transcript, "by_hand")
    transcript.refresh_from_db(fields=["state", "released_way"])


def destroy(actor: Actor, member: Member, transcript: Transcript) -> None:
    """Erases the recordings, the locked original and everything made of them. Raises Refused (recorded), OnHold."""
    reading.require(actor, member, transcript, Action.DELETE, Kind.RECORDING)
    proceeding = transcript.proceeding
    every = list(Transcript.objects.filter(proceeding=proceeding).select_related("original__vault"))
    kept = [row.original for row in every]
    kept += [recording.object for recording in proceeding.recordings.select_related("object__vault")]
    copies = [
        object_id
        for found in Rendition.objects.filter(transcript__in=every).values_list("audio_objects", flat=True)
        for object_id in found
    ]
    kept += list(StoredObject.objects.filter(pk__in=copies).select_related("vault"))
    results = StoredObject.objects.filter(pk__in=proceeding.jobs.values("submissions__result"))
    kept += list(results.select_related("vault"))
    # A legal hold on one of them keeps them all: what is left of held evidence must not be a part of it.
    objects.require_no_hold(actor=actor, of=kept)
    for obj in kept:
        objects.erase(actor=actor, obj=obj)
    now = timezone.now()
    with transaction.atomic():
        RenditionPage.objects.filter(rendition__transcript__in=every).delete()
        DetectionSet.objects.filter(transcript__in=every).delete()
        DoubtCount.objects.filter(transcript__in=every).delete()
        Revision.objects.filter(transcript__in=every).update(operations_sealed=b"")
        ReviewAct.objects.filter(transcript__in=every).update(span_sealed=b"", note_sealed=b"")
        Transcript.objects.filter(proceeding=proceeding, superseded_at=None).update(superseded_at=now)
        for row in every:
            row.speakers.update(name_sealed=b"")
        Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.ERASED, state_since=now, title_sealed=b"")
        _record_way(actor, transcript, "destroyed")


def _require(view: View) -> None:
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    if not view.held:
        raise NotHeld


def _record_way(actor: Actor, transcript: Transcript, way: str) -> None:
    audit.record(
        "transcription:transcript:released",
        organization_id=transcript.proceeding.matter.organization_id,
        actor=actor,
        target=reading.target(transcript),
        way=way,
    )
