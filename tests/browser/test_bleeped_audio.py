"""Bleeped audio in a real browser: how long it is, seeking in it, and the page where it is withheld."""

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from compliance import policies
from compliance.audiences import set_rule
from compliance.audit import Actor
from compliance.redaction import TYPES, Detections, QuietWords
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests.deposition import make
from transcription import audio, bleep_check, ingest, renditions, second_pass
from transcription.models import DetectionSet, Proceeding, Recording, Rendition, Transcript
from vault import objects
from vault.models import Matter, StoredObject

pytestmark = pytest.mark.browser


def test_a_privacy_officer_withholds_uncertain_audio(
    page: Page,
    portal_url: str,
    firm: Organization,
    matter: Matter,
    paralegal: Member,
    make_member: Any,
    actor_for: Callable[[Member], Actor],
    sign_in: Any,
    axe: Any,
    shot: Any,
) -> None:
    made = make(matter, paralegal, actor_for)
    Transcript.objects.filter(pk=made.pk).update(confidence=0.4)
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    sign_in(page, officer, "/settings/")
    page.get_by_label("Withhold below, in percent").fill("60")
    page.locator("section", has_text="Audio and doubt").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Audio is withheld below 60 percent.")).to_be_visible()
    axe(page)
    shot(page, "settings-audio")

    sign_in(page, paralegal, f"/transcripts/{made.id}/")
    expect(page.locator("#player-said")).to_have_text("Audio withheld: the transcript is too uncertain.")
    expect(page.locator("#play")).to_be_disabled()
    axe(page)
    shot(page, "transcript-withheld")


def test_held_audio_is_found_in_the_list_listened_to_and_released(
    page: Page, portal_url: str, matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor],
    sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    made = make(matter, paralegal, actor_for)
    bleep_check.run(Rendition.objects.get(transcript=made), hear=lambda sound: [("washington", 0, 500)])
    sign_in(page, paralegal, f"/transcripts/{made.id}/")
    expect(page.locator("#player-said")).to_contain_text("Audio withheld: a check heard something in it that must be silent.")
    axe(page)
    shot(page, "held-audio-transcript")

    sign_in(page, attorney, f"/transcripts/{made.id}/")
    expect(page.get_by_role("link", name="Listen and decide")).to_be_visible()
    axe(page)
    shot(page, "held-audio-transcript-attorney")
    page.goto("/held/")
    axe(page)
    shot(page, "held-audio-list")
    page.get_by_role("row", name="Audio").get_by_role("link").click()
    page.get_by_role("button", name="Listen to it").click()
    place = page.locator("audio").first
    place.evaluate("s => s.play()")
    for _ in range(150):
        if place.evaluate("s => s.currentTime > 0 && s.duration > 0"):
            break
        page.wait_for_timeout(100)
    else:
        raise AssertionError("the place is not heard")
    axe(page)
    shot(page, "held-audio-page")
    page.get_by_label("I have listened, and nothing private is heard").check()
    page.get_by_role("button", name="Release the audio").click()
    expect(page.get_by_text("Released: the audio is heard again.")).to_be_visible()
    page.goto("/held/")
    expect(page.get_by_role("heading", name="Nothing is waiting")).to_be_visible()


