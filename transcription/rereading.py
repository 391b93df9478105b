"""What was checked before is checked again: after a pattern, a voice's name, or the second pass itself is another one.

The gentler kind beside ``rechecking``: nothing is closed. What is shown stays until the new findings stand, and where the
pass finds the same, nothing changes at all. What is still to be done is read from the rows (``recheck_since``), so a worker
that is killed loses nothing. People's decisions are kept by words and hold on. A pass that fails leaves the old findings in
force: what is shown was checked. It is tried a few times more, then said.
"""

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Actor, Target
from compliance.redaction import DetectionFailed, Detections
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind
from portal.errors import PortalError
from transcription import doubt_counts, links, remaking, second_pass, weighing
from transcription.models import DetectionSet, Proceeding, Rendition, Transcript
from transcription.review_acts import acts_of
from transcription.second_pass import FOUND_FIELDS, Read
from vault import matters
from vault.models import Matter

log = logging.getLogger(__name__)
# How long one round works before it lets go; the next one goes on from the rows.
ROUND_SECONDS: Final = 20.0
# Each try counts from its beginning, so that a worker that is killed by a transcript is killed no further time.
TRIES: Final = 3
AGAIN: Final = timedelta(minutes=5)
# Others who decide while the new findings are put in the place of the old ones.
_TURNS: Final = 5


@dataclass(frozen=True, slots=True)
class Progress:
    """Of ``total`` checked transcripts ``waiting`` are still to be checked again; ``failed`` could not be."""

    total: int
    waiting: int
    failed: int

    @property
    def checked(self) -> int:
        return self.total - self.waiting


class _End(Enum):
    DONE = "done"
    # Corrected, held, or told something else meanwhile: the rows say what comes next.
    MEANWHILE = "meanwhile"
    # The findings are in force, and a view of them could not be made: whoever opens it waits for it.
    NO_VIEW = "no_view"


# --- asking ------------------------------------------------------------------------------------------------------------------
def in_organization(organization_id: UUID) -> QuerySet[Transcript]:
    """The live transcripts of an organization."""
    return _live().filter(proceeding__matter__organization=organization_id)


def in_matter(matter: Matter) -> QuerySet[Transcript]:
    return _live().filter(proceeding__matter=matter)


def _live() -> QuerySet[Transcript]:
    rows = Transcript.objects.filter(superseded_at=None, proceeding__matter__erased_at=None)
    return rows.exclude(proceeding__state=Proceeding.State.ERASED)


def _checked(rows: QuerySet[Transcript]) -> QuerySet[Transcript]:
    """Those whose newest version the pass has read. What is held waits for a person."""
    found = DetectionSet.objects.filter(transcript=OuterRef("pk"), version=OuterRef("version"))
    return rows.exclude(state=Transcript.State.HELD).filter(Exists(found))


def older(rows: QuerySet[Transcript]) -> QuerySet[Transcript]:
    """Those whose newest version was read by another version of the pass than the present one."""
    found = DetectionSet.objects.filter(transcript=OuterRef("pk"), version=OuterRef("version"))
    return rows.exclude(state=Transcript.State.HELD).filter(Exists(second_pass.found_by_another(found)))


def everywhere(*, actor: Actor, by: Member) -> int:
    """All transcripts of the member's organization are checked again; how many. Raises Refused (recorded)."""
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    return _ask(in_organization(by.organization_id), actor, by.organization_id, audit.NOTHING, "organization")


def throughout(*, actor: Actor, by: Member, matter: Matter) -> int:
    """All transcripts of a matter are checked again; how many. ``by`` is behind its wall. Raises Refused (recorded)."""
    matters.require_change(actor, by, matter)
    return _ask(in_matter(matter), actor, matter.organization_id, Target("matter", matter.id, matter.id), "matter")


def after_upgrade(*, actor: Actor, organization: Organization, matter: Matter | None = None, only_older: bool = False) -> int:
    """For an operator: all transcripts of an organization, or of a matter of it; ``only_older`` as ``older`` says."""
    rows = in_organization(organization.id) if matter is None else in_matter(matter)
    target = audit.NOTHING if matter is None else Target("matter", matter.id, matter.id)
    return _ask(older(rows) if only_older else rows, actor, organization.id, target, "operator")


def for_names(actor: Actor, transcript: Transcript) -> None:
    """One whose voices were given other names; in the caller's transaction, with the names."""
    matter = transcript.proceeding.matter
    rows = _live().filter(pk=transcript.pk)
    _ask(rows, actor, matter.organization_id, Target("transcript", transcript.id, matter.id), "speaker")


