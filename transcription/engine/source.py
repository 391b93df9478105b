"""Where a recording comes from: a link below the portal's public address, or an upload to the engine."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

import httpx

from transcription.engine.config import MAX_BYTES
from transcription.engine.errors import EngineError
from transcription.engine.spool import Spooled, SpoolReader

#: Up to this size a recording is read at once and kept in memory: the link is then used once and may expire. It is
#: what a seven-hour recording takes at 32 kbit/s; a larger one is read in step with decoding, by ranges.
IN_MEMORY_BYTES = 100 * 1024 * 1024
#: Reading on costs less than a new request up to this distance.
SKIP_BYTES = 1024 * 1024
#: Waits between attempts at a link that does not answer.
BACKOFF_S = (1.0, 3.0, 10.0, 30.0)
TIMEOUT = httpx.Timeout(60, connect=10)


@dataclass(frozen=True, slots=True)
class Link:
    """A checked address to fetch from."""

    url: str = field(repr=False)


Source = Link | Spooled

_DEFAULT_PORT = {"http": 80, "https": 443}


def check_address(url: str, public_url: str | None, *, what: str) -> str:
    """Give `url` back if it lies below `public_url`, else raise `EngineError`.

    Scheme, host and port must be the same, the path below it without `..`, no user name in it. The engine sits inside
    the house: without this anybody with a key could make it read any address of the inner network (SSRF).
    """
    if public_url is None:
        raise EngineError(
            "no_public_address",
            f"This engine has no public address of the portal, so it takes no {what}. Upload the recording instead.",
        )
    allowed = EngineError(
        f"{what.replace(' ', '_')}_not_allowed",
        f"The {what} does not lie below the portal's public address. The engine reaches no other place.",
    )
    if any(char <= " " or char in "\\\x7f" for char in url) or len(url) > 8192:
        raise allowed
    try:
        base, asked = urlsplit(public_url), urlsplit(url)
        base_origin = (base.scheme, base.hostname, base.port or _DEFAULT_PORT.get(base.scheme))
        origin = (asked.scheme, asked.hostname, asked.port or _DEFAULT_PORT.get(asked.scheme))
    except ValueError as error:
        raise allowed from error
    if origin != base_origin or asked.username is not None or asked.password is not None:
        raise allowed
    prefix = base.path.rstrip("/") + "/"
    decoded = unquote(asked.path)
    if not (asked.path or "/").startswith(prefix) or ".." in decoded.split("/") or "\\" in decoded:
        raise allowed
    return url


def open_source(source: Source) -> BinaryIO:
    """A seekable reader over the recording's bytes. Raises `EngineError` when it cannot be had."""
    if isinstance(source, Spooled):
        if source.size == 0:
            raise EngineError("empty", "The file is empty (0 bytes). Choose the recording again and upload it anew.")
        return io.BufferedReader(SpoolReader(source), 64 * 1024)
    reader = LinkReader(source.url)
    if reader.size <= IN_MEMORY_BYTES:
        try:
            return io.BytesIO(reader.read(-1) or b"")
        finally:
            reader.close()
    return io.BufferedReader(reader, 256 * 1024)


