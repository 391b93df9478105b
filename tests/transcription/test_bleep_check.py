"""A bleeped copy is listened to again: a copy that is not silent, or silent in the wrong place, is caught and held."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from compliance.audiences import set_rule
from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import Dialogue, Turn, Word, merge_silences, redact_audio
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import Refused
from tests.deposition import CANARIES, make
from transcription import audio, bleep_check, playback, reading, relistening, sweeper, withholding
from transcription.models import Rendition, Transcript
from transcription.relistening import MOST_MS, windows
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


def checked() -> list[dict[str, Any]]:
    return [e.facts for e in AuditEvent.objects.filter(type="transcription:rendition:sound_checked").order_by("at")]


def copy_with(silences: Callable[[Any], Any]) -> Callable[..., Iterator[bytes]]:
    return lambda source, spans: redact_audio(source, silences(spans))


def nothing(sound: Any) -> str:
    return ""


def test_a_copy_that_was_not_silenced_is_caught_without_any_recogniser(
    matter: Matter, paralegal: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "redact_audio", copy_with(lambda spans: []))
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    done = bleep_check.run(made, hear=nothing)
    assert done is not None
    assert done.hits == done.windows > 0
    assert made.audio_state == "held"


def test_a_good_copy_is_clean(matter: Matter, paralegal: Member, actor_for: Any) -> None:
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    done = bleep_check.run(made, hear=nothing)
    assert done is not None
    assert done.hits == 0
    assert (made.audio_state, made.audio_owner) == ("ready", None)
    [facts] = checked()
    assert (facts["result"], facts["hits"], facts["windows"]) == ("clean", 0, done.windows)


def test_the_engines_own_recogniser_hears_what_a_silence_in_the_wrong_place_left(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Nothing is silenced, and the test for loudness is off: what is heard is all there is to go by."""
    settings.ENGINE_MODEL = "pocketsphinx"
    monkeypatch.setattr(audio, "redact_audio", copy_with(lambda spans: []))
    monkeypatch.setattr(relistening, "_loud", lambda *_: False)
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    done = bleep_check.run(made)
    assert done is not None
    assert done.hits >= 1
    assert (made.audio_state, made.audio_owner) == ("held", attorney)
    said = json.dumps(checked())
    assert not any(canary in said for canary in CANARIES)


def test_what_is_held_is_heard_by_nobody_who_may_not_reveal_until_somebody_releases_it(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, seen: Any
) -> None:
    transcript = make(matter, paralegal, actor_for)
    made = Rendition.objects.get(transcript=transcript)
    bleep_check.run(made, hear=lambda sound: "washington")
    assert made.audio_state == "held"
    assert playback.sound_state(seen(paralegal, transcript)) == "held"
    with pytest.raises(withholding.SoundHeld):
        playback.sound(seen(paralegal, transcript))
    assert playback.chart(seen(paralegal, transcript))["peaks"] == []
    with pytest.raises(Refused):
        bleep_check.release(seen(paralegal, transcript), made)
    with pytest.raises(Refused):
        bleep_check.listen(seen(paralegal, transcript), made)
    browser = Client()
    browser.force_login(paralegal)
    page = browser.get(reverse("transcript", args=[transcript.id])).content.decode()
    assert "a check heard something in it that must be silent" in page
    held, release = (reverse(f"transcript_sound_{name}", args=[transcript.id, made.id]) for name in ("held", "release"))
    assert held not in page
    listed = browser.get(reverse("held")).content.decode()
    assert held in listed
    assert "The check of the bleeped audio heard something" in listed
    assert attorney.name in listed
    assert "Who can decide" in browser.get(held).content.decode()
    assert browser.post(held).status_code == 403
    assert browser.post(release, {"listened": "yes"}).status_code == 403

    browser.force_login(attorney)
    assert held in browser.get(reverse("transcript", args=[transcript.id])).content.decode()
    assert "<audio" not in browser.get(held).content.decode()
    opened = browser.post(held).content.decode()
    assert opened.count("<audio") == len(made.audio_heard) + 1
    assert f"#t={made.audio_heard[0][0] / 1000}," in opened
    assert browser.post(release).status_code == 400
    assert playback.sound(seen(attorney, transcript))
    assert browser.post(release, {"listened": "yes"}).status_code == 302
    assert held not in browser.get(reverse("held")).content.decode()
    assert playback.sound_state(seen(paralegal, transcript)) == "ready"
    assert AuditEvent.objects.filter(type="transcription:rendition:sound_released").count() == 1
    assert browser.post(release, {"listened": "yes"}).status_code == 404
    # It was listened to: the sweeper does not begin again.
    Organization.objects.update(check_bleeped_audio=True)
    assert bleep_check.due() == []


