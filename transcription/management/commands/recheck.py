"""``recheck``: what was checked before is checked again, after an upgrade of the model or of recognisers."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.audit import Actor
from portal.accounts.models import Organization
from transcription import rereading
from vault.models import Matter


class Command(BaseCommand):
    help = (
        "Have the worker check transcripts again that are checked already, for example after an upgrade. What is shown stays "
        "until the new findings stand. Prints counts only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", help="its exact name (default: all organizations)")
        parser.add_argument("--matter", help="a matter's number as its page shows it, L-0004 or 4; needs --organization")
        parser.add_argument("--older", action="store_true", help="only what another version of the second pass has read")

    def handle(self, *args: Any, **options: Any) -> None:
        organizations = self._organizations(options["organization"])
        matter = self._matter(organizations, options["matter"], named=options["organization"] is not None)
        actor = Actor("system", name="operator")
        number = sum(
            rereading.after_upgrade(actor=actor, organization=organization, matter=matter, only_older=options["older"])
            for organization in organizations
        )
        self.stdout.write(f"{number} transcripts are checked again by the worker, in {len(organizations)} organizations.")

    def _organizations(self, name: str | None) -> list[Organization]:
        rows = Organization.objects.order_by("created_at")
        found = list(rows if name is None else rows.filter(name=name))
        if not found:
            raise CommandError("There is no organization of this name. Give its exact name, as its settings page shows it.")
        if name is not None and len(found) > 1:
            raise CommandError(f"{len(found)} organizations have this name. Leave --organization out to check all of them.")
        return found

    def _matter(self, organizations: list[Organization], number: str | None, *, named: bool) -> Matter | None:
        if number is None:
            return None
        if not named:
            raise CommandError("A matter's number is its organization's: give --organization, too.")
        if not (read := re.fullmatch(r"(?:[LC]-)?0*([0-9]{1,9})", number)):
            raise CommandError("A matter's number is like L-0004, C-0012, or 4.")
        matter = Matter.objects.filter(organization=organizations[0], number=int(read[1]), erased_at=None).first()
        if matter is None:
            raise CommandError("This organization has no matter of this number.")
        return matter
