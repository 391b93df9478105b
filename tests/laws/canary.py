"""Looking for words in what the portal gives out, however it is packed: HTML, JSON, URLs, base64, gzip, zip, Word, PDF.

A page puts each word into an element of its own and the API puts each into an object: so besides the bytes, what a reader
would put together again is searched, letters and digits only.
"""

import base64
import binascii
import gzip
import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote_plus

_SIGNS = re.compile(r"[\W_]+")
_TAG = re.compile(r"<[^>]*>")
_ATTRIBUTE = re.compile(r"""=\s*("[^"]*"|'[^']*')""")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_GZIP, _ZIP, _PDF = b"\x1f\x8b", b"PK\x03\x04", b"%PDF"
# Packed in packed in packed: deeper nothing of ours goes.
_DEPTH = 3


def squashed(text: str) -> str:
    """Letters and digits in one case: "Five-five, oh" and "five five oh" are the same."""
    plain = text.lower() if text.isascii() else unicodedata.normalize("NFKD", text).casefold()
    return _SIGNS.sub("", plain)


def found(needles: Iterable[str], data: bytes) -> list[str]:
    """Those of ``needles`` that can be read out of ``data``."""
    wanted = {needle: squashed(needle) for needle in needles}
    assert all(len(each) >= 6 for each in wanted.values()), "shorter needles are met by chance"
    seen = [squashed(text) for text in set(readings(data))]
    return [needle for needle, bare in wanted.items() if any(bare in text for text in seen)]


def readings(data: bytes, depth: int = 0) -> Iterator[str]:
    """Every text that somebody could read in the bytes."""
    for inner in _unpacked(data) if depth < _DEPTH else ():
        yield from readings(inner, depth + 1)
    if data[:2] == _GZIP or data[:4] in (_ZIP, _PDF):
        return
    text = data.decode("utf-8", "replace")
    yield text
    if b"\0" in data:
        for order in ("utf-16-le", "utf-16-be"):
            yield data.decode(order, "replace")
    if "%" in text or "+" in text:
        yield unquote_plus(text)
    if "<" in text or "&" in text:
        yield html.unescape(_TAG.sub("", text))
        yield html.unescape(" ".join(_ATTRIBUTE.findall(text)))
    yield from _strings(text)


def _strings(text: str) -> Iterator[str]:
    """Of JSON: its strings, and what those of one name say in order (the words of a transcript)."""
    try:
        loaded = json.loads(text)
    except ValueError:
        if "\\u" in text or "\\n" in text:
            yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
        return
    by_name: dict[str, list[str]] = defaultdict(list)

    def walk(value: Any, name: str) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                by_name[""].append(str(key))
                walk(inner, str(key))
        elif isinstance(value, list):
            for inner in value:
                walk(inner, name)
        elif isinstance(value, str):
            by_name[name].append(value)

    walk(loaded, "")
    for said in by_name.values():
        yield " ".join(said)
        for each in said:
            if "<" in each or "%" in each or "&" in each:
                yield from readings(each.encode("utf-8", "replace"), _DEPTH)


def _unpacked(data: bytes) -> Iterator[bytes]:
    if data[:2] == _GZIP:
        yield gzip.decompress(data)
    elif data[:4] == _ZIP:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield archive.read(name)
    elif data[:4] == _PDF:
        yield _TAG.sub("", data.decode("latin-1")).encode()
        for match in _STREAM.finditer(data):
            try:
                yield zlib.decompress(match[1].strip(b"\r\n"))
            except zlib.error:
                continue  # a stream that is not deflated was read as it is
    else:
        for match in _BASE64.finditer(data):
            for shift in range(4):
                piece = match[0].rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")[shift:]
                piece = piece[:-1] if len(piece) % 4 == 1 else piece
                try:
                    decoded = base64.b64decode(piece + b"=" * (-len(piece) % 4))
                except binascii.Error:
                    continue
                if sum(32 <= byte < 127 for byte in decoded) > 0.7 * len(decoded):
                    yield decoded
