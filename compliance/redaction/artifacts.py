"""What recognisers that are not ours are told of a block of turns: tokens, lemmas and entities, as Presidio's analyzer tells them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from presidio_analyzer.nlp_engine import NlpArtifacts
from spacy.attrs import IDX
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from compliance.redaction.nlp import PackagedNlpEngine
from compliance.redaction.recognisers.base import DialogueArtifacts
from compliance.redaction.recognisers.model_entities import model_entities

# The components of our pipeline: what they say is known from the reading of the whole dialogue.
OURS = frozenset(["encoder_ner"])
SCORE = 0.85  # of an entity of a model that tells none: Presidio's own default
_TOLD = frozenset(["entities", "tokens", "tokens_indices", "lemmas", "keywords", "scores"])


class ReadArtifacts(DialogueArtifacts):
    """The NlpArtifacts of a block of turns, made when a recogniser first looks at one of them: most never do."""

    def __init__(self, text: str, block: DialogueArtifacts) -> None:
        # Not the parent's, which takes what this one makes later.
        self.text = text
        self.view, self.turns, self.starts = block.view, block.turns, block.starts
        self.nlp_engine = block.nlp_engine
        self.language = "en"

    def __getattr__(self, name: str) -> Any:
        if name not in _TOLD:
            raise AttributeError(name)
        made = self._made()
        self.__dict__.update({key: getattr(made, key) for key in _TOLD})
        return self.__dict__[name]

    def _made(self) -> NlpArtifacts:
        engine = self.nlp_engine
        if not (isinstance(engine, PackagedNlpEngine) and OURS.issuperset(engine.nlp["en"].pipe_names)):
            made: NlpArtifacts = engine.process_text(self.text, "en")
            return made
        doc: Doc = engine.nlp["en"].tokenizer(self.text)
        for token in doc:
            # Our pipeline has no lemmas; whoever compares them with words is better off with the word than with nothing.
            token.lemma_ = token.lower_
        entities = list(self._entities(doc, engine))
        doc.ents = tuple(filter_spans(entities))
        return NlpArtifacts(
            entities=entities,
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lemma_ for token in doc],
            nlp_engine=engine,
            language="en",
            scores=[SCORE] * len(entities),
        )

    def _entities(self, doc: Doc, engine: PackagedNlpEngine) -> Iterator[Span]:
        """The model's entities under Presidio's names, as whole tokens of the block."""
        known = model_entities(self.view, engine)
        names: Any = engine.ner_model_configuration.model_to_presidio_entity_mapping
        starts: Any = doc.to_array([IDX]).ravel().tolist()
        for turn, at in zip(self.turns, self.starts, strict=True):
            for low, high, label in known.get(turn, ()):
                first, last = bisect_right(starts, at + low) - 1, bisect_left(starts, at + high)
                if first < last:
                    yield Span(doc, first, last, label=names.get(label, label))
