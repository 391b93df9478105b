"""JSON: times in milliseconds, one object a turn."""

import json
from typing import ClassVar

from transcription.exports.document import Document


class Json:
    name: ClassVar[str] = "json"
    label: ClassVar[str] = "JSON, for programs"
    extension: ClassVar[str] = "json"
    content_type: ClassVar[str] = "application/json"

    def write(self, document: Document) -> bytes:
        content = {
            "notice": list(document.stamps),
            "matter": document.matter,
            "kind": document.kind,
            "exported_at": document.made_at.isoformat(timespec="seconds"),
            "model": document.model,
            "duration_ms": document.duration_ms,
            "redaction": {
                "policy": document.policy,
                "version": document.policy_version,
                "hidden_spans": document.hidden_spans,
            },
            "version": document.version,
            "edition": document.edition,
            "speakers_guessed": document.speakers_guessed,
            "signatures": [{"name": name, "at": at.isoformat(timespec="seconds")} for name, at in document.signatures],
            "utterances": [
                {"speaker": line.speaker, "start": line.start, "end": line.end, "text": line.text} for line in document.lines
            ],
        }
        return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
