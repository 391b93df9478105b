"""A real Chromium before a real server: the portal's ASGI application under uvicorn, in this process.

``portal_url`` needs committed rows, so browser tests use ``transactional_db`` and make their own people.
"""

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.accounts.models import Member
from tests.stack import Stack

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "correct horse battery"
WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.fixture(scope="module", autouse=True)
def _orm_beside_playwright() -> Iterator[None]:
    """Playwright's sync API runs an event loop in this thread; the tests' own queries are none of its business."""
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    yield
    patch.undo()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one module: while it is open an event loop runs in this thread, which other modules' tests must not meet."""
    executable = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=ARGS)
        yield started
        started.close()


@pytest.fixture
def portal_url(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a running portal (pages, API, streaming apps). Its threads see the test's database."""
    from portal.asgi import application

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    # Links are minted for, and origins checked against, the address that the browser uses.
    monkeypatch.setattr(settings, "PUBLIC_URL", url)
    monkeypatch.setattr(settings, "CSRF_TRUSTED_ORIGINS", [url])
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the server did not start")
        time.sleep(0.02)
    yield url
    server.should_exit = True
    thread.join(10)
    connections.close_all()


@pytest.fixture
def context(browser: Browser, portal_url: str) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=portal_url, viewport=WIDE)
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and refused scripts or styles (CSP) fail the test."""
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
    yield opened
    assert faults == []


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """Signs a member in as people do; ``to`` is the page that is opened afterwards.

    Whoever was there before is gone: their page first, since one that still refreshes without its session would be sent
    to the sign-in page by itself, in the midst of the next person's way there; then their session.
    """

    def enter(page: Page, member: Member, to: str = "") -> None:
        page.goto("about:blank")
        page.context.clear_cookies()
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(member.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        if to:
            page.goto(to)

    return enter


@pytest.fixture
def enter(browser: Browser, stack: Stack) -> Iterator[Callable[[str, str], Page]]:
    """Signs somebody of the sample data in, by role and organization, each in a browser context of their own."""
    opened: list[BrowserContext] = []

    def act(role: str, organization: str) -> Page:
        context = browser.new_context(base_url=stack.url, viewport=WIDE)
        opened.append(context)
        page = context.new_page()
        account = stack.account(role, organization)
        page.goto("/accounts/login/")
        page.get_by_label("E-mail address").fill(account["email"])
        page.get_by_label("Password").fill(account["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield act
    for context in opened:
        context.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with what was found when the page has an accessibility violation, wide and narrow, light and dark."""

    def check(page: Page, *, dark: bool = True) -> None:
        before = page.viewport_size
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            for scheme in ("light", "dark") if dark else ("light",):
                page.emulate_media(color_scheme=scheme)
                found = Axe().run(page)
                assert found.violations_count == 0, f"{page.url} {size['width']} px {scheme}: {found.generate_report()}"
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{page.url}: {overflow} px too wide at {size['width']} px"
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)

    return check


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Screenshots wide and narrow into the folder of ``--screenshots``; without it nothing."""
    folder = request.config.getoption("--screenshots", default=None)

    def take(page: Page, name: str) -> None:
        if not folder:
            return
        before = page.viewport_size
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{size['width']}.png", full_page=True)
        page.set_viewport_size(before)

    return take


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", help="folder for screenshots of what browser tests see")
