"""Pages in a real browser: reachable by keyboard and screen reader, wide and narrow, light and dark."""

import pytest

pytestmark = pytest.mark.browser


def test_signing_in_and_the_rights_page(page, paralegal, sign_in, axe, shot):
    page.goto("/rights/")
    assert "/accounts/login/?next=%2Frights%2F" in page.url
    axe(page)
    shot(page, "sign-in")
    sign_in(page, paralegal, "/rights/")
    assert page.get_by_role("heading", name="What roles allow").is_visible()
    axe(page)
    shot(page, "rights")
