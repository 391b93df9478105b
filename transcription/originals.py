"""The locked original and the current text: what was said, by whom, when.

An Original is what a speech service gave, in one shape: times in whole milliseconds, confidence 0..1, speakers by letters
in order of appearance, words with ids that stay for ever. It is sealed once and never changed. Corrections are lists of
operations on word ids; ``current`` applies them:

======================================================  ==============================================================
``{"op": "replace", "word": id, "text": "…"}``          another text for a word; its times stay
``{"op": "delete", "word": id}``                        the word is gone from the text (it is still in the sound)
``{"op": "insert", "after": id, "id": new, "text"}``    a word without times after another one
``{"op": "insert", "utterance": n, "id": new, "text"}`` the same, as first word of an utterance
``{"op": "speaker", "utterance": n, "label": "B"}``     the utterance was said by somebody else
``{"op": "revert", "revision": number}``                an earlier Revision counts no more (alone in its Revision)
======================================================  ==============================================================

Utterances are numbered from 0 and keep their numbers; ids of inserted words come from ``Current.next_word_id``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from compliance.redaction import Dialogue, ProviderMark, Turn
from compliance.redaction import Word as DialogueWord
from transcription.bulk import building

# A word is a word: a correction of this length is a paragraph in the wrong place.
WORD_LIMIT: Final = 400
OPERATIONS_LIMIT: Final = 5000
FORMAT: Final = 1
_LABEL = re.compile(r"[A-Z]{1,3}|\?")


class OperationInvalid(ValueError):
    """A correction that does not fit the text it is for. ``code`` says why; the message holds no word of the text."""

    def __init__(self, code: str, message: str, operation: int) -> None:
        super().__init__(message)
        self.code = code
        self.operation = operation


@dataclass(frozen=True, slots=True)
class Word:
    """``start``/``end`` in ms of the whole Proceeding, None where nobody knows them; ``confidence`` 0..1."""

    id: int
    text: str
    start: int | None = None
    end: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Words (by id, inclusive) that the speech service itself marked as private, and as what."""

    first: int
    last: int
    type: str


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn. Its text is its words, joined by spaces."""

    speaker: str
    words: tuple[Word, ...]
    start: int | None = None
    end: int | None = None
    confidence: float | None = None
    channel: int | None = None
    language: str | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Original:
    """``speaker_names``: letter -> the label the service used where that was a name. ``warnings``: [{code, message}].
    ``provider_asked``: types that the service was asked to hide or mark."""

    utterances: tuple[Utterance, ...]
    language: str | None = None
    duration_ms: int = 0
    confidence: float | None = None
    model: str = ""
    speakers_guessed: bool = False
    basic_engine: bool = False
    speaker_names: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Mapping[str, str], ...] = ()
    provider_asked: tuple[str, ...] = ()

    @property
    def word_count(self) -> int:
        return sum(len(utterance.words) for utterance in self.utterances)

    @property
    def speakers(self) -> tuple[str, ...]:
        """Labels in order of appearance."""
        return tuple(dict.fromkeys(utterance.speaker for utterance in self.utterances))

    def to_json(self) -> bytes:
        """The stored form; words are ``[id, text, start, end, confidence]``, and their text is there once more to be read."""
        return json.dumps(
            {
                "format": FORMAT,
                "language": self.language,
                "duration_ms": self.duration_ms,
                "confidence": self.confidence,
                "model": self.model,
                "speakers_guessed": self.speakers_guessed,
                "basic_engine": self.basic_engine,
                "speaker_names": dict(self.speaker_names),
                "warnings": [dict(warning) for warning in self.warnings],
                "provider_asked": list(self.provider_asked),
                "utterances": [
                    {
                        "speaker": u.speaker,
                        "text": u.text,
                        "start": u.start,
                        "end": u.end,
                        "confidence": u.confidence,
                        "channel": u.channel,
                        "language": u.language,
                        "marks": [[m.first, m.last, m.type] for m in u.marks],
                        "words": [[w.id, w.text, w.start, w.end, w.confidence] for w in u.words],
                    }
                    for u in self.utterances
                ],
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()

    @classmethod
    def from_json(cls, stored: bytes) -> Original:
        """Raises ValueError for a form that this version does not know."""
        data = json.loads(stored)
        if data.get("format") != FORMAT:
            raise ValueError("This locked original has a form that this version cannot read.")
        return cls(
            utterances=tuple(
                Utterance(
                    speaker=u["speaker"],
                    words=tuple(Word(*w) for w in u["words"]),
                    start=u["start"],
                    end=u["end"],
                    confidence=u["confidence"],
                    channel=u["channel"],
                    language=u["language"],
                    marks=tuple(Mark(*m) for m in u.get("marks", ())),
                )
                for u in data["utterances"]
            ),
            language=data["language"],
            duration_ms=data["duration_ms"],
            confidence=data["confidence"],
            model=data["model"],
            speakers_guessed=data["speakers_guessed"],
            basic_engine=data["basic_engine"],
            speaker_names=data["speaker_names"],
            warnings=tuple(data["warnings"]),
            provider_asked=tuple(data.get("provider_asked", ())),
        )


@dataclass(frozen=True, slots=True)
class Current:
    """The text after ``version - 1`` Revisions. ``deleted``: ids of words that corrections took out."""

    version: int
    utterances: tuple[Utterance, ...]
    language: str | None
    next_word_id: int
    deleted: frozenset[int] = frozenset()
    provider_asked: tuple[str, ...] = ()

    @building()
    def to_dialogue(
        self, *, parties: Sequence[str] = (), always_hide: Sequence[str] = (), always_show: Sequence[str] = ()
    ) -> Dialogue:
        """What the second pass reads; turn n is utterance n."""
        return Dialogue(
            tuple(_turn(utterance) for utterance in self.utterances),
            self.language,
            tuple(parties),
            tuple(always_hide),
            tuple(always_show),
            self.provider_asked,
        )

    def words_between(self, first: int, last: int) -> tuple[int, tuple[Word, ...]] | None:
        """Utterance number and words from id ``first`` to id ``last`` (inclusive); None when they are not one run."""
        for number, utterance in enumerate(self.utterances):
            ids = [word.id for word in utterance.words]
            if first in ids and last in ids and ids.index(first) <= ids.index(last):
                return number, utterance.words[ids.index(first) : ids.index(last) + 1]
        return None


def _turn(utterance: Utterance) -> Turn:
    words: list[DialogueWord] = []
    place = 0
    for word in utterance.words:
        end = place + len(word.text)
        words.append(DialogueWord(word.id, word.text, word.start, word.end, word.confidence, place, end))
        place = end + 1
    return Turn(
        utterance.speaker, utterance.text, tuple(words), utterance.start, utterance.end, utterance.language,
        tuple(_provider_marks(utterance.marks, words)),
    )  # fmt: skip


def _provider_marks(marks: Sequence[Mark], words: Sequence[DialogueWord]) -> Iterable[ProviderMark]:
    """The service's marks at the words that are left of them, with what was inserted between."""
    for mark in marks:
        left = [place for place, word in enumerate(words) if mark.first <= word.id <= mark.last]
        if left:
            yield ProviderMark(words[left[0]].char_start, words[left[-1]].char_end, mark.type)


