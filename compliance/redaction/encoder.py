"""The name and place model as a spaCy component: a small transformer, run by ONNX Runtime.

Its input is what engines return, turn by turn: each word as WordPieces of a pruned vocabulary (lower-cased), its case as
one of eight classes, and what lists know about it as one tag. Its output is one mark a word: outside, or at the beginning
of or inside PERSON, LOCATION, ORG, and the identifiers NUMBER, WEB, DATE and AGE (over 89), and MEDICAL.
"""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from tokenizers import Tokenizer

from compliance.onnx import InferenceSession, SessionOptions

FILES = ("model.onnx", "tokenizer.json", "tags.json.z")  # of a model written to disk
# Where a document keeps, for each of its words, (start, end, `Chance`).
CHANCES = "chances"
ENTITIES = "entities"
KINDS = ("PERSON", "LOCATION", "ORG", "NUMBER", "WEB", "DATE", "AGE", "MEDICAL")
LABELS = ("O", *(f"{place}-{kind}" for kind in KINDS for place in "BI"))
NAMED = frozenset(KINDS[:3])  # what becomes an entity of the document; the rest are chances only
PADDING, BEGIN, BREAK = 0, 2, 3  # ids of the vocabulary: [PAD], [CLS], [SEP]
# Pieces that one window holds. The model was trained further on 160, and before that on 512.
WINDOW = 200
# Pieces on either side of a window that are read as its context only; more turns around it come from whoever cuts the dialogue.
CONTEXT = 16
# Padded pieces that one run of the model takes: more need memory and are slower.
BATCH_PIECES = 2_048
_TOLD = [KINDS.index(kind) for kind in ("PERSON", "LOCATION", "NUMBER", "WEB", "DATE", "AGE", "MEDICAL")]
WORD = re.compile(r"[^\W_]+(?:'(?!s\b)[^\W\d_]+)*|\S")


def case_class(word: str) -> int:
    """0 is kept for what is no word: 1 lower, 2 Title, 3 UPPER, 4 digits, 5 sign, 6 one capital, 7 mixed."""
    if not any(c.isalpha() for c in word):
        return 4 if any(c.isdigit() for c in word) else 5
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 6
    return 2 if word[0].isupper() else 7


class Chance(NamedTuple):
    """How probable it is (0 to 1) that a word is, or is part of, one of these."""

    person: float
    place: float  # below a state
    number: float  # that identifies somebody or somebody's thing
    web: float
    date: float
    age: float  # over 89
    medical: float


@dataclass(slots=True)
class Pieces:
    """A text cut for the model: ids, case classes and tags a piece; the word of each first piece, else -1."""

    ids: list[int] = field(default_factory=list)
    cases: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)  # (start, end) of each word in the text


class Cutter:
    """Text to pieces; the training script cuts with the same."""

    def __init__(self, tokenizer: Tokenizer, tags: dict[str, int]) -> None:
        self.tokenizer = tokenizer
        self.tags = tags

    def cut(self, text: str, forgotten: frozenset[str] = frozenset()) -> Pieces:
        """``forgotten``: words (lower-cased) whose tag is left out, as for names that no list has."""
        made = Pieces()
        at = 0
        for number, line in enumerate(text.split("\n")):
            if number:
                self._add(made, BREAK, 0, 0, -1)
            words = [(m.start(), m.end(), m.group()) for m in WORD.finditer(line)]
            if words:
                encoded = self.tokenizer.encode([w for _, _, w in words], is_pretokenized=True, add_special_tokens=False)
                first = len(made.spans)
                made.spans.extend((at + start, at + end) for start, end, _ in words)
                previous = -1
                for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
                    if word is None:  # special pieces, of which the tokenizer adds none
                        continue
                    said = words[word][2]
                    low = said.lower()
                    tag = 0 if low in forgotten else self.tags.get(low, 0)
                    self._add(made, piece, case_class(said), tag, first + word if word != previous else -1)
                    previous = word
            at += len(line) + 1
        return made

    @staticmethod
    def _add(made: Pieces, piece: int, case: int, tag: int, word: int) -> None:
        made.ids.append(piece)
        made.cases.append(case)
        made.tags.append(tag)
        made.words.append(word)


