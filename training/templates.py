"""Fill the dialogue templates: from a block of template lines to turns of labelled segments.

A template file holds blocks of lines parted by blank lines; a line is a turn. Slots: `{F}` full name, `{M}` with middle
name, `{f}` given name, `{l}` surname, `{nick}`, `{SF}`/`{SL}` the same spelled letter by letter, `{INI}` initials; a number
behind (`{f2}`) is another person of the same block. `{addr}`, `{city}`, `{street}` and so on are places; the rest is filled
with what is no name and no place, so that the model learns to leave it alone. `{wf}`, `{wl}`, `{wcity}` are names that are
ordinary words too, `{odd}` a word that no list knows as a name, `{wfw}`, `{wlw}`, `{oddw}` the same word where it is an
ordinary one; `{an}`, `{av}`, `{aa}` are such words where they are nouns, verbs, adjectives; `{mis}`, `{misl}`, `{misF}`
what an engine made of a name that it did not know. `[[...]]` marks what is medical, `<<PERSON|...>>` (or another label of
`segments.py`) what no slot can make; both may have slots in them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from training import numbers, spoken_counts, spoken_dates, spoken_numbers, spoken_web
from training.left_alone import left_alone
from training.mishearing import misheard
from training.pools import Pools, town
from training.segments import AGE, DATE, LOCATION, MEDICAL, NUMBER, PERSON, WEB, Segment
from training.spelling import NATO, spelled

TEMPLATES = Path(__file__).parent / "templates"
SLOT = re.compile(r"\{([A-Za-z_]+)(\d?)\}")
MEDICAL_MARK = re.compile(r"\[\[(.*?)\]\]")
WRITTEN = re.compile(r"<<(PERSON|LOCATION|ORG|NUMBER|WEB|DATE|AGE)\|(.*?)>>")
HONORIFICS = ("Mr.", "Ms.", "Mrs.", "Miss", "Mister", "Dr.", "Doctor")
UNITS = ("Apartment", "Apartment", "Apt", "Apt.", "Unit", "Unit", "Suite", "number", "Lot", "Building", "Trailer")
SAME_WORD = {"wfw": "wf", "wlw": "wl", "oddw": "odd"}


@dataclass(frozen=True)
class Style:
    """How the engine writes numbers: as figures or in words."""

    digits: bool


@dataclass(frozen=True)
class Person:
    first: str
    last: str
    middle: str
    nick: str
    he: str


@cache
def blocks(name: str) -> tuple[tuple[str, ...], ...]:
    text = (TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(r"\n\s*\n", text)
    return tuple(tuple(line.strip() for line in part.splitlines() if line.strip()) for part in parts if part.strip())


MAKERS = ((spoken_numbers.make, NUMBER), (spoken_dates.make, DATE), (spoken_web.make, WEB), (spoken_counts.make, ""))


# What stands before a number or date, or between two halves of it, and is no part of it.
BETWEEN = re.compile(
    r"((?<!hundred)(?<!thousand)(?:,| --|\.\.\.|\.)? (?:--? )?"
    r"(?:uh|um|er|okay|and then|then|and|let's see|no|sorry|I mean|excuse me|wait|correction|make that|scratch that)\b"
    r"(?:,| --|\.\.\.)? |(?:,? |\b)(?:and )?(?:the )?area code(?: is)?(?:,? |$)|^the )",
    re.IGNORECASE,
)


def said(text: str, label: str) -> list[Segment]:
    """A number or date as it was said, with what is none in it apart."""
    if label not in (NUMBER, DATE):
        return [(text, label)]
    return [(part, "" if at % 2 else label) for at, part in enumerate(BETWEEN.split(text))]


class Filler:
    """Fills one block consistently: the same slot is the same person, place or thing throughout."""

    def __init__(self, pools: Pools, rng: random.Random, style: Style, block: Iterable[str] = ()) -> None:
        self.pools, self.rng, self.style = pools, rng, style
        self.people: dict[str, Person] = {}
        self.memo: dict[str, list[Segment]] = {}
        self.heard: dict[str, str] = {}
        # What the makers of numbers, dates and addresses keep, so that pieces fit together.
        self.said: dict[str, str] = spoken_numbers.plan(block)

    def turn(self, line: str) -> list[Segment]:
        out: list[Segment] = []
        for number, part in enumerate(MEDICAL_MARK.split(line)):
            filled = self.written(part)
            out += [(text, label or MEDICAL) for text, label in filled] if number % 2 else filled
        return [s for s in out if s[0]]

    def written(self, part: str) -> list[Segment]:
        out: list[Segment] = []
        position = 0
        for match in WRITTEN.finditer(part):
            out += self.filled(part[position : match.start()])
            out.append(("".join(text for text, _ in self.filled(match[2])), match[1]))
            position = match.end()
        return [*out, *self.filled(part[position:])]

    def filled(self, part: str) -> list[Segment]:
        out: list[Segment] = []
        position = 0
        for match in SLOT.finditer(part):
            out.append((part[position : match.start()], ""))
            out += self.slot(match[1], match[2])
            position = match.end()
        return [*out, (part[position:], "")]

    def person(self, key: str) -> Person:
        if key not in self.people:
            rng, pools = self.rng, self.pools
            first = pools.first_name(rng)
            roll = rng.random()
            nick = rng.choice(pools.lists["nicknames" if roll < 0.65 else "street_names"]) if roll < 0.8 else first
            self.people[key] = Person(first, pools.last_name(rng), pools.first_name(rng), nick, rng.choice(("he", "she")))
        return self.people[key]

    def slot(self, name: str, number: str) -> list[Segment]:
        key = name + number
        for maker, label in MAKERS:
            text = maker(name, number, self.rng, self.style.digits, self.said)
            if text is not None:
                # The same number or day, put anew each time it is said.
                return [(part, label_) for part, label_ in said(text, AGE if name == "old" else label) if part]
        if name in ("f", "l", "nick") or key not in self.memo:
            self.memo[key] = self.make(name, number)
        return self.memo[key]

    def make(self, name: str, number: str) -> list[Segment]:
        person_slot = getattr(self, f"name_{name}", None)
        if person_slot:
            return [(person_slot(self.person(number)), PERSON)]
        if name in ("he", "He", "him", "his", "H", "hers", "His"):
            return [(self.word_about(name, self.person(number)), "")]
        if name in SAME_WORD:
            return [(self.slot(SAME_WORD[name], number)[0][0].lower(), "")]
        place = getattr(self, f"place_{name}", None)
        if place:
            made = place()
            return made if isinstance(made, list) else [(made, LOCATION)]
        return left_alone(name, self.pools, self.rng, self.style.digits)

    # names

    def name_f(self, p: Person) -> str:
        return p.first

    def name_l(self, p: Person) -> str:
        return p.last

    def name_nick(self, p: Person) -> str:
        return p.nick

    def name_phon(self, p: Person) -> str:
        """A name as it is said."""
        return " ".join(self.rng.choice(self.pools.lists["respelled"]) for _ in range(self.rng.choice((2, 2, 3))))

    def name_F(self, p: Person) -> str:
        roll = self.rng.random()
        if roll < 0.86:
            return f"{p.first} {p.last}"
        if roll < 0.93:
            return f"{p.first} {p.middle[0]}{'.' if self.style.digits else ''} {p.last}"
        if roll < 0.95:
            return f"{p.first[0]}. {p.last}"
        if roll < 0.975:  # family name first
            return f"{p.last} {p.first}"
        return f"{p.first} {p.middle} {p.last}"

    def name_M(self, p: Person) -> str:
        tail = self.rng.choice(("", "", "", " Jr.", " Junior", " the third", " III", " Senior"))
        return f"{p.first} {p.middle} {p.last}{tail if not self.style.digits or 'third' not in tail else ''}"

    def name_wf(self, p: Person) -> str:
        return self.rng.choice(self.pools.lists["first_ambiguous"])

    def name_wl(self, p: Person) -> str:
        return self.rng.choice(self.pools.lists["last_ambiguous"])

    def name_odd(self, p: Person) -> str:
        """A word that no list has as a name: only the words around it say that it is one."""
        if self.rng.random() < 0.5:
            return self.rng.choice(self.pools.lists["nouns_ambiguous"]).title()
        return self.rng.choice(self.pools.words).title()

    def name_mis(self, p: Person) -> str:
        return self.heard.setdefault(p.first, misheard(p.first, self.rng))

    def name_misl(self, p: Person) -> str:
        return self.heard.setdefault(p.last, misheard(p.last, self.rng))

    def name_misF(self, p: Person) -> str:
        return f"{self.name_mis(p)} {self.name_misl(p)}"

    def name_INI(self, p: Person) -> str:
        letters = [p.first[0], p.middle[0], p.last[0]][: self.rng.choice((2, 3))]
        return "".join(f"{c}." for c in letters) if self.style.digits else " ".join(letters)

    def name_SF(self, p: Person) -> str:
        return spelled(p.first, self.rng, self.style.digits)

    def name_SL(self, p: Person) -> str:
        return spelled(p.last, self.rng, self.style.digits)

    def word_about(self, name: str, p: Person) -> str:
        table = {
            "he": ("he", "she"),
            "He": ("He", "She"),
            "him": ("him", "her"),
            "his": ("his", "her"),
            "hers": ("his", "hers"),
            "His": ("His", "Her"),
        }
        if name == "H":
            if self.style.digits:
                return self.rng.choice(HONORIFICS)
            return self.rng.choice(
                (
                    *HONORIFICS,
                    "Mister",
                    "Doctor",
                    "Officer",
                    "Judge",
                    "Attorney",
                    "Professor",
                    "Nurse",
                    "Sergeant",
                    "Pastor",
                )
            )
        return table[name][p.he == "she"]

    # places

    def place_city(self) -> str:
        return self.pools.city(self.rng)

    def place_wcity(self) -> str:
        return self.rng.choice(self.pools.plain_cities) if self.rng.random() < 0.6 else self.place_city()

    def place_sname(self) -> str:
        """A street without its type, as people say it."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.55:
            return rng.choice(self.pools.lists["street_words"])
        if roll < 0.75:
            return self.pools.last_name(rng)
        if roll < 0.95:
            return self.pools.city(rng)
        return rng.choice(self.pools.lists["nouns_ambiguous"]).title()

    def place_county(self) -> str:
        return self.rng.choice(self.pools.counties)

    def place_zip(self) -> str:
        return numbers.zip_code(self.rng, self.style.digits)

    def place_num(self) -> str:
        return numbers.house(self.rng, self.style.digits)

    def place_street(self) -> str:
        rng, lists = self.rng, self.pools.lists
        roll = rng.random()
        if roll < 0.5:
            stem = rng.choice(lists["street_words"])
        elif roll < 0.75:
            stem = self.pools.last_name(rng)
        elif roll < 0.85:
            stem = self.pools.first_name(rng)
        else:
            stem = town(rng.choice(lists["town_stems"]), rng.choice(lists["town_ends"]))
        if rng.random() < 0.2:
            stem = f"{rng.choice(('North', 'South', 'East', 'West', 'Northwest', 'Southeast', 'Old', 'Upper'))} {stem}"
        if rng.random() < 0.1:
            return stem
        return f"{stem} {rng.choice(lists['street_types'])}"

    def place_xroads(self) -> list[Segment]:
        first, second = self.place_street(), self.place_street()
        types = " ".join(self.pools.lists["street_types"])
        if self.rng.random() < 0.6:
            first, second = (s.rsplit(" ", 1)[0] if s.rsplit(" ", 1)[-1] in types else s for s in (first, second))
        return [(f"{first} and {second}", LOCATION)]

    def place_addr_short(self) -> str:
        return f"{self.place_num()} {self.place_street()}"

    def place_half(self) -> str:
        return f"{self.place_num()} and a half" + (f" {self.place_sname()}" if self.rng.random() < 0.5 else "")

    def place_rural(self) -> str:
        rng, digits = self.rng, self.style.digits
        box = numbers.number(1, 400, rng, digits)
        route = rng.choice(("Rural Route", "Rural Route", "R.R.", "Route", "Star Route", "County Route"))
        return rng.choice(
            (
                f"P.O. Box {box}", f"P O Box {box}", f"PO Box {box}", f"{route} {numbers.small(rng, digits)}, Box {box}",
                f"{route} {numbers.small(rng, digits)} Box {box}",
            )
        )  # fmt: skip

    def place_addr(self) -> list[Segment]:
        rng = self.rng
        roll = rng.random()
        text = self.place_rural() if roll < 0.08 else self.place_half() if roll < 0.12 else self.place_addr_short()
        if rng.random() < 0.35:
            text += f", {self.unit()}"
        roll = rng.random()
        if roll < 0.85:
            text += f", {self.place_city()}"
            if roll < 0.65:
                name, code = rng.choice(self.pools.states)
                text += f", {code if self.style.digits and rng.random() < 0.5 else name}"
            if roll < 0.45:
                text += f"{rng.choice((' ', ' ', ', '))}{self.place_zip()}"
        if rng.random() < 0.12 and "," in text:
            head, tail = text.split(",", 1)
            return [
                (head, LOCATION),
                (rng.choice((", uh, ", ", um,", ", that's ", ". ")), ""),
                (tail.strip(), LOCATION),
            ]
        return [(text, LOCATION)]

    def place_unit(self) -> str:
        return self.unit()

    def unit(self) -> str:
        n = numbers.small(self.rng, self.style.digits)
        letter = self.rng.choice("ABCDEFG")
        kind = self.rng.choice(UNITS)
        if self.rng.random() < 0.06:
            return self.rng.choice(("basement", "upstairs", "downstairs", "rear", f"Tower {letter}", f"Space {n}"))
        if self.rng.random() < 0.05:
            return f"{kind} {letter} as in {NATO[letter.lower()].title()}"
        both = f"{kind} {n}{letter}" if self.style.digits else f"{kind} {n} {letter}"
        floor = self.rng.choice(("1st", "2nd", "3rd", "4th") if self.style.digits else ("first", "second", "third", "top"))
        end = self.rng.choice(("", "", " rear", " front", " left"))
        return self.rng.choice((f"{kind} {n}", f"{kind} {n}", f"{kind} {letter}", both, f"{floor} floor{end}"))
