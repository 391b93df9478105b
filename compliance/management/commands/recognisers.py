"""What the second pass reads with: the portal's recognisers, an operator's file, what installed packages offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.redaction import DetectionFailed
from compliance.redaction.engine import engine


class Command(BaseCommand):
    help = "List the recognisers that every transcript here is read with, or say why they cannot be loaded."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", help="try this file in Presidio's YAML instead of REDACTION_RECOGNISERS")

    def handle(self, *args: Any, **options: Any) -> None:
        path = options["file"] or settings.REDACTION_RECOGNISERS or None
        try:
            loaded = engine(settings.REDACTION_MODEL or None, path)
        except DetectionFailed as failure:
            cause = f" ({failure.__cause__})" if failure.__cause__ else ""
            raise CommandError(f"{failure}{cause} While this is so, every new transcript is held.") from failure
        origins = {one.recogniser.id: one.origin for one in loaded.foreign}
        listed: Iterable[Any] = loaded.analyzer.registry.recognizers
        for recogniser in listed:
            origin = origins.get(recogniser.id, "portal")
            types = ", ".join(sorted(str(type_) for type_ in recogniser.supported_entities))
            self.stdout.write(f"{origin:<24} {recogniser.name:<32} {types}")
