"""Parts in S3-compatible storage, by django-storages and boto3."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from django.utils.deconstruct import deconstructible
from storages.backends.s3 import S3Storage

from vault.errors import PartMissing, StorageDown

# S3 takes at most 10,000 upload parts of at least 5 MiB: this allows one sealed part of 80 GB in flat memory.
UPLOAD_PART: Final = 8 * 2**20
_MISSING: Final = {"404", "NoSuchKey"}


@contextlib.contextmanager
def _answering() -> Iterator[None]:
    """What boto raises may hold keys and bucket names; what people get does not."""
    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in _MISSING:
            raise PartMissing from None
        raise StorageDown from None
    except BotoCoreError:
        raise StorageDown from None


class S3PartWriter:
    """A multipart upload; S3 shows the object only once it is complete, so a killed writer leaves nothing."""

    def __init__(self, target: Any) -> None:
        self._target = target
        self._buffer = bytearray()
        self._upload: Any = None
        self._sent: list[dict[str, Any]] = []

    def write(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= UPLOAD_PART:
            self._send(bytes(self._buffer[:UPLOAD_PART]))
            del self._buffer[:UPLOAD_PART]

    def close(self) -> None:
        with _answering():
            if self._upload is None:
                self._target.put(Body=bytes(self._buffer))
                return
        if self._buffer:
            self._send(bytes(self._buffer))
        with _answering():
            self._upload.complete(MultipartUpload={"Parts": self._sent})
            self._upload = None

    def abort(self) -> None:
        self._buffer.clear()
        with _answering():
            if self._upload is not None:
                self._upload.abort()
                self._upload = None
            else:
                self._target.delete()

    def _send(self, body: bytes) -> None:
        with _answering():
            if self._upload is None:
                self._upload = self._target.initiate_multipart_upload(ContentType="application/octet-stream")
            number = len(self._sent) + 1
            answer = self._upload.Part(number).upload(Body=body)
            self._sent.append({"ETag": answer["ETag"], "PartNumber": number})


@deconstructible
class S3Parts(S3Storage):  # type: ignore[misc]  # django-storages ships no types
    """PartStorage in one bucket."""

    def write_part(self, name: str) -> S3PartWriter:
        with _answering():
            return S3PartWriter(self._target(name))

    def read_range(self, name: str, start: int, count: int) -> bytes:
        if count <= 0:
            return b""
        try:
            with _answering():
                body = self._target(name).get(Range=f"bytes={start}-{start + count - 1}")["Body"]
                return bytes(body.read())
        except StorageDown:
            # A range behind the end is an error in S3; for us it is a part that is too short.
            if start >= self._length(name):
                return b""
            raise

    def cut_part(self, name: str, length: int) -> None:
        # An S3 object appears whole or not at all: there is never a tail to cut.
        if self._length(name) != length:
            raise StorageDown

    def delete_part(self, name: str) -> None:
        with _answering():
            self._target(name).delete()

    def health(self) -> None:
        with _answering():
            self.bucket.meta.client.head_bucket(Bucket=self.bucket.name)

    def _length(self, name: str) -> int:
        with _answering():
            return int(self._target(name).content_length)

    def _target(self, name: str) -> Any:
        return self.bucket.Object(self._normalize_name(name))
