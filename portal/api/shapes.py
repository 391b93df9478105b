"""What requests about vaults and objects hold. Names are case.dev's; snake_case stands for camelCase everywhere.

Fields of case.dev's that mean nothing here (vector indexing, ingestion) are accepted and passed over.
"""

from typing import Any, Final

from rest_framework import serializers

from vault.entries import ENTRIES_LIMIT, ENTRY_LEAST, ENTRY_LIMIT
from vault.grants import MAX_SECONDS, MIN_SECONDS
from vault.matters import TITLE_LIMIT
from vault.parts import MAX_OBJECT_BYTES

NAME_LIMIT: Final = 255
DESCRIPTION_LIMIT: Final = 2000
TYPE_LIMIT: Final = 100
PATH_LIMIT: Final = 1000
CONTENT_TYPE: Final = r"^[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}\s*(;.*)?$"


def entries(help_text: str) -> serializers.ListField:
    """A list of a matter; which entries can be used says ``vault.entries``."""
    entry = serializers.CharField(max_length=ENTRY_LIMIT, min_length=ENTRY_LEAST)
    return serializers.ListField(child=entry, required=False, max_length=ENTRIES_LIMIT, help_text=help_text)


class VaultCreate(serializers.Serializer[dict[str, Any]]):
    """``metadata`` may hold ``kind`` (legal, clinical), ``region``, ``data_class``, ``policy`` and ``parties``.

    ``policy``: a preset or one of your organization's own that is in use. Transcripts hide at least what it hides. Without it
    the key's default counts, else ``identifiers``.
    """

    name = serializers.CharField(max_length=TITLE_LIMIT)
    description = serializers.CharField(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    metadata = serializers.DictField(required=False)
    always_hide = entries("Words and phrases that are hidden in every transcript, whatever they are.")
    always_show = entries(
        "Names and places that stay readable for everyone who may read. "
        "Needs a member who may decide that something is not private."
    )


class Upload(serializers.Serializer[dict[str, Any]]):
    filename = serializers.CharField(max_length=NAME_LIMIT)
    contentType = serializers.RegexField(CONTENT_TYPE, max_length=TYPE_LIMIT)
    sizeBytes = serializers.IntegerField(required=False, min_value=0, max_value=MAX_OBJECT_BYTES)
    metadata = serializers.DictField(required=False)
    path = serializers.CharField(max_length=PATH_LIMIT, required=False, allow_blank=True)
    file_origin = serializers.DictField(required=False)
    is_ai_generated = serializers.BooleanField(required=False)


class Confirm(serializers.Serializer[dict[str, Any]]):
    success = serializers.BooleanField(default=True)
    sizeBytes = serializers.IntegerField(required=False, min_value=0)
    etag = serializers.CharField(required=False, allow_blank=True, max_length=200)
    errorCode = serializers.CharField(required=False, allow_blank=True, max_length=200)
    errorMessage = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class Presign(serializers.Serializer[dict[str, Any]]):
    operation = serializers.ChoiceField(["GET", "PUT", "HEAD", "DELETE"], default="GET")
    expiresIn = serializers.IntegerField(default=3600, min_value=MIN_SECONDS, max_value=MAX_SECONDS)
    contentType = serializers.RegexField(CONTENT_TYPE, max_length=TYPE_LIMIT, required=False)
    sizeBytes = serializers.IntegerField(required=False, min_value=0, max_value=MAX_OBJECT_BYTES)


class MultipartInit(Upload):
    sizeBytes = serializers.IntegerField(min_value=1, max_value=MAX_OBJECT_BYTES)
    partSizeBytes = serializers.IntegerField(required=False, min_value=1, max_value=MAX_OBJECT_BYTES)


class PartWanted(serializers.Serializer[dict[str, Any]]):
    partNumber = serializers.IntegerField(min_value=1, max_value=10_000)
    sizeBytes = serializers.IntegerField(min_value=0, max_value=MAX_OBJECT_BYTES)


class PartUrls(serializers.Serializer[dict[str, Any]]):
    objectId = serializers.UUIDField()
    uploadId = serializers.UUIDField()
    parts = serializers.ListField(child=PartWanted(), allow_empty=False, max_length=1000)


class PartDone(serializers.Serializer[dict[str, Any]]):
    partNumber = serializers.IntegerField(min_value=1, max_value=10_000)
    etag = serializers.CharField(max_length=200)


class MultipartComplete(serializers.Serializer[dict[str, Any]]):
    objectId = serializers.UUIDField()
    uploadId = serializers.UUIDField()
    sizeBytes = serializers.IntegerField(min_value=1, max_value=MAX_OBJECT_BYTES)
    parts = serializers.ListField(child=PartDone(), allow_empty=False, max_length=10_000)


class MultipartAbort(serializers.Serializer[dict[str, Any]]):
    objectId = serializers.UUIDField()
    uploadId = serializers.UUIDField()
