"""Pages in a real browser: reachable by keyboard and screen reader, wide and narrow, light and dark; uploads that arrive."""

import hashlib
import io
import wave

import pytest
from playwright.sync_api import Page, expect

from compliance import audit, checkpoints
from portal.accounts.models import Organization
from portal.accounts.rights import Role
from transcription.models import Proceeding
from vault.models import StoredObject

pytestmark = pytest.mark.browser


def sound(seconds: float) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as handle:
        handle.setnchannels(1)
        handle.setsampwidth(2)
        handle.setframerate(16_000)
        handle.writeframes(b"\1\0" * int(16_000 * seconds))
    return out.getvalue()


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    listed = [{"name": name, "mimeType": "audio/wav", "buffer": data} for name, data in files]
    page.locator("#files").set_input_files(listed)


def settle_choices(page: Page) -> None:
    """The basic engine's tick, where only that engine is there."""
    if page.locator("#basic-field").is_visible():
        page.locator("#basic").check()


def test_signing_in_and_the_rights_page(page, paralegal, sign_in, axe, shot):
    page.goto("/rights/")
    assert "/accounts/login/?next=%2Frights%2F" in page.url
    axe(page)
    shot(page, "sign-in")
    sign_in(page, paralegal, "/rights/")
    assert page.get_by_role("heading", name="What roles allow").is_visible()
    axe(page)
    shot(page, "rights")


