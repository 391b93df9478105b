"""WebVTT captions (W3C WebVTT, section 4) with voices; the stamps are a NOTE and the first caption."""

import re
from typing import ClassVar

from transcription.exports.document import Document

_MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_STAMP_MS = 5000


class Vtt:
    name: ClassVar[str] = "vtt"
    label: ClassVar[str] = "Captions (WebVTT)"
    extension: ClassVar[str] = "vtt"
    content_type: ClassVar[str] = "text/vtt; charset=utf-8"

    def write(self, document: Document) -> bytes:
        stamp = " · ".join(document.stamps)
        notes = [stamp, *(f"{label}: {value}" for label, value in document.facts)]
        # A NOTE ends at an empty line and may not hold the arrow of a cue.
        out = ["WEBVTT", "", "NOTE", *(_plain(note).replace("-->", "→") for note in notes), ""]
        out += [f"{_time(0)} --> {_time(_STAMP_MS)} line:0", _plain(stamp), ""]
        for line in document.lines:
            if line.start is None or line.end is None:
                continue
            end = max(line.end, line.start + 1)
            out += [f"{_time(line.start)} --> {_time(end)}", f"<v {_voice(line.speaker)}>{_plain(line.text)}", ""]
        return "\n".join(out).encode()


def _time(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _plain(text: str) -> str:
    return re.sub(r"[&<>]", lambda found: _MARKUP[found.group()], " ".join(text.split()))


def _voice(name: str) -> str:
    """An annotation cannot hold ``>`` even when escaped by hand in some players, so it is left out."""
    return " ".join(re.sub(r"[<>&]", " ", name).split()) or "Speaker"
