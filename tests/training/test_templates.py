"""Templates: slots, what is medical, and what is written out and labelled."""

import random

import pytest

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from training import pools
from training.segments import LOCATION, MEDICAL, NUMBER, PERSON
from training.templates import TEMPLATES, Filler, Style, blocks


@pytest.fixture(scope="module")
def loaded():
    return pools.load()


def filled(loaded, *lines):
    filler = Filler(loaded, random.Random(3), Style(digits=False), lines)
    return [filler.turn(line) for line in lines]


def test_what_no_slot_can_make_is_written_out_with_its_label(loaded):
    turn = filled(loaded, "is it <<PERSON|see oh mara>> and the last one's a <<NUMBER|four>> okay")[0]
    assert turn == [("is it ", ""), ("see oh mara", PERSON), (" and the last one's a ", ""), ("four", NUMBER), (" okay", "")]


def test_slots_inside_take_the_label_of_the_whole(loaded):
    name, place = filled(loaded, "{f}", "at <<LOCATION|the house behind {f}'s mill>>")
    assert place == [("at ", ""), (f"the house behind {name[0][0]}'s mill", LOCATION)]


def test_medical_words_may_have_names_in_them(loaded):
    assert filled(loaded, "a [[torn <<PERSON|Achilles>> tendon]] then")[0] == [
        ("a ", ""), ("torn ", MEDICAL), ("Achilles", PERSON), (" tendon", MEDICAL), (" then", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.txt")))
def test_every_block_of_every_file_can_be_filled_and_leaves_no_mark(loaded, name):
    for block in blocks(name):
        for turn in filled(loaded, *block):
            text = "".join(text for text, _ in turn)
            assert not set(text) & set("{}[]<>|"), text
