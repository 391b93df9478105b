"""What a worker does with one recording: decode, find speech, recognise, tell speakers apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import numpy as np

from transcription.engine.audio import BLOCK_SECONDS, RATE, Recording, Samples, clock, open_recording
from transcription.engine.channels import active_channels, as_float, different_channels, mix, without_crosstalk
from transcription.engine.errors import EngineError
from transcription.engine.order import Order
from transcription.engine.recognisers.base import Recogniser, Wanted
from transcription.engine.result import SpokenWord, Warnings, assemble
from transcription.engine.speakers import Speakers, VoiceCollector
from transcription.engine.vad import HEARING, Sound, Span, place_to_cut, speech_in, touches_speech

#: A block may be ended this much early so that nobody is cut off in speech; with the rest it stays below 10 minutes.
_CUT_WITHIN = 60 * RATE


@dataclass
class _State:
    """What is known so far about one recording."""

    order: Order
    recogniser: Recogniser
    warnings: Warnings = field(default_factory=Warnings)
    words: list[SpokenWord] = field(default_factory=list)
    voices: VoiceCollector | None = None
    #: The channels that are people; None until two channels were heard and compared; empty: mixed.
    people: list[int] | None = None
    language: str | None = None
    made_up: int = 0


def transcribe(file: BinaryIO, order: Order, recogniser: Recogniser, progress: Callable[[float], None]) -> dict[str, Any]:
    """Transcribe a recording; gives the completed answer of case.dev's protocol without id and status.

    Holds one block of sound at a time (at most six minutes), the words, and 1 kB for each quarter of a second of
    speech. `progress` is called with the share done. Raises `EngineError`.
    """
    check_language(order, recogniser)
    state = _State(order, recogniser, language=order.language)
    with open_recording(file) as recording:
        state.people = _people_at_start(recording, order)
        if order.speaker_labels and not (order.multichannel and recording.channels > 1):
            state.voices = VoiceCollector()
        _hear_all(recording, state, progress)
        seconds = recording.seconds
        if recording.samples == 0:
            raise EngineError(
                "zero_duration",
                "The file is a recording of no length: there is no sound in it that can be decoded. Export it again.",
            )
        _note_damage(recording, state.warnings)
    _note_request(state, recording.channels)
    by_channel = bool(state.people)
    speakers: Speakers | None = None
    if state.voices is not None and not by_channel:
        speakers = state.voices.speakers(order.speakers_expected)
    return assemble(
        state.words,
        seconds=seconds,
        language=state.language or "en",
        labelled=order.speaker_labels or by_channel,
        by_channel=by_channel,
        speakers=speakers,
        model=recogniser.name,
        basic=recogniser.basic,
        warnings=state.warnings,
    )


def check_language(order: Order, recogniser: Recogniser) -> None:
    """Refuse a language the recogniser does not know. Raises `EngineError` `language_not_supported`."""
    if order.language is not None and order.language not in recogniser.languages:
        raise EngineError(
            "language_not_supported",
            f"The recording is said to be in {order.language!r}, but {recogniser.name} understands "
            f"{', '.join(sorted(recogniser.languages)[:8])} only. Choose another speech service or model.",
        )


def _people_at_start(recording: Recording, order: Order) -> list[int] | None:
    if recording.channels == 1 or order.multichannel is False:
        return []
    return list(range(recording.channels)) if order.multichannel else None


def _hear_all(recording: Recording, state: _State, progress: Callable[[float], None]) -> None:
    carry: Samples | None = None
    offset = 0
    expected = max(1.0, recording.stated_seconds or 0.0) * RATE
    blocks = recording.blocks(BLOCK_SECONDS)
    block = next(blocks, None)
    while block is not None:
        following = next(blocks, None)
        samples = block if carry is None else np.concatenate([carry, block], axis=1)
        sounds = _sounds(samples, state)
        spans = [speech_in(sound, HEARING) for _, sound in sounds]
        length = samples.shape[1]
        cut = length if following is None else place_to_cut(length, spans, within=_CUT_WITHIN)
        for part, ((channel, sound), speech) in enumerate(zip(sounds, spans, strict=True)):
            begin = (offset + cut * part / len(sounds)) / expected
            share = cut / len(sounds) / expected
            inside = [Span(s.start, min(s.end, cut)) for s in speech if s.start < cut]
            _hear(state, channel, sound[:cut], inside, offset, _part(progress, begin, share))
        if state.voices is not None and not state.people:
            state.voices.add(mix(samples[:, :cut]), offset)
        carry = samples[:, cut:].copy() if cut < length else None
        offset += cut
        progress(min(0.99, offset / expected))
        block = following


def _part(progress: Callable[[float], None], begin: float, share: float) -> Callable[[float], None]:
    return lambda done: progress(begin + done * share)


def _sounds(samples: Samples, state: _State) -> list[tuple[int | None, Sound]]:
    """What to listen to in this block: each person's channel, or all of them mixed."""
    if samples.shape[0] == 1 or state.people == []:
        return [(None, mix(samples))]
    channels = without_crosstalk([as_float(channel) for channel in samples])
    active = active_channels(channels)
    if state.people is None:
        if len(active) == 1:
            # So far one channel only: its words keep its number, in case another person follows on another channel.
            return [(active[0], as_float(samples[active[0]]))]
        if not active:
            return [(None, mix(samples))]
        different = different_channels(channels, active)
        if len(different) < 2:
            state.people = []
            return [(None, mix(samples))]
        state.people, state.voices = different, None
    # A person who joins later on a further channel is heard, too.
    later = [number for number in active if number not in state.people]
    state.people += [n for n in different_channels(channels, [*state.people, *later]) if n in later]
    return [(number, channels[number]) for number in sorted(state.people)]