def test_a_copy_that_is_being_checked_says_how_far_it_is_and_is_heard_when_it_passed(
    page: Page, portal_url: str, firm: Organization, matter: Matter, paralegal: Member, attorney: Member,
    actor_for: Callable[[Member], Actor], sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    Organization.objects.filter(pk=firm.pk).update(check_bleeped_audio=True)
    made = make(matter, paralegal, actor_for)
    copy = Rendition.objects.get(transcript=made)
    Rendition.objects.filter(pk=copy.pk).update(audio_to_listen_ms=700_000, audio_listened_ms=130_000)
    said = "The audio is being listened to once more before it can be heard: minute {} of 12."
    for member in (paralegal, attorney):
        sign_in(page, member, f"/transcripts/{made.id}/")
        expect(page.locator("#player-said")).to_have_text(said.format(3))
        expect(page.locator("#play")).to_be_disabled()
        axe(page)
        shot(page, f"checking-{'attorney' if member == attorney else 'paralegal'}")
    # It goes on by itself, and is heard without loading the page anew.
    Rendition.objects.filter(pk=copy.pk).update(audio_listened_ms=190_000)
    expect(page.locator("#player-said")).to_have_text(said.format(4), timeout=15_000)
    bleep_check.run(copy, hear=lambda sound: [])
    expect(page.locator("#play")).to_be_enabled(timeout=15_000)
    expect(page.locator("#player-said")).to_have_text("")


def test_a_copy_that_could_not_be_checked_is_checked_again_on_request(
    page: Page, portal_url: str, firm: Organization, matter: Matter, paralegal: Member, attorney: Member,
    actor_for: Callable[[Member], Actor], sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    Organization.objects.filter(pk=firm.pk).update(check_bleeped_audio=True)
    made = make(matter, paralegal, actor_for)
    copy = Rendition.objects.get(transcript=made)
    copy.audio_tries = bleep_check.TRIES
    copy.save()
    bleep_check.run(copy)
    sign_in(page, attorney, "/held/")
    page.get_by_role("row", name="Audio").get_by_role("link").click()
    expect(page.get_by_text("could not be listened to again, in several tries")).to_be_visible()
    axe(page)
    shot(page, "unchecked-audio")
    page.get_by_role("button", name="Check it again").click()
    expect(page.get_by_text("The audio is listened to once more. Nobody hears it until that is done.")).to_be_visible()
    expect(page.locator("#player-said")).to_contain_text("it waits for its turn")
    sign_in(page, attorney, "/settings/")
    axe(page)
    shot(page, "settings-listening")


def test_a_suggestion_and_silent_words_wait_in_the_queue_until_an_attorney_decides(
    page: Page, portal_url: str, matter: Matter, paralegal: Member, attorney: Member, actor_for: Callable[[Member], Actor],
    sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    made = make(matter, paralegal, actor_for)
    # Of the answer to "What is your telephone number?" the last word was heard with doubt, and nothing was found in it.
    row = DetectionSet.objects.get(transcript=made)
    row.transcript = made
    dialogue = second_pass.dialogue_of(made, second_pass.current_text(made))
    [turn] = [n for n, t in enumerate(dialogue.turns) if "five five five" in t.text]
    found = Detections.from_dict(row.detections)
    free = [w for w in dialogue.turns[turn].words if not any(
        d.turn == turn and w.char_start < d.end and d.start < w.char_end for d in found.items
    )]  # fmt: skip
    quiet = QuietWords(turn, (free[-1].id,), ("phone_number",), "heard with doubt where a phone number was asked for")
    row.detections = replace(found, quiet=(quiet,)).to_dict()
    row.save()
    Rendition.objects.all().delete()
    audio.ensure(renditions.ensure(made, policies.preset_row("identifiers")))

    sign_in(page, paralegal, f"/transcripts/{made.id}/")
    expect(page.locator(".quiet-word").first).to_be_visible()
    axe(page)
    shot(page, "silent-words")
    page.get_by_role("button", name="to check").click()
    expect(page.get_by_role("heading", name="Wants checking")).to_be_visible()
    axe(page)
    shot(page, "queue")
    page.locator(".doubts button", has_text="NAME").first.click()
    expect(page.locator("#leaves .hid.unsure").first).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_text("Suggest that it is not private…").click()
    axe(page)
    shot(page, "suggest")
    page.get_by_role("button", name="Suggest it").click()
    expect(page.get_by_text("It stays hidden until somebody who may reveal decides.")).to_be_visible()
    shot(page, "suggested")
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The decision was undone.")).to_be_visible()

    sign_in(page, attorney, f"/transcripts/{made.id}/")
    page.get_by_role("button", name="to check").click()
    page.locator(".doubts button", has_text="readable but silent").click()
    expect(page.get_by_role("heading", name="Silent words")).to_be_visible()
    axe(page)
    shot(page, "let-be-heard")
    page.get_by_role("button", name="Not private: let it be heard").click()
    expect(page.get_by_text("heard from now on")).to_be_visible()
    expect(page.locator("#leaves .quiet-word")).to_have_count(0)
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The decision was undone.")).to_be_visible()
    expect(page.locator("#leaves .quiet-word")).to_have_count(1)


def test_black_boxes_are_solid_and_stand_where_the_sound_is_silent(
    page: Page, portal_url: str, firm: Organization, matter: Matter, paralegal: Member, make_member: Any,
    actor_for: Callable[[Member], Actor], sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    made = make(matter, paralegal, actor_for)
    officer = make_member(firm, Role.PRIVACY_OFFICER)
    policies.save(actor=actor_for(officer), by=officer, name="boxes", rules=dict.fromkeys(TYPES, "box"))
    set_rule(actor=actor_for(officer), by=officer, matter_id=matter.id, audience="role:paralegal", policy_name="boxes")
    audio.ensure(renditions.ensure(made, policies.resolve(firm.id, "boxes")))
    sign_in(page, paralegal, f"/transcripts/{made.id}/")
    boxes = page.locator("#leaves button.hid")
    assert boxes.count() > 3
    # One colour: the sign in it cannot be told from its ground.
    for dark in ("light", "dark"):
        page.emulate_media(color_scheme=dark)
        colours = boxes.first.evaluate("b => [getComputedStyle(b).color, getComputedStyle(b).backgroundColor]")
        assert colours[0] == colours[1], dark
    expect(boxes.first).to_have_attribute("aria-label", "hidden")
    # The markup does not say either what kind of detail is under it.
    assert page.locator("#leaves [data-type]").count() == 0
    shot(page, "boxes")
    axe(page)
    # The words beside a box begin when the strip says that the silence is over, and not before.
    chart = page.evaluate(f"fetch('/transcripts/{made.id}/chart').then(r => r.json())")
    heard = page.locator("#leaves .w[data-t]").evaluate_all("all => all.map(w => Number(w.dataset.t))")
    strict = [(start + 250, end - 250) for start, end in chart["hidden"]]
    assert not [t for t in heard if any(start < t < end for start, end in strict)]


SECONDS = 600


def wait_for(page: Page, what: str, more_than: float) -> None:
    for _ in range(150):
        if (page.locator("#sound").evaluate(what) or 0) > more_than:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{what} does not get over {more_than}")


def tone() -> bytes:
    moments = np.arange(SECONDS * 8000) / 8000
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes((np.sin(2 * np.pi * 440 * moments) * 12_000).astype("<i2").tobytes())
    return file.getvalue()


def test_a_long_recording_says_how_long_it_is_and_is_sought_without_loading_all_of_it(
    page: Page, portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], sign_in: Any
) -> None:
    actor = actor_for(paralegal)
    proceeding = Proceeding.objects.create(matter=matter, kind="deposition", created_by=paralegal)
    stored = objects.put_bytes(
        actor=actor, vault=matter.vault, kind=StoredObject.Kind.RECORDING, content_type="audio/wav", data=tone()
    )
    Recording.objects.create(
        proceeding=proceeding, object=stored, media="audio", duration_ms=SECONDS * 1000, channels=1, check_state="passed"
    )
    said = {"utterances": [{"speaker": "A", "start": 0, "end": SECONDS * 1000, "text": "Good morning to you all."}]}
    made = ingest.store_result(proceeding, said | {"audio_duration": SECONDS}, actor=actor)
    assert second_pass.run(made) is not None
    rendition = audio.ensure(renditions.ensure(made, policies.preset_row("identifiers")))
    size = StoredObject.objects.get(pk=rendition.audio_objects[0]).plain_size
    ranges: list[int] = []

    def note(response: Any) -> None:
        found = response.headers.get("content-range", "")
        if found.startswith("bytes "):
            ranges.append(int(found.removeprefix("bytes ").partition("-")[0]))

    page.on("response", note)
    sign_in(page, paralegal, f"/transcripts/{made.id}/")
    # Slow enough that the whole file is not there before anybody can move.
    slow = {"offline": False, "latency": 0, "downloadThroughput": size / 20, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    page.get_by_role("button", name="Play", exact=True).click()
    sound = page.locator("#sound")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_for(page, "s => s.duration", 1)
    assert sound.evaluate("s => s.duration") == pytest.approx(SECONDS, abs=0.5)
    reached = sound.evaluate(
        """async s => {
            const done = new Promise(r => s.addEventListener("seeked", r, { once: true }));
            s.currentTime = s.duration / 2;
            await done;
            return [s.currentTime, s.seekable.end(0)];
        }"""
    )
    assert reached[0] == pytest.approx(SECONDS / 2, abs=0.5)
    assert reached[1] == pytest.approx(SECONDS, abs=0.5)
    wait_for(page, "s => s.currentTime", SECONDS / 2 + 0.5)
    # It went to the middle of the file, it did not read up to there.
    assert any(0.3 * size < start < 0.6 * size for start in ranges), (ranges, size)
