"""Export formats. A new one is a file here and one line in ``FORMATS``: menu, API and records come from the registry."""

from typing import ClassVar, Protocol

from portal.errors import BadInput
from transcription.exports.document import Document
from transcription.exports.docx import Docx
from transcription.exports.json_format import Json
from transcription.exports.txt import Txt
from transcription.exports.vtt import Vtt

__all__ = ["FORMATS", "Document", "Format", "format_named"]


class Format(Protocol):
    """``name`` is stored in events and never changes; ``write`` gives the whole file."""

    name: ClassVar[str]
    label: ClassVar[str]
    extension: ClassVar[str]
    content_type: ClassVar[str]

    def write(self, document: Document) -> bytes: ...


FORMATS: dict[str, Format] = {made.name: made for made in (Docx(), Txt(), Vtt(), Json())}


def format_named(name: str) -> Format:
    """Raises BadInput for a format that does not exist."""
    try:
        return FORMATS[name]
    except KeyError:
        raise BadInput("This format is not known.", allowed=list(FORMATS)) from None
