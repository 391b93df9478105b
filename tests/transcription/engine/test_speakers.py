"""Telling speakers apart: by channel, by voice, as many as were asked for."""

import io
import wave

import numpy as np
import pytest

from transcription.engine.audio import RATE, open_recording
from transcription.engine.channels import active_channels, as_float, different_channels, without_crosstalk
from transcription.engine.order import Order
from transcription.engine.recognisers.base import Heard, Hearing
from transcription.engine.result import SpokenWord, Warnings, assemble, letter
from transcription.engine.speakers import MOST_CLUSTERED, VoiceCollector, cluster
from transcription.engine.transcribe import transcribe
from transcription.engine.vad import SPEAKERS, Span, place_to_cut, speech_in, total
from transcription.engine.voices import mel, windows_in

from .conftest import SAMPLE, SPEECH


def samples_of(path) -> np.ndarray:
    with path.open("rb") as file, open_recording(file) as recording:
        return np.concatenate(list(recording.blocks()), axis=1)


def as_wav(samples: np.ndarray) -> io.BytesIO:
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(samples.shape[0])
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.T.astype("<i2").tobytes())
    target.seek(0)
    return target


class EveryHalfSecond:
    """A recogniser that says a word for every half second of speech: enough to see who gets it."""

    kind, basic, name = "clock", False, "clock"
    languages = frozenset({"en"})
    takes_word_boost = True

    def hear(self, sound, speech, wanted, progress):
        words = []
        for span in speech:
            for at in range(span.start, span.end - RATE // 4, RATE // 2):
                words.append(Heard(at * 1000 // RATE, at * 1000 // RATE + 250, "word", 0.9))
        return Hearing(words, "en")


@pytest.fixture(scope="module")
def two():
    return samples_of(SPEECH / "two-channels.wav")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda x: x, [0, 1]),
        (lambda x: np.stack([x[0], x[0]]), [0]),
        (lambda x: np.stack([x[0], x[0] // 3]), [0]),
        (lambda x: np.stack([x[0], -x[0]]), [0]),
        (lambda x: np.stack([x[0], np.roll(x[0], 40)]), [0]),
    ],
    ids=["two people", "dual mono", "one quieter", "inverted", "second microphone"],
)
def test_channels_are_people_only_when_they_carry_different_sound(two, change, expected):
    sounds = [as_float(channel) for channel in change(two)]
    active = active_channels(sounds)
    assert active == [0, 1]
    assert different_channels(sounds, active) == expected


def test_an_empty_channel_is_nobody(two):
    assert active_channels([as_float(two[0] * 0), as_float(two[1])]) == [1]


@pytest.mark.parametrize("leak", [0.03, 0.1, 0.3])
def test_what_leaks_into_the_other_microphone_is_not_said_twice(two, leak):
    leaky = (two + leak * np.roll(two[::-1], 90, axis=1)).clip(-32768, 32767).astype(np.int16)
    clean = transcribe(as_wav(two), Order(speaker_labels=True), EveryHalfSecond(), lambda share: None)
    leaked = transcribe(as_wav(leaky), Order(speaker_labels=True), EveryHalfSecond(), lambda share: None)
    assert leaked["speaker_source"] == "channel"
    assert abs(leaked["word_count"] - clean["word_count"]) <= 1
    # The control: without the cleaning the quiet channel is full of the other one's speech.
    assert len(speech_in(as_float(leaky[1]), SPEAKERS)) >= 1
    assert total(speech_in(as_float(leaky[1]), SPEAKERS)) > total(speech_in(as_float(two[1]), SPEAKERS))


def test_somebody_who_speaks_softly_into_the_others_words_is_kept(two):
    soft = np.stack([two[0], two[1] // 4]).astype(np.float64)
    leaky = (soft + 0.05 * np.roll(soft[::-1], 90, axis=1)).astype(np.int16)
    cleaned = without_crosstalk([as_float(channel) for channel in leaky])
    alone = total(speech_in(as_float(two[1]), SPEAKERS))
    assert total(speech_in(cleaned[1], SPEAKERS)) > 0.8 * alone


@pytest.mark.parametrize("quieter", [1, 2, 8])
def test_dual_mono_at_any_level_is_one_recording_heard_once(two, quieter):
    mono = np.stack([two[0], two[0] // quieter])
    result = transcribe(as_wav(mono), Order(speaker_labels=True, speakers_expected=1), EveryHalfSecond(), print)
    assert result["speaker_source"] == "voice"
    once = transcribe(as_wav(two[:1]), Order(speaker_labels=True, speakers_expected=1), EveryHalfSecond(), print)
    assert result["word_count"] == once["word_count"]


def test_a_person_who_answers_on_the_other_channel_after_minutes_is_still_told_apart(two):
    silence = np.zeros((1, two.shape[1] * 65), np.int16)
    left = np.concatenate([np.tile(two[:1], 65), silence], axis=1)  # five and a half minutes alone: over one block
    right = np.concatenate([silence, np.tile(two[1:], 65)], axis=1)
    result = transcribe(
        as_wav(np.concatenate([left, right])), Order(speaker_labels=True), EveryHalfSecond(), lambda share: None
    )
    assert result["speaker_source"] == "channel"
    speakers = {(word["channel"], word["speaker"]) for word in result["words"]}
    assert speakers == {(1, "A"), (2, "B")}
    last_of_a = max(word["end"] for word in result["words"] if word["speaker"] == "A")
    first_of_b = min(word["start"] for word in result["words"] if word["speaker"] == "B")
    assert last_of_a < first_of_b


def test_channels_can_be_mixed_when_the_request_says_so(two):
    result = transcribe(
        as_wav(two), Order(speaker_labels=True, speakers_expected=2, multichannel=False), EveryHalfSecond(), print
    )
    assert result["speaker_source"] == "voice"
    assert not any("channel" in word for word in result["words"])


def test_two_voices_of_the_sample_deposition_are_told_apart_with_the_count_given_and_guessed():
    import json

    turns = json.loads((SAMPLE / "deposition.json").read_text())
    for expected in (2, None):
        with (SAMPLE / "deposition.opus").open("rb") as file:
            result = transcribe(
                file, Order(speaker_labels=True, speakers_expected=expected), EveryHalfSecond(), lambda share: None
            )
        right = 0
        for word in result["words"]:
            middle = (word["start"] + word["end"]) // 2
            spoken = [t["speaker"] for t in turns if t["start"] <= middle <= t["end"]]
            right += spoken == [{"A": "attorney", "B": "witness"}.get(word["speaker"])]
        assert right / len(result["words"]) > 0.95
        assert result["speakers_guessed"] is (expected is None)
        assert ("speakers_guessed" in {w["code"] for w in result["warnings"]}) is (expected is None)
        assert all(0 <= word["speaker_confidence"] <= 1 for word in result["words"])


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_as_many_speakers_as_were_asked_for_at_most(count):
    collector = VoiceCollector()
    collector.add(as_float(samples_of(SPEECH / "ami-four-speakers.wav")[0]), 0)
    assert 1 <= collector.speakers(count).count <= count


def test_seven_hours_of_windows_are_clustered_by_a_sample_of_them():
    random = np.random.default_rng(3)
    people = random.random((3, 256)).astype(np.float32)
    who = random.integers(0, 3, 60_000)
    vectors = people[who] + random.normal(0, 0.05, (60_000, 256)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels, centroids, compared = cluster(vectors, 3)
    assert len(labels) == MOST_CLUSTERED
    found = (compared @ centroids.T).argmax(axis=1)
    assert all(len(set(found[who == person].tolist())) == 1 for person in range(3))


def test_nobody_is_nobody():
    collector = VoiceCollector()
    collector.add(np.zeros(RATE, np.float32), 0)
    nobody = collector.speakers(2)
    assert (nobody.turns, nobody.count) == ([], 0)
    assert nobody.of(0, 100) == (0, 0.0)


def test_mel_frames_are_power_and_linear_in_it():
    sound = np.sin(np.arange(RATE) * 2 * np.pi * 440 / RATE).astype(np.float32)
    quiet, loud = mel(sound * np.float32(0.5)), mel(sound)
    assert loud.shape == (101, 40)
    np.testing.assert_allclose(loud, quiet * 4, rtol=1e-3, atol=1e-9)
    # 440 Hz lies in the band whose middle is nearest to it: Slaney's scale has 66.7 Hz a mel below 1 kHz.
    assert abs(int(loud.sum(axis=0).argmax()) - 5) <= 1


def test_windows_cover_all_speech_and_stay_inside_the_sound():
    length = 10 * RATE
    spans = [Span(0, 100), Span(RATE, 2 * RATE), Span(3 * RATE, 8 * RATE + 77), Span(length - 50, length)]
    windows = windows_in(spans, length)
    assert all(0 <= w.start < w.end <= length and w.end - w.start >= RATE // 2 for w in windows)
    for span in spans:
        assert any(w.start <= span.start and w.end > span.start for w in windows)
        assert any(w.end >= span.end for w in windows if w.start < span.end)


def test_a_block_ends_where_nobody_speaks_in_any_channel():
    talk = [[Span(0, 50_000), Span(60_000, 100_000)], [Span(55_000, 61_000)]]
    assert place_to_cut(100_000, talk, within=60_000) == 55_000
    assert place_to_cut(100_000, [[Span(0, 100_000)]], within=60_000) == 100_000
    assert place_to_cut(100_000, [[Span(0, 50_000)]], within=60_000) == 100_000


def test_people_who_speak_at_once_keep_their_sentences():
    words = [SpokenWord(n * 100, n * 100 + 90, f"{'lr'[n % 2]}{n}", 0.5, n % 2) for n in range(8)]
    answer = assemble(
        words,
        seconds=1.0,
        language="en",
        labelled=True,
        by_channel=True,
        speakers=None,
        model="m",
        basic=False,
        warnings=Warnings(),
    )
    assert answer["text"] == "Speaker A: l0 l2 l4 l6\nSpeaker B: r1 r3 r5 r7"


def test_letters_go_on_after_z():
    assert [letter(n) for n in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
