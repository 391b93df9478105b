"""The review queue in a real browser: from the list to the part that wants checking, and on to the next transcript."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from compliance.audit import Actor
from compliance.models import AudienceRule
from portal.accounts.models import Member
from tests.transcription.reading.doubtful import doubtful
from transcription import second_pass
from transcription.models import Transcript
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(portal_url: str, matter: Matter, paralegal: Member, actor_for: Callable[[Member], Actor]) -> list[Transcript]:
    return [
        doubtful(matter, paralegal, actor_for, {"phone_number": {"score": 0.2}, "address": {}}, title="The first day"),
        doubtful(matter, paralegal, actor_for, {"date_of_birth": {"score": 0.9}}, title="The second day"),
    ]


def test_nothing_waits(page: Page, matter: Matter, paralegal: Member, sign_in: Any, axe: Any, shot: Any) -> None:
    sign_in(page, paralegal, "/review/")
    expect(page.get_by_role("heading", name="Nothing waits for review")).to_be_visible()
    axe(page)
    shot(page, "review-empty")


def test_from_the_queue_to_the_last_decision_and_on(
    page: Page, waiting: list[Transcript], paralegal: Member, actor_for: Any, sign_in: Any, axe: Any, shot: Any,
) -> None:  # fmt: skip
    other = matters.create(actor=actor_for(paralegal), member=paralegal, kind="legal", title="Ortega v. Kessler")
    held = doubtful(other, paralegal, actor_for, {"name": {}}, title="The held day")
    second_pass.hold(held, "pass_failed")
    sign_in(page, paralegal, "/review/")
    # A held text is for who may reveal; two are this member's.
    expect(page.get_by_role("link", name="Review 2 waiting")).to_be_visible()
    expect(page.locator("#queue [data-row]")).to_have_text(["The held day", "The first day", "The second day"])
    axe(page)
    page.get_by_text("How the risk is counted").click()
    axe(page)
    shot(page, "review-queue")
    page.get_by_label("Matter").select_option(label="Whitfield v. Harbor Logistics (L-0001)")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#queue [data-row]")).to_have_text(["The first day", "The second day"])
    page.get_by_role("link", name="Show all matters").click()
    expect(page.locator("#queue [data-row]")).to_have_count(3)
    for key in "jjkj":
        page.keyboard.press(key)
    expect(page.get_by_role("link", name="The first day")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/transcripts/{waiting[0].id}/**")
    for left in (1, 0):
        expect(page.locator(".hid.unsure:focus")).to_be_visible()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="It is private").click()
        onward = page.locator("#said").get_by_role("link", name="Next in the queue")
        expect(page.locator("#said")).to_contain_text("Noted as right.")
        if left:
            expect(onward).to_be_hidden()
            expect(page.locator("#side")).to_contain_text("1 to check")
            expect(page.locator(".hid.unsure")).to_have_count(1)
            page.locator("body").press("n")
        else:
            expect(onward).to_be_visible()
            expect(page.locator("#side")).to_contain_text("Nothing wants checking.")
    axe(page, dark=False)
    shot(page, "review-onward")
    page.locator("#said").get_by_role("link", name="Next in the queue").click()
    page.wait_for_url(f"**/transcripts/{waiting[1].id}/**")
    expect(page.locator(".hid.unsure:focus")).to_have_attribute("data-type", "date_of_birth")


def test_what_a_view_leaves_readable_is_decided_at_its_words(
    page: Page, waiting: list[Transcript], matter: Matter, attorney: Member, sign_in: Any, axe: Any, shot: Any
) -> None:
    AudienceRule.objects.create(
        organization=attorney.organization, matter_id=matter.id, audience=f"member:{attorney.id}", policy_name="frcp_5_2"
    )
    sign_in(page, attorney, f"/review/{waiting[0].id}")
    word = page.locator(".w[data-open]:focus")
    expect(word).to_be_visible()
    axe(page, dark=False)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Is this private?")).to_be_visible()
    expect(dialog).to_contain_text("your view leaves it readable, others hide it")
    axe(page)
    shot(page, "review-readable")
    dialog.get_by_role("button", name="It is private").click()
    expect(page.locator("#said")).to_contain_text("Noted as right.")
    expect(page.locator("#side")).to_contain_text("1 to check")
