"""A real identity provider and a real browser: in through Keycloak, and out again everywhere."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import browsing
from tests.support.controlplane import ControlPlane
from tests.support.keycloak import PASSWORD, Realm, running_realm
from tests.support.served import ServedPortal, built_front_end
from tests.support.waiting import eventually_sync
from tests.support.wire import Wire, wire_to

CONFIRMED_FOR_S: Final = 6
"""So long the portal believes the provider's last word; minutes where nobody waits for it."""
WITHIN_S: Final = 60.0

pytestmark = pytest.mark.xdist_group("browser of a portal apart")


@dataclass
class Place:
    """A portal and the provider it trusts."""

    portal: ServedPortal
    realm: Realm
    wire: Wire
    """What lies between the two; browsers go along it too."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane) -> Iterator[Place]:
    directory = tmp_path_factory.mktemp("provider")
    with (
        running_realm(directory) as realm,
        wire_to(urlsplit(realm.url).port or 80) as wire,
    ):
        portal = ServedPortal(
            directory, kubeconfig=controlplane.portal_kubeconfig, web=built_front_end()
        )
        realm.add_client(portal.url)
        realm.add_person("ada", "platform-admins")
        realm.add_person("bob")
        realm.add_person("cyd", "platform-auditors")
        realm.add_person("eve")
        try:
            portal.start(
                env="production", audit_key="a" * 32, secret_key="s" * 32,
                session_confirm_seconds=str(CONFIRMED_FOR_S), **realm.settings(url=wire.url),
            )  # fmt: skip
            portal.wait_ready()
            yield Place(portal, realm, wire)
        finally:
            portal.stop()


def sign_in(page: Page, place: Place, name: str, path: str = "/requests") -> None:
    page.goto(f"{place.portal.url}{path}")
    page.get_by_text("Sign in with Keycloak").click()
    page.locator("#username").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#kc-login").click()
    page.get_by_test_id("user-name").wait_for()
    assert page.url.rstrip("/") == f"{place.portal.url}{path}", "where it was wanted"


def test_in_through_keycloak_and_out_everywhere(browser: Browser, place: Place) -> None:
    with browsing(browser) as first, browsing(browser) as second:
        sign_in(first, place, "ada")
        sign_in(second, place, "ada")
        assert first.get_by_test_id("user-name").inner_text() == "Ada Test"
        first.wait_for_selector('[data-testid="user-role"]:has-text("Platform admin")')

        first.goto(f"{place.portal.url}/settings?tab=tokens")
        first.get_by_test_id("sign-out-everywhere").click()

        # The other page is cleared at once; here the provider's own session has ended too.
        second.get_by_test_id("signed-out").wait_for()
        first.wait_for_url(f"{place.portal.url}/auth/signed-out*")
        first.get_by_text("Sign in again").click()
        first.get_by_text("Sign in with Keycloak").click()
        first.locator("#password").wait_for()


def test_somebody_without_groups_gets_in_and_may_nothing(browser: Browser, place: Place) -> None:
    with browsing(browser) as page:
        sign_in(page, place, "bob", "/settings")
        page.get_by_test_id("preferences-reason").wait_for()
        assert page.get_by_test_id("nav-audit").count() == 0
        me = page.request.get(f"{place.portal.url}/api/v1/me").json()
        assert (me["teams"], me["roles"], me["auth"]) == ({}, [], "oidc")


def test_a_wrong_password_stays_with_the_provider(browser: Browser, place: Place) -> None:
    with browsing(browser) as page:
        page.goto(f"{place.portal.url}/")
        page.get_by_text("Sign in with Keycloak").click()
        page.locator("#username").fill("ada")
        page.locator("#password").fill("wrong")
        page.locator("#kc-login").click()
        page.get_by_text("Invalid username or password").wait_for()
        assert page.url.startswith(place.wire.url)


def me(page: Page, place: Place) -> tuple[int, Any]:
    """Who the portal takes the browser for, by the cookie it has now."""
    reply = page.request.get(f"{place.portal.url}/api/v1/me")
    return reply.status, reply.json()


def session_of(page: Page) -> str:
    return next(each["value"] for each in page.context.cookies() if each["name"] == "nsaas")


def test_groups_that_change_at_the_provider_change_the_open_page(
    browser: Browser, place: Place
) -> None:
    with browsing(browser) as page:
        sign_in(page, place, "eve", "/settings")
        before = session_of(page)
        page.get_by_test_id("preferences-reason").wait_for()

        place.realm.add_to_group("eve", "platform-auditors")

        # Nobody reloads: the page learns of it, and goes on with another session id.
        page.wait_for_selector(
            '[data-testid="user-role"]:has-text("Auditor")', timeout=WITHIN_S * 1000
        )
        eventually_sync(lambda: session_of(page) != before, within_s=WITHIN_S)
        assert page.get_by_test_id("signed-out").count() == 0
        assert me(page, place)[1]["roles"] == ["auditor"]
        # For a moment the old id still leads to the new one, for answers that were lost.
        old = {"Cookie": f"nsaas={before}"}
        eventually_sync(
            lambda: (
                httpx.get(f"{place.portal.url}/api/v1/me", headers=old, trust_env=False).status_code
                == httpx.codes.UNAUTHORIZED
            ),
            within_s=WITHIN_S,
        )

        place.realm.leave_groups("eve")
        eventually_sync(lambda: me(page, place)[1]["roles"] == [], within_s=WITHIN_S)


def test_new_signing_keys_at_the_provider_disturb_nobody(browser: Browser, place: Place) -> None:
    with browsing(browser) as before, browsing(browser) as after:
        sign_in(before, place, "cyd")
        place.realm.rotate_keys()
        rotated = time.monotonic()
        sign_in(after, place, "cyd")
        assert me(after, place)[1]["roles"] == ["auditor"]
        # Later than its last word is believed, the one from before was confirmed by a new token.
        eventually_sync(
            lambda: time.monotonic() - rotated > CONFIRMED_FOR_S and me(before, place)[0] == 200,
            within_s=WITHIN_S,
        )


def test_while_the_provider_is_away_sessions_lie_still_and_come_back(
    browser: Browser, place: Place
) -> None:
    with browsing(browser) as page, browsing(browser) as late:
        sign_in(page, place, "cyd")
        session = session_of(page)
        place.wire.cut()
        try:
            eventually_sync(lambda: me(page, place)[0] == 401, within_s=WITHIN_S)
            assert me(page, place)[1]["code"] == "SIGNED_OUT"
            late.goto(f"{place.portal.url}/requests")
            late.get_by_text("Sign in with Keycloak").click()
            late.get_by_text("does not answer").wait_for()
            assert late.url.startswith(place.portal.url), "it is told here, not by a dead address"
        finally:
            place.wire.mend()
        eventually_sync(lambda: me(page, place)[0] == 200, within_s=WITHIN_S)
        assert session_of(page) == session, "it goes on where it was"
        sign_in(late, place, "bob", "/settings")
