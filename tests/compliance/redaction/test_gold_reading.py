"""What is not understood in a gold transcript is refused: left out, it would make figures better than they are."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from compliance.redaction.evaluation import evaluate
from compliance.redaction.evaluation_page import as_html
from compliance.redaction.gold import MARKED_AS, STYLES, GoldInvalid, GoldSpan, read_gold

ROOT = Path(__file__).parents[3]
HEADER = "# title: made up\n# kind: call\n# style: spoken\n# speakers: A=clerk\n"


@pytest.fixture
def gold(tmp_path):
    def write(text, name="one.txt"):
        path = tmp_path / "marked" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_every_committed_transcript_is_read_and_none_without_marks():
    folders = [*(ROOT / "tests" / "data").glob("gold*"), ROOT / "training" / "written"]
    assert len(folders) == 11
    for path in (path for folder in folders for path in folder.glob("*.txt")):
        assert any(turn.spans for turn in read_gold(path).turns), path.name


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("[[PERSON|Ann]]", r"“\[\[PERSON\|” is no label. It may be ADDRESS, AGE_OVER_89, .* or VEHICLE"),
        ("[[NAMES|Ann]]", r"“\[\[NAMES\|” is no label"),
        ("[[PHONE_NUMBER|970-555-0119]]", r"“\[\[PHONE_NUMBER\|” is no label. .* PHONE"),
        ("[[name|Ann]]", r"“\[\[name\|” is no label"),
        ("[[CREDIT-CARD|4111]]", r"“\[\[CREDIT-CARD\|” is no label"),
        ("[[|Ann]]", r"“\[\[\|” is no label"),
        ("[[NAME|]]", "holds no letter and no digit"),
        ("[[NAME|--]]", "holds no letter and no digit"),
        ("[[NAME|Ann", "belongs to no whole mark. One looks like"),
        ("[[NAME|Ann] and [[NAME|Lee]]", "belongs to no whole mark"),
        ("[[NAME|Ann [[NAME|Lee]] Moss]]", "belongs to no whole mark"),
        ("[[NAME]] Ann", "belongs to no whole mark"),
        ("[NAME|Ann]", "belongs to no whole mark"),
        ("NAME|Ann]]", "belongs to no whole mark"),
    ],
)
def test_a_mark_that_is_not_understood_is_refused_with_file_and_line(gold, mark, found):
    with pytest.raises(GoldInvalid, match=rf"one\.txt, line 6: .*{found}"):
        read_gold(gold(f"{HEADER}A: Hello.\nA: This is {mark}.\n"))


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("# style: all\n", "line 1: “# style: all” is not known. It may be formatted, spoken or lower"),
        ("# style: Formatted\n", "line 1: “# style: Formatted” is not known"),
        ("# style:\n", "line 1: “# style: ” is not known"),
        ("", "one.txt says no style, so nothing says what it is held to"),
        ("# style: spoken\n# medical: Yes\n", "line 2: “# medical: Yes” is not known. It may be yes or no"),
    ],
)
def test_a_style_without_floors_and_an_answer_that_is_none_are_refused(gold, header, reason):
    with pytest.raises(GoldInvalid, match=reason):
        read_gold(gold(f"{header}A: This is [[NAME|Ann]].\n"))


def test_what_is_understood_is_read_as_it_was(gold):
    turns = read_gold(gold(f"{HEADER}# medical: no\nA: [[NAME|O'Neil-[x] Ann]], [inaudible] a[0].\nA:\nB: \n")).turns
    assert [turn.text for turn in turns] == ["O'Neil-[x] Ann, [inaudible] a[0].", "", ""]
    assert turns[0].spans == (GoldSpan(0, 14, "NAME"),)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_a_file_in_another_encoding_is_named(gold, encoding):
    with pytest.raises(GoldInvalid, match=r"one\.txt is no text in UTF-8"):
        read_gold(gold((HEADER + "A: [[NAME|Zoë]].\n").encode(encoding)))


def test_a_byte_order_mark_is_no_part_of_the_text(gold):
    assert read_gold(gold(b"\xef\xbb\xbf" + HEADER.encode() + "A: [[NAME|Zoë]].\n".encode())).meta["title"] == "made up"


def test_a_folder_that_is_none_is_said(gold):
    path = gold(HEADER + "A: Hello.\n")
    (path.parent / "x.txt").mkdir()
    with pytest.raises(GoldInvalid, match=r"x\.txt cannot be read: Is a directory"):
        evaluate(path.parent)
    with pytest.raises(GoldInvalid, match=r"one\.txt is a file. Name a folder"):
        evaluate(path)
    with pytest.raises(CommandError, match="nowhere is not there. Name a folder"):
        call_command("evaluate_redaction", str(path.parent / "nowhere"))


def test_where_nothing_is_marked_nothing_was_measured_and_nothing_is_praised(gold):
    path = gold(HEADER + "A: Hello.\n")
    gold("No gold: [[NAMES|", "README.md")
    out = StringIO()
    call_command("evaluate_redaction", str(path.parent), "--no-stock", stdout=out)
    page = as_html(evaluate(path.parent, stock=False))
    for said in (out.getvalue(), page):
        assert "Nothing was measured: no file marks anything private as [[LABEL|text]]" in said
        assert "Everything is within" not in said
    path.write_text(HEADER + "A: My name is [[NAME|Svetlana]].\n")
    page = as_html(evaluate(path.parent, stock=False))
    assert "Everything is within what is allowed" in page
    assert "Nothing was measured" not in page


def test_the_format_is_written_down_with_every_label_and_style():
    folder = ROOT / "tests" / "data" / "gold"
    said = (folder / "README.md").read_text(encoding="utf-8")
    assert {word for word in MARKED_AS | set(STYLES) if f"`{word}`" not in said} == set()
