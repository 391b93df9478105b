"""Numbers that identify nobody: every slot speaks in figures and in words, the same from the same seed."""

import random
import re
from pathlib import Path

import pytest

from training import spoken_counts
from training.spoken_counts import MAKERS, ROWS, make

SLOTS = [(name, "") for name in MAKERS] + [(key[:-1], key[-1]) for key in ROWS]


def said(name: str, number: str, seed: int, *, digits: bool) -> str | None:
    return make(name, number, random.Random(seed), digits, {})


@pytest.mark.parametrize("digits", [True, False])
@pytest.mark.parametrize(("name", "number"), SLOTS)
def test_every_slot_is_filled_in_both_modes_and_the_same_from_the_same_seed(name, number, digits):
    made = [said(name, number, seed, digits=digits) for seed in range(300)]
    assert made == [said(name, number, seed, digits=digits) for seed in range(300)]
    assert all(text and text == text.strip() and "  " not in text and "{" not in text for text in made)
    assert len(set(made)) > 15


@pytest.mark.parametrize(("name", "number"), SLOTS)
def test_in_words_means_without_figures(name, number):
    made = [re.sub(r"A1c|CD4|PHQ-9|O2|Model 3", "", said(name, number, seed, digits=False)) for seed in range(300)]
    assert not [text for text in made if re.search(r"\d", text)]


def test_a_slot_stays_the_same_in_its_block_and_others_belong_to_others():
    memo: dict[str, str] = {}
    rng = random.Random(3)
    assert make("vital", "2", rng, True, memo) == make("vital", "2", rng, True, memo)
    assert make("phone", "", rng, True, memo) is None


def test_the_blocks_of_innocent_numbers_hold_nothing_that_identifies():
    text = (Path(spoken_counts.__file__).parent / "templates" / "counts.txt").read_text(encoding="utf-8")
    slots = re.findall(r"\{([^}]*)\}", text)
    others = {"age", "car", "city", "dose", "dow", "drug", "month", "ord", "time", "year"}
    assert not {slot for slot in slots if re.sub(r"\d$", "", slot) not in others | set(MAKERS)}
    assert len(slots) > 500
