"""Teams over the real WebSocket: what one may see, and changes by whom they are given."""

from typing import Any

import pytest

from nsaas_app.domain.names import TeamName
from nsaas_app.domain.team_document import team_to_document
from nsaas_app.teams.change import TeamChange
from nsaas_app.ui.team.state import TeamState
from nsaas_app.ui.team_forms.state import TeamForm
from nsaas_app.ui.teams.state import TeamsState
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.submitting import submitted
from tests.ui.tabs import Pages, Tab


def made(pages: Pages, name: str, **document: Any) -> str:
    """Create a team of frontend-lead."""
    groups = {"groups": {"lead": ["frontend-leads"]}}
    change = TeamChange(actor("admin"), "test")
    pages.run(pages.portal.teams.create(name, groups | document, change))
    return name


def stored(pages: Pages, name: str) -> dict[str, Any]:
    return team_to_document(pages.run(pages.portal.teams.require(TeamName(name))))


def reserved_in(page: dict[str, Any]) -> dict[str, str]:
    return {one["bar"]["key"]: one["bar"]["reserved"] for one in page["bars"]}


async def loaded(tab: Tab, state: type[Any] = TeamState) -> dict[str, Any]:
    await tab.until(lambda: tab.of(state).get("is_loaded"), "the page is there")
    return tab.of(state)


async def test_one_sees_only_teams_of_ones_own(pages: Pages, open_tab: OpenTab) -> None:
    tab = await open_tab("/teams", "payments-dev")
    page = await loaded(tab, TeamsState)
    assert [line["name"] for line in page["rows"]] == ["payments"]
    assert page["counted"] == "1 team"
    assert not page["may_create"]

    foreign = await open_tab("/teams/frontend", "payments-dev")
    await foreign.until(
        lambda: foreign.of(TeamState).get("problem", {}).get("code") == "NOT_FOUND", "not found"
    )


async def test_the_list_is_searched_by_its_address(pages: Pages, open_tab: OpenTab) -> None:
    name = made(pages, fresh_name("found")[:30].rstrip("-"), cost_center="Cc-Hidden")
    tab = await open_tab("/teams?q=cc-hid", "admin")
    page = await loaded(tab, TeamsState)
    assert name in [line["name"] for line in page["rows"]]
    assert all("cc-hid" in stored(pages, line["name"])["cost_center"].lower()
               for line in page["rows"])  # fmt: skip


