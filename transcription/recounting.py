"""Counting the open doubts of transcripts whose counts are missing: what was checked before there were counts.

The sweeper does it by itself; ``manage.py count_doubts`` does it at once.
"""

import logging

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from compliance.redaction import Detections
from transcription import doubt_counts, second_pass, weighing
from transcription.models import DetectionSet, Transcript
from transcription.review_acts import acts_of

log = logging.getLogger(__name__)


def recount(transcript: Transcript) -> bool:
    """Counts anew from findings and decisions; False where there is nothing to count, or somebody changed it meanwhile.

    Not inside a transaction (it opens the text). Raises keystore errors.
    """
    row = DetectionSet.objects.filter(transcript=transcript, version=transcript.version).first()
    if row is None:
        return False
    row.transcript = transcript
    acts = acts_of(transcript)
    dialogue = second_pass.dialogue_of(transcript, second_pass.current_text(transcript, row.version))
    weight = weighing.weight(dialogue, Detections.from_dict(row.detections), acts)
    with transaction.atomic():
        locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
        last = locked.review_acts.aggregate(last=Max("number"))["last"] or 0
        newest = DetectionSet.objects.get(pk=row.pk)
        now = (locked.version, newest.words_version, newest.rereads, newest.told, last)
        if now != (row.version, row.words_version, row.rereads, row.told, acts[-1].number if acts else 0):
            return False
        doubt_counts.keep(locked, row.version, weight, since=row.created_at)
    return True


def uncounted() -> QuerySet[Transcript]:
    """Checked transcripts without counts of their newest version."""
    checked = DetectionSet.objects.filter(transcript=OuterRef("pk"), version=OuterRef("version"))
    rows = Transcript.objects.filter(Exists(checked), superseded_at=None, proceeding__matter__erased_at=None)
    rows = rows.filter(Q(doubt_count=None) | ~Q(doubt_count__version=F("version")))
    return rows.select_related("proceeding__matter__vault", "original__vault")


def fill(limit: int | None = 20) -> int:
    """Counts what was not counted yet (``limit`` None: all of it); how many were."""
    done = 0
    # In no order, so that some that cannot be opened now do not stand before the others for ever.
    for transcript in uncounted().order_by("?")[:limit]:
        try:
            done += recount(transcript)
        except Exception as error:
            # By its kind only: a message may hold content. The missing row still says that it is to be counted.
            log.warning("doubts.uncounted transcript=%s error=%s", transcript.pk, type(error).__name__)
    return done
