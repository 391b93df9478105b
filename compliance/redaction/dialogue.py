"""A transcript as the second pass sees it: turns, speakers, words and times.

Offsets are code points of ``Turn.text`` (what ``len`` counts), times integer milliseconds, confidences 0..1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compliance.redaction.alignment import align_words

_SURROGATE = re.compile("[\ud800-\udfff]")


class DialogueInvalid(ValueError):
    """The transcript given is not in a shape that can be read; the message names the field, never its content."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a turn. ``text[char_start:char_end]`` of its turn is where it stands.

    Words of a turn whose words could not be found in its text all stand for the whole turn (0..len), so that anything
    hidden in the turn hides, and silences, all of it.
    """

    id: int
    text: str
    start: int | None
    end: int | None
    confidence: float | None
    char_start: int
    char_end: int


@dataclass(frozen=True, slots=True)
class ProviderMark:
    """A span the speech service itself marked as private, as offsets in the turn's text."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Turn:
    speaker: str
    text: str
    words: tuple[Word, ...] = ()
    start: int | None = None
    end: int | None = None
    language: str | None = None
    provider_marks: tuple[ProviderMark, ...] = ()

    @property
    def recorded(self) -> bool:
        """Whether it has any time."""
        return self.start is not None or self.end is not None or any(word.start is not None for word in self.words)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The whole transcript with what is known of its matter.

    ``parties`` are hidden in any form of the name, ``always_hide`` literally; ``always_show`` wins over everything
    that was found by its look alone, but never over ``parties`` or ``always_hide``.
    """

    turns: tuple[Turn, ...]
    language: str | None = None
    parties: tuple[str, ...] = ()
    always_hide: tuple[str, ...] = ()
    always_show: tuple[str, ...] = ()
    # Types that the speech service was asked to hide or mark itself.
    provider_asked: tuple[str, ...] = ()
    # Turns that a person says are English: recognisers read them, whatever language they are taken for.
    english: frozenset[int] = frozenset()

    @property
    def recorded(self) -> bool:
        """Whether a recording says it, so that something is heard under every sign in it: a document has no times. Single words
        and turns may lack theirs, the more so where a service took something out."""
        return any(turn.recorded for turn in self.turns)

    @classmethod
    def from_turns(
        cls,
        turns: Iterable[tuple[str, str]],
        *,
        language: str | None = None,
        parties: Sequence[str] = (),
        always_hide: Sequence[str] = (),
        always_show: Sequence[str] = (),
    ) -> Dialogue:
        """A dialogue without times, from (speaker, text) pairs: a dictated note, a pasted transcript."""
        made: list[Turn] = []
        next_id = 0
        for speaker, text in ((_whole(speaker), _whole(text)) for speaker, text in turns):
            words = tuple(_words(text, [], next_id))
            next_id += len(words)
            made.append(Turn(speaker=speaker, text=text, words=words))
        return cls(tuple(made), language, tuple(parties), tuple(always_hide), tuple(always_show))

    @classmethod
    def from_provider_result(
        cls,
        result: Mapping[str, Any],
        *,
        parties: Sequence[str] = (),
        always_hide: Sequence[str] = (),
        always_show: Sequence[str] = (),
    ) -> Dialogue:
        """Read a completed job's JSON (``utterances``, else ``words``, else ``text``).

        Missing words, times or confidences are allowed; confidences above 1 are read as percent. Raises
        DialogueInvalid when there is no text in any of the three, or when one has the wrong JSON type.
        """
        if not isinstance(result, Mapping):
            raise DialogueInvalid("A transcript is a JSON object with utterances, words or text.")
        language = _text_or_none(result.get("language_code"))
        utterances = result.get("utterances")
        if isinstance(utterances, list) and utterances:
            raw = [_utterance(item, index) for index, item in enumerate(utterances)]
        elif isinstance(result.get("words"), list) and result["words"]:
            raw = _by_speaker(result["words"])
        elif isinstance(result.get("text"), str):
            raw = [{"speaker": "", "text": line} for line in _whole(result["text"]).splitlines() or [""]]
        elif isinstance(utterances, list):
            raw = []
        else:
            raise DialogueInvalid("A transcript needs a list of utterances, a list of words, or a text.")
        turns: list[Turn] = []
        next_id = 0
        for item in raw:
            words = tuple(_words(item["text"], item.get("words") or [], next_id))
            next_id += len(words)
            start, end = _ms(item.get("start")), _ms(item.get("end"))
            timed = [w for w in words if w.start is not None and w.end is not None]
            if timed:
                start = min(w.start for w in timed if w.start is not None) if start is None else start
                end = max(w.end for w in timed if w.end is not None) if end is None else end
            turns.append(
                Turn(
                    speaker=_whole(str(item.get("speaker") if item.get("speaker") is not None else "")),
                    text=item["text"],
                    words=words,
                    start=start,
                    end=end,
                    language=_text_or_none(item.get("language_code") or item.get("language")),
                )
            )
        return cls(tuple(turns), language, tuple(parties), tuple(always_hide), tuple(always_show))


def _utterance(item: Any, index: int) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise DialogueInvalid(f"Utterance {index} is not an object.")
    text = item.get("text")
    words = item.get("words")
    if words is not None and not isinstance(words, list):
        raise DialogueInvalid(f"The words of utterance {index} are not a list.")
    if text is None:
        text = " ".join(_word_text(w) for w in words or [])
    if not isinstance(text, str):
        raise DialogueInvalid(f"The text of utterance {index} is not a string.")
    return {**item, "text": _whole(text)}


def _by_speaker(words: list[Any]) -> list[dict[str, Any]]:
    """Utterances out of a flat word list: one for each run of the same speaker."""
    runs: list[dict[str, Any]] = []
    for word in words:
        speaker = word.get("speaker") if isinstance(word, Mapping) else None
        if not runs or runs[-1]["speaker"] != speaker:
            runs.append({"speaker": speaker, "words": []})
        runs[-1]["words"].append(word)
    for run in runs:
        run["text"] = " ".join(_word_text(w) for w in run["words"])
    return runs


def _words(text: str, given: list[Any], first_id: int) -> Iterator[Word]:
    """The provider's words at their places in ``text``; without any, the text's own words without times."""
    texts = [_word_text(w) for w in given]
    places = align_words(text, texts)
    if not given:
        for number, (start, end) in enumerate(places or []):
            yield Word(first_id + number, text[start:end], None, None, None, start, end)
        return
    for number, word in enumerate(given):
        start, end = places[number] if places is not None else (0, len(text))
        item = word if isinstance(word, Mapping) else {}
        yield Word(
            first_id + number,
            texts[number],
            _ms(item.get("start")),
            _ms(item.get("end")),
            _confidence(item.get("confidence")),
            start,
            end,
        )


def _word_text(word: Any) -> str:
    if isinstance(word, Mapping):
        value = word.get("text", word.get("word", ""))
        return _whole(value).strip() if isinstance(value, str) else ""
    return _whole(word).strip() if isinstance(word, str) else ""


def _whole(text: str) -> str:
    """The text with halves of UTF-16 pairs put together, or replaced where the other half is missing.

    JSON can hold them ("\\ud83d"); nothing that is stored, hashed or sent can.
    """
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _ms(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        return None
    return int(value)


def _confidence(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    share = value / 100 if value > 1 else float(value)
    return min(1.0, max(0.0, share))


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
