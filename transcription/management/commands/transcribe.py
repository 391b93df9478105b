"""``transcribe FILE``: the whole pipeline for one file, and a policy's view of the transcript."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.errors import PortalError
from transcription import trial


class Command(BaseCommand):
    help = "Transcribe a recording (or read a TXT, DOCX or JSON transcript), hide what is private, print speakers and text."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="audio, video, or a transcript as TXT, DOCX or JSON")
        parser.add_argument("--speakers", type=int, help="how many people speak (default: found out from the voices)")
        parser.add_argument("--policy", default="identifiers", help="what is hidden (default: identifiers)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if settings.EMBEDDED and settings.SQLITE:
            # A fresh checkout has no database yet.
            call_command("migrate", verbosity=0, interactive=False)
        try:
            outcome = trial.run(
                path,
                speakers=options["speakers"],
                policy_name=options["policy"],
                say=lambda line: self.stderr.write(line),
            )
        except trial.TrialFailed as failure:
            raise CommandError(str(failure)) from None
        except PortalError as error:
            raise CommandError(error.text) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        if options["format"] == "json":
            self.stdout.write(json.dumps(_json(outcome), ensure_ascii=False, indent=2))
        else:
            self._print(outcome)

    def _print(self, outcome: trial.Outcome) -> None:
        if outcome.transcript.basic_engine:
            self.stderr.write("BASIC ENGINE DRAFT: many words are wrong.")
        for warning in outcome.warnings:
            self.stderr.write(f"Note: {warning['message']}")
        if not outcome.utterances:
            self.stdout.write("No speech was heard in this recording.")
        for utterance in outcome.utterances:
            self.stdout.write(f"Speaker {utterance['speaker']}: {utterance['text']}")
        self.stderr.write(f"{outcome.hidden_spans} private details hidden ({outcome.policy}).")


def _json(outcome: trial.Outcome) -> dict[str, Any]:
    transcript = outcome.transcript
    return {
        "language": transcript.language,
        "model": transcript.model,
        "basic_engine": transcript.basic_engine,
        "speakers_guessed": transcript.speakers_guessed,
        "duration_ms": transcript.duration_ms,
        "confidence": transcript.confidence,
        "policy": {"name": outcome.policy, "version": outcome.policy_version, "hidden_spans": outcome.hidden_spans},
        "warnings": outcome.warnings,
        "utterances": [
            {name: utterance[name] for name in ("speaker", "start", "end", "text", "words")}
            # Without the findings' ids: they tell where the original stands and how long it is.
            | {"chips": [{name: chip[name] for name in ("start", "end", "type", "label")} for chip in utterance["chips"]]}
            for utterance in outcome.utterances
        ],
    }
