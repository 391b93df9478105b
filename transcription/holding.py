"""Held transcripts: who is to look, what they may see to decide, and the ways out that are decided here.

Out by hand: a person who may reveal reads the whole text for that purpose (recorded), hides what is private and releases
it. Out by fire: everything is destroyed. Two other ways lead elsewhere: checked again once the cause is mended
(``checking_again``), and another language or speech service, which is a new Job.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import BadInput, Conflict, NotFound
from transcription import deciding, links, reading, review, review_acts, second_pass
from transcription.ground import Ground
from transcription.held_text import LINES_A_PAGE, HeldText, Place, runs
from transcription.models import (
    DetectionSet,
    DoubtCount,
    Proceeding,
    Recording,
    Rendition,
    RenditionPage,
    Reveal,
    ReviewAct,
    Revision,
    Transcript,
)
from transcription.reading import REVEAL_MINUTES, View
from transcription.review import HAND_TYPES, REASONS
from transcription.search import QUERY_LIMIT
from vault import matters, objects
from vault.models import Matter, StoredObject

# What is heard of a held text; a video's sound comes with its picture, which a reveal does not open.
AUDIO: Final = "audio"


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
    made = _reveal(view, purpose, timezone.now())
    made.note = note.strip()
    with transaction.atomic():
        _begin(view, made)
    return made


def _reveal(view: View, purpose: str, now: datetime) -> Reveal:
    return Reveal(
        transcript=view.transcript, member=view.member, purpose=purpose, scope=Reveal.Scope.TRANSCRIPT, created_at=now,
        expires_at=now + timedelta(minutes=REVEAL_MINUTES),
    )  # fmt: skip


def _begin(view: View, reveal: Reveal) -> None:
    reveal.save(force_insert=True)
    audit.record(
        "transcription:transcript:revealed",
        organization_id=view.matter.organization_id,
        actor=view.actor,
        target=reading.target(view.transcript),
        purpose=reveal.purpose,
        scope="held",
        spans=0,
        minutes=REVEAL_MINUTES,
    )


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


def extend(view: View) -> Reveal:
    """Half an hour more: a reveal of its own, for the same purpose, in the place of the open one.

    Raises Refused (recorded), NotHeld, NotOpened.
    """
    before = require_open(view)
    now = timezone.now()
    made = _reveal(view, before.purpose, now)
    made.note = before.note
    looked_for = (before.what or {}).get("find")
    made.what = {"find": looked_for} if looked_for else None
    with transaction.atomic():
        Reveal.objects.filter(pk=before.pk, ended_at=None).update(ended_at=now)
        _begin(view, made)
    return made


def run_out(view: View) -> Reveal | None:
    """The member's last reveal of the held text, if it ended by itself: nobody closed it, and the half hour is over."""
    mine = Reveal.objects.filter(transcript=view.transcript, member=view.member, scope=Reveal.Scope.TRANSCRIPT)
    last = mine.filter(created_at__gte=view.transcript.held_since or view.transcript.created_at).order_by("-created_at").first()
    return last if last is not None and last.ended_at is None and last.expires_at <= timezone.now() else None


def close(actor: Actor, transcript: Transcript) -> int:
    """Ends every reveal of the held text, and its sound, in the caller's transaction; how many were open.

    Each was of what nobody had checked: it goes no further than the hold.
    """
    open_ = Reveal.objects.filter(transcript=transcript, scope=Reveal.Scope.TRANSCRIPT, ended_at=None)
    still = open_.filter(expires_at__gt=timezone.now()).count()
    open_.update(ended_at=timezone.now())
    links.close_to_originals(actor, transcript.proceeding_id)
    return still


def require_open(view: View) -> Reveal:
    """The member's open reveal of the held text. Raises Refused (recorded), NotHeld, NotOpened."""
    _require(view)
    reveal = opened(view)
    if reveal is None:
        raise NotOpened
    return reveal


def text(view: View) -> HeldText:
    """The held text of whoever has it open, with the record of the read. Raises as ``require_open``."""
    require_open(view)
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
    return HeldText(view.transcript)


def lines(view: View, number: int) -> list[dict[str, Any]]:
    """A page of the held text as ``HeldText.lines`` gives it. Raises Refused, NotHeld, NotOpened, NotFound."""
    found = text(view).lines(number)
    if number and not found:
        raise NotFound
    return found


