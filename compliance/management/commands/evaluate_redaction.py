"""Measure the second pass on a folder of gold transcripts, or on real dialogues."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.management import configured
from compliance.redaction import DetectionFailed, DetectSettings
from compliance.redaction.evaluation import evaluate, without_texts
from compliance.redaction.evaluation_page import NOTHING_MARKED, as_html, dialogues_as_html
from compliance.redaction.gold import GoldInvalid
from compliance.redaction.real_dialogues import SAMPLE, DialoguesInvalid, measure_dialogues


class Command(BaseCommand):
    help = "Leak rates and over-redaction on a folder of gold transcripts, or on real dialogues."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("folder", type=Path, nargs="?", help="gold transcripts (*.txt)")
        what.add_argument("--dialogues", type=Path, nargs="+", help="instead: real dialogues (*.json, or folders of them)")
        parser.add_argument("--json", type=Path, help="write the whole report as JSON here")
        parser.add_argument("--html", type=Path, help="write the whole report as a page here")
        configured.add_arguments(parser)
        parser.add_argument("--no-stock", action="store_true", help="gold transcripts: leave stock Presidio out")
        parser.add_argument(
            "--without-texts", action="store_true", help="figures alone and no passage, for files that nobody is to read"
        )
        parser.add_argument("--trained-too", action="store_true", help="dialogues: also those that training saw")
        parser.add_argument("--sample", type=int, help=f"dialogues: so many hidden passages (default {SAMPLE})")

    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_ignored(options)
        _refuse_unwritable(options)
        settings = configured.detect_settings(options)
        command = command_line(options, settings)
        try:
            if options["dialogues"] is not None:
                report = measure_dialogues(
                    options["dialogues"],
                    settings,
                    trained_too=options["trained_too"],
                    sample=SAMPLE if options["sample"] is None else options["sample"],
                    command=command,
                )
            else:
                report = evaluate(options["folder"], settings, stock=not options["no_stock"], command=command)
        except (GoldInvalid, DialoguesInvalid, DetectionFailed) as error:
            raise CommandError(str(error)) from error
        if options["without_texts"]:
            report = without_texts(report)
        page = as_html(report) if options["dialogues"] is None else dialogues_as_html(report)
        made = report["made_by"]
        self.stdout.write(f"model {made['model']}, rules {made['rules_digest'][:12]}, {made['date']}")
        for origin, name in made["foreign"]:
            self.stdout.write(f"with the recogniser {name} ({origin}), which is not the portal's")
        if options["dialogues"] is not None:
            self._say_dialogues(report)
        else:
            self._say_gold(report)
        # Said first: what was measured for minutes is not lost to a full disk.
        _write(options["json"], json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        _write(options["html"], page)

    def _say_gold(self, report: dict[str, Any]) -> None:
        for style, figures in report["styles"].items():
            line = f"{style}: {figures['leaked']} of {figures['spans']} spans leak ({figures['leak_rate']:.1%})"
            line += f"; {figures['entities_whole']} of {figures['entities']} entities whole"
            line += f"; {figures['over_redacted']} of {figures['clean_words']} innocent words hidden"
            line += f" ({figures['over_rate']:.2%})"
            other = report.get("stock", {}).get("styles", {}).get(style)
            if other:
                line += f"; stock Presidio {other['leak_rate']:.1%}, {other['over_rate']:.2%}"
            self.stdout.write(line)
        for label, styles in report["label_styles"].items():
            said = (f"{style} {cell['leaked']} of {cell['spans']}" for style, cell in styles.items())
            self.stdout.write(f"  {label}: {', '.join(said)}")
        for line in report["missed"]:
            self.stdout.write(f"missed: {line}")
        if not report["label_styles"]:
            self.stdout.write(NOTHING_MARKED)
        elif not report["missed"]:
            self.stdout.write("Everything is within what is allowed.")

    def _say_dialogues(self, report: dict[str, Any]) -> None:
        for by in ("styles", "sources"):
            for key, figures in report[by].items():
                line = f"{key}: {figures['hidden']} of {figures['words']} words hidden ({figures['share']:.2%})"
                types = (f"{type_} {told['hidden']}" for type_, told in figures["types"].items())
                self.stdout.write(f"{line}: {', '.join(types)}")
                self._say_marked(key, figures)
        for leak in report["leaks"]:
            self.stdout.write(f"  leaks: {leak['source']}, {leak['file']}, turn {leak['turn']}: {leak['passage']}")
        if not report.get("texts", True):
            return
        self.stdout.write(f"{len(report['sample'])} of {report['passages']} hidden passages:")
        for p in report["sample"]:
            self.stdout.write(f"  {p['type']}: {p['before']}[[{p['text']}]]{p['after']}")

    def _say_marked(self, key: str, figures: dict[str, Any]) -> None:
        if "marked" not in figures:
            return
        told = figures["marked"]
        line = f"{key}, as marked: {told['leaked']} of {told['spans']} spans leak ({told['leak_rate']:.1%}); "
        line += f"{told['over_redacted']} of {told['innocent_words']} innocent words hidden ({told['over_rate']:.2%})"
        labels = (f"{label} {cell['leaked']} of {cell['spans']}" for label, cell in told["labels"].items())
        self.stdout.write(f"{line}: {', '.join(labels)}")


def _refuse_ignored(options: dict[str, Any]) -> None:
    """Raises CommandError for what would be asked for and not done."""
    dialogues, sample = options["dialogues"] is not None, options["sample"]
    if dialogues and options["no_stock"]:
        raise CommandError("--no-stock is for gold transcripts: beside dialogues there is no stock Presidio. Leave it out.")
    if not dialogues and options["trained_too"]:
        raise CommandError("--trained-too is for --dialogues: of gold transcripts every file is read. Leave it out.")
    if not dialogues and sample is not None:
        raise CommandError("--sample is for --dialogues: of gold transcripts every passage that leaks is named. Leave it out.")
    if sample is not None and sample < 0:
        raise CommandError(f"--sample is a number of passages, from 0 on, and not {sample}.")
    if sample and options["without_texts"]:
        raise CommandError("--sample asks for passages and --without-texts for none. Leave one of them out.")


def _refuse_unwritable(options: dict[str, Any]) -> None:
    """Raises CommandError for a report's place that cannot be written, before anything is measured."""
    asked: list[Path] = [options[name] for name in ("json", "html") if options[name] is not None]
    if len(asked) == 2 and asked[0].resolve() == asked[1].resolve():
        raise CommandError(f"--json and --html both name {asked[0]}: the second would replace the first. Name two files.")
    given = {path.resolve() for path in options["dialogues"] or [options["folder"]]}
    suffix = ".txt" if options["dialogues"] is None else ".json"
    for path in asked:
        if path.is_dir():
            raise CommandError(f"{path} is a folder. Name the file that the report is written to.")
        if not path.parent.is_dir():
            raise CommandError(f"There is no folder {path.parent} to write {path.name} to. Make it, or name another.")
        if not os.access(path if path.exists() else path.parent, os.W_OK):
            raise CommandError(f"{path} may not be written. Name another file.")
        place = path.resolve()
        if place in given or place.parent in given and place.suffix == suffix:
            raise CommandError(f"{path} is among what is read, and the report is not. Name another file.")


def _write(path: Path | None, report: str) -> None:
    if path is None:
        return
    try:
        path.write_text(report, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report cannot be written to {path}: {error.strerror}.") from error


def command_line(options: dict[str, Any], settings: DetectSettings) -> str:
    """What was asked, so that the report says how to make it again: with what the settings of this portal named, too."""
    asked = ["uv", "run", "manage.py", "evaluate_redaction"]
    if options["dialogues"] is None:
        asked.append(str(options["folder"]))
    else:
        asked += ["--dialogues", *map(str, options["dialogues"])]
    if options["sample"] is not None:
        asked += ["--sample", str(options["sample"])]
    if settings.model is not None:
        asked += ["--model", settings.model]
    if settings.recogniser_file is not None:
        asked += ["--recognisers", settings.recogniser_file]
    for name in ("json", "html"):
        if options[name] is not None:
            asked += [f"--{name}", str(options[name])]
    asked += [f"--{name.replace('_', '-')}" for name in ("no_stock", "without_texts", "trained_too") if options[name]]
    return shlex.join(asked)
