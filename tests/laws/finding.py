"""Looking for words in bytes, however they may have been written down."""

import base64
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# Shorter needles meet random bytes by chance.
SHORTEST = 5
SHORTEST_ENCODED = 8
_GZIP = re.compile(rb"\x1f\x8b\x08")
_BLOCK = 64 * 2**20


def forms(text: str) -> dict[str, bytes]:
    """The text as UTF-8, UTF-16 of both orders, hex, and base64 at each of its three alignments."""
    plain = text.encode()
    found = {"utf-8": plain, "json": ascii(text)[1:-1].encode()}
    if len(plain) >= SHORTEST_ENCODED:
        found["utf-16-le"] = text.encode("utf-16-le")
        found["utf-16-be"] = text.encode("utf-16-be")
        found["hex"] = plain.hex().encode()
        found["HEX"] = plain.hex().upper().encode()
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + plain)
            # The characters at both ends also hold bits of the neighbours.
            found[f"base64+{shift}"] = encoded[(0, 2, 3)[shift] : -4 or None]
    return found


def contents(path: Path) -> Iterator[bytes]:
    """The file's bytes, and those of every gzip stream in it."""
    raw = path.read_bytes()
    yield raw
    for match in _GZIP.finditer(raw):
        try:
            yield zlib.decompressobj(wbits=31).decompress(raw[match.start() :], _BLOCK)
        except zlib.error:
            continue  # the magic by chance


def find(needles: Iterable[str], files: Iterable[Path]) -> list[tuple[str, str, str]]:
    """(file, form, needle) of every find."""
    wanted = [
        (text, name, _pattern(form, whole_word=len(text) < SHORTEST_ENCODED))
        for text in needles
        if len(text) >= SHORTEST
        for name, form in forms(text).items()
        if len(form) >= SHORTEST
    ]
    return [
        (str(path), name, text)
        for path in files
        if path.is_file()
        for content in contents(path)
        for text, name, pattern in wanted
        if pattern.search(content)
    ]


def _pattern(form: bytes, *, whole_word: bool) -> re.Pattern[bytes]:
    # A short name is also the middle of other words ("Vance" of "advance", which every database's catalogue holds).
    edges = (rb"(?<![A-Za-z0-9])", rb"(?![A-Za-z0-9])") if whole_word else (b"", b"")
    return re.compile(edges[0] + re.escape(form) + edges[1])


def write_control(folder: Path, text: str) -> list[Path]:
    """Files that hold the text in the clear in every form: a search that misses one of them is no search."""
    made = []
    for name, form in forms(text).items():
        path = folder / f"control-{name}"
        path.write_bytes(b"xx" + form + b"yy")
        made.append(path)
    path = folder / "control-gzip"
    path.write_bytes(b"junk" + gzip.compress(text.encode()))
    return [*made, path]
