"""The encoder as a spaCy component: every word is read once, long and odd texts too, and nothing is fetched."""

from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import encoder
from compliance.redaction.gold import read_gold
from compliance.redaction.nlp import MODEL

GOLD = Path(__file__).parents[2] / "data" / "gold"
TURNS = 12
# (file, first of so many turns, word of theirs, label, chance) where the model is least decided: other sums show there most.
SAID = [
    ("legal-10-loading-dock-witness-interview", 72, 18, "number", 0.499),
    ("clinical-07-primary-care", 0, 119, "place", 0.502),
    ("clinical-07-primary-care", 0, 121, "place", 0.505),
    ("legal-14-chapter-seven-creditors-meeting", 48, 152, "web", 0.506),
    ("legal-11-eviction-mold-intake-call", 24, 39, "date", 0.492),
    ("clinical-07-primary-care", 0, 119, "person", 0.483),
    ("legal-11-eviction-mold-intake-call", 60, 36, "person", 0.48),
    ("clinical-11-triage-interpreter", 24, 132, "person", 0.528),
    ("clinical-11-triage-interpreter", 48, 77, "number", 0.53),
    ("legal-11-eviction-mold-intake-call", 24, 31, "date", 0.467),
]


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(MODEL)


@given(st.integers(min_value=0, max_value=3_000))
def test_windows_read_every_piece_once_with_what_stands_around_it(count):
    read = []
    for start, fresh, known, end in encoder._windows(count):
        assert 0 <= start <= fresh < known <= end <= count
        assert end - start <= encoder.WINDOW
        assert fresh == 0 or fresh - start == min(encoder.CONTEXT, fresh)
        assert end == count or end - known == encoder.CONTEXT
        read.extend(range(fresh, known))
    assert read == list(range(count))


@given(st.text(max_size=300))
def test_every_visible_character_belongs_to_one_word_of_the_text(nlp, text):
    spans = nlp.get_pipe("encoder_ner").cutter.cut(text).spans
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in zip(spans, spans[1:], strict=False))
    covered = {i for a, b in spans for i in range(a, b)}
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())


def test_a_name_is_found_wherever_it_stands_in_a_long_turn(nlp):
    filler = "and then we went over the invoices again one by one because nobody could find the mistake "
    for before in (0, 5, 9, 13, 40):
        text = filler * before + "my name is philippa ravensworth " + filler * 12
        assert "philippa ravensworth" in {e.text for e in nlp(text).ents}


def test_reading_in_batches_finds_what_reading_alone_finds(nlp):
    texts = ["this is wilhelmina at the front desk", "", "yes", "I live in Duluth.\nWith Agnieszka Nowak.", "\n\n", "mm-hmm " * 400]
    together = [[e.text for e in d.ents] for d in nlp.pipe(texts)]
    assert together == [[e.text for e in nlp(t).ents] for t in texts]


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "😀😀", "é́́́", "שלום", "a" * 5_000, "." * 2_000])
def test_odd_text_is_read_without_an_error(nlp, text):
    assert all(0 <= e.start_char < e.end_char <= len(text) for e in nlp(text).ents)


def test_a_model_written_and_loaded_again_says_the_same(nlp, tmp_path):
    nlp.to_disk(tmp_path / "copy")
    text = "Is Ms. Okonjo in?\nNo, Thandiwe is at the Tulsa office."
    assert [(e.text, e.label_) for e in spacy.load(tmp_path / "copy")(text).ents] == [(e.text, e.label_) for e in nlp(text).ents]


def test_it_says_the_same_on_every_processor(nlp):
    differences = []
    for file, first, word, label, chance in SAID:
        turns = read_gold(GOLD / f"{file}.txt").turns[first : first + TURNS]
        told = nlp("\n".join(turn.text for turn in turns)).user_data[encoder.CHANCES][word][2]
        differences.append(abs(getattr(told, label) - chance))
    assert sum(differences) / len(differences) < 0.08
