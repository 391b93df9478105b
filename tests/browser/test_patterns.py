"""An organization's own patterns in a real browser: tried while one types, refused where they cannot be, listed, retired."""

import pytest
from playwright.sync_api import expect

from portal.accounts.rights import Role
from transcription import rereading
from transcription.models import PatternSetting

pytestmark = pytest.mark.browser


@pytest.fixture
def officer(firm, make_member):
    return make_member(firm, Role.PRIVACY_OFFICER, name="Ruth Officer")


def test_a_pattern_is_tried_mended_saved_and_retired(page, officer, sign_in, axe, shot):
    sign_in(page, officer, "/settings/patterns/")
    axe(page)
    shot(page, "patterns-empty")
    page.get_by_role("link", name="New pattern").first.click()
    page.get_by_label("Name").fill("Locker numbers")
    expression = page.get_by_label("Expression or words")
    expression.fill("[0-9](?:.*x)?")
    page.get_by_label("A text to try it on").fill("My locker is 1204.\nWe met in room 1305.")
    page.get_by_role("button", name="Try").click()
    tried = page.locator("#tried")
    expect(tried).to_contain_text("Say how often at most")
    expression.fill("[0-9]{4}")
    page.get_by_label("Only near these words").fill("locker")
    page.get_by_role("button", name="Try").click()
    expect(tried).to_contain_text("1 place would be hidden")
    expect(tried.locator("mark")).to_have_text(["1204"])
    page.get_by_label("Examples that must be found").fill("room 1305")
    axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("In example 1 nothing is found")
    axe(page)
    shot(page, "pattern-refused")
    page.get_by_label("Examples that must be found").fill("locker 1204")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Locker numbers")).to_contain_text("[0-9]{4}")
    page.get_by_label("A text").fill("The locker was 1204, she said.")
    page.get_by_role("button", name="Try").click()
    expect(page.locator("#tried mark")).to_have_text(["1204"])
    axe(page)
    axe(page, dark=False)
    shot(page, "patterns")
    page.get_by_role("button", name="Retire Locker numbers").click()
    expect(page.get_by_text("Retired (1)")).to_be_visible()
    axe(page)
    assert PatternSetting.objects.get().retired_at is not None


def test_what_was_checked_before_is_checked_again_and_the_page_follows(
    page, officer, matter, paralegal, make_transcript, sign_in, axe, shot
):
    line = {"speaker": "A", "start": 0, "end": 900, "text": "In locker 1204 there was nothing."}
    make_transcript(matter, paralegal, {"language_code": "en", "utterances": [line]})
    sign_in(page, officer, "/settings/patterns/")
    page.get_by_role("button", name="Check everything again").click()
    follows = page.locator("#check-progress")
    expect(follows).to_contain_text("1 of 1 transcript still to be checked again")
    axe(page)
    axe(page, dark=False)
    shot(page, "patterns-check-again")
    rereading.work()
    # Without a reload by hand.
    expect(follows).to_contain_text("Every transcript is checked as things stand now")
    axe(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
