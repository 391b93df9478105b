"""From a speech service's completed answer, or a document, to an Original."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from compliance.redaction import Dialogue, DialogueInvalid, Turn
from compliance.redaction.provider_marks import asked_types, marked_and_lost
from compliance.redaction.voices import plain_label, speaker_letter
from transcription.originals import Mark, Original, Utterance, Word

UNKNOWN: Final = "?"
SPEAKERS_PER_RECORDING: Final = "speakers_per_recording"
ENTITIES_NOT_FOUND: Final = "entities_not_found"
_TEXT_WORD = re.compile(r"\S+")
# Of messages and codes that a service sends along; they are kept sealed, but not without bound.
_WARNING_LIMIT: Final = 50
_TEXT_LIMIT: Final = 500
# No Proceeding lasts a month: a longer time is a broken answer, and would not fit where times are stored.
LONGEST_MS: Final = 31 * 24 * 3600 * 1000


class ResultInvalid(ValueError):
    """An answer that is not a transcript. The message names the field, never its content."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The answer for one Recording (or one channel of it), and where it begins in the Proceeding (ms)."""

    result: Mapping[str, Any]
    offset_ms: int = 0
    duration_ms: int | None = None
    channel: int | None = None


def original_of(pieces: Sequence[Piece]) -> Original:
    """One Original of the answers in order. Raises ResultInvalid.

    A letter means one voice throughout: voices of different Recordings are only the same where their channel says so,
    since nobody compared them.
    """
    if not pieces:
        raise ResultInvalid("There is no result.")
    utterances: list[tuple[object, Utterance, str]] = []
    warnings: list[dict[str, str]] = []
    first = pieces[0].result
    language = _text(first.get("language_code")) if isinstance(first, Mapping) else None
    for number, piece in enumerate(pieces):
        utterances.extend(_utterances(number, piece, alone=len(pieces) == 1, language=language, warnings=warnings))
    if any(piece.channel is not None for piece in pieces) or len({p.offset_ms for p in pieces}) < len(pieces):
        # Channels of one recording run side by side: put their turns in the order in which they were said.
        utterances.sort(key=lambda entry: (entry[1].start is None, entry[1].start or 0))
    lettered, names = _lettered(utterances)
    spoken = [piece.result for piece in pieces if piece.result.get("utterances") or piece.result.get("words")]
    confidences = [_confidence(result.get("confidence")) for result in spoken]
    ends = [piece.offset_ms + _duration(piece) for piece in pieces]
    warnings += [warning for piece in pieces for warning in _warnings(piece.result)]
    if len(pieces) > 1 and len({piece.offset_ms for piece in pieces}) > 1:
        message = "The recordings were transcribed one by one: a person has other letters in each of them."
        warnings.append({"code": SPEAKERS_PER_RECORDING, "message": message})
    return Original(
        utterances=_numbered(lettered),
        language=language,
        duration_ms=min(LONGEST_MS, max([*ends, *(u.end or 0 for u in lettered)])),
        confidence=_mean(confidences),
        model=(_text(first.get("speech_model")) or _text(first.get("model")) or "")[:80],
        speakers_guessed=any(piece.result.get("speakers_guessed") is True for piece in pieces),
        basic_engine=any(piece.result.get("basic_engine") is True for piece in pieces),
        speaker_names=names,
        warnings=tuple(warnings[:_WARNING_LIMIT]),
        provider_asked=tuple(dict.fromkeys(type_ for piece in pieces for type_ in asked_types(piece.result))),
    )


def original_of_lines(lines: Iterable[tuple[str, str]], *, language: str | None = None) -> Original:
    """An Original of (speaker, text) lines without times: a dictated note, a typed transcript. "" is nobody named."""
    given = [(label, text) for label, text in lines if text.strip()]
    entries: list[tuple[object, Utterance, str]] = [
        (label, Utterance("", tuple(Word(0, word) for word in text.split())), label) for label, text in given
    ]
    lettered, names = _lettered(entries)
    return Original(utterances=_numbered(lettered), language=language, speaker_names=names)


def _utterances(
    number: int, piece: Piece, *, alone: bool, language: str | None, warnings: list[dict[str, str]]
) -> Iterable[tuple[object, Utterance, str]]:
    """The piece's utterances; what is to be said of its answer is put to ``warnings``."""
    if not isinstance(piece.result, Mapping):
        raise ResultInvalid("A result is a JSON object.")
    try:
        dialogue, lost = marked_and_lost(Dialogue.from_provider_result(piece.result), piece.result)
    except DialogueInvalid as error:
        raise ResultInvalid(str(error)) from None
    if lost:
        message = f"Of what the speech service lists as private, {lost} could not be found in the text."
        warnings.append({"code": ENTITIES_NOT_FOUND, "message": message})
    # Of a Recording in another language than the first each utterance says so.
    spoken = _text(piece.result.get("language_code"))
    other = spoken if spoken != language else None
    given = piece.result.get("utterances")
    listed = given if isinstance(given, list) and len(given) == len(dialogue.turns) else [{}] * len(dialogue.turns)
    for turn, raw in zip(dialogue.turns, listed, strict=True):
        item = raw if isinstance(raw, Mapping) else {}
        channel = piece.channel if piece.channel is not None else _channel(item.get("channel"))
        placed = list(_words(turn))
        utterance = Utterance(
            speaker="",
            words=tuple(_shifted(word, piece.offset_ms) for word, _, _ in placed),
            start=_plus(turn.start, piece.offset_ms),
            end=_plus(turn.end, piece.offset_ms),
            confidence=_confidence(item.get("confidence")),
            channel=channel,
            language=turn.language or other,
            marks=tuple(_marks(turn, [(begin, end) for _, begin, end in placed])),
        )
        if not utterance.words:
            continue
        label = turn.speaker.strip()
        voice = ("channel", channel, label) if channel is not None else (0 if alone else number, label)
        yield voice, utterance, label


