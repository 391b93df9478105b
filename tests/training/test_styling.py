"""What the styler does to a marked text: letters of a span stay in the span, nothing else gets in."""

import random

from hypothesis import given
from hypothesis import strategies as st

from training.styling import Marked, disfluent, join, lower, styled, unpunctuated, upper

words = st.text("abcdefgXYZé.,'-?! ", min_size=1, max_size=20)
segments = st.lists(st.tuples(words, st.sampled_from(["", "PERSON", "LOCATION"])), min_size=1, max_size=8)


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum()).lower()


def test_marks_follow_the_words_through_lost_case_and_punctuation():
    marked = join(
        [("Well, ", ""), ("Dr. O'Neil", "PERSON"), ("'s office is on ", ""), ("St. John's Rd.", "LOCATION"), (".", "")]
    )
    flat = unpunctuated(marked, random.Random(0), lower=True, apostrophes=False)
    assert flat.text == "well dr oneils office is on st johns rd"
    assert [flat.text[s:e] for s, e, _ in flat.spans] == ["dr oneils", "st johns rd"]


def test_given_name_and_surname_from_two_slots_are_one_mark():
    assert join([("Ada", "PERSON"), (" ", ""), ("Obi", "PERSON")]).spans == ((0, 7, "PERSON"),)


@given(segments, st.integers(0, 1000))
def test_every_span_keeps_its_letters(parts, seed):
    marked = join(parts)
    for made in (
        upper(marked),
        lower(marked),
        styled(marked, "lower", random.Random(seed)),
        styled(marked, "spoken", random.Random(seed)),
    ):
        before = [letters(marked.text[s:e]) for s, e, _ in marked.spans if letters(marked.text[s:e])]
        after = [letters(made.text[s:e]) for s, e, _ in made.spans if letters(made.text[s:e])]
        assert len(after) == len(before)
        assert all(a.startswith(b) and len(a) <= len(b) + 1 for a, b in zip(after, before, strict=True))


@given(segments, st.integers(0, 1000))
def test_disfluencies_take_no_labelled_word_away(parts, seed):
    made = join(disfluent(parts, random.Random(seed), 0.5))
    hidden = [made.text[s:e] for s, e, _ in made.spans]
    for text, label in parts:
        if label and text.strip():
            assert any(text.strip() in h for h in hidden)


def test_empty_segments_give_an_empty_text():
    assert join([("", ""), ("", "PERSON")]) == Marked("", ())
