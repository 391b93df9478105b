"""The digits and years that a span says, whether it writes or speaks them."""

from __future__ import annotations

import re

UNITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "niner": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
# What years begin with: "nineteen eighty", "twenty ten".
CENTURIES = frozenset(["eighteen", "nineteen", "twenty"])
ZEROS = ("oh", "o", "zero")
REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}

_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def number_word(low: str) -> bool:
    """Whether a word in small letters is a number or a part of one: "14", "twenty", "hundred"."""
    return low.isdigit() or low in UNITS or low in TENS or low == "hundred"


def written_digits(text: str) -> str:
    """The digits of a number as people say it: ``"one one eight, seventy-four"`` is ``"11874"``."""
    digits: list[str] = []
    words = [w.lower() for w in _TOKEN.findall(text)]
    repeat = 1
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        if word.isdigit():
            piece = word
        elif word in TENS:
            following = UNITS.get(words[index]) if index < len(words) else None
            if following is not None and 1 <= following <= 9:
                piece = str(TENS[word] + following)
                index += 1
            else:
                piece = str(TENS[word])
        elif word in UNITS:
            piece = str(UNITS[word])
        elif word in REPEATS:
            repeat = REPEATS[word]
            continue
        elif word == "hundred" and digits:
            piece = "00"
        elif word == "thousand" and digits:
            piece = "000"
        else:
            continue
        digits.append(piece * repeat)
        repeat = 1
    return "".join(digits)


def written_year(text: str) -> int | None:
    """The four-digit year that a date says, or None where it says none or leaves the century open."""
    for found in re.finditer(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)", text):
        return int(found.group(1))
    words = [w.lower() for w in _TOKEN.findall(text)]
    read = {year for place in range(len(words)) if (year := _year_at(words, place)) is not None}
    # "May twenty, nineteen seventy-one" is not of 2019: a day is no century. Where two years are left, nobody can tell.
    return read.pop() if len(read) == 1 else None


def _year_at(words: list[str], place: int) -> int | None:
    """The year that is said from ``place`` on: "nineteen seventy one", "twenty oh five", "two thousand and six"."""
    word = words[place]
    rest = words[place + 1 : place + 4]
    if not rest:
        return None
    if word in CENTURIES:
        if rest[0] in CENTURIES and len(rest) > 1 and (_ends_year(rest[1]) or rest[1] in ZEROS):
            return None  # the day before the year: "June nineteen, nineteen seventy-one"
        if _ends_year(rest[0]):
            tail = written_digits(" ".join(rest[:2] if rest[0] in TENS else rest[:1]))
            return int(f"{UNITS.get(word, 20)}{tail[:2]}")
        tail = written_digits(" ".join(rest[:2]))
        if rest[0] in ZEROS and len(tail) == 2:
            return int(f"{UNITS.get(word, 20)}{tail}")
    if word == "two" and rest[0] == "thousand":
        rest = rest[1:] if rest[1:2] != ["and"] else words[place + 3 : place + 5]
        tail_words = []
        for said in rest[:2]:
            if said not in UNITS and said not in TENS:
                break
            tail_words.append(said)
        tail = written_digits(" ".join(tail_words))
        return 2000 + (int(tail) if tail and int(tail) < 100 else 0)
    return None


def _ends_year(word: str) -> bool:
    """Whether a word may end a year or begin its end: "eleven", "seventy" (one)."""
    return word in TENS or UNITS.get(word, 0) >= 10
