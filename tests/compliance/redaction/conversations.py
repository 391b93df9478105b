"""Made-up questions and answers in which everything private is known, said in the many ways people say it.

``conversation(rng, kind, style)`` makes one. Nobody's data: digits, names and addresses are drawn at random.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from compliance.redaction.dialogue import Dialogue

STYLES = ("formatted", "spoken", "lower")
UNITS = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
MONTHS = "January February March April May June July August September October November December".split()
ORDINALS = """_ first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split()
FIRST = "Marisol Devon Priya Tobias Kenneth Ingrid Latoya Hector Yusuf Bridget Anneke Carlos Denise Ravi Sheila Omar".split()
LAST = """Okafor Brandvold Petrov Delgado Nakamura Whitlock Abernathy Castellanos Ferreira Lindqvist Mbeki Rosenthal
Kowalczyk Haddad Vasquez Thornbury""".split()
FILLERS = ("uh", "um", "er", "let me see", "hold on", "so")
NODS = ("Mm-hm.", "Okay.", "Go ahead.", "Uh-huh.", "Yeah.", "Got it.", "Right.", "I'm with you.", "Yes, ma'am.", "Mm-hmm, go on.")
HOSTS = "gmail yahoo outlook hotmail icloud pinebarrow kestrelworks hollowaytile".split()

QUESTIONS: dict[str, tuple[str, ...]] = {
    "SSN": (
        "And your social security number?", "Can I get your Social?", "What's your social, please?",
        "Could you read me your social security number for the record?", "What are the last four of your social?",
    ),
    "PHONE": (
        "What's a good phone number for you?", "What's the best number to reach you at?", "And your cell phone?",
        "Do you have a fax number?", "Can you give me a callback number?", "What number should we call?",
    ),
    "MRN": (
        "What is the medical record number?", "Can you read me the MRN?", "What's your chart number?",
        "What's the record number on the wristband?",
    ),
    "CREDIT_CARD": (
        "What's the card number?", "Can you read me your credit card number?", "Which card would you like to use?",
        "Go ahead with the Visa number whenever you're ready.", "What are the last four digits on the card?",
    ),
    "BANK_ACCOUNT": (
        "What's the account number?", "And the routing number?", "Which checking account was it deposited to?",
        "Can you read the account number off the statement?", "What does the savings account end in?",
    ),
    "DOB": (
        "What's your date of birth?", "And your birthday?", "When were you born?", "Date of birth, please.",
        "Can you confirm your date of birth for me?",
    ),
    "EMAIL": (
        "What's your email address?", "And your e-mail?", "Where should I email the forms?",
        "Is there an email we can use?", "Can you spell out your email for me?",
    ),
    "NAME": (
        "Can you state your full name for the record?", "What's your name, please?", "Who am I speaking with?",
        "Can I get your first and last name?", "Who is your emergency contact?",
    ),
}  # fmt: skip
LEADS: dict[str, tuple[str, ...]] = {
    "SSN": ("It's", "Sure, it's", "", "My social is", "Um,", "Yeah,"),
    "PHONE": ("It's", "Sure,", "", "My cell is", "You can call me at", "Best one is"),
    "MRN": ("It's", "It says", "", "The number here is", "Let me look.", "MRN is"),
    "CREDIT_CARD": ("It's", "Okay,", "", "The card is", "Sure, it's", "Visa,"),
    "BANK_ACCOUNT": ("It's", "Um,", "", "The account is", "Account number is", "I think it's"),
    "DOB": ("It's", "", "I was born", "Sure,", "My birthday is"),
    "EMAIL": ("It's", "Sure, it's", "", "You can use", "My email is", "Yeah, it's"),
    "NAME": ("It's", "My name is", "", "Sure,", "This is", "Yes,"),
}  # fmt: skip
AFTER = ("Thank you.", "Great, thanks.", "Okay, let me pull that up.", "Perfect.", "All right, and how are you feeling today?")


@dataclass(frozen=True, slots=True)
class Secret:
    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Conversation:
    kind: str
    style: str
    turns: tuple[tuple[str, str], ...]
    secrets: tuple[Secret, ...]

    def dialogue(self) -> Dialogue:
        return Dialogue.from_turns(self.turns, language="en")


