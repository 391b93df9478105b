"""Another language model in the packaged one's place: by Presidio's own configuration, an engine of a package included."""

import shutil
import socket
import sys
from pathlib import Path

import pytest
import spacy

from compliance.redaction import DetectionFailed, DetectSettings, Dialogue, apart, detect, nlp
from compliance.redaction.engine import loaded_engine

PACKAGE = '''
import spacy
from presidio_analyzer.nlp_engine import NlpEngine, NlpArtifacts
from spacy.tokens import Span

class Elsewhere(NlpEngine):
    """As a service would: it knows one name and tells entities, no chances."""
    engine_name = "elsewhere"
    is_available = True

    def __init__(self, models=None, ner_model_configuration=None):
        self.models, self.nlp = models, None

    def load(self):
        self.nlp = {"en": spacy.blank("en")}

    def is_loaded(self):
        return self.nlp is not None

    def get_supported_entities(self):
        return ["PERSON"]

    def get_supported_languages(self):
        return ["en"]

    def is_stopword(self, word, language):
        return False

    def is_punct(self, word, language):
        return False

    def process_text(self, text, language):
        doc = self.nlp["en"](text)
        found = [Span(doc, t.i, t.i + 1, label="PERSON") for t in doc if t.text == "zorblatt"]
        return NlpArtifacts(entities=found, tokens=doc, tokens_indices=[], lemmas=[], nlp_engine=self, language=language)

    def process_batch(self, texts, language, batch_size=1, n_process=1, **kwargs):
        for text in texts:
            yield text, self.process_text(text, language)
'''
CONFIGURATION = "nlp_engine_name: {}\nmodels:\n  - {{lang_code: en, model_name: {}}}\n"


@pytest.fixture
def configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "sealscript_elsewhere.py").write_text(PACKAGE)
    info = tmp_path / "sealscript_elsewhere-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sealscript-elsewhere\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sealscript.nlp_engines]\nelsewhere = sealscript_elsewhere:Elsewhere\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(engine: str, model: str) -> DetectSettings:
        path = tmp_path / "nlp.yaml"
        path.write_text(CONFIGURATION.format(engine, model))
        return DetectSettings(model=str(path))

    yield write
    apart.end_all()
    loaded_engine.cache_clear()
    sys.modules.pop("sealscript_elsewhere", None)


def test_an_engine_of_an_installed_package_finds_names(configured):
    dialogue = Dialogue.from_turns([("A", "so far zorblatt is fine with it and the social is 521-47-5093")])

    def said(settings: DetectSettings) -> set[str]:
        return {dialogue.turns[0].text[d.start : d.end] for d in detect(dialogue, settings=settings).items}

    assert said(DetectSettings(model="blank:en")) == {"521-47-5093"}
    assert said(configured("elsewhere", "theirs")) == {"zorblatt", "521-47-5093"}
    assert detect(dialogue, settings=configured("elsewhere", "theirs")).model == "elsewhere theirs"


@pytest.mark.parametrize(
    ("engine", "model", "reason"),
    [
        ("spacy", "en_no_such_pipeline", "The spaCy pipeline en_no_such_pipeline is neither an installed package nor a path"),
        ("nowhere", "x", "The NLP engine nowhere, which .* names, is not installed here; there is elsewhere, spacy"),
        ("transformers", "x", r"Install presidio-analyzer\[transformers\]\."),
        ("stanza", "en", r"Install presidio-analyzer\[stanza\]\."),
    ],
)
def test_a_configuration_that_cannot_be_used_says_what_is_missing(configured, engine, model, reason):
    with pytest.raises(DetectionFailed, match=f"The language model cannot be loaded: .*{reason}"):
        loaded_engine(configured(engine, model).model, None)


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        ("en_no_such_pipeline", "The spaCy pipeline en_no_such_pipeline is neither"),
        ("/nowhere/pipeline", "The spaCy pipeline /nowhere/pipeline is neither"),
        ("/nowhere/nlp.yaml", "The file /nowhere/nlp.yaml does not exist"),
    ],
)
def test_a_model_that_is_not_there_is_named_as_that_and_not_as_a_recogniser(model, reason):
    with pytest.raises(DetectionFailed, match=f"The language model cannot be loaded: {reason}"):
        loaded_engine(model, None)


EN = "lang_code: en"


