"""The hand-written gold transcripts parse, use known labels only and are consistent: what figures rest on must itself hold."""

import re
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
FOLDERS = [DATA / name for name in ("gold-own", "gold-heldout", "gold-unread", "gold-unread-places", "gold-unread-dense", "gold-unread-plain", "gold-unread-numbers", "gold-unread-real", "gold-unread-alike")]
FOLDERS.append(Path(__file__).parents[3] / "training" / "written")
FILES = sorted(p for folder in FOLDERS for p in folder.glob("*.txt"))
LABELS = {"NAME", "ADDRESS", "EMAIL", "PHONE", "URL", "SSN", "CREDIT_CARD", "BANK_ACCOUNT", "DOB", "DATE", "AGE_OVER_89"}
LABELS |= {"MRN", "HEALTH_PLAN", "LICENSE", "VEHICLE", "DEVICE", "MEDICAL"}
STYLES = ("formatted", "spoken", "lower")
MARK = re.compile(r"\[\[([A-Z0-9_]+)\|(.+?)\]\]")
WORD = re.compile(r"[^\W\d_]{3,}")


def parse(path: Path) -> tuple[dict[str, str], list[str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    meta = dict(re.fullmatch(r"# (\w+): (.+)", line).groups() for line in lines if line.startswith("#"))
    return meta, [line for line in lines if not line.startswith("#")]


@pytest.fixture(params=FILES, ids=lambda p: p.stem)
def gold(request: pytest.FixtureRequest) -> tuple[dict[str, str], list[str]]:
    return parse(request.param)


def test_there_are_enough_files_in_every_style():
    styles = [parse(p)[0]["style"] for p in FILES]
    assert len(FILES) >= 12
    assert all(styles.count(s) >= 4 for s in STYLES)


def test_header_names_style_kind_and_every_speaker(gold):
    meta, turns = gold
    assert meta["style"] in STYLES
    assert {"title", "kind", "speakers"} <= meta.keys()
    named = {part.split("=")[0].strip() for part in meta["speakers"].split(";")}
    assert {turn[0] for turn in turns} == named


def test_every_line_is_a_turn_with_known_labels_and_closed_marks(gold):
    for turn in gold[1]:
        assert re.match(r"[A-Z]: \S", turn), turn
        assert {label for label, _ in MARK.findall(turn)} <= LABELS, turn
        rest = MARK.sub("", turn)
        assert not re.search(r"\[\[|\]\]|\|", rest), turn
        assert all(text == text.strip() for _, text in MARK.findall(turn)), turn


def test_lower_files_hold_no_capital_and_no_full_stop(gold):
    meta, turns = gold
    if meta["style"] == "lower":
        text = MARK.sub(lambda m: m[2], "\n".join(t[3:] for t in turns))
        assert text == text.lower()
        assert not re.search(r"[.,?!;:]", text)


def test_spoken_files_hold_no_digit(gold):
    """But for those in lower case that say so of themselves, since some engines write digits there."""
    meta, turns = gold
    digits = re.search(r"\d", MARK.sub(lambda m: m[2], "\n".join(turns)))
    if meta["style"] != "formatted":
        assert bool(digits) == (meta["style"] == "lower" and meta.get("numbers") == "digits")


def test_a_name_marked_once_is_marked_everywhere(gold):
    meta, turns = gold
    fold = str.lower if meta["style"] == "lower" else str
    ordinary = {fold(w) for w in meta.get("ordinary", "").split()}
    names = {
        w
        for turn in turns
        for label, text in MARK.findall(turn)
        if label == "NAME" or (label == "ADDRESS" and meta["style"] != "lower")
        for w in WORD.findall(text)
        if meta["style"] == "lower" or w[0].isupper()
    }
    for turn in turns:
        for word in WORD.findall(MARK.sub(" ", turn)):
            assert word not in names - ordinary, f"{word} is unmarked in {turn[:80]!r}"