def conversation(rng: random.Random, kind: str, style: str) -> Conversation:
    """One question with its answer; a repetition, a self-correction or nods between where chance wills."""
    question = rng.choice(QUESTIONS[kind])
    lead_needed = "Visa," if "Which card" in question else rng.choice(LEADS[kind])
    groups = _groups(rng, kind, style, "last four" in question or "end in" in question)
    turns = [("A", "Good morning, thanks for coming in."), ("A", question)]
    answer = lead_needed
    for number, group in enumerate(groups):
        joined = f"{answer} [[{group}]]".strip()
        last = number == len(groups) - 1
        if not last and rng.random() < 0.22:
            turns.append(("B", _end(joined, style, rng)))
            turns.append(("A", f"[[{group}]]." if rng.random() < 0.3 else rng.choice(NODS)))
            answer = ""
        elif not last and kind != "EMAIL" and rng.random() < 0.12:
            answer = f"{joined}, {rng.choice(FILLERS)},"
        elif not last and kind not in ("NAME", "EMAIL", "DOB") and rng.random() < 0.05:
            wrong = _digits(rng, 2, style)
            answer = f"{joined}, [[{wrong}]], no, sorry,"
        else:
            separator = "" if last or kind in ("NAME", "EMAIL") else "," if style == "formatted" or rng.random() < 0.7 else ""
            answer = joined + separator
    turns.append(("B", f"{answer}."))
    if kind != "NAME" and rng.random() < 0.25:
        turns.append(("A", f"So that ends with [[{groups[-1]}]]?" if kind not in ("EMAIL", "DOB") else "Let me read that back."))
        turns.append(("B", "Yes, that's right."))
    turns.append(("A", rng.choice(AFTER)))
    return _built(kind, style, [turn for turn in turns if turn[1].strip(" .")])


def _end(text: str, style: str, rng: random.Random) -> str:
    return text + rng.choice((".", ",", "", "..."))


def _built(kind: str, style: str, marked: list[tuple[str, str]]) -> Conversation:
    turns: list[tuple[str, str]] = []
    secrets: list[Secret] = []
    for speaker, line in marked:
        text = ""
        for part in re.split(r"(\[\[.*?\]\])", line):
            private = part.startswith("[[")
            said = _styled(part[2:-2] if private else part, style, private)
            if private and said:
                secrets.append(Secret(len(turns), len(text), len(text) + len(said)))
            text += said
        turns.append((speaker, text))
    return Conversation(kind, style, tuple(turns), tuple(secrets))


def _styled(text: str, style: str, private: bool) -> str:
    if style != "lower":
        return text
    text = text.lower().replace("-hm", "hm").replace("-huh", "huh")
    return re.sub(r"[.,?!]", "", text) if not private else re.sub(r"[,?!-]", " ", text).replace("  ", " ")


def _groups(rng: random.Random, kind: str, style: str, last_four: bool) -> list[str]:
    if kind == "NAME":
        return _name(rng, style)
    if kind == "EMAIL":
        return _email(rng, style)
    if kind == "DOB":
        return _birth(rng, style)
    sizes = {
        "SSN": ([3, 2, 4],),
        "PHONE": ([3, 3, 4], [3, 4], [3, 3, 2, 2]),
        "MRN": ([3, 3], [4, 3], [2, 2, 2], [6], [8], [3, 2, 3]),
        "CREDIT_CARD": ([4, 4, 4, 4], [4, 6, 5]),
        "BANK_ACCOUNT": ([3, 3, 3], [4, 4], [10], [3, 4, 3], [9]),
    }[kind]
    chosen = [4] if last_four else list(rng.choice(sizes))
    if style == "formatted":
        digits = [_random_digits(rng, n) for n in chosen]
        form = rng.random()
        if form < 0.6:
            return [rng.choice("- ").join(digits)]
        if form < 0.75:
            return ["".join(digits)]
        return digits
    groups = [_digits(rng, n, style) for n in chosen]
    if kind == "MRN" and rng.random() < 0.3:
        groups.insert(0, " ".join(rng.choice("BCDFGHJKLMNPQRTVWXZ") for _ in range(rng.randint(1, 2))))
    if len(groups) > 1 and rng.random() < 0.2:
        return [*(f"{g} {rng.choice(('dash', 'hyphen'))}" for g in groups[:-1]), groups[-1]]
    return groups


def _random_digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("23456789" if i == 0 else "0123456789") for i in range(count))


