"""Leak rates on the gold transcripts: floors that may only rise."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from compliance.redaction import Dialogue, detect, preset, render
from compliance.redaction.evaluation import as_html, evaluate
from compliance.redaction.gold import GoldInvalid, read_gold, score

DATA = Path(__file__).parents[2] / "data"
SHORT = 3  # the short tests read one of so many of the files of gold-own
FILES = [path for folder in ("gold", "gold-own") for path in sorted((DATA / folder).glob("*.txt"))]
# Each is read twice: the short tests do so with every ninth, the long ones with half of the others.
READ_AGAIN = [
    pytest.param(path, marks=() if n % 9 == 0 else pytest.mark.long, id=path.stem) for n, path in enumerate(FILES) if n % 9 == 0 or n % 2
]


@cache
def report_of(folder):
    return evaluate(DATA / folder, stock=False)


@pytest.mark.parametrize("folder", ["gold", "gold-heldout"])
def test_floors(folder):
    within_floors(report_of(folder))


def test_floors_of_some_of_our_own_files(tmp_path):
    for path in sorted((DATA / "gold-own").glob("*.txt"))[::SHORT]:
        shutil.copy(path, tmp_path)
    within_floors(evaluate(tmp_path, stock=False))


@pytest.mark.long
@pytest.mark.timeout(1800)  # three minutes on two quiet cores
def test_floors_of_all_our_own_files():
    within_floors(report_of("gold-own"))


def within_floors(report):
    assert report["styles"]["all"]["leak_rate"] <= 0.05
    for style, floor in (("formatted", 0.03), ("spoken", 0.05), ("lower", 0.08)):
        if style in report["styles"]:
            assert report["styles"][style]["leak_rate"] <= floor
    assert report["styles"]["all"]["over_rate"] <= 0.02
    assert report["medical"]["leak_rate"] <= 0.20


def test_the_report_is_a_page_without_script():
    page = as_html(report_of("gold"), "uv run manage.py evaluate_redaction tests/data/gold")
    assert "<script" not in page
    assert "What leaks" in page


def test_a_span_leaks_when_one_letter_stays():
    gold = read_gold(DATA / "gold" / "legal-05-lake-house-will-depo.txt")
    everything = [[(0, len(t.text))] for t in gold.turns]
    assert score(gold, everything).leak_rate == 0
    assert score(gold, [[] for _ in gold.turns]).leak_rate == 1
    nearly = [[(s.start, s.end - 1) for s in t.spans] for t in gold.turns]
    assert score(gold, nearly).leak_rate == 1


def test_a_folder_without_gold_files_is_refused(tmp_path):
    with pytest.raises(GoldInvalid):
        evaluate(tmp_path)


@pytest.mark.parametrize("path", READ_AGAIN)
def test_detecting_on_a_rendition_hides_nothing_new(path):
    dialogue = read_gold(path).dialogue()
    rendition = render(dialogue, detect(dialogue), preset("everything"))
    again = Dialogue.from_turns([(t.speaker, t.text) for t in rendition.turns])
    assert [(d.turn, d.type, d.reason) for d in detect(again).items] == []
