"""An MP4 that is written front to back though its index comes first (ISO/IEC 14496-12).

A muxer writes file type, an open ``mdat`` box, the media, then goes back to say how long that box is and writes the index
(``moov``) at the end, going back once more to say how long that is. Here the media leaves as it comes; its box's header and the index are kept, and put before it at the
end with the index's places moved by what was put in.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator
from typing import Final

_CONTAINERS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl"})
# File type, padding and the header of the media box: what a muxer goes back to.
_KEPT: Final = 256


class MovingHead:
    """A file to write into: media is taken out by ``drain`` as it comes, ``rest`` and ``head`` are there when it is closed."""

    def __init__(self) -> None:
        self._first = bytearray()
        self._chunks: deque[bytes] = deque()
        self._place = 0
        self._length = 0
        self._given = 0  # media bytes that were taken out
        self._begin = 0  # where the media begins; 0 until known
        self._head: bytes | None = None

    def write(self, data: bytes) -> int:
        data = bytes(data)
        written = len(data)
        if self._place < len(self._first):
            overlap = min(len(data), len(self._first) - self._place)
            self._first[self._place : self._place + overlap] = data[:overlap]
            self._place += overlap
            data = data[overlap:]
        if data and self._place < self._length:
            again = self._write_again(data)
            self._place += again
            data = data[again:]
        if data:
            if self._place != self._length:
                raise ValueError("There is nothing before this place yet.")
            if len(self._first) < _KEPT:
                room = _KEPT - len(self._first)
                self._first += data[:room]
                rest = data[room:]
            else:
                rest = data
            if rest:
                self._chunks.append(rest)
            self._place += len(data)
        self._length = max(self._length, self._place)
        return written

    def _write_again(self, data: bytes) -> int:
        """Writes over what is still kept; how many bytes. An index of some minutes no longer fits into the muxer's buffer:
        its beginning is here already when its length is known. Nothing is taken out while the index is written."""
        begin = self._length - sum(len(chunk) for chunk in self._chunks)
        if self._place < begin:
            raise ValueError("This place has been taken out: only the first bytes and what is kept can be written again.")
        done = 0
        for number, chunk in enumerate(self._chunks):
            at = self._place + done - begin
            if at < len(chunk):
                piece = data[done : done + len(chunk) - at]
                self._chunks[number] = chunk[:at] + piece + chunk[at + len(piece) :]
                done += len(piece)
            begin += len(chunk)
        return done

    def tell(self) -> int:
        return self._place

    def seek(self, place: int, whence: int = 0) -> int:
        self._place = place + (self._place if whence == 1 else self._length if whence == 2 else 0)
        return self._place

    def drain(self) -> Iterator[bytes]:
        """Media that came since; the first bytes and the last block stay until the end."""
        while len(self._chunks) > 1:
            chunk = self._chunks.popleft()
            if not self._given:
                chunk = self._media_of_first() + chunk
            self._given += len(chunk)
            yield chunk

    def rest(self) -> bytes:
        """The rest of the media, when the file is closed. Raises ValueError for what is no such file."""
        tail = b"".join(self._chunks)
        self._chunks.clear()
        if not self._given:
            tail = self._media_of_first() + tail
        begin, end = self._media()
        left = end - begin - self._given
        media, index = tail[:left], tail[left:]
        if not 0 <= left <= len(tail) or index[4:8] != b"moov" or int.from_bytes(index[:4], "big") != len(index):
            raise ValueError("The index is not where it was expected.")
        # The index goes between the file type and the padding before the media.
        type_end = int.from_bytes(self._first[:4], "big")
        moved = bytearray(index)
        _move(moved, 0, len(moved), len(moved))
        self._head = bytes(self._first[:type_end]) + bytes(moved) + bytes(self._first[type_end:begin])
        return media

    def head(self) -> bytes:
        if self._head is None:
            raise ValueError("The file is not finished.")
        return self._head

    def _media_of_first(self) -> bytes:
        self._begin = self._begin or self._media()[0]
        return bytes(self._first[self._begin :])

    def _media(self) -> tuple[int, int]:
        """Where the media begins and (when the file is closed) ends."""
        place = 0
        while place + 16 <= len(self._first):
            size, kind = struct.unpack_from(">I4s", self._first, place)
            header = 8
            if size == 1:
                (size,) = struct.unpack_from(">Q", self._first, place + 8)
                header = 16
            if kind == b"mdat":
                return place + header, place + size
            if size < header:
                break
            place += size
        raise ValueError("There is no media box at the beginning of the file.")


def _move(data: bytearray, start: int, end: int, by: int) -> None:
    """Moves the places of media that an index names by ``by`` bytes."""
    place = start
    while place + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, place)
        if size < 8 or place + size > end:
            raise ValueError("A box of the index is broken.")
        if kind in _CONTAINERS:
            _move(data, place + 8, place + size, by)
        elif kind in (b"stco", b"co64"):
            wide = kind == b"co64"
            form, step = (">Q", 8) if wide else (">I", 4)
            (count,) = struct.unpack_from(">I", data, place + 12)
            for number in range(count):
                at = place + 16 + step * number
                (offset,) = struct.unpack_from(form, data, at)
                struct.pack_into(form, data, at, offset + by)
        place += size
