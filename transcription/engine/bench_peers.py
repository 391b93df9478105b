"""What the engine is compared with: the same libraries used as they come."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from faster_whisper import WhisperModel
from pocketsphinx import Config, Decoder

from transcription.engine.audio import open_recording
from transcription.engine.bench_text import spoken_words
from transcription.engine.channels import Float, mix
from transcription.engine.messages import Ears
from transcription.engine.vad import SPEAKERS, speech_in


def _mixed(path: Path) -> Float:
    with path.open("rb") as file, open_recording(file) as recording:
        return mix(np.concatenate(list(recording.blocks()), axis=1))


def stock_words(ears: Ears, path: Path) -> str:
    """What the recogniser's library hears in the whole file, all channels mixed, without our detector of speech."""
    if ears.module == "whisper":
        segments, _ = WhisperModel(ears.model, local_files_only=True).transcribe(str(path))
        return spoken_words(" ".join(segment.text for segment in segments))
    decoder: Any = Decoder(Config(loglevel="FATAL"))
    decoder.start_utt()
    decoder.process_raw((_mixed(path) * 32767).astype("<i2").tobytes(), full_utt=True)
    decoder.end_utt()
    return spoken_words(decoder.hyp().hypstr) if decoder.hyp() is not None else ""


def one_speaker(path: Path) -> list[dict[str, Any]]:
    """All detected speech as one person's."""
    return [{"speaker": "A", "start": span.start // 16, "end": span.end // 16} for span in speech_in(_mixed(path), SPEAKERS)]
