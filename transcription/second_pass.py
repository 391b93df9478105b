"""The second pass over a Transcript's current text: what is private in it, or a hold.

A Transcript leaves the state HIDING in two ways only: READY, when every recogniser read the whole text, or HELD.
"""

import logging
import threading
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from compliance.redaction import DetectionFailed, Detections, DetectSettings, Dialogue, detect
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import PortalError
from transcription import doubt_counts, ingest, weighing
from transcription.models import DetectionSet, Proceeding, Revision, Transcript
from transcription.originals import Current, current
from transcription.review_acts import acts_of
from transcription.weighing import Weight
from vault.models import Matter

log = logging.getLogger(__name__)
# The pass watches its own time; this much later it is taken for hanging (a recogniser that never returns).
GRACE_SECONDS: Final = 30.0
_REASONS: Final = {"time_limit": "pass_time_limit", "configuration": "pass_not_set_up"}


def current_text(transcript: Transcript, version: int | None = None) -> Current:
    """The text of a version (None: the newest). Raises keystore errors, OperationInvalid."""
    wanted = transcript.version if version is None else version
    revisions = Revision.objects.filter(transcript=transcript, number__lt=wanted).order_by("number")
    # Each Revision's own transcript object would be loaded anew to find its keys.
    lists = []
    for revision in revisions:
        revision.transcript = transcript
        lists.append(revision.operations)
    return current(ingest.load_original(transcript), lists)


def dialogue_of(transcript: Transcript, text: Current) -> Dialogue:
    """What recognisers read: the text with the matter's parties and lists, and the names that people gave the voices."""
    matter = transcript.proceeding.matter
    lists = matter.lists or {}
    parties = [party["name"] for party in matter.parties or []]
    for speaker in transcript.speakers.all():
        speaker.transcript = transcript
        parties += [name for name in (speaker.name, speaker.heard_as) if name]
    return text.to_dialogue(
        parties=list(dict.fromkeys(parties)), always_hide=lists.get("hide", ()), always_show=lists.get("show", ())
    )


def run(transcript: Transcript, *, actor: Actor = SYSTEM) -> DetectionSet | None:
    """The pass over the newest version. None: it did not finish, and the Transcript is held. Not inside a transaction.

    A pass that was done for this version is not done again.
    """
    version = transcript.version
    done = DetectionSet.objects.filter(transcript=transcript, version=version).first()
    if done is None:
        try:
            dialogue = dialogue_of(transcript, current_text(transcript))
            found = _still_quiet(transcript, version, detect_in_time(dialogue, settings.REDACTION_SECONDS))
            weight = weighing.weight(dialogue, found, acts_of(transcript))
        except DetectionFailed as failure:
            log.warning("second_pass.failed transcript=%s code=%s", transcript.id, failure.code)
            hold(transcript, _REASONS.get(failure.code, "pass_failed"), actor=actor)
            return None
        except Exception as error:
            # Whatever it is, an unchecked text is held, never shown; only what a later attempt may mend is tried again.
            if isinstance(error, PortalError) and error.retryable:
                raise
            log.error("second_pass.broken transcript=%s error=%s", transcript.id, type(error).__name__)
            hold(transcript, "pass_failed", actor=actor)
            return None
        done = _keep(transcript, version, found, weight)
    Transcript.objects.filter(pk=transcript.pk, version=version).exclude(state=Transcript.State.HELD).update(
        state=Transcript.State.READY
    )
    transcript.refresh_from_db(fields=["state", "version"])
    return done


def _still_quiet(transcript: Transcript, version: int, found: Detections) -> Detections:
    """What was silent for doubt stays silent whatever is typed over it: a correction changes the text, not the sound."""
    before = DetectionSet.objects.filter(transcript=transcript, version=version - 1).first()
    if before is None:
        return found
    before.transcript = transcript
    quiet = Detections.from_dict(before.detections).quiet
    return replace(found, quiet=tuple(dict.fromkeys([*found.quiet, *quiet])))


def corrected_due(limit: int = 5) -> list[Transcript]:
    """Transcripts whose correction has not been read yet. A first reading belongs to the Job, not here."""
    rows = Transcript.objects.filter(state=Transcript.State.HIDING, version__gt=1, superseded_at=None)
    return list(rows.select_related("proceeding__matter__vault", "original__vault").order_by("created_at")[:limit])


def _keep(transcript: Transcript, version: int, found: Detections, weight: Weight) -> DetectionSet:
    """What was found, with how much of it is open to doubt. Nobody decides anything before: there is no view yet."""
    counts: dict[str, int] = {}
    for item in found.items:
        counts[item.type] = counts.get(item.type, 0) + 1
    if found.hidden_turns:
        counts["not_checked"] = len(found.hidden_turns)
    if found.disagreements:
        counts["disagreements"] = found.disagreements
    row = DetectionSet(
        transcript=transcript, version=version, recogniser=(found.model or "portal")[:80], counts=counts
    )  # fmt: skip
    row.detections = found.to_dict()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            doubt_counts.keep(transcript, version, weight)
    except IntegrityError:
        # Another worker read the same text at the same time: one pass is enough.
        return DetectionSet.objects.get(transcript=transcript, version=version)
    return row


def detect_in_time(dialogue: Dialogue, seconds: float) -> Detections:
    """``detect`` that comes back, if need be with DetectionFailed("time_limit"): a hanging recogniser is left behind."""
    outcome: list[Detections | BaseException] = []

    def work() -> None:
        try:
            outcome.append(
                detect(dialogue, settings=DetectSettings(time_limit=seconds, model=settings.REDACTION_MODEL or None))
            )
        except BaseException as error:
            # Handed over to the caller, who raises it.
            outcome.append(error)

    thread = threading.Thread(target=work, name="second-pass", daemon=True)
    thread.start()
    thread.join(seconds + GRACE_SECONDS)
    if not outcome:
        raise DetectionFailed("time_limit", "The pass did not come back in time.")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def hold(transcript: Transcript, reason: str, *, actor: Actor = SYSTEM) -> None:
    """Marks the Transcript as held, with who is to look at it. Held things are not shown to anybody."""
    proceeding = transcript.proceeding
    owner = owner_of(proceeding)
    now = timezone.now()
    with transaction.atomic():
        changed = Transcript.objects.filter(pk=transcript.pk).exclude(state=Transcript.State.HELD)
        if not changed.update(
            state=Transcript.State.HELD, held_reason=reason, held_owner=owner, held_since=now, released_way=""
        ):
            return
        Proceeding.objects.filter(pk=proceeding.pk).update(state=Proceeding.State.HELD, state_since=now)
        audit.record(
            "transcription:transcript:held",
            organization_id=proceeding.matter.organization_id,
            actor=actor,
            target=Target("transcript", transcript.id, proceeding.matter_id),
            reason=reason,
        )
    transcript.refresh_from_db()


def owner_of(proceeding: Proceeding) -> Member:
    """Who answers for the matter: its first attorney, clinician or privacy officer, else whoever uploaded."""
    matter: Matter = proceeding.matter
    rows = matter.wall.select_related("member").filter(member__is_active=True).order_by("added_at")
    for row in rows:
        if allowed(row.member.roles, Action.REVEAL, Kind.ORIGINAL):
            return row.member
    return proceeding.created_by
