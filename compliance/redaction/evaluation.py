"""How much leaks: the second pass, and stock Presidio beside it, on a folder of gold transcripts."""

from __future__ import annotations

import html
from dataclasses import asdict
from pathlib import Path
from typing import Any

from compliance.redaction.detecting import DetectSettings, detect
from compliance.redaction.detections import PrivateType
from compliance.redaction.gold import LABELS, GoldFile, GoldInvalid, Miss, Score, read_gold, score
from compliance.redaction.stock import stock_spans

MEDICAL = frozenset(["MEDICAL"])


def evaluate(folder: Path, settings: DetectSettings | None = None, *, stock: bool = True) -> dict[str, Any]:
    """The report as JSON-able data. Raises GoldInvalid when the folder holds no gold files."""
    files = [read_gold(path) for path in sorted(folder.glob("*.txt"))]
    if not files:
        raise GoldInvalid(f"There are no gold files (*.txt) in {folder.name}.")
    ours: dict[str, Score] = {}
    theirs: dict[str, Score] = {}
    medical = Score()
    by_file: list[dict[str, Any]] = []
    for gold in files:
        private, diseases = _hidden(gold, settings)
        found = score(gold, private)
        _add(ours, gold.style, found)
        if gold.marks_medical:
            medical.add(score(gold, diseases, MEDICAL))
        if stock:
            _add(theirs, gold.style, score(gold, stock_spans(gold.dialogue(), settings.model if settings else None)))
        by_file.append({"file": gold.name, "style": gold.style, **_figures(found)})
    report: dict[str, Any] = {
        "folder": folder.name,
        "files": by_file,
        "styles": {style: _figures(total) for style, total in ours.items()},
        "labels": _labels(ours["all"]),
        "medical": _figures(medical),
        "leaks": [asdict(miss) for miss in ours["all"].leaks],
        "medical_leaks": [asdict(miss) for miss in medical.leaks],
        "over": [asdict(miss) for miss in ours["all"].overs],
    }
    if stock:
        report["stock"] = {
            "styles": {style: _figures(total) for style, total in theirs.items()},
            "labels": _labels(theirs["all"]),
        }
    return report


def _hidden(gold: GoldFile, settings: DetectSettings | None) -> tuple[list[list[tuple[int, int]]], list[list[tuple[int, int]]]]:
    private: list[list[tuple[int, int]]] = [[] for _ in gold.turns]
    medical: list[list[tuple[int, int]]] = [[] for _ in gold.turns]
    for item in detect(gold.dialogue(), settings=settings).items:
        into = medical if item.type == PrivateType.MEDICAL else private
        into[item.turn].append((item.start, item.end))
    return private, medical


def _add(totals: dict[str, Score], style: str, found: Score) -> None:
    for key in (style, "all"):
        totals.setdefault(key, Score()).add(found)


def _figures(found: Score) -> dict[str, Any]:
    return {
        "spans": found.total,
        "leaked": sum(found.leaked.values()),
        "leak_rate": round(found.leak_rate, 5),
        "entities": found.entities,
        "entity_recall": round(found.entities_whole / found.entities, 5) if found.entities else None,
        "clean_words": found.clean_words,
        "over_redacted": found.hidden_clean_words,
        "over_rate": round(found.over_rate, 5),
    }


def _labels(found: Score) -> dict[str, Any]:
    return {
        label: {"spans": found.spans.get(label, 0), "leaked": found.leaked.get(label, 0)}
        for label in sorted(LABELS)
        if found.spans.get(label)
    }


def as_html(report: dict[str, Any], command: str) -> str:
    """One self-contained page: the figures, then every miss."""
    stock = report.get("stock", {})
    rows = "".join(
        _row(
            style,
            f"{f['spans']}",
            f"{f['leaked']} ({f['leak_rate']:.1%})",
            _share(stock.get("styles", {}).get(style), "leak_rate"),
            f"{f['entity_recall']:.1%}" if f["entity_recall"] is not None else "",
            f"{f['over_rate']:.2%}",
            _share(stock.get("styles", {}).get(style), "over_rate"),
        )
        for style, f in report["styles"].items()
    )
    labels = "".join(
        _row(label, str(f["spans"]), str(f["leaked"]), _count(stock.get("labels", {}).get(label)))
        for label, f in report["labels"].items()
    )
    medical = report["medical"]
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>What leaks: {html.escape(report["folder"])}</title>
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}}table{{border-collapse:collapse}}
td,th{{border:1px solid #bbb;padding:.25rem .6rem;text-align:left}}mark{{background:#ffd9d6}}</style></head><body>
<h1>What leaks: {html.escape(report["folder"])}</h1>
<p>Made by <code>{html.escape(command)}</code>. A span leaks when one of its letters or digits stays visible.</p>
<table><tr><th>style</th><th>spans</th><th>leaked</th><th>stock Presidio</th><th>whole entities</th><th>innocent words hidden</th>
<th>stock Presidio</th></tr>{rows}</table>
<h2>By label</h2><table><tr><th>label</th><th>spans</th><th>leaked</th><th>stock Presidio leaked</th></tr>{labels}</table>
<h2>Medical</h2><p>{medical["leaked"]} of {medical["spans"]} medical spans leak ({medical["leak_rate"]:.1%}).</p>
<h2>Every leak</h2>{_misses(report["leaks"])}
<h2>Every medical leak</h2>{_misses(report["medical_leaks"])}
<h2>Every innocent word hidden</h2>{_misses(report["over"])}
</body></html>
"""


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"


def _share(figures: dict[str, Any] | None, key: str) -> str:
    return f"{figures[key]:.1%}" if figures else ""


def _count(figures: dict[str, Any] | None) -> str:
    return str(figures["leaked"]) if figures else ""


def _misses(misses: list[dict[str, Any]]) -> str:
    if not misses:
        return "<p>None.</p>"
    rows = "".join(
        f"<tr><td>{html.escape(m['file'])}</td><td>{m['turn']}</td><td>{html.escape(m['label'])}</td>"
        f"<td>{html.escape(m['around']).replace(html.escape(m['text']), '<mark>' + html.escape(m['text']) + '</mark>', 1)}</td></tr>"
        for m in misses
    )
    return f"<table><tr><th>file</th><th>turn</th><th>label</th><th>text</th></tr>{rows}</table>"


__all__ = ["Miss", "as_html", "evaluate"]