def _hear(
    state: _State,
    channel: int | None,
    sound: Sound,
    speech: list[Span],
    offset: int,
    progress: Callable[[float], None],
) -> None:
    wanted = Wanted(state.language, state.order.word_boost)
    hearing = state.recogniser.hear(sound, speech, wanted, progress)
    if hearing.words and state.language is None:
        state.language = hearing.language  # the first speech decides for the rest
    shift = offset * 1000 // RATE
    for word in hearing.words:
        if not touches_speech(word.start * RATE // 1000, word.end * RATE // 1000, speech):
            state.made_up += 1
            continue
        state.words.append(
            SpokenWord(shift + word.start, shift + max(word.end, word.start + 1), word.text, word.confidence, channel)
        )


def _note_damage(recording: Recording, warnings: Warnings) -> None:
    if recording.cut_off:
        warnings.add(
            "cut_off",
            f"The file is cut off: less is there than its header says; {clock(recording.seconds)} could be read.",
        )
    elif recording.damaged:
        warnings.add("damaged", f"{recording.damaged} places in the file are damaged and were passed over.")


def _note_request(state: _State, channels: int) -> None:
    order, warnings = state.order, state.warnings
    if not state.words:
        warnings.add("no_speech", "No speech was found in the recording, so the transcript is empty.")
    if state.made_up:
        warnings.add("left_out", f"{state.made_up} words that seemed to come from silence were left out.")
    if state.recogniser.basic:
        warnings.add("basic_engine", "Basic engine: many words will be wrong. Use this transcript as a draft only.")
    if order.word_boost and not state.recogniser.takes_word_boost:
        warnings.add("word_boost_ignored", "This engine cannot be told words to expect; word_boost had no effect.")
    if order.language is None and state.recogniser.languages == {"en"}:
        warnings.add("language_not_checked", "This engine understands English only; other languages come out as noise.")
    if state.people and order.speakers_expected and order.speakers_expected > len(state.people):
        warnings.add(
            "speakers_by_channel",
            f"Speakers follow the {len(state.people)} channels that carry people; {order.speakers_expected} were "
            "expected. People who share a channel share a label.",
        )
