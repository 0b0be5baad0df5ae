"""Every page: in every width and both themes, without an error, and for nobody who is not in."""

import re

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import serious_findings
from tests.support.names import fresh_name
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")

WIDTHS = (1440, 1024, 390)
LOADED = {
    "/": "recent",
    "/namespaces": "namespaces-card",
    "/namespaces/{name}": "namespace-health",
    "/namespaces/{name}?tab=quota": "quota-table",
    "/namespaces/{name}?tab=workloads": "workloads-empty",
    "/namespaces/{name}?tab=network": "connectivity",
    "/namespaces/{name}?tab=access": "proven-at",
    "/namespaces/{name}?tab=events": "events-empty",
    "/namespaces/{name}?tab=activity": "entries",
    "/namespaces/{name}?tab=yaml": "yaml-text",
    "/namespaces/{name}?tab=settings": "settings-danger",
    "/new": "wizard-step-basics",
    "/requests": "requests-card",
    "/requests/{request_id}": "request-ready",
    "/audit": "audit-card",
    "/?window=7d": "counts",
    "/teams": "team-row-frontend",
    "/teams/frontend": "team-budget-cpu",
    "/teams/frontend?tab=members": "members-card",
    "/teams/frontend?tab=namespaces": "namespaces-table",
    "/teams/frontend?tab=cost": "cost-chart",
    "/teams/frontend?tab=scorecard": "rule-healthy",
    "/exports": "exports-card",
    "/inbox": "inbox-card",
    "/status": "check-policies",
    "/insights": "insight-row-frontend",
    "/insights?view=cost&window=7d": "insight-row-frontend",
    "/insights?view=rightsizing": "insight-row-{name}",
    "/insights?view=provisioning": "insight-row-namespace",
    "/catalog": "tiers-table",
    "/catalog?kind=templates": "template-basic-web-app",
    "/catalog?kind=environments": "environments-table",
}
"""Each page, and what it shows once its data is there."""


@pytest.fixture(scope="module")
def things(served: ServedPortal) -> dict[str, str]:
    """A namespace with the longest name there is, and its request."""
    name = fresh_name("a-name-as-long-as-names-may-be-" + "x" * 21)
    assert len(name) == 63
    spec = {"name": name, "team": "frontend", "environment": "staging", "description": "word " * 90}
    with served.client("frontend-lead") as client:
        request_id = client.post("/requests", json={"spec": spec}).json()["request_id"]
        path = f"/requests/{request_id}"
        eventually_sync(lambda: client.get(path).json()["status"] == "completed", within_s=60)
    return {"name": name, "request_id": request_id}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_fits_every_width_and_shuts_nobody_out_in_both_themes(
    visit: Visiting, things: dict[str, str], theme: str
) -> None:
    page = visit("frontend-lead", color_scheme=theme)
    found: list[str] = []
    for path, shown in LOADED.items():
        page.goto(path.format(**things))
        page.by_id(shown.format(**things)).first.wait_for()
        page.wait_value("live-indicator", "live")
        assert page.page.evaluate("document.documentElement.classList.contains('dark')") is (
            theme == "dark"
        )
        found += [f"{path} in {theme}: {line}" for line in serious_findings(page.page)]
        for width in WIDTHS:
            page.page.set_viewport_size({"width": width, "height": 900})
            needed = page.page.evaluate("document.documentElement.scrollWidth")
            assert needed <= width, f"{path} needs {needed} px at {width} px in {theme}"
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_cleanup_page_of_an_admin_fits_every_width_in_both_themes(
    visit: Visiting, theme: str
) -> None:
    page = visit("admin", color_scheme=theme).goto("/cleanup")
    page.by_id("rules-card").wait_for(timeout=60_000)
    page.wait_value("live-indicator", "live")
    assert serious_findings(page.page) == []
    for width in WIDTHS:
        page.page.set_viewport_size({"width": width, "height": 900})
        needed = page.page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"/cleanup needs {needed} px at {width} px in {theme}"


