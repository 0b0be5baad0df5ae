"""Teams, overview and status in a real browser: changed by one, seen at once by the other."""

import pytest

from tests.e2e.conftest import Visiting
from tests.support.accessibility import findings
from tests.support.browser import Visit
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.support.waiting import eventually_sync

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def team(served: ServedPortal) -> str:
    """A team that frontend-lead leads, and nobody else is in."""
    name = fresh_name("team")[:30].rstrip("-")
    with served.client("admin") as client:
        body = {"display_name": f"Team {name}", "groups": {"lead": ["frontend-leads"]}}
        assert client.put(f"/teams/{name}", json=body).status_code == 200
    return name


def test_an_admin_sets_a_budget_and_the_lead_sees_it_at_once(visit: Visiting, team: str) -> None:
    lead = visit("frontend-lead").goto(f"/teams/{team}")
    lead.page.wait_for_selector('[data-testid="team-budget-cpu"][data-hard="16"]')
    assert lead.by_id("team-edit").get_attribute("aria-disabled") == "true"
    assert "Only a platform admin" in lead.by_id("edit-reason").inner_text()

    admin = visit("admin").goto("/teams")
    admin.by_id("filter-q").fill(team)
    admin.page.wait_for_url(f"**/teams?q={team}")
    admin.by_id(f"team-row-{team}-link").click()
    admin.by_id("team-edit").click()
    admin.by_id("field-cpu").fill("lots")
    admin.by_id("field-memory").focus()
    admin.by_id("error-cpu").wait_for()
    admin.by_id("field-cpu").fill("24")
    admin.by_id("field-memory").focus()
    admin.by_id("error-cpu").wait_for(state="detached")
    admin.by_id("team-submit").click()
    admin.by_id("dialog-edit").wait_for(state="detached")

    lead.page.wait_for_selector('[data-testid="team-budget-cpu"][data-hard="24"]')
    admin.page.wait_for_selector('[data-testid="team-budget-cpu"][data-hard="24"]')


def test_a_lead_adds_a_group_and_is_told_that_nobody_was_seen_with_it(
    visit: Visiting, team: str
) -> None:
    lead = visit("frontend-lead").goto(f"/teams/{team}?tab=members")
    lead.by_id("member-frontend-lead").wait_for()
    lead.by_id("team-members").click()
    lead.by_id("field-developer").fill("contractors")
    lead.by_id("field-viewer").focus()
    lead.by_id("warning-developer").wait_for()
    lead.by_id("team-submit").click()
    group = lead.page.locator('[data-testid="group-contractors"][data-state="unseen"]')
    group.wait_for()


def provisioned(served: ServedPortal, team: str, **spec: object) -> str:
    """A ready development namespace of the team."""
    name = fresh_name()
    wanted = {"name": name, "team": team, "environment": "development", **spec}
    with served.client("frontend-lead") as client:
        asked = client.post("/requests", json={"spec": wanted})
        path = f"/requests/{asked.json()['request_id']}"
        wait_completed(client, path)
    return name


def place_of(page: Visit, test_id: str) -> object:
    return page.by_id(test_id).bounding_box()


def test_all_that_ends_soon_is_renewed_by_keyboard_and_nothing_jumps(
    visit: Visiting, served: ServedPortal, team: str
) -> None:
    name = provisioned(served, team, expires_in_days=3)
    page = visit("frontend-lead").goto(f"/teams/{team}")
    page.wait_value("ending-count", "1")
    page.by_id("shares-as-table").click()
    page.wait_value(f"share-{name}-cpu", "1")
    before = place_of(page, "team-budget")
    keyboard = page.page.keyboard

    page.by_id("renew-all").focus()
    keyboard.press("Enter")
    page.by_id("dialog-renew-all").wait_for()
    assert place_of(page, "team-budget") == before
    assert findings(page.page) == []
    keyboard.press("Escape")
    page.by_id("dialog-renew-all").wait_for(state="detached")
    page.page.locator('[data-testid="renew-all"]:focus').wait_for()

    keyboard.press("Enter")
    page.by_id("renew-all-submit").focus()
    keyboard.press("Enter")
    page.page.locator(f'[data-testid="renew-line-{name}"][data-state="accepted"]').wait_for()
    page.by_id("dialog-cancel").focus()
    keyboard.press("Enter")
    # The button stays, and says why there is nothing left to do.
    page.page.locator('[data-testid="renew-all"]:focus').wait_for()
    page.wait_value("ending-count", "0", within_s=60)
    page.page.get_by_text("Nothing ends within 14 days.").wait_for()


def test_the_overview_leads_to_what_it_counts(
    visit: Visiting, served: ServedPortal, team: str
) -> None:
    provisioned(served, team)
    page = visit("frontend-lead").goto("/")
    page.by_id("counts-chart").wait_for()
    page.by_id("window-24h").click()
    page.page.wait_for_url("**/?window=24h")
    page.page.get_by_text("last 24 hours").first.wait_for()
    assert page.by_id("scope-mine").count() == 0
    page.by_id("counts-as-table").click()
    rows = page.by_id("counts-table").locator("tbody tr")
    eventually_sync(lambda: rows.count() == 24, what="a row an hour")
    page.by_id(f"use-{team}").click()
    page.page.wait_for_url(f"**/teams/{team}")
    page.wait_value("team-namespaces", "1")


def test_status_says_how_every_part_is(visit: Visiting) -> None:
    page = visit("frontend-viewer").goto("/status")
    page.page.wait_for_selector('[data-testid="check-policies"][data-value="ok"]')
    page.page.wait_for_selector('[data-testid="check-rights"][data-value="ok"]')
    assert page.by_id("check-policies-link").count() == 0, "how it is set is for admins"
    page.by_id("status-again").click()
    page.page.locator('[data-testid="announcer"]:has-text("Checked again.")').wait_for(
        state="attached"
    )
    page.by_id("kind-Namespace").wait_for()
