"""Transcripts with open doubts of given kinds, counted as the second pass counts them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import Detections
from portal.accounts.models import Member
from tests.deposition import known_findings, make
from transcription import recounting, renditions
from transcription.models import DetectionSet, Rendition, Transcript
from vault.models import Matter

# (type of the finding in tests.deposition.PRIVATE) -> what to change of it.
Changes = dict[str, dict[str, Any]]


def doubtful(
    matter: Matter, member: Member, actor_for: Callable[[Member], Actor], changes: Changes, **shape: Any
) -> Transcript:  # fmt: skip
    """The deposition; findings are unsure at 0.6 where ``changes`` names their type, and sure elsewhere."""
    made = make(matter, member, actor_for, with_sound=False, **shape)
    items = [
        replace(item, **({"unsure": True, "score": 0.6} | changes[item.type])) if item.type in changes
        else replace(item, unsure=False, score=0.95)
        for item in known_findings(made).items
    ]  # fmt: skip
    return with_findings(made, Detections(tuple(items)))


def with_findings(transcript: Transcript, found: Detections) -> Transcript:
    row = DetectionSet.objects.get(transcript=transcript, version=transcript.version)
    row.transcript = transcript
    row.detections = found.to_dict()
    row.save()
    Rendition.objects.filter(transcript=transcript).delete()
    renditions.ensure(transcript, policies.preset_row("identifiers"))
    assert recounting.recount(transcript)
    return transcript
