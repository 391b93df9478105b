"""The reports of the evaluation as one self-contained page each: figures, then what to read."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from compliance.redaction.floors import ALL, FEW_SPANS

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse}td,th{border:1px solid #767676;padding:.25rem .6rem;text-align:left;vertical-align:top}
mark{background:#ffd9d6}.wide{overflow-x:auto}.missed{background:#ffd9d6}code{overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .4rem}"""
NOTHING_MARKED = "Nothing was measured: no file marks anything private as [[LABEL|text]], so nothing could leak."
_LEFT_OUT = "<p>Passages are left out: nobody is to read these files, so that their figures stay those of unseen text.</p>"


def as_html(report: dict[str, Any]) -> str:
    """Of gold transcripts: what leaks, beside what may, and every miss."""
    stock = report.get("stock", {})
    styles = [
        [
            _head(style),
            f["spans"],
            _leaked(f),
            _interval(f),
            _allowed(f["floor"]),
            _verdict(f["met"], f["sure"]),
            *_beside(stock, "styles", style, key="leak_rate"),
            f"{f['entities_whole']} of {f['entities']} ({f['entity_recall']:.1%})" if f["entities"] else "",
        ]
        for style, f in report["styles"].items()
    ]
    over = [
        [
            _head(style),
            f["clean_words"],
            f"{f['over_redacted']} ({f['over_rate']:.2%})",
            _allowed(f["over_floor"]),
            _verdict(f["over_met"]),
            *_beside(stock, "styles", style, key="over_rate"),
        ]
        for style, f in report["styles"].items()
    ]
    labels = [
        [
            _head(label),
            style,
            cell["spans"],
            _leaked(cell),
            _interval(cell),
            _allowed(cell["floor"]),
            _verdict(cell["met"], cell["sure"]),
            *_beside(stock, "label_styles", label, style, key="leak_rate"),
        ]
        for label, by_style in report["label_styles"].items()
        for style, cell in by_style.items()
    ]
    missed = "".join(f"<li>{escape(line)}</li>" for line in report["missed"])
    verdict = f"<p>Missed:</p><ul>{missed}</ul>" if missed else ""
    if not report["label_styles"]:
        verdict = f"<p>{NOTHING_MARKED}</p>{verdict}"
    verdict = verdict or "<p>Everything is within what is allowed.</p>"
    theirs = ("stock Presidio",) if stock else ()
    leak_columns = ("spans", "leaked", "95 % interval", "allowed", "verdict", *theirs)
    return _page(
        f"What leaks: {report['folder']}",
        f"""<p>A span leaks when one of its letters or digits stays visible. An entity is a person, number or thing of one file; it is
whole when no mention of it leaks.</p>
<h2>Against what is allowed</h2>{verdict}
<p>A verdict goes by the share itself. Where the 95 % interval (Wilson) lies on both sides of what is allowed, it says "not sure"; the
interval is shown where there are fewer than {FEW_SPANS} spans.</p>
<h2>By style</h2>{_table(("style", *leak_columns, "whole entities"), styles)}
<h2>Innocent words hidden</h2>{_table(("style", "words", "hidden", "allowed", "verdict", *theirs), over)}
<h2>By label and style</h2>{_table(("label", "style", *leak_columns), labels)}
{_made_by(report["made_by"])}
{_texts(report)}""",
    )


def _texts(report: dict[str, Any]) -> str:
    if not report.get("texts", True):
        return _LEFT_OUT
    return f"""<h2>Every leak</h2>{_misses(report["leaks"])}
<h2>Every medical leak</h2>{_misses(report["medical_leaks"])}
<h2>Every innocent word hidden</h2>{_misses(report["over"])}"""


def dialogues_as_html(report: dict[str, Any]) -> str:
    """Of real dialogues: how much is hidden, and a sample to read."""
    figures = "".join(
        f"<h3>{title}</h3>"
        + _table(
            (by.removesuffix("s"), "dialogues", "type", "words", "hidden", "share"),
            [
                row
                for key, f in report[by].items()
                for row in (
                    [_head(key), f["dialogues"], "all but medical", f["words"], f["hidden"], f"{f['share']:.2%}"],
                    *([_head(key), "", type_, "", t["hidden"], f"{t['share']:.3%}"] for type_, t in f["types"].items()),
                )
            ],
        )
        for by, title in (("styles", "By style"), ("sources", "By source"))
    )
    sample = [
        [
            f"{p['source']}, {p['file']}",
            p["turn"],
            p["type"],
            _Markup(f"{escape(p['before'])}<mark>{escape(p['text'])}</mark>{escape(p['after'])}"),
        ]
        for p in report["sample"]
    ]
    drawn = f"""<h2>A sample to read</h2><p>{len(report["sample"])} of {report["passages"]} hidden passages (but medical ones), drawn by lot
with the seed "{escape(report["seed"])}".</p>{_table(("dialogue", "turn", "type", "text"), sample)}"""
    seen = "all dialogues, also those that training saw" if report["trained_too"] else "only dialogues that training did not see"
    return _page(
        f"What is hidden in real dialogues: {', '.join(report['read'])}",
        f"""<p>Read were {seen}.</p>
{_against_marks(report)}
<h2>All that is hidden</h2><p>Private or not.</p>
{figures}
{_made_by(report["made_by"])}
{drawn if report.get("texts", True) else _LEFT_OUT}""",
    )