@pytest.mark.parametrize(
    ("models", "reason"),
    [
        ("[]", "says no nlp_engine_name and no list of models"),
        ("[en_core_web_lg]", "says no model_name"),
        (f"[{{{EN}}}]", "says no model_name"),
        (f"[{{{EN}, model_name: 12}}]", "says no model_name"),
        (f"[{{{EN}, model_name: {{spacy: x}}}}]", "says no model_name"),
        ("[{lang_code: de, model_name: MODEL}]", "MODEL in the file .* is for the language de, and transcripts are read as en only"),
        ("[{model_name: MODEL}]", "MODEL in the file .* is for the language None"),
        (f"[{{{EN}, model_name: MODEL}}, {{lang_code: de, model_name: MODEL}}]", "is for the language de"),
    ],
)
def test_a_configuration_whose_models_cannot_be_read_with_says_so_and_fetches_none(tmp_path, monkeypatch, models, reason):
    def refuse(*args, **kwargs):
        raise AssertionError("a model was fetched")

    monkeypatch.setattr("spacy.cli.download", refuse)
    path = tmp_path / "nlp.yaml"
    path.write_text(f"nlp_engine_name: spacy\nmodels: {models.replace('MODEL', str(nlp.MODEL))}\n")
    with pytest.raises(DetectionFailed, match=f"The language model cannot be loaded: .*{reason.replace('MODEL', str(nlp.MODEL))}"):
        loaded_engine(str(path), None)


def test_a_configuration_of_a_pipeline_that_is_there_is_read_with(tmp_path):
    path = tmp_path / "nlp.yaml"
    path.write_text(CONFIGURATION.format("spacy", nlp.MODEL))
    assert nlp.nlp_engine(str(path))[1] == f"spacy {nlp.MODEL}"


def test_a_pipeline_that_nobody_named_is_called_by_its_folder_and_no_model_by_that(tmp_path):
    pipeline = spacy.blank("en")
    pipeline.to_disk(tmp_path / "our_names")
    assert nlp.nlp_engine(str(tmp_path / "our_names"))[1] == "our_names"
    pipeline.meta["version"] = "1.2.0"
    pipeline.to_disk(tmp_path / "our_names")
    assert nlp.nlp_engine(f"{tmp_path}/our_names/")[1] == "our_names 1.2.0"
    pipeline.meta["name"] = "clinic"
    pipeline.to_disk(tmp_path / "our_names")
    assert nlp.nlp_engine(str(tmp_path / "our_names"))[1] == "clinic 1.2.0"
    assert nlp.nlp_engine("blank:en")[1] == "no model (blank:en)"
    assert nlp.nlp_engine(None)[1].split()[0] == "sealscript_names"


def test_stanza_fetches_nothing():
    made = nlp.OfflineStanzaNlpEngine([{"lang_code": "en", "model_name": "en"}])
    assert (made.engine_name, made.download_if_missing) == ("stanza", False)


def test_only_english_is_read_with_no_model():
    with pytest.raises(DetectionFailed, match="cannot be loaded: blank:de is not known: only blank:en is read with no model"):
        loaded_engine("blank:de", None)
    assert loaded_engine("blank:en", None)


def test_an_empty_configuration_says_what_it_lacks(tmp_path):
    (tmp_path / "nlp.yaml").write_text("")
    with pytest.raises(DetectionFailed, match="says no nlp_engine_name and no list of models"):
        loaded_engine(str(tmp_path / "nlp.yaml"), None)


@pytest.mark.parametrize(("engine", "model"), [("spacy", "en_no_such_pipeline"), ("nowhere", "x"), ("spacy", "[")])
def test_what_is_not_installed_holds_everything_and_nothing_is_fetched(configured, monkeypatch, engine, model):
    def refuse(*args, **kwargs):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    wanted = configured(engine, model)
    with pytest.raises(DetectionFailed) as caught:
        loaded_engine(wanted.model, None)  # in this process, whose sockets are watched
    assert caught.value.code == "configuration"
    with pytest.raises(DetectionFailed) as caught:
        detect(Dialogue.from_turns([("A", "hello")]), settings=wanted)
    assert caught.value.code == "configuration"


def without_model(tmp_path):
    """An image into which the folder was not copied."""
    return tmp_path / "model"


def half_a_model(tmp_path):
    """A checkout without its large files."""
    (tmp_path / "model").mkdir()
    shutil.copy(nlp.MODEL / "config.cfg", tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("broken", [without_model, half_a_model])
def test_a_portal_without_its_model_holds_everything_and_does_not_read_on_without_one(tmp_path, monkeypatch, broken):
    monkeypatch.setattr(nlp, "MODEL", broken(tmp_path))
    loaded_engine.cache_clear()
    try:
        with pytest.raises(DetectionFailed) as caught:
            detect(Dialogue.from_turns([("A", "My name is Svetlana.")]))
    finally:
        loaded_engine.cache_clear()
    assert caught.value.code == "configuration"


def test_a_configuration_that_is_not_there_holds_everything(tmp_path):
    with pytest.raises(DetectionFailed) as caught:
        detect(Dialogue.from_turns([("A", "hello")]), settings=DetectSettings(model=str(tmp_path / "none.yaml")))
    assert caught.value.code == "configuration"
