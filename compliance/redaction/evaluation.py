"""How much leaks: the second pass, and stock Presidio beside it, on a folder of gold transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from compliance.redaction.detecting import DetectSettings, detect
from compliance.redaction.detections import PrivateType
from compliance.redaction.floors import ALL, INNOCENT, judged, leak_floor, share
from compliance.redaction.gold import LABELS, STYLES, GoldFile, GoldInvalid, Score, read_gold, score
from compliance.redaction.provenance import made_by
from compliance.redaction.stock import stock_spans

MEDICAL = frozenset(["MEDICAL"])


def evaluate(folder: Path, settings: DetectSettings | None = None, *, stock: bool = True, command: str = "") -> dict[str, Any]:
    """The report as JSON-able data. Raises GoldInvalid when the folder holds no gold files, or one that is none."""
    if not folder.is_dir():
        raise GoldInvalid(f"{folder} is {'a file' if folder.exists() else 'not there'}. Name a folder of gold transcripts (*.txt).")
    files = [read_gold(path) for path in sorted(folder.glob("*.txt"))]
    if not files:
        raise GoldInvalid(f"There are no gold files (*.txt) in {folder.name}.")
    made = made_by(settings, command)
    ours: dict[str, Score] = {}
    theirs: dict[str, Score] = {}
    medical: dict[str, Score] = {ALL: Score()}
    by_file: list[dict[str, Any]] = []
    for gold in files:
        private, diseases = _hidden(gold, settings)
        found = score(gold, private)
        _add(ours, gold.style, found)
        if gold.marks_medical:
            _add(medical, gold.style, score(gold, diseases, MEDICAL))
        if stock:
            _add(theirs, gold.style, score(gold, stock_spans(gold.dialogue(), settings.model if settings else None)))
        by_file.append({"file": gold.name, "style": gold.style, **_figures(found)})
    report: dict[str, Any] = {
        "folder": folder.name,
        "made_by": made,
        "files": by_file,
        "styles": {style: {**_figures(ours[style]), **_floors(style, ours[style])} for style in _styles(ours)},
        "labels": _labels(ours[ALL]),
        "label_styles": _label_styles(ours) | _label_styles(medical),
        "medical": _figures(medical[ALL]),
        "leaks": [asdict(miss) for miss in ours[ALL].leaks],
        "medical_leaks": [asdict(miss) for miss in medical[ALL].leaks],
        "over": [asdict(miss) for miss in ours[ALL].overs],
    }
    report["missed"] = [f"{what}: {figures}" for what, figures in _missed(report)]
    if stock:
        report["stock"] = {
            "styles": {style: _figures(theirs[style]) for style in _styles(theirs)},
            "labels": _labels(theirs[ALL]),
            "label_styles": _label_styles(theirs),
        }
    return report


def without_texts(report: dict[str, Any]) -> dict[str, Any]:
    """The figures alone, for files that nobody is to read: no passage that leaked or was hidden. Of either kind of report."""
    passages = ("leaks", "medical_leaks", "over", "sample")
    return report | {key: [] for key in passages if key in report} | {"texts": False}


def _hidden(gold: GoldFile, settings: DetectSettings | None) -> tuple[list[list[tuple[int, int]]], list[list[tuple[int, int]]]]:
    private: list[list[tuple[int, int]]] = [[] for _ in gold.turns]
    medical: list[list[tuple[int, int]]] = [[] for _ in gold.turns]
    found = detect(gold.dialogue(), settings=settings)
    for hidden in found.hidden_turns:
        private[hidden.turn].append((0, len(gold.turns[hidden.turn].text)))
    for item in found.items:
        into = medical if item.type == PrivateType.MEDICAL else private
        into[item.turn].append((item.start, item.end))
    return private, medical


def _add(totals: dict[str, Score], style: str, found: Score) -> None:
    for key in (style, ALL):
        totals.setdefault(key, Score()).add(found)


def _styles(totals: dict[str, Score]) -> list[str]:
    """All of them first, then one by one."""
    return sorted(totals, key=(ALL, *STYLES).index)


def _figures(found: Score) -> dict[str, Any]:
    return {
        "spans": found.total,
        "leaked": sum(found.leaked.values()),
        "leak_rate": share(sum(found.leaked.values()), found.total),
        "entities": found.entities,
        "entities_whole": found.entities_whole,
        "entity_recall": share(found.entities_whole, found.entities) if found.entities else None,
        "clean_words": found.clean_words,
        "over_redacted": found.hidden_clean_words,
        "over_rate": share(found.hidden_clean_words, found.clean_words),
    }


def _floors(style: str, found: Score) -> dict[str, Any]:
    """The verdicts on one style: what leaks of everything private, and what is hidden of everything else."""
    leaks = judged(sum(found.leaked.values()), found.total, leak_floor(ALL, style))
    return {
        **leaks,
        "over_floor": INNOCENT,
        "over_met": found.hidden_clean_words <= INNOCENT * found.clean_words,
    }


def _labels(found: Score) -> dict[str, Any]:
    return {
        label: {"spans": found.spans.get(label, 0), "leaked": found.leaked.get(label, 0)}
        for label in sorted(LABELS)
        if found.spans.get(label)
    }


def _label_styles(totals: dict[str, Score]) -> dict[str, dict[str, Any]]:
    return {
        label: {
            style: judged(totals[style].leaked.get(label, 0), totals[style].spans[label], leak_floor(label, style))
            for style in _styles(totals)
            if totals[style].spans.get(label)
        }
        for label in sorted(totals[ALL].spans)
    }


def _missed(report: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is over its floor, in words."""
    for style, figures in report["styles"].items():
        if figures["met"] is False:
            yield f"all labels, {style}", _against(figures)
        if not figures["over_met"]:
            yield f"innocent words, {style}", f"{figures['over_rate']:.2%} hidden, {INNOCENT:.0%} allowed"
    for label, styles in report["label_styles"].items():
        for style, cell in styles.items():
            if cell["met"] is False:
                yield f"{label}, {style}", _against(cell)


def _against(cell: dict[str, Any]) -> str:
    said = f"{cell['leaked']} of {cell['spans']} spans leak ({cell['leak_rate']:.1%}), {cell['floor']:.0%} allowed"
    if not cell["sure"]:
        low, high = cell["interval"]
        said += f"; too few to be sure ({low:.1%} to {high:.1%})"
    return said
