"""The shipped name and place model: loads fast with no download, is small, and knows names in every style an engine writes."""

import time
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

import compliance.redaction
from compliance.redaction import Dialogue, detect, encoder
from compliance.redaction.detections import PrivateType

MODEL = Path(compliance.redaction.__file__).parent / "model"
SIZE_LIMIT = 20 * 1024 * 1024
LOAD_SECONDS = 3.0


@pytest.fixture(scope="module")
def nlp() -> Language:
    return spacy.load(MODEL)


def found(nlp: Language, text: str, label: str) -> set[str]:
    # spaCy keeps "55803." at the end of a text as one token; the second pass cuts the full stop off
    return {e.text.rstrip(".,") for e in nlp(text).ents if e.label_ == label}


def test_model_is_small_and_loads_within_a_worker_start():
    assert sum(p.stat().st_size for p in MODEL.rglob("*") if p.is_file()) <= SIZE_LIMIT
    started = time.process_time()
    spacy.load(MODEL)
    assert time.process_time() - started < LOAD_SECONDS


def test_model_is_one_component_that_tells_its_chances(nlp):
    assert nlp.pipe_names == ["encoder_ner"]
    doc = nlp("my name is philippa ravensworth and i took the bus")
    chances = {doc.text[start:end]: chance.person for start, end, chance in doc.user_data[encoder.CHANCES]}
    assert chances["philippa"] > 0.5 > 0.05 > chances["bus"]


def test_card_names_the_sources_and_their_licences():
    card = (MODEL / "README.md").read_text(encoding="utf-8")
    for source in (
        "WNUT 2017",
        "Broad Twitter Corpus",
        "Wikigold",
        "presidio-research",
        "PriMock57",
        "ACI-Bench",
        "GeoNames",
        "census",
    ):
        assert source in card
    assert "CC BY 4.0" in card


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Please state your name.\nThank you, it's Philippa Ravensworth.", "Philippa Ravensworth"),
        ("And your name?\nMarguerite Okonjo.", "Marguerite Okonjo"),
        ("the doctor is doctor okonjo", "okonjo"),
        ("please state your name\nits philippa ravensworth", "philippa ravensworth"),
        ("Did Grant drive you home that night?\nNo, Grant was asleep.", "Grant"),
        ("can you spell that\nsure r a v e n s w o r t h", "r a v e n s w o r t h"),
    ],
)
def test_names_are_found_in_every_style(nlp, text, name):
    assert name in found(nlp, text, "PERSON")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "Where do you live?\n4410 Sandpiper Lane, Duluth, Minnesota 55803.",
            "4410 Sandpiper Lane, Duluth, Minnesota 55803",
        ),
        (
            "where do you live\nforty four ten sandpiper lane duluth minnesota",
            "forty four ten sandpiper lane duluth minnesota",
        ),
        ("She moved to Duluth in March.", "Duluth"),
    ],
)
def test_places_are_found_whole(nlp, text, place):
    assert place in found(nlp, text, "LOCATION")


@pytest.mark.parametrize(
    "text",
    [
        "Will you mark this as Exhibit 4? You may bill it to the grant.",
        "I hope it rose by May or June.",
        "will you mark the bill i hope it may help",
        "He has Parkinson's and she has Crohn's. Romberg is negative.",
        "Lisinopril 20 milligrams once a day, metoprolol 25 twice a day.",
        "blood pressure one twenty over eighty pulse seventy two",
        "He drove a Lincoln and she had the Mercedes.",
        "Calls for speculation. Move to strike.",
    ],
)
def test_ordinary_words_eponyms_doses_and_cars_are_left_alone(text):
    found = detect(Dialogue.from_turns([("A", text)]))
    assert not [i.reason for i in found.items if i.type in (PrivateType.NAME, PrivateType.ADDRESS)]


def test_firms_and_hospitals_are_recognised_as_such(nlp):
    text = "She was seen at Saint Mary's. She works for Baker & Hart."
    assert not found(nlp, text, "PERSON")
    assert found(nlp, text, "ORG")
