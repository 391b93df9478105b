"""Numbers as an engine writes them: as figures, or in words the way people say them."""

from __future__ import annotations

import random

ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
TENS = [".", ".", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ORDINALS = (
    (
        "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    ).split()
    + [f"twenty-{w}" for w in ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]]
    + ["thirtieth", "thirty-first"]
)
MONTHS = ("January February March April May June July August September October November December").split()


def words(n: int) -> str:
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + (f"-{ONES[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES[n // 100]} hundred" + (f" {words(n % 100)}" if n % 100 else "")
    return f"{words(n // 1000)} thousand" + (f" {words(n % 1000)}" if n % 1000 else "")


def digit_words(digits: str, rng: random.Random) -> str:
    """One by one or in pairs, "oh" for zero more often than not."""
    zero = rng.choice(("oh", "oh", "zero"))
    if rng.random() < 0.35 and len(digits) % 2 == 0:
        pairs = [digits[i : i + 2] for i in range(0, len(digits), 2)]
        return " ".join(words(int(p)) if p[0] != "0" else f"{zero} {ONES[int(p[1])] if p[1] != '0' else zero}" for p in pairs)
    return " ".join(zero if d == "0" else ONES[int(d)] for d in digits)


def number(low: int, high: int, rng: random.Random, digits: bool) -> str:
    n = rng.randint(low, high)
    return str(n) if digits else words(n)


def small(rng: random.Random, digits: bool) -> str:
    return number(1, 24, rng, digits)


def zip_code(rng: random.Random, digits: bool) -> str:
    code = f"{rng.randint(501, 99950):05d}"
    return code if digits else digit_words(code, rng)


def house(rng: random.Random, digits: bool) -> str:
    n = rng.choice((rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 9999), rng.randint(10000, 19999)))
    if digits:
        return str(n)
    if n < 100 or rng.random() < 0.25:
        return words(n)
    text = str(n)
    if len(text) == 3:
        tail = int(text[1:])
        return f"{ONES[int(text[0])]} {words(tail) if tail > 9 else 'oh ' + ONES[tail] if tail else 'hundred'}"
    if len(text) == 4:
        tail = int(text[2:])
        return f"{words(int(text[:2]))} {words(tail) if tail > 9 else 'oh ' + ONES[tail] if tail else 'hundred'}"
    return digit_words(text, rng)


def year(rng: random.Random, digits: bool) -> str:
    y = rng.randint(1930, 2025)
    if digits:
        return str(y)
    if y < 2000:
        return f"nineteen {words(y % 100) if y % 100 > 9 else 'oh ' + ONES[y % 100]}"
    return f"two thousand {words(y % 100)}" if y < 2010 else f"twenty {words(y % 100)}"


def dose(rng: random.Random, digits: bool) -> str:
    n = rng.choice((1, 2, 5, 10, 20, 25, 40, 50, 75, 81, 100, 150, 200, 300, 500, 1000))
    return (
        f"{n} {rng.choice(('mg', 'milligrams', 'mcg'))}"
        if digits
        else f"{words(n)} {rng.choice(('milligrams', 'micrograms', 'units'))}"
    )


def money(rng: random.Random, digits: bool) -> str:
    n = rng.choice((rng.randint(5, 999), rng.randint(10, 99) * 100))
    return f"${n:,}" if digits else f"{words(n)} dollars"


def time(rng: random.Random, digits: bool) -> str:
    h, m = rng.randint(1, 12), rng.choice((0, 5, 15, 20, 30, 40, 45, 52))
    if digits:
        return f"{h}:{m:02d} {rng.choice(('a.m.', 'p.m.', 'AM', ''))}".strip()
    return rng.choice(
        (
            f"{words(h)} {words(m) if m > 9 else 'o five' if m else 'o clock'}",
            f"half past {words(h)}",
            f"{words(h)} in the morning",
        )
    )


def slot(name: str, rng: random.Random, digits: bool) -> str:
    makers = {"year": year, "dose": dose, "money": money, "time": time}
    if name in makers:
        return makers[name](rng, digits)
    if name == "ord":
        n = rng.randint(1, 31)
        return f"{n}th" if digits else ORDINALS[n]
    if name == "bn":
        return house(rng, digits)
    if name == "age":
        return number(18, 89, rng, digits)
    if name == "n":
        return number(1, 160, rng, digits)
    raise KeyError(name)
