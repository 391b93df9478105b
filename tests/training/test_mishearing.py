"""What an engine makes of a name: never the name itself, in letters and spaces, the same for the same seed."""

import random

import pytest

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from training import pools
from training.mishearing import misheard, sound
from training.templates import Filler, Style

NAMES = ["Shirisha", "Kathleen", "Ng", "Oyelaran", "Bo", "Vdovenko", "Żółć", "O'Hara", "Gomez-Hoff", "Mwangi"]


@pytest.mark.parametrize("name", NAMES)
def test_a_misheard_name_is_another_one_in_plain_words(name):
    for seed in range(60):
        made = misheard(name, random.Random(seed))
        assert made
        assert made.lower() != name.lower()
        assert made.replace(" ", "").isalpha()
        assert 1 <= len(made.split()) <= 3
        assert made == misheard(name, random.Random(seed))


def test_words_of_about_the_same_sound_have_the_same_key():
    assert sound("sir") == sound("sure")
    assert sound("doll") == sound("tall")
    assert sound("kitten") != sound("river")


def test_a_template_knows_the_name_the_mishearing_and_the_word():
    line = "{odd} like a {oddw}, {mis} {misl} is {misF}, and {F}"
    filler = Filler(pools.load(), random.Random(4), Style(digits=False), [line])
    made = filler.turn(line)
    text = [part for part, _ in made]
    labels = dict(made)
    word, mis, misl, both = text[0], text[4], text[6], text[8]
    assert labels[word] == "PERSON"
    assert [part for part, label in made if part == word.lower() and not label]
    assert both == f"{mis} {misl}"
    assert labels[both] == "PERSON"
