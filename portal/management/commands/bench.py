"""One door to all measurements; each room keeps its own."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

BENCHES: dict[str, str] = {
    "engine": "transcription.engine.bench",
    "redaction": "compliance.redaction.bench",
    "vault": "vault.bench",
}


class Command(BaseCommand):
    help = "Measures a part of the portal beside its peers in the same run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=sorted(BENCHES))
        parser.add_argument("--json", action="store_true", help="one JSON object a measurement")

    def handle(self, *args: Any, **options: Any) -> None:
        module = import_module(BENCHES[options["what"]])
        main: Callable[[bool], int | None] = module.main
        if main(options["json"]):
            raise CommandError("The measurement could not be made or is over its limit, as said above.")