class EncoderNer:
    """Sets ``doc.ents`` and ``doc.user_data[CHANCES]``. Its files are `FILES`; the last maps words to tag numbers."""

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.cutter: Cutter | None = None
        self.session: Any = None
        self.files: dict[str, bytes] = {}

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe(iter([doc])))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            self._mark(batch)
            yield from batch

    def _mark(self, docs: list[Doc]) -> None:
        assert self.cutter is not None  # noqa: S101  (from_disk or from_bytes has run)
        texts = [doc.text for doc in docs]  # put together anew at each reading
        cuts = [self.cutter.cut(text) for text in texts]
        marks = [np.zeros((len(cut.spans), len(LABELS)), dtype=np.float32) for cut in cuts]
        windows = [(n, window) for n, cut in enumerate(cuts) for window in _windows(len(cut.ids))]
        windows.sort(key=lambda w: w[1].end - w[1].start)
        group: list[tuple[int, Window]] = []
        for window in windows:
            if group and (len(group) + 1) * (window[1].end - window[1].start + 1) > BATCH_PIECES:
                self._run(cuts, marks, group)
                group = []
            group.append(window)
        if group:
            self._run(cuts, marks, group)
        for doc, text, cut, found in zip(docs, texts, cuts, marks, strict=True):
            spans = filter_spans(list(_spans(doc, text, cut, found.argmax(axis=-1))))
            doc.ents = tuple(spans)
            doc.user_data[ENTITIES] = spans  # reading ``doc.ents`` walks over all tokens
            told = found[:, 1:].reshape(len(found), len(KINDS), 2).sum(axis=2)[:, _TOLD].tolist()
            doc.user_data[CHANCES] = [(start, end, Chance(*row)) for (start, end), row in zip(cut.spans, told, strict=True)]

    def _run(self, cuts: list[Pieces], marks: list[Any], group: list[tuple[int, Window]]) -> None:
        longest = max(window.end - window.start for _, window in group) + 1
        fed = {key: np.zeros((len(group), longest), dtype=np.int64) for key in ("ids", "case", "tag", "mask")}
        for row, (number, (start, _, _, end)) in enumerate(group):
            cut, size = cuts[number], end - start
            fed["ids"][row, 0] = BEGIN
            fed["ids"][row, 1 : size + 1] = cut.ids[start:end]
            fed["case"][row, 1 : size + 1] = cut.cases[start:end]
            fed["tag"][row, 1 : size + 1] = cut.tags[start:end]
            fed["mask"][row, : size + 1] = 1
        scores = self.session.run(None, fed)[0]
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        for row, (number, (start, fresh, known, _)) in enumerate(group):
            words = cuts[number].words
            for place in range(fresh, known):
                if words[place] >= 0:
                    marks[number][words[place]] = scores[row, place - start + 1]

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> EncoderNer:
        folder = Path(path)
        return self.load({name: (folder / name).read_bytes() for name in FILES})

    def load(self, files: dict[str, bytes]) -> EncoderNer:
        self.files = files
        tags = json.loads(zlib.decompress(files["tags.json.z"]))
        self.cutter = Cutter(Tokenizer.from_str(files["tokenizer.json"].decode()), tags)
        options = SessionOptions()
        options.log_severity_level = 3
        # Threads that wait by spinning would take the processor from the portal's other workers.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = InferenceSession(files["model.onnx"], options, providers=["CPUExecutionProvider"])
        return self


class Window(NamedTuple):
    """Pieces ``start`` to ``end``, of which the marks from ``fresh`` to ``known`` count; the others are context."""

    start: int
    fresh: int
    known: int
    end: int


def _windows(count: int) -> Iterator[Window]:
    fresh = 0
    while fresh < count:
        start = max(0, fresh - CONTEXT)
        end = min(count, start + WINDOW)
        known = end if end == count else end - CONTEXT
        yield Window(start, fresh, known, end)
        fresh = known


def _spans(doc: Doc, text: str, cut: Pieces, marks: Any) -> Iterator[Span]:
    """Entities with a label of ``NAMED``, as whole tokens of the document."""
    rows = [row for row in _rows(text, cut, marks) if row[0] in NAMED]
    starts = doc.to_array([IDX]).tolist() if rows else []
    for label, start, end in rows:
        yield Span(doc, bisect_right(starts, start) - 1, bisect_left(starts, end), label=label)


def _rows(text: str, cut: Pieces, marks: Any) -> Iterator[tuple[str, int, int]]:
    """(label, start, end) of each row of words with one label on one line."""
    label, start, end = "", 0, 0
    for (low, high), mark in zip(cut.spans, marks, strict=True):
        name = LABELS[mark]
        if name[:2] == "I-" and name[2:] == label and "\n" not in text[end:low]:
            end = high
            continue
        if label:
            yield label, start, end
        label, start, end = name[2:], low, high
    if label:
        yield label, start, end


@Language.factory("encoder_ner", assigns=["doc.ents"])
def make_encoder_ner(nlp: Language, name: str) -> EncoderNer:
    return EncoderNer(nlp, name)
