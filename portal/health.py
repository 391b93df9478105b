"""Whether the portal lives, and whether it can work; figures, never content."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from portal.celery import app
from portal.errors import PortalError
from transcription.models import Job
from vault.keystore import key_store
from vault.storage import part_storage

# Below this a long recording may not fit any more.
LOW_DISK_BYTES = 2 * 2**30


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    found = {name: _run(check) for name, check in CHECKS.items()}
    working = all(result["ok"] for result in found.values())
    return JsonResponse({"ready": working, "checks": found}, status=200 if working else 503)


def _run(check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        return {"ok": True} | check()
    except (DatabaseError, OSError, OperationalError, httpx.HTTPError, PortalError) as error:
        return {"ok": False, "error": type(error).__name__}


def _database() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {}


def _broker() -> dict[str, Any]:
    with app.connection_for_write() as link:
        link.ensure_connection(max_retries=1, timeout=2)
    return {}


def _storage() -> dict[str, Any]:
    for region in settings.REGIONS:
        part_storage(region).health()
    return {"regions": len(settings.REGIONS)}


def _key_store() -> dict[str, Any]:
    key_store().health()
    return {}


def _engine() -> dict[str, Any]:
    answer = httpx.get(f"{settings.ENGINE_URL}/healthz", timeout=2)
    return {"ok": answer.status_code == 200}


def _disk() -> dict[str, Any]:
    folder = settings.DATA_DIR if settings.DATA_DIR.exists() else Path("/")
    free = shutil.disk_usage(folder).free
    return {"ok": free > LOW_DISK_BYTES, "free_bytes": free}


def _queue() -> dict[str, Any]:
    """How long the oldest job that nobody has begun waits: what grows when workers are too few or gone."""
    oldest = Job.objects.filter(state=Job.State.WAITING).order_by("created_at").values_list("created_at", flat=True).first()
    return {"oldest_waiting_seconds": int((timezone.now() - oldest).total_seconds()) if oldest else 0}


CHECKS: dict[str, Callable[[], dict[str, Any]]] = {
    "broker": _broker,
    "database": _database,
    "disk": _disk,
    "engine": _engine,
    "key_store": _key_store,
    "queue": _queue,
    "storage": _storage,
}
