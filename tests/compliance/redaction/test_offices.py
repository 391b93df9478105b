"""What real meetings and consultations say: offices before names, towns called a city, programs that listen, hesitation within a date."""

import pytest

from compliance.redaction import Dialogue, detect
from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "Thank you, Councilor [[Marks]]. As Councilor [[Marks]] moved. | Councilor [[Bears]]? Present. Vice President [[Knight]]? Present.",
        "Mr. Clerk, please call the roll. | Member [[Ruseau]]? Yes. Member [[Van der Kloot]]. | Council Member [[Bates]]? Aye. Council Member [[Hall]]? Aye.",
        "Good evening, Mayor [[Reed]] and members of the council. | As Mayor, I thank you. Chair [[Hall]] has the floor.",
        "I asked Secretary [[Pool]] and Superintendent [[Edouard-Vincent]]. | Mr. President, thank you. Member services called.",
        "I, [[Catherine S. Reed]], Mayor of the City, hereby proclaim it. | President [[Kennedy]] was shot. The President's Commission met.",
        "thank you mayor [[reed]] councilor [[marks]] and councilmember [[hall]] | councilmember [[amos]] aye",
        "the mayor rules on it and our chairman walks home | the member may speak the president of the association was there",
    ],
)
def test_a_name_after_an_office_is_hidden_and_the_office_is_not(conversation):
    assert misses(conversation) == ([], [])


def test_who_is_called_like_an_office_is_hidden():
    assert misses("My name is [[John Mayor]]. | Thank you, Mr. [[Mayor]].") == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "I am a resident of [[Fairfax City]], obviously. | The Fairfax City Council met, and Fairfax City Hall was full.",
        "i live in [[iowa city]] and work in [[dodge city]] | he is from the inner city and likes the big city",
        "Can I have the address? | Uh, address, uh, [[sixteen avenue]].",
        "And what's your address? | [[Sixteen Avenue]].",
    ],
)
def test_a_town_called_a_city_and_a_street_without_a_name_are_hidden(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "when did it start | it's been hurting since about [[march]]",
        "when did it start | in like [[may]] or so | and you march like soldiers",
        "Can you confirm your date of birth? | Um, [[twenty second]] uh, ((of)) [[March]], ((of)) um, [[ninety]].",
        "date of birth | [[twenty second]] uh ((of)) [[march]] ((of um)) [[ninety]]",
    ],
)
def test_dates_that_people_say_roughly_or_with_hesitation_are_hidden(conversation):
    assert misses(conversation) == ([], [])


def test_two_birth_dates_stay_two():
    said = "She was born on March third, nineteen eighty, and he was born on May fifth, nineteen eighty-one."
    found = detect(Dialogue.from_turns([("A", "And their dates of birth?"), ("B", said)])).items
    assert len(found) == 2


@pytest.mark.parametrize(
    "conversation",
    [
        "hi [[john]] i know the nurse told you about dax i'd like to tell dax a little bit about you | okay",
        "Hi, [[John]]. The nurse told you about DAX. I'd like to tell DAX a little bit about you. | Okay.",
        "my son [[dax]] is five i told [[dax]] to stay home | did [[dax]] see you",
        "What's his name? | [[Dax]]. [[Dax Miller]].",
        "Hey Dragon, show me the MRI. | So it's me and the old Dragon. Goodbye, Dragon.",
        "So how is Mam? I saw Mam on Tuesday. | Grandad and Gran are well. miz [[Waddell]] says so.",
        "okay so lem me take a look at your knee | Marvelous. OK.",
    ],
)
def test_a_program_that_listens_is_nobody(conversation):
    assert misses(conversation) == ([], [])
