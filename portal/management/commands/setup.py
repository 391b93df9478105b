"""Prints a link that makes a real first organization, once, within a day."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal.accounts.models import Organization
from portal.accounts.setup import LIFETIME, make_token


class Command(BaseCommand):
    help = "Prints a one-use link that makes an organization with its administrator."

    def handle(self, *args: Any, **options: Any) -> None:
        if Organization.objects.filter(is_sample=True).exists():
            raise CommandError(
                "This portal holds sample data. Real organizations need a data directory of their own: "
                "set DATA_DIR to an empty folder, run 'manage.py migrate', then this command again."
            )
        self.stdout.write(f"{settings.PUBLIC_URL}{reverse('setup', args=[make_token()])}")
        hours = int(LIFETIME.total_seconds() // 3600)
        self.stderr.write(f"The link works once, within {hours} hours. Whoever opens it becomes the administrator.")
