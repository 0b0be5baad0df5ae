"""Pages without what they are about: empty, refused, failed, and with a word on what was done."""

import re
from typing import Final

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.browser import Visit
from tests.support.fitness import unfit
from tests.support.inspecting import needed_width
from tests.support.names import fresh_name
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")

PHONE: Final = 390
NOBODYS: Final = "q=nobody-has-this-name"
EMPTY: Final = {
    f"/namespaces?{NOBODYS}": "empty-filter",
    f"/teams?{NOBODYS}": "empty-filter",
    "/requests?status=failed&namespace=nobody-has-this-name": "requests-card",
    f"/audit?{NOBODYS}": "empty-filter",
    "/approvals?state=decided": "approvals-list",
    "/exports?namespace=nobody-has-this-name": "exports-empty",
}
"""Pages that find nothing, and what says so; as an admin, who may open all of them."""
REFUSED: Final = {
    "/audit": "error-card",
    "/cleanup": "error-card",
    "/namespaces/nobody-has-this-name": "not-found",
    "/requests/req-none": "not-found",
    "/teams/nobodys": "not-found",
    "/nothing-of-that-name": "not-found",
}
"""Pages that a developer does not get, and what says so."""


def look_at(page: Visit) -> list[str]:
    """Everything that is wrong with what is shown, in both themes and on a phone."""
    inside, found = page.page, unfit(page.page)
    if (needed := needed_width(inside, PHONE)) > PHONE:
        found.append(f"it needs {needed} px at {PHONE} px")
    inside.set_viewport_size({"width": 1440, "height": 900})
    return found


def walk(page: Visit, paths: dict[str, str]) -> list[str]:
    found: list[str] = []
    for path, shown in paths.items():
        page.goto(path)
        page.by_id(shown).first.wait_for()
        found += [f"{path}: {line}" for line in look_at(page)]
    return found


def test_pages_that_find_nothing_say_so_to_everybody(visit: Visiting) -> None:
    page = visit("admin", color_scheme="light", reduced_motion="reduce")
    assert walk(page, EMPTY) == []


def test_pages_that_are_refused_say_why_to_everybody(visit: Visiting) -> None:
    page = visit("frontend-dev", color_scheme="light", reduced_motion="reduce")
    with page.forgiving("404"):
        assert walk(page, REFUSED) == []


def test_a_request_that_failed_tells_everybody_how_to_go_on(
    visit: Visiting, served: ServedPortal
) -> None:
    name = fresh_name("hopeless")
    spec = {"name": name, "team": "frontend", "environment": "production", "cost_center": "web-1"}
    body = {"spec": spec, "justification": "The shop goes live for everybody on Monday."}
    with served.client("frontend-dev") as client:
        path = f"/requests/{client.post('/requests', json=body).json()['request_id']}"
    with served.client("admin") as client:
        client.post(f"{path}/reject", json={"comment": "Not before it was tested."})
        eventually_sync(lambda: client.get(path).json()["status"] == "failed", within_s=60)
    page = visit("frontend-dev", color_scheme="light", reduced_motion="reduce").goto(path)
    page.wait_value("request-status", "failed")
    assert look_at(page) == []


def test_what_was_done_is_said_where_everybody_reads_it(visit: Visiting) -> None:
    page = visit("frontend-lead", color_scheme="light", reduced_motion="reduce")
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/namespaces")
    page.wait_value("live-indicator", "live")
    page.by_id("copy-link").click()
    page.page.locator("[data-sonner-toast]").get_by_text("Copied the link.").wait_for()
    assert findings(page.page) == []
    page.page.emulate_media(color_scheme="dark")
    page.page.wait_for_selector("html.dark")
    page.by_id("copy-link").click()
    page.page.locator("[data-sonner-toast]").get_by_text("Copied the link.").first.wait_for()
    assert findings(page.page) == []
    toaster = page.page.locator("section[aria-live]").first
    assert re.match("polite", toaster.get_attribute("aria-live") or "")


def test_where_the_system_alone_says_the_colours_what_can_be_chosen_has_an_edge(
    visit: Visiting,
) -> None:
    page = visit("frontend-dev", forced_colors="active").goto("/new")
    for test_id in ("field-also-testing", "field-environment-testing"):
        choice = page.by_id(test_id)
        choice.wait_for()
        edge = choice.evaluate("choice => getComputedStyle(choice).outlineStyle")
        assert edge == "solid", test_id
