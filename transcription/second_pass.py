"""The second pass over a Transcript's current text: what is private in it, or a hold.

A Transcript leaves the state HIDING in two ways only: READY, when every recogniser read the whole text, or HELD.
"""

import contextlib
import logging
import threading
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from compliance.redaction import (
    DetectionFailed,
    Detections,
    DetectSettings,
    Dialogue,
    OwnPattern,
    detect,
    listed,
    own_patterns,
)
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import PortalError
from transcription import doubt_counts, ingest, patterns, weighing
from transcription.models import DetectionSet, Proceeding, Revision, Transcript
from transcription.originals import Current, current
from transcription.review_acts import acts_of
from transcription.weighing import Weight
from vault.models import Matter

log = logging.getLogger(__name__)
# The pass watches its own time; this much later it is taken for hanging (a recogniser that never returns).
GRACE_SECONDS: Final = 30.0
# Who "recognised" in a text that a person checked, since the pass could not.
BY_HAND: Final = "by hand"
_REASONS: Final = {"time_limit": "pass_time_limit", "configuration": "pass_not_set_up"}
# Where it was a pattern of the organization's own, which it can change itself.
_PATTERN_REASONS: Final = {"time_limit": "pattern_time_limit", "configuration": "pattern_unreadable"}


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


def told(transcript: Transcript) -> Matter:
    """The matter as it stands now: whoever holds the transcript may have loaded it before its parties or lists changed."""
    return Matter.objects.select_related("vault").get(pk=transcript.proceeding.matter_id)


def dialogue_of(transcript: Transcript, text: Current, matter: Matter | None = None) -> Dialogue:
    """What recognisers read: the text with the matter's parties and lists, and the names that people gave the voices."""
    matter = matter or told(transcript)
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

    A pass that was done for this version, with the parties and lists as they are, is not done again.
    """
    version = transcript.version
    # Again, where they were changed while it was done.
    while (done := checked(transcript, version)) is None:
        try:
            matter = told(transcript)
            dialogue = dialogue_of(transcript, current_text(transcript), matter)
            found = _still_quiet(transcript, version, _found(transcript, matter, dialogue))
            weight = weighing.weight(dialogue, found, acts_of(transcript))
        except DetectionFailed as failure:
            log.warning("second_pass.failed transcript=%s code=%s", transcript.id, failure.code)
            reasons = _PATTERN_REASONS if failure.recogniser == own_patterns.RECOGNISER else _REASONS
            hold(transcript, reasons.get(failure.code, "pass_failed"), actor=actor)
            return None
        except Exception as error:
            # Whatever it is, an unchecked text is held, never shown; only what a later attempt may mend is tried again.
            if isinstance(error, PortalError) and error.retryable:
                raise
            log.error("second_pass.broken transcript=%s error=%s", transcript.id, type(error).__name__)
            hold(transcript, "pass_failed", actor=actor)
            return None
        _keep(transcript, version, matter.words_version, found, weight)
    Transcript.objects.filter(pk=transcript.pk, version=version).exclude(state=Transcript.State.HELD).update(
        state=Transcript.State.READY
    )
    transcript.refresh_from_db(fields=["state", "version"])
    return done


def checked(transcript: Transcript, version: int | None = None) -> DetectionSet | None:
    """What was found in a version (None: the newest), if the pass knew the matter's parties and lists as they are now."""
    return DetectionSet.objects.filter(
        transcript=transcript,
        version=transcript.version if version is None else version,
        words_version__gte=F("transcript__proceeding__matter__words_version"),
    ).first()


def _found(transcript: Transcript, matter: Matter, dialogue: Dialogue) -> Detections:
    before = DetectionSet.objects.filter(transcript=transcript, version=transcript.version, recogniser=BY_HAND).first()
    if before is not None:
        # The pass cannot read it, and a person did. The lists can be looked for all the same.
        before.transcript = transcript
        return by_hand(dialogue, Detections.from_dict(before.detections))
    return detect_in_time(dialogue, settings.REDACTION_SECONDS, patterns.in_force(matter.organization_id))


def keep_by_hand(transcript: Transcript) -> None:
    """Keeps that a person checks the newest version, where the pass has not read it with the lists as they are now."""
    if checked(transcript) is None:
        matter = told(transcript)
        before = DetectionSet.objects.filter(transcript=transcript, version=transcript.version).first()
        found = None
        if before is not None:
            before.transcript = transcript
            found = Detections.from_dict(before.detections)
        dialogue = dialogue_of(transcript, current_text(transcript), matter)
        made = by_hand(dialogue, found)
        weight = weighing.weight(dialogue, made, acts_of(transcript))
        # Not while the pass reads it again: it would be taken for the pass's own finding.
        _keep(transcript, transcript.version, matter.words_version, made, weight, only_held=True)


