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


@pytest.mark.parametrize(
    "lines",
    [
        ["My daughter Keisha Oyelaran is nine. Keisha, kilo echo india sierra hotel alpha."],
        ["My daughter Keisha Oyelaran is nine.", "Spell it?", "O as in Oscar, Y as in Yankee, E as in echo, L as in Lima, A, R, A, N."],
        ["My daughter Mia is six.", "Could you spell it?", "mike india alpha"],
        ["My son Bo is six.", "Spell it?", "B O."],
        ["How do you spell your daughter's name?", "mike india alpha"],
    ],
)
def test_a_minors_name_is_hidden_where_it_is_spelled(lines):
    shown = read(*lines, policy="frcp_5_2")[-1].lower()
    assert not any(letters in shown for letters in ("kilo", "oscar", "mike", "b o", "m.i.", "b.o."))


@pytest.mark.parametrize(
    "lines",
    [
        ["My son Theo is six.", "And your name, sir?", "Dana Whitlock, W H I T L O C K."],
        ["Spell your name, please.", "Dana Whitlock, W H I T L O C K.", "Children?", "My son Theo is six."],
    ],
)
def test_a_grown_persons_spelled_name_is_left_beside_a_child(lines):
    assert "W H I T L O C K" in "\n".join(read(*lines, policy="frcp_5_2"))


def test_a_parent_who_spells_the_surname_keeps_it():
    text = "Dana Quill. Q U I L L. My son Theo Quill is six. Q U I L L."
    items = [
        Detection(f"0.{n}", 0, m.start(), m.end(), "name", 1.0, "x", "y", entity=n)
        for n, m in enumerate(re.finditer("Dana Quill|Q U I L L|Theo Quill", text), 1)
    ]
    assert ["minor" in item.marks for item in with_minors(Dialogue.from_turns([("A", text)]), items)] == [False, False, True, True]


@pytest.mark.parametrize("said", ["Sam and " * 4_000, "Sam is ² years old. " * 2_000, "Dr. Sam. " * 4_000, "my son Sam, " * 4_000])
def test_a_turn_full_of_names_is_read_in_linear_time(said):
    names = [Detection(f"0.{m.start()}", 0, m.start(), m.end(), "name", 1.0, "x", "y", entity=1) for m in re.finditer("Sam", said)]
    began = time.process_time()
    assert len(with_minors(Dialogue.from_turns([("A", said)]), names)) == len(names)
    assert time.process_time() - began < PROCESSOR_SECONDS / 10
