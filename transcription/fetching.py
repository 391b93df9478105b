"""Audio at somebody else's address: fetched into a vault first, then transcribed like any other recording.

The request is a row (an Upload of the kind ``fetch``, whose id is the transcription's id until the Job takes it over);
what was asked for lies sealed with the object. A killed fetch begins anew when its lease is over.
"""

import mimetypes
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

import httpx
import structlog
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from compliance.audit import Actor
from portal.accounts.models import ApiKey
from portal.errors import PortalError, Refused
from transcription import jobs, outside, proceedings
from transcription.models import Lease, Recording
from vault import objects, parts
from vault.models import Matter, StoredObject, Upload

# A whole recording of seven hours at 2 Mbit/s fits; after that the attempt counts as failed.
FETCH_FOR: Final = timedelta(hours=12)
LEASE: Final = timedelta(minutes=2)
READ_SECONDS: Final = 60.0
# A host slower than this over SLOWEST_WITHIN is given up, so that it holds no place that another's recording could have;
# at 16 KiB/s even speech for the telephone arrives slower than it was spoken.
SLOWEST: Final = 16 * 2**10
SLOWEST_WITHIN: Final = 60.0
# Fetches at once: while one waits for its host, others go on.
LANES: Final = 3
FAILED: Final = "fetch_failed"
CANCELLED: Final = "cancelled"
_PREFIX: Final = "fetch:"  # with 32 hex digits within the 40 characters of a lease's name

log = structlog.get_logger()


def request(*, actor: Actor, key: ApiKey, matter: Matter, url: str, wanted: Mapping[str, Any]) -> Upload:
    """Notes that ``url`` is to be fetched and transcribed as ``wanted`` (arguments of ``proceedings.create``).

    Raises AddressRefused, Unreachable, KeyStoreDown.
    """
    outside.check(url)
    name = unquote(urlsplit(url).path.rpartition("/")[2])[:255]
    content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    with transaction.atomic():
        obj = objects.create(
            actor=actor,
            vault=matter.vault,
            kind=StoredObject.Kind.RECORDING,
            content_type=content_type,
            file_name=name,
            metadata={"fetch": {"url": url, "wanted": dict(wanted)}},
        )
        return Upload.objects.create(
            object=obj, kind=Upload.Kind.FETCH, api_key_id=key.id, expires_at=timezone.now() + FETCH_FOR
        )


def cancel(*, actor: Actor, upload: Upload) -> None:
    """Gives a fetch up that is still under way."""
    Upload.objects.filter(pk=upload.pk, aborted_at=None).update(aborted_at=timezone.now())
    objects.fail(actor=actor, obj=upload.object, reason=CANCELLED)


def due(limit: int = 5) -> list[UUID]:
    """Fetches that are not done and that nobody works on."""
    busy = Lease.objects.filter(name__startswith=_PREFIX, until__gt=timezone.now()).values_list("name", flat=True)
    rows = Upload.objects.filter(kind=Upload.Kind.FETCH, aborted_at=None, object__recording=None)
    waiting = rows.exclude(pk__in=[UUID(name.removeprefix(_PREFIX)) for name in busy])
    return list(waiting.order_by("created_at").values_list("id", flat=True)[:limit])


def run(upload_id: UUID) -> bool:
    """Fetches one and has it transcribed; False when another process does. Whatever goes wrong is in the rows."""
    if not _take(upload_id):
        return False
    try:
        upload = Upload.objects.select_related("object__vault__matter").get(pk=upload_id, kind=Upload.Kind.FETCH)
        if upload.aborted_at is None and not Recording.objects.filter(object=upload.object).exists():
            _do(upload)
    finally:
        Lease.objects.filter(name=_name(upload_id), holder=jobs.holder()).delete()
    return True


def _do(upload: Upload) -> None:
    if upload.api_key_id is None:
        raise ValueError("a fetch belongs to an API key")
    key = ApiKey.objects.select_related("member__organization").get(pk=upload.api_key_id)
    actor = Actor("key", key.id, key.name or key.prefix)
    obj = upload.object
    asked = (obj.metadata or {}).get("fetch", {})
    try:
        if key.revoked_at is not None or not key.member.is_active:
            raise Refused
        if obj.state == StoredObject.State.RECEIVING:
            _fetch(actor, upload, obj, asked["url"])
            obj.refresh_from_db()
        proceedings.create(
            actor=actor,
            member=key.member,
            matter=obj.vault.matter,
            objects=[obj],
            api_key=key,
            job_id=upload.id,
            **asked["wanted"],
        )
    except PortalError as error:
        if error.retryable and not isinstance(error, outside.Unreachable):
            return  # our own house: the next round tries again
        _give_up(actor, upload, error.code)
    except DatabaseError:
        raise  # it comes back
    except Exception as error:
        # One that can never succeed must not be tried for ever in front of the others.
        _give_up(actor, upload, type(error).__name__)


def _give_up(actor: Actor, upload: Upload, code: str) -> None:
    log.warning("fetch_failed", upload=str(upload.id), code=code)
    Upload.objects.filter(pk=upload.pk).update(aborted_at=timezone.now())
    objects.fail(actor=actor, obj=upload.object, reason=FAILED)


def _fetch(actor: Actor, upload: Upload, obj: StoredObject, url: str) -> None:
    receiver = None
    try:
        with outside.get(url, READ_SECONDS, FETCH_FOR.total_seconds()) as response:
            if response.status_code != 200:
                raise outside.Unreachable(status=response.status_code)
            receiver = parts.begin(obj, number=1, limit=parts.MAX_OBJECT_BYTES)
            renewed = began = time.monotonic()
            # As they come, not gathered into blocks: the lease is renewed while a slow host gives little.
            for chunk in response.iter_bytes():
                receiver.write(chunk)
                now = time.monotonic()
                if now - renewed > LEASE.total_seconds() / 4:
                    _renew(upload.id)
                    renewed = now
                if now - began > SLOWEST_WITHIN and receiver.received < SLOWEST * (now - began):
                    raise outside.Unreachable("The address answers too slowly.", limit=SLOWEST)
        info = objects.seal_part(obj, receiver)
        objects.commit_part(actor=actor, obj=obj, receiver=receiver, info=info)
    except httpx.HTTPError:
        _abandon(receiver)
        raise outside.Unreachable from None
    except BaseException:
        _abandon(receiver)
        raise


def _abandon(receiver: parts.PartReceiver | None) -> None:
    if receiver is not None:
        receiver.abandon()


def _name(upload_id: UUID) -> str:
    return f"{_PREFIX}{upload_id.hex}"


def _take(upload_id: UUID) -> bool:
    now = timezone.now()
    mine = {"holder": jobs.holder(), "until": now + LEASE}
    if Lease.objects.filter(name=_name(upload_id), until__lt=now).update(**mine):
        return True
    try:
        with transaction.atomic():
            Lease.objects.create(name=_name(upload_id), **mine)
    except IntegrityError:
        return False
    return True


def _renew(upload_id: UUID) -> None:
    Lease.objects.filter(name=_name(upload_id), holder=jobs.holder()).update(until=timezone.now() + LEASE)
