"""What fills the slots that are no name, place or number of anybody: firms, courts, hospitals, words, days."""

from __future__ import annotations

import random

from training import numbers
from training.pools import Pools
from training.segments import ORG, Segment
from training.spelling import NATO, PHONETIC

RANKS = (
    "Captain,Lieutenant,Chief,Deputy,Trooper,Agent,Corporal,Colonel,Coach,Father,Sister,Brother,Reverend,Rabbi,Imam,Pastor,Deacon,"
    "Uncle,Aunt,Auntie,Grandma,Grandpa,Mama,Papa,Cousin,Principal,Commissioner,Counselor,Señora,Don,Doña"
).split(",")
HOSPITAL_KINDS = "Memorial,General,Medical Center,Hospital,Regional,Clinic,Rehab,Health,Hospice,Urgent Care".split(",")
COURTS = (
    "Superior Court,the Superior Court,the Court of Appeals,District Court,the District Court,Family Court,Probate Court,"
    "the Supreme Court,Juvenile Court,Housing Court,the Eastern District,the Ninth Circuit,Municipal Court,Small Claims,"
    "the Bankruptcy Court,Traffic Court,the Workers' Compensation Board,Chancery Court"
).split(",")
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def left_alone(name: str, pools: Pools, rng: random.Random, digits: bool) -> list[Segment]:
    """What fills the slot ``name``: nothing private, however it looks. ``digits``: the engine writes figures."""
    lists = pools.lists
    if name in ("org", "firm"):
        return firm(pools, rng) if name == "firm" or rng.random() < 0.4 else [(rng.choice(lists["orgs"]), ORG)]
    if name == "hosp":
        return [(hospital(pools, rng), ORG)]
    if name == "court":
        return [(rng.choice(COURTS), ORG)]
    if name == "school":
        stem = rng.choice((pools.last_name, pools.city))(rng)
        return [(f"{stem} {rng.choice(('Elementary', 'High', 'Middle School', 'Academy'))}", ORG)]
    plain = {
        "an": "nouns_ambiguous", "av": "verbs_ambiguous", "aa": "adjectives_ambiguous", "rel": "kin",
        "epo": "eponyms", "law": "laws", "car": "cars", "thing": "things", "drug": "drugs",
    }  # fmt: skip
    if name in plain:
        return [(rng.choice(lists[plain[name]]), "")]
    if name in ("w", "W"):
        word = rng.choice(pools.words)
        return [(word.title() if name == "W" else word, "")]
    if name == "ll":
        letter = rng.choice("ABCDEFGHIJKLMNOPRSTUVWZ")
        return [(letter, "")]
    if name == "nato":
        return [(rng.choice((*NATO.values(), *PHONETIC.values())), "")]
    if name == "R":
        return [(rng.choice(RANKS), "")]
    if name == "state":
        return [(rng.choice(pools.states)[0], "")]
    if name == "country":
        return [(rng.choice(pools.countries), "")]
    if name == "month":
        return [(rng.choice(numbers.MONTHS), "")]
    if name == "dow":
        return [(rng.choice(DAYS), "")]
    return [(numbers.slot(name, rng, digits), "")]


def firm(pools: Pools, rng: random.Random) -> list[Segment]:
    last = pools.last_name
    if rng.random() < 0.45:
        return [(house(pools, rng), ORG)]
    shape = rng.randrange(6)
    if shape == 0:
        return [(rng.choice(pools.lists["orgs"]), ORG)]
    end = rng.choice(
        (
            "LLP",
            "and Associates",
            "Law Group",
            "Law Firm",
            "PLLC",
            "P.C.",
            "& Partners",
            "Insurance",
            "Trucking",
            "Realty",
            "Electric",
            "Motors",
            "Foods",
        )
    )
    if shape in (1, 2):
        return [(f"{last(rng)} {rng.choice(('&', 'and', 'and'))} {last(rng)}", ORG)]
    if shape == 3:
        return [(f"{last(rng)}, {last(rng)} and {last(rng)}", ORG)]
    return [(f"{last(rng)} {end}", ORG)]


def house(pools: Pools, rng: random.Random) -> str:
    """A firm called after a place, a family or nothing at all."""
    word = rng.choice((rng.choice(pools.words), rng.choice(pools.lists["nouns_ambiguous"]))).title()
    if rng.random() < 0.15:
        return rng.choice((word, f"First {word}", f"{word} State", f"{pools.last_name(rng)} and Sons"))
    stem = rng.choice(
        (
            word, word, f"{rng.choice(pools.lists['town_stems'])} {word}", pools.city(rng), pools.last_name(rng),
            rng.choice(pools.states)[0], f"{word} Valley", f"{word} State", f"First {word}", pools.first_name(rng) + "'s",
            f"{pools.last_name(rng)} and Sons",
        )
    )  # fmt: skip
    return f"{stem} {rng.choice(pools.lists['firm_kinds'])}"


def hospital(pools: Pools, rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(pools.lists["hospitals"])
    stem = rng.choice((pools.last_name, pools.first_name, pools.city))(rng)
    if rng.random() < 0.2:
        return rng.choice((f"Saint {pools.first_name(rng)}'s", f"Saint {pools.first_name(rng)}"))
    return f"{stem} {rng.choice(HOSPITAL_KINDS)}"
