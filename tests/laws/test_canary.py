"""The search of the law-2 test, tried on its own: it finds what was planted, in every wrapping."""

import base64
import gzip
import html
import io
import json
import zipfile
import zlib
from urllib.parse import quote, quote_plus

import pytest
from docx import Document

from tests.laws import canary

SECRET = "Zebulon O'Quist, five five five"


def _zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _docx(text: str) -> bytes:
    made, out = Document(), io.BytesIO()
    paragraph = made.add_paragraph()
    for piece in text.split(" "):
        paragraph.add_run(piece + " ")
    made.save(out)
    return out.getvalue()


WRAPPED = {
    "plain": SECRET.encode(),
    "other case and signs": SECRET.upper().replace(" ", "-").encode(),
    "html": html.escape(SECRET).encode(),
    "html, a word an element": "".join(f'<span class="w">{word}</span> ' for word in SECRET.split()).encode(),
    "html attribute": f'<input value="{html.escape(SECRET)}">'.encode(),
    "json": json.dumps({"a": [1, SECRET]}).encode(),
    "json, escaped": json.dumps({"name": SECRET}).replace("Q", "\\u0051").encode(),
    "json, a word an object": json.dumps(
        [{"text": word, "start": n, "speaker": "A"} for n, word in enumerate(SECRET.split())]
    ).encode(),
    "json key": json.dumps({SECRET: 1}).encode(),
    "html in json": json.dumps({"html": f"<b>{html.escape(SECRET)}</b>"}).encode(),
    "url": quote(SECRET).encode(),
    "form": quote_plus(SECRET).encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64, behind something": b"Basic " + base64.urlsafe_b64encode(b"xy" + SECRET.encode()),
    "gzip": gzip.compress(SECRET.encode()),
    "zip": _zip("notes.txt", SECRET.encode()),
    "name in a zip": _zip(SECRET.replace(" ", "_"), b"nothing"),
    "zip in gzip": gzip.compress(_zip("notes.json", json.dumps(SECRET).encode())),
    "docx": _docx(SECRET),
    "pdf": b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(SECRET.encode()) + b"\nendstream",
    "utf-16": SECRET.encode("utf-16"),
    "decomposed accents": SECRET.replace("u", "u\u0301").encode(),
}  # fmt: skip


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_it_is_found(wrapping):
    data = WRAPPED[wrapping]
    needle = SECRET.replace("u", "ú") if "accents" in wrapping else SECRET
    assert canary.found([needle], data) == [needle]


@pytest.mark.parametrize("wrapping", WRAPPED)
def test_nothing_else_is_found(wrapping):
    assert canary.found(["Marta Whitfield", "Zebulon Quirk"], WRAPPED[wrapping]) == []
