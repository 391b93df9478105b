"""How much the model alone finds in gold transcripts, by style, and what it hides in real dialogues for nothing.

    uv run python -m training.measure [--model PATH] [--misses] tests/data/gold-own ...

A span is missed when one of its letters or digits lies outside every PERSON or LOCATION found. Rules, parties and
consistency, which stand beside the model in the second pass, are not part of these figures.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from compliance.redaction import encoder  # noqa: F401  (registers the model's component)
from compliance.redaction.nlp import MODEL
from training import dialogues
from training.segments import LOCATION, PERSON

MARK = re.compile(r"\[\[([A-Z0-9_]+)\|(.*?)\]\]")
WORD = re.compile(r"\w+")
HIDING = (PERSON, LOCATION)


def gold(path: Path) -> tuple[str, str, list[tuple[int, int, str]]]:
    """Style, text with turns parted by line ends, and spans of a gold file."""
    style, text = "", ""
    spans: list[tuple[int, int, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# style:"):
            style = line.split(":")[1].strip()
        if not re.match(r"[A-Z]: ", line):
            continue
        position, line = 0, line[3:] + "\n"
        for match in MARK.finditer(line):
            text += line[position : match.start()]
            spans.append((len(text), len(text) + len(match[2]), match[1]))
            text += match[2]
            position = match.end()
        text += line[position:]
    return style, text, spans


def hidden(doc: Doc) -> list[bool]:
    out = [False] * len(doc.text)
    for ent in doc.ents:
        if ent.label_ in HIDING:
            out[ent.start_char : ent.end_char] = [True] * (ent.end_char - ent.start_char)
    return out


def over(text: str, mask: list[bool], spans: list[tuple[int, int, str]]) -> tuple[int, list[str]]:
    """Words that are no gold span, and those of them that are hidden, with what stands around."""
    private = [False] * len(text)
    for start, end, _ in spans:
        private[start:end] = [True] * (end - start)
    clean = [w for w in WORD.finditer(text) if not any(private[w.start() : w.end()])]
    lost = [text[max(0, w.start() - 25) : w.end() + 15] for w in clean if any(mask[w.start() : w.end()])]
    return len(clean), lost


def report(nlp: Language, folders: list[Path], show: bool) -> None:
    total: Counter[tuple[str, str]] = Counter()
    missed: Counter[tuple[str, str]] = Counter()
    for path in sorted(p for folder in folders for p in folder.glob("*.txt")):
        style, text, spans = gold(path)
        mask = hidden(nlp(text))
        for start, end, label in spans:
            if label not in ("NAME", "ADDRESS"):
                continue
            leaked = any(text[i].isalnum() and not mask[i] for i in range(start, end))
            for key in ((style, label), ("all", label)):
                total[key] += 1
                missed[key] += leaked
            if leaked and show:
                line = f"{path.stem}\t{label}\t{text[max(0, start - 30) : start]}[{text[start:end]}]{text[end : end + 20]}"
                sys.stdout.write(line.replace("\n", " / ") + "\n")
        clean, lost = over(text, mask, spans)
        for name in (style, "all"):
            total[name, "hidden for nothing"] += clean
            missed[name, "hidden for nothing"] += len(lost)
        if show:
            sys.stdout.writelines(f"{path.stem}\tover\t{o}\n".replace("\n", " ").rstrip() + "\n" for o in lost)
    for key in sorted(total):
        sys.stdout.write(f"{key[0]:10} {key[1]:18} {total[key]:5} missed {missed[key]:4} ({missed[key] / total[key]:.1%})\n")


def report_dialogues(nlp: Language, show: bool) -> None:
    clean, lost = 0, []
    for _, lines in dialogues.turns(held_out=True):
        text = "\n".join(lines)
        n, hit = over(text, hidden(nlp(text)), [])
        clean += n
        lost += hit
    sys.stdout.write(
        f"real dialogues held out: {len(lost)} of {clean} words hidden ({len(lost) / clean:.2%}), true names included\n"
    )
    if show:
        sys.stdout.writelines(o.replace("\n", " / ") + "\n" for o in lost)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    nlp = spacy.load(args.model)
    report(nlp, args.folders, args.misses)
    report_dialogues(nlp, args.misses)


if __name__ == "__main__":
    main()