def current(original: Original, revisions: Iterable[Sequence[Mapping[str, Any]]] = ()) -> Current:
    """The text after these Revisions' operations (all from the first on), in their order. Raises OperationInvalid.

    A Revision that another one in force reverts is passed over; if a later one builds on it, that is invalid.
    """
    lists = [list(operations) for operations in revisions]
    text = Current(
        version=1,
        utterances=original.utterances,
        language=original.language,
        next_word_id=1 + max((w.id for u in original.utterances for w in u.words), default=-1),
        provider_asked=original.provider_asked,
    )
    counted = frozenset(in_force(lists))
    for number, operations in enumerate(lists, start=1):
        if number in counted and not _reverts(operations):
            text = apply(text, operations)
    # Ids of words that were taken back are not used again either.
    used = [op["id"] for operations in lists for op in operations if op.get("op") == "insert" and isinstance(op.get("id"), int)]
    return replace(text, version=1 + len(lists), next_word_id=max([text.next_word_id, *(i + 1 for i in used)]))


def in_force(revisions: Sequence[Sequence[Mapping[str, Any]]]) -> list[int]:
    """The numbers (from 1) of the Revisions that none in force reverts."""
    reverted: set[int] = set()
    kept: list[int] = []
    for number in range(len(revisions), 0, -1):
        if number in reverted:
            continue
        reverted |= {op["revision"] for op in revisions[number - 1] if op.get("op") == "revert"}
        kept.append(number)
    return kept[::-1]


