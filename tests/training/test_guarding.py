"""Real text that nobody has labelled: what may be private in it is left out of the loss."""

import pytest

from training.guarding import guarded
from training.segments import HEALTHY, MEDICAL, NUMBER, UNSURE
from training.templates import Filler, Style


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("write to me at ana@larkhill.org now", ["ana@larkhill.org"]),
        ("see http://larkhill.org/a and @ana", ["http://larkhill.org/a", "@ana"]),
        ("it was may fourth nineteen eighty two", ["may fourth nineteen eighty two"]),
        ("on March 3rd, 2020 he fell", ["March 3rd, 2020"]),
        ("call 412-555-0167 or 911", ["412-555-0167"]),
        ("may I have 500 mg at 7:30", []),
    ],
)
def test_what_looks_private_stands_apart(text, unsure):
    made = guarded([(text, "")])
    assert "".join(part for part, _ in made) == text
    assert [part for part, label in made if label == UNSURE] == unsure


def test_what_is_labelled_stays_as_it_is():
    assert guarded([("ana@larkhill.org", NUMBER), (" and", HEALTHY)]) == [("ana@larkhill.org", NUMBER), (" and", HEALTHY)]


def test_medical_marks_of_a_template_are_segments():
    import random

    from training import pools

    filler = Filler(pools.load(), random.Random(1), Style(digits=False))
    assert filler.turn("He had a [[torn meniscus]] then.") == [("He had a ", ""), ("torn meniscus", MEDICAL), (" then.", "")]
