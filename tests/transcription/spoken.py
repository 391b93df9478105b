"""A speech service's result of one sentence, each word of it with its times."""

from typing import Any


def one_sentence(text: str, milliseconds: int) -> dict[str, Any]:
    words = text.split()
    return {
        "status": "completed", "audio_duration": milliseconds / 1000, "language_code": "en",
        "utterances": [{
            "speaker": "A", "start": 0, "end": milliseconds, "text": text,
            "words": [{"text": w, "start": n * 300, "end": n * 300 + 250, "confidence": 0.97} for n, w in enumerate(words)],
        }],
    }  # fmt: skip