def test_a_copy_that_is_held_under_another_policy_than_ones_own_can_be_judged(
    firm: Organization, matter: Matter, paralegal: Member, attorney: Member, make_member: Any, actor_for: Any, seen: Any
) -> None:
    transcript = make(matter, paralegal, actor_for)
    made = Rendition.objects.get(transcript=transcript)
    bleep_check.run(made, hear=lambda sound: "washington")
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    set_rule(actor=actor_for(officer), by=officer, matter_id=matter.id, audience="role:attorney", policy_name="frcp_5_2")
    view = seen(attorney, transcript)
    assert view.shown().audio_state != "held"
    assert [copy.id for copy in bleep_check.held_copies(view)] == [made.id]
    assert bleep_check.listen(view, bleep_check.held_copy(view, made.id))
    bleep_check.release(view, bleep_check.held_copy(view, made.id))
    assert playback.sound_state(seen(paralegal, transcript)) == "ready"


def test_only_organizations_that_want_it_are_checked(
    matter: Matter, paralegal: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(matter, paralegal, actor_for)
    monkeypatch.setattr(bleep_check, "_listen", nothing)
    assert sweeper.check_bleeped() == 0
    Organization.objects.filter(pk=matter.organization_id).update(check_bleeped_audio=True)
    assert sweeper.check_bleeped() == 1
    assert sweeper.check_bleeped() == 0
    assert len(checked()) == 1


def test_words_that_are_said_openly_are_no_hit_and_digits_count_in_runs() -> None:
    says = relistening._says
    assert says("on washington street", ["Washington"], ["live"], frozenset())
    assert not says("on washington street", ["Washington"], [], frozenset({"washington"}))
    assert not says("the man", ["the", "man"], [], frozenset())
    assert says("uh one four three", ["zero", "one", "four", "three"], [], frozenset())
    assert not says("one four", ["zero", "one", "four", "three"], [], frozenset())
    assert not says("one four three", ["one", "four", "three"], ["page", "143"], frozenset())


def test_the_words_in_the_padding_and_words_that_everybody_says_are_no_hit() -> None:
    words = [("please", 0, 700), ("visit", 760, 990), ("Washington", 1_000, 1_500), ("again", 1_510, 1_740)]
    turn = Turn("A", "please visit Washington again", tuple(
        Word(n, text, start, end, None, 0, 0) for n, (text, start, end) in enumerate(words)
    ))  # fmt: skip
    silences = merge_silences([(1_000, 1_500)])
    assert relistening._said(Dialogue((turn,)), silences, 0, hidden=True) == ["Washington"]
    assert relistening._said(Dialogue((turn,)), silences, 0, hidden=False) == ["please"]
    assert not relistening._says("they should have", ["should", "have", "Softened"], [], frozenset())
    assert relistening._says("softened it", ["should", "have", "Softened"], [], frozenset())


def test_a_long_recording_costs_ten_minutes_at_most() -> None:
    silences = [(n * 10_000, n * 10_000 + 1_000) for n in range(2_500)]
    chosen = windows(silences, 7 * 3600 * 1000)
    assert sum(end - start for start, end in chosen) <= MOST_MS
    # Spread over the whole, not its beginning.
    assert chosen[-1][0] > 6.5 * 3600 * 1000
    assert windows([(0, 500), (1_000, 2_000)], 60_000) == [(0, 4_000)]
    # A transcript that is hidden whole is one silence as long as the recording.
    whole = windows([(0, 2**53 - 1)], 7 * 3600 * 1000)
    assert sum(end - start for start, end in whole) <= MOST_MS
    assert max(end - start for start, end in whole) <= 60_000
    assert whole[-1][0] > 6.5 * 3600 * 1000
