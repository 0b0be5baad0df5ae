"""The overview's list of what needs somebody, through what is solved while it is open."""

from dataclasses import replace
from typing import Any

from nsaas_app.domain.namespaces import Intent
from nsaas_app.ui.overview.state import OverviewState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.submitting import submitted
from tests.ui.tabs import Pages


async def test_requests_stay_where_they_are_while_somebody_points_at_them(
    pages: Pages, open_tab: OpenTab
) -> None:
    first = submitted(pages, "frontend-dev", fresh_name("first"))
    tab = await open_tab("/", "frontend-lead")

    def ids() -> list[str]:
        return [one["request_id"] for one in tab.of(OverviewState).get("recent", [])]

    await tab.until(lambda: ids()[:1] == [first.request_id], "it is the newest")
    before = ids()
    await tab.call(OverviewState, "hold")
    await tab.call(OverviewState, "hold")
    second = submitted(pages, "frontend-dev", fresh_name("second"))
    await tab.until(lambda: tab.of(OverviewState).get("recent_waiting"), "the new one waits")
    assert ids() == before
    await tab.call(OverviewState, "release")
    await tab.until(lambda: ids()[:1] == [second.request_id], "it comes in")


async def test_what_is_solved_stays_ticked_on_the_overview(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("solved")
    record = stored(pages, name, intent=Intent.PROVISIONING)
    tab = await open_tab("/?attention=all", "frontend-lead")

    def line() -> dict[str, Any]:
        lines: list[dict[str, Any]] = tab.of(OverviewState).get("attention", [])
        return next((one for one in lines if one["key"] == name), {})

    await tab.until(line, "it needs somebody: its lifetime ends")
    assert not line()["is_solved"]
    gone = replace(record, intent=Intent.DELETED)
    pages.do(lambda portal: portal.directory.put_record(gone))
    await tab.until(lambda: line().get("is_solved"), "it is ticked off")

    await tab.go("/teams")
    await tab.go("/?attention=all")
    await tab.until(lambda: not line(), "another visit begins anew")
