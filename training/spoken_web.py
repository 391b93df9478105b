"""E-mail and web addresses, handles and IP addresses, as people say them and engines write them.

An address is kept in the block's memo with `|` where two words meet without a sign ("j|kowalski|82"), so that every wording of
it, whole or in pieces, is of the same address.
"""

from __future__ import annotations

import random
import re

from training.numbers import ONES, words
from training.pools import Pools, load, plain
from training.spelling import spelled

PROVIDERS = (
    "gmail.com gmail.com gmail.com gmail.com yahoo.com yahoo.com hotmail.com outlook.com aol.com icloud.com icloud.com "
    "me.com msn.com live.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net earthlink.net charter.net "
    "proton.me protonmail.com ymail.com mail.com gmx.net yahoo.co.uk btinternet.com hotmail.co.uk"
).split()
TLDS = "com com com com com org org net edu gov us io co info biz co.uk org.uk ca com.au law health".split()
KINDS = (
    "law legal firm attorneys clinic health medical dental pharmacy care school schools college academy insurance group claims "
    "trucking auto plumbing realty bank county city church shop online home foundation rehab wellness pediatrics ortho imaging"
).split()
PATHS = (
    "forms pay login intake portal claims contact menu records appointments jobs upload help refill enroll schedule docs news"
).split()
SAID_SIGNS = {
    ".": ("dot", "dot", "dot", "dot", "period", "point"), "_": ("underscore", "underscore", "underscore", "under score"),
    "-": ("dash", "dash", "hyphen", "minus"), "/": ("slash", "slash", "forward slash"), ":": ("colon",),
}  # fmt: skip


def slug(found: str) -> str:
    return re.sub(r"[^a-z]", "", plain(found).lower()) or "sam"


# the address itself


def user(pools: Pools, rng: random.Random) -> str:
    first, last, word = slug(pools.first_name(rng)), slug(pools.last_name(rng)), rng.choice(pools.words)
    figures = rng.choice(
        (
            str(rng.randint(1, 9)),
            f"{rng.randint(50, 99)}",
            f"{rng.randint(0, 24):02d}",
            str(rng.randint(1950, 2012)),
            str(rng.randint(100, 999)),
        )
    )
    sign = rng.choice((".", ".", "_", "-", "|", "|", "|"))
    base = rng.choice(
        (
            f"{first[0]}|{last}", f"{first[0]}{sign}{last}", f"{first}{sign}{last}", f"{first}{sign}{last}",
            f"{last}{sign}{first}",
            f"{first}{sign}{last[0]}", f"{first}", f"{last}", f"{word}{sign}{rng.choice(pools.words)}",
            f"{first}{sign}the{sign}{word}",
            f"{first[0]}{sign}{rng.choice('abcdefghjklmnprst')}{sign}{last}", f"{word}{sign}{first}", f"{word}{sign}{last}",
            rng.choice(("info", "billing", "office", "frontdesk", "claims", "records", "intake", "admin", "scheduling")),
            f"the|{last}s", f"{last}|family", f"mrs{sign}{last}", f"dr{sign}{last}", f"{first}s|mom",
            f"big|{first}", f"{word}|guy",
        )
    )  # fmt: skip
    return base + (rng.choice(("|", "|", "|", "_", ".")) + figures if rng.random() < 0.45 else "")


def site(pools: Pools, rng: random.Random) -> str:
    last, word, kind = slug(pools.last_name(rng)), rng.choice(pools.words), rng.choice(KINDS)
    stem = slug(rng.choice(pools.lists["street_words"]).split()[0])
    city = "|".join(slug(w) for w in pools.city(rng).split()[:2])
    sign = rng.choice(("|", "|", "|", "-"))
    body = rng.choice(
        (
            f"{last}{sign}{kind}", f"{last}{sign}{kind}", f"{stem}{sign}{kind}", f"{stem}{sign}{word}", f"{word}{sign}{kind}",
            f"{city}{sign}{kind}",
            f"{last}{sign}and{sign}{slug(pools.last_name(rng))}", f"my{sign}{word}", f"{word}",
            f"{stem}{sign}high", f"{stem}{sign}family{sign}{kind}",
            f"{''.join(rng.choices('abcdefghmnprst', k=3))}|{kind}", f"get|{word}", f"mail.{stem}|{kind}",
            f"{word}|{rng.choice(('24', '365', '4u', '1'))}",
        )
    )  # fmt: skip
    if rng.random() < 0.04:
        return f"{stem}|{rng.choice(('usd', 'isd', 'schools'))}.k12.{rng.choice(pools.states)[1].lower()}.us"
    return f"{body}.{rng.choice(TLDS)}"


def url(pools: Pools, rng: random.Random) -> str:
    text = rng.choice(("www.", "www.", "", "", "", "https://", "https://www.")) + site(pools, rng)
    while rng.random() < 0.3:
        text += f"/{rng.choice((rng.choice(PATHS), rng.choice(PATHS), rng.choice(pools.words), str(rng.randint(1, 2026))))}"
    return text


