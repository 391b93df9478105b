"""faster-whisper: any CTranslate2 Whisper model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from faster_whisper import WhisperModel

from transcription.engine.recognisers.base import Heard, Hearing, Wanted
from transcription.engine.vad import HEARING, Sound, Span

#: Whisper's prompt holds about 220 tokens; names beyond this would push the words before them out.
MOST_HOTWORD_CHARACTERS = 600


class FasterWhisper:
    kind: ClassVar[str] = "faster-whisper"
    basic: ClassVar[bool] = False

    def __init__(self, model: str, label: str, threads: int) -> None:
        self._label = label
        # local_files_only: a worker never downloads; `model` is a folder that is there.
        self._model: Any = WhisperModel(model, device="auto", compute_type="auto", cpu_threads=threads, local_files_only=True)

    @property
    def name(self) -> str:
        return f"faster-whisper {self._label}"

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._model.supported_languages)

    @property
    def takes_word_boost(self) -> bool:
        return True

    def hear(self, sound: Sound, speech: Sequence[Span], wanted: Wanted, progress: Callable[[float], None]) -> Hearing:
        if not speech:
            return Hearing([], wanted.language or "en")
        segments, info = self._model.transcribe(
            sound,
            language=wanted.language,
            word_timestamps=True,
            # Text that only follows from text before it is how Whisper gets caught in loops.
            condition_on_previous_text=False,
            vad_filter=True,
            vad_parameters=HEARING,
            hotwords=_hotwords(wanted.word_boost),
        )
        words: list[Heard] = []
        seconds = max(1, sound.size) / 16_000
        for segment in segments:
            for word in segment.words or ():
                text = word.word.strip()
                if text:
                    start = round(word.start * 1000)
                    end = max(start + 1, round(word.end * 1000))
                    words.append(Heard(start, end, text, min(1.0, max(0.0, float(word.probability)))))
            progress(min(1.0, segment.end / seconds))
        return Hearing(words, str(info.language))


def _hotwords(words: Sequence[str]) -> str | None:
    taken = ""
    for word in words:
        longer = f"{taken}, {word}" if taken else word
        if len(longer) > MOST_HOTWORD_CHARACTERS:
            break
        taken = longer
    return taken or None


RECOGNISER = FasterWhisper
