"""The faster-whisper path, really loaded and decoded: a tiny model with random weights, made by the project's script.

Its words are nonsense by construction. What is proved is everything around the weights: loading by path, real features,
beam search, word alignment, times, the guard against words from silence, and the way through the HTTP protocol.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from transcription.engine.audio import RATE, open_recording
from transcription.engine.channels import mix
from transcription.engine.config import ConfigError, EngineConfig
from transcription.engine.models import BASIC, Models
from transcription.engine.order import Order
from transcription.engine.recognisers import factory, kinds, make
from transcription.engine.recognisers.base import Heard, Hearing, Wanted
from transcription.engine.recognisers.whisper import _hotwords
from transcription.engine.transcribe import transcribe
from transcription.engine.vad import HEARING, speech_in

from .conftest import API_KEY, ROOT, SECRET, SPEECH


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-whisper")
    subprocess.run([sys.executable, str(ROOT / "scripts" / "make_tiny_whisper.py"), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def whisper(tiny):
    return make("whisper", model=str(tiny), label="tiny-random", threads=1)


def sound_of(name: str) -> np.ndarray:
    with (SPEECH / name).open("rb") as file, open_recording(file) as recording:
        return mix(np.concatenate(list(recording.blocks()), axis=1))


def test_words_come_with_times_inside_the_sound_and_confidence(whisper):
    sound = sound_of("jfk.wav")
    shares: list[float] = []
    hearing = whisper.hear(sound, speech_in(sound, HEARING), Wanted("en", ("Kowalski",)), shares.append)
    assert hearing.language == "en"
    assert len(hearing.words) > 3
    assert all(0 <= word.start < word.end <= 12_000 for word in hearing.words)
    assert all(0 <= word.confidence <= 1 for word in hearing.words)
    assert all(word.text == word.text.strip() != "" for word in hearing.words)
    assert shares == sorted(shares)
    assert shares[-1] <= 1


def test_silence_is_not_even_shown_to_the_model(whisper):
    assert whisper.hear(np.zeros(RATE * 5, np.float32), [], Wanted(), lambda share: None).words == []


def test_the_whole_way_through_http_names_the_model(start_engine, tiny, speech):
    engine = start_engine(model=str(tiny))
    health = engine.client.get("/healthz").json()
    assert health["speech_model"] == f"faster-whisper {tiny.name}"
    assert health["basic_engine"] is False
    result = engine.transcribe(speech("jfk.wav"), speaker_labels=True, speakers_expected=1, word_boost=["Kowalski"])
    assert result["status"] == "completed"
    assert result["speech_model"] == f"faster-whisper {tiny.name}"
    assert result["basic_engine"] is False
    assert result["words"]
    assert {word["speaker"] for word in result["words"]} == {"A"}
    assert not {"basic_engine", "word_boost_ignored"} & {w["code"] for w in result["warnings"]}


def test_a_model_that_cannot_be_loaded_fails_the_job_with_a_sentence(start_engine, tmp_path, speech):
    (tmp_path / "model.bin").write_bytes(b"not a model")
    engine = start_engine(model=str(tmp_path))
    result = engine.transcribe(speech("ss-0880.wav"))
    assert (result["status"], result["code"]) == ("error", "model_unusable")


def test_a_request_may_choose_the_basic_engine(start_engine, tiny, speech):
    engine = start_engine(model=str(tiny))
    result = engine.transcribe(speech("ss-0880.wav"), speech_models=["pocketsphinx"])
    assert result["basic_engine"] is True


class _Inventing:
    """A recogniser that hears words where nobody speaks, as Whisper is known to."""

    kind, basic, name = "inventing", False, "inventing"
    languages = frozenset({"en"})
    takes_word_boost = True

    def hear(self, sound, speech, wanted, progress):
        middle = [(s.start + s.end) // 2 * 1000 // RATE for s in speech]
        real = [Heard(ms, ms + 200, "real", 0.9) for ms in middle]
        return Hearing([*real, Heard(13_500, 14_000, "thank you for watching", 0.9)], "en")


def test_words_from_silence_are_left_out_and_that_is_said():
    import io
    import wave

    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((sound_of("jfk.wav") * 32767).astype("<i2").tobytes() + b"\0\0" * RATE * 5)
    target.seek(0)
    result = transcribe(target, Order(), _Inventing(), lambda share: None)
    assert "real" in result["text"]
    assert "watching" not in result["text"]
    assert "left_out" in {w["code"] for w in result["warnings"]}


def test_hotwords_stop_before_they_push_the_speech_out_of_the_prompt():
    assert _hotwords(()) is None
    assert _hotwords(("Kowalski", "Adesanya")) == "Kowalski, Adesanya"
    assert len(_hotwords([f"name{n}" for n in range(500)])) <= 600


def test_every_recogniser_in_the_folder_is_found_and_keeps_its_promise():
    assert set(kinds()) == {"sphinx", "whisper"}
    for module in kinds():
        made = factory(module)
        assert isinstance(made.kind, str)
        assert isinstance(made.basic, bool)
        assert callable(made.hear)
    with pytest.raises(LookupError, match="sphinx"):
        factory("os")


def config(tmp_path: Path, **values) -> EngineConfig:
    given = {"api_key": API_KEY, "webhook_secret": SECRET, "model_dir": tmp_path, "spool_dir": tmp_path}
    return EngineConfig(**(given | values))


def test_a_folder_without_a_model_stops_the_engine_at_start(tmp_path):
    with pytest.raises(ConfigError, match=r"model\.bin"):
        Models(config(tmp_path, model=str(tmp_path)))


@pytest.mark.parametrize("missing", ["api_key", "webhook_secret"])
def test_without_a_secret_there_is_no_engine(tmp_path, missing):
    with pytest.raises(ConfigError):
        config(tmp_path, **{missing: ""})


def test_secrets_are_not_in_the_configs_text(tmp_path):
    assert API_KEY not in repr(config(tmp_path))
    assert SECRET not in repr(config(tmp_path))


def test_offline_a_named_model_that_is_not_there_is_not_fetched_and_the_basic_engine_serves(start_engine, speech):
    engine = start_engine(model="base.en", offline=True)
    deadline = 0
    while (health := engine.client.get("/healthz").json())["model"]["state"] == "fetching" and deadline < 300:
        import time

        time.sleep(0.1)
        deadline += 1
    assert health["model"]["state"] == "absent"
    assert "OFFLINE" in health["model"]["detail"]
    assert health["basic_engine"] is True
    assert engine.transcribe(speech("ss-0880.wav"))["speech_model"] == BASIC.label
