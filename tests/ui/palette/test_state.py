"""The palette over the real WebSocket: finds what one may see, opens it, and forgets nobody's."""

from typing import Any

from nsaas_app.ui.palette.state import FIELD, Palette
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.team.state import TeamState
from nsaas_app.ui.teams.state import TeamsState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.submitting import submitted
from tests.ui.tabs import Pages, Tab


def keys(tab: Tab) -> list[str]:
    groups: list[dict[str, Any]] = tab.of(Palette).get("groups", [])
    return [line["key"] for group in groups for line in group["lines"]]


async def opened(open_tab: OpenTab, path: str = "/teams", identity: str = "frontend-dev") -> Tab:
    tab = await open_tab(path, identity)
    await tab.until(lambda: tab.of(TeamsState).get("is_loaded"), "the page is there")
    await tab.call(Palette, "open_palette")
    await tab.until(lambda: tab.of(Palette).get("is_open"), "the palette opens")
    return tab


async def searched(tab: Tab, text: str) -> list[str]:
    await tab.call(Palette, "search", text=text)
    await tab.until(lambda: tab.of(Palette).get("text") == text, "the answer is there")
    return keys(tab)


async def test_namespaces_teams_requests_and_pages_are_found_by_what_was_typed(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("palette")
    stored(pages, name)
    asked = submitted(pages, "frontend-dev", fresh_name("ask"))
    tab = await opened(open_tab)

    assert await searched(tab, name) == [f"namespace-{name}"]
    assert await searched(tab, f"#{asked.namespace}") == [f"request-{asked.request_id}"]
    assert await searched(tab, "@front") == ["team-frontend"]
    assert "page-insights" in await searched(tab, "insi")
    assert await searched(tab, "> new") == ["action-new"]
    assert tab.of(Palette)["active"] == "action-new"
    assert await searched(tab, "no such thing") == []
    assert tab.of(Palette)["counted"] == "0 results"


async def test_what_is_anothers_is_not_found_and_pages_are_those_one_may_open(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("hidden")
    stored(pages, name)
    stranger = await opened(open_tab, identity="payments-dev")
    assert {"page-overview", "action-new"} <= set(keys(stranger))
    assert not {"page-audit", "page-approvals"} & set(keys(stranger))
    for typed in (name, f"#{name}", "@frontend"):
        assert await searched(stranger, typed) == []
    viewer = await opened(open_tab, identity="frontend-viewer")
    assert "action-new" not in keys(viewer)
    lead = await opened(open_tab, identity="frontend-lead")
    assert {"page-audit", "page-approvals"} <= set(keys(lead))


async def test_enter_opens_what_stands_in_the_field_however_fast_it_was_typed(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("fast")
    stored(pages, name)
    tab = await opened(open_tab)
    await tab.call(Palette, "choose", form={FIELD: name})
    await tab.until(lambda: f"/namespaces/{name}" in str(tab.told("_redirect")), "it opens")
    await tab.until(lambda: not tab.of(Palette)["is_open"], "the palette closes")


async def test_arrows_choose_and_enter_opens_the_chosen_line(open_tab: OpenTab) -> None:
    tab = await opened(open_tab)
    first, second, *_ = keys(tab)
    assert tab.of(Palette)["active"] == first
    await tab.call(Palette, "move", by=1)
    await tab.until(lambda: tab.of(Palette)["active"] == second, "the next line is chosen")
    await tab.call(Palette, "move", by=-1)
    await tab.until(lambda: tab.of(Palette)["active"] == first, "the first one again")


async def test_it_closes_when_the_page_is_left_and_a_late_search_opens_nothing(
    open_tab: OpenTab,
) -> None:
    tab = await opened(open_tab)
    await tab.go("/requests")
    await tab.until(lambda: not tab.of(Palette)["is_open"], "the palette closes")
    await tab.call(Palette, "search", text="front")
    await tab.call(Palette, "choose", form={FIELD: "front"})
    await tab.until(lambda: tab.of(RequestsState).get("is_loaded"), "the page is there")
    await tab.call(Palette, "open_palette")
    await tab.until(lambda: tab.of(Palette)["is_open"], "it opens again")
    assert tab.told("_redirect") == []


async def test_where_one_was_lately_is_offered_as_long_as_it_may_be_seen(
    open_tab: OpenTab,
) -> None:
    tab = await open_tab("/teams/frontend", "frontend-dev")
    await tab.until(lambda: tab.of(TeamState).get("is_loaded"), "the first page is there")
    await tab.go("/teams/payments")
    await tab.until(
        lambda: tab.of(TeamState).get("problem", {}).get("code") == "NOT_FOUND", "not theirs"
    )
    await tab.go("/teams")
    await tab.until(lambda: tab.of(TeamsState).get("is_loaded"), "the page is there")
    await tab.call(Palette, "open_palette")
    await tab.until(lambda: tab.of(Palette).get("groups"), "the palette opens")
    recent = tab.of(Palette)["groups"][0]
    assert recent["name"] == "recent"
    assert [line["key"] for line in recent["lines"]] == ["team-frontend"]
