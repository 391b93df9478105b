from typing import Any

from django.core.management.base import BaseCommand

from portal import embedded


class Command(BaseCommand):
    help = "Starts web, worker and engine on one machine and keeps them running until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        def say(text: str) -> None:
            self.stdout.write(text)
            # At once, also into a pipe or a file.
            self.stdout.flush()

        raise SystemExit(embedded.main(say))
