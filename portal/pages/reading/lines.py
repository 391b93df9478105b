"""Lines of a transcript as HTML: words that can be heard, labels that can be asked, names in colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from compliance.redaction import DOUBTFUL_BELOW
from compliance.redaction.labels import BOX
from portal.templatetags.portal_ui import duration
from transcription import speakers
from transcription.reading import View

COLOURS: Final = 8


@dataclass(frozen=True, slots=True)
class ShownLine:
    """What the template of a line needs."""

    n: int
    start: int | None
    end: int | None
    time: str
    label: str
    speaker: str
    colour: int
    html: SafeString
    hidden_whole: bool
    same_speaker: bool


def shown_lines(
    view: View,
    lines: list[dict[str, Any]],
    revealed: Mapping[tuple[int, int], str],
    unsure: frozenset[tuple[int, int]] = frozenset(),
) -> list[ShownLine]:
    """``revealed``: (line, chip's place) -> words that an open reveal shows; ``unsure``: chips that want a look."""
    made: list[ShownLine] = []
    before = None
    hidden = view.names_hidden
    for line in lines:
        speaker = view.speakers.get(line["speaker"])
        made.append(
            ShownLine(
                line["n"],
                line.get("start"),
                line.get("end"),
                duration(line["start"]) if line.get("start") is not None else "",
                line["speaker"],
                speakers.called(speaker, line["speaker"], names_hidden=hidden),
                (speaker.position if speaker else 0) % COLOURS,
                _html(line, revealed, unsure),
                bool(line.get("hidden_whole")),
                before == line["speaker"],
            )
        )
        before = line["speaker"]
    return made


def _html(line: dict[str, Any], revealed: Mapping[tuple[int, int], str], unsure: frozenset[tuple[int, int]]) -> SafeString:
    """The text with words and labels as elements. Only ``escape``d text and our own constants go in."""
    text: str = line["text"]
    words = line.get("words") or []
    marks: list[tuple[int, int, str]] = []
    for ordinal, chip in enumerate(line.get("chips") or []):
        place = (line["n"], ordinal)
        # The word of the line that the label stands in: what "hide more" names it by.
        index = next((i for i, w in enumerate(words) if w["hidden"] and w["from"] <= chip["start"] < w["to"]), None)
        marks.append((chip["start"], chip["end"], _chip(place, chip, revealed.get(place), place in unsure, index)))
    covered = [(start, end) for start, end, _ in marks]
    aligned = len({(word["from"], word["to"]) for word in words}) == len(words)
    for index, word in enumerate(words if aligned else []):
        start, end = word["from"], word["to"]
        if word["hidden"] or any(start < high and low < end for low, high in covered):
            continue
        marks.append((start, end, _word(text[start:end], word, index)))
    out: list[str] = []
    edge = 0
    for start, end, html in sorted(marks):
        if start < edge:
            continue
        out += [escape(text[edge:start]), html]
        edge = end
    out.append(escape(text[edge:]))
    return mark_safe("".join(out))  # noqa: S308  # made of escaped text and format_html above


def _word(text: str, word: dict[str, Any], index: int) -> str:
    confidence = word.get("confidence")
    doubtful = " doubt" if confidence is not None and confidence < DOUBTFUL_BELOW else ""
    quiet = ' title="Silent in the audio: heard with doubt where something private was asked for"' if word.get("quiet") else ""
    if quiet:
        doubtful += " quiet-word"
    start = word.get("start")
    time = f' data-t="{int(start)}"' if start is not None else ""
    return f'<span class="w{doubtful}" data-i="{index}"{time}{quiet}>{escape(text)}</span>'


def _chip(place: tuple[int, int], chip: dict[str, Any], shown: str | None, unsure: bool, index: int | None) -> SafeString:
    """A hidden part: its label, or what a reveal shows. Never the finding's id: it would tell the length."""
    kind = "hid shown" if shown is not None else "hid unsure" if unsure else "hid"
    label = chip["label"]
    box = label == BOX
    kind += " box" if box and shown is None else ""
    aria = mark_safe(' aria-label="hidden"') if box else mark_safe("")
    if shown is not None:
        usual = "a black box" if box else label
        aria = format_html(' aria-label="{} (revealed, normally {})" data-label="{}"', shown, usual, label)
    elif unsure:
        aria = format_html(' aria-label="{}, wants checking"', "hidden" if box else label)
    where = mark_safe("") if index is None else format_html(' data-i="{}"', index)
    # A black box does not even say what kind of detail it hides.
    type_ = mark_safe("") if box else format_html(' data-type="{}"', chip["type"])
    return format_html(
        '<button type="button" class="{}" data-chip="{}.{}"{}{}{}>{}</button>',
        kind, place[0], place[1], type_, where, aria, label if shown is None else shown,
    )  # fmt: skip
