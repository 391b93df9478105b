"""What people say, and what of it has to be gone. None of these lines stands in a gold file."""

import pytest

from compliance.redaction import TYPES, Dialogue, detect, preset, render
from compliance.redaction.labels import LABEL, LANGUAGES, not_checked_label


def hidden(*turns, types=False, **more):
    """The texts that the second pass hides, medical words apart."""
    dialogue = Dialogue.from_turns([t if isinstance(t, tuple) else ("AB"[n % 2], t) for n, t in enumerate(turns)], **more)
    items = [d for d in detect(dialogue).items if d.type != "medical"]
    if types:
        return [(dialogue.turns[d.turn].text[d.start : d.end], d.type) for d in items]
    return [dialogue.turns[d.turn].text[d.start : d.end] for d in items]


def shown(*turns, **more):
    dialogue = Dialogue.from_turns([("AB"[n % 2], t) for n, t in enumerate(turns)], **more)
    return [t.text for t in render(dialogue, detect(dialogue), preset("identifiers")).turns]


NUMBERS = [
    ("And the last four of your social?", "It's six one, um, double two.", ["six one", "double two"]),
    ("What's your social security number?", "Four one two, sixty-eight, eleven fifty-three.", ["Four one two, sixty-eight, eleven fifty-three"]),
    ("Your phone number?", "Area code two one six, five five five, oh one double nine.", ["two one six, five five five, oh one double nine"]),
    ("Can I have the member ID?", "K as in kilo, M as in Mary, triple seven, four oh two.", ["K as in kilo, M as in Mary, triple seven, four oh two"]),
    ("what's the plate", "it's hotel kilo romeo nine one four", ["hotel kilo romeo nine one four"]),
    ("Account number please.", "Thirteen hundred, twenty-two, nine oh six.", ["Thirteen hundred, twenty-two, nine oh six"]),
    ("what is the number on the card", "four one one one dash two two two two dash three three three three dash four four four five", None),
]


@pytest.mark.parametrize(("question", "answer", "expected"), NUMBERS)
def test_numbers_are_hidden_in_all_the_ways_people_say_them(question, answer, expected):
    found = hidden(question, answer)
    assert found == (expected if expected is not None else [answer])


def test_a_number_goes_on_over_turns_and_interjections():
    found = hidden(
        "And the card number?", "Five one oh five.", "Mm-hmm.", "One oh five one.", "Okay.", "Oh five one oh, five one oh oh.", "So five one oh oh on the end."
    )
    assert found == ["Five one oh five", "One oh five one", "Oh five one oh, five one oh oh", "five one oh oh"]


def test_self_corrections_are_hidden_with_what_they_correct():
    found = hidden("Your telephone?", "Three oh three, five five five, oh one four, no wait, oh one five two.")
    assert "".join(found).count("five") >= 4
    assert any("two" in f for f in found)


def test_a_question_gives_its_type_to_the_answer():
    assert hidden("And your date of birth?", "March third.", "What year?", "Eighty-two.", types=True) == [
        ("March third", "date_of_birth"),
        ("Eighty-two", "date_of_birth"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "You can write to t dot abernathy-cole at fernmail dot org.",
        "its tilda underscore q nine at fernmail dot net",
        "My email is Q U I S T at fernmail dot com.",
    ],
)
def test_spoken_mail_addresses_go_whole(line):
    visible = " ".join(shown(line)).lower()
    assert "fernmail" not in visible
    assert "abernathy" not in visible
    assert "tilda" not in visible
    assert "q u i s t" not in visible


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("My name is Oyinkansola Braithwaite.", ["Oyinkansola", "Braithwaite"]),
        ("hi this is svetlana from the front desk", ["svetlana"]),
        ("Dr. Vandersloot saw him, then Nurse Petrakis.", ["Vandersloot", "Petrakis"]),
        ("my husband greg drives a truck", ["greg"]),
        ("her name is spelled Z U Z A N N A", ["Z U Z A N N A"]),
        ("He goes by Chuy.", ["Chuy"]),
        ("my son will is nine and he loves it", ["will"]),
        ("this is grant whitcombe for the plaintiff", ["grant", "whitcombe"]),
    ],
)
def test_names_are_hidden(line, gone):
    visible = shown(line)[0]
    assert not [g for g in gone if g in visible.split() or g in visible.replace(".", " ").replace(",", " ").split()]


@pytest.mark.parametrize(
    "line",
    [
        "Will you mark that as Exhibit 12, please?",
        "I hope it may help, the chance is good.",
        "will you mark the next one and may i see it",
        "The Ford is at Mercy General Hospital with the Toyota.",
        "He has Parkinson's, and she was tested for Lyme disease.",
        "Take 500 milligrams twice a day, and 20 units at night.",
        "Pressure is 142 over 91, pulse 96, temperature 98.6.",
        "It was 2:30 on a Tuesday, back in 2016.",
        "Under section 1983 he paid $2,400 in 3 installments.",
        "Carvedilol 3.125 twice daily, potassium 4.1, A1C 7.2.",
        "She is from Ohio and speaks Spanish.",
        "blood pressure was one forty two over ninety one",
    ],
)
def test_what_is_nobodys_secret_stays(line):
    assert hidden(line) == []


def test_a_name_found_once_is_hidden_everywhere_in_any_form():
    lines = shown(
        "State your name.", "Wilhelmina Oduya-Frost.", "Ms. Oduya-Frost, who is Wilhelmina to you?", "That's me. WILHELMINA's my name.", "I saw wilhelmina there."
    )
    assert "ilhelmina" not in " ".join(lines).lower().replace("[", "")


