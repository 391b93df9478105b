"""Dates, birth dates in pieces and great ages, the ways people say them and engines write them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from training.numbers import MONTHS, ONES, ORDINALS, words

# Years of birth: mostly grown people, some children, some who are dead.
BIRTH_SPANS = ((1940, 2004), (1940, 2004), (1960, 2000), (2005, 2025), (1908, 1939))
DATE_SPANS = ((2010, 2026), (2017, 2026), (2021, 2026), (1985, 2010), (1950, 1984))


def any_day(spans: tuple[tuple[int, int], ...], rng: random.Random) -> date:
    low, high = rng.choice(spans)
    first = date(low, 1, 1)
    return first + timedelta(rng.randrange((date(high, 12, 31) - first).days))


def kept(key: str, spans: tuple[tuple[int, int], ...], rng: random.Random, memo: dict[str, str]) -> date:
    """The day this block has under `key`, so that pieces of it fit together however they are worded."""
    if key not in memo:
        memo[key] = any_day(spans, rng).isoformat()
    return date.fromisoformat(memo[key])


def suffixed(n: int) -> str:
    return f"{n}{'th' if 10 < n % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def flat(text: str, rng: random.Random) -> str:
    """Engines differ in whether they hyphenate "twenty-two"."""
    return text.replace("-", " ") if rng.random() < 0.3 else text


# years


def tail(n: int, rng: random.Random) -> str:
    """The last two figures of a year."""
    if n == 0:
        return rng.choice(("hundred", "oh oh"))
    return words(n) if n > 9 else f"{rng.choice(('oh', 'oh', 'oh', 'o', 'zero'))} {ONES[n]}"


def long_year(y: int, rng: random.Random) -> str:
    century, rest = divmod(y, 100)
    roll = rng.random()
    if roll < 0.03:
        return " ".join(rng.choice(("zero", "oh")) if c == "0" else ONES[int(c)] for c in str(y))
    if century == 20 and (rest < 10 or roll < 0.25):
        if not rest:
            return rng.choice(("two thousand", "two thousand", "the year two thousand"))
        if rest < 10 and roll > 0.9:
            return f"twenty {tail(rest, rng)}"
        return f"two thousand {rng.choice(('and ', ''))}{words(rest)}"
    if roll > 0.96 and rest > 9 and century == 19:
        return f"nineteen {rng.choice(('hundred and', 'and', 'hundred'))} {words(rest)}"
    return f"{words(century)} {'hundred' if not rest else tail(rest, rng)}"


def year(y: int, rng: random.Random, digits: bool, short: float = 0.35) -> str:
    """A year, with two figures in `short` of all cases."""
    brief = rng.random() < short
    if digits:
        return rng.choice((f"'{y % 100:02d}", f"{y % 100:02d}", f"{y % 100:02d}")) if brief else str(y)
    if brief and y % 100:
        return tail(y % 100, rng)
    return long_year(y, rng)


# months and days


def month_name(m: int, rng: random.Random, digits: bool) -> str:
    name = MONTHS[m - 1]
    if digits and rng.random() < 0.12 and name != "May":
        short = "Sept" if m == 9 and rng.random() < 0.6 else name[:3]
        return rng.choice((short, f"{short}."))
    return name


def mdate(d: date, rng: random.Random, digits: bool) -> str:
    """Month and day without a year."""
    month, n = month_name(d.month, rng, digits), d.day
    if digits:
        return rng.choice(
            (
                f"{month} {n}", f"{month} {n}", f"{month} {n}", f"{month} {suffixed(n)}", f"{month} {suffixed(n)}",
                f"the {suffixed(n)} of {month}", f"{suffixed(n)} of {month}", f"{month} the {suffixed(n)}",
                f"{n} {month}", f"{suffixed(n)} {month}", f"{d.month}/{n}", f"{d.month}/{n}", f"{d.month:02d}/{n:02d}",
                f"{d.month}-{n}",
            )
        )  # fmt: skip
    th = ORDINALS[n]
    return rng.choice(
        (
            f"{month} {th}", f"{month} {th}", f"{month} {th}", f"{month} {th}", f"{month} the {th}", f"{month} the {th}",
            f"the {th} of {month}", f"the {th} of {month}", f"{th} of {month}", f"{th} {month}", f"{month} {words(n)}",
            f"the {th} day of {month}", numeric((d.month, n), rng), f"{words(n)} {month}",
        )
    )  # fmt: skip


def numeric(parts: tuple[int, ...], rng: random.Random) -> str:
    """Month and day as numbers in words: "three twenty-six", "oh three, oh three"."""
    zero = rng.choice(("", "", "", "oh ", "oh ", "zero "))
    said = [words(p) if p > 9 else f"{zero}{ONES[p]}" for p in parts]
    return rng.choice((" ", " ", " ", ", ", ", ", " slash ", " dash ")).join(said)


def numbered(d: date, rng: random.Random, digits: bool, yearless: float = 0.0) -> str:
    """A date all in numbers."""
    with_year = rng.random() >= yearless
    m, n, y = d.month, d.day, d.year
    first, second = (n, m) if rng.random() < 0.08 else (m, n)
    if not digits:
        front = numeric((first, second), rng)
        if not with_year:
            return front
        joint = ", " if "," in front else next((f" {w} " for w in ("slash", "dash") if w in front), " ")
        return f"{front}{rng.choice((joint, joint, joint, ', ', ' of '))}{year(y, rng, False, 0.6)}"
    pair = [f"{n:02d}" for n in (first, second)] if rng.random() < 0.35 else [str(first), str(second)]
    joint = rng.choice(("/", "/", "/", "/", "/", "-", "-", ".", " ", ", "))
    if not with_year:
        return joint.join(pair)
    if rng.random() < 0.04:
        return rng.choice((d.isoformat(), f"{m:02d}{n:02d}{y}", f"{m:02d}{n:02d}{y % 100:02d}", f"{m:02d}{n:02d} {y}"))
    short = str(y) if rng.random() < 0.5 else f"{y % 100:02d}"
    if joint in (" ", ", ") and rng.random() < 0.3:
        return f"{joint.join(pair)} of {rng.choice((short, str(y)))}"
    return joint.join((*pair, short))


def full(d: date, rng: random.Random, digits: bool) -> str:
    """Day, month and year."""
    if rng.random() < (0.36 if digits else 0.26):
        return numbered(d, rng, digits)
    y = year(d.year, rng, digits)
    roll = rng.random()
    if roll < 0.03:  # as forms and soldiers have it
        return f"{y}, {mdate(d, rng, digits)}" if "/" not in y else y
    if digits and roll < 0.05:  # run together by the engine
        return f"{MONTHS[d.month - 1]} {d.day}{d.year}"
    if not digits and roll < 0.05:
        return f"{ORDINALS[d.day]}, {MONTHS[d.month - 1]}, {y}"
    if not digits and roll < 0.06:
        return f"day {words(d.day)} month {words(d.month)} year {y}"
    front = mdate(d, rng, digits)
    joint = rng.choice((", ", ", ", ", ", " ", " of ") if digits else (", ", ", ", ", ", " ", " ", " ", " of "))
    return f"{front}{joint}{y}"


def bare_day(d: date, rng: random.Random, digits: bool) -> str:
    """A day of a month named before."""
    th = suffixed(d.day) if digits else ORDINALS[d.day]
    return f"the {th}" if rng.random() < 0.85 else th


def month_year(d: date, rng: random.Random, digits: bool) -> str:
    y = year(d.year, rng, digits, 0.2)
    if digits and rng.random() < 0.1:
        return rng.choice((f"{d.month}/{d.year}", f"{d.month:02d}/{d.year}", f"{d.month:02d}/{d.year % 100:02d}"))
    month = month_name(d.month, rng, digits)
    return month + rng.choice((" of ", " of ", " ", " ", ", ", " in ")) + y


def either(d: date, rng: random.Random, digits: bool) -> str:
    roll = rng.random()
    if roll < 0.04:
        return f"the {suffixed(d.day) if digits else ORDINALS[d.day]}"
    return mdate(d, rng, digits) if roll < 0.46 else full(d, rng, digits)


# a birth date by and by


def birth_month(d: date, rng: random.Random, digits: bool) -> str:
    if rng.random() < 0.62:
        return month_name(d.month, rng, digits)
    if digits:
        return rng.choice((str(d.month), f"{d.month:02d}"))
    return words(d.month) if d.month > 9 else f"{rng.choice(('', 'oh ', 'oh ', 'zero '))}{ONES[d.month]}"


def birth_day(d: date, rng: random.Random, digits: bool) -> str:
    n = d.day
    if digits:
        return rng.choice((str(n), str(n), f"{n:02d}", suffixed(n), suffixed(n), f"the {suffixed(n)}"))
    number = words(n) if n > 9 else f"{rng.choice(('', 'oh '))}{ONES[n]}"
    return rng.choice((number, number, ORDINALS[n], ORDINALS[n], f"the {ORDINALS[n]}"))


def birth_year(d: date, rng: random.Random, digits: bool) -> str:
    return year(d.year, rng, digits, 0.45)


def old(key: str, rng: random.Random, digits: bool, memo: dict[str, str]) -> str:
    if key not in memo:
        memo[key] = str(rng.choice((rng.randint(90, 99), rng.randint(90, 99), rng.randint(90, 99), rng.randint(100, 108))))
    n = int(memo[key])
    if digits:
        return str(n)
    if n < 100:
        return words(n)
    if n == 100:
        return rng.choice(("a hundred", "one hundred"))
    rest = ONES[n - 100]
    return f"{rng.choice(('a hundred and', 'a hundred', 'one hundred and', 'one hundred', 'one oh'))} {rest}"


def num_date(d: date, rng: random.Random, digits: bool) -> str:
    return numbered(d, rng, digits, 0.15)


Wording = Callable[[date, random.Random, bool], str]
BIRTH: dict[str, Wording] = {"dob": full, "dob_m": birth_month, "dob_d": birth_day, "dob_md": mdate, "dob_y": birth_year}
WHEN: dict[str, Wording] = {"date": either, "mdate": mdate, "my": month_year, "num_date": num_date}


def make(name: str, number: str, rng: random.Random, digits: bool, memo: dict[str, str]) -> str | None:
    """The text for a slot, or None if it is not one of dates or great ages."""
    if name in BIRTH:
        text = BIRTH[name](kept(f"date.birth{number}", BIRTH_SPANS, rng, memo), rng, digits)
    elif name in WHEN:
        text = WHEN[name](kept(f"date.when{number}", DATE_SPANS, rng, memo), rng, digits)
    elif name == "day":
        text = bare_day(kept(f"date.day{number}", DATE_SPANS, rng, memo), rng, digits)
    elif name == "old":
        text = old(f"date.old{number}", rng, digits, memo)
    else:
        return None
    return text if digits else flat(text, rng)
