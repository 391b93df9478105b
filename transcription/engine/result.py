"""From words and speakers to the answer of case.dev's protocol: words, utterances, text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transcription.engine.speakers import Speakers

#: A pause of this length begins a new utterance of the same speaker, so that lines stay short enough to click.
PAUSE_MS = 2000
#: An utterance is broken at the next small pause once it has so many words.
LONG_UTTERANCE, SMALL_PAUSE_MS = 80, 400
#: A single word given to somebody else between two of one speaker, closer than this and less certain, is that one's.
LONE_WORD_GAP_MS, LONE_WORD_CERTAINTY = 400, 0.75
#: The speaker of a word below this is marked as doubtful.
CERTAIN_SPEAKER = 0.6


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word in the recording's time (ms); `channel` counts from 0, None where the channels were mixed."""

    start: int
    end: int
    text: str
    confidence: float
    channel: int | None = None


@dataclass
class Warnings:
    """What people should know about a result, each once, in the order it was found."""

    items: list[dict[str, str]] = field(default_factory=list)

    def add(self, code: str, message: str) -> None:
        self.items.append({"code": code, "message": message})


@dataclass(slots=True)
class _Labelled:
    word: SpokenWord
    speaker: int | None
    certainty: float | None = None


def letter(speaker: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    name = ""
    number = speaker + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def assemble(
    words: Sequence[SpokenWord],
    *,
    seconds: float,
    language: str,
    labelled: bool,
    by_channel: bool,
    speakers: Speakers | None,
    model: str,
    basic: bool,
    warnings: Warnings,
) -> dict[str, Any]:
    """The completed answer. `words` in any order; times come out as ms, `audio_duration` as seconds."""
    if by_channel:
        lines = _by_channel(words)
    elif speakers is not None:
        labelled_words = _by_voice(sorted(words, key=lambda w: (w.start, w.end)), speakers)
        lines = _utterances(labelled_words)
    else:
        lines = _utterances([_Labelled(word, None) for word in sorted(words, key=lambda w: (w.start, w.end))])
    guessed = speakers is not None and speakers.guessed and bool(words)
    if guessed and speakers is not None:
        warnings.add(
            "speakers_guessed",
            f"Nobody said how many people speak; {speakers.count} were guessed from their voices. Check the labels.",
        )
    doubtful = [w for line in lines for w in line if w.certainty is not None and w.certainty < CERTAIN_SPEAKER]
    if doubtful:
        warnings.add("speakers_uncertain", f"For {len(doubtful)} words it is doubtful who said them.")
    # Letters go by whose words come first; people without a word (the recogniser heard nothing of theirs) come last.
    seen = [word.speaker for line in lines for word in line if word.speaker is not None]
    seen += [turn.speaker for turn in speakers.turns] if speakers is not None else []
    letters = {speaker: letter(number) for number, speaker in enumerate(dict.fromkeys(seen))}
    utterances = [_utterance(line, letters, by_channel=by_channel) for line in lines]
    return {
        "text": "\n".join(_line(utterance) if labelled else utterance["text"] for utterance in utterances),
        "utterances": utterances,
        "words": [word for utterance in utterances for word in utterance["words"]],
        "word_count": len(words),
        "audio_duration": round(seconds, 3),
        "confidence": round(_mean([word.confidence for word in words]), 4),
        "language_code": language,
        "speaker_turns": _speaker_turns(lines, letters, speakers),
        "speakers_guessed": guessed,
        "speaker_source": "channel" if by_channel else "voice" if speakers is not None else None,
        "speech_model": model,
        "basic_engine": basic,
        "warnings": warnings.items,
    }


def _by_channel(words: Sequence[SpokenWord]) -> list[list[_Labelled]]:
    """Utterances channel by channel, so that people who speak at once keep their sentences, in order of their start."""
    channels = list(dict.fromkeys(w.channel for w in sorted(words, key=lambda w: w.start)))
    lines: list[list[_Labelled]] = []
    for speaker, channel in enumerate(channels):
        own = sorted((w for w in words if w.channel == channel), key=lambda w: (w.start, w.end))
        lines += _utterances([_Labelled(word, speaker) for word in own])
    return sorted(lines, key=lambda line: (line[0].word.start, line[0].speaker))


def _by_voice(words: Sequence[SpokenWord], speakers: Speakers) -> list[_Labelled]:
    labelled = [_Labelled(word, *speakers.of(word.start, word.end)) for word in words]
    for before, word, after in zip(labelled, labelled[1:], labelled[2:], strict=False):
        alone = before.speaker == after.speaker != word.speaker
        close = word.word.start - before.word.end < LONE_WORD_GAP_MS and after.word.start - word.word.end < LONE_WORD_GAP_MS
        if alone and close and (word.certainty or 0) < LONE_WORD_CERTAINTY:
            word.speaker, word.certainty = before.speaker, 1 - (word.certainty or 0)
    return labelled


def _utterances(words: Sequence[_Labelled]) -> list[list[_Labelled]]:
    lines: list[list[_Labelled]] = []
    for word in words:
        if lines:
            line = lines[-1]
            pause = word.word.start - line[-1].word.end
            breaks = pause >= PAUSE_MS or (len(line) >= LONG_UTTERANCE and pause >= SMALL_PAUSE_MS)
            if line[-1].speaker == word.speaker and not breaks:
                line.append(word)
                continue
        lines.append([word])
    return lines


def _utterance(line: Sequence[_Labelled], letters: Mapping[int, str], *, by_channel: bool) -> dict[str, Any]:
    speaker = None if line[0].speaker is None else letters[line[0].speaker]
    words = []
    for labelled in line:
        word = labelled.word
        entry: dict[str, Any] = {
            "text": word.text,
            "start": word.start,
            "end": word.end,
            "confidence": round(word.confidence, 4),
            "speaker": speaker,
        }
        if by_channel and word.channel is not None:
            entry["channel"] = word.channel + 1
        if labelled.certainty is not None:
            entry["speaker_confidence"] = round(labelled.certainty, 3)
        words.append(entry)
    utterance: dict[str, Any] = {
        "speaker": speaker,
        "start": words[0]["start"],
        "end": max(word["end"] for word in words),
        "text": " ".join(word["text"] for word in words),
        "confidence": round(_mean([word["confidence"] for word in words]), 4),
        "words": words,
    }
    if "channel" in words[0]:
        utterance["channel"] = words[0]["channel"]
    return utterance


def _line(utterance: dict[str, Any]) -> str:
    return f"Speaker {utterance['speaker'] or 'A'}: {utterance['text']}"


def _speaker_turns(
    lines: Sequence[Sequence[_Labelled]], letters: Mapping[int, str], speakers: Speakers | None
) -> list[dict[str, Any]]:
    """Who spoke when: from the voices where they were told apart (speech without words counts), else from the words."""
    if speakers is not None:
        return [{"speaker": letters[t.speaker], "start": t.start, "end": t.end} for t in speakers.turns]
    return [
        {"speaker": letters[line[0].speaker], "start": line[0].word.start, "end": max(w.word.end for w in line)}
        for line in lines
        if line[0].speaker is not None
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
