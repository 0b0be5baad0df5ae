"""Insights over the real WebSocket: one view at a time, of teams one may see."""

import pytest

from nsaas_app.ui.insights.state import InsightsState
from nsaas_app.ui.namespaces.state import NamespacesState
from tests.ui.conftest import OpenTab


@pytest.mark.parametrize(
    ("view", "section", "answer"),
    [
        ("usage", "Usage", "Nothing was booked yet"),
        ("cost", "Cost", "Nothing was booked yet"),
        ("rightsizing", "Right-sizing", "No quota has been seen yet"),
        ("provisioning", "Provisioning", "No provision request ended"),
    ],
)
async def test_every_view_answers_in_one_sentence(
    open_tab: OpenTab, view: str, section: str, answer: str
) -> None:
    tab = await open_tab(f"/insights?view={view}", "payments-dev")
    await tab.until(lambda: tab.of(InsightsState).get("is_loaded"), "the page is there")
    page = tab.of(InsightsState)
    assert page["sentence"].startswith(answer)
    assert page["announcement"] == f"{section}: {page['sentence']}"
    assert page["teams"] == [{"name": "payments", "called": "Payments"}]


async def test_a_team_that_is_not_theirs_falls_back_to_their_own_with_a_notice(
    open_tab: OpenTab,
) -> None:
    tab = await open_tab("/insights?team=frontend&window=7d", "payments-dev")
    await tab.until(lambda: tab.of(InsightsState).get("is_loaded"), "the page is there")
    page = tab.of(InsightsState)
    assert page["notice"].startswith("There is no team frontend, or it is not yours")
    assert page["team"] == ""
    assert page["csv_href"] == "/api/v1/insights/usage/export?window=7d"
    assert [line["key"] for line in page["table"]["lines"]] == ["payments"]


async def test_a_chosen_team_stands_in_the_address(open_tab: OpenTab) -> None:
    tab = await open_tab("/insights?view=cost", "admin")
    await tab.until(lambda: tab.of(InsightsState).get("is_loaded"), "the page is there")
    await tab.call(InsightsState, "choose_team", team="payments")
    await tab.until(
        lambda: "/insights?view=cost&team=payments" in str(tab.told("_redirect")), "it follows"
    )


async def test_a_late_search_of_a_list_that_was_left_leads_nowhere(open_tab: OpenTab) -> None:
    tab = await open_tab("/insights", "admin")
    await tab.until(lambda: tab.of(InsightsState).get("is_loaded"), "the page is there")
    await tab.call(NamespacesState, "search", text="shop")
    await tab.call(InsightsState, "choose_team", team="payments")
    await tab.until(lambda: tab.told("_redirect"), "the next event is done")
    assert "/namespaces" not in str(tab.told("_redirect"))
