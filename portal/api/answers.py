"""What the API says of vaults and objects: case.dev's names, and what is ours beside them."""

import mimetypes
from typing import Any, Final
from uuid import UUID

from django.db.models import Sum

from compliance.policies import DEFAULT
from portal.accounts.rights import Scope
from portal.api.acting import Caller
from vault.models import Matter, StoredObject, Vault

# case.dev's words for how far an object has come.
_STATUS: Final = {
    StoredObject.State.RECEIVING: "awaiting_upload",
    StoredObject.State.CHECKING: "processing",
    StoredObject.State.STORED: "completed",
    StoredObject.State.FAILED: "failed",
    StoredObject.State.ERASED: "deleted",
}
# What a program sees of a vault. Originals, results, exports and silenced copies were made for somebody in particular.
_OPEN_KINDS: Final = (StoredObject.Kind.DOCUMENT, StoredObject.Kind.RECORDING)
_ALL_KINDS: Final = (*_OPEN_KINDS, StoredObject.Kind.EXPORT, StoredObject.Kind.ORIGINAL, StoredObject.Kind.REDACTED_AUDIO)
# Containers of sound that are registered under application/.
_MEDIA_TYPES: Final = frozenset({"application/mp4", "application/mxf", "application/ogg", "application/x-matroska"})


def kinds_for(caller: Caller) -> tuple[str, ...]:
    return _ALL_KINDS if caller.holds(Scope.OBJECT_ORIGINAL) else _OPEN_KINDS


def vault_summary(matter: Matter) -> dict[str, Any]:
    return {
        "id": str(matter.vault_id),
        "name": matter.title,
        "description": (matter.metadata or {}).get("description"),
        "createdAt": matter.created_at.isoformat(),
        "region": matter.vault.region,
        "matter": matter_summary(matter),
    }


def matter_summary(matter: Matter) -> dict[str, Any]:
    """What may be said of a matter outside its wall."""
    return {"id": str(matter.id), "number": matter.short, "kind": matter.kind, "dataClass": matter.data_class}


def vault_details(matter: Matter) -> dict[str, Any]:
    lists = matter.lists or {}
    stored = StoredObject.objects.filter(vault=matter.vault, kind__in=_OPEN_KINDS, state=StoredObject.State.STORED)
    return vault_summary(matter) | {
        "filesBucket": f"vault-{matter.vault.region}",
        "enableIndexing": False,
        "metadata": (matter.metadata or {}).get("metadata"),
        "totalObjects": stored.count(),
        "totalBytes": stored.aggregate(sum=Sum("plain_size"))["sum"] or 0,
        "updatedAt": matter.created_at.isoformat(),
        "policy": (matter.metadata or {}).get("policy") or DEFAULT,
        # How many; the words themselves may be what nobody is to read.
        "lists": {"always_hide": len(lists.get("hide", ())), "always_show": len(lists.get("show", ()))},
    }


def stored_object(obj: StoredObject) -> dict[str, Any]:
    kept = obj.metadata or {}
    size = obj.plain_size if obj.state == StoredObject.State.STORED else obj.expected_size
    return {
        "id": str(obj.id),
        "objectId": str(obj.id),
        "vaultId": str(obj.vault_id),
        "filename": obj.file_name,
        "contentType": obj.content_type,
        "sizeBytes": size,
        "createdAt": obj.created_at.isoformat(),
        "ingestionStatus": _STATUS[StoredObject.State(obj.state)],
        "ingestionError": obj.failure or None,
        "kind": obj.kind,
        "metadata": kept.get("metadata"),
        "path": kept.get("path"),
        "file_origin": kept.get("file_origin"),
        "is_ai_generated": kept.get("is_ai_generated", False),
    }


def kind_of(content_type: str, file_name: str) -> str:
    """Sound and pictures are recordings, and are guarded as such; everything else is a document.

    The name counts as well: many clients send recordings as application/octet-stream.
    """
    named = mimetypes.guess_type(file_name)[0] or ""
    said = content_type.partition(";")[0].strip().lower()
    recording = any(media.startswith(("audio/", "video/")) or media in _MEDIA_TYPES for media in (said, named))
    return StoredObject.Kind.RECORDING if recording else StoredObject.Kind.DOCUMENT


def object_metadata(given: dict[str, Any]) -> dict[str, Any] | None:
    names = ("metadata", "path", "file_origin", "is_ai_generated")
    kept: dict[str, Any] = {name: given[name] for name in names if name in given}
    return kept or None


def find_object(caller: Caller, vault: Vault, object_id: UUID) -> StoredObject | None:
    return (
        StoredObject.objects.select_related("vault__organization")
        .filter(pk=object_id, vault=vault, kind__in=kinds_for(caller))
        .exclude(state=StoredObject.State.ERASED)
        .first()
    )
