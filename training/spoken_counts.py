"""Numbers of speech that identify nobody: counts, vitals, citations, prices, odds, in figures or in words.

Each slot says what it counts where people would (`{lab}` is "A1c of 7.2", `{room}` "room four twelve"), and stands bare where
they would not (`{count}`, `{price}`, `{docket}`). Three numbered slots are rows that look like identifiers and are none:
`{count8}` is counting aloud, `{count7}` and `{count9}` are digits to be said after somebody.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from training.numbers import ONES, digit_words, words

Rng = random.Random
LETTERS = "ABCDEFGHJKLMNPQRSTW"


def either(rng: Rng, *options: str) -> str:
    return rng.choice(options)


def grouped(n: int, rng: Rng) -> str:
    """The way a road, a room or a pressure is read: "four twelve", "one oh four", "nineteen eighty-three"."""
    text = str(n)
    if len(text) not in (3, 4) or n % 1000 == 0:
        return words(n)
    head, tail = int(text[:-2]), int(text[-2:])
    if not tail:
        return f"{words(head)} hundred"
    return f"{words(head)} {words(tail) if tail > 9 else rng.choice(('oh', 'oh', 'o', 'zero')) + ' ' + ONES[tail]}"


def plain(n: int, rng: Rng, digits: bool) -> str:
    """A number as a quantity."""
    if digits:
        if n < 10 and rng.random() < 0.3:  # engines write the small ones in words
            return words(n)
        return f"{n:,}" if n > 9999 or (n > 999 and rng.random() < 0.6) else str(n)
    if 100 < n < 1000 and n % 100:
        head, tail = divmod(n, 100)
        whole = f"{words(head)} hundred and {words(tail)}"
        options = [grouped(n, rng), words(n), whole]
        if head == 1:
            options += [f"a hundred {words(tail)}", f"a hundred and {words(tail)}"]
        return rng.choice(options)
    if n in (100, 1000) and rng.random() < 0.6:
        return "a hundred" if n == 100 else "a thousand"
    if 1000 < n < 10000 and n % 100 == 0 and n % 1000 and rng.random() < 0.6:
        return f"{words(n // 100)} hundred"
    return words(n)


def named(n: int, rng: Rng, digits: bool) -> str:
    """A number as a label of something: no thousands, in groups or digit by digit."""
    if digits:
        return str(n)
    return digit_words(str(n), rng) if n > 99 and rng.random() < 0.3 else grouped(n, rng)


def decimal(low: float, high: float, rng: Rng, digits: bool, places: int = 1) -> str:
    text = f"{rng.uniform(low, high):.{places}f}"
    if digits:
        return text
    whole, part = text.split(".")
    said = " ".join(ONES[int(d)] if d != "0" else "oh" for d in part)
    if len(part) == 2 and part[0] != "0" and rng.random() < 0.4:
        said = words(int(part))
    head = rng.choice(("point", "zero point")) if whole == "0" else f"{words(int(whole))} point"
    return f"{head} {said}"


def count(rng: Rng, digits: bool) -> str:
    roll = rng.random()
    if roll < 0.12:
        return either(
            rng, "a dozen", "half a dozen", "a couple hundred", "two dozen", "a hundred and some", "thirty-some", "forty-odd",
            "zero", "none, zero", "two or three", "a third", "one third", "two and a half", "one, two, maybe three",
        )  # fmt: skip
    if roll < 0.2:
        n = rng.randint(2, 40)
        return f"{plain(n, rng, digits)} or {plain(n + rng.choice((1, 1, 2, 5)), rng, digits)}"
    top = rng.choice((9, 20, 99, 99, 999, 9999, 150_000))
    n = rng.randint(1 if top < 100 else top // 10, top)
    if top > 9999 and not digits:
        n = n // 100 * 100
    return plain(n, rng, digits)


def counting(rng: Rng, digits: bool) -> str:
    """One, two, three; 100, 93, 86; what people count aloud or are asked to."""
    start, step, least = rng.choice(
        ((1, 1, 3), (1, 1, 8), (100, -7, 4), (93, -7, 3), (20, -1, 6), (10, -1, 5), (5, 5, 4), (2, 2, 4))
    )
    row = [start + step * i for i in range(least + rng.randrange(4)) if start + step * i > 0]
    if step == -7 and rng.random() < 0.3:
        row[-1] += rng.choice((-1, 1, 2))  # not everybody gets it right
    gap = rng.choice((", ", ", ", " ", ", uh, ", "... "))
    return gap.join(str(n) if digits else words(n) for n in row)


def digit_row(rng: Rng, digits: bool) -> str:
    row = [rng.randrange(1, 10) for _ in range(rng.randint(3, 8))]
    gap = rng.choice((", ", " ", "... ", "-", ". ")) if digits else rng.choice((", ", " ", "... "))
    return gap.join(str(n) if digits else ONES[n] for n in row)


def pressure(rng: Rng, digits: bool) -> str:
    top, low = rng.randint(84, 210), rng.randint(44, 118)
    if digits:
        return either(rng, f"{top}/{low}", f"{top}/{low}", f"{top} over {low}", f"{top}-over-{low}")
    return f"{plain(top, rng, False)} over {plain(low, rng, False)}"


def temperature(rng: Rng, digits: bool) -> str:
    text = f"{rng.uniform(96.4, 104.2):.1f}" if rng.random() < 0.8 else f"{rng.uniform(36.1, 40.1):.1f}"
    if digits:
        return either(rng, text, f"{text}°", f"{text} F", f"{text} degrees")
    whole, part = text.split(".")
    head = grouped(int(whole), rng)
    return either(
        rng, f"{head} point {ONES[int(part)]}", f"{head} {ONES[int(part)]}", f"{head} point {ONES[int(part)]} degrees"
    )


def vital(rng: Rng, digits: bool) -> str:
    roll = rng.random()
    if roll < 0.45:
        return either(rng, "", "", "", "BP ", "blood pressure ", "pressure of ", "B P ") + pressure(rng, digits)
    if roll < 0.62:
        return either(rng, "", "", "temp ", "temp of ", "T max ") + temperature(rng, digits)
    if roll < 0.78:
        n = plain(rng.randint(38, 168), rng, digits)
        return either(rng, n, n, f"heart rate {n}", f"pulse of {n}", f"{n} beats a minute", f"{n} and regular", f"{n} bpm")
    if roll < 0.93:
        n = plain(rng.randint(79, 100), rng, digits)
        end = either(rng, "", " percent", " on room air", " on two liters", "%" if digits else " percent")
        return either(rng, "", "sat ", "sats ", "O2 sat ", "satting ", "pulse ox ") + n + end
    n = plain(rng.randint(10, 38), rng, digits)
    return either(rng, f"respirations {n}", f"resp rate {n}", f"{n} breaths a minute", f"R R {n}")


LABS = (
    ("A1c", 4.8, 12.9, 1), ("hemoglobin A1c", 4.8, 12.9, 1), ("creatinine", 0.5, 4.2, 1), ("creatinine", 0.5, 2.2, 2),
    ("INR", 1.0, 5.5, 1), ("potassium", 2.9, 6.1, 1), ("hemoglobin", 6.2, 16.8, 1), ("white count", 2.1, 24.5, 1),
    ("TSH", 0.2, 9.8, 2), ("lactate", 0.6, 6.3, 1), ("troponin", 0.01, 4.8, 2), ("bilirubin", 0.3, 9.5, 1),
    ("albumin", 1.9, 4.9, 1), ("PSA", 0.4, 14.0, 1), ("pH", 6.9, 7.6, 2), ("magnesium", 1.2, 2.9, 1), ("sodium", 121, 149, 0),
    ("glucose", 48, 480, 0), ("platelets", 22, 460, 0), ("LDL", 58, 210, 0), ("BUN", 6, 88, 0), ("ferritin", 8, 900, 0),
    ("GFR", 14, 90, 0), ("sugar", 52, 410, 0), ("BNP", 40, 2400, 0), ("D-dimer", 200, 3100, 0),
    ("ejection fraction", 15, 65, 0), ("CD4", 90, 980, 0), ("AST", 14, 300, 0), ("triglycerides", 80, 610, 0),
)  # fmt: skip


def lab(rng: Rng, digits: bool) -> str:
    what, low, high, places = rng.choice(LABS)
    value = decimal(low, high, rng, digits, places) if places else plain(rng.randint(int(low), int(high)), rng, digits)
    return f"{what}{either(rng, ' ', ' of ', ' was ', ' is ', ' at ', ', ')}{value}"


def height(rng: Rng, digits: bool) -> str:
    feet, inches = rng.choice((4, 5, 5, 5, 6)), rng.randint(0, 11)
    if digits:
        return either(
            rng, f"{feet}'{inches}\"", f"{feet} foot {inches}", f"{feet} feet {inches} inches", f"{feet} {inches}",
            f"{feet}-{inches}",
        )  # fmt: skip
    return either(
        rng, f"{words(feet)} {words(inches) if inches else 'even'}", f"{words(feet)} foot {words(inches)}",
        f"{words(feet)} feet {words(inches)} inches",
    )  # fmt: skip


def fine_measure(rng: Rng, digits: bool) -> str:
    """What is measured at the bedside."""
    week, extra, half = rng.randint(22, 41), rng.randint(1, 6), rng.random() < 0.3
    pounds, ounces = rng.randint(4, 10), rng.randint(1, 15)
    rate = either(rng, "milliliters an hour", "cc an hour", "mils an hour", "mL/hr" if digits else "mils per hour")
    p = lambda n: plain(n, rng, digits)  # noqa: E731
    return either(
        rng,
        f"{p(rng.randint(2, 250))} {rate}",
        f"{p(rng.choice((14, 16, 18, 20, 22, 23, 25, 27, 30)))} gauge",
        f"{p(rng.choice((5, 6, 8, 10, 12, 14, 16, 18, 20, 24)))} French", f"{p(rng.randint(1, 5))} drops",
        f"{p(rng.choice((2, 4, 6)))} puffs", f"{p(rng.randint(1, 6))} liters", f"{p(rng.randint(2, 90))} units",
        f"{week} and {extra}" if digits else f"{words(week)} and {words(extra)}",
        f"{week}w{extra}d" if digits else f"{words(week)} weeks {words(extra)} days",
        f"{p(pounds)} pounds {p(ounces)} {'ounces' if not half else 'and a half ounces'}",
        f"{decimal(0.3, 9.8, rng, digits)} centimeters", f"{p(rng.randint(2, 14))} by {p(rng.randint(2, 14))} millimeters",
        f"{p(rng.randint(60, 290))} kilos", f"{p(rng.randint(94, 285))} pounds", f"{p(rng.randint(94, 285))}",
        f"{decimal(1.1, 4.9, rng, digits)} by {decimal(1.1, 4.9, rng, digits)}", f"{p(rng.randint(120, 2000))} cc",
        f"{p(rng.randint(5, 80))} milliequivalents",
        f"{p(rng.choice((2, 3, 4, 5, 6)))} oh {either(rng, 'silk', 'vicryl', 'nylon', 'prolene')}",
    )  # fmt: skip


def measure(rng: Rng, digits: bool) -> str:
    roll = rng.random()
    if roll < 0.12:
        return height(rng, digits)
    if roll < 0.55:
        return fine_measure(rng, digits)
    p = lambda low, high: plain(rng.randint(low, high), rng, digits)  # noqa: E731
    rough = rng.randrange(8, 1900) * 100
    return either(
        rng, f"{p(15, 110)} miles an hour",
        f"{p(15, 110)} in a {p(3, 13)}5" if digits else f"{p(15, 110)} in a {words(rng.randrange(25, 75, 5))}",
        f"{p(2, 400)} miles", f"{p(2, 90)} feet", f"{plain(rough, rng, digits)} miles on it",
        f"{plain(rough // 10, rng, digits)} square feet", f"{p(90, 700)} horsepower", f"{p(2, 90)} yards",
        f"{decimal(0.2, 9.9, rng, digits)} miles", f"{p(20, 80)} psi", f"{p(2, 60)} gallons", f"{p(6, 80)} inches",
        f"{p(5, 90)} mph" if digits else f"{p(5, 90)} miles per hour", f"{p(2, 900)} acres", f"{p(1, 40)} tons",
        f"{p(2, 12)} by {p(2, 12)}", f"{p(1, 9)} and a half feet", f"{p(3, 400)} meters", f"{p(110, 480)} volts",
        f"{p(1, 128)} gigs",
    )  # fmt: skip


def score(rng: Rng, digits: bool) -> str:
    p = lambda low, high: plain(rng.randint(low, high), rng, digits)  # noqa: E731
    eye = rng.choice((20, 25, 30, 40, 50, 70, 100, 200, 400))
    coma = rng.randint(3, 15)
    return either(
        rng, f"{p(3, 45)} to {p(0, 44)}",
        f"{p(0, 7)}-{p(0, 7)}" if digits else f"{p(1, 7)} {either(rng, 'nothing', 'nil', 'to one')}",
        f"{p(10, 30)} out of {'30' if digits else 'thirty'}", f"{p(1, 10)} out of {'10' if digits else 'ten'}",
        f"{p(1, 9)}/10" if digits else f"{p(1, 9)} of ten",
        f"20/{eye}" if digits else f"twenty {grouped(eye, rng) if eye != 100 else 'one hundred'}",
        f"Glasgow {coma}" if digits else f"Glasgow {words(coma)}", f"GCS {coma}" if digits else f"G C S {words(coma)}",
        f"Apgars {p(3, 9)} and {p(8, 9)}", f"Apgar {p(3, 9)} and {p(8, 9)}", f"PHQ-9 of {p(0, 27)}",
        f"E{rng.randint(1, 4)} V{rng.randint(1, 5)} M{rng.randint(1, 6)}" if digits else f"E {p(1, 4)} V {p(1, 5)} M {p(1, 6)}",
        f"{p(52, 100)}", f"{p(60, 160)} on the LSAT", f"{p(640, 820)}",
        f"{p(4, 11)} under" if rng.random() < 0.3 else f"{p(68, 98)} percent",
    )  # fmt: skip


def exhibit(rng: Rng, digits: bool) -> str:
    n, letter = rng.choice((rng.randint(1, 60), rng.randint(1, 60), rng.randint(100, 1400))), rng.choice(LETTERS)
    said = named(n, rng, digits)
    page = rng.randint(1, 9999)
    bates = f"{page:06d}" if digits else f"{either(rng, 'zero zero ', 'oh oh ', 'triple zero ')}{named(page, rng, False)}"
    who = either(rng, "Plaintiff's", "Defense", "Government", "People's", "Joint", "State's", "Respondent's")
    prefix = either(rng, "PLT", "DEF", "GOV", "MED", "CORP", "PROD")
    return either(
        rng, f"Exhibit {said}", f"Exhibit {said}", f"Exhibit {letter}",
        f"Exhibit {said}-{letter}" if digits else f"Exhibit {said} {letter}", f"{who} {said}", f"{who} Exhibit {said}",
        f"Exhibit number {said}", f"Exhibits {said} and {named(n + 1, rng, digits)}", f"Bates {bates}",
        f"{prefix}{either(rng, '-', ' ', '')}{bates}" if digits else f"{' '.join(prefix)} {bates}", f"Tab {said}",
        f"Exhibit {said}, tab {letter}",
    )  # fmt: skip


def cite(rng: Rng, digits: bool) -> str:
    section = rng.choice((1983, 1983, 1985, 1331, 1332, 2254, 922, 841, 924, 846, 1001, 1546, rng.randint(101, 9999)))
    n, title = named(section, rng, digits), plain(rng.choice((8, 11, 18, 21, 26, 28, 29, 42, 42, 49)), rng, digits)
    rule = rng.choice((5, 8, 11, 12, 15, 16, 23, 26, 30, 33, 45, 56, 59, 60, 404, 608, 702, 803, 901))
    sub, number = rng.choice("abcdefg"), rng.randint(1, 9)
    r = named(rule, rng, digits)
    volume, page = rng.randint(100, 999), rng.randint(11, 1400)
    if digits:
        return either(
            rng, f"section {n}", f"§ {n}", f"{title} U.S.C. {n}", f"{title} U.S.C. § {n}({sub})", f"Rule {r}({sub})({number})",
            f"Rule {r}({sub})", f"Rule {r}", f"{volume} U.S. {page}", f"{volume} F.3d {page}",
            f"{rng.randint(20, 49)} CFR {rng.randint(1, 900)}.{rng.randint(1, 99)}", f"Penal Code {n}", f"Title {title}",
            f"chapter {rng.randint(7, 13)}", f"article {rng.randint(1, 12)}", f"paragraph {rng.randint(1, 140)}",
            f"{volume} Cal.App.4th {page}", f"interrogatory number {rng.randint(1, 25)}",
            f"Public Law {rng.randint(90, 117)}-{rng.randint(2, 400)}", f"Section {rng.randint(8, 504)}",
        )  # fmt: skip
    return either(
        rng, f"section {n}", f"{title} U.S.C. {n}", f"{title} U S C {n}", f"{title} U.S.C. section {n} {sub}",
        f"rule {r} {sub} {words(number)}", f"rule {r} {sub}", f"rule {r}", f"{grouped(volume, rng)} U.S. {grouped(page, rng)}",
        f"{grouped(volume, rng)} F third {grouped(page, rng)}",
        f"{words(rng.randint(20, 49))} C F R {grouped(rng.randint(100, 900), rng)} point {words(rng.randint(1, 60))}",
        f"penal code {n}", f"title {title}", f"chapter {words(rng.randint(7, 13))}", f"article {words(rng.randint(1, 12))}",
        f"paragraph {words(rng.randint(1, 99))}", f"interrogatory number {words(rng.randint(1, 25))}",
        f"section {words(rng.randint(8, 90))}", f"subsection {sub} {words(number)}",
    )  # fmt: skip


def docket(rng: Rng, digits: bool) -> str:
    year, n, letters = (
        rng.randint(11, 25),
        rng.randint(12, 9999),
        rng.choice(("CV", "CV", "CR", "DR", "FA", "MD", "SC", "PR", "CF", "JV")),
    )
    judge = f"{rng.choice(LETTERS)}{rng.choice(LETTERS)}{rng.choice(LETTERS)}"
    if digits:
        return either(
            rng, f"{year}-{letters}-{n}", f"{year}-{letters}-{n:05d}", f"1:{year}-cv-{n:05d}-{judge}", f"{letters} {year}-{n}",
            f"20{year}-{letters}-{n}", f"{year} {letters} {n}", f"{letters}-{n}", f"{year}-{n}", f"No. {year}-{n}",
            f"{rng.randint(1, 5)}:{year}-{letters.lower()}-{n}",
        )  # fmt: skip
    l, y, said = " ".join(letters), words(year), named(n, rng, False)  # noqa: E741
    return either(
        rng, f"{y} {letters} {said}", f"{y} {l} {said}", f"{y} dash {said}", f"twenty {y} {l} {said}", f"{l} {y} {said}",
        f"one colon {y} {l} {said}", f"{y} {letters} zero {said}", f"{letters} {said}", f"{y} {l} {said} {' '.join(judge)}",
    )  # fmt: skip


def road(rng: Rng, digits: bool) -> str:
    state, interstate = (
        rng.randint(1, 498),
        rng.choice((5, 10, 15, 20, 35, 40, 64, 65, 70, 75, 80, 81, 84, 85, 90, 94, 95, 285, 405, 495, 610, 695)),
    )
    n, i = named(state, rng, digits), named(interstate, rng, digits)
    side = either(rng, "", "", "", " north", " south", " east", " West", " northbound")
    return either(
        rng, f"I-{i}{side}" if digits else f"I {i}{side}", f"I-{i}{side}", f"interstate {i}{side}", f"the {i}",
        f"route {n}{side}", f"Route {n}{side}", f"highway {n}{side}", f"state road {n}", f"U.S. {n}",
        f"US-{n}" if digits else f"U S {n}", f"exit {named(rng.randint(1, 310), rng, digits)}",
        f"mile marker {named(rng.randint(1, 310), rng, digits)}", f"County Road {n}",
        f"FM {named(rng.randint(100, 2999), rng, digits)}",
        f"loop {named(rng.choice((202, 101, 410, 610, 1604)), rng, digits)}", f"turnpike exit {words(rng.randint(1, 18))}",
    )  # fmt: skip


def room(rng: Rng, digits: bool) -> str:
    n, letter = rng.choice((rng.randint(1, 30), rng.randint(101, 999), rng.randint(1001, 4120))), rng.choice("ABCDNW")
    said, few = named(n, rng, digits), plain(rng.randint(1, 24), rng, digits)
    return either(
        rng, f"room {said}", f"room {said}", f"Room {said}", f"room {said}{letter}" if digits else f"room {said} {letter}",
        f"bed {few}", f"exam room {few}", f"O R {few}", f"OR {few}", f"bay {few}", f"trauma {few}", f"courtroom {said}",
        f"department {few}", f"{said} bed {rng.randint(1, 2) if digits else either(rng, 'one', 'two', 'A', 'B')}",
        f"cell {few}", f"unit {few} {either(rng, 'East', 'West', 'North')}", f"floor {few}", f"window {few}",
        f"gate {letter}{few}" if digits else f"gate {letter} {few}",
    )  # fmt: skip


MODELS = (
    ("F-150", "F one fifty"), ("F-250", "F two fifty"), ("Model 3", "Model three"), ("Model 3", "Model 3"),
    ("Mazda 3", "Mazda three"), ("CX-5", "C X five"), ("RAV4", "RAV four"), ("Ram 1500", "Ram fifteen hundred"),
    ("Silverado 2500", "Silverado twenty-five hundred"), ("CR-V", "C R V"), ("Q5", "Q five"), ("X5", "X five"),
    ("328i", "three twenty-eight I"), ("iPhone 14", "iPhone fourteen"), ("iPhone 8", "iPhone eight"),
    ("Galaxy S22", "Galaxy S twenty-two"), ("747", "seven forty-seven"), ("737 MAX", "seven thirty-seven Max"),
    ("Glock 19", "Glock nineteen"), ("AR-15", "A R fifteen"), ("a .38", "a thirty-eight"),
    ("a 9 millimeter", "a nine millimeter"), ("a .45", "a forty-five"), ("WD-40", "W D forty"),
    ("PlayStation 5", "PlayStation five"), ("Xbox 360", "Xbox three sixty"), ("Form 1040", "form ten forty"),
    ("a W-2", "a W two"), ("a 1099", "a ten ninety-nine"), ("401(k)", "four oh one K"), ("I-9", "I nine"),
    ("a 1095-A", "a ten ninety-five A"), ("C5-C6", "C five C six"), ("L4-L5", "L four L five"), ("T12", "T twelve"),
    ("S1", "S one"), ("B12", "B twelve"), ("H1N1", "H one N one"), ("COVID-19", "covid nineteen"), ("HER2", "her two"),
    ("BRCA1", "B R C A one"), ("CA-125", "C A one twenty-five"), ("5-FU", "five F U"), ("G6PD", "G six P D"),
    ("P53", "P fifty-three"), ("a 5150", "a fifty-one fifty"), ("a 10-4", "a ten four"), ("a 4x4", "a four by four"),
    ("a two-by-four", "a two by four"), ("V8", "V eight"), ("7-Eleven", "Seven Eleven"), ("Form I-130", "form I one thirty"),
    ("SF-86", "S F eighty-six"), ("a 1099-K", "a ten ninety-nine K"), ("DA 31", "D A thirty-one"),
    ("John Deere 5075", "John Deere fifty seventy-five"), ("MP3", "M P three"), ("a 3-11 shift", "a three to eleven shift"),
    ("Cat 5", "cat five"), ("Bobcat T650", "Bobcat T six fifty"), ("MiniMed 780G", "MiniMed seven eighty G"),
)  # fmt: skip


def model_name(rng: Rng, digits: bool) -> str:
    if rng.random() < 0.12:
        n, letters = (
            rng.choice((rng.randint(2, 99) * 10, rng.randint(100, 9999))),
            "".join(rng.choice(LETTERS) for _ in range(rng.choice((1, 2)))),
        )
        return f"the {letters}{either(rng, '-', ' ', '')}{n}" if digits else f"the {' '.join(letters)} {grouped(n, rng)}"
    return rng.choice(MODELS)[0 if digits else 1]


def span(rng: Rng, digits: bool) -> str:
    low = rng.randint(1, 30)
    high = low + rng.choice((1, 1, 2, 5, 10))
    a, b = plain(low, rng, digits), plain(high, rng, digits)
    unit = either(rng, "minutes", "hours", "days", "weeks", "months", "years", "seconds")
    shift = rng.randint(6, 11), rng.randint(2, 8)
    ends = [plain(n, rng, digits) for n in shift]
    return either(
        rng, f"{a} {unit}", f"{a} {unit}", f"{a} to {b} {unit}", f"{a} or {b} {unit}",
        f"{low}-{high} {unit}" if digits else f"between {a} and {b} {unit}", f"{ends[0]} to {ends[1]}",
        f"{a} and a half {unit}", f"{a} {unit} and change", "24/7" if digits else "twenty-four seven", "nine to five",
        f"{shift[0]}-{shift[1]}" if digits else f"{ends[0]} till {ends[1]}",
        f"an hour and {plain(rng.randint(5, 55), rng, digits)} minutes",
        f"{plain(rng.randrange(20, 81, 10), rng, digits)} hours a week", "a year and a half", "thirty-six hours",
        f"q{rng.choice((4, 6, 8, 12))}h" if digits else f"every {words(rng.choice((4, 6, 8, 12)))} hours", f"{a}, {b} {unit}",
        "the first time", f"{b} {unit} ago",
    )  # fmt: skip


def percent(rng: Rng, digits: bool) -> str:
    n = rng.choice((rng.randint(1, 100), rng.randint(1, 20) * 5))
    if digits:
        return either(
            rng, f"{n}%", f"{n}%", f"{n} percent", f"{decimal(0.1, 29.9, rng, True)}%", f"{n}-{n + 10}%",
            f"{decimal(0.1, 29.9, rng, True)} percent",
        )  # fmt: skip
    said = words(n)
    return either(
        rng, f"{said} percent", f"{said} percent", f"{decimal(0.1, 29.9, rng, False)} percent", f"{said} and a half percent",
        f"{said} to {words(n + 10)} percent", f"{said} per cent",
    )  # fmt: skip


def price(rng: Rng, digits: bool) -> str:
    n = rng.choice(
        (
            rng.randint(2, 99),
            rng.randint(100, 999),
            rng.randint(10, 99) * 100,
            rng.randint(1000, 9999),
            rng.randint(10, 990) * 1000,
            rng.randint(100_000, 1_900_000),
        )  # fmt: skip
    )
    cents = rng.choice((0, 25, 49, 50, 75, 95, 99, rng.randint(1, 99)))
    little = rng.randint(2, 60)
    loose = either(
        rng, "a grand", "a couple grand", "two and a half million", "a million five", "half a million", "five bucks",
        "a hundred bucks", "twenty bucks", "a quarter million", "ten K", "a hundred thousand", "a dollar fifty",
        "three and a quarter", "twelve hundred a month", "a million two", "five hundred and change", "sixty-five K",
        "twenty-two fifty an hour",
    )  # fmt: skip
    if rng.random() < 0.15:
        return loose
    if digits:
        return either(
            rng, f"${n:,}", f"${n:,}", f"${n:,}.{cents:02d}", f"{n:,} dollars", f"${little}.{cents:02d}",
            f"{little}.{cents:02d}", f"${little}K", f"${rng.randint(1, 40)}.{rng.randint(1, 9)} million", f"${little}/hour",
            f"${little}.{cents:02d} an hour", f"{little} bucks", f"${n}", f"{n}", f"{n:,}",
        )  # fmt: skip
    if n > 99_999:
        n = n // 1000 * 1000
    pennies = words(cents) if cents > 9 else f"oh {ONES[cents]}" if cents else "even"
    return either(
        rng, f"{words(n)} dollars", f"{plain(n, rng, False)} dollars", f"{words(little)} {pennies}",
        f"{words(little)} dollars and {words(cents) if cents else 'no'} cents", f"{words(little)} grand",
        f"{words(little)} bucks", f"{plain(n, rng, False)}", f"{words(little)} thousand",
        f"{words(rng.randint(2, 12))} {words(rng.randint(2, 9))}",
        f"{words(rng.randint(1, 40))} point {ONES[rng.randint(1, 9)]} million", f"{words(little)} an hour",
        f"{words(little)} fifty",
    )  # fmt: skip


def pageline(rng: Rng, digits: bool) -> str:
    page, first = rng.choice((rng.randint(2, 99), rng.randint(2, 99), rng.randint(100, 460))), rng.randint(1, 20)
    last = rng.randint(first + 1, 25)
    p, a, b = named(page, rng, digits), plain(first, rng, digits), plain(last, rng, digits)
    if digits and rng.random() < 0.3:
        return either(
            rng, f"{page}:{first}", f"{page}:{first}-{last}", f"{page}:{first} through {page + 1}:{last}",
            f"pp. {page}-{page + last}", f"p. {page}, ll. {first}-{last}",
        )  # fmt: skip
    return either(
        rng, f"page {p}, line {a}", f"page {p} line {a}", f"page {p}, lines {a} through {b}", f"line {a} of page {p}",
        f"page {p}", f"lines {a} to {b}", f"page {p}, line {a}, to {named(page + 1, rng, digits)}, line {b}",
        f"page number {p}", f"the bottom of {p}", f"page {p}, paragraph {a}", f"{p}, line {a}", f"slide {a}",
        f"image {a} of {b}", f"page {a} of {b}",
    )  # fmt: skip


def flight(rng: Rng, digits: bool) -> str:
    n = rng.randint(11, 6400)
    said = named(n, rng, digits)
    code = either(rng, "UA", "AA", "DL", "WN", "AS")
    gate = f"{rng.choice('ABCDE')}{rng.randint(1, 60)}" if digits else f"{rng.choice('ABCDE')} {words(rng.randint(1, 60))}"
    return either(
        rng,
        f"flight {said}",
        f"flight {said}",
        f"Flight {said}",
        f"flight number {said}",
        f"{code if digits else ' '.join(code)} {said}",
        f"flight {said}, gate {gate}",
        f"train {said}",
        f"the {named(rng.randint(2, 99), rng, digits)} bus",
        f"seat {rng.randint(1, 40)}{rng.choice('ABCDEF')}"
        if digits
        else f"seat {words(rng.randint(1, 40))} {rng.choice('ABCDEF')}",
        f"bus {said}",
    )


def version(rng: Rng, digits: bool) -> str:
    major, minor, patch = rng.randint(1, 18), rng.randint(0, 12), rng.randint(0, 9)
    what = either(
        rng, "version", "version", "v" if digits else "version", "release", "build", "firmware", "iOS", "Android", "software"
    )
    if digits:
        number = either(rng, f"{major}", f"{major}.{minor}", f"{major}.{minor}.{patch}", f"{major}.{minor}")
        return either(
            rng, f"{what} {number}" if what != "v" else f"v{number}", "Windows 11", "Windows 10", "Windows 7",
            f"Office {rng.choice((365, 2016, 2019))}", "DSM-5", "ICD-10", "Python 3", "ADA 2.0",
            f"build {rng.randint(1000, 29999)}",
        )  # fmt: skip
    number = either(
        rng, words(major), f"{words(major)} point {ONES[minor] if minor else 'oh'}",
        f"{words(major)} dot {words(minor)} dot {ONES[patch]}",
    )  # fmt: skip
    return either(
        rng, f"{what} {number}", "Windows eleven", "Windows ten", "Windows seven", "Office three sixty-five", "the D S M five",
        "I C D ten", f"{what} {number}", "two point oh", f"build {grouped(rng.randint(1001, 9999), rng)}",
    )  # fmt: skip


def odds(rng: Rng, digits: bool) -> str:
    a, b, many = rng.randint(2, 20), rng.randint(1, 3), rng.choice((3, 4, 5, 8, 10, 20, 100, 500, 1000, 10_000))
    p = lambda n: plain(n, rng, digits)  # noqa: E731
    return either(
        rng, f"{a}:{b}" if digits else f"{p(a)} to {p(b)}", f"{p(a)} to {p(b)}", f"{a}-{b}" if digits else f"{p(a)} to {p(b)}",
        "50/50" if digits else "fifty-fifty", f"one in {p(many)}", f"1 in {many:,}" if digits else f"one out of {p(many)}",
        "60/40" if digits else "sixty-forty", "80/20" if digits else "eighty-twenty",
        f"{p(rng.randint(2, 9))} times out of {p(10)}", "two thirds", "a third", "three quarters", "a million to one",
        "50-50" if digits else "fifty fifty", f"{p(3)} for {p(rng.randint(4, 9))}",
        f"{p(rng.randint(2, 5))} of {p(rng.randint(6, 12))}", "nine out of ten",
    )  # fmt: skip


MAKERS: dict[str, Callable[[Rng, bool], str]] = {
    "count": count, "vital": vital, "lab": lab, "measure": measure, "score": score, "exhibit": exhibit, "cite": cite,
    "docket": docket, "road": road, "room": room, "model_name": model_name, "span": span, "percent": percent, "price": price,
    "pageline": pageline, "flight": flight, "version": version, "odds": odds,
}  # fmt: skip
ROWS = {"count7": digit_row, "count8": counting, "count9": digit_row}


def make(name: str, number: str, rng: Rng, digits: bool, memo: dict[str, str]) -> str | None:
    """The text of a slot, the same throughout a block; None for a slot of another module."""
    key = name + number
    maker = ROWS.get(key) or MAKERS.get(name)
    if maker is None:
        return None
    if key not in memo:
        memo[key] = maker(rng, digits)
    return memo[key]
