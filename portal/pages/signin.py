"""Signing in and out: accounts are made by administrators, never by strangers; each attempt is recorded."""

from datetime import timedelta
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from compliance.models import AuditEvent
from portal.accounts.models import Member
from portal.pages.actors import actor_of

log = structlog.get_logger()

# Guessing: after this many failures within the window an account refuses every password until the window has passed.
# Counted in the log itself, so that it holds over all nodes and restarts.
FAILURES_ALLOWED = 10
FAILURE_WINDOW = timedelta(minutes=15)
_FAILED = "accounts:member:sign_in_failed"


class ClosedSignup(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, request: HttpRequest, level: int, message_template: str = "", *args: Any, **kwargs: Any) -> None:
        """Only what people need told: that a password was changed."""
        if "password" in message_template:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses before the password is looked at when too many attempts failed lately."""
        super().pre_authenticate(request, **credentials)
        member = _member_named(credentials)
        if member is not None and _too_many_failures(member):
            _record_failure(request, member, "too_many")
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        member = _member_named(credentials)
        if member is None:
            # Nobody's account, so no organization's log; what was typed may be a password and is not kept.
            log.warning("sign_in_failed", reason="unknown_account")
            return
        _record_failure(request, member, "password")

    def login(self, request: HttpRequest, user: Member) -> None:
        with transaction.atomic():
            super().login(request, user)
            record(request, user, "accounts:member:signed_in")

    def logout(self, request: HttpRequest) -> None:
        member = request.user
        with transaction.atomic():
            if isinstance(member, Member):
                record(request, member, "accounts:member:signed_out")
            super().logout(request)


def record(request: HttpRequest, member: Member, event: str) -> None:
    """Records an act of signing in, out, or locking, in the caller's transaction."""
    request.user = member
    audit.record(event, organization_id=member.organization_id, actor=actor_of(request), target=Target("member", member.id))


def _member_named(credentials: dict[str, Any]) -> Member | None:
    email = str(credentials.get("email") or "").strip().lower()
    return Member.objects.filter(email=email).first() if email else None


def _too_many_failures(member: Member) -> bool:
    failures = AuditEvent.objects.filter(
        organization_id=member.organization_id,
        type=_FAILED,
        target_id=str(member.id),
        at__gt=timezone.now() - FAILURE_WINDOW,
    )
    return failures.count() >= FAILURES_ALLOWED


def _record_failure(request: HttpRequest, member: Member, reason: str) -> None:
    # The actor is whoever tried, not the member: it may be a stranger.
    actor = Actor(
        "anonymous",
        address=request.META.get("REMOTE_ADDR", ""),
        agent=request.headers.get("User-Agent", ""),
        request_id=request.META.get("portal.request_id", ""),
    )
    audit.refuse(
        _FAILED, organization_id=member.organization_id, actor=actor, target=Target("member", member.id), reason=reason
    )
