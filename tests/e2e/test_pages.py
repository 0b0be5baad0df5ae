"""Every page: for everybody, in every width and both themes, and for nobody who is not in."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.browser import Visit
from tests.support.inspecting import (
    bare_words,
    count_shifts,
    moving,
    needed_width,
    shifts,
    tab_through,
    unmarked,
    untimed,
)
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.ui.test_page_walk import NEEDS

pytestmark = pytest.mark.xdist_group("browser")

PHONE = 390
WIDTHS = (1440, 1024, PHONE, 320)
PARTS = 4
"""A test that takes too long is taken for one that hangs."""
MOST_SHIFTED = 0.05
ZONES = ("skip", "side", "head", "main", "foot")
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
    "/approvals": "approvals-list",
    "/settings?tab=tokens": "token-form",
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
LOADED_FOR_ADMINS = {"/cleanup": "rules-card"}


@pytest.fixture(scope="module")
def things(served: ServedPortal) -> dict[str, str]:
    """A namespace with the longest name there is, its request, and one with a usual name."""
    plain, name = fresh_name("plain"), fresh_name("a-name-as-long-as-names-may-be-" + "x" * 21)
    assert len(name) == 63
    spec = {"name": name, "team": "frontend", "environment": "staging", "description": "word " * 90}
    with served.client("frontend-lead") as client:
        ids = [
            client.post("/requests", json={"spec": each}).json()["request_id"]
            for each in (spec, spec | {"name": plain, "description": ""})
        ]
        for request_id in ids:
            path = f"/requests/{request_id}"
            wait_completed(client, path)
    return {"name": name, "plain": plain, "request_id": ids[0], "plain_request_id": ids[1]}


def load(page: Visit, path: str) -> None:
    """Open a path as a tab does that has just been opened."""
    if page.page.url.startswith("http"):
        page.page.evaluate("sessionStorage.clear()")
    page.goto(path)


def look_at(page: Visit, shown: str) -> list[str]:
    """Everything that is wrong with the page that is open, in both themes and every width."""
    page.by_id(shown).first.wait_for()
    page.wait_value("live-indicator", "live")
    inside, found = page.page, []
    if count := moving(inside):
        found.append(f"{count} animations run, and none is wanted")
    found += [f"no test id: {line}" for line in unmarked(inside)]
    found += [f"a moment without its machine value: {line}" for line in untimed(inside)]
    found += [f"not our words: {line}" for line in bare_words(inside)]
    found += ensure_keyboard_order(tab_through(inside))
    found += [f"light: {line}" for line in findings(inside)]
    inside.emulate_media(color_scheme="dark")
    inside.wait_for_selector("html.dark")
    found += [f"dark: {line}" for line in findings(inside)]
    for width in WIDTHS:
        needed = needed_width(inside, width)
        if needed > width:
            found.append(f"it needs {needed} px at {width} px")
        if width == PHONE:
            found += [f"dark, {width} px: {line}" for line in findings(inside)]
    inside.emulate_media(color_scheme="light")
    inside.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def moved(page: Visit) -> list[str]:
    """What moved while the page was filled, by nobody's doing, if it was too much."""
    shifted, what = shifts(page.page)
    return [f"moved by {shifted:.3f}: {what}"] if shifted >= MOST_SHIFTED else []


@pytest.fixture
def long_named_team(served: ServedPortal) -> Iterator[None]:
    """One more team of frontend-lead, with a long name for as long as a test runs."""
    name = fresh_name("wide")[:30].rstrip("-")
    with served.client("admin") as client:
        for shown in ("The people who look after shop windows, " * 2, name):
            body = {"display_name": shown.strip(), "groups": {"lead": ["frontend-leads"]}}
            client.put(f"/teams/{name}", json=body).raise_for_status()
            if shown != name:
                yield


def test_the_length_of_a_teams_name_moves_nothing(visit: Visiting, long_named_team: None) -> None:
    page = visit("frontend-lead", reduced_motion="reduce")
    count_shifts(page.page)
    for path in ("/insights", "/insights?view=provisioning"):
        load(page, path)
        page.by_id("answer").wait_for()
        page.wait_value("live-indicator", "live")
        assert moved(page) == []


