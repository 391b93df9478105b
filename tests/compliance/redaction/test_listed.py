"""A matter's parties and lists hide whom they name, and no dose, no role and no ordinary word."""

import dataclasses

import pytest

from compliance.redaction import Dialogue, Policy, Rule, detect, preset, render


def read(*turns, policy="identifiers", parties=(), hide=()):
    dialogue = Dialogue.from_turns([("AB"[n % 2], text) for n, text in enumerate(turns)])
    dialogue = dataclasses.replace(dialogue, parties=tuple(parties), always_hide=tuple(hide))
    return [turn.text for turn in render(dialogue, detect(dialogue), preset(policy), this_year=2026).turns]


@pytest.mark.parametrize(
    ("party", "said"),
    [
        ("Five Star Trucking", "take five milligrams and then five more"),
        ("One Hundred Oaks LLC", "give her one hundred units at night"),
        ("The Harbor Company of Dayton", "the company of the ship was late"),
        ("COUNSEL FOR PLAINTIFF", "For the record, the plaintiff rests."),
        ("BY MR. ORTIZ", "Mr. Chairman, by what time?"),
        ("THE MOTHER", "My mother came."),
        ("People of the State of Ohio", "The State of Ohio rests."),
        ("Will Grant", "will you sign it / they will grant it"),
        ("Will Grant", "Will you grant it?"),
        ("Dana Mills", "The mills were closed."),
    ],
)
def test_the_words_of_a_party_stay_readable_where_they_are_ordinary(party, said):
    lines = said.split(" / ")
    assert read(*lines, parties=[party]) == lines


@pytest.mark.parametrize(
    ("party", "said", "visible"),
    [
        ("Five Star Trucking", "i drove for five star trucking", "i drove for [NAME 1]"),
        ("The Harbor Company of Dayton", "We are The Harbor Company of Dayton.", "We are The [NAME 1]."),
        ("Nightjar Logistics LLC", "nightjar never paid", "[NAME 1] never paid"),
        ("Whitlock & Barnes LLP", "That was Whitlock and Barnes too.", "That was [NAME 1] and [NAME 2] too."),
        ("BY MR. ORTIZ", "and ortiz said so", "and [NAME 1] said so"),
        ("Will Grant", "it was will who drove with grant", "it was [NAME 1] who drove with [NAME 1]"),
        ("Dana Mills", "Then Mills was there.", "Then [NAME 1] was there."),
        ("William Ostrander", "we saw bill at home", "we saw [NAME 1] at home"),
    ],
)
def test_a_party_is_hidden_in_any_form(party, said, visible):
    assert read(said, parties=[party]) == [visible]


@pytest.mark.parametrize("policy", ["identifiers", "frcp_5_2", "hipaa_safe_harbor", "gdpr", "everything"])
def test_what_is_always_hidden_is_hidden_under_every_policy_that_hides_anything(policy):
    assert read("We looked at the Nightjar file.", policy=policy, hide=["Nightjar"]) == ["We looked at the [NAME 1] file."]


def test_a_policy_that_hides_nothing_hides_nothing():
    assert read("We looked at the Nightjar file.", policy="verbatim", hide=["Nightjar"]) == ["We looked at the Nightjar file."]


@pytest.mark.parametrize("party", ["", "-", "???", "…", ".,;"])
def test_a_party_of_signs_alone_hides_nothing_and_holds_nothing_up(party):
    assert read("Sam Ortiz was there.", parties=[party], hide=[party]) == ["[NAME 1] was there."]


@pytest.mark.parametrize(
    ("party", "said", "visible"),
    [
        ("Delgado, Carmen", "I am Carmen Delgado.", "I am [NAME 1]."),
        ("Delgado, Carmen", "Then delgado, carmen went home", "Then [NAME 1] went home"),
        ("Delgado, Carmen", "and carmen said so to ms delgado", "and [NAME 1] said so to ms [NAME 1]"),
        ("Mills, Dana, M.D.", "We asked Dana Mills, and mills the mills.", "We asked [NAME 1], and mills the mills."),
        ("Mills, Dana", "Mr. Mills came.", "Mr. [NAME 1] came."),
        ("Acme Freight, Inc.", "i drove for acme freight", "i drove for [NAME 1]"),
    ],
)
def test_a_name_with_its_surname_first_is_hidden_in_either_order(party, said, visible):
    assert read(said, parties=[party]) == [visible]


@pytest.mark.parametrize("policy", ["identifiers", "frcp_5_2", "everything"])
@pytest.mark.parametrize(
    ("said", "hide"),
    [
        ("We met Greta Vandersloot at noon.", "Vandersloot"),  # within a party's name
        ("I saw Vandersloot there.", "Vandersloot"),  # of a party's name a part
        ("Please write to x@vander.com today.", "x@vander.com"),
        ("Her number is 412-555-0142 still.", "412-555-0142"),
        ("It was Rita Dunmore who came.", "Rita Dunmore"),
        ("So Rita", "Rita"),
    ],
)
def test_what_is_always_hidden_is_hidden_whoever_else_found_it(said, hide, policy):
    [line] = read(said, policy=policy, parties=["Greta Vandersloot"], hide=[hide])
    assert hide not in line
    # Nothing is hidden by it that the policy shows otherwise.
    assert policy != "frcp_5_2" or line.replace("[NAME 1]", hide).replace("[NAME 2]", hide) == said


def test_what_is_always_hidden_is_hidden_though_a_voice_is_called_so():
    dialogue = Dialogue.from_turns([("A", "Then Vandersloot came."), ("Dr. Vandersloot", "Yes.")], always_hide=["Vandersloot"])
    names = Policy("names", 1, {"name": Rule.SHOW, "ssn": Rule.LABEL})
    assert render(dialogue, detect(dialogue), names).turns[0].text == "Then [NAME 1] came."


def test_what_is_always_hidden_leaves_no_initials():
    dialogue = Dialogue.from_turns(
        [("A", "We call it Project Nightjar and I am Tobin Okafor.")], always_hide=["Project Nightjar"]
    )  # fmt: skip
    initials = Policy("initials", 1, {"name": Rule.INITIALS})
    assert render(dialogue, detect(dialogue), initials).text == "We call it [NAME 1] and I am [NAME T.O.]."
    boxes = Policy("boxes", 1, {"name": Rule.BOX})
    assert "[" not in render(dialogue, detect(dialogue), boxes).text


def test_one_place_that_a_list_and_the_look_name_alike_is_one_finding():
    dialogue = Dialogue.from_turns([("A", "My name is Tobin Okafor.")], always_hide=["Tobin Okafor"], parties=["Tobin Okafor"])
    [item] = detect(dialogue).items
    assert item.marks == ("chosen",)