def test_the_theme_changes_without_a_reload_and_is_remembered(visit: Visiting) -> None:
    page = visit("frontend-dev", color_scheme="light").goto("/")
    page.wait_value("live-indicator", "live")
    page.page.evaluate("window.notReloaded = true")

    page.by_id("theme-menu").click()
    page.by_id("theme-dark").click()
    page.page.wait_for_selector("html.dark")

    assert page.page.evaluate("window.notReloaded")
    page.page.reload()
    page.page.wait_for_selector("html.dark")

    # It is kept for the person: other visits of theirs follow their system again.
    page.by_id("theme-menu").click()
    page.by_id("theme-system").click()
    page.page.wait_for_selector("html.light")
    page.page.wait_for_selector('[data-testid="theme-menu"][data-value="system"]')


@pytest.mark.parametrize("path", ["/", "/new", "/namespaces?q=shop", "/requests/req-1", "/nothing"])
def test_nobody_sees_a_page_before_signing_in(visit: Visiting, path: str) -> None:
    nobody = visit(None).goto(path)

    assert nobody.page.title() == "Sign in · NSaaS"
    assert "nsaas dev sign-in-url" in nobody.page.locator("main").inner_text()
    assert nobody.page.locator("[data-testid]").count() == 0


def test_the_one_time_address_of_the_command_opens_the_portal_once(
    visit: Visiting, served: ServedPortal
) -> None:
    address = served.sign_in_url("payments-lead").removeprefix(served.url)
    somebody, late = visit(None), visit(None)

    somebody.goto(address)
    somebody.by_id("user-name").wait_for()
    assert somebody.by_id("user-name").inner_text() == "Payments Lead"
    with late.forgiving("403"):
        late.goto(address)
        assert "was used or has expired" in late.page.locator("main").inner_text()


@pytest.mark.parametrize(
    "path", ["/nothing", "/namespaces/no-such-namespace", "/requests/req-none", "/teams/none"]
)
def test_what_is_not_there_has_a_page_that_says_so(visit: Visiting, path: str) -> None:
    page = visit("frontend-dev")
    with page.forgiving("404"):
        page.goto(path)
        page.by_id("not-found").wait_for()
    assert page.by_id("user-name").inner_text() == "Frontend Dev"


def test_another_teams_things_look_exactly_like_absent_ones(
    visit: Visiting, things: dict[str, str]
) -> None:
    stranger = visit("payments-dev")
    texts = []
    for name in (things["name"], "no-such-namespace"):
        stranger.goto(f"/namespaces/{name}")
        # What the tab showed before stands there until the page has its own.
        stranger.by_id("not-found").get_by_text(name).wait_for()
        texts.append(stranger.page.locator("#main").inner_text().replace(name, "it"))

    assert texts[0] == texts[1]


def test_signing_out_in_one_tab_empties_the_other(visit: Visiting, things: dict[str, str]) -> None:
    first = visit("frontend-lead").goto("/namespaces")
    first.by_id(f"namespace-row-{things['name']}").wait_for()
    second = first.page.context.new_page()
    second.goto(f"{first.portal.url}/")
    second.get_by_test_id("user-menu").click()
    second.get_by_test_id("sign-out").click()
    second.get_by_text("You are signed out").wait_for()

    # Its connection is cut a moment later, and the browser says of each new try what came of it.
    with first.forgiving("WebSocket"):
        first.by_id("signed-out").wait_for()

        assert things["name"] not in first.page.content()
        first.by_id("sign-in-again").click()
        first.page.wait_for_url(re.compile(r"/auth/login\?next="))
    assert first.page.title().startswith("Sign in")


def test_a_template_is_found_in_the_catalog_and_used(visit: Visiting) -> None:
    page = visit("frontend-dev").goto("/")
    page.wait_value("live-indicator", "live")
    page.by_id("nav-catalog").click()
    page.by_id("tiers-table").wait_for()
    page.by_id("kind-templates").click()
    page.by_id("template-use-batch-jobs").click()
    page.by_id("wizard-step-basics").wait_for()
    page.page.get_by_text("Batch jobs").first.wait_for()
