"""Repeated requests: the same Idempotency-Key gives the same answer for 24 hours and does the work once.

What is kept is sealed under the vault that the answer is about, and is gone with it.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.errors import BadInput, Conflict, PortalError
from vault.models import IdempotentAnswer, Vault

KEPT_FOR: Final = timedelta(hours=24)
# Longer than any request lives: a first request that is older was cut off, and the next one may do the work.
UNDER_WAY_FOR: Final = timedelta(minutes=5)
MAX_KEY: Final = 255


class BadKey(BadInput):
    code = "invalid_idempotency_key"
    message = "An Idempotency-Key is 1 to 255 visible ASCII characters."


class KeyReused(PortalError):
    code = "idempotency_key_reused"
    status = 422
    message = "This Idempotency-Key was used for another request. Use a new key for a new request."


class StillRunning(Conflict):
    code = "idempotency_in_progress"
    message = "The first request with this Idempotency-Key is still under way. Ask again when it has been answered."


@dataclass(frozen=True)
class Kept:
    """The answer that was given before."""

    row_id: UUID
    status: int
    body: dict[str, Any] | None


@dataclass(frozen=True)
class Claim:
    """The right to do the work; ends with ``keep`` or ``release``."""

    row_id: UUID

    def keep(self, status: int, body: dict[str, Any] | None, vault: Vault | None) -> None:
        """Keeps the answer. One that belongs to no vault cannot be sealed and is forgotten."""
        row = IdempotentAnswer.objects.filter(pk=self.row_id).first()
        if row is None or vault is None:
            self.release()
            return
        row.vault = vault
        row.answer = {"body": body}
        row.status = status
        row.save(update_fields=["vault", "answer_sealed", "status"])

    def release(self) -> None:
        """Nothing was done: the same key may be tried again."""
        IdempotentAnswer.objects.filter(pk=self.row_id, status=None).delete()


def claim(*, api_key_id: UUID, route: str, key: str, body_sha256: bytes, kept_for: timedelta = KEPT_FOR) -> Claim | Kept:
    """The first request gets a Claim, a repeated one within ``kept_for`` what was Kept. Not inside a transaction.

    Raises BadKey, KeyReused (another body), StillRunning.
    """
    if not (1 <= len(key) <= MAX_KEY and all(" " <= sign <= "~" for sign in key)):
        raise BadKey(limit=MAX_KEY)
    # Keyed, so that the table does not tell which bodies (file names are in some) were sent.
    key_hash = salted_hmac("vault.idempotency.key", key, algorithm="sha256").hexdigest()
    body_hash = salted_hmac("vault.idempotency.body", body_sha256, algorithm="sha256").hexdigest()
    now = timezone.now()
    mine = IdempotentAnswer.objects.filter(api_key_id=api_key_id, route=route, key_hash=key_hash)
    mine.filter(created_at__lt=now - kept_for).delete()
    mine.filter(status=None, created_at__lt=now - UNDER_WAY_FOR).delete()
    try:
        with transaction.atomic():
            row = IdempotentAnswer.objects.create(api_key_id=api_key_id, route=route, key_hash=key_hash, body_hash=body_hash)
    except IntegrityError:
        found = mine.select_related("vault").first()
        if found is None:  # released a moment ago
            raise StillRunning from None
        if found.body_hash != body_hash:
            raise KeyReused from None
        if found.status is None:
            raise StillRunning from None
        return Kept(found.id, found.status, found.answer["body"])
    return Claim(row.id)


def forget(kept: Kept) -> None:
    """What was kept does not hold any more: the same request may be made anew."""
    IdempotentAnswer.objects.filter(pk=kept.row_id).delete()


def forget_old() -> int:
    """Deletes answers that are older than they are kept for; how many."""
    deleted, _ = IdempotentAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
