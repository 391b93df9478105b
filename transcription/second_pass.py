"""The second pass over a Transcript's current text: what is private in it, or a hold.

A Transcript leaves the state HIDING in two ways only: READY, when every recogniser read the whole text, or HELD.
"""

import contextlib
import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from compliance.redaction import (
    DetectionFailed,
    Detections,
    DetectSettings,
    Dialogue,
    OwnPattern,
    apart,
    detect,
    listed,
    own_patterns,
)
from compliance.redaction.provenance import fingerprint
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import PortalError
from transcription import carrying, doubt_counts, ingest, patterns, review, weighing
from transcription.models import DetectionSet, Proceeding, ReviewAct, Revision, Transcript
from transcription.originals import Current, current
from transcription.review import Act
from transcription.review_acts import acts_of
from transcription.weighing import Weight
from vault.models import Matter

log = logging.getLogger(__name__)
# The pass watches its own time; this much later it is taken for hanging (a recogniser that never returns). Where recognisers
# of others are read with, in a process of their own, it may have to be started and loaded twice meanwhile.
GRACE_SECONDS: Final = 2 * apart.LOAD_SECONDS + 30.0
BY_HAND: Final = carrying.BY_HAND
_REASONS: Final = {"time_limit": "pass_time_limit", "configuration": "pass_not_set_up"}
# Where it was a pattern of the organization's own, which it can change itself.
_PATTERN_REASONS: Final = {"time_limit": "pattern_time_limit", "configuration": "pattern_unreadable"}


@dataclass(frozen=True, slots=True)
class Told:
    """What a pass knew: the matter's ``words_version``, and the number of the newest "it is English"."""

    words_version: int
    english: int


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of the newest version: what the pass was told, and what it found in it."""

    matter: Matter
    knew: Told
    dialogue: Dialogue
    found: Detections


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

    A pass that was done for this version, with the parties and lists as they are and the lines that somebody says are
    English, is not done again.
    """
    version = transcript.version
    # Again, where they were changed while it was done.
    while (done := _up_to_date(transcript, version)) is None:
        try:
            now = read(transcript)
            weighed = _weighed(transcript, now.dialogue, now.found)
        except DetectionFailed as failure:
            log.warning("second_pass.failed transcript=%s code=%s", transcript.id, failure.code)
            hold(transcript, reason_of(failure), actor=actor)
            return None
        except Exception as error:
            # Whatever it is, an unchecked text is held, never shown; only what a later attempt may mend is tried again.
            if isinstance(error, PortalError) and error.retryable:
                raise
            log.error("second_pass.broken transcript=%s error=%s", transcript.id, type(error).__name__)
            hold(transcript, "pass_failed", actor=actor)
            return None
        while not _keep(transcript, version, now.knew, now.found, *weighed):
            weighed = _weighed(transcript, now.dialogue, now.found)
    Transcript.objects.filter(pk=transcript.pk, version=version).exclude(state=Transcript.State.HELD).update(
        state=Transcript.State.READY
    )
    transcript.refresh_from_db(fields=["state", "version"])
    return done


def read(transcript: Transcript) -> Read:
    """The pass over the newest version as everything stands now; nothing is kept. Not inside a transaction.

    Raises DetectionFailed, keystore errors, OperationInvalid.
    """
    matter = told(transcript)
    knew = Told(matter.words_version, _newest_english(acts_of(transcript)))
    dialogue = dialogue_of(transcript, current_text(transcript), matter)
    found = _found(transcript, matter, dialogue)

    def dialogue_at(version: int) -> Dialogue:
        return current_text(transcript, version).to_dialogue()

    return Read(matter, knew, dialogue, carrying.over(transcript, found, dialogue, dialogue_at))


def reason_of(failure: DetectionFailed) -> str:
    """Why a pass failed, as ``problems.explain`` knows it."""
    reasons = _PATTERN_REASONS if failure.recogniser == own_patterns.RECOGNISER else _REASONS
    return reasons.get(failure.code, "pass_failed")


