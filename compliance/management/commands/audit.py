"""Takes the log out as evidence, and checks it: ``audit export``, ``audit verify``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from compliance import audit, checkpoints, log_export, log_proof
from compliance.audit import Actor
from compliance.log_reading import Filters
from compliance.models import Checkpoint, Leaf
from compliance.notes import BadNote, Verifier
from portal.accounts.models import Organization

LOG, NOTE, KEY = "log.jsonl", "checkpoint.txt", "key.txt"


class Command(BaseCommand):
    help = "Exports the audit log with its signed checkpoint, or verifies such an export (no database, no network)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        out = acts.add_parser("export", help="writes log.jsonl, checkpoint.txt and key.txt into a folder")
        out.add_argument("folder", type=Path)
        out.add_argument("--organization", required=True, help="its id or its exact name")
        check = acts.add_parser("verify", help="answers authentic and complete apart")
        check.add_argument("folder", type=Path)
        check.add_argument("--key", required=True, help="the pinned key: its text, or a file that holds it")
        check.add_argument("--since", type=Path, help="an earlier checkpoint, kept where the portal could not change it")
        check.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["act"] == "export":
            self._export(options["folder"], options["organization"])
        else:
            self._verify(options)

    def _export(self, folder: Path, named: str) -> None:
        organization = _organization(named)
        export = log_export.begin(
            actor=Actor("system", name="operator"), organization_id=organization.id, filters=Filters(), format="jsonl"
        )
        checkpoints.advance(organization.id)
        # The newest checkpoint also covers this export's own event.
        head = Checkpoint.objects.filter(organization=organization).order_by("-size").first()
        if head is None or head.size <= export.size:
            raise CommandError("The log could not be signed: look at the key directory and try again.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        leaves = Leaf.objects.filter(organization=organization, index__lt=head.size).select_related("event")
        with (folder / LOG).open("wb") as out:
            for leaf in leaves.order_by("index").iterator(chunk_size=500):
                out.write(log_proof.line(leaf.index, audit.canonical(leaf.event)))
        (folder / NOTE).write_text(head.note, encoding="utf-8")
        (folder / KEY).write_text(f"{checkpoints.verifier()}\n", encoding="utf-8")
        self.stdout.write(
            f"{head.size} events in {folder / LOG}, signed by {NOTE}. Pin the key from the portal's page, not from here."
        )

    def _verify(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        given = Path(options["key"])
        try:
            verifier = Verifier.parse(given.read_text(encoding="utf-8") if given.is_file() else options["key"])
            note = (folder / NOTE).read_text(encoding="utf-8")
            since = options["since"].read_text(encoding="utf-8") if options["since"] else None
            with (folder / LOG).open("rb") as lines:
                verdict = log_proof.verify(lines, note, verifier, since)
        except BadNote as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        complete = {True: "yes", False: "NO", None: "unknown (give an earlier checkpoint with --since)"}[verdict.complete]
        if options["json"]:
            facts = {"events": verdict.events, "authentic": verdict.authentic, "complete": verdict.complete}
            self.stdout.write(json.dumps(facts | {"reasons": list(verdict.reasons)}))
        else:
            self.stdout.write(
                f"events:    {verdict.events}\nauthentic: {'yes' if verdict.authentic else 'NO'}\ncomplete:  {complete}"
            )
            for reason in verdict.reasons:
                self.stdout.write(f"- {reason}")
        if not verdict.authentic or verdict.complete is False:
            raise CommandError("The evidence does not hold.", returncode=2)


def _organization(named: str) -> Organization:
    try:
        found = list(Organization.objects.filter(pk=UUID(named)))
    except ValueError:
        found = list(Organization.objects.filter(name=named))
    if len(found) != 1:
        raise CommandError(f"{len(found)} organizations are called so; give the id of one.")
    return found[0]