def _marks(turn: Turn, places: Sequence[tuple[int, int]]) -> Iterable[Mark]:
    """The service's marks by the words they touch, counted from 0 until ids are given."""
    for mark in turn.provider_marks:
        touched = [n for n, (begin, end) in enumerate(places) if begin < mark.end and mark.start < end]
        if touched:
            yield Mark(touched[0], touched[-1], mark.type)


def _words(turn: Turn) -> Iterable[tuple[Word, int, int]]:
    """The turn's words with their places, together exactly its text. Words that do not add up to it give way to the
    text's own, untimed."""
    whole = (0, len(turn.text))
    misfit = len(turn.words) > 1 and all((w.char_start, w.char_end) == whole for w in turn.words)
    if misfit:
        for match in _TEXT_WORD.finditer(turn.text):
            yield Word(0, match[0]), match.start(), match.end()
        return
    placed = [w for w in turn.words if w.char_end > w.char_start]
    for number, word in enumerate(placed):
        # A mark that stands alone ("-", "…") belongs to the word before it (the first word takes what stands before).
        begin = word.char_start if number else 0
        end = placed[number + 1].char_start if number + 1 < len(placed) else len(turn.text)
        text = " ".join(turn.text[begin:end].split())
        start, stop = word.start, word.end
        if start is not None and stop is not None and stop < start:
            start = stop = None
        if text:
            yield Word(0, text, start, stop, word.confidence), begin, end


def _lettered(entries: Iterable[tuple[object, Utterance, str]]) -> tuple[list[Utterance], dict[str, str]]:
    letters: dict[object, str] = {}
    names: dict[str, str] = {}
    listed = list(entries)
    nobody_named = all(not label for _, _, label in listed)
    done: list[Utterance] = []
    for voice, utterance, label in listed:
        if not label and not nobody_named and utterance.channel is None:
            letter = UNKNOWN
        else:
            letter = letters.get(voice) or letters.setdefault(voice, speaker_letter(len(letters)))
            if not plain_label(label):  # it is somebody's name or role
                names.setdefault(letter, label[:120])
        done.append(replace(utterance, speaker=letter))
    return done, names


def _numbered(utterances: Iterable[Utterance]) -> tuple[Utterance, ...]:
    numbered: list[Utterance] = []
    following = 0
    for utterance in utterances:
        words = tuple(replace(word, id=following + place) for place, word in enumerate(utterance.words))
        marks = tuple(Mark(following + mark.first, following + mark.last, mark.type) for mark in utterance.marks)
        following += len(words)
        numbered.append(replace(utterance, words=words, marks=marks))
    return tuple(numbered)


def _shifted(word: Word, offset: int) -> Word:
    return replace(word, start=_plus(word.start, offset), end=_plus(word.end, offset)) if offset else word


def _plus(value: int | None, offset: int) -> int | None:
    return None if value is None else value + offset


def _duration(piece: Piece) -> int:
    if piece.duration_ms is not None:
        return piece.duration_ms
    seconds = piece.result.get("audio_duration")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds) or seconds < 0:
        return 0
    return int(seconds * 1000)


def _warnings(result: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    given = result.get("warnings")
    for item in given if isinstance(given, list) else []:
        if isinstance(item, Mapping) and isinstance(item.get("code"), str) and isinstance(item.get("message"), str):
            yield {"code": item["code"][:64], "message": item["message"][:_TEXT_LIMIT]}


def _confidence(value: Any) -> float | None:
    """0..1; services that count to 100 are read as percent."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return min(1.0, max(0.0, value / 100 if value > 1 else float(value)))


def _mean(confidences: Sequence[float | None]) -> float | None:
    """Of all pieces in which somebody speaks; unknown where one of them is, since that one may be the worst."""
    known = [confidence for confidence in confidences if confidence is not None]
    return sum(known) / len(known) if known and len(known) == len(confidences) else None


def _channel(value: Any) -> int | None:
    """Channels count from 0; some services write them as text."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 64 else None


def _text(value: Any) -> str | None:
    return value.strip()[:_TEXT_LIMIT] if isinstance(value, str) and value.strip() else None
