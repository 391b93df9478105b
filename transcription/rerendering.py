"""After a policy was changed: every transcript that was shown under it gets its view under the new version.

What is still to be made is read from the rows (a view under an older version, none under the newest), so a worker that
is killed loses nothing. A view is written with all its pages in one transaction: there is no half one. Whoever opens a
transcript before its turn does not wait for it: that view is made then and there. Older versions are shown to nobody.
"""

import logging
import time
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from compliance.audit import SYSTEM, Actor
from compliance.models import DisclosurePolicy
from transcription import links, renditions
from transcription.models import Proceeding, Rendition, Transcript

log = logging.getLogger(__name__)
# How long one round works before it lets go; the next one goes on from the rows.
ROUND_SECONDS: Final = 20.0
_BATCH: Final = 50


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a policy's newest version has come. ``held``: transcripts that need checking; their turn comes after."""

    total: int
    texts: int
    sounds_waiting: int
    sounds_failed: int
    held: int

    @property
    def done(self) -> bool:
        return self.texts == self.total and not self.sounds_waiting


def put_in_use(actor: Actor, row: DisclosurePolicy) -> None:
    """With the new version, in its transaction: older views are out of use, and links to their sound are closed."""
    older = _older_views(row)
    older.filter(state=Rendition.State.READY).update(state=Rendition.State.STALE)
    _close_older(actor, row)


def _older_views(row: DisclosurePolicy) -> QuerySet[Rendition]:
    """Views under older versions, and under what requests derived from them (``name+…``)."""
    named = Q(policy__name=row.name) | Q(policy__name__startswith=f"{row.name}+")
    return Rendition.objects.filter(named, policy__organization=row.organization, policy__version__lt=row.version)


def _close_older(actor: Actor, row: DisclosurePolicy) -> int:
    kept = _older_views(row).exclude(audio_objects=[]).values_list("audio_objects", flat=True)
    return links.close_to(actor, [object_id for copies in kept.iterator() for object_id in copies])


def _of_policy(row: DisclosurePolicy) -> QuerySet[Transcript]:
    """The live transcripts that were ever shown under a version of this policy."""
    used = Rendition.objects.filter(transcript=OuterRef("pk"), policy__organization=row.organization, policy__name=row.name)
    live = Transcript.objects.filter(
        superseded_at=None, proceeding__matter__organization=row.organization_id, proceeding__matter__erased_at=None
    )
    return live.exclude(proceeding__state=Proceeding.State.ERASED).filter(Exists(used))


def transcripts_of(row: DisclosurePolicy) -> int:
    """How many transcripts are shown under this policy."""
    return _of_policy(row).count()


def waiting(row: DisclosurePolicy) -> QuerySet[Transcript]:
    """Transcripts that can be shown and have no view under this (newest) version yet."""
    made = Rendition.objects.filter(transcript=OuterRef("pk"), policy=row, state=Rendition.State.READY)
    return _of_policy(row).filter(state=Transcript.State.READY).exclude(Exists(made))


def progress(row: DisclosurePolicy) -> Progress:
    """Counted from the rows."""
    shown = _of_policy(row)
    ready = shown.filter(state=Transcript.State.READY)
    total = ready.count()
    views = Rendition.objects.filter(transcript__in=ready, policy=row, state=Rendition.State.READY)
    return Progress(
        total=total,
        texts=total - waiting(row).count(),
        sounds_waiting=views.filter(audio_state=Rendition.Audio.BUILDING).count(),
        sounds_failed=views.filter(audio_state=Rendition.Audio.FAILED).count(),
        held=shown.exclude(state=Transcript.State.READY).count(),
    )


def unsettled() -> QuerySet[DisclosurePolicy]:
    """The newest versions of organizations' own policies, of which nobody has said yet that all views are made."""
    newest = (
        DisclosurePolicy.objects.filter(organization=OuterRef("organization"), name=OuterRef("name"))
        .order_by("-version")
        .values("pk")[:1]
    )
    own = DisclosurePolicy.objects.filter(settled_at=None).exclude(organization=None).exclude(name__contains="+")
    return own.annotate(newest=Subquery(newest)).filter(pk=F("newest")).order_by("created_at")


def work(seconds: float = ROUND_SECONDS) -> int:
    """One round for the sweeper: makes views that are missing, for about ``seconds``; how many were made."""
    until = time.monotonic() + seconds
    made = 0
    for row in unsettled():
        # Somebody who opened the player in the moment of the change may hold a link that was minted after it.
        _close_older(SYSTEM, row)
        # In no order, so that some that cannot be made now do not stand before the others for ever.
        for transcript in waiting(row).select_related("proceeding__matter__vault").order_by("?")[:_BATCH]:
            made += _make(transcript, row)
            if time.monotonic() > until:
                return made
        if not waiting(row).exists():
            DisclosurePolicy.objects.filter(pk=row.pk, settled_at=None).update(settled_at=timezone.now())
    return made


def _make(transcript: Transcript, row: DisclosurePolicy) -> int:
    try:
        renditions.ensure(transcript, row)
    except Exception as error:
        # By its kind only: a message may hold content. The row still says that it is to be made.
        log.warning("rerender.failed transcript=%s error=%s", transcript.pk, type(error).__name__)
        return 0
    return 1
