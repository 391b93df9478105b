"""Sound of a view: several recordings as one timeline, links that a decision closes, corrected texts that wait for the pass."""

from collections.abc import Callable
from typing import Any

import pytest

from compliance import policies
from compliance.audit import Actor
from portal.accounts.models import Member
from tests.deposition import SAMPLE, make, result
from transcription import audio, deciding, playback, reading, renditions, revisions, second_pass, sweeper
from transcription.models import Recording, Rendition, Transcript
from vault import grants, objects
from vault.errors import GrantRefused
from vault.models import Grant, Matter, StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


def test_two_recordings_are_one_timeline(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = make(matter, paralegal, actor_for)
    first = made.proceeding.recordings.get()
    stored = objects.put_bytes(
        actor=actor_for(paralegal), vault=matter.vault, kind=StoredObject.Kind.RECORDING, content_type="audio/ogg",
        data=(SAMPLE / "deposition.opus").read_bytes(),
    )  # fmt: skip
    second = Recording(
        proceeding=made.proceeding, object=stored, position=1, media="audio", duration_ms=first.duration_ms, channels=1,
        check_state="passed",
    )  # fmt: skip
    second.save(force_insert=True)
    Rendition.objects.filter(transcript=made).delete()
    audio.ensure(renditions.ensure(made, policies.preset_row("identifiers")))
    parts = playback.sound(seen(paralegal, made))
    assert [part.start for part in parts] == [0, first.duration_ms]
    assert len({part.url for part in parts}) == 2


def test_what_is_hidden_now_is_not_heard_through_an_older_link(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = make(matter, paralegal, actor_for)
    [part] = playback.sound(seen(paralegal, made))
    token = part.url.rpartition("/")[2]
    actor = actor_for(paralegal)
    assert grants.check(token, grants.Asked("GET"), actor)
    view = seen(paralegal, made)
    deciding.hide(view, 10, [4], type_="private", reason="privileged")
    renditions.ensure(view.transcript, view.given.policy, actor=actor)
    assert playback.close_older(view) == 1
    with pytest.raises(GrantRefused):
        grants.check(token, grants.Asked("GET"), actor)
    assert Grant.objects.filter(revoked_at=None, method="GET").count() == 0
    after = seen(paralegal, made)
    assert playback.sound_state(after) == "building"
    with pytest.raises(playback.SoundInTheMaking):
        playback.sound(after)
    sweeper.once(sweeper.Part("sound", sweeper.make_sound))
    assert playback.sound_state(seen(paralegal, made)) == "ready"


def test_a_correction_that_nobody_read_again_is_found_by_the_sweeper(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = make(matter, paralegal, actor_for, with_sound=False)
    assert second_pass.corrected_due() == []
    revisions.correct_line(seen(paralegal, made), 10, "Did you see the lorry before it hit the wall?")
    assert [row.id for row in second_pass.corrected_due()] == [made.id]
    assert seen(paralegal, made).behind
    assert sweeper.read_corrected() == 1
    assert "lorry" in reading.line(seen(paralegal, made), 10)["text"]
    assert second_pass.corrected_due() == []


def test_text_without_a_recording_has_nothing_to_hear(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    made = make(matter, paralegal, actor_for, with_sound=False, said=result())
    view = seen(paralegal, made)
    assert playback.sound_state(view) == "none"
    with pytest.raises(playback.NoSound):
        playback.sound(view)
    assert playback.chart(view)["hidden"]


def test_while_a_correction_waits_nothing_is_shown_that_a_decision_hid(
    matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    """The view that came of the decision could not be made (a key store that was down, say), then somebody corrected."""
    made = make(matter, paralegal, actor_for, with_sound=False)
    deciding.hide(seen(paralegal, made), 10, [4], type_="private", reason="privileged")
    Transcript.objects.filter(pk=made.pk).update(state=Transcript.State.HIDING, version=2)
    with pytest.raises(reading.StillHiding):
        reading.lines(seen(paralegal, made), 0)
