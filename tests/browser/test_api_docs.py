"""The API's pages for people: open to everybody, under the same content security policy as all pages."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_the_description_opens_without_signing_in(page: Page) -> None:
    page.goto("/api/docs")
    expect(page.get_by_role("heading", name="Sealscript")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("/api/voice/transcription", exact=True).first).to_be_visible()
    assert page.context.cookies() == []
