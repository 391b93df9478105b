"""Spoken identifiers: every slot in figures and words, pieces that add up to the number, the same seed the same words."""

import random
import re

import pytest

from training.numbers import words
from training.spoken_numbers import MAKERS, PIECES, make, plan

VALUES = {words(n): str(n) for n in range(100)} | dict.fromkeys(("oh", "o", "nought"), "0")
MULTIPLES = {"double": 2, "triple": 3}
SCALES = {"hundred": 100, "thousand": 1000}
WAYS = ("oh", "zero", "nought", "double", "triple", "hundred", "thousand", "eleven", "dash", "extension", "sorry", "uh")
LENGTHS = {"ssn": {9}, "routing": {9}, "npi": {10}, "vin": {17}, "card": {15, 16}, "phone": {7, *range(9, 15)}}
IN_PIECES = ("phone", "ssn", "card", "account", "mrn", "member", "license", "plate", "vin", "serial")
SLOTS = (*MAKERS, "ssn_end", "card_end", *(f"{k}_{p}" for k in IN_PIECES for p in (*PIECES, "bad")))


def heard(text: str) -> str:
    """The figures that a listener writes down."""
    out = ""
    for part in re.split(r"[^\w\s-]+|--+|\bthen\b", text.lower()):
        tokens = re.findall(r"[a-z]+(?:-[a-z]+)?|\d", part)
        said: list[str] = []
        times, room = 1, 0  # how large a number the last one still takes in: "four hundred" and "twelve"
        for i, word in enumerate(tokens):
            if word in MULTIPLES:
                times = MULTIPLES[word]
            elif word in VALUES or word.isdigit():
                scale = SCALES.get(tokens[i + 1] if i + 1 < len(tokens) else "", 1)
                value = int(VALUES.get(word, word)) * scale
                if 0 < value < room:
                    said[-1] = str(int(said[-1]) + value)
                else:
                    said.append(str(value) * times)
                times, room = 1, scale
            elif word not in ("and", *SCALES):
                room = 0
        out += "".join(said)
    return out


@pytest.mark.parametrize("digits", [True, False])
@pytest.mark.parametrize("slot", SLOTS)
def test_every_slot_is_filled_the_same_from_the_same_seed(slot, digits):
    for seed in range(60):
        first, again = (make(slot, "2", random.Random(seed), digits, {}) for _ in range(2))
        assert first == again
        assert first
        assert first == first.strip()
        assert "  " not in first
        assert "{" not in first


def test_other_slots_are_left_to_others():
    for name in ("n", "year", "zip", "date", "phone_x", "badger", "id_card"):
        assert make(name, "", random.Random(0), True, {}) is None


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("digits", [True, False])
@pytest.mark.parametrize("kind", ["phone", "ssn", "card"])
def test_pieces_join_to_the_number(kind, digits, count):
    for seed in range(150):
        rng = random.Random(seed)
        names = [f"{kind}_{p}" for p in PIECES[:count]]
        memo = plan("{" + n + "}" for n in names)
        parts = [make(n, "", rng, digits, memo) for n in names]
        assert "".join(heard(p) for p in parts) == memo[kind].replace("|", ""), parts


def test_a_number_is_kept_within_its_block_and_another_beside_it():
    memo: dict[str, str] = {}
    rng = random.Random(5)
    make("ssn", "", rng, True, memo)
    before = memo["ssn"]
    assert heard(make("ssn_end", "", rng, True, memo)).endswith(before[-2:])
    make("ssn", "2", rng, True, memo)
    assert memo["ssn"] == before != memo["ssn2"]


def test_numbers_have_the_length_of_their_kind():
    for kind, lengths in LENGTHS.items():
        for seed in range(200):
            memo: dict[str, str] = {}
            make(kind, "", random.Random(seed), True, memo)
            assert len(memo[kind].replace("|", "")) in lengths


def test_a_slip_is_not_the_number():
    for seed in range(100):
        memo: dict[str, str] = {}
        make("member_bad", "", random.Random(seed), False, memo)
        assert memo["member/bad"].replace("|", "") != memo["member"].replace("|", "")


def test_people_say_numbers_in_many_ways():
    rng = random.Random(1)
    said = "\n".join(make(kind, "", rng, digits, {}) for kind in MAKERS for digits in (True, False) for _ in range(200))
    for way in (*WAYS, "area code", "as in"):
        assert way in said
    assert re.search(r"\(\d{3}\)\d{3}-\d{4}", said)
    assert re.search(r"\b\d( \d)+", said)
