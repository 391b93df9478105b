"""Lines in another language in a real browser: one is checked as English, one is read and shown, one is left hidden."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from compliance.audit import Actor
from portal.accounts.models import Member
from tests.deposition import make
from tests.transcription.reading.test_unchecked import DROVE, HIDDEN, NAMED, SPANISH, TURNS, said
from transcription.models import Transcript
from vault.models import Matter

pytestmark = pytest.mark.browser


@pytest.fixture
def mostly(portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> Transcript:
    return make(matter, paralegal, actor_for, said=said(TURNS), known=False, with_sound=False)


def test_from_the_queue_a_line_is_checked_as_english_another_one_read_and_shown_and_the_last_one_left_hidden(
    page: Page, mostly: Transcript, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, attorney, "/review/?kind=not_checked")
    expect(page.locator("#queue")).to_contain_text("3 not checked: another language")
    axe(page, dark=False)
    page.locator("#queue [data-row]").click()
    expect(page.locator(f"[data-chip='{NAMED}.0']")).to_be_focused()
    expect(page.locator("#unread")).to_contain_text("Most of this is in Spanish, which is not covered")
    expect(page.locator("#side")).to_contain_text("3 to check")
    axe(page)
    shot(page, "unchecked-page")

    # It is English.
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=HIDDEN)).to_be_visible()
    expect(dialog).to_contain_text("The speech service calls this line Spanish.")
    dialog.get_by_text("It is English…").click()
    expect(dialog.get_by_label("Also 1 other line")).not_to_be_checked()
    axe(page)
    shot(page, "unchecked-dialog")
    dialog.get_by_role("button", name="It is English: check it").click()
    expect(page.locator("#said")).to_contain_text("Checked as English")
    line = page.locator(f"#n{NAMED} .text")
    expect(line).to_have_text("My name is [NAME 1] and I drove the truck.")
    expect(page.locator("#side")).to_contain_text("2 to check")
    expect(page.locator("#unread")).to_be_empty()
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(line).to_have_text(HIDDEN)
    expect(page.locator("#unread")).to_contain_text("Most of this is in Spanish")

    # Read, and shown but for two words.
    page.locator(f"#n{SPANISH}").hover()
    page.get_by_role("button", name=f"Decide about line {SPANISH + 1}").click()
    dialog.get_by_text("Read it and show it…").click()
    dialog.get_by_label("For what purpose").select_option(label="Work on this case")
    dialog.get_by_role("button", name="Open this line").click()
    word = dialog.get_by_role("checkbox", name="mi", exact=True)
    expect(word).to_be_focused()
    # The page behind the dialog shows it, too, for as long as the reveal lasts.
    expect(page.locator(f"#n{SPANISH} .hid.shown")).to_contain_text("zarzamora")
    axe(page)
    shot(page, "unchecked-opened")
    dialog.get_by_role("button", name="Hide these and go on").click()
    expect(dialog.locator("#act-error")).to_contain_text("Choose the words to hide in this line.")
    dialog.get_by_role("checkbox", name="Lupita").check()
    dialog.get_by_role("button", name="Hide these and go on").click()
    expect(dialog.locator(".hid")).to_contain_text("Lupita")
    expect(dialog.locator("#act-error")).to_be_empty()
    dialog.get_by_role("checkbox", name="cocina").check()
    dialog.get_by_label("What it is").select_option("address")
    dialog.get_by_role("button", name="I have read it: show it").click()
    expect(page.locator("#said")).to_contain_text("Shown from now on")
    expect(page.locator("#side")).to_contain_text("2 to check")
    page.get_by_role("button", name="Hide again now").click()
    # The other line is hidden again, and the name in it still has its number.
    expect(page.locator(f"#n{SPANISH} .text")).to_have_text("mi abuela dijo zarzamora en la [ADDRESS 1] con [NAME 2]")
    expect(page.locator("#side")).to_contain_text("2 to check")

    # Left hidden.
    page.locator(f"[data-chip='{DROVE}.0']").click()
    dialog.get_by_role("button", name="Leave it hidden").click()
    expect(page.locator("#said")).to_contain_text("It stays hidden.")
    expect(page.locator(f"#n{DROVE} .text")).to_have_text(HIDDEN)
    expect(page.locator("#side")).to_contain_text("1 to check")
    expect(page.locator(f"#n{DROVE} .hid.unsure")).to_have_count(0)
    page.get_by_role("button", name="History").click()
    expect(dialog).to_contain_text("Line left hidden")
    expect(dialog).to_contain_text("Line read and shown")
    axe(page, dark=False)


def test_who_may_not_reveal_sees_that_it_waits_for_somebody_else(
    page: Page, mostly: Transcript, paralegal: Member, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    sign_in(page, paralegal, f"/transcripts/{mostly.id}/")
    expect(page.locator("#unread")).to_contain_text(f"that is up to {attorney.name}")
    page.locator(f"[data-chip='{SPANISH}.0']").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Somebody who may reveal can read it and show it")
    expect(dialog.get_by_role("button", name="It is English: check it")).to_have_count(0)
    axe(page)
    shot(page, "unchecked-paralegal")
    page.keyboard.press("Escape")
    page.locator("#unread").get_by_role("link", name="transcribe it again").click()
    page.get_by_role("button", name="Transcribe again").first.click()
    expect(page.get_by_label("Language")).to_be_visible()
    axe(page, dark=False)
