"""The settings page: a token is made, shown once, used and revoked; sign-out reaches every page."""

import httpx
import pytest

from tests.e2e.conftest import Visiting
from tests.support.browser import PATIENCE_MS, Visit
from tests.support.fitness import ensure_fit
from tests.support.inspecting import needed_width
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")


def _status(portal: ServedPortal, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{portal.url}/api/v1/me", headers=headers, trust_env=False).status_code


def ensure_given_back(page: Visit, dialog: str, opener: str) -> None:
    """Leave a dialog by keyboard: the focus is where it was."""
    page.by_id(dialog).wait_for()
    page.page.keyboard.press("Escape")
    page.page.locator(f"{opener}:focus").wait_for()


def test_a_token_from_its_making_to_its_end(visit: Visiting, served: ServedPortal) -> None:
    page = visit("payments-dev").goto("/")
    page.wait_value("live-indicator", "live")
    page.by_id("user-menu").click()
    page.by_id("user-tokens").click()
    page.by_id("token-form").wait_for()

    page.by_id("field-expires_in_days").fill("100")
    page.by_id("token-create").click()
    page.by_id("error-expires_in_days").wait_for()
    page.by_id("error-name").wait_for()
    page.by_id("field-name").fill("deploy robot")
    page.by_id("field-expires_in_days").fill("7")
    page.by_id("field-may_write").click()
    page.page.wait_for_selector('[data-testid="field-may_write"][data-state="checked"]')
    page.by_id("token-create").click()
    secret = page.by_id("token-secret")
    secret.wait_for()
    token = secret.inner_text()
    assert _status(served, token) == 200

    page.by_id("token-keep").click()
    secret.wait_for(state="detached")
    page.goto("/settings?tab=tokens")
    row = page.page.locator("tr[data-testid^=token-row-]", has_text="deploy robot")
    row.wait_for()
    assert token not in page.page.content()
    row.get_by_text("Revoke").click()
    ensure_given_back(page, "dialog-revoke", '[data-testid^="token-row-"]')
    page.page.keyboard.press("Enter")
    page.by_id("revoke-submit").click()
    row.wait_for(state="detached")
    assert _status(served, token) == 401


def test_signing_out_everywhere_clears_the_other_page(
    visit: Visiting, served: ServedPortal
) -> None:
    other = visit("payments-lead").goto("/settings?tab=tokens")
    other.by_id("session-table").wait_for()
    here = visit("payments-lead").goto("/settings?tab=tokens")
    here.by_id("sign-out-everywhere").wait_for()

    # The cut connection and the calls it leaves without a session are what is wanted here.
    with other.forgiving("401", "WebSocket", "/auth/login"):
        here.by_id("sign-out-everywhere").click()
        here.page.wait_for_url("**/auth/signed-out")
        other.by_id("signed-out").wait_for(timeout=PATIENCE_MS * 2)
        assert other.by_id("token-form").count() == 0
    other.page.close()


def test_an_auditor_is_told_why_there_is_no_form(visit: Visiting) -> None:
    page = visit("auditor").goto("/settings?tab=tokens")
    page.by_id("token-form-reason").wait_for()
    assert page.by_id("token-create").count() == 0


def test_what_is_preferred_holds_on_every_page_and_in_the_next_browser(
    visit: Visiting, of_nobody_else: str
) -> None:
    page = visit(of_nobody_else, color_scheme="light").goto("/settings")
    page.by_id("preferences-card").wait_for()
    page.by_id("field-theme-dark").click()
    page.page.wait_for_selector("html.dark")
    page.by_id("field-density-compact").click()
    page.by_id("field-motion-reduced").click()
    page.by_id("field-time_zone").fill("Asia/Tokyo")
    page.page.wait_for_selector('[data-testid="zone-forget"]')

    other = visit(of_nobody_else, color_scheme="light", timezone_id="UTC").goto("/status")
    other.page.wait_for_selector("html.dark")
    other.page.wait_for_selector('.shell[data-density="compact"][data-motion="reduced"]')
    other.by_id("kind-Namespace").wait_for()
    row = other.by_id("kind-Namespace-row")
    assert row.evaluate("row => row.getBoundingClientRect().height") < 44
    assert other.by_id("nav-status").evaluate("e => getComputedStyle(e).transitionDuration") == "0s"
    title = other.page.locator('[data-testid="as-of"] time[title*="+09:00"]')
    title.wait_for()
    assert "Z" in (title.get_attribute("title") or ""), "UTC stands beside it"

    other.by_id("theme-menu").click()
    other.by_id("theme-system").click()
    other.page.wait_for_selector("html.light")
    page.page.wait_for_selector("html.light", timeout=PATIENCE_MS)


def test_an_admin_sees_policies_integrations_and_rights(visit: Visiting) -> None:
    page = visit("admin", color_scheme="light").goto("/status")
    page.by_id("check-policies-link").click()
    page.page.wait_for_selector('[data-testid="policy-nsaas-guard-deletion"][data-value="active"]')
    page.by_id("policy-nsaas-guard-deletion-text").click()
    page.by_id("policy-nsaas-guard-deletion-manifest").wait_for()
    manifest = page.by_id("policy-nsaas-guard-deletion-manifest").inner_text()
    assert "kind: ValidatingAdmissionPolicyBinding" in manifest
    ensure_fit(page.page)
    page.by_id("tab-integrations").click()
    page.page.wait_for_selector('[data-testid="integration-metrics"][data-value="absent"]')
    ensure_fit(page.page)
    page.by_id("tab-preflight").click()
    page.page.wait_for_selector('[data-testid="right-namespaces"][data-value="pass"]')
    ensure_fit(page.page)
    assert needed_width(page.page, 320) <= 320
    page.by_id("platform-again").click()
    page.page.locator('[data-testid="announcer"]:has-text("Checked again.")').wait_for(
        state="attached"
    )
