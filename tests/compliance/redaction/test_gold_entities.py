"""Which marks of one gold transcript are one person, number or place: what "hidden in all mentions" counts."""

import pytest

from compliance.redaction.gold import GoldFile, GoldSpan, GoldTurn, score
from compliance.redaction.gold_entities import entity_numbers


def one(label, *texts):
    """How many entities the texts are."""
    return len(set(entity_numbers([(label, text) for text in texts])))


@pytest.mark.parametrize(
    "texts",
    [
        ("Philippa Ravensworth", "Ravensworth", "philippa"),
        ("Philippa", "Ravensworth", "Philippa Ravensworth"),  # the third joins the first two
        ("Ravensworth", "R-A-V-E-N-S-W-O-R-T-H", "r a v e n s w o r t h"),
        ("O'Brien", "O’Brien", "o'brien's"),
        ("Lynn", "L, Y, double N"),
        ("Boyd", "b as in boy o y d"),
        ("Moreau, Linh Achieng", "Linh Moreau"),
        ("Fitzalan-Moreau", "Desmond Moreau"),
        ("Hallström", "Hallstro\u0308m"),
    ],
)
def test_names_that_share_a_part_are_one_person(texts):
    assert one("NAME", *texts) == 1


@pytest.mark.parametrize(
    "texts",
    [
        ("Maria de la Cruz", "Jorge de la Vega"),
        ("J. Okonjo", "J. Abernathy"),
        ("Des", "Desmond"),
        ("Ann", "Anna"),
        ("Dr. Okonjo", "Dr. Abernathy"),
        ("B as in boy", "Z as in zebra"),
    ],
)
def test_names_that_share_no_part_are_two(texts):
    assert one("NAME", *texts) == 2


def test_numbers_go_by_their_digits_however_they_are_said():
    assert one("PHONE", "970-555-0119", "nine seven oh, five five five, oh one one nine") == 1
    assert one("PHONE", "970-555-0119", "970-555-0118") == 2
    assert len(set(entity_numbers([("SSN", "123456789"), ("MRN", "123456789")]))) == 2


def test_all_else_goes_by_its_text():
    assert one("ADDRESS", "1190 Summer Street", "1190 summer street,", "1190  Summer Street") == 1
    assert one("ADDRESS", "1190 Summer Street", "1191 Summer Street") == 2
    assert one("DATE", "May 3rd", "May 4th") == 2


def test_one_mention_that_leaks_opens_its_whole_entity():
    texts = ("Philippa Ravensworth", "Ravensworth", "Abernathy")
    turns = tuple(GoldTurn("A", text, (GoldSpan(0, len(text), "NAME"),)) for text in texts)
    gold = GoldFile("made-up", {"style": "formatted"}, turns)
    hidden = [[(0, len(text))] for text in texts]
    found = score(gold, hidden)
    assert (found.entities, found.entities_whole) == (2, 2)
    found = score(gold, [hidden[0], [], hidden[2]])
    assert (found.entities, found.entities_whole) == (2, 1)


def test_a_second_file_has_entities_of_its_own():
    gold = GoldFile("made-up", {}, (GoldTurn("A", "Abernathy", (GoldSpan(0, 9, "NAME"),)),))
    total = score(gold, [[(0, 9)]])
    total.add(score(gold, [[]]))
    assert (total.entities, total.entities_whole) == (2, 1)
