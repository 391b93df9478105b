"""Uploads: a link for one PUT, or links for the parts of a large file. A PUT completes the object by itself."""

from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from portal.accounts.rights import Scope
from portal.api import answer_shapes as said
from portal.api import answers, shapes
from portal.api.acting import Caller, caller_of
from portal.api.base import Answer, ApiView, fields_of, matter_of_vault, once
from portal.api.documents import PROBLEMS
from portal.errors import NotFound
from vault import grants, multipart, uploads
from vault.errors import NotStored, SizeMismatch
from vault.models import Matter, StoredObject

# What case.dev's links live; enough for its scripts, and short enough for a link that lies in a shell's history.
LINK_SECONDS: Final = 3600


class BeginUpload(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(operation_id="vault_upload", request=shapes.Upload, responses={200: said.UploadBegun, **PROBLEMS})
    def post(self, request: Request, vault_id: UUID) -> Response:
        """Get a link for one PUT of the file. What arrives is encrypted as it comes; the PUT completes the object."""
        given = fields_of(request, shapes.Upload)

        def begin(caller: Caller) -> Answer:
            matter = matter_of_vault(caller, vault_id)
            begun = uploads.begin(
                actor=caller.actor,
                vault=matter.vault,
                content_type=given["contentType"],
                kind=answers.kind_of(given["contentType"], given["filename"]),
                file_name=given["filename"],
                size=given.get("sizeBytes"),
                metadata=answers.object_metadata(given),
                seconds=LINK_SECONDS,
                api_key_id=caller.key.id,
            )
            return Answer(_upload_answer(begun, given), 200, matter.vault)

        return once(request, begin)


def _upload_answer(begun: uploads.Begun, given: dict[str, Any]) -> dict[str, Any]:
    media_type = grants.media_type(given["contentType"])
    return {
        "objectId": str(begun.obj.id),
        "uploadUrl": begun.url,
        "expiresIn": begun.seconds,
        "instructions": {
            "method": "PUT",
            "headers": {"Content-Type": media_type},
            "note": "PUT the file's bytes to uploadUrl with this Content-Type. The answer says that it is stored.",
        },
        "next_step": None,
        "auto_index": False,
        "enableIndexing": False,
        "alreadyUploaded": False,
        "path": given.get("path"),
        "file_origin": given.get("file_origin"),
        "is_ai_generated": given.get("is_ai_generated", False),
    }


class ConfirmUpload(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(
        operation_id="vault_confirm_upload", request=shapes.Confirm, responses={200: said.UploadConfirmed, **PROBLEMS}
    )
    def post(self, request: Request, vault_id: UUID, object_id: UUID) -> Response:
        """Say that the upload succeeded or failed. Not needed after a PUT that was answered."""
        given = fields_of(request, shapes.Confirm)
        caller = caller_of(request)
        matter = matter_of_vault(caller, vault_id)
        obj = answers.find_object(caller, matter.vault, object_id)
        if obj is None:
            raise NotFound
        if not given["success"]:
            # Only what has not arrived can fail: a stored object is not undone by this.
            if obj.state != StoredObject.State.STORED:
                uploads.cancel(actor=caller.actor, obj=obj)
            obj.refresh_from_db()
        elif obj.state != StoredObject.State.STORED:
            raise NotStored("The file has not arrived completely yet: PUT it to the upload URL first.", state=obj.state)
        elif given.get("sizeBytes") not in (None, obj.plain_size):
            raise SizeMismatch(announced=given["sizeBytes"], received=obj.plain_size)
        stored = obj.state == StoredObject.State.STORED
        return Response(
            {
                "objectId": str(obj.id),
                "vaultId": str(matter.vault_id),
                "status": "completed" if stored else "failed",
                "alreadyConfirmed": stored,
            }
        )


class MultipartInit(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(
        operation_id="multipart_init", request=shapes.MultipartInit, responses={200: said.MultipartBegun, **PROBLEMS}
    )
    def post(self, request: Request, vault_id: UUID) -> Response:
        """Begin an upload in parts."""
        given = fields_of(request, shapes.MultipartInit)

        def begin(caller: Caller) -> Answer:
            matter = matter_of_vault(caller, vault_id)
            begun = multipart.begin(
                actor=caller.actor,
                vault=matter.vault,
                kind=answers.kind_of(given["contentType"], given["filename"]),
                content_type=given["contentType"],
                file_name=given["filename"],
                size=given["sizeBytes"],
                part_size=given.get("partSizeBytes"),
                metadata=answers.object_metadata(given),
                api_key_id=caller.key.id,
            )
            body = {
                "objectId": str(begun.obj.id),
                "uploadId": str(begun.upload.id),
                "partSizeBytes": begun.part_size,
                "partCount": begun.part_count,
                "next_step": f"POST /vault/{matter.vault_id}/multipart/part-urls",
                "file_origin": given.get("file_origin"),
            }
            return Answer(body, 200, matter.vault)

        return once(request, begin)


class MultipartPartUrls(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(operation_id="multipart_part_urls", request=shapes.PartUrls, responses={200: said.PartUrlList, **PROBLEMS})
    def post(self, request: Request, vault_id: UUID) -> Response:
        """Links for parts. PUT each part without a Content-Type condition; keep the ETag of each answer."""
        given = fields_of(request, shapes.PartUrls)
        caller = caller_of(request)
        upload = _upload(caller, vault_id, given)
        wanted = [(part["partNumber"], part["sizeBytes"]) for part in given["parts"]]
        links = multipart.part_links(actor=caller.actor, upload=upload, wanted=wanted)
        return Response({"urls": [{"partNumber": number, "url": url} for number, url in links]})


class MultipartComplete(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(
        operation_id="multipart_complete", request=shapes.MultipartComplete, responses={200: said.MultipartDone, **PROBLEMS}
    )
    def post(self, request: Request, vault_id: UUID) -> Response:
        """Put the parts together."""
        given = fields_of(request, shapes.MultipartComplete)
        caller = caller_of(request)
        upload = _upload(caller, vault_id, given)
        listed = [(part["partNumber"], part["etag"]) for part in given["parts"]]
        obj = multipart.complete(actor=caller.actor, upload=upload, listed=listed, size=given["sizeBytes"])
        return Response({"success": True, "objectId": str(obj.id)})


class MultipartAbort(ApiView):
    scopes = {"POST": Scope.UPLOAD_CREATE}

    @extend_schema(operation_id="multipart_abort", request=shapes.MultipartAbort, responses={204: None, **PROBLEMS})
    def post(self, request: Request, vault_id: UUID) -> Response:
        """Give the upload up; its parts are deleted."""
        given = fields_of(request, shapes.MultipartAbort)
        caller = caller_of(request)
        multipart.abort(actor=caller.actor, upload=_upload(caller, vault_id, given))
        return Response(status=204)


def _upload(caller: Caller, vault_id: UUID, given: dict[str, Any]) -> Any:
    matter: Matter = matter_of_vault(caller, vault_id)
    return multipart.find(matter.vault, given["uploadId"], given["objectId"])
