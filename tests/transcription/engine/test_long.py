"""Seven hours: memory stays below 1.5 GB, whatever the recogniser keeps for itself."""

import subprocess
import sys

import pytest

from .conftest import ROOT

#: In a process of its own, because peak memory is a process's. The recogniser says three words a second of speech
#: (65,000 in seven hours) without a model of its own, whose memory does not grow with the recording.
_SCRIPT = """
import resource
from transcription.engine.bench import long_recording
from transcription.engine.audio import RATE
from transcription.engine.order import Order
from transcription.engine.recognisers.base import Heard, Hearing
from transcription.engine.transcribe import transcribe

class Clock:
    kind, basic, name, languages, takes_word_boost = "clock", False, "clock", frozenset({"en"}), True
    def hear(self, sound, speech, wanted, progress):
        words = [
            Heard(at * 1000 // RATE, at * 1000 // RATE + 300, f"word{at}", 0.9)
            for span in speech for at in range(span.start, span.end, RATE // 3)
        ]
        return Hearing(words, "en")

result = transcribe(long_recording(HOURS), Order(speaker_labels=True, speakers_expected=2), Clock(), lambda s: None)
speakers = {}
for word in result["words"]:
    speakers[word["speaker"]] = speakers.get(word["speaker"], 0) + 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, result["audio_duration"], len(result["words"]),
      min(speakers.values()))
"""


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_seven_hours_are_worked_on_in_less_than_one_and_a_half_gigabytes():
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.replace("HOURS", "6.99")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    megabytes, seconds, words, fewest = (float(figure) for figure in done.stdout.split())
    assert seconds > 6.9 * 3600
    assert words > 50_000
    assert fewest > 10_000
    assert megabytes < 1500