def test_a_wrong_password_is_said_accessibly(page, paralegal, axe):
    page.goto("/accounts/login/")
    page.get_by_label("E-mail address").fill(paralegal.email)
    page.get_by_label("Password").fill("not the right one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    axe(page, dark=False)


def test_making_a_matter_and_changing_its_wall(page, paralegal, attorney, sign_in, axe, shot):
    sign_in(page, paralegal, "/matters/")
    expect(page.get_by_text("No matters yet")).to_be_visible()
    axe(page, dark=False)
    page.get_by_role("link", name="New matter").click()
    page.get_by_label("Title").fill("Whitfield v. Harbor Logistics")
    page.get_by_label("Parties").fill("Marta Whitfield, plaintiff\nHarbor Logistics, Inc., defendant")
    axe(page)
    shot(page, "matter-new")
    page.get_by_role("button", name="Make the matter").click()
    expect(page.get_by_role("heading", name="Whitfield v. Harbor Logistics")).to_be_visible()
    page.get_by_label("Let somebody in").select_option(label=attorney.name)
    page.get_by_role("button", name="Let in").click()
    expect(page.get_by_role("button", name=f"Remove {attorney.name}")).to_be_enabled()
    axe(page)
    shot(page, "matter")
    page.get_by_role("link", name="Change parties and lists").click()
    expect(page.get_by_label("Parties")).to_have_value("Marta Whitfield, plaintiff\nHarbor Logistics, Inc., defendant")
    # Who may not reveal is shown that list, and cannot change it.
    expect(page.get_by_label("Always show")).to_have_count(0)
    page.get_by_label("Always hide").fill("Bluefin")
    axe(page)
    shot(page, "matter-lists")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("1 entry")
    axe(page, dark=False)
    page.goto("/matters/")
    axe(page)
    shot(page, "matters")


def test_an_upload_of_two_files_arrives_in_order_with_its_receipt(page, paralegal, matter, sign_in, axe, shot):
    one, two = sound(2), sound(3)
    sign_in(page, paralegal, f"/upload/?matter={matter.id}")
    expect(page.locator("#region")).to_have_text("This machine")
    axe(page)
    choose(page, ("second.wav", two), ("first.wav", one))
    page.get_by_role("button", name="Move first.wav up").click()
    expect(page.locator("#list .file-name").first).to_have_text("first.wav")
    page.get_by_label("Title").fill("Deposition, day one")
    settle_choices(page)
    axe(page)
    shot(page, "upload")
    page.get_by_role("button", name="Start the upload").click()
    page.wait_for_url("**/receipt", timeout=30_000)
    for data in (one, two):
        expect(page.get_by_text(hashlib.sha256(data).hexdigest())).to_be_visible()
    axe(page)
    shot(page, "receipt")
    made = Proceeding.objects.get()
    assert [r.object.file_name for r in made.recordings.order_by("position")] == ["first.wav", "second.wav"]
    page.get_by_role("link", name="How it stands").click()
    expect(page.get_by_role("heading", name="Deposition, day one")).to_be_visible()
    axe(page)
    shot(page, "recording")
    page.goto("/recordings/")
    expect(page.get_by_role("link", name="Deposition, day one")).to_be_visible()
    axe(page)
    shot(page, "recordings")
    Proceeding.objects.filter(pk=made.pk).update(state="checking")
    expect(page.locator("#recordings .chip").first).to_have_text("Checking", timeout=10_000)


def test_what_cannot_be_uploaded_is_said_before_anything_is_sent(page, paralegal, matter, sign_in, axe, shot):
    sign_in(page, paralegal, "/upload/")
    choose(page, ("nothing.wav", b""))
    expect(page.get_by_text("nothing.wav is empty (0 bytes)")).to_be_visible()
    axe(page, dark=False)
    page.get_by_role("button", name="Remove nothing.wav").click()
    choose(page, ("a.wav", b"x"), ("note.docx", b"y"))
    expect(page.get_by_text("A document is uploaded alone")).to_be_visible()
    page.get_by_role("button", name="Start the upload").click()
    assert not StoredObject.objects.exists()


def test_a_broken_line_is_said_and_the_rest_can_be_sent_again(page, paralegal, matter, sign_in, axe, shot):
    sign_in(page, paralegal, "/upload/")
    choose(page, ("one.wav", sound(1)), ("two.wav", sound(1)))
    settle_choices(page)
    broken = []

    def second_breaks(route):
        if len(broken) == 0 and StoredObject.objects.filter(state="stored").exists():
            broken.append(True)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/vault/objects/**", second_breaks)
    page.get_by_role("button", name="Start the upload").click()
    expect(page.get_by_text("The connection broke.")).to_be_visible()
    axe(page, dark=False)
    shot(page, "upload-broken")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/receipt", timeout=30_000)
    assert Proceeding.objects.get().recordings.count() == 2


def test_cancelling_an_upload_leaves_nothing_under_way(page, paralegal, matter, sign_in):
    sign_in(page, paralegal, "/upload/")
    choose(page, ("one.wav", sound(1)))
    settle_choices(page)
    page.route("**/vault/objects/**", lambda route: None)  # a line that hangs
    page.get_by_role("button", name="Start the upload").click()
    page.get_by_role("button", name="Cancel the upload").click()
    expect(page.get_by_role("button", name="Start the upload")).to_be_visible()
    expect(page.locator("#progress")).to_be_hidden()
    assert StoredObject.objects.get().state == "failed"
    assert not Proceeding.objects.exists()


def test_an_idle_screen_locks_and_returns_to_the_same_place(page, paralegal, matter, sign_in, axe, shot):
    sign_in(page, paralegal, f"/matters/{matter.id}/")
    page.evaluate("document.body.dataset.idleSeconds = '1'")
    page.clock.install()
    page.reload()
    page.clock.fast_forward("16:00")
    page.wait_for_url("**/accounts/login/**")
    expect(page.get_by_text("Locked after 15 minutes — sign in to continue where you were.")).to_be_visible()
    axe(page)
    shot(page, "locked")
    page.get_by_label("E-mail address").fill(paralegal.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**/matters/{matter.id}/")


def test_a_lock_during_an_upload_covers_the_page_and_the_upload_goes_on(page, paralegal, matter, sign_in, axe, shot):
    sign_in(page, paralegal, "/upload/")
    page.clock.install()
    page.reload()
    choose(page, ("long.wav", sound(1)))
    settle_choices(page)
    held = []
    page.route("**/vault/objects/**", lambda route: held.append(route))
    page.get_by_role("button", name="Start the upload").click()
    expect(page.get_by_role("heading", name="Uploading")).to_be_visible()
    page.clock.fast_forward("16:00")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    axe(page)
    shot(page, "upload-locked")
    held[0].continue_()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").click()
    second = opened.value
    second.get_by_label("E-mail address").fill(paralegal.email)
    second.get_by_label("Password").fill("correct horse battery")
    second.get_by_role("button", name="Sign in").click()
    expect(second.get_by_text("You are signed in again")).to_be_visible()
    page.clock.run_for(5000)
    page.wait_for_url("**/receipt", timeout=30_000)
    assert Proceeding.objects.count() == 1


def test_the_administrators_pages(page, firm, make_member, matter, sign_in, axe, shot):
    administrator = make_member(firm, Role.ADMINISTRATOR, name="Ada Administrator")
    make_member(firm, Role.CLINICIAN, name="Cleo Clinician")
    sign_in(page, administrator, "/members/")
    axe(page)
    shot(page, "members")
    page.get_by_role("link", name="Cleo Clinician").click()
    axe(page, dark=False)
    page.goto("/keys/")
    page.get_by_label("Name").fill("Intake script")
    page.get_by_label("Acts as").select_option(label="Cleo Clinician")
    page.get_by_role("button", name="Make the key").click()
    expect(page.get_by_text("They are shown this once")).to_be_visible()
    axe(page)
    shot(page, "keys")
    page.goto("/settings/")
    axe(page)
    shot(page, "settings")
    page.get_by_role("button", name="Change case.dev").click()
    axe(page, dark=False)
    page.keyboard.press("Escape")


def test_the_auditors_log(page, firm, auditor, matter, paralegal, actor_for, sign_in, axe, shot):
    audit.refuse("portal:access:refused", organization_id=firm.id, actor=actor_for(paralegal), reason="right:read:audit")
    checkpoints.forget()
    checkpoints.advance(firm.id)
    sign_in(page, auditor)
    assert page.url.endswith("/audit/")
    axe(page)
    shot(page, "audit")
    page.get_by_label("Matter number").fill(matter.short)
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    text = download.value.path().read_text()
    assert matter.short in text
    assert "Whitfield" not in text


def test_the_whole_way_by_keyboard(page, paralegal, matter, sign_in):
    sign_in(page, paralegal, "/recordings/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    menu = page.locator("details.menu summary")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(menu).to_be_focused()


def test_nothing_here_and_not_allowed_look_like_pages(page, paralegal, sign_in, axe, shot):
    sign_in(page, paralegal, "/matters/00000000-0000-4000-8000-000000000000/")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    axe(page)
    page.goto("/members/")
    expect(page.get_by_role("heading", name="Not allowed")).to_be_visible()
    axe(page)
    shot(page, "refused")
    page.goto("/no/such/page")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


def test_a_clinic_has_patient_charts_first(page, clinic: Organization, clinician, sign_in):
    sign_in(page, clinician, "/matters/new")
    expect(page.get_by_label("Patient chart")).to_be_checked()
