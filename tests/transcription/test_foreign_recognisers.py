"""A transcript at which an operator's recogniser hangs is held, and the next one is read."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from compliance.audit import Actor
from portal.accounts.models import Member
from tests.foreign_package import installing
from transcription import ingest, second_pass
from transcription.models import DetectionSet, Proceeding, Transcript
from vault.models import Matter

pytestmark = pytest.mark.django_db
YAML = """
supported_languages: [en]
recognizers:
  - name: Slow
    type: custom
    supported_entity: badge
    supported_language: en
    patterns:
      - {name: slow, regex: "(a+)+b|(a|a)+c| bq?x|pancake", score: 0.9}
"""
# By Presidio's patterns, and by one that asks Python's own ``re``, which nothing can interrupt.
BY_RE = 'if "aaa" in text:\n    re.search("(a+)+b", text)\nreturn [m.span() for m in re.finditer("pancake", text)]'
SECONDS = 15


@pytest.fixture(params=["file", "package"])
def hanging(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    with installing(tmp_path, monkeypatch) as install:
        if request.param == "package":
            install(BY_RE)
        else:
            (tmp_path / "slow.yaml").write_text(YAML)
            settings.REDACTION_RECOGNISERS = str(tmp_path / "slow.yaml")
        settings.REDACTION_SECONDS = SECONDS
        yield


@pytest.fixture
def say(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Callable[[str], Transcript]:
    def say(text: str) -> Transcript:
        proceeding = Proceeding.objects.create(matter=matter, kind="deposition", created_by=paralegal)
        return ingest.store_result(proceeding, {"utterances": [{"speaker": "A", "text": text}]}, actor=actor_for(paralegal))

    return say


def test_the_one_it_hangs_at_is_held_for_its_time_and_the_next_is_read(hanging: None, say: Callable[[str], Transcript]) -> None:
    bad, good = say("a" * 40 + " b"), say("here is a pancake")
    began = time.monotonic()
    assert second_pass.run(bad) is None
    assert time.monotonic() - began < SECONDS + second_pass.GRACE_SECONDS
    assert (bad.state, bad.held_reason) == ("held", "pass_time_limit")
    assert not DetectionSet.objects.filter(transcript=bad).exists()
    assert second_pass.run(good) is not None
    assert good.state == "ready"
    assert DetectionSet.objects.get(transcript=good).counts == {"badge": 1}