def ensure_keyboard_order(stops: list[dict[str, Any]]) -> list[str]:
    """What is wrong with the way of the focus: skip link, sidebar, header, content, footer."""
    found = [f"the focus is not seen at {stop['text']}" for stop in stops if not stop["is_seen"]]
    places = [ZONES.index(stop["zone"]) for stop in stops]
    if places != sorted(places) or places[:1] != [0]:
        found.append(f"the focus goes {' '.join(stop['zone'] for stop in stops)}")
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_fit_for_everybody(
    visit: Visiting, things: dict[str, str], part: int
) -> None:
    page = visit("frontend-lead", color_scheme="light", reduced_motion="reduce")
    count_shifts(page.page)
    found: list[str] = []
    for path, shown in list(LOADED.items())[part::PARTS]:
        load(page, path.format(**things))
        page.by_id(shown.format(**things)).first.wait_for()
        page.wait_value("live-indicator", "live")
        if "{name}" not in path and "{request_id}" not in path:
            # The longest name there is takes a line more than any other as soon as it is known.
            # Now, and not later: whoever looks at it next makes the window narrower.
            found += [f"{path}: {line}" for line in moved(page)]
        found += [f"{path}: {line}" for line in look_at(page, shown.format(**things))]
    assert found == [], "\n".join(found)


def test_a_page_about_one_namespace_stands_still_while_it_is_filled(
    visit: Visiting, things: dict[str, str]
) -> None:
    page = visit("frontend-lead", reduced_motion="reduce")
    count_shifts(page.page)
    found: list[str] = []
    usual = {"name": things["plain"], "request_id": things["plain_request_id"]}
    for path, shown in LOADED.items():
        if path.startswith(("/namespaces/", "/requests/")):
            load(page, path.format(**usual))
            page.by_id(shown).first.wait_for()
            page.wait_value("live-indicator", "live")
            found += [f"{path}: {line}" for line in moved(page)]
    assert found == [], "\n".join(found)


def test_pages_of_an_admin_are_fit_for_everybody(visit: Visiting) -> None:
    page = visit("admin", color_scheme="light", reduced_motion="reduce")
    count_shifts(page.page)
    found: list[str] = []
    for path, shown in LOADED_FOR_ADMINS.items():
        load(page, path)
        found += [f"{path}: {line}" for line in look_at(page, shown)]
    assert found == [], "\n".join(found)


def test_every_page_there_is_is_looked_at() -> None:
    parts = {"{name}": "[name]", "{request_id}": "[id]", "/frontend": "/[team]"}
    seen = {"404"}
    for path in [*LOADED, *LOADED_FOR_ADMINS]:
        route = path.partition("?")[0].removeprefix("/") or "index"
        for value, part in parts.items():
            route = route.replace(value, part)
        seen.add(route)
    assert seen == NEEDS.keys()


def test_fonts_are_ours_and_loaded(visit: Visiting) -> None:
    page = visit("frontend-dev").goto("/")
    page.wait_value("live-indicator", "live")
    page.page.evaluate("document.fonts.ready.then(() => true)")
    loaded = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
    assert {"Inter Variable"} <= {str(one).strip('"') for one in page.page.evaluate(loaded)}
    files = "performance.getEntriesByType('resource').map(e => e.name).filter(n => /woff2/.test(n))"
    ahead = "[...document.querySelectorAll('link[rel=preload][as=font]')].map(e => e.href)"
    assert sorted(page.page.evaluate(files)) == sorted(page.page.evaluate(ahead))
    assert len(page.page.evaluate(ahead)) == 2


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


PAINTED = """
  window.painted = [];
  const look = () => {
    if (document.body?.innerText.trim()) {
      const shade = getComputedStyle(document.documentElement).backgroundColor;
      if (shade !== window.painted.at(-1)) window.painted.push(shade);
    }
    requestAnimationFrame(look);
  };
  look();
"""
"""Notes the ground of every frame in which there is something to see."""


def test_a_page_never_flashes_in_the_other_theme(visit: Visiting, of_nobody_else: str) -> None:
    page = visit(of_nobody_else, color_scheme="light").goto("/teams")
    page.wait_value("live-indicator", "live")
    page.by_id("theme-menu").click()
    page.by_id("theme-dark").click()
    page.page.wait_for_selector("html.dark")
    page.page.add_init_script(PAINTED)

    page.goto("/teams")
    page.wait_value("live-indicator", "live")

    assert page.page.evaluate("window.painted") == ["rgb(2, 6, 23)"]


@pytest.mark.parametrize("path", ["/", "/new", "/namespaces?q=shop", "/requests/req-1", "/nothing"])
def test_nobody_sees_a_page_before_signing_in(visit: Visiting, path: str) -> None:
    nobody = visit(None).goto(path)

    assert nobody.page.title() == "Sign in · NSaaS"
    assert "nsaas dev sign-in-url" in nobody.page.locator("main").inner_text()
    assert nobody.by_id("live-indicator").count() == 0
    assert findings(nobody.page) == []
    assert unmarked(nobody.page) == []


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