def by_hand(dialogue: Dialogue, before: Detections | None = None) -> Detections:
    """What is private in a text that a person checked: what was found ``before``, and what the matter's lists say now."""
    now = listed(dialogue)
    kept = before or Detections(recognisers=(BY_HAND,))
    others = [item for item in kept.items if item.recogniser not in now.recognisers]
    items = {item.id: item for item in [*others, *now.items]}
    ordered = tuple(sorted(items.values(), key=lambda d: (d.turn, d.start, d.end)))
    return replace(kept, items=ordered, recognisers=tuple(dict.fromkeys([*kept.recognisers, BY_HAND])))


def _still_quiet(transcript: Transcript, version: int, found: Detections) -> Detections:
    """What was silent for doubt stays silent whatever is typed over it: a correction changes the text, not the sound."""
    before = DetectionSet.objects.filter(transcript=transcript, version__lt=version).order_by("-version").first()
    if before is None:
        return found
    before.transcript = transcript
    quiet = Detections.from_dict(before.detections).quiet
    return replace(found, quiet=tuple(dict.fromkeys([*found.quiet, *quiet])))


def corrected_due(limit: int = 5) -> list[Transcript]:
    """Transcripts whose correction has not been read yet. A first reading belongs to the Job, one after a hold to
    ``checking_again``, not here."""
    rows = Transcript.objects.filter(state=Transcript.State.HIDING, version__gt=1, superseded_at=None, again_due_at=None)
    return list(rows.select_related("proceeding__matter__vault", "original__vault").order_by("created_at")[:limit])


def _keep(
    transcript: Transcript, version: int, words_version: int, found: Detections, weight: Weight, *, only_held: bool = False
) -> None:  # fmt: skip
    """Keeps what was found, and how much of it is open to doubt, in the place of what was found before the parties or lists
    changed. Nobody decides anything before: there is no view. ``only_held``: nothing is kept of a text that is not held."""
    counts: dict[str, int] = {}
    for item in found.items:
        counts[item.type] = counts.get(item.type, 0) + 1
    if found.hidden_turns:
        counts["not_checked"] = len(found.hidden_turns)
    if found.disagreements:
        counts["disagreements"] = found.disagreements
    old = DetectionSet.objects.filter(transcript=transcript, version=version).first()
    row = old or DetectionSet(transcript=transcript, version=version)
    row.transcript = transcript
    row.recogniser = BY_HAND if BY_HAND in found.recognisers else (found.model or "portal")[:80]
    row.words_version, row.counts = words_version, counts
    row.detections = found.to_dict()
    if old is not None:
        names = ("recogniser", "words_version", "counts", "detections_sealed")
        # Only over an older one: a worker that is late must not bring back what it was told before.
        older = DetectionSet.objects.filter(pk=old.pk, words_version__lt=words_version)
        with transaction.atomic():
            # Nobody stores a decision on the older findings from here on (``deciding.keep``).
            locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
            if only_held and locked.state != Transcript.State.HELD:
                return
            if older.update(**{name: getattr(row, name) for name in names}):
                doubt_counts.keep(transcript, version, weight)
        return
    # Where another worker read the same text at the same time, one pass is enough.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
        if only_held and locked.state != Transcript.State.HELD:
            return
        row.save(force_insert=True)
        doubt_counts.keep(transcript, version, weight)


def detect_in_time(dialogue: Dialogue, seconds: float, own: tuple[OwnPattern, ...] = ()) -> Detections:
    """``detect`` that comes back, if need be with DetectionFailed("time_limit"): a hanging recogniser is left behind.

    ``own``: the patterns of the organization whose dialogue it is. They are given to this run alone; what is kept for the
    life of the process, and serves everybody, is the same for everybody.
    """
    wanted = DetectSettings(
        time_limit=seconds,
        model=settings.REDACTION_MODEL or None,
        recogniser_file=settings.REDACTION_RECOGNISERS or None,
        patterns=own,
    )
    outcome: list[Detections | BaseException] = []

    def work() -> None:
        try:
            outcome.append(detect(dialogue, settings=wanted))
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
        rows = Transcript.objects.filter(pk=transcript.pk).exclude(state=Transcript.State.HELD)
        before = rows.select_for_update().first()
        if before is None:
            return
        # Checked again in vain: it has waited since it was held first.
        since = (before.held_since or now) if before.again_due_at else now
        rows.update(
            state=Transcript.State.HELD, held_reason=reason, held_owner=owner, held_since=since, released_way="",
            again_due_at=None, again_tries=0,
        )  # fmt: skip
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