def _ask(rows: QuerySet[Transcript], actor: Actor, organization_id: UUID, target: Target, cause: str) -> int:
    """Also those that are held or still being read: what reads them may have begun before. They are not counted."""
    with transaction.atomic():
        number = _checked(rows).count()
        rows.update(recheck_since=timezone.now(), recheck_tries=0, recheck_tried_at=None, recheck_problem="")
        audit.record(
            "transcription:transcript:recheck_asked",
            organization_id=organization_id,
            actor=actor,
            target=target,
            cause=cause,
            transcripts=number,
        )
    return number


def progress(rows: QuerySet[Transcript]) -> Progress | None:
    """Counted from the rows; None where nothing is to be done, and nothing failed."""
    checked = _checked(rows)
    asked = checked.exclude(recheck_since=None)
    waiting = asked.filter(recheck_problem="").count()
    failed = asked.exclude(recheck_problem="").count()
    return Progress(checked.count(), waiting, failed) if waiting or failed else None


def count(rows: QuerySet[Transcript]) -> int:
    """How many would be checked again."""
    return _checked(rows).count()


def waits(transcript: Transcript) -> bool:
    """Whether it is still to be checked again."""
    return Transcript.objects.filter(pk=transcript.pk, recheck_problem="").exclude(recheck_since=None).exists()


def failed(rows: QuerySet[Transcript]) -> QuerySet[Transcript]:
    """Those that could not be checked again: what was found in them before stays in force."""
    return _checked(rows).exclude(recheck_problem="").select_related("proceeding__matter__vault")


# --- working -----------------------------------------------------------------------------------------------------------------
def due() -> QuerySet[Transcript]:
    """What is to be read now: first what was tried least, of that what was asked for last, which somebody may wait for.

    What a change of parties or lists has closed is opened by ``rechecking`` first.
    """
    known = DetectionSet.objects.filter(
        transcript=OuterRef("pk"),
        version=OuterRef("version"),
        words_version__gte=OuterRef("proceeding__matter__words_version"),
    )
    rows = _live().filter(state=Transcript.State.READY, recheck_problem="").exclude(recheck_since=None)
    rows = rows.filter(Q(recheck_tried_at=None) | Q(recheck_tried_at__lt=timezone.now() - AGAIN)).filter(Exists(known))
    related = rows.select_related("proceeding__matter__vault", "original__vault")
    return related.order_by("recheck_tries", "-recheck_since", "?")


def work(seconds: float = ROUND_SECONDS) -> int:
    """One round for the sweeper, of about ``seconds``: how many transcripts were read again."""
    until = time.monotonic() + seconds
    done = 0
    # One after the other, so that a name that is given meanwhile does not wait for a whole organization's turn.
    while (transcript := due().first()) is not None:
        done += run(transcript)
        if time.monotonic() > until:
            break
    return done


def run(transcript: Transcript) -> bool:
    """Reads it again, keeps what is new and makes its views. Whether that is done; the rows say so. Not in a transaction."""
    if not _begin(transcript):
        return False
    if transcript.recheck_tries > TRIES:
        # The last try was cut off.
        _give_up(transcript, "pass_failed")
        return False
    try:
        end = _again(transcript)
    except DetectionFailed as failure:
        return _failed(transcript, failure.code, second_pass.reason_of(failure))
    except Exception as error:
        if isinstance(error, PortalError) and error.retryable:
            # A key store or storage that is down is nobody's fault: tried for as long as it takes.
            _mine(transcript).update(recheck_tries=F("recheck_tries") - 1)
            return False
        return _failed(transcript, type(error).__name__, "pass_failed")
    if end is _End.MEANWHILE:
        _mine(transcript).update(recheck_tries=F("recheck_tries") - 1, recheck_tried_at=None)
        return False
    if end is _End.NO_VIEW and transcript.recheck_tries < TRIES:
        return False
    _mine(transcript).update(recheck_since=None, recheck_tries=0, recheck_tried_at=None)
    return True


def _mine(transcript: Transcript) -> QuerySet[Transcript]:
    """The row, unless somebody asked once more meanwhile."""
    return Transcript.objects.filter(pk=transcript.pk, recheck_since=transcript.recheck_since)


