"""Where an address is what the talk is about, numbers and names are hidden that elsewhere would stay, but never a dose."""

import time

import pytest

from compliance.redaction import Dialogue, detect
from compliance.redaction.recognisers.addresses import AddressRecogniser
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.believing import Believer

HOME = [("A", "Where do you live?"), ("B", "415 Larch Street.")]
ELSEWHERE = [("A", "What did you buy?"), ("B", "Apples.")]
GROWTH = 3.2  # of the processor's time for twice the words; four times would be a square


def found(turns, held, chance):
    """What the address recogniser hides in the last turn, with a model that holds these words for a place."""
    view = DialogueView(Dialogue.from_turns(turns))
    spans = AddressRecogniser(Believer(held, "place", chance)).find(view)
    return sorted({view.text(f.turn)[f.start : f.end] for f in spans if f.turn == len(turns) - 1})


@pytest.mark.parametrize(
    ("said", "hidden"),
    [("It says forty-one.", ["forty-one"]), ("Maybe nineteen, then.", ["nineteen"]), ("I think 88.", ["88"]), ("Over on Garnet.", ["Garnet"])],
)
def test_a_number_or_name_that_may_be_a_place_is_hidden_only_beside_an_address(said, hidden):
    held = "forty one nineteen 88 garnet"
    chance = 0.75 if "Garnet" in said else 0.4
    assert found([*HOME, ("A", "And now?"), ("B", said)], held, chance) == hidden
    assert found([*ELSEWHERE, ("A", "And now?"), ("B", said)], held, 0.4) == []


@pytest.mark.parametrize(
    "said",
    [
        "Forty milligrams, twice a day.",
        "Her pressure was forty-one over nineteen.",
        "Her pressure was fine at first, and then in the second week it went up from nineteen to forty-one.",
        "He's forty-one years old.",
        "Exhibit nineteen, page forty-one.",
        "We paid $41.",
        "At 9:41 in the morning.",
        "The pain is nineteen out of forty-one.",
        "In March of nineteen.",
        "I take lisinopril forty.",
        "There were nineteen people.",
        "Nineteen percent.",
    ],
)
def test_a_dose_a_vital_an_age_a_page_a_time_stays_whatever_the_model_says(said):
    numbers = "forty one nineteen 41 9"
    assert found([*HOME, ("A", "And now?"), ("B", said)], numbers, 0.75) == []


@pytest.mark.parametrize("question", ["What's the dose?", "How many a day?", "How old is she?", "Which exhibit?", "What's her blood pressure?", "And the pulse?", "Oxygen?", "When was that?"])
def test_what_answers_another_question_is_none_of_the_address(question):
    items = detect(Dialogue.from_turns([*HOME, ("A", question), ("B", "Forty."), ("A", "Forty?"), ("B", "Yes, forty.")], language="en")).items
    assert [item for item in items if item.turn > 1 and item.type == "address"] == []


@pytest.mark.parametrize("question", ["And the pulse?", "What's the dose?", "Oxygen saturation?", "Respirations?", "How much do you weigh?"])
def test_what_answers_another_question_is_none_of_the_birth_date(question):
    said = [("A", "Your date of birth?"), ("B", "April second, nineteen sixty."), ("A", question), ("B", "Seventy.")]
    items = detect(Dialogue.from_turns(said, language="en")).items
    assert [item for item in items if item.turn == 3 and item.type != "medical"] == []


def test_beside_labels_of_an_earlier_pass_nothing_more_is_hidden():
    labelled = [("A", "Where do you live?"), ("B", "[ADDRESS 1]."), ("A", "Which number?"), ("B", "It says forty-one.")]
    assert found(labelled, "forty one", 0.4) == []


@pytest.mark.parametrize(("said", "times"), [("lot 1 ", 700), ("twenty third and pine ", 350), ("St. Cloud ", 500), ("one block ", 600), ("forty north ", 500), ("sugar twelve ", 600)], ids=repr)
def test_twice_the_hostile_turn_about_a_home_takes_twice_the_time(said, times):
    once, twice = (min(_processor_seconds(said * size) for _ in range(2)) for size in (times, 2 * times))
    assert twice < GROWTH * once


def _processor_seconds(text):
    began = time.process_time()
    detect(Dialogue.from_turns([HOME[0], ("B", text)], language="en"))
    return time.process_time() - began
