"""A matter's lists in a real browser: changing them, the check that follows, and what the next reader sees."""

import pytest
from playwright.sync_api import expect

from tests.deposition import make
from transcription import rechecking, rereading

pytestmark = pytest.mark.browser


def test_a_word_is_put_on_the_list_and_the_page_follows_the_check(
    page, matter, attorney, paralegal, actor_for, sign_in, axe, shot
):
    spoken = make(matter, paralegal, actor_for, known=False)
    sign_in(page, attorney, f"/transcripts/{spoken.id}/")
    expect(page.locator("main")).to_contain_text("record")
    page.goto(f"/matters/{matter.id}/describe")
    page.get_by_label("Always hide").fill("record\nProject Bluefin")
    page.get_by_label("Always show").fill("Record")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Take it off one of the two lists")
    axe(page)
    shot(page, "lists-refused")
    page.get_by_label("Always show").fill("Bishop")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#lists-progress")).to_contain_text("0 of 1 transcript checked again")
    axe(page)
    shot(page, "lists-progress")
    page.goto(f"/transcripts/{spoken.id}/")
    expect(page.get_by_role("heading", name="Hiding private details")).to_be_visible()
    rechecking.work()
    # Without a reload by hand.
    expect(page.locator("main")).to_contain_text("We are on the [NAME")
    page.goto(f"/matters/{matter.id}/")
    expect(page.locator("main")).to_contain_text("2 entries")
    page.get_by_role("button", name="Check again").click()
    follows = page.locator("#check-progress")
    expect(follows).to_contain_text("1 of 1 transcript still to be checked again")
    axe(page)
    rereading.work()
    expect(follows).to_contain_text("Every transcript is checked as things stand now")
    page.get_by_role("link", name="Change parties and lists").click()
    expect(page.get_by_label("Always hide")).to_have_value("record\nProject Bluefin")
