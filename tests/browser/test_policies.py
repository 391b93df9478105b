"""Privacy policies in a real browser: choosing with a preview that follows, two editors at once, who sees what, verbatim."""

import pytest
from playwright.sync_api import expect

from compliance import audiences, policies
from compliance.models import AuditEvent
from compliance.redaction import TYPES
from portal.accounts.rights import Role
from tests.deposition import make
from transcription import disclosure, renditions, rerendering
from vault.models import MatterMember

pytestmark = pytest.mark.browser


@pytest.fixture
def officer(firm, make_member):
    return make_member(firm, Role.PRIVACY_OFFICER, name="Ruth Officer")


@pytest.fixture
def save(officer, actor_for):
    def made(expected, by=None, **rules):
        return disclosure.save_policy(
            actor=actor_for(by or officer), by=by or officer, name="court_copy",
            rules=dict.fromkeys(TYPES, "label") | rules, other="label", expected=expected,
        )  # fmt: skip

    return made


def test_a_policy_is_made_by_keyboard_with_a_preview_that_follows(page, officer, sign_in, axe, shot):
    sign_in(page, officer, "/policies/")
    axe(page)
    shot(page, "policies-empty")
    page.get_by_role("link", name="Copy HIPAA Safe Harbor").click()
    preview = page.locator("#preview")
    expect(preview).to_contain_text("[DATE OF BIRTH in 1982]")
    axe(page)
    # From the keyboard: the list of ways, one further, and the sample follows.
    select = page.get_by_label("Social security numbers")
    select.focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(select).to_have_value("last_four")
    expect(preview).to_contain_text("[SSN ending 1153]")
    page.get_by_label("Names").select_option("initials")
    expect(preview).to_contain_text("[NAME M.B.]")
    expect(preview.get_by_role("status")).to_contain_text("Weaker than the default")
    page.get_by_label("A visit").check()
    expect(preview).to_contain_text("[NAME R.]")
    shot(page, "policy-editor")
    page.get_by_label("Name", exact=True).fill("Court copy")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Court copy")).to_be_visible()
    expect(page.get_by_text("Nobody is shown it until you give it to somebody.")).to_be_visible()
    axe(page)
    shot(page, "policy")


def test_two_editors_at_once_see_each_others_change(page, officer, firm, make_member, save, sign_in, axe, shot):
    save(0)
    sign_in(page, officer, "/policies/court_copy/change")
    page.get_by_label("Other dates").select_option("year")
    expect(page.locator("#preview")).to_contain_text("1 change to version 1")
    save(1, by=make_member(firm, Role.ADMINISTRATOR, name="Leo Admin"), ssn="box")
    page.get_by_role("button", name="Save version 2").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Somebody saved another version")
    expect(alert).to_contain_text("Leo Admin")
    expect(page.get_by_label("Other dates")).to_have_value("year")
    axe(page)
    shot(page, "policy-meanwhile")
    page.get_by_label("Social security numbers").select_option("box")
    page.get_by_role("button", name="Save version 3").click()
    expect(page.get_by_text("Version 3 is saved and in force.")).to_be_visible()


def test_the_page_shows_how_far_a_new_version_has_come(
    page, officer, matter, paralegal, save, make_transcript, sign_in, axe, shot
):
    first = save(0)
    for number in range(3):
        said = {"utterances": [{"speaker": "A", "text": "My social security number is 900-12-1153."}]}
        renditions.ensure(make_transcript(matter, paralegal, said, title=f"Day {number}"), first)
    sign_in(page, officer, "/policies/court_copy/change")
    page.get_by_label("Social security numbers").select_option("last_four")
    page.get_by_role("button", name="Save version 2").click()
    expect(page.locator("#policy-progress")).to_contain_text("0 of 3 texts")
    axe(page)
    shot(page, "policy-progress")
    assert rerendering.work() == 3
    expect(page.locator("#policy-progress")).to_contain_text("All views are made")
    page.get_by_role("button", name="Go back to this version 1").click()
    expect(page.get_by_text("It says what version 1 said.")).to_be_visible()
    axe(page, dark=False)
    shot(page, "policy-versions")
    assert policies.resolve(officer.organization_id, "court_copy").version == 3


def test_a_policy_is_retired_and_brought_back(page, officer, save, actor_for, sign_in, axe, shot):
    save(0)
    audiences.set_rule(actor=actor_for(officer), by=officer, matter_id=None, audience="export", policy_name="court_copy")
    sign_in(page, officer, "/policies/court_copy/")
    page.get_by_role("button", name="Retire Court copy").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("1 entry of the audience table still gives this policy.")
    axe(page, dark=False)
    shot(page, "policy-still-given")
    alert.get_by_role("link", name="Who sees what").click()
    page.get_by_role("button", name="Remove what is set for Exports").click()
    page.goto("/policies/court_copy/")
    page.get_by_role("button", name="Retire Court copy").click()
    expect(page.get_by_text("Retired by Ruth Officer")).to_be_visible()
    axe(page)
    shot(page, "policy-retired")
    page.goto("/policies/")
    link = page.get_by_role("link", name="Court copy")
    expect(link).to_be_hidden()
    page.get_by_text("Retired (1)").click()
    axe(page)
    shot(page, "policies-retired")
    link.click()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("it is offered again, as it was.")).to_be_visible()
    expect(page.get_by_role("link", name="Change", exact=True)).to_be_visible()


def test_who_sees_what_and_reading_verbatim(page, officer, matter, attorney, paralegal, actor_for, sign_in, axe, shot):
    MatterMember.objects.create(matter=matter, member=officer, added_by=paralegal)
    made = make(matter, paralegal, actor_for, with_sound=False)
    sign_in(page, officer, f"/matters/{matter.id}/")
    page.get_by_role("link", name="Who sees what here").click()
    axe(page)
    page.get_by_label("Policy for Every attorney").select_option("frcp_5_2")
    page.get_by_role("button", name="Set for Every attorney").click()
    row = page.locator("tr", has_text="Every attorney")
    expect(row).to_contain_text("Weaker than the default")
    page.get_by_label("Who", exact=True).select_option(f"member:{attorney.id}")
    page.get_by_label("Sees it as", exact=True).select_option("verbatim")
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_role("alert")).to_contain_text("with a purpose")
    page.get_by_label("Who", exact=True).select_option(f"member:{attorney.id}")
    page.get_by_label("Sees it as", exact=True).select_option("verbatim")
    page.get_by_label("Purpose").select_option("court")
    page.get_by_role("button", name="Give").click()
    expect(page.get_by_text("Nothing hidden, each read recorded")).to_be_visible()
    axe(page)
    shot(page, "who-sees-what")
    page.goto("/policies/who-sees-what/")
    axe(page)
    shot(page, "who-sees-what-everywhere")
    sign_in(page, attorney, f"/transcripts/{made.id}/")
    banner = page.locator(".strip.verbatim")
    expect(banner).to_contain_text("Nothing is hidden for you here.")
    page.mouse.wheel(0, 4000)
    expect(banner).to_be_in_viewport()
    revealed = AuditEvent.objects.get(type="transcription:transcript:revealed")
    assert (revealed.actor_id, revealed.facts["scope"], revealed.facts["purpose"]) == (attorney.id, "verbatim", "court")
    page.goto("/search/")
    page.get_by_label('Words, or a "phrase"').fill("the")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.locator("#results")).to_contain_text("That you were shown these lines is recorded")
    axe(page)
    shot(page, "search-verbatim")