class LinkReader(io.RawIOBase):
    """Reads an address by HTTP ranges: one request while reading on, a new one after a jump or a lost connection.

    Follows no redirect and asks no proxy. Raises `EngineError` at opening, `OSError` while reading.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._client = httpx.Client(follow_redirects=False, trust_env=False, timeout=TIMEOUT)
        self._response: httpx.Response | None = None
        self._pieces: Any = None
        self._piece = b""
        self._position = 0
        self._stream_at = 0
        self.size = 0
        try:
            self._connect()
        except BaseException:
            self._client.close()
            raise

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def _connect(self) -> None:
        """Open a response at the present position, trying again where waiting may help."""
        self._disconnect()
        failure = EngineError(
            "fetch_failed",
            "The engine could not fetch the recording from the portal. It stays in the vault; try again later.",
            retryable=True,
        )
        for wait in (*BACKOFF_S, None):
            try:
                request = self._client.build_request(
                    "GET", self._url, headers={"Range": f"bytes={self._position}-", "Accept-Encoding": "identity"}
                )
                response = self._client.send(request, stream=True)
                if self._accept(response):
                    return
                response.close()
            except httpx.HTTPError:
                pass  # tried again below, and reported when the last attempt fails
            if wait is not None:
                time.sleep(wait)
        raise failure

    def _accept(self, response: httpx.Response) -> bool:
        """Whether the response is the recording from the present position on; False where trying again may help."""
        status = response.status_code
        if status == 206:
            total = response.headers.get("content-range", "").rpartition("/")[2]
            starts_at = response.headers.get("content-range", "").removeprefix("bytes ").partition("-")[0]
            if not total.isdigit() or starts_at != str(self._position):
                response.close()
                raise EngineError("fetch_failed", "The portal answered a range request with another range.")
            self.size = int(total)
        elif status == 200:
            # No ranges there: good enough for a recording that is read at once.
            if self._position:
                response.close()
                raise EngineError("fetch_failed", "The portal stopped answering range requests.")
            length = response.headers.get("content-length", "")
            if not length.isdigit() or int(length) > IN_MEMORY_BYTES:
                response.close()
                raise EngineError(
                    "no_ranges",
                    "The address of the recording does not answer range requests, "
                    f"which are needed above {IN_MEMORY_BYTES // 1024**2} MB.",
                )
            self.size = int(length)
        elif status == 416:
            self.size = 0
        elif status >= 500 or status in {408, 425, 429}:
            return False
        else:
            response.close()
            if 300 <= status < 400:
                raise EngineError("redirected", "The address of the recording leads elsewhere; that is not followed.")
            raise EngineError(
                "link_refused",
                f"The link to the recording was refused (HTTP {status}): it has expired or was withdrawn. Try again.",
                retryable=True,
            )
        if self.size == 0:
            response.close()
            raise EngineError("empty", "The file is empty (0 bytes). Choose the recording again and upload it anew.")
        if self.size > MAX_BYTES:
            response.close()
            raise EngineError(
                "too_large",
                f"The recording has {self.size / 1024**3:.1f} GB; at most {MAX_BYTES // 1024**3} GB can be taken.",
                status=413,
            )
        self._response, self._pieces, self._piece = response, response.iter_raw(64 * 1024), b""
        self._stream_at = self._position
        return True

    def readinto(self, buffer: Any) -> int:
        if self._position >= self.size:
            return 0
        ahead = self._position - self._stream_at
        if self._response is None or not 0 <= ahead <= SKIP_BYTES:
            self._reconnect()
        for _attempt in range(len(BACKOFF_S) + 1):
            try:
                return self._take(buffer)
            except httpx.HTTPError:
                # The portal may drop a connection that waited while a block was recognised.
                self._reconnect()
        raise OSError("the portal keeps dropping the connection")

    def _reconnect(self) -> None:
        try:
            self._connect()
        except EngineError as error:
            raise OSError(error.message) from error

    def _take(self, buffer: Any) -> int:
        while True:
            if not self._piece:
                try:
                    self._piece = next(self._pieces)
                except StopIteration:
                    raise httpx.ReadError("the body ended early") from None
            skip = min(len(self._piece), self._position - self._stream_at)
            self._piece, self._stream_at = self._piece[skip:], self._stream_at + skip
            if not self._piece:
                continue
            taken = self._piece[: len(buffer)]
            buffer[: len(taken)] = taken
            self._piece = self._piece[len(taken) :]
            self._stream_at += len(taken)
            self._position += len(taken)
            return len(taken)

    def _disconnect(self) -> None:
        if self._response is not None:
            self._response.close()
            self._response = None

    def close(self) -> None:
        if not self.closed:
            self._disconnect()
            self._client.close()
        super().close()