def _begin(transcript: Transcript) -> bool:
    """Counts a try. False where another worker was first."""
    rows = _mine(transcript).filter(recheck_tries=transcript.recheck_tries, recheck_problem="")
    begun = rows.update(recheck_tries=F("recheck_tries") + 1, recheck_tried_at=timezone.now())
    if begun:
        transcript.recheck_tries += 1
    return bool(begun)


def _failed(transcript: Transcript, kind: str, reason: str) -> bool:
    # By its kind only: a message may hold content.
    log.warning("reread.failed transcript=%s try=%s error=%s", transcript.pk, transcript.recheck_tries, kind)
    if transcript.recheck_tries >= TRIES:
        _give_up(transcript, reason)
    return False


def _give_up(transcript: Transcript, reason: str) -> None:
    """Says that it could not be read again. It is not held: what is shown was checked."""
    matter = transcript.proceeding.matter
    with transaction.atomic():
        if _mine(transcript).update(recheck_problem=reason):
            audit.record(
                "transcription:transcript:recheck_failed",
                organization_id=matter.organization_id,
                actor=SYSTEM,
                target=Target("transcript", transcript.id, matter.id),
                reason=reason,
                tries=min(transcript.recheck_tries, TRIES),
            )


def _again(transcript: Transcript) -> _End:
    row = second_pass.checked(transcript)
    if row is None:
        return _End.MEANWHILE
    row.transcript = transcript
    before = Detections.from_dict(row.detections)
    now = second_pass.read(transcript)
    if not _keep(transcript, row, before, now):
        return _End.MEANWHILE
    end = _End.DONE
    for shown, policy in remaking.missing(Rendition.objects.filter(transcript=transcript)):
        if not remaking.make(shown, policy):
            end = _End.NO_VIEW
    # Somebody who opened the player in that moment may hold a link that was minted after it.
    _close_links(transcript)
    return end


def same(one: Detections, other: Detections) -> bool:
    """Whether both hide the same, and leave the same open to doubt."""
    return _said(one) == _said(other)


def _said(found: Detections) -> tuple[object, ...]:
    items = frozenset((d.turn, d.start, d.end, d.type, d.entity, frozenset(d.marks), d.unsure) for d in found.items)
    return items, frozenset(found.hidden_turns), frozenset(found.quiet)


def _keep(transcript: Transcript, row: DetectionSet, before: Detections, now: Read) -> bool:
    """Puts what was found now in the place of what was found before; False where something else stands there by now.

    What it leaves open to doubt is worked out before the transaction; who decides in between makes it stale.
    """
    if now.matter.words_version != row.words_version:
        return False
    changed = not same(before, now.found)
    number = row.rereads
    second_pass.write(row, now.found)
    for _ in range(_TURNS):
        acts = acts_of(transcript)
        weight = weighing.weight(now.dialogue, now.found, acts)
        with transaction.atomic():
            locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
            stands = DetectionSet.objects.filter(
                pk=row.pk, words_version=row.words_version, told=row.told, rereads=number
            )
            if (locked.version, locked.state) != (row.version, Transcript.State.READY) or not stands.exists():
                return False
            if (locked.review_acts.aggregate(last=Max("number"))["last"] or 0) != (acts[-1].number if acts else 0):
                continue
            if changed:
                written = {name: getattr(row, name) for name in FOUND_FIELDS}
                stands.update(rereads=locked.rereads + 1, told=now.knew.english, **written)
                Transcript.objects.filter(pk=locked.pk).update(rereads=locked.rereads + 1)
                Rendition.objects.filter(transcript=locked, state=Rendition.State.READY).update(state=Rendition.State.STALE)
                doubt_counts.keep(locked, row.version, weight)
                _close_links(locked)
            else:
                stands.update(recogniser=row.recogniser)
            _record(transcript, row.version, changed, before, now.found)
        return True
    return False


def _close_links(transcript: Transcript) -> None:
    kept = Rendition.objects.filter(transcript=transcript, state=Rendition.State.STALE).exclude(audio_objects=[])
    links.close_to(SYSTEM, [object_id for copies in kept.values_list("audio_objects", flat=True) for object_id in copies])


def _record(transcript: Transcript, version: int, changed: bool, before: Detections, now: Detections) -> None:
    matter = transcript.proceeding.matter
    audit.record(
        "transcription:transcript:rechecked",
        organization_id=matter.organization_id,
        actor=SYSTEM,
        target=Target("transcript", transcript.id, matter.id),
        version=version,
        changed=changed,
        before=len(before.items),
        found=len(now.items),
    )
