"""Text without sound: a dictated note as TXT or DOCX, a typed transcript, a speech service's JSON."""

import io
import json
import re
import zipfile
from typing import Final

import docx
from docx.opc.exceptions import PackageNotFoundError

from transcription.normalising import Piece, ResultInvalid, original_of, original_of_lines
from transcription.originals import Original

# A thousand pages of text are 3 MB; a DOCX with its pictures and a seven-hour result as JSON stay below this, too.
MAX_BYTES: Final = 40 * 2**20
# What a DOCX may unpack to: a small file that unpacks to gigabytes is an attack.
MAX_UNPACKED: Final = 200 * 2**20
# "Q: …", "MS. HALE: …", "Dr. Lee: …" at the beginning of a line.
_SPEAKER = re.compile(r"\s{0,40}([A-Z][\w .'’&-]{0,48}?)\s{0,4}:\s+(\S.*)", re.DOTALL)
# A note may have a line such as "Re: …"; a transcript has a label on most lines.
_LABELLED_SHARE: Final = 0.6


class DocumentRefused(ValueError):
    """``code`` of ``transcription.problems``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_document(data: bytes, *, language: str | None = None) -> Original:
    """What it is, is found out from its bytes, never from its name. Raises DocumentRefused."""
    if not data:
        raise DocumentRefused("empty_file")
    if len(data) > MAX_BYTES:
        raise DocumentRefused("document_too_large")
    if data.startswith(b"PK\x03\x04"):
        return _of_lines(_docx_lines(data), language)
    text = _text(data)
    if text.lstrip().startswith("{"):
        return _of_json(text)
    return _of_lines(text.splitlines(), language)


def _of_json(text: str) -> Original:
    try:
        result = json.loads(text)
        original = original_of([Piece(result)])
    except (ValueError, RecursionError, ResultInvalid):
        raise DocumentRefused("document_unreadable") from None
    if not original.utterances:
        raise DocumentRefused("document_empty")
    return original


def _of_lines(lines: list[str], language: str | None) -> Original:
    kept = [" ".join(line.split()) for line in lines]
    kept = [line for line in kept if line]
    if not kept:
        raise DocumentRefused("document_empty")
    labelled = [_SPEAKER.fullmatch(line) for line in kept]
    if len(kept) > 1 and sum(match is not None for match in labelled) >= _LABELLED_SHARE * len(kept):
        spoken: list[tuple[str, str]] = []
        for line, match in zip(kept, labelled, strict=True):
            if match is not None:
                spoken.append((match[1].strip(), match[2]))
            elif spoken:
                # A line without a label goes on where the last one stopped.
                spoken[-1] = (spoken[-1][0], f"{spoken[-1][1]} {line}")
            else:
                spoken.append(("", line))
        return original_of_lines(spoken, language=language)
    return original_of_lines([("", line) for line in kept], language=language)


def _text(data: bytes) -> str:
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    encoding = next((name for mark, name in marks if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in data:
            raise DocumentRefused("document_unreadable") from None
        # Notes from older Windows programs.
        text = data.decode("cp1252", errors="replace")
        if "�" in text:
            raise DocumentRefused("document_unreadable") from None
    # Bytes that no text has: a picture or a program under a text's name.
    if any(c < " " and c not in "\t\n\r\f\v\x1c\x1d\x1e" for c in text):
        raise DocumentRefused("document_unreadable")
    return text


def _docx_lines(data: bytes) -> list[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                raise DocumentRefused("document_too_large")
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, OSError, SyntaxError) as error:
        if isinstance(error, DocumentRefused):
            raise
        raise DocumentRefused("document_unreadable") from None
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(cell.text for cell in row.cells)
                lines.append("  ".join(cells))
        else:
            lines.append(block.text)
    return [part for line in lines for part in line.splitlines()]
