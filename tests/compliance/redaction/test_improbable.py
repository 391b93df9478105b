"""Numbers that look private or answer for something private, though the model sees no chance: they stay readable, but for whole identifiers."""

import pytest

from compliance.redaction.dialogue import Dialogue
from compliance.redaction.recognisers.addresses import AddressRecogniser
from compliance.redaction.recognisers.ages import AgeRecogniser
from compliance.redaction.recognisers.dates import DateRecogniser
from compliance.redaction.recognisers.identifiers import IdentifierRecogniser
from compliance.redaction.recognisers.improbable import IMPROBABLE
from compliance.redaction.view import DialogueView
from tests.compliance.redaction.believing import Believer

ASKED = [
    (IdentifierRecogniser, "What's her record number? | four one nine | four one nine"),
    (IdentifierRecogniser, "your phone number | two six six oh three | two six six oh three"),
    (IdentifierRecogniser, "it reads b t four two nine one six | b t four two nine one six"),
    (AgeRecogniser, "she's ninety four now | ninety four"),
    (DateRecogniser, "your date of birth | four twelve sixty one | four twelve sixty one"),
    (AddressRecogniser, "what's your address | number four | number four"),
]


def found(recogniser, turns, nlp):
    view = DialogueView(Dialogue.from_turns([("AB"[n % 2], text) for n, text in enumerate(turns)]))
    return " ".join(view.text(f.turn)[f.start : f.end] for f in recogniser(nlp).find(view))


@pytest.mark.parametrize(("recogniser", "case"), ASKED, ids=lambda v: getattr(v, "__name__", None))
def test_a_number_that_the_model_holds_for_nobodys_stays_readable(recogniser, case):
    *turns, said = case.split(" | ")
    assert found(recogniser, turns, Believer(said, "number", IMPROBABLE - 0.01)) == ""


@pytest.mark.parametrize("kind", ["number", "date", "place", "age", "person", "web"])
@pytest.mark.parametrize(("recogniser", "case"), ASKED, ids=lambda v: getattr(v, "__name__", None))
def test_one_that_it_gives_any_chance_of_being_private_is_hidden(recogniser, case, kind):
    *turns, said = case.split(" | ")
    assert said in found(recogniser, turns, Believer(said, kind, IMPROBABLE))


def test_a_chance_of_being_medical_makes_no_number_private():
    turns = ["What's her record number?", "four one nine"]
    assert found(IdentifierRecogniser, turns, Believer("four one nine", "medical", 0.9)) == ""


@pytest.mark.parametrize("said", ["four one one one two two oh nine six", "4111111111111111", "900-45-6789 9004567890"])
def test_whole_identifiers_are_hidden_whatever_the_model_says(said):
    assert found(IdentifierRecogniser, ["Card number?", said], Believer("", "number", 0.0)) != ""


def test_a_model_that_tells_no_chances_forbids_nothing():
    assert found(IdentifierRecogniser, ["What's her record number?", "four one nine"], None) == "four one nine"


def test_one_word_with_a_chance_keeps_the_whole_number_hidden():
    turns = ["What's her record number?", "four one nine"]
    assert found(IdentifierRecogniser, turns, Believer("nine", "number", IMPROBABLE)) == "four one nine"


@pytest.mark.parametrize("said", ["it was around thanksgiving", "march third", "3/14/1968", "the twenty second of june"])
def test_dates_that_name_themselves_need_no_opinion(said):
    assert found(DateRecogniser, [said], Believer("", "date", 0.0)) != ""


@pytest.mark.parametrize("said", ["Her policy number is 14-PR-20218.", "the chart number is four one nine", "her member id is b four four two"])
def test_what_words_right_before_it_call_somebodys_number_needs_no_opinion(said):
    assert found(IdentifierRecogniser, [said], Believer("", "number", 0.0)) != ""


@pytest.mark.parametrize("said", ["it was on the card at seven thirty nine", "the claim was filed and then a hundred and four two one"])
def test_one_word_of_the_trade_before_a_number_is_not_enough(said):
    assert found(IdentifierRecogniser, [said], Believer("", "number", 0.0)) == ""


def test_beside_labels_of_an_earlier_pass_a_number_needs_more_of_a_chance():
    turns = ["[NAME 1]: and the number", "c v i twenty three oh eight eight one two"]
    held = "c v i twenty three oh eight one two"
    assert found(IdentifierRecogniser, turns, Believer(held, "number", 0.4)) == ""
    assert found(IdentifierRecogniser, turns, Believer(held, "number", 0.6)) != ""
    assert found(IdentifierRecogniser, ["and the number", turns[1]], Believer(held, "number", 0.4)) != ""


@pytest.mark.parametrize("turns", [["It's spelled D-U-Q-U-E."], ["How do you spell that?", "D-U-Q-U-E."]])
def test_letters_that_are_said_to_spell_a_name_need_no_opinion(turns):
    assert "D-U-Q-U-E" in found(IdentifierRecogniser, turns, Believer("", "person", 0.0))
    assert found(IdentifierRecogniser, ["It's the D-U-Q-U-E study."], Believer("", "person", 0.0)) == ""
