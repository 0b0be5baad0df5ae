"""Menus and dialogs: they move nothing, shut nobody out, and give the focus back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.browser import Visit
from tests.support.inspecting import bare_words, count_shifts, shifts, small, unmarked, untimed
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal

pytestmark = pytest.mark.xdist_group("browser")


@dataclass(frozen=True)
class Overlay:
    """Something that opens over a page."""

    path: str
    opener: str
    shown: str
    """A selector of what is there once it is open."""
    who: str = "frontend-lead"
    gives_back: str = ""
    """What has the focus after it is closed, where that is not the opener."""


def _id(test_id: str) -> str:
    return f'[data-testid="{test_id}"]'


MOST_SHIFTED: Final = 0.05
MENU: Final = '[role="menu"]'
POPOVER: Final = '[role="dialog"]'

OVERLAYS: Final = {
    "theme": Overlay("/teams", "theme-menu", _id("theme-dark")),
    "account": Overlay("/teams", "user-menu", _id("sign-out")),
    "palette": Overlay("/teams", "palette-open", _id("palette-item-page-teams")),
    "filter": Overlay("/namespaces", "filter-team", POPOVER),
    "saved views": Overlay("/namespaces", "views", _id("view-save")),
    "row menu": Overlay("/namespaces?q={name}", "namespace-row-{name}-menu", MENU),
    "renew": Overlay("/namespaces/{name}", "action-renew", _id("dialog-renew")),
    "resize": Overlay("/namespaces/{name}", "action-resize", _id("dialog-resize")),
    "sleep": Overlay("/namespaces/{name}", "action-sleep", _id("dialog-sleep")),
    "details": Overlay(
        "/namespaces/{name}?tab=settings", "action-describe", _id("dialog-describe")
    ),
    "schedule": Overlay(
        "/namespaces/{name}?tab=settings", "action-schedule", _id("dialog-schedule")
    ),
    "release": Overlay("/namespaces/{name}?tab=settings", "action-release", _id("dialog-release")),
    "members": Overlay("/teams/frontend?tab=members", "team-members", _id("field-developer")),
    "budget": Overlay("/teams/frontend", "team-edit", _id("field-cpu"), who="admin"),
    "new team": Overlay("/teams", "team-create", _id("field-name"), who="admin"),
}
"""Every menu and dialog of every page, by name."""


@pytest.fixture(scope="module")
def name(served: ServedPortal) -> str:
    """A ready development namespace of team frontend."""
    found = fresh_name("over")
    spec = {"name": found, "team": "frontend", "environment": "development"}
    with served.client("frontend-lead") as client:
        path = f"/requests/{client.post('/requests', json={'spec': spec}).json()['request_id']}"
        wait_completed(client, path)
    return found


_WHERE: Final = """() => {
  const {x, y, width} = document.querySelector("main").getBoundingClientRect();
  return JSON.stringify({x, y, width});
}"""
"""Not how long it is: news may come meanwhile."""
_HAS_FOCUS: Final = "testId => document.activeElement.dataset.testid === testId"


def wrong(page: Page, *, of_colours: bool = False) -> list[str]:
    """What axe finds; a menu that is open belongs to no landmark, and needs none."""
    found = findings(page, of_colours=of_colours)
    return [line for line in found if not line.startswith("region: .rt-ScrollArea")]


def look_at(page: Visit, overlay: Overlay, opener: str) -> list[str]:
    """Open it by keyboard, look at it in both themes, and close it again."""
    inside, found = page.page, []
    page.by_id(opener).focus()
    where = inside.evaluate(_WHERE)
    inside.keyboard.press("Enter")
    inside.locator(overlay.shown).first.wait_for()
    if inside.evaluate(_WHERE) != where:
        found.append(f"the page moves under it: {where} {inside.evaluate(_WHERE)}")
    if (heads := inside.locator("h1").count()) != 1:
        found.append(f"a page has one heading above all others, here are {heads}")
    found += [f"no test id: {line}" for line in unmarked(inside)]
    found += [f"a moment without its machine value: {line}" for line in untimed(inside)]
    found += [f"not our words: {line}" for line in bare_words(inside)]
    found += [f"light: {line}" for line in wrong(inside)]
    inside.emulate_media(color_scheme="dark")
    inside.wait_for_selector("html.dark")
    found += [f"dark: {line}" for line in wrong(inside, of_colours=True)]
    inside.emulate_media(color_scheme="light")
    inside.keyboard.press("Escape")
    inside.locator(overlay.shown).first.wait_for(state="detached")
    inside.locator(f"{_id(overlay.gives_back or opener)}:focus").wait_for()
    return found


def walk(visit: Visiting, name: str, wanted: Callable[[Overlay], bool]) -> list[str]:
    """Look at all that are wanted; each page is opened once for those that follow each other."""
    found: list[str] = []
    pages: dict[str, Visit] = {}
    at: dict[str, str] = {}
    for what, overlay in OVERLAYS.items():
        if not wanted(overlay):
            continue
        if overlay.who not in pages:
            pages[overlay.who] = visit(overlay.who, color_scheme="light", reduced_motion="reduce")
        page, path = pages[overlay.who], overlay.path.format(name=name)
        if at.get(overlay.who) != path:
            page.goto(path)
            page.wait_value("live-indicator", "live")
            at[overlay.who] = path
        opener = overlay.opener.format(name=name)
        page.by_id(opener).wait_for()
        found += [f"{what}: {line}" for line in look_at(page, overlay, opener)]
    return found


def test_menus_and_dialogs_of_lists_and_of_the_frame(visit: Visiting, name: str) -> None:
    found = walk(visit, name, lambda one: not one.path.startswith("/namespaces/"))
    assert found == [], "\n".join(found)


def test_dialogs_of_a_namespace(visit: Visiting, name: str) -> None:
    found = walk(visit, name, lambda one: one.path.startswith("/namespaces/"))
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_drawer_and_sheet_of_a_phone(visit: Visiting, name: str, theme: str) -> None:
    page = visit(
        "frontend-lead", color_scheme=theme, viewport={"width": 390, "height": 844},
        reduced_motion="reduce", has_touch=True,
    )  # fmt: skip
    count_shifts(page.page)
    page.goto("/namespaces").wait_value("live-indicator", "live")
    page.page.locator("tbody tr").first.wait_for()
    # Header and filters keep their lines, however late it is known what they say.
    shifted, what = shifts(page.page)
    assert shifted < MOST_SHIFTED, what
    assert small(page.page) == []
    page.by_id("nav-open").click()
    page.by_id("drawer-namespaces").wait_for()
    assert findings(page.page) == []
    assert unmarked(page.page) == []
    page.page.keyboard.press("Escape")
    page.by_id("drawer-namespaces").wait_for(state="detached")
    page.page.locator('[data-testid="nav-open"]:focus').wait_for()
    page.by_id("filter-sheet-open").click()
    page.by_id("filter-team-frontend").click()
    page.by_id("chip-team-frontend").wait_for(state="attached")
    assert findings(page.page) == []
    page.by_id("filter-sheet-done").click()
    page.by_id("filter-sheet").wait_for(state="detached")
    page.page.locator('[data-testid="filter-sheet-open"]:focus').wait_for()
