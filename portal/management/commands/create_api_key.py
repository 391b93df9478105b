"""``create_api_key --member EMAIL [--scope S …|all]``: a key for a program, and the secret of its webhooks."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import SYSTEM, Target
from portal.accounts import keys
from portal.accounts.models import Member
from portal.accounts.rights import SCOPE_RIGHTS, Scope, allowed
from portal.errors import PortalError
from transcription import proceedings
from vault import matters

ALL = "all"


class Command(BaseCommand):
    help = "Make an API key for a member. The key and its webhook secret are printed once and are not stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--member", required=True, metavar="EMAIL", help="whose rights and walls the key has")
        parser.add_argument(
            "--scope",
            nargs="+",
            action="extend",
            default=[],
            metavar="S",
            help=f"{ALL}, or among: {', '.join(scope.value for scope in Scope)}; "
            "without it vault, upload, transcription and reading",
        )
        parser.add_argument("--name", default="", help="what the key is for")
        parser.add_argument("--days", type=int, help="how long it is valid; without it until it is revoked")
        parser.add_argument("--vault", metavar="ID", help="vault that recordings from other addresses are fetched into")
        parser.add_argument("--policy", default="", metavar="NAME", help="policy of matters that it makes without naming one")
        parser.add_argument("--region", default="", help="region of vaults that it makes without naming one")

    def handle(self, *args: Any, **options: Any) -> None:
        member = Member.objects.filter(email__iexact=options["member"], is_active=True).first()
        if member is None:
            raise CommandError("There is no active member with this e-mail address.")
        expires_at = None
        if options["days"] is not None:
            if options["days"] < 1:
                raise CommandError("--days is at least 1.")
            expires_at = timezone.now() + timedelta(days=options["days"])
        try:
            scopes = _scopes(member, options["scope"])
            vault_id = _vault(member, options["vault"])
            policy = _policy(member, options["policy"])
            with transaction.atomic():
                made = keys.create(member, options["name"] or "API key", scopes, expires_at, policy)
                made.row.default_vault_id = vault_id
                made.row.default_region = options["region"]
                made.row.save(update_fields=["default_vault_id", "default_region"])
                audit.record(
                    "accounts:api_key:created",
                    organization_id=member.organization_id,
                    actor=SYSTEM,
                    target=Target("api_key", made.row.id),
                    key=made.row.id,
                    scopes=len(scopes),
                )
        except PortalError as error:
            raise CommandError(f"{error.text} {', '.join(error.facts.get('scopes', []))}".strip()) from None
        self.stdout.write(made.secret)
        self.stdout.write(made.webhook_secret)


def _scopes(member: Member, given: list[str]) -> list[Scope]:
    if not given:
        return keys.default_scopes(member)
    if ALL in given:
        # All that the member may do; the rights table says how far that goes.
        return [scope for scope in Scope if allowed(member.roles, *SCOPE_RIGHTS[scope])]
    known = {scope.value for scope in Scope}
    unknown = sorted(set(given) - known)
    if unknown:
        raise CommandError(f"Not a scope: {', '.join(unknown)}. There are: {ALL}, {', '.join(sorted(known))}.")
    return [Scope(value) for value in given]


def _policy(member: Member, given: str) -> str:
    offered = sorted(row.name for row in proceedings.policies_offered(member.organization_id))
    if given and given not in offered:
        raise CommandError(f"Not a policy that is offered. There are: {', '.join(offered)}.")
    return given


def _vault(member: Member, given: str | None) -> UUID | None:
    if not given:
        return None
    try:
        wanted = UUID(given)
    except ValueError:
        raise CommandError("--vault is the id of a vault.") from None
    if not matters.visible_to(member).filter(vault_id=wanted).exists():
        raise CommandError("There is no such vault that this member can open.")
    return wanted
