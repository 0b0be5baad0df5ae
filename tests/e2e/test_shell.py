"""The frame in a real browser: all is found and reached by keyboard, the focus where it helps."""

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.browser import Visit
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture(scope="module")
def names(served: ServedPortal) -> list[str]:
    """Two ready namespaces of team frontend whose names begin alike."""
    base = fresh_name("found")[:40].rstrip("-")
    found = [f"{base}-{end}" for end in ("a", "b")]
    with served.client("frontend-lead") as client:
        for name in found:
            spec = {"name": name, "team": "frontend", "environment": "development"}
            asked = client.post("/requests", json={"spec": spec})
            wait_completed(client, f"/requests/{asked.json()['request_id']}")
    return found


def ensure_heading_has_focus(page: Visit, heading: str) -> None:
    page.page.locator('[data-testid="page-title"]:focus', has_text=heading).wait_for()


def live(page: Visit) -> Visit:
    page.wait_value("live-indicator", "live")
    return page


def test_a_namespace_is_found_and_opened_by_keyboard_alone(
    visit: Visiting, names: list[str]
) -> None:
    page = live(visit("frontend-dev").goto("/"))
    keyboard = page.page.keyboard

    keyboard.press("Control+k")
    page.page.locator('[data-testid="palette-input"]:focus').wait_for()
    keyboard.type(names[0][:-2])
    chosen = '[data-testid="palette-item-namespace-{}"][aria-selected="true"]'
    page.page.wait_for_selector(chosen.format(names[0]))
    assert findings(page.page) == []
    keyboard.press("ArrowDown")
    page.page.wait_for_selector(chosen.format(names[1]))
    keyboard.press("Enter")

    page.page.wait_for_url(f"**/namespaces/{names[1]}")
    ensure_heading_has_focus(page, names[1])
    page.by_id("palette").wait_for(state="detached")
    page.page.wait_for_selector("title", state="attached")
    eventually_sync(lambda: page.page.title() == f"{names[1]} · Overview · NSaaS")

    # From one namespace to the other the page stays; the focus goes to its heading all the same.
    keyboard.press("Control+k")
    page.by_id("palette-item-page-overview").wait_for()
    keyboard.type(names[0])
    keyboard.press("Enter")
    page.page.wait_for_url(f"**/namespaces/{names[0]}")
    ensure_heading_has_focus(page, names[0])


def test_what_is_not_found_is_said_and_help_names_the_signs(visit: Visiting) -> None:
    page = live(visit("frontend-viewer").goto("/teams"))
    page.by_id("palette-open").click()
    page.by_id("palette-item-page-teams").wait_for()
    assert page.by_id("palette-item-action-new").count() == 0
    page.by_id("palette-input").fill("no such thing")
    page.by_id("palette-empty").wait_for()
    assert findings(page.page) == []
    page.by_id("palette-input").fill("?")
    page.by_id("palette-help").wait_for()
    assert findings(page.page) == []

    page.page.keyboard.press("Escape")

    page.by_id("palette").wait_for(state="detached")
    page.page.locator('[data-testid="palette-open"]:focus').wait_for()


def test_an_open_palette_does_not_outlive_its_page(visit: Visiting) -> None:
    page = live(visit("frontend-dev").goto("/teams"))
    page.by_id("nav-catalog").click()
    page.by_id("tiers-table").wait_for()
    page.page.keyboard.press("Control+k")
    page.by_id("palette-item-page-teams").wait_for()

    page.page.go_back()

    page.by_id("team-row-frontend").wait_for()
    page.by_id("palette").wait_for(state="detached")


def test_a_page_that_is_reached_has_the_focus_on_its_heading_a_loaded_one_does_not(
    visit: Visiting,
) -> None:
    page = live(visit("frontend-dev").goto("/teams"))
    page.by_id("team-row-frontend").wait_for()
    page.page.keyboard.press("Tab")
    page.page.locator('[data-testid="skip-link"]:focus').wait_for()

    page.by_id("nav-insights").click()
    ensure_heading_has_focus(page, "Insights")
    page.by_id("answer").wait_for()
    announced = page.page.locator('[data-testid="announcer"]', has_text="Usage: ")
    announced.wait_for(state="attached")

    # A filter is no new page: the focus stays where it is.
    page.by_id("filter-team").focus()
    page.by_id("filter-team").select_option("frontend")
    page.page.wait_for_url("**/insights?team=frontend")
    page.page.locator('[data-testid="filter-team"]:focus').wait_for()


def test_insights_show_a_namespace_and_give_it_as_a_file(visit: Visiting, names: list[str]) -> None:
    page = live(visit("frontend-dev").goto("/insights?view=rightsizing"))
    page.by_id(f"insight-row-{names[0]}").wait_for()
    page.by_id("view-cost").click()
    page.page.wait_for_url("**/insights?view=cost")
    page.by_id("insight-row-frontend").wait_for()
    page.by_id("show-table").click()
    page.page.wait_for_url("**/insights?view=cost&show=table")
    page.by_id("chart-table").wait_for()
    with page.page.expect_download() as download:
        page.by_id("chart-csv").click()
    assert download.value.suggested_filename == "usage.csv"
    text = download.value.path().read_text()
    assert text.startswith("day,team,namespaces,")
    assert ",frontend," in text
