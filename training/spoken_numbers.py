"""Identifying numbers as people say them and engines write them: whole, piece by piece, misspoken.

`make` keeps what a slot stands for in the block's memo, as groups of letters and figures parted by `|`, so that the same number
can be worded anew every time it is said, and its pieces fit together.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

from training.numbers import ONES, TENS, words
from training.spelling import NATO, PHONETIC

FIGURES = "0123456789"
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
PIECES = "abcd"
PIECE_SLOT = re.compile(r"\{([a-z]+)_([a-d])(\d?)\}")
SPOKEN_ZEROS = ("oh",) * 8 + ("zero",) * 7 + ("o", "O", "nought")
ROUND = (*TENS[2:], "hundred", "thousand")  # words that another may still belong to
MULTIPLES = {2: "double", 3: "triple"}
# Between groups in words; a plain blank and a comma by far the most often.
SPOKEN_JOINTS = (" ",) * 20 + (", ",) * 14 + (". ",) * 3 + (" -- ", "... ", "; ")
FILLED_JOINTS = (
    ", uh, ", " uh ", ", um, ", " um ", ", and then ", " and then ", ", then ", " and ", ", let's see, ", ", er, ", ", okay, ",
)  # fmt: skip
NAMED_JOINTS = (" dash ", " dash ", " dash ", ", dash, ", " hyphen ", " space ", " slash ", " stroke ")
WRITTEN_JOINTS = ("-",) * 10 + (" ",) * 10 + ("",) * 5 + (", ",) * 5 + (".", ".", ". ", " - ", "/", "_", "–", "... ")
SLIPS = (
    " -- no, ", ", no, ", ", sorry, ", " -- sorry, ", ", I mean, ", " -- excuse me, ", ", wait, ", ", correction, ",
    ", make that ", ", scratch that, ", "... no, ",
)  # fmt: skip


def some(characters: str, count: int, rng: random.Random) -> str:
    return "".join(rng.choice(characters) for _ in range(count))


def figures(low: int, high: int, rng: random.Random) -> str:
    """A run of figures; now and then with the round ends and repeats that people have their own words for."""
    made = some(FIGURES, rng.randint(low, high), rng)
    roll = rng.random()
    if roll < 0.10 and len(made) > 2:
        zeros = rng.choice((2, 2, 3)) if len(made) > 3 else 2
        return made[:-zeros] + "0" * zeros
    if roll < 0.18:
        zeros = min(rng.choice((1, 2, 3)), len(made) - 1)
        return "0" * zeros + made[zeros:]
    if roll < 0.30 and len(made) > 1:
        at, run = rng.randrange(len(made)), rng.choice((2, 2, 3))
        return (made[:at] + made[at] * run + made[at + run :])[: len(made)]
    return made


def letters(low: int, high: int, rng: random.Random) -> str:
    made = some(LETTERS, rng.randint(low, high), rng)
    return made[0] * 2 + made[2:] if len(made) > 1 and rng.random() < 0.15 else made


# What the slots stand for. Telephone numbers are the fictional 555-01xx or any figures, so that 555 is not what is learnt.


def phone(rng: random.Random) -> str:
    exchange, line = ("555", f"01{rng.randint(0, 99):02d}") if rng.random() < 0.5 else (figures(3, 3, rng), figures(4, 4, rng))
    area = rng.choice((str(rng.randint(201, 989)),) * 6 + ("800", "888", "877"))
    roll = rng.random()
    if roll < 0.72:
        return f"{area}|{exchange}|{line}"
    if roll < 0.91:
        return f"{exchange}|{line}"
    if roll < 0.97:
        return f"1|{area}|{exchange}|{line}"
    return f"{rng.choice(('44', '52', '49', '011', '63'))}|{figures(2, 3, rng)}|{figures(3, 4, rng)}|{figures(4, 4, rng)}"


def card(rng: random.Random) -> str:
    if rng.random() < 0.15:
        return f"37{figures(2, 2, rng)}|{figures(6, 6, rng)}|{figures(5, 5, rng)}"
    return "|".join((rng.choice("456") + some(FIGURES, 3, rng), *(figures(4, 4, rng) for _ in range(3))))


def coded(low: int, high: int, front: float, back: float) -> Callable[[random.Random], str]:
    """Figures, with letters before or behind as often as asked."""

    def made(rng: random.Random) -> str:
        groups = [figures(low, high, rng)]
        if len(groups[0]) > 5 and rng.random() < 0.4:
            cut = rng.randint(2, len(groups[0]) - 2)
            groups = [groups[0][:cut], groups[0][cut:]]
        if rng.random() < front:
            groups.insert(0, letters(1, 3, rng))
        if rng.random() < back:
            groups.append(rng.choice((letters(1, 2, rng), figures(2, 2, rng))))
        if len(groups) > 1 and len(groups[0]) == 1 and rng.random() < 0.7:
            groups[:2] = ["".join(groups[:2])]
        return "|".join(groups)

    return made


def dated(rng: random.Random) -> str:
    """The year of filing, then a running number: claims and bookings."""
    year = rng.choice((f"{rng.randint(15, 26)}", f"20{rng.randint(10, 26)}"))
    tail = [letters(1, 1, rng)] if rng.random() < 0.3 else []
    head = [letters(2, 3, rng)] if rng.random() < 0.3 else []
    return "|".join((*head, year, figures(3, 7, rng), *tail))


def either(*makers: Callable[[random.Random], str]) -> Callable[[random.Random], str]:
    return lambda rng: rng.choice(makers)(rng)


def plate(rng: random.Random) -> str:
    shape = rng.choice("LLL|FFFF LLL|FFF FLLLFFF FFF|LLL LLL|FLF FF|LLLF FFFF|LL LFF|LLL FFL|FFF FFFFFF".split())
    return "".join(some(LETTERS, 1, rng) if c == "L" else some(FIGURES, 1, rng) if c == "F" else c for c in shape)


def mixed(low: int, high: int) -> Callable[[random.Random], str]:
    def made(rng: random.Random) -> str:
        body = some(LETTERS + FIGURES * 3, rng.randint(low, high), rng)
        cut = rng.randint(2, len(body) - 2)
        return f"{body[:cut]}|{body[cut:]}" if rng.random() < 0.5 else body

    return made


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "phone": phone,
    "fax": phone,
    "ext": lambda rng: figures(2, 5, rng),
    "ssn": lambda rng: "|".join(figures(n, n, rng) for n in (3, 2, 4)),
    "card": card,
    "account": either(coded(6, 12, 0.0, 0.0), coded(6, 12, 0.1, 0.2)),
    "routing": lambda rng: f"{figures(4, 4, rng)}|{figures(5, 5, rng)}" if rng.random() < 0.4 else figures(9, 9, rng),
    "mrn": either(coded(5, 10, 0.0, 0.0), coded(5, 9, 0.4, 0.1)),
    "member": either(coded(6, 11, 0.85, 0.3), coded(7, 12, 0.2, 0.3), mixed(7, 11)),
    "policy": either(coded(5, 10, 0.7, 0.3), coded(6, 11, 0.0, 0.2), mixed(7, 12)),
    "claim": either(dated, coded(5, 11, 0.4, 0.3), coded(6, 10, 0.0, 0.0)),
    "license": either(coded(7, 12, 1.0, 0.0), coded(6, 9, 0.0, 0.0), coded(4, 9, 0.7, 0.4), mixed(7, 12)),
    "passport": either(coded(9, 9, 0.0, 0.0), lambda rng: letters(1, 1, rng) + figures(7, 8, rng), coded(6, 8, 1.0, 0.0)),
    "npi": lambda rng: rng.choice("12") + figures(9, 9, rng),
    "plate": plate,
    "vin": lambda rng: some(VIN_CHARACTERS, 11, rng) + figures(6, 6, rng),
    "serial": either(mixed(6, 12), coded(6, 11, 0.5, 0.2)),
    "lot": either(coded(4, 7, 0.6, 0.3), mixed(5, 8)),
    "badge": either(lambda rng: figures(2, 5, rng), lambda rng: figures(3, 4, rng), coded(3, 5, 0.4, 0.1)),
    "booking": either(dated, coded(6, 9, 0.1, 0.1)),
    "employee": either(coded(4, 7, 0.0, 0.0), coded(4, 7, 0.4, 0.1)),
    "id": either(coded(4, 10, 0.3, 0.1), mixed(5, 10), lambda rng: figures(4, 9, rng)),
}


def truth(key: str, kind: str, rng: random.Random, memo: dict[str, str]) -> str:
    if key not in memo:
        memo[key] = MAKERS[kind](rng)
    return memo[key]


def plan(lines: Iterable[str]) -> dict[str, str]:
    """A memo for a block that knows into how many pieces the block says its numbers; without one it is three."""
    counts: dict[str, int] = {}
    for kind, piece, number in PIECE_SLOT.findall("\n".join(lines)):
        key = f"{kind}{number}/pieces"
        counts[key] = max(counts.get(key, 0), PIECES.index(piece) + 1)
    return {key: str(count) for key, count in counts.items()}


def pieces(groups: list[str], count: int, rng: random.Random) -> list[str]:
    """The number in `count` consecutive pieces, each of one or more groups: mostly where it is written apart, else anywhere."""
    whole = "".join(groups)
    if rng.random() < 0.18:
        cuts = sorted(rng.sample(range(1, len(whole)), min(count, len(whole)) - 1))
        return [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    parts = list(groups)
    while len(parts) > count:
        at = rng.randrange(len(parts) - 1)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    while len(parts) < count and len(whole) >= count:
        at = max(range(len(parts)), key=lambda i: len(parts[i]))
        half = max(1, len(parts[at]) // 2)
        parts[at : at + 1] = [parts[at][:half], parts[at][half:]]
    return parts


def misspoken(groups: list[str], rng: random.Random) -> list[str]:
    """The number with a wrong figure, two changed about, one left out, or broken off half-way."""
    whole = "".join(groups)
    shape, at = rng.randrange(4), rng.randrange(len(whole) - 1)
    if shape == 0 and len(whole) > 3:
        return regrouped(groups, whole[: rng.randint(2, len(whole) - 1)])
    if shape == 1 and whole[at] != whole[at + 1]:
        return regrouped(groups, whole[:at] + whole[at + 1] + whole[at] + whole[at + 2 :])
    if shape == 2 and len(whole) > 3:
        return regrouped(groups, whole[:at] + whole[at + 1 :])
    pool = FIGURES if whole[at].isdigit() else LETTERS
    return regrouped(groups, whole[:at] + rng.choice(pool.replace(whole[at], "")) + whole[at + 1 :])


def regrouped(groups: list[str], whole: str) -> list[str]:
    out, position = [], 0
    for group in groups:
        out.append(whole[position : position + len(group)])
        position += len(group)
    return [g for g in (*out, whole[position:]) if g]


# In words


def chunks(run: str, rng: random.Random, sizes: tuple[int, ...]) -> list[str]:
    out, position = [], 0
    while position < len(run):
        size = rng.choice(sizes)
        out.append(run[position : position + size])
        position += size
    return out


def singly(run: str, zero: str, rng: random.Random, multiples: bool) -> str:
    out, i = [], 0
    while i < len(run):
        same = next((k for k in (3, 2) if run[i : i + k] == run[i] * k), 1)
        if multiples and same > 1:
            out.append(f"{MULTIPLES[same]} {ONES[int(run[i])] if run[i] != '0' else zero}")
            i += same
            continue
        out.append(ONES[int(run[i])] if run[i] != "0" else zero)
        i += 1
    return " ".join(out)


def as_one(chunk: str, zero: str, rng: random.Random) -> str:
    """One chunk as one number: "sixty-eight", "four twelve", "eight hundred", "twenty-two hundred", "five thousand"."""
    n = int(chunk)
    if chunk[0] == "0" or len(chunk) == 1 or len(chunk) > 4:
        return singly(chunk, zero, rng, False)
    if len(chunk) == 2:
        return words(n)
    if chunk.endswith("000"):
        return words(n)
    head, tail = words(int(chunk[:-2])), chunk[-2:]
    if tail == "00":
        return f"{head} hundred"
    if len(chunk) == 3 and rng.random() < 0.4:
        return f"{head} hundred {'and ' if rng.random() < 0.4 else ''}{words(int(tail))}"
    if len(chunk) == 4 and rng.random() < 0.1:
        return words(n)
    return f"{head} {words(int(tail)) if tail[0] != '0' else f'{zero} {ONES[int(tail[1])]}'}"


def run_in_words(run: str, manner: str, rng: random.Random) -> str:
    zero = rng.choice(SPOKEN_ZEROS)
    if manner == "mixed":
        manner = rng.choice(("single", "single", "pairs", "chunks", "double"))
    if manner in ("single", "double"):
        # even who says every figure says "hundred" and "thousand"
        round_end = re.fullmatch(r"([1-9])(00|000)", run) or re.fullmatch(r"([1-9][1-9])(00)", run)
        if round_end and rng.random() < 0.6:
            return as_one(run, zero, rng)
        return singly(run, zero, rng, manner == "double")
    if manner == "pairs":
        odd = len(run) % 2 * rng.choice((0, 1))
        parts = ([run[:1]] if odd else []) + [run[i : i + 2] for i in range(odd, len(run), 2)]
    elif manner == "triples":
        parts = chunks(run, rng, (3,)) if len(run) != 4 else [run]
    else:
        parts = chunks(run, rng, (1, 2, 2, 3, 3, 4)) if len(run) > 4 or rng.random() < 0.5 else [run]
    said = [as_one(p, zero, rng) for p in parts]
    out = said[0]
    for before, after in zip(said, said[1:], strict=False):
        # "forty, one" is no forty-one
        joint = ", " if before.split()[-1] in ROUND else " "
        out += joint + after
    return out


def letter(c: str, manner: str, rng: random.Random) -> str:
    if manner == "plain":
        return c
    word = rng.choice((NATO, PHONETIC))[c.lower()]
    word = rng.choice((word, word.title()))
    return rng.choice(
        (
            f"{c} as in {word}", f"{c} as in {word}", f"{c} like {word}", f"{c} for {word}", f"{c}, {word},", f"{c} {word}",
            f"capital {c}", f"the letter {c}", f"{c} as in {word},", word.title(),
        )
    )  # fmt: skip


def letters_said(run: str, manner: str, rng: random.Random) -> list[str]:
    out, i = [], 0
    while i < len(run):
        if run[i : i + 2] == run[i] * 2 and rng.random() < 0.6:
            out.append(f"double {run[i]}")
            i += 2
            continue
        out.append(letter(run[i], manner if manner == "plain" or rng.random() < 0.7 else "plain", rng))
        i += 1
    return out


def runs(group: str) -> list[str]:
    return re.findall(r"[0-9]+|[A-Z]+", group)


def group_in_words(group: str, manner: str, spelling: str, rng: random.Random) -> str:
    out: list[str] = []
    for run in runs(group):
        out += [run_in_words(run, manner, rng)] if run.isdigit() else letters_said(run, spelling, rng)
    return " ".join(out).rstrip(",")


def spelling_manner(rng: random.Random) -> str:
    return "plain" if rng.random() < 0.75 else "named"


def in_words(groups: list[str], rng: random.Random) -> str:
    manner = rng.choice(("single",) * 7 + ("mixed",) * 4 + ("chunks", "chunks", "pairs", "pairs", "double", "triples"))
    spelling = spelling_manner(rng)
    half = rng.random() < 0.05  # some groups in figures all the same
    said = [figures_group(g, rng) if half and rng.random() < 0.5 else group_in_words(g, manner, spelling, rng) for g in groups]
    return joined(said, rng, SPOKEN_JOINTS)


def joined(said: list[str], rng: random.Random, joints: tuple[str, ...], filled: float = 0.10) -> str:
    usual, roll = rng.choice(joints), rng.random()
    out = said[0]
    for part in said[1:]:
        joint = usual
        if roll < 0.07:
            joint = rng.choice(NAMED_JOINTS)
        elif roll < 0.07 + filled:
            joint = rng.choice((*FILLED_JOINTS, ", ", " "))
        elif roll < 0.40:
            joint = rng.choice(joints)
        if joint in (" ", " and ") and out.split()[-1] in ROUND:
            joint = ", "
        if joint in (". ", "... ") and part[0].isalpha() and rng.random() < 0.7:
            part = part[0].upper() + part[1:]
        out += joint + part
    return out


# In figures


def figures_group(group: str, rng: random.Random) -> str:
    roll = rng.random()
    if roll < 0.86:
        return group
    if roll < 0.94:
        return rng.choice((" ", " ", "-", ", ")).join(group)
    return " ".join(chunks(group, rng, (1, 2, 2, 3)))


def in_figures(groups: list[str], rng: random.Random) -> str:
    half = rng.random() < 0.06
    spelling = spelling_manner(rng)
    said = []
    for group in groups:
        if half and rng.random() < 0.5:
            said.append(group_in_words(group, "mixed", "plain", rng))
        elif spelling == "named" and not group.isdigit() and len(group) < 8:
            apart = [[run] if run.isdigit() else letters_said(run, "named", rng) for run in runs(group)]
            said.append(" ".join(part for run in apart for part in run).rstrip(","))
        elif not group.isdigit() and rng.random() < 0.3:
            said.append(
                rng.choice((" ", "-", " ")).join(part for run in runs(group) for part in ([run] if run.isdigit() else run))
            )
        else:
            said.append(figures_group(group, rng))
    tight = all(re.fullmatch(r"[0-9A-Z]+", s) for s in said)
    if tight and rng.random() < 0.35 and re.fullmatch(r"\d{3}\|\d{3}\|\d{4}", "|".join(groups)):
        area, exchange, line = said
        return rng.choice(
            (
                f"({area}) {exchange}-{line}", f"({area}) {exchange}-{line}", f"({area}){exchange}-{line}",
                f"({area}) {exchange} {line}", f"{area}-{exchange}, {line}", f"{area} {exchange}-{line}",
                f"{area}, {exchange}-{line}", f"{area}-{exchange}{line}", f"{area}/{exchange}-{line}",
                f"{area}. {exchange}-{line}", f"+1{area}{exchange}{line}",
            )
        )  # fmt: skip
    if tight and rng.random() < 0.35:
        return rng.choice(("-", "-", "", " ")).join(said)
    return joined(said, rng, WRITTEN_JOINTS if tight else (" ", " ", " ", ", ", ", ", ". "), 0.03)


# Whole utterances


def uneven(groups: list[str], rng: random.Random) -> list[str]:
    """Groups cut elsewhere than where the number is written apart, as people breathe."""
    whole = "".join(groups)
    roll = rng.random()
    if roll < 0.80 or len(whole) < 4:
        return groups
    if roll < 0.86:
        return [whole]
    return chunks(whole, rng, (1, 2, 2, 3, 3, 4, 5))


def with_slip(groups: list[str], rng: random.Random, worded: Callable[[list[str], random.Random], str]) -> str:
    """One group said twice: repeated, or wrong at first."""
    at = rng.randrange(len(groups))
    group = groups[at]
    first = group if rng.random() < 0.4 else "".join(misspoken([group], rng)) if len(group) > 1 else group
    joint = rng.choice((", ", " ", "... ", " -- ")) if first == group else rng.choice(SLIPS)
    head = worded(groups[:at] + [first], rng)
    return f"{head}{joint}{worded(groups[at:], rng)}"


def say(groups: list[str], kind: str, rng: random.Random, digits: bool) -> str:
    """The number said whole."""
    worded = in_figures if digits else in_words
    roll = rng.random()
    if kind in ("phone", "fax") and roll < 0.05:
        joint = rng.choice(
            (" extension ", ", extension ", " ext. ", " x") if digits else (" extension ", ", extension ", " ext ")
        )
        return worded(groups, rng) + joint + worded([figures(2, 4, rng)], rng)
    if kind in ("phone", "fax") and roll < 0.11 and len(groups) == 3:
        area, rest = worded(groups[:1], rng), worded(groups[1:], rng)
        if roll < 0.08:
            return rest + rng.choice((", area code ", " area code ", ", and the area code is ")) + area
        return area + rng.choice((" area code, ", " area code ", ", that's the area code, ")) + rest
    cut = uneven(groups, rng)
    if roll > 0.94:
        return with_slip(cut, rng, worded)
    return worded(cut, rng)


def say_piece(piece: str, rng: random.Random, digits: bool) -> str:
    """One piece, without any slips, so that what is said by and by adds up."""
    groups = [piece] if len(piece) < 5 or rng.random() < 0.5 else chunks(piece, rng, (2, 3, 3, 4))
    return in_figures(groups, rng) if digits else in_words(groups, rng)


def make(name: str, number: str, rng: random.Random, digits: bool, memo: dict[str, str]) -> str | None:
    """The slot `name` + `number` in figures or words; None if it is no number's slot."""
    kind, _, part = name.partition("_")
    if kind not in MAKERS or (part and part not in (*PIECES, "end", "bad")):
        return None
    key = kind + number
    groups = truth(key, kind, rng, memo).split("|")
    if part == "end":
        return say(["".join(groups)[-4:]], kind, rng, digits)
    if part == "bad":
        slip = f"{key}/bad"
        if slip not in memo:
            memo[slip] = "|".join(misspoken(groups, rng))
        return say(memo[slip].split("|"), kind, rng, digits)
    if part:
        cut = f"{key}/cut"
        if cut not in memo:
            memo[cut] = "|".join(pieces(groups, int(memo.get(f"{key}/pieces", "3")), rng))
        cuts = memo[cut].split("|")
        # a piece more than planned says the last one again
        return say_piece(cuts[min(PIECES.index(part), len(cuts) - 1)], rng, digits)
    return say(groups, kind, rng, digits)
