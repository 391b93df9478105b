"""What others made and is kept here has its copyright line and the text of its licence beside it."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
DATA, REDACTION, ENGINE = ROOT / "training/data", ROOT / "compliance/redaction", ROOT / "transcription/engine/models"
# What a README says of copied things -> where their notices and texts are. Test data says it in its own READMEs.
HOMES = {
    DATA / "README.md": DATA,
    REDACTION / "model/README.md": REDACTION / "licences",
    REDACTION / "lexicon/README.md": REDACTION / "licences",
    ENGINE / "NOTICE.md": ENGINE,
}
# A sentence that stands in each licence and in no other.
SENTENCES = {
    "MIT": "Permission is hereby granted, free of charge, to any person",
    "Apache-2.0": "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
    "Unicode's": "UNICODE LICENSE V3",
    "SCOWL's": "SCOWL (Spell Checker Oriented Word Lists)",
}
_NAMED = re.compile(r"\bMIT\b|\bApache\b|\bCC BY\b")


class Notice(NamedTuple):
    source: str
    by: str
    licence: str
    text: str
    files: str = ""


def notices(home: Path) -> list[Notice]:
    """The rows of a folder's NOTICE.md, by its head line."""
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in (home / "NOTICE.md").read_text("utf-8").splitlines()
        if line.startswith("|")
    ]
    head, found = rows[0], rows[2:]
    named = [dict(zip(head, row, strict=True)) for row in found]
    return [
        Notice(row.get("source") or row["from"], row["by"], row["licence"], row["text"].strip("`"), row.get("files", "").strip("`"))
        for row in named
    ]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("home", [DATA, REDACTION / "licences"], ids=lambda home: home.name)
def test_each_source_has_the_text_of_its_licence_with_its_copyright_line(home: Path) -> None:
    listed = notices(home)
    assert len(listed) >= 6
    for one in listed:
        if one.licence == "CC BY 4.0":
            assert one.text == "https://creativecommons.org/licenses/by/4.0/legalcode", one.source
            assert one.by, one.source
            continue
        text = flat((home / one.text).read_text("utf-8"))
        assert SENTENCES[one.licence] in text, one.source
        if one.licence == "MIT":
            assert one.by.startswith("Copyright"), one.source
            assert one.by in text, one.source
    kept = {path.name for path in home.glob("LICENSE*")}
    assert kept == {one.text for one in listed if one.text.startswith("LICENSE")}, "A text that no notice names, or none."


def test_every_data_file_that_was_copied_is_under_one_notice() -> None:
    own = ("README.md", "NOTICE.md")
    files = [path.name for path in DATA.iterdir() if path.name not in own and not path.name.startswith("LICENSE")]
    assert len(files) > 10
    for name in files:
        assert sum(fnmatch(name, one.files) for one in notices(DATA)) == 1, name


def test_the_engines_model_has_its_licence() -> None:
    notice = (ENGINE / "NOTICE.md").read_text("utf-8")
    [text] = ENGINE.glob("LICENSE*")
    assert text.name in notice
    assert SENTENCES["Apache-2.0"] in text.read_text("utf-8")


@pytest.mark.parametrize("readme", [path for path in HOMES if HOMES[path] != ENGINE], ids=lambda path: path.parent.name)
def test_whatever_a_card_names_with_a_licence_has_its_notice(readme: Path) -> None:
    """By paragraph: of what is named with a licence, one of the sources of the notices must be spoken."""
    sources = [one.source.split(",")[0].lower() for one in notices(HOMES[readme])]
    mentioned = 0
    for part in re.split(r"\n(?=[|-])|\n\n", readme.read_text("utf-8")):
        # What the model itself may be used under, and what is taken from packages and not kept.
        if not _NAMED.search(part) or "itself may be used" in part or "not copied here" in part:
            continue
        mentioned += 1
        assert any(source in flat(part).lower() for source in sources), f"{readme}: no notice for {part!r}"
    assert mentioned >= 3


def test_no_other_folder_names_a_licence_without_being_looked_at_here() -> None:
    found = {
        path
        for room in ("compliance", "portal", "training", "transcription", "vault")
        for path in (ROOT / room).rglob("*.md")
        if _NAMED.search(path.read_text("utf-8")) and path.name in ("README.md", "NOTICE.md")
    }
    with_texts = {home / "NOTICE.md" for home in HOMES.values()}
    # training/README.md tells how the model is trained, and keeps nothing.
    assert found <= {*HOMES, *with_texts, ROOT / "training/README.md"}
