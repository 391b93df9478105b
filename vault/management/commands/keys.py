"""``manage.py keys``: what an administrator does with the vaults' keys."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from compliance.audit import SYSTEM
from portal.errors import PortalError
from vault import rotation, secrets
from vault.keystore import key_store
from vault.models import Vault


class Command(BaseCommand):
    help = "Checks or rotates the keys of vaults. Keys themselves are never printed; back up KEY_DIR apart from the data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["check", "rotate", "rewrap"], help=_ACTS)
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--vault", metavar="ID")
        which.add_argument("--all", action="store_true", help="every vault that was not erased")

    def handle(self, *args: Any, **options: Any) -> None:
        failed = 0
        for vault in _vaults(options["vault"]):
            try:
                said = getattr(self, f"_{options['act']}")(vault)
            except PortalError as error:
                failed += 1
                said = f"{error.code}: {error.text}"
            self.stdout.write(f"{vault.id}  {said}")
        if failed:
            raise CommandError(f"{failed} of the vaults could not be served; the others were.")

    def _check(self, vault: Vault) -> str:
        key_store(vault.key_store).health()
        secrets.forget(vault.id)
        version, _ = secrets.current(vault)
        behind = vault.stored.filter(key_version__lt=version).exclude(wrapped_data_key=b"").count()
        return f"opens, version {version}, {behind} data keys under an older one"

    def _rotate(self, vault: Vault) -> str:
        version = rotation.rotate(actor=SYSTEM, vault=vault)
        return f"rotated to version {version}; run 'keys rewrap' in a minute for what others wrote meanwhile"

    def _rewrap(self, vault: Vault) -> str:
        secrets.forget(vault.id)
        return f"{rotation.rewrap(vault)} data keys wrapped anew"


_ACTS = "check: does each vault open? rotate: a new secret for the vault. rewrap: its data keys under the newest secret."


def _vaults(vault_id: str | None) -> QuerySet[Vault]:
    vaults = Vault.objects.filter(destroyed_at=None).order_by("created_at")
    if vault_id is None:
        return vaults
    try:
        found = vaults.filter(pk=vault_id)
        if found.exists():
            return found
    except ValidationError:
        pass
    raise CommandError("There is no such vault, or it was erased. 'keys check --all' lists them.")
