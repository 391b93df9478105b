"""What the rooms below transcription want done regularly, by the one sweeper of all workers."""

from compliance import checkpoints
from portal.accounts.models import Organization
from transcription.sweeper import Part
from vault import erasing, idempotency, uploads


def regular_work() -> list[Part]:
    return [
        Part("checkpoints", _checkpoints),
        Part("erasures", erasing.finish_requested, seconds=10),
        Part("idempotent_answers", idempotency.forget_old, seconds=3600),
        Part("uploads", uploads.sweep, seconds=60),
    ]


def _checkpoints() -> int:
    """Gives new events their place in the log and signs it: the window of what is not yet provable is one round."""
    made = 0
    for organization_id in Organization.objects.values_list("id", flat=True):
        made += checkpoints.advance(organization_id) is not None
    return made
