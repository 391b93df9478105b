"""What waits for people in the matters that a key's member may open: read only. People decide, on the pages."""

import math
import struct
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from portal.accounts.rights import Action, Kind, Scope
from portal.api import answer_shapes as said
from portal.api import answers
from portal.api.acting import caller_of
from portal.api.base import ApiView
from portal.api.documents import CURSOR, LIMIT, PROBLEMS
from portal.api.pagination import BadPage, cursor, cut, micros, moment, place_in
from transcription import problems, review_listing
from vault import matters

# rank, risk, since in microseconds, transcript
_PLACE: Final = struct.Struct(">Bdq16s")


class Review(ApiView):
    scopes = {"GET": Scope.RENDITION_READ}

    @extend_schema(operation_id="review_list", parameters=[LIMIT, CURSOR], responses={200: said.ReviewList, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """What waits for a person's review: held transcripts first, then held audio, then open doubts by risk.

        Counts, codes and times, no words. Somebody decides on the pages (`url`), so the list changes while it is read: a
        transcript may come twice or, where it was given more risk meanwhile, be missed until the next reading.
        """
        caller = caller_of(request)
        matters.require(caller.actor, caller.member, Action.REVIEW, Kind.TRANSCRIPT)
        waiting = review_listing.waiting(caller.member, _after(request))
        found = cut(request, waiting, _cursor)
        listed = review_listing.listed(caller.member, found.rows)
        with transaction.atomic():
            audit.record(
                "transcription:review:listed",
                organization_id=caller.key.organization_id,
                actor=caller.actor,
                merge="api",
                transcripts=len(listed),
            )
        rows = [_row(each) for each in listed]
        return Response({"transcripts": rows, "total": len(rows), "pagination": found.pagination()})


def _after(request: Request) -> review_listing.Place | None:
    """Raises BadPage."""
    packed = place_in(request, _PLACE)
    if packed is None:
        return None
    rank, risk, since, key = packed
    if not math.isfinite(risk):
        raise BadPage
    return review_listing.Place(rank, risk, moment(since), UUID(bytes=key))


def _cursor(row: Any) -> str:
    place = review_listing.place(row)
    return cursor(_PLACE, place.rank, place.risk, micros(place.since), place.transcript_id.bytes)


def _row(waiting: review_listing.Waiting) -> dict[str, Any]:
    transcript = waiting.transcript
    matter = transcript.proceeding.matter
    return {
        "transcriptId": str(transcript.id),
        "transcriptionId": str(transcript.job_id) if transcript.job_id else None,
        "vaultId": str(matter.vault_id),
        "matter": answers.matter_summary(matter),
        "state": transcript.state,
        "since": waiting.since.isoformat(),
        "held": _hold(waiting.text) if waiting.text else None,
        "audio_held": [_hold(hold) for hold in waiting.audio],
        "counts": waiting.counts,
        "risk": waiting.risk,
        "url": f"{settings.PUBLIC_URL}{reverse('transcript', args=[transcript.id])}",
    }


def _hold(hold: review_listing.Hold) -> dict[str, Any]:
    explained = problems.explain(hold.reason)
    return {"reason": explained.code, "message": explained.sentence, "since": hold.since.isoformat()}