def _against_marks(report: dict[str, Any]) -> str:
    """What leaks and what is hidden for nothing, where people marked what is private."""
    told = [(key, f["marked"]) for by in ("styles", "sources") for key, f in report[by].items() if "marked" in f]
    if not told:
        return "<p>Nobody marked these dialogues: whether what is hidden is private is told by reading.</p>"
    rates = [
        [_head(key), m["dialogues"], m["spans"], m["leaked"], f"{m['leak_rate']:.1%}"]
        + [m["innocent_words"], m["over_redacted"], f"{m['over_rate']:.2%}"]
        for key, m in told
    ]
    labels = [[_head(label), cell["spans"], cell["leaked"]] for label, cell in dict(told)[ALL]["labels"].items()]
    leaks = [[f"{leak['source']}, {leak['file']}", leak["turn"], leak["label"], leak["passage"]] for leak in report["leaks"]]
    columns = ("style or source", "dialogues", "spans", "leaked", "leak rate", "innocent words", "hidden", "over-redaction")
    return f"""<h2>Against what people marked</h2>{_table(columns, rates)}
<h3>By label</h3>{_table(("label", "spans", "leaked"), labels)}
{f"<h2>Every leak</h2>{_table(('dialogue', 'turn', 'label', 'text'), leaks)}" if report.get("texts", True) else ""}"""


class _Markup(str):
    """A cell that is HTML already."""


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
<style>{_STYLE}</style></head><body><main>
<h1>{escape(title)}</h1>
{body}
</main></body></html>
"""


def _made_by(made: dict[str, Any]) -> str:
    said = [
        ("Command", f"<code>{escape(made['command'])}</code>"),
        ("Date", escape(made["date"])),
        ("Version", escape(made["version"] or "not installed as a package")),
        ("Model", f"{escape(made['model'])}, <code>{escape(made['model_digest'] or 'no files')}</code>"),
        ("Rules", f"<code>{escape(made['rules_digest'])}</code>"),
        ("Recognisers", escape(", ".join(made["recognisers"]))),
    ]
    if made["foreign"]:
        named = ", ".join(f"{name} ({origin})" for origin, name in made["foreign"])
        digest = made["recogniser_file_digest"]
        said.append(("Not the portal's", escape(named) + (f", <code>{digest}</code>" if digest else "")))
    return "<h2>Made by</h2><dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in said) + "</dl>"


def _table(columns: Sequence[str], rows: list[list[Any]]) -> str:
    if not rows:
        return "<p>None.</p>"
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide" role="region" aria-label="Table by {escape(columns[0])}" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _cell(value: Any) -> str:
    if isinstance(value, _Markup):
        return value if value.startswith("<t") else f"<td>{value}</td>"
    return f"<td>{escape(str(value))}</td>"


def _head(text: str) -> _Markup:
    return _Markup(f'<th scope="row">{escape(text)}</th>')


def _verdict(met: bool | None, sure: bool | None = True) -> _Markup:
    if met is None:
        return _Markup("<td></td>")
    said = ("met" if met else "missed") + ("" if sure else ", not sure")
    return _Markup(f"<td>{said}</td>" if met else f'<td class="missed">{said}</td>')


def _leaked(cell: dict[str, Any]) -> str:
    return f"{cell['leaked']} ({cell['leak_rate']:.1%})"


def _interval(cell: dict[str, Any]) -> str:
    low, high = cell["interval"]
    return f"{low:.1%} to {high:.1%}" if cell["spans"] < FEW_SPANS else ""


def _allowed(floor: float | None) -> str:
    return "" if floor is None else f"{floor:.0%}"


def _beside(stock: dict[str, Any], *path: str, key: str) -> list[str]:
    """Stock Presidio's share, as a cell of its own; none where it was left out."""
    found: dict[str, Any] = stock
    for name in path:
        found = found.get(name, {})
    return [f"{found[key]:.1%}" if found else ""] if stock else []


def _misses(misses: list[dict[str, Any]]) -> str:
    return _table(("file", "turn", "label", "text"), [[m["file"], m["turn"], m["label"], _marked(m)] for m in misses])


def _marked(miss: dict[str, Any]) -> _Markup:
    around, at, end = miss["around"], miss["at"], miss["at"] + len(miss["text"])
    return _Markup(f"{escape(around[:at])}<mark>{escape(around[at:end])}</mark>{escape(around[end:])}")
