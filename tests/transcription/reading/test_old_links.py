"""Links to a view's sound from before: they end with the right to that view, and with the text that it was made of."""

import io
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest

from compliance import policies
from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member
from portal.accounts.rights import Role
from tests import film
from transcription import audio, bleep_check, key_view, playback, reading, renditions, revisions, second_pass
from transcription.models import Rendition, Transcript
from vault import grants, objects
from vault.errors import GrantRefused
from vault.models import Matter

pytestmark = pytest.mark.django_db
JFK = (film.SPEECH / "jfk.wav").read_bytes()
# "fellow Americans," in the recording, by the times that the transcript has.
HIDDEN_SECONDS = (1.6, 2.6)


@pytest.fixture
def spoken(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return film.make(matter, paralegal, actor_for, (JFK, "audio/wav"))


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


def loudest(url: str, actor: Actor, hidden: tuple[float, float] = HIDDEN_SECONDS) -> float:
    """How loud what is hidden is in what the link gives. Raises GrantRefused."""
    given = key_view.served(grants.check(url.removeprefix(grants.PATH), grants.Asked("GET"), actor))
    with av.open(io.BytesIO(objects.get_bytes(given))) as media:
        track = media.streams.audio[0]
        sound = np.concatenate([frame.to_ndarray() for frame in media.decode(track)], axis=1)[0]
        start, end = (int(second * track.rate) for second in hidden)
    return float(np.abs(sound[start:end]).max())


def refusals() -> list[str]:
    found = AuditEvent.objects.filter(type="transcription:transcript:sound_withheld", outcome="refused")
    return [event.facts["reason"] for event in found.order_by("at")]


def give(member: Member, matter: Matter, audience: str, policy: str) -> AudienceRule:
    return AudienceRule.objects.create(
        organization=member.organization, matter_id=matter.id, audience=audience, policy_name=policy, purpose="litigation"
    )


@pytest.mark.parametrize("how", ["role", "rule"])
def test_a_link_to_the_whole_sound_ends_with_the_right_to_it(
    matter: Matter, spoken: Transcript, attorney: Member, actor_for: Callable[[Member], Actor], seen: Any, how: str
) -> None:
    rule = give(attorney, matter, f"member:{attorney.id}", "verbatim")
    [part] = playback.sound(seen(attorney, spoken))
    assert loudest(part.url, actor_for(attorney)) > 0.1
    if how == "role":
        attorney.role_rows.update(role=Role.PARALEGAL)
    else:
        AudienceRule.objects.filter(pk=rule.pk).update(removed_at="2026-01-01T00:00Z")
    with pytest.raises(GrantRefused):
        loudest(part.url, actor_for(attorney))
    assert refusals() == ["policy"]


def test_a_link_under_a_roles_policy_ends_with_the_role_and_the_view_of_the_new_role_is_heard(
    matter: Matter, spoken: Transcript, attorney: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    give(attorney, matter, "role:attorney", "frcp_5_2")
    view = seen(attorney, spoken)
    audio.ensure(view.shown())
    [before] = playback.sound(seen(attorney, spoken))
    assert loudest(before.url, actor_for(attorney)) < 0.02
    attorney.role_rows.update(role=Role.PARALEGAL)
    again = Member.objects.get(pk=attorney.pk)
    with pytest.raises(GrantRefused):
        loudest(before.url, actor_for(again))
    [now] = playback.sound(seen(again, spoken))
    assert loudest(now.url, actor_for(again)) < 0.02


def corrected(view: reading.View, spoken: Transcript) -> Transcript:
    """A name put where there was none; nobody has read it again yet."""
    [line] = renditions.utterances(view.shown())
    revisions.correct_line(view, 0, line["text"].replace("your country can do", "Marta Whitfield can do", 1))
    return Transcript.objects.get(pk=spoken.pk)


def test_what_a_correction_made_private_is_not_heard_through_a_link_from_before(
    spoken: Transcript, attorney: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    [part] = playback.sound(seen(attorney, spoken))
    now = corrected(seen(attorney, spoken), spoken)
    assert now.state == Transcript.State.HIDING
    # What was shown before stays, as on the page, until the text was read.
    assert loudest(part.url, actor_for(attorney)) < 0.02
    assert second_pass.run(now) is not None
    with pytest.raises(GrantRefused):
        loudest(part.url, actor_for(attorney))
    audio.ensure(renditions.ensure(Transcript.objects.get(pk=now.pk), policies.preset_row("identifiers")))
    with pytest.raises(GrantRefused):
        loudest(part.url, actor_for(attorney))
    assert refusals() == ["superseded", "superseded"]
    view = seen(attorney, spoken)
    [new] = playback.sound(view)
    [(start, end)] = playback.silences(view)
    assert loudest(new.url, actor_for(attorney), (start / 1_000 + 0.1, end / 1_000 - 0.1)) < 0.02


def test_whoever_is_to_judge_a_held_copy_hears_it_under_whatever_policy_it_is(
    matter: Matter, spoken: Transcript, attorney: Member, actor_for: Callable[[Member], Actor], seen: Any
) -> None:
    give(attorney, matter, f"member:{attorney.id}", "verbatim")
    held = Rendition.objects.get(transcript=spoken, policy__name="identifiers")
    Rendition.objects.filter(pk=held.pk).update(audio_state=Rendition.Audio.HELD, audio_held_reason="audio_heard")
    view = seen(attorney, spoken)
    [part] = bleep_check.listen(view, bleep_check.held_copy(view, held.pk))
    assert loudest(part.url, actor_for(attorney)) < 0.02
    attorney.role_rows.update(role=Role.PARALEGAL)
    # No longer somebody who may.
    with pytest.raises(Exception, match="withheld") as refused:
        loudest(part.url, actor_for(attorney))
    assert refused.value.code == "audio_withheld"
