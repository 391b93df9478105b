"""Hide what is private in a speech service's result, without a matter or a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from compliance.management import configured
from compliance.redaction import (
    DetectionFailed,
    Dialogue,
    DialogueInvalid,
    PolicyUnknown,
    Rule,
    detect,
    marked_by_provider,
    only,
    preset,
    render,
)


class Command(BaseCommand):
    help = "Redact a provider's result (JSON) and print the utterances with the hidden spans of each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a completed job's JSON, as GET /voice/transcription/{id} answers")
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--policy", default="identifiers", help="a preset's name (default: identifiers)")
        what.add_argument("--types", help="hide these types and no other, separated by commas")
        configured.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            types = options["types"]
            policy = only(t.strip() for t in types.split(",")) if types is not None else preset(options["policy"])
            result = json.loads(Path(options["file"]).read_text(encoding="utf-8-sig"))
            dialogue = marked_by_provider(Dialogue.from_provider_result(result), result)
            detections = detect(dialogue, settings=configured.detect_settings(options))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['file']} is not JSON in UTF-8.") from error
        except (DialogueInvalid, PolicyUnknown, DetectionFailed) as error:
            raise CommandError(str(error)) from error
        rendition = render(dialogue, detections, policy, this_year=timezone.now().year)
        whole = {hidden.turn for hidden in detections.hidden_turns} if policy.hides_anything else set()
        utterances: list[dict[str, Any]] = []
        for number, turn in enumerate(rendition.turns):
            spans = [
                {"start": d.start, "end": d.end, "type": d.type, "score": d.score}
                for d in detections.items
                if d.turn == number and policy.rule_for(d) is not Rule.SHOW
            ]
            if number in whole:
                spans = [{"start": 0, "end": len(dialogue.turns[number].text), "type": "not_checked", "score": 1.0}]
            utterances.append(
                {"speaker": turn.speaker, "start": turn.start, "end": turn.end, "text": turn.text, "spans": spans}
            )
        self.stdout.write(json.dumps({"utterances": utterances}, ensure_ascii=False, indent=1))
