"""A bleeped copy is listened to again: a copy that is not silent, or silent in the wrong place, is caught and held."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from compliance import policies
from compliance.audiences import set_rule
from compliance.audit import Actor
from compliance.models import AuditEvent
from compliance.redaction import Dialogue, Turn, Word, merge_silences, redact_audio
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from portal.errors import NotFound, Refused
from tests.deposition import CANARIES, make
from tests.transcription import alarms
from transcription import audio, bleep_check, drift, playback, reading, relistening, renditions, sweeper, withholding
from transcription.drift import Timed
from transcription.models import Recording, Rendition, Transcript
from transcription.relistening import MOST_MS, REACH_MS, SAMPLED_MS, plan, samples, windows
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(actor_for: Callable[[Member], Actor]) -> Callable[[Member, Transcript], reading.View]:
    return lambda member, transcript: reading.open_view(actor_for(member), member, transcript.id)


def checked() -> list[dict[str, Any]]:
    return [e.facts for e in AuditEvent.objects.filter(type="transcription:rendition:sound_checked").order_by("at")]


def copy_with(silences: Callable[[Any], Any]) -> Callable[..., Iterator[bytes]]:
    return lambda source, spans: redact_audio(source, silences(spans))


def nothing(sound: Any) -> list[Timed]:
    return []


def washington(sound: Any) -> list[Timed]:
    return [("washington", 0, 500)]


def wanted(on: bool = True) -> None:
    Organization.objects.update(check_bleeped_audio=on)


def later() -> None:
    """The time between two tries goes by."""
    Rendition.objects.exclude(audio_tried_at=None).update(audio_tried_at=timezone.now() - bleep_check.AGAIN * 2)


def test_a_copy_that_was_not_silenced_is_caught_without_any_recogniser(
    matter: Matter, paralegal: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio, "redact_audio", copy_with(lambda spans: []))
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    done = bleep_check.run(made, hear=nothing)
    assert done is not None
    assert done.hits > 0
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
    bleep_check.run(made, hear=washington)
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
    bleep_check.run(made, hear=washington)
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
    found = relistening._words(Dialogue((turn,)), silences, 0)
    assert [text for text, _, _ in found.gone] == ["Washington"]
    assert [text for text, _, _ in found.left] == ["please"]
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


def test_samples_lie_where_words_would_be_whose_times_are_wrong_by_seconds_then_anywhere() -> None:
    hour = 3_600_000
    [silence] = silences = [(1_000_000, 1_001_000)]
    chosen = samples(silences, hour)
    near = [(silence[0] - 2_000 - REACH_MS, silence[0] - 2_000), (silence[1] + 2_000, silence[1] + 2_000 + REACH_MS)]
    assert [span for span in near if span in chosen] == near
    # The rest of what it may cost is spread from the first minutes to the last.
    assert SAMPLED_MS * 0.8 < sum(end - start for start, end in chosen) <= SAMPLED_MS
    assert chosen[0][0] < hour * 0.2
    assert chosen[-1][0] > hour * 0.8
    assert samples([], hour) == []


def test_a_copy_of_many_recordings_costs_no_more_than_one_and_no_place_is_listened_to_twice() -> None:
    silences = [(n * 10_000, n * 10_000 + 1_000) for n in range(2_500)]
    whole = plan(silences, 7 * 3_600_000)
    assert whole.milliseconds <= MOST_MS + SAMPLED_MS
    parts = [whole.within(n * 3_600_000, 3_600_000) for n in range(7)]
    assert sum(part.milliseconds for part in parts) == whole.milliseconds
    places = sorted([*whole.around, *whole.beyond])
    assert all(before[1] <= after[0] for before, after in zip(places, places[1:], strict=False))
    few = plan([(30_000, 31_000), (300_000, 301_000)], 400_000)
    places = sorted([*few.around, *few.beyond])
    assert all(before[1] <= after[0] for before, after in zip(places, places[1:], strict=False))


def test_open_words_that_are_said_elsewhere_show_that_the_sound_is_shifted_and_chance_does_not() -> None:
    spoken = ("morning", "doctor", "please", "describe", "the", "left", "knee", "again")
    said = [(word, n * 500, n * 500 + 400) for n, word in enumerate(spoken)]
    late = [(word, start - 900, end - 900) for word, start, end in said]
    assert len(drift.displaced(drift.votes(late, said, 0, 10_000))) >= drift.LEAST_WORDS
    assert drift.displaced(drift.votes(said, said, 0, 10_000)) == []
    # Half a second is what two recognisers may differ by.
    near = [(word, start + 500, end + 500) for word, start, end in said]
    assert drift.displaced(drift.votes(near, said, 0, 10_000)) == []
    # Displaced, but each by another time.
    assert drift.displaced([(0, 900), (500, -3_000), (1_000, 2_000), (1_500, 4_000)]) == []
    # One of them was misheard.
    assert drift.displaced([(0, 900), (500, -3_000), (1_000, 910), (1_500, 890)]) == [0, 1_000, 1_500]
    # Broken by a word that is where it should be.
    assert drift.displaced([(0, 900), (500, 900), (1_000, 0), (1_500, 900)]) == []
    # What is said twice says nothing about when.
    assert drift.votes([("please", 100, 200)], [("please", 1_000, 1_100), ("please", 3_000, 3_100)], 0, 9_000) == []


@pytest.mark.parametrize(("late", "found"), [(0, False), (900, True)])
def test_real_speech_whose_times_are_late_is_found_by_the_engines_own_recogniser(
    settings: Any, late: int, found: bool
) -> None:
    """Four words are silenced in a reading of seven seconds, in the right place and beside it."""
    settings.ENGINE_MODEL = "pocketsphinx"
    [line] = [line for line in (alarms.DATA / "transcription.txt").read_text().splitlines() if line.endswith("-0870)")]
    text = line.split("<s>")[1].split("</s>")[0]
    clip = alarms.Clip("ss-0870", tuple(alarms.aligned("ss-0870", text)))
    dialogue, silences = alarms.case(clip, 5, 2, late, "")
    copy = io.BytesIO(redact_audio(clip.source, silences).whole())
    done = relistening.check(
        copy, dialogue, silences, plan=plan(silences, clip.duration), offset=0, hear=bleep_check._listen
    )  # fmt: skip
    assert bool(done.beside) is found
    assert bool(done.hits) is found


def test_a_copy_whose_words_are_said_elsewhere_is_held_and_says_so(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted()
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    monkeypatch.setattr(drift, "displaced", lambda votes: list(range(0, 600_000, 500)))
    bleep_check.run(made, hear=nothing)
    assert (made.audio_state, made.audio_held_reason, made.audio_owner) == ("held", "audio_beside", attorney)
    browser = Client()
    browser.force_login(attorney)
    page = browser.get(reverse("transcript_sound_held", args=[made.transcript_id, made.id])).content.decode()
    assert "words are said at other times than the transcript has them" in page
    assert "Check it again" not in page


def test_a_new_copy_is_heard_by_nobody_until_the_check_passed(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, seen: Any
) -> None:
    wanted()
    transcript = make(matter, paralegal, actor_for)
    made = Rendition.objects.get(transcript=transcript)
    assert made.audio_state == "checking"
    told: list[str] = []

    def hear(sound: Any) -> list[Timed]:
        told.append(playback.said(seen(paralegal, transcript)))
        return []

    for member in (paralegal, attorney):
        view = seen(member, transcript)
        assert playback.sound_state(view) == "checking"
        assert playback.said(view) == (
            "The audio is being listened to once more before it can be heard: it waits for its turn."
        )  # fmt: skip
        assert playback.chart(view)["peaks"] == []
        with pytest.raises(withholding.SoundBeingChecked):
            playback.sound(view)
        with pytest.raises(NotFound):
            bleep_check.held_copy(view, made.id)
    refused = AuditEvent.objects.filter(type="transcription:transcript:sound_withheld", outcome="refused")
    assert {event.facts["reason"] for event in refused} == {"checking"}
    browser = Client()
    browser.force_login(attorney)
    page = browser.get(reverse("transcript", args=[transcript.id])).content.decode()
    assert "it waits for its turn" in page
    assert "transcript_sound" not in page
    answer = browser.post(reverse("transcript_sound", args=[transcript.id]), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "audio_being_checked")
    assert bleep_check.run(made, hear=hear) is not None
    minutes = -(-made.audio_to_listen_ms // 60_000)
    assert told[-1].endswith(f"minute {minutes} of {minutes}.")
    assert playback.sound(seen(paralegal, transcript))
    assert playback.said(seen(paralegal, transcript)) == ""


def test_a_copy_in_which_nothing_is_silent_waits_for_nothing(matter: Matter, paralegal: Member, actor_for: Any) -> None:
    transcript = make(matter, paralegal, actor_for)
    wanted()
    policy = policies.preset_row("verbatim")
    assert audio.ensure(renditions.ensure(transcript, policy)).audio_state == "ready"


def test_copies_from_before_are_heard_until_their_turn_comes_after_those_that_people_wait_for(
    matter: Matter, paralegal: Member, actor_for: Any, seen: Any
) -> None:
    before = make(matter, paralegal, actor_for)
    older = Rendition.objects.get(transcript=before)
    wanted()
    after = make(matter, paralegal, actor_for)
    newer = Rendition.objects.get(transcript=after)
    assert playback.sound(seen(paralegal, before))
    [first] = bleep_check.due()
    assert first == newer
    bleep_check.run(first, hear=nothing)
    [second] = bleep_check.due()
    assert second == older
    bleep_check.run(second, hear=washington)
    assert playback.sound_state(seen(paralegal, before)) == "held"
    assert playback.sound_state(seen(paralegal, after)) == "ready"


def test_switched_off_what_waits_can_be_heard_and_what_is_held_stays_held(
    firm: Organization, matter: Matter, paralegal: Member, make_member: Any, actor_for: Any, seen: Any
) -> None:
    wanted()
    waits, held = make(matter, paralegal, actor_for), make(matter, paralegal, actor_for)
    bleep_check.run(Rendition.objects.get(transcript=held), hear=washington)
    with pytest.raises(Refused):
        bleep_check.switch(actor=actor_for(paralegal), by=paralegal, on=False)
    assert playback.sound_state(seen(paralegal, waits)) == "checking"
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    bleep_check.switch(actor=actor_for(officer), by=officer, on=False)
    assert playback.sound_state(seen(paralegal, waits)) == "ready"
    assert playback.sound_state(seen(paralegal, held)) == "held"
    assert bleep_check.due() == []


def fails(sound: Any) -> list[Timed]:
    raise RuntimeError("Washington Street cannot be heard")


def test_a_check_that_cannot_be_done_holds_the_copy_after_some_tries_with_its_owner_told(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, seen: Any, caplog: pytest.LogCaptureFixture
) -> None:
    wanted()
    transcript = make(matter, paralegal, actor_for)
    made = Rendition.objects.get(transcript=transcript)
    for _ in range(bleep_check.TRIES):
        assert playback.sound_state(seen(attorney, transcript)) == "checking"
        later()
        [made] = bleep_check.due()
        assert bleep_check.run(made, hear=fails) is None
        # Not again at once: whatever is wrong is given time.
        assert bleep_check.due() == []
    assert "Washington" not in caplog.text
    later()
    assert bleep_check.due() == []
    assert (made.audio_state, made.audio_held_reason, made.audio_owner) == ("held", "audio_unchecked", attorney)
    [facts] = checked()
    assert facts["result"] == "unchecked"
    with pytest.raises(withholding.SoundUnchecked):
        playback.sound(seen(paralegal, transcript))
    assert playback.said(seen(paralegal, transcript)) == (
        f"Audio withheld: it could not be checked. {attorney.name} is to listen."
    )  # fmt: skip
    browser = Client()
    address = reverse("transcript_sound_check", args=[transcript.id, made.id])
    browser.force_login(paralegal)
    assert browser.post(address).status_code == 403
    browser.force_login(attorney)
    assert "could not be listened to again" in browser.get(reverse("held")).content.decode()
    assert browser.post(address).status_code == 302
    assert browser.post(address).status_code == 404
    assert playback.sound_state(seen(attorney, transcript)) == "checking"
    [made] = bleep_check.due()
    bleep_check.run(made, hear=nothing)
    assert playback.sound(seen(paralegal, transcript))


def test_what_something_was_heard_in_is_not_checked_again_until_it_passes(
    matter: Matter, paralegal: Member, attorney: Member, actor_for: Any, seen: Any
) -> None:
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    bleep_check.run(made, hear=washington)
    with pytest.raises(bleep_check.NotHeldBack):
        bleep_check.again(seen(attorney, made.transcript), made)
    made.refresh_from_db()
    assert made.audio_state == "held"


def test_a_copy_that_kills_the_worker_is_held_and_kills_no_more(matter: Matter, paralegal: Member, actor_for: Any) -> None:
    wanted()
    make(matter, paralegal, actor_for)

    def dies(sound: Any) -> list[Timed]:
        raise SystemExit

    for _ in range(bleep_check.TRIES):
        [made] = bleep_check.due()
        with pytest.raises(SystemExit):
            bleep_check.run(made, hear=dies)
        later()
    [made] = bleep_check.due()
    assert bleep_check.run(made, hear=dies) is None
    assert (made.audio_state, made.audio_held_reason) == ("held", "audio_unchecked")


def test_two_workers_do_not_check_the_same_copy(matter: Matter, paralegal: Member, actor_for: Any) -> None:
    wanted()
    make(matter, paralegal, actor_for)
    [one], [other] = bleep_check.due(), bleep_check.due()

    def hear(sound: Any) -> list[Timed]:
        assert bleep_check.run(other, hear=nothing) is None
        return []

    assert bleep_check.run(one, hear=hear) is not None
    assert len(checked()) == 1


def test_a_copy_of_which_nothing_says_how_long_it_is_does_not_pass(matter: Matter, paralegal: Member, actor_for: Any) -> None:
    wanted()
    made = Rendition.objects.get(transcript=make(matter, paralegal, actor_for))
    Recording.objects.update(duration_ms=None)
    Transcript.objects.update(duration_ms=0)
    [made] = bleep_check.due()
    assert bleep_check.run(made, hear=nothing) is None
    assert made.audio_state == "checking"


def test_a_copy_that_a_decision_replaced_costs_no_try_and_stands_in_nobodys_way(
    matter: Matter, paralegal: Member, actor_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted()
    make(matter, paralegal, actor_for)
    make(matter, paralegal, actor_for)
    [replaced] = bleep_check.due()

    def gone(row: Rendition) -> Any:
        raise renditions.NotShown

    with monkeypatch.context() as patched:
        patched.setattr(renditions, "view_of", gone)
        assert bleep_check.run(replaced, hear=nothing) is None
    replaced.refresh_from_db()
    assert (replaced.audio_state, replaced.audio_tries) == ("checking", 0)
    [next_] = bleep_check.due()
    assert next_ != replaced


def test_a_neighbour_with_many_copies_holds_nobody_up(
    matter: Matter, paralegal: Member, clinician: Member, actor_for: Any
) -> None:
    chart = matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="Visits", parties=[])
    wanted()
    for _ in range(2):
        make(chart, clinician, actor_for)
    mine = make(matter, paralegal, actor_for)
    turns: list[bool] = []
    for _ in range(3):
        [made] = bleep_check.due()
        turns.append(made.transcript == mine)
        bleep_check.run(made, hear=nothing)
    assert True in turns[:2]