def handle(pools: Pools, rng: random.Random) -> str:
    return user(pools, rng).replace(".", "_" if rng.random() < 0.7 else ".")


def ip(rng: random.Random) -> str:
    if rng.random() < 0.04:
        return ":".join(f"{rng.randrange(16**4):x}" for _ in range(4)) + "::" + str(rng.randint(1, 9))
    head = rng.choice(
        (
            "192.168",
            "10.0",
            "172.16",
            f"{rng.randint(11, 223)}.{rng.randint(0, 255)}",
            f"{rng.randint(24, 99)}.{rng.randint(1, 255)}",
        )
    )
    return f"{head}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


# how it is written


def written(address: str) -> str:
    return address.replace("|", "")


def as_typed(address: str, rng: random.Random) -> str:
    """As engines write an address that they half understand: "J. Kowalski 82", "JKowalski82", "j.kowalski82"."""
    roll = rng.random()
    if roll < 0.62:
        return written(address)
    if roll < 0.74:
        return "".join(part.title() if part.isalpha() else part for part in re.split(r"([|._-])", address)).replace("|", "")
    if roll < 0.88:
        made = address.replace("|", " ")
        return ". ".join(w.strip() for w in made.title().split(".")) if "." in made and rng.random() < 0.5 else made.title()
    return said(address, rng, digits=True)


# how it is said


def figures_said(text: str, rng: random.Random) -> str:
    zero = rng.choice(("oh", "oh", "zero"))
    if len(text) == 1 and rng.random() < 0.3:
        return f"the number {ONES[int(text)]}"
    if len(text) % 2 == 0 and rng.random() < 0.75:
        pairs = [text[i : i + 2] for i in range(0, len(text), 2)]
        if text.startswith("20") and len(text) == 4 and text[2] == "0":
            return f"two thousand {words(int(text[2:]))}" if int(text) > 2000 else "two thousand"
        return " ".join(words(int(p)) if p[0] != "0" else f"{zero} {ONES[int(p[1])] if p[1] != '0' else zero}" for p in pairs)
    if len(text) == 3 and rng.random() < 0.5:
        return octet(text, rng)
    return " ".join(zero if c == "0" else ONES[int(c)] for c in text)


def octet(text: str, rng: random.Random) -> str:
    """Part of an IP address: "one sixty-eight", "two hundred fifty-five", "two five five"."""
    n = int(text)
    if n < 100 or rng.random() < 0.1:
        return words(n)
    if rng.random() < 0.25:
        return " ".join("zero" if c == "0" else ONES[int(c)] for c in text)
    rest = n % 100
    return f"{ONES[n // 100]} {words(rest) if rest > 9 else 'oh ' + ONES[rest] if rest else 'hundred'}"


def letters(text: str, rng: random.Random) -> str:
    """A run of letters, as a word or, now and then, letter by letter."""
    if len(text) == 1:
        return text.upper() if rng.random() < 0.6 else text
    roll = rng.random()
    if roll < 0.12 and len(text) < 11:
        return spelled(text, rng, False)
    if roll < 0.15 and len(text) < 9:
        return f"{text}, {spelled(text, rng, False)},"
    return text.title() if roll < 0.35 else text


def ending(text: str, rng: random.Random) -> str:
    """The last part of a domain: "com", "o r g", "c o", "u k"."""
    if text == "com":
        return "com" if rng.random() < 0.95 else rng.choice(("c o m", "C O M"))
    if len(text) < 4 and rng.random() < (0.9 if len(text) == 2 else 0.4):
        return " ".join(text if rng.random() < 0.5 else text.upper()) if text != "co" or rng.random() < 0.2 else "co"
    return text


def said(address: str, rng: random.Random, digits: bool = False) -> str:
    """An address in words, sign by sign; with `digits`, figures stay figures."""
    signs = {sign: rng.choice(forms) for sign, forms in SAID_SIGNS.items()}
    out = []
    for part in re.split(r"([|._/:-]|\d+)", address):
        if part in signs:
            out.append(signs[part])
        elif part.isdigit():
            out.append(part if digits else figures_said(part, rng))
        elif part and part != "|":
            out.append(letters(part, rng))
    return " ".join(out).rstrip(",")


