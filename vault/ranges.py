"""Byte ranges of HTTP (RFC 9110, section 14) as far as one range goes."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies outside the object: 416."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes ``start`` to ``stop`` (not included) of an object of ``size`` bytes."""

    start: int
    stop: int
    size: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def content_range(self) -> str:
        return f"bytes {self.start}-{self.stop - 1}/{self.size}"


def requested(header: str, if_range: str, etag: str, size: int) -> ByteRange | None:
    """The range that a request asks for; None: the whole object.

    Several ranges, other units and malformed headers are answered with the whole, as section 14.2 allows; so is a range
    whose If-Range is not exactly the present ETag. Raises Unsatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header.strip())
    if not found or (if_range and if_range.strip() != etag):
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= stop:
        raise Unsatisfiable
    return ByteRange(start, stop, size)
