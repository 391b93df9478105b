"""What lies in a vault. A recording's link gives the key's own view of it, unless the key may have originals."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpResponseRedirect
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from compliance.audit import Target
from portal.accounts.rights import Action, Kind, Scope
from portal.api import answer_shapes as said
from portal.api import answers, shapes
from portal.api.acting import Caller, caller_of
from portal.api.authentication import require_scope
from portal.api.base import Answer, ApiView, fields_of, matter_of_vault, once
from portal.api.documents import CURSOR, LIMIT, PROBLEMS
from portal.api.pagination import page
from portal.errors import NotFound
from vault import grants, matters, objects
from vault.errors import NotStored
from vault.models import Matter, StoredObject

LINK_SECONDS: Final = 3600
# A key needs more than reading for links that write or erase.
_OPERATION_SCOPES: Final = {
    "GET": Scope.VAULT_READ,
    "HEAD": Scope.VAULT_READ,
    "PUT": Scope.UPLOAD_CREATE,
    "DELETE": Scope.VAULT_DELETE,
}


class Objects(ApiView):
    scopes = {"GET": Scope.VAULT_READ}

    @extend_schema(
        operation_id="objects_list",
        parameters=[LIMIT, CURSOR, OpenApiParameter("includeUnconfirmed", OpenApiTypes.BOOL)],
        responses={200: said.ObjectList, **PROBLEMS},
    )
    def get(self, request: Request, vault_id: UUID) -> Response:
        """What is stored in the vault, newest first."""
        caller = caller_of(request)
        matter = matter_of_vault(caller, vault_id)
        rows = StoredObject.objects.select_related("vault").filter(vault=matter.vault, kind__in=answers.kinds_for(caller))
        shown = [StoredObject.State.STORED, StoredObject.State.CHECKING]
        if request.query_params.get("includeUnconfirmed", "").lower() == "true":
            shown += [StoredObject.State.RECEIVING, StoredObject.State.FAILED]
        found = page(request, rows.filter(state__in=shown))
        with transaction.atomic():
            audit.record(
                "vault:object:listed",
                organization_id=matter.organization_id,
                actor=caller.actor,
                target=Target("matter", matter.id, matter.id),
                merge="list",
                objects=len(found.rows),
            )
        return Response(
            {
                "vaultId": str(matter.vault_id),
                "objects": [answers.stored_object(obj) for obj in found.rows],
                "count": len(found.rows),
                "pagination": found.pagination(),
            }
        )


class OneObject(ApiView):
    scopes = {"GET": Scope.VAULT_READ, "DELETE": Scope.VAULT_DELETE}

    @extend_schema(operation_id="objects_retrieve", responses={200: said.ObjectDetails, **PROBLEMS})
    def get(self, request: Request, vault_id: UUID, object_id: UUID) -> Response:
        """One object with a link to download it. A recording's link is also good as audio_url."""
        caller = caller_of(request)
        matter, obj = _object(caller, vault_id, object_id)
        body = answers.stored_object(obj)
        if obj.state == StoredObject.State.STORED:
            seconds = min(LINK_SECONDS, matter.organization.presign_cap_seconds)
            _, url = grants.mint(actor=caller.actor, obj=obj, method="GET", seconds=seconds)
            body |= {"downloadUrl": url, "expiresIn": seconds}
        else:
            body |= {"downloadUrl": "", "expiresIn": 0}
        return Response(body)

    @extend_schema(operation_id="objects_delete", responses={200: said.ObjectErased, **PROBLEMS})
    def delete(self, request: Request, vault_id: UUID, object_id: UUID) -> Response:
        """Erase one object: its data key and its bytes. Refused with 409 under a legal hold."""
        caller = caller_of(request)
        matter, obj = _object(caller, vault_id, object_id)
        target = Target("object", obj.id, matter.id)
        matters.require(caller.actor, caller.member, Action.DELETE, Kind.RECORDING, target)
        size, name = obj.plain_size, obj.file_name
        erasure = objects.erase(actor=caller.actor, obj=obj)
        return Response(
            {
                "success": True,
                "deletedObject": {"id": str(obj.id), "filename": name, "sizeBytes": size, "vectorsDeleted": 0},
                "erasure": {
                    "id": str(erasure.id),
                    "state": erasure.state,
                    "backupsUntil": erasure.backups_until.isoformat() if erasure.backups_until else None,
                },
            }
        )


class Download(ApiView):
    scopes = {"GET": Scope.VAULT_READ}

    @extend_schema(
        operation_id="objects_download",
        responses={302: OpenApiResponse(description="To a link that gives the bytes."), **PROBLEMS},
    )
    def get(self, request: Request, vault_id: UUID, object_id: UUID) -> HttpResponseRedirect:
        """The object's bytes, by way of a link that lives a minute."""
        caller = caller_of(request)
        _, obj = _object(caller, vault_id, object_id)
        if obj.state != StoredObject.State.STORED:
            raise NotStored
        _, url = grants.mint(actor=caller.actor, obj=obj, method="GET", seconds=grants.MIN_SECONDS)
        return HttpResponseRedirect(url)


class PresignedUrl(ApiView):
    scopes = {"POST": Scope.VAULT_READ}

    @extend_schema(operation_id="objects_presigned_url", request=shapes.Presign, responses={200: said.Presigned, **PROBLEMS})
    def post(self, request: Request, vault_id: UUID, object_id: UUID) -> Response:
        """A link for one method on one object, for 60 seconds to 7 days within the organization's limit."""
        given = fields_of(request, shapes.Presign)

        def mint(caller: Caller) -> Answer:
            matter, obj = _object(caller, vault_id, object_id)
            require_scope(request, caller, _OPERATION_SCOPES[given["operation"]])
            writes = given["operation"] == "PUT"
            grant, url = grants.mint(
                actor=caller.actor,
                obj=obj,
                method=given["operation"],
                seconds=given["expiresIn"],
                content_type=given.get("contentType", obj.content_type) if writes else "",
                size=given.get("sizeBytes", obj.expected_size) if writes else None,
                max_uses=1 if given["operation"] in {"PUT", "DELETE"} else None,
            )
            return Answer(_presigned(matter, obj, grant, url, given), 200, matter.vault)

        return once(request, mint)


def _presigned(matter: Matter, obj: StoredObject, grant: Any, url: str, given: dict[str, Any]) -> dict[str, Any]:
    return {
        "presignedUrl": url,
        "expiresAt": grant.expires_at.isoformat(),
        "expiresIn": given["expiresIn"],
        "operation": given["operation"],
        "objectId": str(obj.id),
        "vaultId": str(matter.vault_id),
        "filename": obj.file_name,
        "metadata": {
            "bucket": f"vault-{matter.vault.region}",
            "region": matter.vault.region,
            "contentType": grant.content_type or obj.content_type,
            "sizeBytes": grant.size if grant.size is not None else obj.plain_size,
        },
        "instructions": {
            "method": given["operation"],
            "headers": {"Content-Type": grant.content_type} if grant.content_type else {},
        },
    }


def _object(caller: Caller, vault_id: UUID, object_id: UUID) -> tuple[Matter, StoredObject]:
    matter = matter_of_vault(caller, vault_id)
    obj = answers.find_object(caller, matter.vault, object_id)
    if obj is None:
        raise NotFound
    return matter, obj
