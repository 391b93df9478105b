from typing import Any

from django.core.management.base import BaseCommand

from portal import embedded


class Command(BaseCommand):
    help = "Starts web, worker and engine on one machine and keeps them running until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        raise SystemExit(embedded.main(self.stdout.write))
