"""Routes of the API under /api: case.dev's, and under /api/v1 our own."""

from django.urls import path, re_path

from portal.api import documents, objects, policies, review, transcriptions, uploads, vaults, words
from portal.api.base import Nowhere

urlpatterns = [
    path("schema", documents.Schema.as_view(), name="api-schema"),
    path("docs", documents.docs, name="api-docs"),
    path("errors", documents.ErrorCodes.as_view(), name="api-errors"),
    path("errors/<str:code>", documents.ErrorCode.as_view(), name="api-error"),
    path("vault", vaults.Vaults.as_view(), name="api-vaults"),
    path("vault/<uuid:vault_id>", vaults.OneVault.as_view(), name="api-vault"),
    path("vault/<uuid:vault_id>/upload", uploads.BeginUpload.as_view(), name="api-upload"),
    path("vault/<uuid:vault_id>/upload/<uuid:object_id>/confirm", uploads.ConfirmUpload.as_view(), name="api-confirm"),
    path("vault/<uuid:vault_id>/multipart/init", uploads.MultipartInit.as_view(), name="api-multipart-init"),
    path("vault/<uuid:vault_id>/multipart/part-urls", uploads.MultipartPartUrls.as_view(), name="api-multipart-urls"),
    path("vault/<uuid:vault_id>/multipart/complete", uploads.MultipartComplete.as_view(), name="api-multipart-complete"),
    path("vault/<uuid:vault_id>/multipart/abort", uploads.MultipartAbort.as_view(), name="api-multipart-abort"),
    path("vault/<uuid:vault_id>/objects", objects.Objects.as_view(), name="api-objects"),
    path("vault/<uuid:vault_id>/objects/<uuid:object_id>", objects.OneObject.as_view(), name="api-object"),
    path("vault/<uuid:vault_id>/objects/<uuid:object_id>/download", objects.Download.as_view(), name="api-download"),
    path("vault/<uuid:vault_id>/objects/<uuid:object_id>/presigned-url", objects.PresignedUrl.as_view(), name="api-presigned"),
    path("voice/transcription", transcriptions.Transcriptions.as_view(), name="api-transcriptions"),
    path(
        "voice/transcription/<uuid:transcription_id>",
        transcriptions.OneTranscription.as_view(),
        name="api-transcription",
    ),
    path("v1/erasures/<uuid:erasure_id>", vaults.OneErasure.as_view(), name="api-erasure"),
    path("v1/vaults/<uuid:vault_id>/words", words.Words.as_view(), name="api-words"),
    path("v1/review", review.Review.as_view(), name="api-review"),
    path("v1/policies", policies.Policies.as_view(), name="api-policies"),
    path("v1/policies/<slug:name>", policies.OnePolicy.as_view(), name="api-policy"),
    # Anything else (line breaks in it, too) is a problem in JSON and needs a key like everything here.
    re_path(r"^[\s\S]*$", Nowhere.as_view(), name="api-nowhere"),
]
