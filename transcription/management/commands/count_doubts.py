"""``count_doubts``: fills the review queue with what was checked before there was one."""

from typing import Any

from django.core.management.base import BaseCommand

from transcription import recounting


class Command(BaseCommand):
    help = "Count the open doubts of transcripts that have no counts yet. The worker does the same, a few at a time."

    def handle(self, *args: Any, **options: Any) -> None:
        done = recounting.fill(limit=None)
        left = recounting.uncounted().count()
        self.stdout.write(f"{done} transcripts counted." + (f" {left} could not be opened now." if left else ""))
