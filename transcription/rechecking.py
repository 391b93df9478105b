"""After a matter's parties or lists were changed: its transcripts are checked again, and get new views.

From the change on nothing is shown that was found before it (``renditions.ensure``): a transcript opens again when its turn
has come. What is still to be done is read from the rows (findings and views of an older ``words_version``), so a worker
that is killed loses nothing. People's decisions are kept by words and hold on.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from compliance.audit import SYSTEM, Actor
from portal.accounts.models import Member
from transcription import links, remaking, second_pass
from transcription.models import DetectionSet, Proceeding, Rendition, Transcript
from vault import matters
from vault.models import Matter

log = logging.getLogger(__name__)
# How long one round works before it lets go; the next one goes on from the rows.
ROUND_SECONDS: Final = 20.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a matter's transcripts were checked again. ``held``: those that need checking; a person looks first."""

    total: int
    checked: int
    held: int


def describe(
    *,
    actor: Actor,
    by: Member,
    matter: Matter,
    title: str | None = None,
    parties: Iterable[dict[str, str]] | None = None,
    hide: Iterable[str] | None = None,
    show: Iterable[str] | None = None,
    expected: int | None = None,
) -> bool:
    """Title, parties and lists as ``vault.matters`` changes them; what is None stays.

    Whether transcripts are checked again now. ``expected``: the ``words_version`` that was on the page.
    Raises as ``matters.describe`` and ``matters.set_lists``.
    """
    if expected is not None and expected != matter.words_version:
        raise matters.ChangedMeanwhile(version=matter.words_version)
    parties = None if parties is None else list(parties)
    matters.require_description(title, parties)
    anew = matters.set_lists(actor=actor, by=by, matter=matter, hide=hide, show=show)
    if title is not None or parties is not None:
        anew = matters.describe(actor=actor, by=by, matter=matter, title=title, parties=parties) or anew
    if anew:
        _put_out_of_use(actor, matter)
    return anew and _checked_before(matter).exists()


def _put_out_of_use(actor: Actor, matter: Matter) -> None:
    """What was shown before is stale, and links to its sound are closed. Done again in each round: it may have been cut off,
    and somebody who opened the player in the moment of the change may hold a link that was minted after it."""
    older = Rendition.objects.filter(transcript__in=_outdated(matter))
    with transaction.atomic():
        older.filter(state=Rendition.State.READY).update(state=Rendition.State.STALE)
        kept = Rendition.objects.filter(transcript__proceeding__matter=matter, state=Rendition.State.STALE)
        copies = kept.exclude(audio_objects=[]).values_list("audio_objects", flat=True)
        links.close_to(actor, [object_id for found in copies.iterator() for object_id in found])


def _checked_before(matter: Matter) -> QuerySet[Transcript]:
    """Transcripts whose newest version the second pass has read, whenever that was; superseded ones can be opened, too."""
    found = DetectionSet.objects.filter(transcript=OuterRef("pk"), version=OuterRef("version"))
    rows = Transcript.objects.filter(proceeding__matter=matter).exclude(proceeding__state=Proceeding.State.ERASED)
    return rows.filter(Exists(found))


def _outdated(matter: Matter) -> QuerySet[Transcript]:
    """Those of them that were read before the newest change. What is held waits for a person, who is told of the lists."""
    older = DetectionSet.objects.filter(
        transcript=OuterRef("pk"),
        version=OuterRef("version"),
        words_version__lt=OuterRef("proceeding__matter__words_version"),
    )
    return _checked_before(matter).exclude(state=Transcript.State.HELD).filter(Exists(older))


def progress(matter: Matter) -> Progress | None:
    """Counted from the rows; None when nothing is being checked again."""
    if matter.words_settled >= matter.words_version:
        return None
    live = _checked_before(matter).filter(superseded_at=None)
    total = live.exclude(state=Transcript.State.HELD).count()
    waiting = _outdated(matter).filter(superseded_at=None).count()
    return Progress(total, total - waiting, live.filter(state=Transcript.State.HELD).count())


def unsettled() -> QuerySet[Matter]:
    """Matters of which nobody has said yet that every transcript was checked with the newest parties and lists."""
    rows = Matter.objects.filter(words_settled__lt=F("words_version"), erased_at=None)
    return rows.select_related("vault").order_by("created_at")


def work(seconds: float = ROUND_SECONDS) -> int:
    """One round for the sweeper, of about ``seconds``: how many transcripts were checked again."""
    until = time.monotonic() + seconds
    done = 0
    for matter in unsettled():
        _put_out_of_use(SYSTEM, matter)
        failed = 0
        # Those that people read come first; else in no order, so that none stands before the others for ever.
        order = (F("superseded_at").asc(nulls_first=True), "?")
        for transcript in _outdated(matter).select_related("proceeding__matter__vault", "original__vault").order_by(*order):
            worked = _check(transcript)
            done += worked
            failed += not worked
            if time.monotonic() > until:
                return done
        for transcript, policy in remaking.missing(Rendition.objects.filter(transcript__proceeding__matter=matter)):
            failed += not remaking.make(transcript, policy)
            if time.monotonic() > until:
                return done
        if not failed and not _outdated(matter).exists():
            # Not what somebody changed meanwhile.
            Matter.objects.filter(pk=matter.pk, words_version=matter.words_version).update(words_settled=matter.words_version)
    return done


def _check(transcript: Transcript) -> bool:
    try:
        # A pass that fails holds the transcript: that is an outcome, too.
        second_pass.run(transcript)
    except Exception as error:
        # By its kind only: a message may hold content. The row still says that it is to be done.
        log.warning("recheck.failed transcript=%s error=%s", transcript.pk, type(error).__name__)
        return False
    return True
