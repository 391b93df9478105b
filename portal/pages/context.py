"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.accounts.rights import TABLE, allowed


def portal(request: HttpRequest) -> dict[str, Any]:
    """``may`` as ``{action_kind: bool}`` for the signed-in member, the sample banner, the idle limit in seconds."""
    member = getattr(request, "user", None)
    signed_in = member is not None and member.is_authenticated
    return {
        "may": {f"{action}_{kind}": signed_in and allowed(member.roles, action, kind) for action, kind in TABLE},
        "sample_data": settings.SAMPLE_DATA,
        "idle_seconds": min(member.organization.idle_minutes * 60, settings.IDLE_LOCK_SECONDS) if signed_in else 0,
    }
