"""What people drop by mistake, and what attackers send on purpose: a sentence for each, and nothing fetched."""

import io
import wave

import av
import numpy as np
import pytest

from transcription.engine.audio import MAX_SECONDS, clock, open_recording
from transcription.engine.errors import EngineError
from transcription.engine.source import check_address


def wav(samples: np.ndarray, rate: int = 16_000) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(samples.astype("<i2").tobytes())
    return target.getvalue()


def video_without_sound() -> bytes:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target.getvalue()


@pytest.mark.parametrize(
    ("make", "code", "words"),
    [
        (lambda speech: speech("jfk.wav")[:30], "not_a_recording", "M4A, MP3"),
        (lambda speech: b"Dear colleague, please find attached" * 30, "not_a_recording", "something else"),
        (lambda speech: b"%PDF-1.7\n" + bytes(range(256)) * 20, "not_a_recording", "recording"),
        (lambda speech: video_without_sound(), "no_sound", "pictures but no sound"),
        (lambda speech: wav(np.zeros(0)), "zero_duration", "no length"),
        (
            lambda speech: b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n",
            "not_a_recording",
            "recording",
        ),
        (lambda speech: b"ffconcat version 1.0\nfile '/etc/passwd'\n", "not_a_recording", "recording"),
    ],
    ids=["header only", "a letter", "a PDF", "video without sound", "no duration", "playlist", "concat list"],
)
def test_what_is_no_recording_fails_with_a_sentence(engine, speech, make, code, words):
    result = engine.transcribe(make(speech))
    assert (result["status"], result["code"]) == ("error", code)
    assert words in result["error"]
    assert result["error"].endswith(".")


def test_an_empty_upload_is_refused_at_once(engine):
    answer = engine.client.post("/upload", content=b"")
    assert (answer.status_code, answer.json()["code"]) == (400, "empty")


def test_silence_is_an_empty_transcript_that_says_so(engine):
    noise = np.random.default_rng(1).normal(0, 20, 16_000 * 4)
    result = engine.transcribe(wav(noise), speaker_labels=True)
    assert result["status"] == "completed"
    assert (result["text"], result["words"], result["utterances"]) == ("", [], [])
    assert result["audio_duration"] == pytest.approx(4, abs=0.01)
    assert "no_speech" in {w["code"] for w in result["warnings"]}


def test_a_recording_that_is_cut_off_is_transcribed_as_far_as_it_goes_and_says_so(engine, speech):
    data = speech("jfk.wav")
    result = engine.transcribe(data[: len(data) // 2])
    assert result["status"] == "completed"
    assert "fellow" in result["text"]
    assert result["audio_duration"] == pytest.approx(5.5, abs=0.1)
    assert "cut_off" in {w["code"] for w in result["warnings"]}


def test_another_language_is_refused_before_anything_is_done(engine, speech):
    upload = engine.upload(speech("ss-0880.wav"))["upload_url"]
    answer = engine.submit(audio_url=upload, language_code="es")
    assert (answer.status_code, answer.json()["code"]) == (400, "language_not_supported")
    assert "English only" in answer.json()["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"speakers_expected": 0},
        {"speakers_expected": 99},
        {"speakers_expected": "2"},
        {"speakers_expected": True},
        {"speaker_labels": "yes"},
        {"word_boost": "Kowalski"},
        {"word_boost": ["x" * 1000]},
        {"word_boost": ["x"] * 2000},
        {"language_code": "///"},
        {"webhook_url": 7},
        {"audio_url": None},
        {"audio_url": ["http://127.0.0.1/"]},
        {"vault_id": "v"},
    ],
)
def test_a_request_that_makes_no_sense_names_the_field(engine, portal_server, body):
    answer = engine.submit(**({"audio_url": f"{portal_server.url}/app/x"} if "vault_id" not in body else {}) | body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_request"


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(engine, raw):
    answer = engine.client.post("/voice/transcription", content=raw)
    assert answer.status_code == 400
    assert engine.client.get("/healthz").status_code == 200


def test_a_huge_request_is_refused(engine):
    answer = engine.client.post("/voice/transcription", content=b" " * 2_000_000)
    assert answer.status_code == 413


# --- addresses ---------------------------------------------------------------------------------------------------------

BASE = "https://portal.example:8443/app"


@pytest.mark.parametrize("url", [BASE + "/x", BASE + "/media/abc?grant=1&mac=2", "https://portal.example:8443/app/a%20b"])
def test_addresses_below_the_public_one_are_followed(url):
    assert check_address(url, BASE, what="audio address") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://portal.example:8443/app/x",  # other scheme
        "https://portal.example/app/x",  # other port
        "https://portal.example:8443/application/x",  # beside, not below
        "https://portal.example:8443/other",
        "https://portal.example:8443/app/../other",
        "https://portal.example:8443/app/%2e%2e/other",
        "https://portal.example:8443/app/..%5cother",
        "https://portal.example:8443@evil.example/app/x",
        "https://user@portal.example:8443/app/x",
        "https://portal.example.evil.example:8443/app/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://portal.example:8443/app/x\r\nHost: evil",
        "https:\\\\portal.example:8443\\app\\x",
        "file:///etc/passwd",
        "//portal.example:8443/app/x",
        "https://[::1/app",
        "https://portal.example:99999/app/x",
        "",
        "https://portal.example:8443/app/" + "x" * 9000,
    ],
)
def test_every_other_address_is_refused(url):
    with pytest.raises(EngineError) as caught:
        check_address(url, BASE, what="audio address")
    assert caught.value.code == "audio_address_not_allowed"


