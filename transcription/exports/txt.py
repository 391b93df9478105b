"""Plain text: a turn a paragraph, the stamps at the head, the foot and every fifty turns."""

from typing import ClassVar, Final

from transcription.exports.document import Document, clock

# About a printed page, so that a torn-off page still says what it is.
_STAMP_EVERY: Final = 50


class Txt:
    name: ClassVar[str] = "txt"
    label: ClassVar[str] = "Plain text"
    extension: ClassVar[str] = "txt"
    content_type: ClassVar[str] = "text/plain; charset=utf-8"

    def write(self, document: Document) -> bytes:
        stamp = " · ".join(document.stamps)
        out = [stamp, ""]
        out += [f"{label}: {value}" for label, value in document.facts]
        out.append("")
        if not document.lines:
            out += ["No speech was found in this recording.", ""]
        for number, line in enumerate(document.lines):
            if number and number % _STAMP_EVERY == 0:
                out += [f"--- {stamp} ---", ""]
            time = f"[{clock(line.start)}] " if line.start is not None else ""
            out += [f"{time}{line.speaker}: {line.text}", ""]
        out.append(stamp)
        return ("\r\n".join(out) + "\r\n").encode()
