"""A real browser, and pages that remember everything a good page never does."""

import contextlib
import shutil
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    sync_playwright,
)

from nsaas_app.identity.roles import Identity
from tests.support.served import ServedPortal

__all__ = ["Visit", "browsing", "running_browser", "visiting"]

_PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
_FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container may give it 64 MiB only
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_LIVE: Final = '[data-testid="live-indicator"]'
PATIENCE_MS: Final = 45_000.0
"""How long an element may take on a machine that does much else besides."""


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium for a block."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    assert program, f"none of {', '.join(_PROGRAMS)} is on PATH; see scripts/test-prerequisites"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One page of one portal in one browser context, watched from the first request on."""

    def __init__(self, page: Page, portal: ServedPortal) -> None:
        self.page = page
        self.portal = portal
        self.noise: list[str] = []
        """Console errors, failed or refused requests, and calls to any other origin."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.noise.append(f"uncaught: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("websocket", lambda socket: self._ensure_ours(socket.url))

    def goto(self, path: str) -> "Visit":
        """Open a path of the portal; a page is open when its first data is there.

        Before that the browser shows the page and does not hear what is typed into it.
        """
        self.page.goto(f"{self.portal.url}{path}", wait_until="domcontentloaded")
        if self.page.locator(_LIVE).count():
            self.page.wait_for_selector(f'{_LIVE}:not([data-value=""])')
        return self

    def by_id(self, test_id: str) -> Locator:
        """The element with this `data-testid`."""
        return self.page.get_by_test_id(test_id)

    def value(self, test_id: str) -> str:
        """The raw value behind what the element shows, once it is there."""
        return self.by_id(test_id).get_attribute("data-value") or ""

    def wait_value(self, test_id: str, value: str, *, within_s: float = PATIENCE_MS / 1000) -> None:
        """Wait until the element's raw value is this."""
        wanted = f'[data-testid="{test_id}"][data-value="{value}"]'
        self.page.wait_for_selector(wanted, timeout=within_s * 1000)

    @contextlib.contextmanager
    def forgiving(self, *texts: str) -> Iterator[None]:
        """Forgive noise with one of these texts during the block, and that alone."""
        before = len(self.noise)
        yield
        # What the browser told so far is handed out while this thread waits for it.
        self.page.evaluate("0")
        during = self.noise[before:]
        del self.noise[before:]
        self.noise += [line for line in during if not any(text in line for text in texts)]

    def ensure_clean(self) -> None:
        """Fail when the page did what a good page never does."""
        assert not self.noise, "\n".join(self.noise)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.noise.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(("data:", "blob:")):
            self._ensure_ours(request.url)

    def _ensure_ours(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.portal.url).netloc:
            self.noise.append(f"another origin: {url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page ends what it still loads.
        if request.failure != "net::ERR_ABORTED":
            self.noise.append(f"failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self.noise.append(f"{response.status}: {response.url}")


@contextlib.contextmanager
def visiting(
    browser: Browser, portal: ServedPortal, identity: str | Identity | None, **options: Any
) -> Iterator[Visit]:
    """A page of a browser of one's own, signed in as the identity; it is clean at the end."""
    context: BrowserContext = browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | options
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        if identity is not None:
            context.add_cookies(
                [
                    {"name": name, "value": value, "url": portal.url, "httpOnly": True}
                    for name, value in portal.cookie(identity).items()
                ]
            )
        visit = Visit(context.new_page(), portal)
        yield visit
        visit.ensure_clean()
    finally:
        context.close()


@contextlib.contextmanager
def browsing(browser: Browser) -> Iterator[Page]:
    """A page of a browser of one's own that may go anywhere; nobody watches it."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(2 * PATIENCE_MS)
    try:
        yield context.new_page()
    finally:
        context.close()
