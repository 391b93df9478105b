"""pocketsphinx: the recogniser that is always there, because its English model comes in its wheel. A draft only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from pocketsphinx import Config, Decoder

from transcription.engine.recognisers.base import Heard, Hearing, Wanted
from transcription.engine.vad import Sound, Span

#: The decoder's clock: 100 frames a second.
FRAME_MS = 10
#: `and(2)` is the second way of saying "and".
_VARIANT = re.compile(r"\(\d+\)$")


class PocketSphinx:
    """English only, 29 % word errors on clean reading and about 70 % in a meeting."""

    kind: ClassVar[str] = "pocketsphinx"
    basic: ClassVar[bool] = True

    def __init__(self, model: str, label: str, threads: int) -> None:
        # Defaults throughout: of a dozen settings tried on real speech none helped.
        self._decoder: Any = Decoder(Config(loglevel="FATAL"))

    @property
    def name(self) -> str:
        return "pocketsphinx en-us"

    @property
    def languages(self) -> frozenset[str]:
        return frozenset({"en"})

    @property
    def takes_word_boost(self) -> bool:
        return False

    def hear(self, sound: Sound, speech: Sequence[Span], wanted: Wanted, progress: Callable[[float], None]) -> Hearing:
        words: list[Heard] = []
        for span in speech:
            words += self._utterance(sound[span.start : span.end], span.start * 1000 // 16_000)
            progress(span.end / max(1, sound.size))
        return Hearing(words, "en")

    def _utterance(self, sound: Sound, offset_ms: int) -> list[Heard]:
        decoder = self._decoder
        decoder.start_utt()
        try:
            pcm = np.clip(sound * 32768, -32768, 32767).astype("<i2").tobytes()
            decoder.process_raw(pcm, full_utt=True)
        finally:
            decoder.end_utt()
        if decoder.hyp() is None:
            return []
        words = []
        for segment in decoder.seg():
            text = _VARIANT.sub("", segment.word)
            if text.startswith(("<", "[", "+")):
                continue  # silence, noise, breath
            words.append(
                Heard(
                    offset_ms + segment.start_frame * FRAME_MS,
                    offset_ms + (segment.end_frame + 1) * FRAME_MS,
                    text,
                    # The posterior of the word in the decoder's lattice.
                    min(1.0, max(0.0, float(segment.prob))),
                )
            )
        return words


RECOGNISER = PocketSphinx
