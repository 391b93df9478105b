"""Names in the place of pronouns: every mark is the name that was put in, the rest of what was said stays as it was."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from training import pools
from training.recasting import MOST, Cast, recast
from training.segments import PERSON
from training.styling import join

SAID = "did you take it i was with him and she told my brother okay the bill may rise will have pain"
said = st.lists(st.sampled_from(SAID.split()), min_size=1, max_size=30).map(" ".join)


def cast(seed: int, *, small: bool = False) -> Cast:
    return Cast(pools.load(), random.Random(seed), small=small)


@pytest.mark.parametrize(
    ("before", "around"),
    [
        ("did you take the pills", ("did ", " take the pills")),
        ("are you in pain", ("is ", " in pain")),
        ("i've got a cough", ("", "'s got a cough")),
        ("i told her about it", ("i told ", " about it")),
        ("your blood pressure is fine", ("", "'s blood pressure is fine")),
    ],
)
def test_a_name_stands_where_the_pronoun_stood_and_the_verb_agrees(before, around):
    for seed in range(30):
        marked = join(recast([(before, "")], cast(seed, small=True), 0.6))
        if len(marked.spans) == 1:
            start, end, label = marked.spans[0]
            if (marked.text[:start].endswith(around[0])) and marked.text[end:] == around[1]:
                assert label == PERSON
                return
    pytest.fail("no seed gave the sentence with a name in it")


@given(said, st.integers(0, 500))
def test_only_names_are_marked_and_not_too_many(text, seed):
    people = cast(seed)
    made = recast([(text, "")], people, 0.5)
    names = [part for part, label in made if label]
    assert len(names) <= MOST
    assert {label for _, label in made} <= {"", PERSON}
    plain = " ".join(part for part, label in made if not label)
    assert all(word in plain.split() for word in ("okay", "pain", "bill", "rise") if word in text.split())


@given(said, st.integers(0, 500))
def test_talk_without_capitals_gets_names_without_capitals(text, seed):
    made = recast([(text, "")], cast(seed, small=True), 0.5)
    assert all(part == part.lower() for part, label in made if label)


def test_marks_that_were_there_stay():
    made = recast([("i saw ", ""), ("Rosa Marsh", PERSON), (" and you were there", "")], cast(3), 1.0)
    assert ("Rosa Marsh", PERSON) in made
