"""Checking a held transcript again, after what kept the check from being done was mended.

Whoever may review may ask: nothing is shown by it. The transcript goes back to HIDING, and the sweeper works on it from the
row alone (``again_due_at``, ``again_tries``): it ends READY, or held again with its reason. What people hid by hand holds on.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from compliance import audit, policies
from compliance.audit import SYSTEM, Actor
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Conflict
from transcription import holding, jobs, problems, reading, renditions, second_pass
from transcription.models import DetectionSet, Job, Proceeding, Reveal, Transcript
from vault import matters

log = logging.getLogger(__name__)
# After a try that was begun and did not end: a key store or a worker that restarts is back by then.
WAITS: Final = (timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))
# One request asks for at most so many; the page says how many are left.
AT_ONCE: Final = 200


class NotHelpedByChecking(Conflict):
    code = "not_helped_by_checking"
    message = "Checking it again would end in the same way. Hide private details by hand, or have it transcribed again."


class OpenByHand(Conflict):
    code = "open_by_hand"
    message = (
        "Somebody has this text open for checking by hand. Wait for them, or say that it is to be checked again all the same: "
        "their page closes, and what they hid is kept."
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Of many: how many are checked again now, and how many are not: open by hand, being transcribed, one too many."""

    begun: int
    open_by_hand: int = 0
    transcribing: int = 0
    left: int = 0


def helps(reason: str) -> bool:
    """Whether checking again may end otherwise."""
    return problems.explain(reason).again


def opened_by(transcript: Transcript) -> list[Reveal]:
    """Who has the held text open for checking by hand, the one that ends last first."""
    rows = Reveal.objects.filter(
        transcript=transcript, scope=Reveal.Scope.TRANSCRIPT, ended_at=None, expires_at__gt=timezone.now()
    )
    return list(rows.select_related("member").order_by("-expires_at"))


def ask(actor: Actor, member: Member, transcript: Transcript, *, anyway: bool = False) -> bool:
    """Has a held transcript checked again. False where it is not held any more: somebody else asked, or decided.

    ``anyway``: also where others have it open for checking by hand. Raises Refused (recorded), NotHelpedByChecking,
    OpenByHand, StillRunning.
    """
    reading.require(actor, member, transcript, Action.REVIEW)
    if transcript.state != Transcript.State.HELD or transcript.superseded_at is not None:
        return False
    if not helps(transcript.held_reason):
        raise NotHelpedByChecking
    return _begin(actor, member, transcript, anyway=anyway)


def _begin(actor: Actor, member: Member, transcript: Transcript, *, anyway: bool) -> bool:
    now = timezone.now()
    with transaction.atomic():
        # As ``jobs.start`` does: a transcript of a new Job takes this one's place, and is what people wait for then.
        proceeding = Proceeding.objects.select_for_update().get(pk=transcript.proceeding_id)
        if _running(proceeding).exists():
            raise jobs.StillRunning
        others = [reveal for reveal in opened_by(transcript) if reveal.member_id != member.id]
        if others and not anyway:
            raise OpenByHand
        rows = Transcript.objects.filter(pk=transcript.pk, state=Transcript.State.HELD, superseded_at=None)
        if not rows.update(state=Transcript.State.HIDING, again_due_at=now, again_tries=0):
            return False
        # What a person answered for (and did not release) is no finding of the pass: it reads the text itself.
        DetectionSet.objects.filter(
            transcript=transcript, version=transcript.version, recogniser=second_pass.BY_HAND
        ).update(recogniser="", words_version=0)  # fmt: skip
        Proceeding.objects.filter(pk=proceeding.pk, state=Proceeding.State.HELD).update(
            state=Proceeding.State.HIDING, state_since=now
        )
        closed = holding.close(actor, transcript)
        audit.record(
            "transcription:transcript:held_check_asked",
            organization_id=transcript.proceeding.matter.organization_id,
            actor=actor,
            target=reading.target(transcript),
            reason=transcript.held_reason,
            closed=closed,
        )
    transcript.refresh_from_db(fields=["state", "again_due_at", "again_tries"])
    return True