async def test_what_was_typed_before_the_page_was_left_leads_nowhere(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab = await open_tab("/teams", "admin")
    await loaded(tab, TeamsState)
    await tab.call(TeamsState, "search", text="front")
    await tab.until(lambda: "/teams?q=front" in str(tab.told("_redirect")), "the address follows")
    await tab.go("/teams/frontend")
    await loaded(tab)
    told = len(tab.told("_redirect"))
    await tab.call(TeamsState, "search", text="fronten")
    await tab.call(TeamForm, "begin_create")
    await tab.until(lambda: tab.of(TeamForm).get("action") == "create", "the next event is done")
    assert len(tab.told("_redirect")) == told


async def test_reserved_budget_shows_the_moment_it_is_booked(
    pages: Pages, open_tab: OpenTab
) -> None:
    tab = await open_tab("/teams/frontend", "frontend-viewer")
    page = await loaded(tab)
    before = reserved_in(page)
    assert page["why_not_edit"].startswith("Only a platform admin")
    assert page["why_not_members"].startswith("Only leads of frontend")
    submitted(pages, "frontend-dev", fresh_name("booked"))
    await tab.until(
        lambda: reserved_in(tab.of(TeamState))["cpu"] != before["cpu"],
        "the bar moves",
    )


async def test_an_admin_changes_the_budget_and_mistakes_stand_at_their_fields(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = made(pages, fresh_name("edit")[:30].rstrip("-"))
    tab = await open_tab(f"/teams/{name}", "admin")
    await loaded(tab)
    await tab.call(TeamForm, "begin_edit", name=name)
    await tab.until(lambda: tab.of(TeamForm).get("action") == "edit", "the dialog opens")
    await tab.call(TeamForm, "edit", field="cpu", value="lots")
    await tab.call(TeamForm, "leave", field="cpu")
    await tab.until(lambda: "cpu" in tab.of(TeamForm).get("errors", {}), "the mistake is told")
    await tab.call(TeamForm, "submit_team")
    await tab.until(lambda: tab.told("_focus") or tab.events, "it is refused")
    assert stored(pages, name)["budget"]["requests.cpu"] == "16"

    await tab.call(TeamForm, "edit", field="cpu", value="24")
    await tab.call(TeamForm, "edit", field="production", value="1")
    await tab.call(TeamForm, "submit_team")
    await tab.until(lambda: tab.of(TeamForm).get("action") == "", "the dialog closes")
    assert stored(pages, name)["budget"]["requests.cpu"] == "24"
    assert stored(pages, name)["budget"]["per_environment"]["production"] == 1
    await tab.until(
        lambda: tab.of(TeamState)["bars"][1]["bar"]["hard"] == "24", "the page shows the new limit"
    )


async def test_the_second_of_two_editors_is_told(pages: Pages, open_tab: OpenTab) -> None:
    name = made(pages, fresh_name("two")[:30].rstrip("-"))
    tab = await open_tab(f"/teams/{name}", "admin")
    await loaded(tab)
    await tab.call(TeamForm, "begin_edit", name=name)
    await tab.until(lambda: tab.of(TeamForm).get("action") == "edit", "the dialog opens")
    change = TeamChange(actor("admin"), "test")
    pages.run(pages.portal.teams.change(name, {"cost_center": "first"}, change))

    await tab.call(TeamForm, "edit", field="cost_center", value="second")
    await tab.call(TeamForm, "submit_team")

    await tab.until(
        lambda: tab.of(TeamForm).get("problem", {}).get("code") == "CHANGED_MEANWHILE",
        "the conflict is told",
    )
    assert stored(pages, name)["cost_center"] == "first"


async def test_a_lead_names_groups_and_is_warned_of_unseen_ones(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = made(pages, fresh_name("lead")[:30].rstrip("-"))
    tab = await open_tab(f"/teams/{name}?tab=members", "frontend-lead")
    # Who was seen is looked up once in a while.
    await tab.until(
        lambda: (
            [(one["subject"], one["role"]) for one in tab.of(TeamState).get("members", [])]
            == [("frontend-lead", "Lead")]
        ),
        "the member is seen",
    )
    await tab.call(TeamForm, "begin_members", name=name)
    await tab.until(lambda: tab.of(TeamForm).get("action") == "members", "the dialog opens")
    await tab.call(TeamForm, "edit", field="developer", value="nobodys\n\n")
    await tab.call(TeamForm, "leave", field="developer")
    await tab.until(
        lambda: (
            tab.of(TeamForm).get("warnings", {}).get("developer")
            == "nobodys matches nobody seen so far."
        ),
        "the warning",
    )
    await tab.call(TeamForm, "submit_members")
    await tab.until(lambda: tab.of(TeamForm).get("action") == "", "the dialog closes")
    assert stored(pages, name)["groups"]["developer"] == ["nobodys"]


async def test_who_may_not_is_refused_whatever_the_page_shows(
    pages: Pages, open_tab: OpenTab
) -> None:
    before = stored(pages, "frontend")
    tab = await open_tab("/teams/frontend", "frontend-lead")
    await loaded(tab)
    await tab.call(TeamForm, "begin_edit", name="frontend")
    await tab.until(lambda: tab.toasts, "the refusal")
    assert tab.of(TeamForm).get("action", "") == ""
    assert stored(pages, "frontend") == before


@pytest.mark.parametrize(("come", "leave"), [("hold", "release"), ("focus_came", "focus_left")])
async def test_a_new_team_waits_until_nobody_is_at_the_rows(
    pages: Pages, open_tab: OpenTab, come: str, leave: str
) -> None:
    prefix = fresh_name("held")[:24].rstrip("-")
    first = made(pages, f"{prefix}-a")
    tab = await open_tab(f"/teams?q={prefix}", "admin")

    def names() -> list[str]:
        return [line["name"] for line in tab.of(TeamsState).get("rows", [])]

    await tab.until(lambda: names() == [first], "the team is listed")
    await tab.call(TeamsState, come)
    # Events are taken one after the other: after this one's answer the rows are held.
    await tab.call(TeamsState, "go_to", page=1)
    await tab.until(lambda: tab.told("_redirect"), "the event before is done")

    second = made(pages, f"{prefix}-b")
    await tab.until(lambda: tab.of(TeamsState).get("waiting") == 1, "the new one waits")
    assert names() == [first]

    await tab.call(TeamsState, leave)
    await tab.until(lambda: names() == [first, second], "it comes in")
    assert tab.of(TeamsState)["waiting"] == 0


async def test_a_wish_for_budget_goes_from_the_lead_to_the_admin_and_is_set(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = made(pages, fresh_name("wish")[:30].rstrip("-"))
    lead = await open_tab(f"/teams/{name}", "frontend-lead")
    await loaded(lead)
    await lead.call(TeamForm, "begin_ask", name=name)
    await lead.until(lambda: lead.of(TeamForm).get("action") == "ask", "the dialog opens")
    await lead.call(TeamForm, "submit_ask")
    await lead.until(lambda: "reason" in lead.of(TeamForm).get("errors", {}), "it says what lacks")
    await lead.call(TeamForm, "edit", field="cpu", value="32")
    await lead.call(TeamForm, "edit", field="reason", value="Three more countries to open in")
    await lead.call(TeamForm, "submit_ask")
    await lead.until(lambda: lead.of(TeamForm).get("action") == "", "the dialog closes")
    await lead.until(lambda: lead.of(TeamState).get("asks"), "the wish shows")
    (wish,) = lead.of(TeamState)["asks"]
    assert wish["wanted"] == "CPU requests 16 → 32"

    admin = await open_tab(f"/teams/{name}", "admin")
    await loaded(admin)
    await admin.call(TeamForm, "begin_fulfil", name=name, ask_id=wish["ask_id"])
    await admin.until(lambda: admin.of(TeamForm).get("form", {}).get("cpu") == "32", "prefilled")
    await admin.call(TeamForm, "submit_team")
    await lead.until(lambda: not lead.of(TeamState)["asks"], "it is fulfilled")
    assert stored(pages, name)["budget"]["requests.cpu"] == "32"