def present() -> str:
    """What tells the pass as it is set up here from an earlier one; "" where its files cannot be read. Loads no model."""
    try:
        return fingerprint(settings.REDACTION_MODEL or None, settings.REDACTION_RECOGNISERS or None)
    except (OSError, ImportError):
        return ""


def found_by_another(rows: QuerySet[DetectionSet]) -> QuerySet[DetectionSet]:
    """Those of them that another version of the pass found than the present one. Not what a person checked by hand."""
    mark = present()
    return rows.exclude(recogniser=BY_HAND).exclude(recogniser__endswith=f" {mark}") if mark else rows.none()


def checked(transcript: Transcript, version: int | None = None) -> DetectionSet | None:
    """What was found in a version (None: the newest), if the pass knew the matter's parties and lists as they are now."""
    return DetectionSet.objects.filter(
        transcript=transcript,
        version=transcript.version if version is None else version,
        words_version__gte=F("transcript__proceeding__matter__words_version"),
    ).first()


def _newest_english(acts: Iterable[Act]) -> int:
    return max((act.number for act in acts if act.decision == review.ENGLISH), default=0)


def _unread() -> Exists:
    """Of rows of what was found: somebody said that a line is English, and the pass does not know it yet."""
    said = ReviewAct.objects.filter(
        transcript=OuterRef("transcript"), decision=ReviewAct.Decision.ENGLISH, number__gt=OuterRef("told")
    )
    return Exists(said)


def _up_to_date(transcript: Transcript, version: int) -> DetectionSet | None:
    done = checked(transcript, version)
    return None if done is None or waits_for_english(transcript) else done


def waits_for_english(transcript: Transcript) -> bool:
    """Whether lines of the newest version that somebody said are English are still to be read."""
    return DetectionSet.objects.filter(_unread(), transcript=transcript, version=transcript.version).exists()


def _found(transcript: Transcript, matter: Matter, dialogue: Dialogue) -> Detections:
    before = DetectionSet.objects.filter(transcript=transcript, version=transcript.version, recogniser=BY_HAND).first()
    if before is not None:
        # The pass cannot read it, and a person did. The lists can be looked for all the same.
        before.transcript = transcript
        return by_hand(dialogue, Detections.from_dict(before.detections), patterns.in_force(matter.organization_id))
    dialogue = replace(dialogue, english=review.said_english(dialogue, acts_of(transcript)))
    return detect_in_time(dialogue, settings.REDACTION_SECONDS, patterns.in_force(matter.organization_id))


def keep_by_hand(transcript: Transcript) -> None:
    """Keeps that a person checks the newest version, where the pass has not read it with the lists as they are now, or not
    the lines that are English."""
    if _up_to_date(transcript, transcript.version) is None:
        matter = told(transcript)
        before = DetectionSet.objects.filter(transcript=transcript, version=transcript.version).first()
        found = None
        if before is not None:
            before.transcript = transcript
            found = Detections.from_dict(before.detections)
        dialogue = dialogue_of(transcript, current_text(transcript), matter)
        made = by_hand(dialogue, found, patterns.in_force(matter.organization_id))
        knew = Told(matter.words_version, _newest_english(acts_of(transcript)))
        # Not while the pass reads it again: it would be taken for the pass's own finding.
        while not _keep(
            transcript, transcript.version, knew, made, *_weighed(transcript, dialogue, made), only_held=True
        ):  # fmt: skip
            pass


def by_hand(dialogue: Dialogue, before: Detections | None = None, own: tuple[OwnPattern, ...] = ()) -> Detections:
    """What is private in a text that a person checked: what was found ``before``, and what the matter's lists and the
    organization's ``own`` patterns say now. A pattern that fails adds nothing: somebody read the whole text all the same."""
    try:
        now = listed(dialogue, own, seconds=settings.REDACTION_SECONDS)
    except DetectionFailed as failure:
        log.warning("second_pass.by_hand_without_patterns code=%s", failure.code)
        now = listed(dialogue)
    kept = before or Detections(recognisers=(BY_HAND,))
    others = [item for item in kept.items if item.recogniser not in now.recognisers]
    items = {item.id: item for item in [*others, *now.items]}
    ordered = tuple(sorted(items.values(), key=lambda d: (d.turn, d.start, d.end)))
    return replace(kept, items=ordered, recognisers=tuple(dict.fromkeys([*kept.recognisers, BY_HAND])))


