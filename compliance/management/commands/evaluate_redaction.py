"""Measure the second pass on a folder of gold transcripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from compliance.redaction import DetectionFailed, DetectSettings
from compliance.redaction.evaluation import as_html, evaluate
from compliance.redaction.gold import GoldInvalid


class Command(BaseCommand):
    help = "Leak rate and over-redaction on a folder of gold transcripts, stock Presidio's beside ours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", type=Path, help="write the whole report as JSON here")
        parser.add_argument("--html", type=Path, help="write the whole report as a page here")
        parser.add_argument("--model", help="an installed spaCy pipeline or a path, instead of the packaged one")
        parser.add_argument("--no-stock", action="store_true", help="leave stock Presidio out")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = evaluate(
                options["folder"], DetectSettings(model=options["model"]), stock=not options["no_stock"]
            )
        except (GoldInvalid, DetectionFailed) as error:
            raise CommandError(str(error)) from error
        command = f"uv run manage.py evaluate_redaction {options['folder']}"
        if options["json"]:
            options["json"].write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        if options["html"]:
            options["html"].write_text(as_html(report, command), encoding="utf-8")
        for style, figures in report["styles"].items():
            line = f"{style}: {figures['leaked']} of {figures['spans']} spans leak ({figures['leak_rate']:.1%})"
            line += f"; {figures['over_redacted']} of {figures['clean_words']} innocent words hidden"
            line += f" ({figures['over_rate']:.2%})"
            other = report.get("stock", {}).get("styles", {}).get(style)
            if other:
                line += f"; stock Presidio {other['leak_rate']:.1%}, {other['over_rate']:.2%}"
            self.stdout.write(line)
        for label, figures in report["labels"].items():
            self.stdout.write(f"  {label}: {figures['leaked']} of {figures['spans']}")
        medical = report["medical"]
        self.stdout.write(f"medical: {medical['leaked']} of {medical['spans']} leak ({medical['leak_rate']:.1%})")
