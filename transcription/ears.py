"""The engine's recogniser in this process, for short stretches of sound. Imported only where somebody listens."""

import importlib
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from transcription.engine import recognisers
from transcription.engine.recognisers.base import Recogniser, Wanted
from transcription.engine.vad import HEARING, Sound, speech_in

_LANGUAGE: Final = "en"


def listen(sound: Sound) -> list[tuple[str, int, int]]:
    """The words in a sound with their times (ms), by the engine's own recogniser, in this process."""
    heard = _recogniser().hear(sound, speech_in(sound, HEARING), Wanted(_LANGUAGE), lambda share: None)
    return [(word.text, word.start, word.end) for word in heard.words]


@cache
def _recogniser() -> Recogniser:
    """The engine's model where it lies here; else the one that is always there. Nothing is fetched."""
    name = settings.ENGINE_MODEL
    folder: str | None = name if (Path(name) / "model.bin").is_file() else None
    if folder is None and name.lower() not in {"pocketsphinx", "sphinx", "basic"}:
        # By name: its imports (300 MB) are needed only where there may be such a model.
        folder = importlib.import_module("transcription.engine.download").find(
            name, str(settings.ENGINE_MODEL_DIR), local_only=True
        )
    if folder is not None:
        return recognisers.make("whisper", model=folder, label=name, threads=1)
    return recognisers.make("sphinx", model="", label="", threads=1)