def said_domain(domain: str, rng: random.Random, digits: bool = False) -> str:
    signs = {sign: forms[0] for sign, forms in SAID_SIGNS.items()}
    if rng.random() < 0.3:
        signs["-"] = "hyphen"
    body, *ends = domain.split(".")
    if domain.count(".") > 1 and ends[0] not in ("co", "org", "com"):  # "mail.oakclinic.org"
        body, ends = ".".join(domain.split(".")[:-1]), domain.split(".")[-1:]
    if body == "gmail" and rng.random() < 0.25:
        front = rng.choice(("g mail", "G mail", "Gmail", "G-mail"))
    elif body in ("aol", "msn", "gmx", "att") and rng.random() < 0.5:
        front = " ".join(body.upper())
    else:
        pieces = [signs.get(p, p) if p in signs else figures_said(p, rng) if p.isdigit() and not digits else p
                  for p in re.split(r"([|._-]|\d+)", body) if p and p != "|"]  # fmt: skip
        front = " ".join(p.title() if rng.random() < 0.1 and p.isalpha() and p not in signs.values() else p for p in pieces)
        if rng.random() < 0.06 and len(written(body)) < 10 and written(body).isalpha():
            front = spelled(written(body), rng, False)
    return " ".join((front, *(f"dot {ending(e, rng)}" for e in ends)))


# the slots


def email_user(key: str, rng: random.Random, digits: bool) -> str:
    if digits:
        return as_typed(key, rng)
    text = said(key, rng)
    if rng.random() < 0.05 and " " in text:
        return (
            f"{text}, {rng.choice(('all one word', 'no spaces', 'all lower case'))}"
            if rng.random() < 0.4
            else f"all lower case {text}"
        )
    return text


def email_domain(key: str, rng: random.Random, digits: bool) -> str:
    if digits:
        roll = rng.random()
        return written(key) if roll < 0.75 else written(key).capitalize() if roll < 0.88 else said_domain(key, rng, digits=True)
    return said_domain(key, rng) if rng.random() < 0.93 else written(key)


def email(user_key: str, domain_key: str, rng: random.Random, digits: bool) -> str:
    if digits and rng.random() < 0.6:
        return f"{written(user_key)}@{written(domain_key)}"
    front, back = email_user(user_key, rng, digits), email_domain(domain_key, rng, digits)
    if digits:
        return f"{front}{rng.choice(('@', '@', ' at ', ' at ', ' @ ', '@ '))}{back}"
    middle = rng.choice(
        (" at ",) * 14 + (", at ", ", all lower case, at ", ", all one word, at ", " at sign ", " at symbol ", ", uh, at ")
    )
    return f"{front}{middle}{back}"


def web_address(key: str, rng: random.Random, digits: bool) -> str:
    if digits:
        return written(key) if rng.random() < 0.8 else written(key).removeprefix("https://").capitalize()
    front = ""
    if key.startswith("https://"):
        key = key.removeprefix("https://")
        front = rng.choice(
            ("h t t p s colon slash slash ", "https colon slash slash ", "h t t p s colon forward slash forward slash ", "")
        )
    if key.startswith("www."):
        key = key.removeprefix("www.")
        front += rng.choice(
            ("w w w dot ", "w w w dot ", "www dot ", "W W W dot ", "triple w dot ", "dub dub dub dot ", "w w w ")
        )
    domain, *path = key.split("/")
    slash = rng.choice((" slash ", " slash ", " slash ", " forward slash "))
    return front + slash.join((said_domain(domain, rng), *(said(p, rng) for p in path)))


def shown_handle(key: str, rng: random.Random, digits: bool) -> str:
    if digits:
        return rng.choice(("@", "@", "@", "", "at ")) + written(key)
    return rng.choice(("at ", "at ", "at ", "")) + said(key, rng)


def shown_ip(key: str, rng: random.Random, digits: bool) -> str:
    if digits:
        return key if rng.random() < 0.9 or ":" in key else rng.choice((" dot ", " . ", " ")).join(key.split("."))
    if ":" in key:
        return " colon ".join(
            " ".join(ONES[int(c)] if c.isdigit() else c for c in part) for part in key.replace("::", ":").split(":")
        )
    return rng.choice((" dot ", " dot ", " dot ", " point ")).join(octet(p, rng) for p in key.split("."))


def make(name: str, number: str, rng: random.Random, digits: bool, memo: dict[str, str]) -> str | None:
    """The text for a slot, or None if it is no address of the net."""
    if name in ("email", "email_user", "email_domain"):
        pools = load()
        if f"web.user{number}" not in memo:
            memo[f"web.user{number}"] = user(pools, rng)
            memo[f"web.domain{number}"] = rng.choice(PROVIDERS) if rng.random() < 0.66 else site(pools, rng)
        front, back = memo[f"web.user{number}"], memo[f"web.domain{number}"]
        if name == "email":
            return email(front, back, rng, digits)
        return email_user(front, rng, digits) if name == "email_user" else email_domain(back, rng, digits)
    if name == "url":
        return web_address(memo.setdefault(f"web.url{number}", url(load(), rng)), rng, digits)
    if name == "handle":
        return shown_handle(memo.setdefault(f"web.handle{number}", handle(load(), rng)), rng, digits)
    if name == "ip":
        return shown_ip(memo.setdefault(f"web.ip{number}", ip(rng)), rng, digits)
    return None