def _digits(rng: random.Random, count: int, style: str) -> str:
    """``count`` random digits as somebody says them."""
    digits = _random_digits(rng, count)
    if style == "formatted":
        return digits
    zero = rng.choice(("oh", "zero"))
    said: list[str] = []
    place = 0
    pairs = rng.random() < 0.35 and count % 2 == 0
    while place < count:
        rest = digits[place:]
        if len(rest) >= 3 and rest[0] == rest[1] == rest[2] and rng.random() < 0.5:
            said.append(f"triple {zero if rest[0] == '0' else UNITS[int(rest[0])]}")
            place += 3
        elif len(rest) >= 2 and rest[0] == rest[1] and rng.random() < 0.4:
            said.append(f"double {zero if rest[0] == '0' else UNITS[int(rest[0])]}")
            place += 2
        elif pairs and len(rest) >= 2 and rest[0] != "0":
            said.append(_pair(rest[:2]))
            place += 2
        elif len(rest) == 3 and rest[0] != "0" and rest[1:] == "00":
            said.append(f"{UNITS[int(rest[0])]} hundred")
            place += 3
        else:
            said.append(zero if rest[0] == "0" else UNITS[int(rest[0])])
            place += 1
    return " ".join(said)


def _pair(pair: str) -> str:
    if pair[0] == "1":
        return TEENS[int(pair[1])]
    return TENS[int(pair[0])] + ("" if pair[1] == "0" else f"-{UNITS[int(pair[1])]}")


def _name(rng: random.Random, style: str) -> list[str]:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    if rng.random() < 0.3:
        spelled = ("-" if style == "formatted" else " ").join(last.upper())
        return [f"{first} {last}", spelled]
    return [first, last] if rng.random() < 0.3 else [f"{first} {last}"]


def _email(rng: random.Random, style: str) -> list[str]:
    first, last, host = rng.choice(FIRST).lower(), rng.choice(LAST).lower(), rng.choice(HOSTS)
    number = rng.choice(("", "", str(rng.randint(10, 99))))
    end = rng.choice(("com", "com", "net", "org"))
    if style == "formatted":
        return [f"{first[0]}{rng.choice(('', '.', '_'))}{last}{number}@{host}.{end}"]
    said = f" {_pair(number)}" if number else ""
    local = rng.choice(
        (f"{first} dot {last}", f"{first[0].upper()} {last}", f"{first} underscore {last}", f"{first}{said}", f"{last} {first}")
    )
    if rng.random() < 0.3:
        local = " ".join(last.upper())
    local += said if first + said != local else ""
    return rng.choice(([f"{local} at {host} dot {end}"], [f"{local}]] at[[", f"{host} dot {end}"], [local, f"]]at [[{host} dot {end}"]))


def _birth(rng: random.Random, style: str) -> list[str]:
    month, day, year = rng.randint(1, 12), rng.randint(1, 28), rng.randint(1931, 2009)
    if style == "formatted":
        return rng.choice(
            ([f"{MONTHS[month - 1]} {day}, {year}"], [f"{month}/{day}/{year}"], [f"{month:02}-{day:02}-{year}"],
             [f"{MONTHS[month - 1]} {day}", str(year)])
        )  # fmt: skip
    spoken_day = ORDINALS[day] if day <= 20 else f"twenty-{ORDINALS[day - 20]}"
    number_day = UNITS[day] if day < 10 else _pair(str(day))
    two = f"{year % 100:02}"
    tail = _pair(two) if two[0] != "0" else f"oh {UNITS[int(two[1])]}" if two[1] != "0" else "hundred"
    spoken_year = f"nineteen {tail}" if year < 2000 else "two thousand" + (f" {UNITS[year % 100]}" if year % 100 else "")
    short_year = tail if year < 2000 else spoken_year
    number_month = UNITS[month] if month < 10 else TEENS[month - 10]
    return rng.choice(
        ([f"{MONTHS[month - 1]} {spoken_day}", spoken_year], [f"{MONTHS[month - 1]} {spoken_day} {spoken_year}"],
         [f"the {spoken_day} of {MONTHS[month - 1]}", spoken_year], [f"{MONTHS[month - 1]} {number_day}", short_year],
         [number_month, number_day, short_year], [f"{number_month} {number_day} {short_year}"])
    )  # fmt: skip