def corrected_due(limit: int = 5) -> list[Transcript]:
    """Transcripts of which a correction, or a line that is English, has not been read yet. A first reading belongs to the
    Job, one after a hold to ``checking_again``, not here."""
    corrected = Q(state=Transcript.State.HIDING, version__gt=1, again_due_at=None)
    unread = DetectionSet.objects.filter(_unread(), transcript=OuterRef("pk"), version=OuterRef("version"))
    rows = Transcript.objects.filter(corrected | Q(Exists(unread), state=Transcript.State.READY), superseded_at=None)
    return list(rows.select_related("proceeding__matter__vault", "original__vault").order_by("created_at")[:limit])


def _weighed(transcript: Transcript, dialogue: Dialogue, found: Detections) -> tuple[Weight, int]:
    """How much is open to doubt, and the number of the newest decision that this knows."""
    acts = acts_of(transcript)
    return weighing.weight(dialogue, found, acts), acts[-1].number if acts else 0


def _keep(
    transcript: Transcript, version: int, knew: Told, found: Detections, weight: Weight, decided: int, *,
    only_held: bool = False,
) -> bool:  # fmt: skip
    """In the place of what was found before the parties or lists changed, or before somebody said that a line is English.

    ``weight``, ``decided``: as ``_weighed``. ``only_held``: nothing is kept of a text that is not held. False when somebody
    decided since, and nothing was kept: weigh it again.
    """
    old = DetectionSet.objects.filter(transcript=transcript, version=version).first()
    row = old or DetectionSet(transcript=transcript, version=version)
    row.transcript = transcript
    row.words_version, row.told = knew.words_version, knew.english
    write(row, found)
    if old is not None:
        names = ("words_version", "told", *FOUND_FIELDS)
        # Only over an older one: a worker that is late must not bring back what it was told before.
        older = DetectionSet.objects.filter(
            Q(words_version__lt=knew.words_version) | Q(told__lt=knew.english),
            pk=old.pk, words_version__lte=knew.words_version, told__lte=knew.english,
        )  # fmt: skip
        with transaction.atomic():
            # Nobody stores a decision on the older findings from here on (``deciding.keep``).
            locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
            if only_held and locked.state != Transcript.State.HELD:
                return True
            if (locked.review_acts.aggregate(last=Max("number"))["last"] or 0) != decided:
                return False
            if older.update(**{name: getattr(row, name) for name in names}):
                doubt_counts.keep(transcript, version, weight)
        return True
    # Where another worker read the same text at the same time, one pass is enough.
    with contextlib.suppress(IntegrityError), transaction.atomic():
        if only_held and Transcript.objects.select_for_update().get(pk=transcript.pk).state != Transcript.State.HELD:
            return True
        row.save(force_insert=True)
        doubt_counts.keep(transcript, version, weight)
    return True


# What of a row says what was found, and by whom.
FOUND_FIELDS: Final = ("recogniser", "counts", "detections_sealed")


def write(row: DetectionSet, found: Detections) -> None:
    """Puts what was found into the row (FOUND_FIELDS); it is not saved. Not inside a transaction: it seals."""
    counts: dict[str, int] = {}
    for item in found.items:
        counts[item.type] = counts.get(item.type, 0) + 1
    if found.hidden_turns:
        counts["not_checked"] = len(found.hidden_turns)
    if found.disagreements:
        counts["disagreements"] = found.disagreements
    row.recogniser = BY_HAND if BY_HAND in found.recognisers else f"{(found.model or 'portal')[:60]} {present()}"
    row.counts = counts
    row.detections = found.to_dict()


def detect_in_time(dialogue: Dialogue, seconds: float, own: tuple[OwnPattern, ...] = ()) -> Detections:
    """``detect`` that comes back, if need be with DetectionFailed("time_limit"): a hanging recogniser is left behind, or ended
    with its process where it is not the portal's.

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