def test_one_person_has_one_number():
    text = " ".join(shown("State your name.", "Svetlana Petrakis.", "Ms. Petrakis, and your sister?", "Zuzanna Petrakis. Svetlana is older."))
    first = text.split("[")[1].split("]")[0]
    assert text.count(f"[{first}]") >= 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("she's ninety four and still drives", ["ninety four"]),
        ("My grandfather is 97.", ["97"]),
        ("She was a hundred and three years old when she passed.", ["a hundred and three"]),
        ("He's eighty-nine.", []),
        ("The sat was ninety-four on room air.", []),
    ],
)
def test_only_ages_over_89(line, expected):
    assert hidden(line) == expected


def test_addresses_below_the_state():
    visible = " ".join(shown("Where do you live?", "Forty-one seventy Alder Creek Road, apartment six B, Dayton, Ohio, four five four oh two.")).lower()
    for gone in ("alder", "forty", "dayton", "four five", "six b"):
        assert gone not in visible


@pytest.mark.parametrize(
    "said",
    ["William Ostrander called. Bill said yes. | Bill Ostrander signed.", "W. Ostrander signed for William Ostrander. | Then Bill left."],
)
def test_a_person_has_one_number_by_nickname_and_initial(said):
    visible = " ".join(shown(*said.split(" | ")))
    assert "[NAME 1]" in visible
    assert "[NAME 2]" not in visible


def test_the_matters_own_lists():
    text = "We saw bill at the Blue Heron project."
    assert "bill" in shown(text)[0]
    assert "bill" not in shown("we saw bill at the blue heron project", parties=("William Ostrander",))[0]
    assert "Blue Heron" not in shown(text, always_hide=("Blue Heron",))[0]
    assert "Svetlana" in shown("My name is Svetlana.", always_show=("Svetlana",))[0]
    assert "Svetlana" not in shown("My name is Svetlana.", always_show=("Svetlana",), parties=("Svetlana Orr",))[0]


def test_an_uncovered_language_hides_the_turn():
    dialogue = Dialogue.from_provider_result(
        {"utterances": [{"speaker": "A", "text": "Hello."}, {"speaker": "B", "text": "me llamo Juan", "language_code": "es"}]}
    )
    detections = detect(dialogue)
    assert [(h.turn, h.language) for h in detections.hidden_turns] == [(1, "es")]


def test_detections_say_why():
    for item in detect(Dialogue.from_turns([("A", "My name is Svetlana Petrakis, call 216-555-0199.")])).items:
        assert item.recogniser
        assert item.reason
        assert 0 < item.score <= 1
        assert "Svetlana" not in item.reason


# One of each of Safe Harbor's identifiers (45 CFR 164.514(b)(2)(i)) that can be said, as people say it and as engines write it.
OF_EACH = [
    ("name", "My name is Zebulon Quist.", "Zebulon Quist"),
    ("address", "I live at 4170 Alder Creek Road, Dayton, Ohio 45402.", "4170 Alder Creek Road, Dayton, Ohio 45402"),
    ("date", "The surgery was on March 3rd.", "March 3rd"),
    ("date_of_birth", "Date of birth? | March third, eighty-two.", "March third, eighty-two"),
    ("age_over_89", "she's ninety four and still drives", "ninety four"),
    ("phone_number", "your phone number | nine three seven five five five oh one four two", "nine three seven five five five oh one four two"),
    ("phone_number", "The fax number is 937-555-0142.", "937-555-0142"),
    ("email", "it's j dot quist at fernmail dot org", "j dot quist at fernmail dot org"),
    ("ssn", "My social is 521-47-5093.", "521-47-5093"),
    ("medical_record_number", "Your medical record number is 40071835.", "40071835"),
    ("health_plan_number", "The member I D is X Q four four seven one nine oh two.", "X Q four four seven one nine oh two"),
    ("bank_account", "the account number is oh oh four seven one one eight two", "oh oh four seven one one eight two"),
    ("credit_card", "The card is 4111 1111 1111 1111.", "4111 1111 1111 1111"),
    ("license_number", "My driver's license is R Q 447 190.", "R Q 447 190"),
    ("vehicle_id", "The license plate is KLM 4471.", "KLM 4471"),
    ("device_id", "The pump's serial number is PX-447190-B.", "PX-447190-B"),
    ("url", "Go to www.fernmail.org/quist for it.", "www.fernmail.org/quist"),
    ("ip_address", "It came from the I P address 192.168.4.17.", "192.168.4.17"),
]


@pytest.mark.parametrize(("type_", "line", "expected"), OF_EACH)
def test_each_identifier_of_safe_harbor_is_found_as_what_it_is(type_, line, expected):
    dialogue = Dialogue.from_turns([("AB"[n % 2], said) for n, said in enumerate(line.split(" | "))])
    found = [(d.type, dialogue.turns[d.turn].text[d.start : d.end]) for d in detect(dialogue).items if d.type != "medical"]
    assert found == [(type_, expected)]


def test_each_type_of_identifier_has_its_line():
    assert {type_ for type_, _, _ in OF_EACH} == set(TYPES) - {"medical"}


def test_only_a_language_is_what_was_not_checked():
    """Whoever writes a name where a label says a language has written no label: the pass reads it."""
    assert all(LABEL.fullmatch(not_checked_label(code)) for code in LANGUAGES)
    assert not LABEL.search("[NOT CHECKED: Gonzalez]")