def ask_all(actor: Actor, member: Member, reason: str) -> Asked:
    """Has every transcript checked again that is held for one reason behind the member's walls.

    Raises Refused (recorded), BadInput. What somebody has open by hand is left alone.
    """
    matters.require(actor, member, Action.REVIEW, Kind.TRANSCRIPT)
    if reason not in problems.codes() or not helps(reason):
        raise BadInput("Choose a reason from the list of what needs checking.")
    rows = holding.held(member).filter(held_reason=reason)
    begun = by_hand = running = 0
    wanted = list(rows[: AT_ONCE + 1])
    for transcript in wanted[:AT_ONCE]:
        try:
            begun += ask(actor, member, transcript)
        except OpenByHand:
            by_hand += 1
        except jobs.StillRunning:
            running += 1
    return Asked(begun, by_hand, running, rows.count() - by_hand - running if len(wanted) > AT_ONCE else 0)


def under_way(member: Member) -> QuerySet[Transcript]:
    """What is being checked again behind the member's walls, what was asked for first first."""
    rows = Transcript.objects.filter(
        proceeding__matter__in=matters.visible_to(member), again_due_at__isnull=False, superseded_at=None
    ).exclude(proceeding__state=Proceeding.State.ERASED)
    return rows.select_related("proceeding__matter__vault").order_by("again_due_at")


def due(limit: int = 5) -> list[Transcript]:
    """What is to be worked on now."""
    rows = Transcript.objects.filter(again_due_at__lte=timezone.now()).exclude(
        proceeding__state=Proceeding.State.ERASED
    )
    related = rows.select_related("proceeding__matter__vault", "original__vault", "held_owner")
    return list(related.order_by("again_due_at")[:limit])


def run(transcript: Transcript) -> None:
    """One try. Not inside a transaction. Killed in it, it is begun again when it is due, and held after the last try."""
    if not _count(transcript):
        return
    try:
        if second_pass.run(transcript) is None:
            return  # held again, and recorded as that
        renditions.first(transcript)
    except policies.PolicyUnresolved:
        second_pass.hold(transcript, "policy_unresolved")
    except renditions.NotShown:
        # Somebody changed parties, lists or the text in this moment: its view comes with what was begun then.
        _settle(transcript)
    except Exception as error:
        # By its kind only: a message may hold content.
        log.warning("check_again.failed transcript=%s error=%s", transcript.pk, type(error).__name__)
    else:
        _settle(transcript)


def _count(transcript: Transcript) -> bool:
    """Counts a try before it is begun. False where another process was first, or it was the last one."""
    if transcript.again_tries >= len(WAITS):
        transcript.refresh_from_db(fields=["state"])
        if transcript.state == Transcript.State.READY:
            # The pass has read it, and only a view of it could not be made: that is made when it is opened.
            _settle(transcript)
        else:
            second_pass.hold(transcript, "pass_failed")
        return False
    wait: datetime = timezone.now() + WAITS[transcript.again_tries]
    rows = Transcript.objects.filter(pk=transcript.pk, again_tries=transcript.again_tries, again_due_at__isnull=False)
    if not rows.update(again_tries=F("again_tries") + 1, again_due_at=wait):
        return False
    transcript.refresh_from_db(fields=["state", "version", "again_tries", "again_due_at"])
    return True


def _settle(transcript: Transcript) -> None:
    """The end that everybody hopes for: it is ready, and said to be."""
    now = timezone.now()
    with transaction.atomic():
        rows = Transcript.objects.filter(pk=transcript.pk, state=Transcript.State.READY, again_due_at__isnull=False)
        if not rows.update(again_due_at=None, again_tries=0, released_way="checked_again"):
            return
        proceeding = Proceeding.objects.select_for_update().get(pk=transcript.proceeding_id)
        # Where it is transcribed again meanwhile, that is what people are told of.
        if transcript.superseded_at is None and not _running(proceeding).exists():
            Proceeding.objects.filter(pk=proceeding.pk, state__in=(Proceeding.State.HIDING, Proceeding.State.HELD)).update(
                state=Proceeding.State.READY, state_since=now
            )
        holding.record_way(SYSTEM, transcript, "checked_again")
    transcript.refresh_from_db(fields=["state", "again_due_at", "again_tries", "released_way"])


def _running(proceeding: Proceeding) -> QuerySet[Job]:
    return Job.objects.filter(proceeding=proceeding).exclude(state__in=Job.FINAL)


def work() -> int:
    """One round for the sweeper: how many tries were begun."""
    rows = due()
    for row in rows:
        run(row)
    return len(rows)
