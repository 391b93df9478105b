"""What leaks of the gold transcripts stays under what is allowed, label by style, and close to what leaked before.

What is allowed is in `compliance/redaction/floors.py`; a label in a style is judged where it has FEW_SPANS spans or more. The
ratchets hold each set to its last figures: a quarter more fails, but for one span, since eight-bit arithmetic
rounds differently from processor to processor. Who makes a figure better sets it here; nobody makes one worse.
"""

import copy
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from compliance.redaction.evaluation import evaluate
from compliance.redaction.floors import FEW_SPANS
from compliance.redaction.gold import read_gold, score
from compliance.redaction.real_dialogues import measure_dialogues

DATA = Path(__file__).parents[2] / "data"
REPORTS = Path(__file__).parents[3] / "docs" / "redaction"
DIALOGUES = Path(__file__).parents[3] / "training" / "data"
# Private words stand five times as close together in the one, and words beside them are hidden with them ("the third of May"); in the other
# numbers, firms and citations do that are nobody's, in the third firms, products and teams: more than is allowed of ordinary talk, which only the ratchet judges there.
NOT_ORDINARY = ("gold-unread-places", "gold-unread-numbers", "gold-unread-real")
UNREAD = ("gold-unread", "gold-unread-alike", "gold-unread-plain", "gold-unread-dense", *NOT_ORDINARY)


# What one number said aloud may have: of those that the model takes for private on one processor and not on the next.
WORDS_OF_A_SPAN = 10


@dataclass(frozen=True)
class Figure:
    """So many of so many; files that are added since count in proportion."""

    found: int
    of: int

    def allows(self, found, of, slack=1):
        before = self.found * of / self.of
        return found <= max(1.25 * before, before + slack)


# Spans that leaked and innocent words that were hidden, by style; and of all of a set, medical spans that leaked and entities not whole.
RATCHETS = {
    "gold": {
        "formatted": (Figure(0, 245), Figure(22, 3_774)),
        "spoken": (Figure(0, 240), Figure(19, 3_995)),
        "lower": (Figure(0, 130), Figure(14, 1_905)),
        "medical": Figure(0, 109),
        "entities": Figure(0, 410),
    },
    "gold-heldout": {
        "formatted": (Figure(0, 239), Figure(16, 3_260)),
        "spoken": (Figure(0, 236), Figure(36, 3_209)),
        "lower": (Figure(0, 268), Figure(49, 3_457)),
        "medical": Figure(3, 93),
        "entities": Figure(0, 523),
    },
    "gold-unread": {
        "formatted": (Figure(1, 211), Figure(10, 3_468)),
        "spoken": (Figure(2, 245), Figure(35, 3_892)),
        "lower": (Figure(4, 330), Figure(37, 5_418)),
        "medical": Figure(4, 120),
        "entities": Figure(7, 548),
    },
    "gold-unread-alike": {
        "formatted": (Figure(1, 1_268), Figure(166, 21_107)),
        "spoken": (Figure(10, 1_517), Figure(289, 24_010)),
        "lower": (Figure(11, 1_649), Figure(278, 27_989)),
        "medical": Figure(68, 1_057),
        "entities": Figure(21, 3_138),
    },
    "gold-unread-plain": {
        "formatted": (Figure(0, 315), Figure(42, 5_628)),
        "spoken": (Figure(1, 301), Figure(43, 5_290)),
        "lower": (Figure(8, 472), Figure(113, 8_082)),
        "medical": Figure(11, 157),
        "entities": Figure(8, 796),
    },
    "gold-unread-places": {
        "formatted": (Figure(6, 448), Figure(50, 3_243)),
        "spoken": (Figure(15, 456), Figure(66, 3_406)),
        "lower": (Figure(10, 457), Figure(99, 3_225)),
        "medical": Figure(0, 13),
        "entities": Figure(29, 1_112),
    },
    "gold-unread-dense": {
        "formatted": (Figure(3, 385), Figure(22, 4_584)),
        "spoken": (Figure(4, 379), Figure(21, 4_499)),
        "lower": (Figure(13, 397), Figure(78, 4_631)),
        "medical": Figure(6, 60),
        "entities": Figure(16, 636),
    },
    "gold-unread-numbers": {
        "formatted": (Figure(0, 41), Figure(51, 2_120)),
        "spoken": (Figure(0, 81), Figure(179, 4_204)),
        "lower": (Figure(2, 133), Figure(211, 6_453)),
        "medical": Figure(0, 1),
        "entities": Figure(3, 206),
    },
    "gold-unread-real": {
        "formatted": (Figure(4, 263), Figure(152, 4_445)),
        "spoken": (Figure(6, 254), Figure(159, 4_389)),
        "lower": (Figure(5, 267), Figure(122, 4_553)),
        "medical": Figure(0, 1),
        "entities": Figure(15, 592),
    },
    "gold-own": {
        "formatted": (Figure(11, 7_594), Figure(706, 88_794)),
        "spoken": (Figure(27, 7_327), Figure(831, 90_611)),
        "lower": (Figure(40, 9_163), Figure(1307, 106_012)),
        "medical": Figure(41, 2_905),
        "entities": Figure(77, 17_187),
    },
}


