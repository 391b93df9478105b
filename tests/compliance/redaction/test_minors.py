"""In a filing minors have initials and grown people their names (Fed. R. Civ. P. 5.2(a)(3))."""

import re
import time

import pytest

from compliance.redaction import Detection, Dialogue
from compliance.redaction.minors import with_minors
from tests.compliance.redaction.test_listed import read
from tests.compliance.redaction.test_second_pass_holds import PROCESSOR_SECONDS


@pytest.mark.parametrize(
    ("said", "visible"),
    [
        ("Tobias Lindqvist is seven.", "[NAME T.L.] is seven."),
        ("My daughter Mia came along.", "My daughter [NAME M.] came along."),
        ("the minor child who is called Kiara", "the minor child who is called [NAME K.]"),
        ("He sat with seven-year-old Ben Castro.", "He sat with seven-year-old [NAME B.C.]."),
        ("A seventeen year old girl named Imani Reyes.", "A seventeen year old girl named [NAME I.R.]."),
        ("Our baby Noor is six weeks old.", "Our baby [NAME N.] is six weeks old."),
        ("Rosa is in third grade.", "[NAME R.] is in third grade."),
        ("i drove my sons theo and max", "i drove my sons [NAME T.] and [NAME M.]"),
        ("I saw Kim Reyes, 9, and Lou Reyes, eleven.", "I saw [NAME K.R.], 9, and [NAME L.R.], eleven."),
        ("Theo, my grandson, was there.", "[NAME T.], my grandson, was there."),
    ],
)
def test_a_childs_name_is_shortened(said, visible):
    assert read(said, policy="frcp_5_2") == [visible]


@pytest.mark.parametrize(
    "said",
    [
        "Dana Whitlock is thirty-four.",
        "Rosa Marin is five feet tall.",
        "Dana Reyes, 34, and Lou Reyes, thirty-one, drove.",
        "marta belmont and her daughter's car",
        "I asked Paul Reyes about the student loan.",
        "Mr. Castro lives with my daughter Mr. Castro said.",
        "Call Theo at seven two one five five five oh one one two.",
        "He turned to Anna Price at seven.",
    ],
)
def test_a_grown_persons_name_is_left(said):
    assert read(said, policy="frcp_5_2") == [said]


def test_a_parent_of_the_same_surname_keeps_it():
    lines = ["My son Theo Quill came with me.", "Mr. Quill, sit down. Theo, you too."]
    shown = ["My son [NAME T.Q.] came with me.", "Mr. Quill, sit down. [NAME T.], you too."]
    assert read(*lines, policy="frcp_5_2") == shown


def test_every_mention_of_a_minor_is_shortened_and_a_grown_child_is_none():
    lines = ["My daughter Mia Castro and my son Max came.", "Mia cried.", "Max is twenty-one, Mia is twelve."]
    assert read(*lines, policy="frcp_5_2") == [
        "My daughter [NAME M.C.] and my son Max came.",
        "[NAME M.] cried.",
        "Max is twenty-one, [NAME M.] is twelve.",
    ]


@pytest.mark.parametrize("said", ["Sam and " * 4_000, "Sam is ² years old. " * 2_000, "Dr. Sam. " * 4_000, "my son Sam, " * 4_000])
def test_a_turn_full_of_names_is_read_in_linear_time(said):
    names = [Detection(f"0.{m.start()}", 0, m.start(), m.end(), "name", 1.0, "x", "y", entity=1) for m in re.finditer("Sam", said)]
    began = time.process_time()
    assert len(with_minors(Dialogue.from_turns([("A", said)]), names)) == len(names)
    assert time.process_time() - began < PROCESSOR_SECONDS / 10
