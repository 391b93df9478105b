"""The transcript page in a real browser: read, hear, find, decide, reveal, correct, sign."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from compliance.audit import Actor
from compliance.models import AudienceRule, AuditEvent
from portal.accounts.models import Member
from tests.deposition import CANARIES, make
from transcription import audio, rereading, second_pass
from transcription.models import Rendition, Transcript
from vault.models import Matter

pytestmark = pytest.mark.browser


@pytest.fixture
def deposition(portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for)


def address(transcript: Transcript) -> str:
    return f"/transcripts/{transcript.id}/"


def wait_until_heard(page: Page, seconds: float) -> None:
    for _ in range(100):
        if page.locator("#sound").evaluate("sound => sound.currentTime") > seconds:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the sound does not get there")


def make_waiting_sound() -> None:
    """What the worker does: sound for Renditions that wait for it."""
    for row in Rendition.objects.filter(audio_state=Rendition.Audio.BUILDING):
        audio.ensure(row)


def test_reading_finding_and_hearing(
    page: Page, deposition: Transcript, paralegal: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sent: list[str] = []
    page.on("response", lambda response: sent.append(response.url))
    bodies: list[bytes] = []
    page.on("response", lambda r: bodies.append(r.body()) if r.ok and "text" in r.headers.get("content-type", "") else None)
    sign_in(page, paralegal, address(deposition))
    expect(page.get_by_role("heading", name="Deposition of Robert Parker")).to_be_visible()
    expect(page.locator("#n1 .text")).to_have_text("My name is [NAME 1].")
    axe(page)
    shot(page, "transcript")

    page.get_by_role("searchbox", name="Find in this transcript").fill("truck")
    expect(page.locator("#find-count")).to_contain_text("hit")
    page.keyboard.press("Enter")
    expect(page.locator(".w.hit.current")).to_have_text(re.compile("truck", re.I))
    page.get_by_role("searchbox", name="Find in this transcript").fill("Susan Miller")
    expect(page.locator("#find-count")).to_have_text("No hits")
    assert not any("truck" in url or "Susan" in url for url in sent)

    page.locator("#n4 .w").first.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    wait_until_heard(page, 20.5)
    expect(page.locator("#n4")).to_have_class(re.compile("spoken"))
    page.keyboard.press("Escape")
    page.locator("body").press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert AuditEvent.objects.filter(type="transcription:transcript:played").count() == 1
    for body in bodies:
        for canary in CANARIES:
            clean = body.replace(b"Deposition of Robert Parker", b"")
            assert canary.encode() not in clean


def test_the_sound_is_silent_where_a_part_is_hidden(
    page: Page, deposition: Transcript, paralegal: Member, sign_in: Any
) -> None:
    sign_in(page, paralegal, address(deposition))
    levels = page.evaluate(
        """async () => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          const base = document.getElementById('transcript').dataset.base;
          const parts = (await (await fetch(base + 'sound', {method: 'POST', headers: {'X-CSRFToken': token}})).json()).parts;
          const data = await (await fetch(parts[0].url)).arrayBuffer();
          const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(data);
          const loudest = (from, to) => {
            const samples = sound.getChannelData(0).subarray(from * sound.sampleRate, to * sound.sampleRate);
            return samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
          };
          const word = document.querySelector('#n1 .w');
          return {said: loudest(0.6, 5), hidden: loudest(7.9, 9.0)};
        }"""
    )
    assert levels["said"] > 0.05
    assert levels["hidden"] < 0.003


def test_hiding_more_undoing_and_correcting(
    page: Page, deposition: Transcript, paralegal: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, paralegal, address(deposition))
    line = page.locator("#n8")
    line.hover()
    line.get_by_role("button", name="Hide words").click()
    dialog = page.locator("#act")
    for word in ("work", "night"):
        dialog.get_by_role("checkbox", name=word, exact=True).check()
    axe(page, dark=False)
    shot(page, "transcript-hide")
    dialog.get_by_role("button", name="Hide", exact=True).click()
    expect(page.locator("#said")).to_contain_text("Hidden, in text and sound.")
    expect(line.locator(".text")).not_to_contain_text("night")
    expect(page.locator("#player-said")).to_contain_text("still being made")
    make_waiting_sound()
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(line.locator(".text")).to_contain_text("night")

    line.hover()
    line.get_by_role("button", name="Correct").click()
    field = dialog.get_by_label("What was said")
    field.fill(field.input_value().replace("night", "evening"))
    dialog.get_by_role("button", name="Save").click()
    expect(line.locator(".text")).to_contain_text("evening", timeout=60_000)
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(line.locator(".text")).to_contain_text("night", timeout=60_000)
    page.get_by_role("button", name="History").click()
    expect(dialog).to_contain_text("Correction 1 undone")
    shot(page, "transcript-history")


def on_top(page: Page, name: str) -> bool:
    """Whether a click in the middle of the button meets it, and nothing that lies over it."""
    return page.get_by_role("button", name=name, exact=True).evaluate(
        """button => {
          const box = button.getBoundingClientRect();
          return button.contains(document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2));
        }"""
    )


def test_what_a_line_offers_is_never_behind_the_find_bar(
    page: Page, portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], sign_in: Any,
    shot: Any,
) -> None:  # fmt: skip
    said = {
        "status": "completed", "language_code": "en", "audio_duration": 900.0,
        "utterances": [
            {"speaker": "AB"[n % 2], "start": n * 3600, "end": n * 3600 + 3000, "text": "a truck and a wall " * (9 - n % 9)}
            for n in range(120)
        ],
    }  # fmt: skip
    sign_in(page, paralegal, address(make(matter, paralegal, actor_for, with_sound=False, said=said, known=True)))
    bar = page.locator("#find")
    second = int(page.locator("#leaf-1").get_attribute("data-first") or 0)
    for n in (second, 0, 1):
        page.locator(f"#leaf-{0 if n < second else 1}").evaluate("leaf => leaf.scrollIntoView()")
        page.locator(f"#n{n}").evaluate("line => line.scrollIntoView({block: 'center'})")
        page.locator(f"#n{n} .time").hover()
        shot(page, f"transcript-line-{n}")
        for name in (f"Correct line {n + 1}", f"Hide words of line {n + 1}"):
            assert on_top(page, name), name
        # A word is there to be heard by a click: none of the line's own lies behind what it offers.
        assert page.locator(f"#n{n} .text").evaluate(
            """text => {
              const acts = text.closest(".line").querySelector(".line-acts").getBoundingClientRect();
              const range = document.createRange();
              range.selectNodeContents(text);
              const rows = [...range.getClientRects()];
              return rows.length && rows.every(row => row.top >= acts.bottom || row.right <= acts.left);
            }"""
        ), f"words of line {n + 1} lie behind its buttons"
    # A line below the bar, at its edge, half behind it, and almost gone.
    for n in (40, 44):
        line = page.locator(f"#n{n}")
        for hidden in (-20, 0, 12, 28):
            line.evaluate("(line, y) => scrollBy(0, line.getBoundingClientRect().top + y - 52)", hidden)
            edge = bar.bounding_box()
            assert edge is not None
            page.mouse.move(edge["x"] + 300, edge["y"] + edge["height"] + max(2, 4 - hidden))
            expect(line.locator(".line-acts")).to_be_visible()
            for name in (f"Correct line {n + 1}", f"Hide words of line {n + 1}"):
                assert on_top(page, name), f"{name}, {hidden} px behind the bar"
    page.get_by_role("button", name="Correct line 45").click()
    expect(page.locator("#act").get_by_label("What was said")).to_be_visible()


def test_whoever_names_a_speaker_sees_the_name_hidden_as_soon_as_the_text_is_checked_again(
    page: Page, matter: Matter, attorney: Member, paralegal: Member, make_transcript: Callable[..., Transcript], sign_in: Any
) -> None:
    line = {"speaker": "A", "start": 0, "end": 4000, "text": "The warehouse kept the manifest for Harbor."}
    spoken = make_transcript(matter, paralegal, {"language_code": "en", "utterances": [line]})
    sign_in(page, attorney, address(spoken))
    expect(page.locator("#n0 .text")).to_contain_text("Harbor")
    page.locator("#n0 .speaker").click()
    dialog = page.locator("#act")
    dialog.get_by_label("Name", exact=True).fill("Dana Harbor")
    dialog.get_by_role("button", name="Name throughout").click()
    expect(page.locator("#said")).to_contain_text("The text is being checked again")
    expect(page.locator("#n0 .text")).to_contain_text("Harbor")
    assert rereading.work() == 1
    # Without a reload by hand.
    expect(page.locator("#n0 .text")).not_to_contain_text("Harbor", timeout=10_000)


def test_naming_a_speaker_throughout_and_back(page: Page, deposition: Transcript, paralegal: Member, sign_in: Any) -> None:
    sign_in(page, paralegal, address(deposition))
    page.locator("#n1 .speaker").click()
    dialog = page.locator("#act")
    dialog.get_by_label("Name", exact=True).fill("Mr. Witness")
    dialog.get_by_role("button", name="Name throughout").click()
    expect(page.locator("#n3 .speaker")).to_have_text("Mr. Witness")
    expect(page.locator("#n0 .speaker")).to_have_text("Speaker A")
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator("#n3 .speaker")).to_have_text("Speaker B")


def test_a_paralegal_reviews_by_label_and_cannot_open_it(
    page: Page, deposition: Transcript, paralegal: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, paralegal, address(deposition))
    page.get_by_role("button", name="1 to check").click()
    dialog = page.locator("#act")
    dialog.get_by_role("button", name=re.compile("NAME 2")).click()
    page.locator('.hid[data-chip^="9."]').click()
    expect(dialog).to_contain_text("wants checking")
    expect(dialog).not_to_contain_text("Susan")
    expect(dialog.get_by_text("Reveal to me")).to_have_count(0)
    expect(dialog.get_by_text("Not private…", exact=True)).to_have_count(0)
    axe(page, dark=False)
    shot(page, "transcript-chip")
    dialog.get_by_role("button", name="It is private").click()
    expect(page.get_by_role("button", name="1 to check")).to_have_count(0)


def test_an_attorney_reveals_with_a_purpose_and_the_countdown_ends_it(
    page: Page, deposition: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any, settings: Any
) -> None:
    # Half an hour passes at once below: the screen must not lock before the reveal ends.
    settings.IDLE_LOCK_SECONDS = 7200
    attorney.organization.idle_minutes = 120
    attorney.organization.save()
    page.clock.install()
    sign_in(page, attorney, address(deposition))
    page.locator('.hid[data-chip="1.0"]').click()
    dialog = page.locator("#act")
    dialog.get_by_text("Reveal to me…").click()
    dialog.get_by_label("For what purpose").select_option("litigation")
    dialog.get_by_label(re.compile("mentions of the same")).check()
    dialog.get_by_role("button", name="Reveal", exact=True).click()
    page.clock.run_for(1000)
    expect(page.locator("#n1 .text")).to_have_text("My name is Robert Daniel Parker.")
    expect(page.locator("#n2 .text")).to_contain_text("mister Parker")
    expect(page.locator("#n9 .text")).to_contain_text("[NAME 2]")
    axe(page)
    shot(page, "transcript-revealed")
    shown = AuditEvent.objects.filter(type="transcription:transcript:span_shown")
    assert shown.count() >= 2
    assert {event.facts["type"] for event in shown} == {"name"}

    # Where the side comes after the last line, that something is open is said before the first one.
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 0)")
    expect(page.get_by_role("button", name="Hide again now")).to_be_in_viewport()
    expect(page.locator("#reveal-left")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 900})

    deposition.reveals.update(expires_at=deposition.created_at)
    page.clock.fast_forward(31 * 60 * 1000)
    expect(page.locator("#n1 .text")).to_have_text("My name is [NAME 1].")


def test_a_double_click_in_a_dialog_is_one_act(page: Page, deposition: Transcript, attorney: Member, sign_in: Any) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    sign_in(page, attorney, address(deposition))
    dialog = page.locator("#act")
    page.locator('.hid[data-chip^="9."]').click()
    dialog.get_by_role("button", name="It is private").dblclick()
    expect(page.locator("#said")).to_contain_text("Noted as right.")
    page.get_by_role("button", name="Reveal…").click()
    dialog.get_by_label("For what purpose").select_option("litigation")
    dialog.get_by_role("button", name="Reveal for 30 minutes").dblclick()
    expect(page.locator("#n1 .text")).to_have_text("My name is Robert Daniel Parker.")
    page.wait_for_load_state("networkidle")
    for type_ in ("transcription:review:decided", "transcription:transcript:revealed"):
        assert AuditEvent.objects.filter(type=type_).count() == 1
    assert said == []


def test_signing_and_what_a_later_change_does(
    page: Page, deposition: Transcript, attorney: Member, sign_in: Any, shot: Any
) -> None:
    sign_in(page, attorney, address(deposition))
    page.get_by_role("button", name="Sign", exact=True).click()
    dialog = page.locator("#act")
    dialog.get_by_label("I have read this version").check()
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(page.locator("#side")).to_contain_text("unchanged since")
    page.locator('.hid[data-chip="5.0"]').click()
    dialog.get_by_text("Not private…").click()
    dialog.get_by_role("button", name="Show it from now on").click()
    expect(page.locator("#n5 .text")).to_contain_text("Washington Street")
    expect(page.locator("#side")).to_contain_text("changed since signed")
    shot(page, "transcript-signed")


def test_a_long_transcript_fetches_what_is_near_and_lets_go_of_the_rest(
    page: Page, portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], sign_in: Any
) -> None:
    said = {
        "status": "completed", "language_code": "en", "audio_duration": 7200.0,
        "utterances": [
            {
                "speaker": "AB"[n % 2],
                "start": n * 3600,
                "end": n * 3600 + 3000,
                "text": f"this is sentence {n} about a truck and a wall and nothing else",
            }
            for n in range(2000)
        ],
    }  # fmt: skip
    made = make(matter, paralegal, actor_for, with_sound=False, said=said, known=True)
    sign_in(page, paralegal, address(made))
    expect(page.locator("#n0")).to_be_visible()
    assert page.locator(".line").count() <= 400
    page.get_by_role("searchbox", name="Find in this transcript").fill('"sentence 1987"')
    expect(page.locator("#find-count")).to_contain_text("1 hit")
    page.keyboard.press("Enter")
    expect(page.locator("#n1987")).to_be_in_viewport()
    page.wait_for_timeout(800)
    assert page.locator("#n0").count() == 0
    assert page.locator(".line").count() <= 800


def test_held_text_is_checked_by_hand_and_released(
    page: Page, deposition: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    deposition.detection_sets.all().delete()
    Rendition.objects.filter(transcript=deposition).delete()
    second_pass.hold(deposition, "pass_failed")
    sign_in(page, attorney, "/held/")
    axe(page, dark=False)
    page.get_by_role("link", name="Deposition of Robert Parker").click()
    expect(page.get_by_role("link", name="Check the text")).to_be_visible()
    expect(page.get_by_text("Robert Daniel")).to_have_count(0)
    axe(page)
    shot(page, "held")
    page.get_by_role("link", name="Check the text").click()
    axe(page, dark=False)
    page.get_by_label("For what purpose").select_option("quality")
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".strip.verbatim")).to_contain_text("Nothing is hidden here")
    line = page.locator("#n1")
    line.locator("summary").click()
    for word in ("Robert", "Daniel", "Parker."):
        line.get_by_role("checkbox", name=word, exact=True).check()
    line.get_by_role("button", name="Hide").click()
    expect(page.locator("#n1 .hid")).to_have_count(3)
    axe(page)
    shot(page, "held-check")
    page.get_by_label("I have read the whole text").check()
    page.get_by_role("button", name="Release it").click()
    expect(page.locator("#n1 .text")).to_have_text("My name is [NAME 1]")


def test_the_verbatim_view_says_so_all_the_time(
    page: Page, deposition: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    AudienceRule.objects.create(
        organization=attorney.organization, matter_id=deposition.proceeding.matter_id, audience=f"member:{attorney.id}",
        policy_name="verbatim", purpose="litigation",
    )  # fmt: skip
    Transcript.objects.update(basic_engine=True, model="pocketsphinx en-us", speakers_guessed=True)
    sign_in(page, attorney, address(deposition))
    expect(page.locator(".strip.verbatim")).to_contain_text("Nothing is hidden for you here.")
    expect(page.get_by_text("Basic engine: many words will be wrong.")).to_be_visible()
    expect(page.get_by_text("is a guess of the speech service")).to_be_visible()
    page.mouse.wheel(0, 600)
    expect(page.locator(".strip.verbatim")).to_be_in_viewport()
    axe(page)
    shot(page, "verbatim")


def test_search_across_matters(
    page: Page, deposition: Transcript, paralegal: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, paralegal, "/search/")
    page.get_by_label('Words, or a "phrase"').fill("truck wall")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#results")).to_contain_text("in 1 transcript")
    expect(page.locator("#results mark").first).to_be_visible()
    axe(page)
    shot(page, "search")
    page.locator(".found h2 a").click()
    expect(page.locator("#n10")).to_be_in_viewport()
