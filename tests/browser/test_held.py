"""A held text in a real browser: hidden, taken back, hidden everywhere, listened to, released; and checked again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from compliance.audit import Actor
from portal.accounts.models import Member
from tests.deposition import make
from transcription import checking_again, second_pass
from transcription.models import Rendition, Reveal, Transcript
from vault.models import Matter


@pytest.fixture
def held(matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    made = make(matter, paralegal, actor_for)
    made.detection_sets.all().delete()
    Rendition.objects.filter(transcript=made).delete()
    second_pass.hold(made, "pass_failed")
    return made


def opened(page: Page, held: Transcript, purpose: str = "quality") -> None:
    page.goto(f"/transcripts/{held.id}/held")
    page.get_by_label("For what purpose").select_option(purpose)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".strip.verbatim")).to_contain_text("Nothing is hidden here")


def test_hidden_taken_back_hidden_everywhere_listened_to_and_released(
    page: Page, held: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, attorney)
    opened(page, held)
    line = page.locator("#n1")
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    for word in ("Robert", "Daniel"):
        line.get_by_role("checkbox", name=word, exact=True).check()
    line.get_by_role("button", name="Hide").click()
    expect(page.locator("#said")).to_contain_text("Hidden: “Robert Daniel”")
    expect(page.locator("#n1")).to_be_focused()
    expect(page.locator("#n1 summary .hid")).to_have_count(2)
    axe(page)
    shot(page, "held-check-hidden")
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.locator("#said")).to_contain_text("Taken back")
    expect(page.locator("#n1 summary .hid")).to_have_count(0)

    # By the line's own box, wherever the name stands.
    said = page.locator("#held-lines summary").all_inner_texts()
    count = sum(text.count("Parker") for text in said)
    assert count > 1
    page.locator("#n1 summary").click()
    line.get_by_role("checkbox", name="Parker.", exact=True).check()
    line.get_by_label("Everywhere in the text").check()
    line.get_by_role("button", name="Hide").click()
    expect(page.locator("#said")).to_contain_text(f"in {count} places")
    expect(page.locator("#held-lines summary .hid")).to_have_count(count)

    # By what is found.
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Words that stand side by side")).to_be_focused()
    page.keyboard.type("robert daniel")
    page.keyboard.press("Enter")
    expect(page.locator("#found")).to_contain_text("1 place in 1 line")
    expect(page.locator("#held-lines mark")).to_have_count(2)
    assert "robert" not in page.url
    axe(page)
    shot(page, "held-check-found")
    page.get_by_role("button", name="Hide everything that was found").click()
    expect(page.locator("#found")).to_contain_text("1 hidden already")
    expect(page.locator("#n1 summary .hid")).to_have_count(3)

    page.wait_for_load_state()
    page.get_by_role("button", name="Open the sound").click()
    sound = page.locator("#listen audio")
    expect(sound).to_have_count(1)
    page.locator("#n3 summary").click()
    hear = page.locator("#n3").get_by_role("button", name="Listen from here")
    hear.click()
    expect(hear).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.querySelector('#listen audio').currentTime > 0.2")
    hear.click()
    expect(hear).to_have_attribute("aria-pressed", "false")
    axe(page)
    shot(page, "held-check-sound")

    page.get_by_role("button", name="Extend by 30 minutes").click()
    expect(page.get_by_text("Open for 30 minutes more")).to_be_visible()
    assert Reveal.objects.count() == 2

    page.get_by_label("I have read the whole text").check()
    page.get_by_role("button", name="Release it").click()
    expect(page.locator("#n1 .text")).to_contain_text("My name is [NAME 1]")
    expect(page.get_by_text("Parker", exact=False).locator("visible=true").and_(page.locator(".line"))).to_have_count(0)


def test_when_the_half_hour_ends_the_page_closes_by_itself_and_says_what_was_kept(
    page: Page, held: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, attorney)
    opened(page, held, "court")
    line = page.locator("#n1")
    line.locator("summary").click()
    line.get_by_role("checkbox", name="Robert", exact=True).check()
    line.get_by_role("button", name="Hide").click()
    expect(page.locator("#n1 summary .hid")).to_have_count(1)
    Reveal.objects.update(expires_at=timezone.now() + timedelta(seconds=4))
    page.reload()
    expect(page.locator("#held-left")).to_contain_text("Less than two minutes are left")
    expect(page.get_by_text("Your half hour was over at")).to_be_visible()
    expect(page.get_by_text("What was hidden by hand is kept: 1 place.")).to_be_visible()
    expect(page.get_by_text("Daniel")).to_have_count(0)
    expect(page.get_by_label("For what purpose")).to_have_value("court")
    axe(page)
    shot(page, "held-check-over")


def test_checked_again_from_the_list_and_ready(
    page: Page, held: Transcript, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor], sign_in: Any,
    axe: Any, shot: Any,
) -> None:  # fmt: skip
    second = make(matter, paralegal, actor_for, with_sound=False, title="The second day")
    second_pass.hold(second, "pass_failed")
    sign_in(page, paralegal, "/held/")
    axe(page)
    shot(page, "held-list-again")
    page.get_by_role("button", name="Check all 2 again").click()
    expect(page.get_by_text("2 transcripts are being checked again.")).to_be_visible()
    expect(page.locator("#held-again")).to_contain_text("Hiding private details")
    axe(page)
    shot(page, "held-list-under-way")
    page.get_by_role("link", name="Deposition of Robert Parker").click()
    expect(page.locator("#hiding")).to_contain_text("It is being checked again")
    axe(page)
    assert checking_again.work() == 2
    # It opens by itself.
    expect(page.locator("#n1 .text")).to_contain_text("My name is [NAME 1]")
    page.goto("/held/")
    expect(page.get_by_role("heading", name="Nothing is waiting")).to_be_visible()