def page_count(transcript: Transcript) -> int:
    return max(1, -(-transcript.utterances // LINES_A_PAGE))


def find(view: View, looked_for: str) -> list[Place]:
    """Where the held text says it. Kept with the reveal, sealed, so that pages go on from it; "" is no search any more.

    Recorded. Raises Refused, NotHeld, NotOpened, BadInput.
    """
    reveal = require_open(view)
    wanted = looked_for.strip()
    if len(wanted) > QUERY_LIMIT:
        raise BadInput("A search has at most 200 characters.", limit=QUERY_LIMIT, found=len(wanted))
    hits: list[Place] = []
    if wanted:
        hits = text(view).find(wanted)
    remember(reveal, find=wanted or None)
    if wanted:
        with transaction.atomic():
            audit.record(
                "transcription:search:made",
                organization_id=view.matter.organization_id,
                actor=view.actor,
                target=reading.target(view.transcript),
                hits=len(hits),
                matters=1,
            )
    return hits


def hide(
    view: View, n: int, places: list[int], *, type_: str, reason: str, everywhere: bool = False
) -> ReviewAct:  # fmt: skip
    """Hides words of a held line by their places in it; ``everywhere``: wherever the text says the same.

    Raises Refused, NotHeld, NotOpened, BadInput, NotFound.
    """
    require_open(view)
    held_text = HeldText(view.transcript)
    if not 0 <= n < len(held_text.dialogue.turns):
        raise NotFound
    words = held_text.dialogue.turns[n].words
    chosen = sorted(set(places))
    if not chosen or chosen[0] < 0 or chosen[-1] >= len(words):
        raise BadInput("Choose the words to hide in this line.")
    here = [Place(n, first, last, hidden=False) for first, last in runs(chosen)]
    if everywhere:
        same = held_text.same_as(n, chosen)
        if not same:
            raise BadInput("These words have no letters or digits to look for. Hide them in this line only.")
        here = [place for place in same if not place.hidden]
        if not here:
            raise BadInput("They are hidden everywhere already.")
    return _hide(view, held_text, here, type_, reason)


def hide_found(view: View, *, type_: str, reason: str) -> ReviewAct:
    """Hides every place that the open search finds. Raises Refused, NotHeld, NotOpened, BadInput."""
    looked_for = (require_open(view).what or {}).get("find")
    if not looked_for:
        raise BadInput("Find something in the text first: what is found can be hidden then.")
    held_text = HeldText(view.transcript)
    here = [place for place in held_text.find(looked_for) if not place.hidden]
    if not here:
        raise BadInput("Nothing that was found is still to be hidden.")
    return _hide(view, held_text, here, type_, reason)


def _hide(view: View, held_text: HeldText, places: list[Place], type_: str, reason: str) -> ReviewAct:
    if type_ not in HAND_TYPES:
        raise BadInput("This type is not known.", allowed=list(HAND_TYPES))
    if reason not in REASONS["hide"]:
        raise BadInput("Choose a reason from the list.", allowed=list(REASONS["hide"]))
    count = sum(place.last - place.first + 1 for place in places)
    if count > deciding.WORDS_LIMIT:
        raise BadInput(
            "That is more than can be hidden at once. Look for something that stands in fewer places.",
            limit=deciding.WORDS_LIMIT, found=count,
        )  # fmt: skip
    spans = {"spans": held_text.spans(places, type_)}
    return deciding.keep(view, Ground(view.transcript, held_text.version), "hide", reason, spans, len(places))


def take_back(view: View, number: int) -> ReviewAct:
    """Undoes what was hidden by hand, or an undo. Raises Refused, NotHeld, NotOpened, NotFound, BadInput."""
    require_open(view)
    if not view.transcript.review_acts.filter(number=number, decision__in=("hide", "undo")).exists():
        raise NotFound
    return deciding.undo(view, number)


def kept_by_hand(transcript: Transcript) -> int:
    """In how many places people hid something that nobody took back."""
    acts = review.in_force(review_acts.acts_of(transcript))
    return sum(len(act.spans) for act in acts if act.decision == ReviewAct.Decision.HIDE)


def remember(reveal: Reveal, **facts: Any) -> None:
    """What the page goes on from, sealed with the reveal."""
    kept = {**(reveal.what or {}), **facts}
    reveal.what = {name: value for name, value in kept.items() if value is not None} or None
    reveal.save(update_fields=["what_sealed"])


def release(view: View, *, read_all: bool) -> None:
    """ "Hidden by hand": the transcript is shown as people left it. Raises Refused, NotHeld, NotOpened, BadInput."""
    require_open(view)
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
        close(view.actor, transcript)
        record_way(view.actor, transcript, "by_hand")
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
        close(actor, transcript)
        record_way(actor, transcript, "destroyed")


def may_hear(member: Member, recording: Recording) -> bool:
    """Whether the member has the held text of this audio recording open now, and with it its original sound."""
    may = allowed(member.roles, Action.REVIEW, Kind.TRANSCRIPT) and allowed(member.roles, Action.REVEAL, Kind.ORIGINAL)
    if not may or recording.media != AUDIO:
        return False
    return Reveal.objects.filter(
        member=member, scope=Reveal.Scope.TRANSCRIPT, ended_at=None, expires_at__gt=timezone.now(),
        transcript__state=Transcript.State.HELD, transcript__proceeding=recording.proceeding_id,
        transcript__proceeding__matter__in=matters.visible_to(member),
    ).exists()  # fmt: skip


def _require(view: View) -> None:
    reading.require(view.actor, view.member, view.transcript, Action.REVIEW)
    reading.require(view.actor, view.member, view.transcript, Action.REVEAL, Kind.ORIGINAL)
    if not view.held:
        raise NotHeld


def record_way(actor: Actor, transcript: Transcript, way: str) -> None:
    """That it is held no more, and how; in the caller's transaction."""
    audit.record(
        "transcription:transcript:released",
        organization_id=transcript.proceeding.matter.organization_id,
        actor=actor,
        target=reading.target(transcript),
        way=way,
    )
