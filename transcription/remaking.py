"""Views that were put out of use by a new check are made anew, so that nobody who opens a transcript waits for it."""

import logging
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from compliance.models import DisclosurePolicy
from transcription import renditions
from transcription.models import Proceeding, Rendition, Transcript

log = logging.getLogger(__name__)


def missing(rows: QuerySet[Rendition]) -> Iterator[tuple[Transcript, DisclosurePolicy]]:
    """Of ``rows``: what was shown under the newest version of a policy, and is out of use without one in its place."""
    newest = (
        DisclosurePolicy.objects.filter(organization=OuterRef("policy__organization"), name=OuterRef("policy__name"))
        .order_by("-version")
        .values("version")[:1]
    )
    shared = (
        DisclosurePolicy.objects.filter(organization=None, name=OuterRef("policy__name"))
        .order_by("-version")
        .values("version")[:1]
    )
    ready = Rendition.objects.filter(transcript=OuterRef("transcript"), policy=OuterRef("policy"), state=Rendition.State.READY)
    stale = rows.filter(
        transcript__superseded_at=None, transcript__state=Transcript.State.READY, state=Rendition.State.STALE
    ).exclude(transcript__proceeding__state=Proceeding.State.ERASED)
    own = stale.exclude(policy__organization=None).filter(policy__version=Subquery(newest))
    presets = stale.filter(policy__organization=None, policy__version=Subquery(shared))
    for kind in (own, presets):
        found = kind.exclude(Exists(ready)).select_related("transcript__proceeding__matter__vault", "policy").order_by("?")
        seen = {(row.transcript_id, row.policy_id): row for row in found}
        for row in seen.values():
            yield row.transcript, row.policy


def make(transcript: Transcript, policy: DisclosurePolicy) -> bool:
    """Whether nothing is left to do for this view. Not inside a transaction."""
    try:
        renditions.ensure(transcript, policy)
    except renditions.NotShown:
        # Corrected or held in this moment: its view comes with what was begun then.
        return True
    except Exception as error:
        # By its kind only: a message may hold content.
        log.warning("view.not_made transcript=%s error=%s", transcript.pk, type(error).__name__)
        return False
    return True
