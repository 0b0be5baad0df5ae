"""A real identity provider and a real browser: in through Keycloak, and out again everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import browsing
from tests.support.controlplane import ControlPlane
from tests.support.keycloak import PASSWORD, Realm, running_realm
from tests.support.served import ServedPortal, built_front_end

pytestmark = pytest.mark.xdist_group("browser")


@dataclass
class Place:
    """A portal and the provider it trusts."""

    portal: ServedPortal
    realm: Realm


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane) -> Iterator[Place]:
    directory = tmp_path_factory.mktemp("provider")
    with running_realm(directory) as realm:
        portal = ServedPortal(
            directory, kubeconfig=controlplane.portal_kubeconfig, web=built_front_end()
        )
        realm.add_client(portal.url)
        realm.add_person("ada", "platform-admins")
        realm.add_person("bob")
        try:
            portal.start(
                env="production", audit_key="a" * 32, secret_key="s" * 32, **realm.settings()
            )
            portal.wait_ready()
            yield Place(portal, realm)
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

        first.goto(f"{place.portal.url}/settings")
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
        page.get_by_test_id("token-form-reason").wait_for()
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
        assert page.url.startswith(place.realm.url)
