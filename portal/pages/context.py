"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.accounts.models import Member
from portal.accounts.rights import TABLE, allowed
from portal.pages import navigation


def portal(request: HttpRequest) -> dict[str, Any]:
    """``may`` as ``{action_kind: bool}`` for the signed-in member, the navigation, the sample banner, the idle limit."""
    user = getattr(request, "user", None)
    member = user if isinstance(user, Member) else None
    idle = min(member.organization.idle_minutes * 60, settings.IDLE_LOCK_SECONDS) if member else 0
    return {
        "may": {f"{action}_{kind}": allowed(member.roles, action, kind) if member else False for action, kind in TABLE},
        "navigation": navigation.places(request, member) if member else [],
        "sample_data": settings.SAMPLE_DATA,
        "idle_seconds": idle,
        "idle_minutes": idle // 60,
        "lock_minutes": settings.IDLE_LOCK_SECONDS // 60,
    }