def _reverts(operations: Sequence[Mapping[str, Any]]) -> bool:
    return len(operations) == 1 and operations[0].get("op") == "revert"


def apply(text: Current, operations: Sequence[Mapping[str, Any]]) -> Current:
    """One Revision's operations, all or none. Raises OperationInvalid that names the operation's place in the list."""
    if not operations or len(operations) > OPERATIONS_LIMIT:
        raise OperationInvalid("count", f"A correction has 1 to {OPERATIONS_LIMIT} operations.", 0)
    editor = _Editor(text)
    for number, operation in enumerate(operations):
        editor.apply(number, operation)
    return editor.done()


class _Editor:
    """The text as lists, with the place of each word."""

    def __init__(self, text: Current) -> None:
        self._text = text
        self._utterances = list(text.utterances)
        self._words = [list(u.words) for u in text.utterances]
        self._where = {w.id: n for n, words in enumerate(self._words) for w in words}
        self._deleted = set(text.deleted)
        self._next = text.next_word_id

    def apply(self, number: int, operation: Mapping[str, Any]) -> None:
        kind = operation.get("op") if isinstance(operation, Mapping) else None
        if kind == "replace":
            utterance, place = self._find(number, operation.get("word"))
            words = self._words[utterance]
            words[place] = replace(words[place], text=_text(number, operation.get("text")), confidence=None)
        elif kind == "delete":
            utterance, place = self._find(number, operation.get("word"))
            word = self._words[utterance].pop(place)
            del self._where[word.id]
            self._deleted.add(word.id)
        elif kind == "insert":
            self._insert(number, operation)
        elif kind == "speaker":
            utterance = self._utterance(number, operation.get("utterance"))
            label = operation.get("label")
            if not isinstance(label, str) or not _LABEL.fullmatch(label):
                raise OperationInvalid("label", "A speaker is named by its letter.", number)
            self._utterances[utterance] = replace(self._utterances[utterance], speaker=label)
        else:
            raise OperationInvalid("op", "This operation is not known.", number)

    def done(self) -> Current:
        utterances = tuple(replace(u, words=tuple(words)) for u, words in zip(self._utterances, self._words, strict=True))
        return replace(
            self._text,
            version=self._text.version + 1,
            utterances=utterances,
            next_word_id=self._next,
            deleted=frozenset(self._deleted),
        )

    def _insert(self, number: int, operation: Mapping[str, Any]) -> None:
        if operation.get("after") is not None:
            utterance, place = self._find(number, operation["after"])
            place += 1
        else:
            utterance, place = self._utterance(number, operation.get("utterance")), 0
        new = operation.get("id")
        # Ids only grow, so that an id is never used for two words, not even for one that was deleted.
        if isinstance(new, bool) or not isinstance(new, int) or not self._next <= new < self._next + OPERATIONS_LIMIT:
            raise OperationInvalid("id", "The id of a new word must follow the highest one.", number)
        self._words[utterance].insert(place, Word(new, _text(number, operation.get("text"))))
        self._where[new] = utterance
        self._next = new + 1

    def _find(self, number: int, word: Any) -> tuple[int, int]:
        utterance = self._where.get(word) if isinstance(word, int) and not isinstance(word, bool) else None
        if utterance is None:
            raise OperationInvalid("word", "There is no such word in this version.", number)
        place = next(i for i, w in enumerate(self._words[utterance]) if w.id == word)
        return utterance, place

    def _utterance(self, number: int, utterance: Any) -> int:
        if isinstance(utterance, bool) or not isinstance(utterance, int) or not 0 <= utterance < len(self._utterances):
            raise OperationInvalid("utterance", "There is no such line in this version.", number)
        return utterance


def _text(number: int, value: Any) -> str:
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if not text or len(text) > WORD_LIMIT:
        raise OperationInvalid("text", f"A word has 1 to {WORD_LIMIT} characters; to take it out, delete it.", number)
    return text
