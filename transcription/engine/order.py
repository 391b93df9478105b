"""What a request asks for, read from case.dev's JSON and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transcription.engine.errors import EngineError

MOST_SPEAKERS = 10
#: case.dev's and AssemblyAI's vocabulary lists stay below this.
MOST_BOOSTED, LONGEST_BOOSTED = 1000, 100


@dataclass(frozen=True, slots=True)
class Order:
    """One transcription as asked for. `language` is two letters or None (not said)."""

    speaker_labels: bool = False
    #: None: not said, so the number is guessed.
    speakers_expected: int | None = None
    language: str | None = None
    language_detection: bool = False
    word_boost: tuple[str, ...] = ()
    #: True: every channel is a person; False: mix them; None: find out.
    multichannel: bool | None = None
    #: Recognisers asked for by name, in order of priority.
    speech_models: tuple[str, ...] = ()


def read_order(body: Mapping[str, Any]) -> Order:
    """Read the options of `POST /voice/transcription`; unknown ones are left alone, as case.dev does.

    Raises `EngineError` `invalid_request` that names the field, what it was and what is allowed.
    """
    speakers = body.get("speakers_expected")
    if speakers is not None and (type(speakers) is not int or not 1 <= speakers <= MOST_SPEAKERS):
        raise _invalid("speakers_expected", f"a whole number from 1 to {MOST_SPEAKERS}")
    language = body.get("language_code")
    if language is not None and (not isinstance(language, str) or not _language(language)):
        raise _invalid("language_code", "a code such as en, en_us or es")
    return Order(
        speaker_labels=bool(_flag(body, "speaker_labels")),
        speakers_expected=speakers,
        language=_language(language) if language else None,
        language_detection=bool(_flag(body, "language_detection")),
        word_boost=_texts(body, "word_boost"),
        multichannel=_flag(body, "multichannel"),
        speech_models=_texts(body, "speech_models"),
    )


def _invalid(name: str, allowed: str) -> EngineError:
    return EngineError("invalid_request", f"{name} must be {allowed}.")


def _flag(body: Mapping[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise _invalid(name, "true or false")
    return value


def _texts(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = body.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) and 0 < len(v) <= LONGEST_BOOSTED for v in value):
        raise _invalid(name, f"a list of texts of at most {LONGEST_BOOSTED} characters")
    if len(value) > MOST_BOOSTED:
        raise _invalid(name, f"a list of at most {MOST_BOOSTED} texts, not {len(value)}")
    return tuple(value)


def _language(code: str) -> str | None:
    """`en_us` and `en-GB` are `en`."""
    primary = code.replace("-", "_").split("_")[0].lower()
    return primary if 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() else None
