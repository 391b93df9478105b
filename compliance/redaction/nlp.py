"""The language model behind Presidio's NlpEngine: the package's own, an installed spaCy pipeline, or what a configuration names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import spacy
from presidio_analyzer.nlp_engine import (
    NerModelConfiguration,
    NlpEngine,
    NlpEngineProvider,
    SpacyNlpEngine,
    StanzaNlpEngine,
    TransformersNlpEngine,
)
from spacy.tokens import Doc

# The package's own pipeline.
MODEL = Path(__file__).parent / "model"
# Installed packages may offer NlpEngines of their own (a remote service, say) under the name that a configuration calls.
ENTRY_POINTS = "sealscript.nlp_engines"
# No model at all, by name. Transcripts are read as English only, so no other language has one.
BLANK = "blank:en"
# What spaCy writes for whoever says nothing.
_UNNAMED, _NO_VERSION = "pipeline", "0.0.0"
_CONFIGURATIONS = (".yaml", ".yml")
# What Presidio's own engines need besides, by its names for them: the same as its extras.
_PACKAGES = {"transformers": "presidio-analyzer[transformers]", "stanza": "presidio-analyzer[stanza]"}


class ModelUnusable(LookupError):
    """The model that is asked for is not there. The text is for whoever set it, and holds names and paths only."""


class PackagedNlpEngine(SpacyNlpEngine):
    """The pipeline that comes with the package, or any spaCy pipeline installed or given as a path. Never downloads.

    ``blank:en`` is no model at all, for whoever asks for it by that name: a pass without one lets names through.
    """

    def __init__(self, model: str | None = None) -> None:
        self.model_name = model or str(MODEL)
        super().__init__(
            models=[{"lang_code": "en", "model_name": self.model_name}],
            ner_model_configuration=NerModelConfiguration(labels_to_ignore=set(), default_score=0.85),
        )

    def load(self) -> None:
        if self.model_name == BLANK:
            self.nlp: Any = {"en": spacy.blank("en")}
            return
        if self.model_name.startswith("blank:"):
            raise ModelUnusable(f"{self.model_name} is not known: only {BLANK} is read with no model.")
        if self.model_name == str(MODEL) and not (MODEL / "config.cfg").exists():
            raise ModelUnusable("The language model of the package is missing: the portal is not installed whole.")
        _require(self.model_name)
        self.nlp = {"en": spacy.load(self.model_name)}

    def documents(self, texts: Iterable[str], batch_size: int) -> Iterator[Doc]:
        """The pipeline's documents as they are. ``process_batch`` adds lemmas and keywords, which nothing here reads."""
        yield from self.nlp["en"].pipe(texts, batch_size=batch_size)


class OfflineStanzaNlpEngine(StanzaNlpEngine):
    """Presidio's, which fetches what it needs where it is not told otherwise: a model that is not on the machine cannot be loaded."""

    def __init__(
        self, models: list[dict[str, str]] | None = None, ner_model_configuration: NerModelConfiguration | None = None
    ) -> None:
        super().__init__(models, ner_model_configuration, download_if_missing=False)


def _require(pipeline: str) -> None:
    """Raises ModelUnusable for a spaCy pipeline that is neither installed nor a path: Presidio would fetch it."""
    if not (spacy.util.is_package(pipeline) or Path(pipeline).exists()):
        raise ModelUnusable(
            f"The spaCy pipeline {pipeline} is neither an installed package nor a path that exists. Install it, name another, "
            "or leave the setting empty for the portal's own."
        )


def _pipelines(file: str, engine: str, entry: Any) -> list[str]:
    """The spaCy pipelines that a model of a configuration needs. Raises ModelUnusable for one that could not be read with."""
    name: Any = entry.get("model_name") if isinstance(entry, dict) else None
    # Presidio's transformers take two, by their kinds; an engine of a package may do so, too.
    names: list[Any] = list(name.values()) if isinstance(name, dict) and engine not in ("spacy", "stanza") else [name]
    if not names or not all(isinstance(one, str) and one for one in names):
        raise ModelUnusable(f"A model in the file {file} says no model_name. Write “- {{lang_code: en, model_name: …}}”.")
    if entry.get("lang_code") != "en":
        raise ModelUnusable(
            f"The model {', '.join(names)} in the file {file} is for the language {entry.get('lang_code')}, and transcripts are read as en "
            "only. Write “lang_code: en” where it is a model of English, or take it out."
        )
    if engine == "spacy":
        return names
    return [name["spacy"]] if engine == "transformers" and isinstance(name, dict) and "spacy" in name else []


def files_of(model: str | None) -> Path | None:
    """Where a model's files lie: a pipeline's folder or a configuration's file; None for what has none (``blank:en``)."""
    if model is None:
        return MODEL if (MODEL / "config.cfg").exists() else None
    if model.startswith("blank:"):
        return None
    path = Path(model)
    return path if path.exists() else Path(spacy.util.get_package_path(model))


def _called(packaged: PackagedNlpEngine) -> str:
    """By its own name and version. spaCy calls every pipeline that nobody named "pipeline 0.0.0": such a one has its folder's name."""
    if packaged.model_name == BLANK:
        return f"no model ({BLANK})"
    meta = packaged.nlp["en"].meta
    name = meta.get("name") or _UNNAMED
    if name == _UNNAMED:
        name = Path(packaged.model_name).resolve().name
    version = meta.get("version") or _NO_VERSION
    return name if version == _NO_VERSION else f"{name} {version}"


def nlp_engine(model: str | None) -> tuple[NlpEngine, str]:
    """The engine that ``model`` names (None: the package's own), loaded, and what to call it in reports.

    A spaCy pipeline by its name or path, or the path of a file in Presidio's own format for NLP engines (``.yaml``), which may
    name spaCy, stanza, transformers or an engine of an installed package. Raises ModelUnusable, or whatever loading raises.
    """
    if model is None or not model.endswith(_CONFIGURATIONS):
        packaged = PackagedNlpEngine(model)
        packaged.load()
        return packaged, _called(packaged)
    if not Path(model).is_file():
        raise ModelUnusable(f"The file {model} does not exist. Name one in Presidio's format, an installed pipeline, or none.")
    offered = [point.load() for point in metadata.entry_points(group=ENTRY_POINTS)]
    provider = NlpEngineProvider((SpacyNlpEngine, OfflineStanzaNlpEngine, TransformersNlpEngine, *offered), conf_file=model)
    named: Any = provider.nlp_configuration
    if not isinstance(named, dict) or "nlp_engine_name" not in named or not isinstance(named.get("models"), list) or not named["models"]:
        # Without a model Presidio would take, and fetch, one of its own choice.
        raise ModelUnusable(f"The file {model} says no nlp_engine_name and no list of models. Write both, as docs/redaction.md shows.")
    called = named["nlp_engine_name"]
    if called not in provider.nlp_engines:
        missing = f" Install {_PACKAGES[called]}." if called in _PACKAGES else ""
        raise ModelUnusable(
            f"The NLP engine {called}, which {model} names, is not installed here; there is {', '.join(sorted(provider.nlp_engines))}.{missing}"
        )
    for entry in named["models"]:
        for pipeline in _pipelines(model, called, entry):
            _require(pipeline)
    engine: NlpEngine = provider.create_engine()
    said = [str(entry["model_name"]) for entry in named["models"] if isinstance(entry["model_name"], str)]
    return engine, " ".join([called, *said])
