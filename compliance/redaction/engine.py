"""Presidio's analyzer, set up for dialogues: model, registry, context words. Opens no socket."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import spacy
from presidio_analyzer import EntityRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpEngine

from compliance.redaction import encoder  # noqa: F401  (registers the packaged model's component)
from compliance.redaction.analyzing import DialogueAnalyzer
from compliance.redaction.detections import DetectionFailed
from compliance.redaction.foreign import Foreign, WordContext, from_entry_points, from_file
from compliance.redaction.nlp import ModelUnusable, nlp_engine
from compliance.redaction.recognisers.addresses import AddressRecogniser
from compliance.redaction.recognisers.ages import AgeRecogniser
from compliance.redaction.recognisers.base import DialogueArtifacts
from compliance.redaction.recognisers.dates import DateRecogniser
from compliance.redaction.recognisers.identifiers import IdentifierRecogniser
from compliance.redaction.recognisers.internet import InternetRecogniser
from compliance.redaction.recognisers.listed import ListedRecogniser
from compliance.redaction.recognisers.medical import MedicalRecogniser
from compliance.redaction.recognisers.model_entities import ModelRecogniser
from compliance.redaction.recognisers.model_identifiers import ModelIdentifierRecogniser
from compliance.redaction.recognisers.names import NameRecogniser
from compliance.redaction.recognisers.patterns import pattern_recognisers
from compliance.redaction.view import DialogueView

# Presidio reports each recogniser it loads and each operator it runs; what it logs must stay out of our logs.
for _name in ("presidio-analyzer", "presidio-anonymizer"):
    logging.getLogger(_name).setLevel(logging.WARNING)

# A block of turns is what one call of the analyzer sees: Presidio compares every result of a call with every other.
BLOCK_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Engine:
    analyzer: DialogueAnalyzer
    nlp: NlpEngine
    recognisers: tuple[str, ...]
    model: str
    foreign: tuple[Foreign, ...] = ()

    def blocks(self, view: DialogueView) -> Iterator[tuple[str, DialogueArtifacts]]:
        """The dialogue in blocks of whole turns, with what the model says about them."""
        turns: list[int] = []
        starts: list[int] = []
        size = 0
        texts: list[str] = []
        for turn in view.turns():
            text = view.written(turn)
            if turns and size + len(text) > BLOCK_CHARACTERS:
                yield self._block(view, turns, starts, texts)
                turns, starts, texts, size = [], [], [], 0
            turns.append(turn)
            starts.append(size)
            texts.append(text)
            size += len(text) + 1
        if turns:
            yield self._block(view, turns, starts, texts)

    def _block(
        self, view: DialogueView, turns: list[int], starts: list[int], texts: list[str]
    ) -> tuple[str, DialogueArtifacts]:
        artifacts = DialogueArtifacts(
            entities=[], tokens=_NO_TOKENS, tokens_indices=[], lemmas=[], nlp_engine=self.nlp, language="en",
            view=view, turns=turns, starts=starts,
        )  # fmt: skip
        return "\n".join(texts), artifacts


_NO_TOKENS = spacy.blank("en")("")


def engine(model: str | None = None, recogniser_file: str | None = None) -> Engine:
    """The analyzer of this process. Raises DetectionFailed (configuration) when a configured part cannot be loaded."""
    return loaded_engine(model, recogniser_file)


@lru_cache(maxsize=4)
def loaded_engine(model: str | None, recogniser_file: str | None) -> Engine:
    """One engine for each configuration, kept for the life of the process."""
    try:
        nlp, name = nlp_engine(model)
    except ModelUnusable as error:
        raise DetectionFailed("configuration", f"The language model cannot be loaded: {error}") from None
    except Exception as error:
        raise DetectionFailed("configuration", f"The language model cannot be loaded: {type(error).__name__}.") from error
    try:
        registry = RecognizerRegistry(supported_languages=["en"])
        ours: list[EntityRecognizer] = [
            ListedRecogniser(),
            IdentifierRecogniser(nlp),
            DateRecogniser(nlp),
            AgeRecogniser(nlp),
            InternetRecogniser(),
            AddressRecogniser(nlp),
            NameRecogniser(nlp),
            MedicalRecogniser(),
            ModelRecogniser(nlp),
            ModelIdentifierRecogniser(nlp),
            *pattern_recognisers(),
        ]
        theirs = (*from_entry_points(), *from_file(recogniser_file))
        every = [*ours, *(one.recogniser for one in theirs)]
        for recogniser in every:
            registry.add_recognizer(recogniser)
        context = WordContext([one.recogniser.id for one in theirs])
        analyzer = DialogueAnalyzer(
            registry=registry, nlp_engine=nlp, supported_languages=["en"], context_aware_enhancer=context
        )
    except DetectionFailed:
        raise
    except Exception as error:
        raise DetectionFailed("configuration", f"Recognisers cannot be loaded ({type(error).__name__}).") from error
    # What a process has loaded by now stays. A transcript makes so many small objects that the collector, walking over all the
    # older ones time and again, took a tenth of what the rules take, and a quarter where torch is loaded, too.
    gc.collect()
    gc.freeze()
    return Engine(analyzer, nlp, tuple(type(r).__name__ for r in every), name, theirs)
