"""Dates and addresses of the net fill their slots, and the pieces of one are of the same one."""

import random
import re

import pytest

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from training import spoken_dates, spoken_web
from training.numbers import MONTHS

DATES = ["date", "mdate", "day", "my", "dob", "dob_m", "dob_d", "dob_md", "dob_y", "num_date", "old"]
WEB = ["email", "email_user", "email_domain", "url", "handle", "ip"]
MODULES = {**dict.fromkeys(DATES, spoken_dates), **dict.fromkeys(WEB, spoken_web)}


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("digits", [True, False])
def test_every_slot_is_filled_the_same_for_the_same_seed(name, digits):
    def fill():
        rng = random.Random(11)
        return [MODULES[name].make(name, "2", rng, digits, {}) for _ in range(200)]

    texts = fill()
    assert texts == fill()
    assert all(t and t == t.strip() and "  " not in t and not t.endswith(",") for t in texts)
    assert len(set(texts)) > 10


def test_other_slots_are_left_to_others():
    for module in (spoken_dates, spoken_web):
        assert module.make("phone", "", random.Random(1), True, {}) is None


def test_pieces_of_a_birth_date_fit_the_whole():
    rng = random.Random(5)
    for _ in range(300):
        memo = {}
        whole = spoken_dates.make("dob", "", rng, True, memo)
        day, month, year = (spoken_dates.make(f"dob_{p}", "", rng, True, memo) for p in "dmy")
        y, m, d = map(int, memo["date.birth"].split("-"))
        assert int(re.sub(r"\D", "", day)) == d
        assert month.lstrip("0") == str(m) or month[:3] == MONTHS[m - 1][:3]
        assert int(year.strip("'")) in (y, y % 100)
        assert f"{y % 100:02d}" in whole


def test_numbers_make_other_dates_and_pieces_of_words_fit():
    rng = random.Random(6)
    memo = {}
    for number in ("", "2", "3"):
        spoken_dates.make("dob_m", number, rng, False, memo)
        spoken_dates.make("dob", number, rng, False, memo)
    assert len(memo) == len(set(memo.values())) == 3


def test_great_ages_are_great():
    rng = random.Random(7)
    assert all(90 <= int(spoken_dates.make("old", "", rng, True, {})) <= 108 for _ in range(300))


@pytest.mark.parametrize("digits", [True, False])
def test_pieces_of_an_address_are_of_one_address(digits):
    rng = random.Random(8)
    for _ in range(200):
        memo = {}
        for name in ("email_user", "email_domain", "email"):
            spoken_web.make(name, "4", rng, digits, memo)
        user, domain = (spoken_web.written(memo[f"web.{k}4"]) for k in ("user", "domain"))
        assert re.fullmatch(r"[a-z0-9._-]+", user)
        assert re.fullmatch(r"[a-z0-9.-]+\.[a-z.]+", domain)
        typed = spoken_web.make("email", "4", rng, True, memo)
        if re.fullmatch(r"[a-z0-9._@-]+", typed):
            assert typed == f"{user}@{domain}"