@cache
def report_of(folder):
    return evaluate(DATA / folder, stock=False)


@pytest.mark.parametrize("folder", ["gold", "gold-heldout", *(pytest.param(f, marks=pytest.mark.long) for f in UNREAD)])
def test_what_leaks_of_given_held_out_and_unread_files(folder):
    assert over_floors(report_of(folder)) == []
    assert over_ratchets(report_of(folder), RATCHETS[folder]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)  # three minutes on two quiet cores
def test_what_leaks_of_all_our_own_files():
    report = report_of("gold-own")
    assert over_floors(report) == []
    assert over_ratchets(report, RATCHETS["gold-own"]) == []


@pytest.mark.parametrize("folder", ["gold", "gold-heldout", *UNREAD, "gold-own"])
def test_the_published_reports_say_no_worse(folder):
    report = json.loads((REPORTS / f"{folder}.json").read_text(encoding="utf-8"))
    assert over_floors(report) == []
    assert over_ratchets(report, RATCHETS[folder]) == []


# Of the dialogues that training does not see: marked spans that leak, and the share of innocent words that is hidden.
REAL_LEAKS, REAL_OVER = Figure(0, 162), 0.002


@pytest.mark.long
def test_what_leaks_of_real_dialogues_that_people_marked():
    real(measure_dialogues([DIALOGUES / "aci-bench.json", DIALOGUES / "primock57.json"]))


def test_the_published_report_of_real_dialogues_says_no_worse():
    real(json.loads((REPORTS / "dialogues.json").read_text(encoding="utf-8")))


def real(report):
    told = report["styles"]["all"]["marked"]
    assert told["dialogues"] == 41
    assert REAL_LEAKS.allows(told["leaked"], told["spans"])
    assert told["over_rate"] <= REAL_OVER


def over_floors(report):
    """What is judged and missed. Reports from before labels were told by style have no such table."""
    cells = [("all labels", style, figures) for style, figures in report["styles"].items()]
    cells += [(label, *item) for label, styles in report.get("label_styles", {}).items() for item in styles.items()]
    missed = [
        (label, style, cell["leaked"], cell["spans"])
        for label, style, cell in cells
        if cell["spans"] >= FEW_SPANS and cell.get("met") is False
    ]
    if report["folder"] in NOT_ORDINARY:
        return missed
    return missed + [("innocent words", style, f["over_rate"]) for style, f in report["styles"].items() if not f.get("over_met", True)]


def over_ratchets(report, before):
    """What is worse than it was."""
    worse = []
    for style, figures in report["styles"].items():
        if style == "all":
            continue
        leaked, hidden = before[style]
        if not leaked.allows(figures["leaked"], figures["spans"]):
            worse.append((style, figures["leaked"], figures["spans"]))
        if not hidden.allows(figures["over_redacted"], figures["clean_words"], WORDS_OF_A_SPAN):
            worse.append((style, "innocent words", figures["over_redacted"], figures["clean_words"]))
    medical, total = report["medical"], report["styles"]["all"]
    if not before["medical"].allows(medical["leaked"], medical["spans"]):
        worse.append(("medical", medical["leaked"], medical["spans"]))
    # Reports from before entities were counted as people mean them say only a share of something else.
    broken = total["entities"] - total["entities_whole"] if "entities_whole" in total else 0
    if not before["entities"].allows(broken, total["entities"]):
        worse.append(("entities", broken, total["entities"]))
    return worse


@pytest.mark.parametrize("figure", [f for kept in RATCHETS.values() for value in kept.values() for f in (value if isinstance(value, tuple) else (value,))])
def test_half_more_fails(figure):
    assert figure.allows(figure.found, figure.of)
    assert not figure.allows(max(figure.found + 2, figure.found * 3 // 2), figure.of)
    assert figure.allows(2 * figure.found, 2 * figure.of)


def test_one_label_that_leaks_in_one_style_fails():
    report = report_of("gold")
    cells = copy.deepcopy(report["label_styles"])
    assert cells["NAME"]["spoken"]["spans"] >= FEW_SPANS
    cells["NAME"]["spoken"].update(leaked=7, met=False)
    assert over_floors({**report, "label_styles": cells}) == [("NAME", "spoken", 7, cells["NAME"]["spoken"]["spans"])]
    cells["NAME"]["spoken"]["spans"] = FEW_SPANS - 1
    assert over_floors({**report, "label_styles": cells}) == []


def test_a_span_leaks_when_one_letter_stays():
    gold = read_gold(DATA / "gold" / "legal-05-lake-house-will-depo.txt")
    everything = [[(0, len(t.text))] for t in gold.turns]
    assert score(gold, everything).leak_rate == 0
    assert score(gold, [[] for _ in gold.turns]).leak_rate == 1
    nearly = [[(s.start, s.end - 1) for s in t.spans] for t in gold.turns]
    assert score(gold, nearly).leak_rate == 1