def test_the_engine_asks_no_foreign_address_for_audio_and_tells_none_its_result(engine, portal_server, speech):
    portal_server.files["/outside/jfk.wav"] = speech("ss-0880.wav")
    portal_server.files["/app/ok.wav"] = speech("ss-0880.wav")
    portal_server.requests.clear()
    outside = engine.submit(audio_url=f"{portal_server.url}/outside/jfk.wav")
    assert (outside.status_code, outside.json()["code"]) == (400, "audio_address_not_allowed")
    hook = engine.submit(audio_url=f"{portal_server.url}/app/ok.wav", webhook_url="http://169.254.169.254/")
    assert (hook.status_code, hook.json()["code"]) == (400, "webhook_address_not_allowed")
    assert portal_server.requests == []


def test_a_redirect_is_not_followed(engine, portal_server, speech):
    portal_server.files["/app/jfk.wav"] = speech("jfk.wav")
    portal_server.requests.clear()
    job = engine.submit(audio_url=f"{portal_server.url}/app/redirect").json()
    result = engine.wait(job["id"])
    assert (result["status"], result["code"]) == ("error", "redirected")
    assert [path for path, _ in portal_server.requests] == ["/app/redirect"]


def test_a_link_that_was_withdrawn_fails_with_a_sentence_and_may_be_tried_again(engine, portal_server):
    result = engine.wait(engine.submit(audio_url=f"{portal_server.url}/app/gone").json()["id"])
    assert (result["code"], result["retryable"]) == ("link_refused", True)
    assert "403" in result["error"]


# --- too long ------------------------------------------------------------------------------------------------------------


class _LongFile:
    """A WAV of seven and a half hours of silence that takes no memory."""

    def __init__(self, seconds: int) -> None:
        self.size = 44 + seconds * 16_000
        head = io.BytesIO()
        with wave.open(head, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(1)
            out.setframerate(16_000)
            out.setnframes(seconds * 16_000)
            out.writeframesraw(b"")
            self.head = b"RIFF" + (self.size - 8).to_bytes(4, "little") + head.getvalue()[8:40]
        self.head += (self.size - 44).to_bytes(4, "little")
        self.position = 0

    def read(self, count: int = -1) -> bytes:
        count = min(self.size - self.position, count if count >= 0 else self.size)
        piece = self.head[self.position : self.position + count]
        piece += b"\x80" * (count - len(piece))
        self.position += count
        return piece

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = max(0, (0, self.position, self.size)[whence] + offset)
        return self.position

    def tell(self) -> int:
        return self.position

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True


def test_a_recording_over_seven_hours_is_refused_naming_both_figures():
    with pytest.raises(EngineError) as caught, open_recording(_LongFile(7 * 3600 + 1800)):
        pass
    assert caught.value.code == "too_long"
    assert "7 h 30 min" in caught.value.message
    assert clock(MAX_SECONDS) in caught.value.message
    with open_recording(_LongFile(7 * 3600)) as recording:
        assert recording.stated_seconds == pytest.approx(7 * 3600)
