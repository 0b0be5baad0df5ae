"""The list of requests: new ones wait while somebody is at the rows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nsaas_app.domain.requests import Phase, ProvisioningRequest
from nsaas_app.runtime import Runtime
from nsaas_app.ui.requests.state import RequestsState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.submitting import submitted
from tests.ui.tabs import Pages, Tab


def ids(tab: Tab) -> list[str]:
    return [row["request_id"] for row in tab.rows(RequestsState)]


async def shown(open_tab: OpenTab, request_id: str) -> Tab:
    tab = await open_tab("/requests", "frontend-lead")
    await tab.until(lambda: request_id in ids(tab), "the request is listed")
    return tab


def outdated(portal: Runtime, request: ProvisioningRequest) -> None:
    """As if it had ended long ago."""
    long_ago = request.created_at - timedelta(days=40)
    portal.requests.put(replace(request, phase=Phase.DONE, created_at=long_ago))
    portal.requests.forget_old()
    portal.directory.hub.publish("requests")


@pytest.mark.parametrize(("come", "leave"), [("hold", "release"), ("focus_came", "focus_left")])
async def test_new_requests_wait_until_pointer_and_focus_are_elsewhere(
    pages: Pages, open_tab: OpenTab, come: str, leave: str
) -> None:
    first = submitted(pages, "frontend-dev", fresh_name("first"))
    tab = await shown(open_tab, first.request_id)
    before = ids(tab)
    await tab.call(RequestsState, come)
    # Events are taken one after the other: after this one's answer the rows are held.
    await tab.call(RequestsState, "go_to", page=1)
    await tab.until(lambda: tab.told("_redirect"), "the event before is done")

    second = submitted(pages, "frontend-dev", fresh_name("second"))
    await tab.until(lambda: tab.of(RequestsState).get("waiting"), "the change waits")
    assert ids(tab) == before

    await tab.call(RequestsState, leave)
    await tab.until(lambda: ids(tab)[:1] == [second.request_id], "the new one comes in")
    assert tab.of(RequestsState)["waiting"] == 0


async def test_a_request_that_is_no_longer_kept_leaves_a_held_list(
    pages: Pages, open_tab: OpenTab
) -> None:
    first = submitted(pages, "frontend-dev", fresh_name("first"))
    tab = await shown(open_tab, first.request_id)
    await tab.call(RequestsState, "hold")
    await tab.call(RequestsState, "go_to", page=1)
    await tab.until(lambda: tab.told("_redirect"), "the event before is done")
    pages.do(lambda portal: outdated(portal, first))
    await tab.until(lambda: first.request_id not in ids(tab), "its row is gone")
    second = submitted(pages, "frontend-dev", fresh_name("second"))
    await tab.until(lambda: tab.of(RequestsState).get("waiting"), "news still arrives")
    await tab.call(RequestsState, "release")
    await tab.until(lambda: second.request_id in ids(tab), "it comes in")


async def test_the_focus_may_move_from_row_to_row(pages: Pages, open_tab: OpenTab) -> None:
    first = submitted(pages, "frontend-dev", fresh_name("first"))
    tab = await shown(open_tab, first.request_id)
    before = ids(tab)
    await tab.call(RequestsState, "focus_came")
    await tab.call(RequestsState, "focus_left")
    await tab.call(RequestsState, "focus_came")
    await tab.call(RequestsState, "go_to", page=1)
    await tab.until(lambda: tab.told("_redirect"), "the events before are done")
    second = submitted(pages, "frontend-dev", fresh_name("second"))
    await tab.until(lambda: tab.of(RequestsState).get("waiting"), "the change waits")
    assert ids(tab) == before

    await tab.call(RequestsState, "apply_changes")
    await tab.until(lambda: ids(tab)[:1] == [second.request_id], "it comes in when asked for")


async def test_the_number_of_requests_is_said_when_the_list_comes(
    pages: Pages, open_tab: OpenTab
) -> None:
    first = submitted(pages, "frontend-dev", fresh_name("said"))
    tab = await shown(open_tab, first.request_id)
    said = tab.of(RequestsState)["announcement"]
    assert said == tab.of(RequestsState)["counted"]


async def test_the_queue_tells_who_is_next_and_the_tabs_how_many_there_are(
    pages: Pages, open_tab: OpenTab
) -> None:
    requests = [
        submitted(pages, "frontend-dev", fresh_name("queued"), environment="development")
        for _ in range(2)
    ]
    submitted(pages, "payments-dev", fresh_name("theirs"), team="payments")
    tab = await open_tab("/requests?scope=queue", "frontend-lead")
    wanted = [request.request_id for request in requests]
    await tab.until(lambda: set(wanted) <= set(ids(tab)), "both wait")
    assert [one for one in ids(tab) if one in wanted] == wanted, "the oldest is on top"
    rows = {row["request_id"]: row for row in tab.rows(RequestsState)}
    places = [int(rows[one]["progress"].split(" of ")[0]) for one in wanted]
    assert places == sorted(places)
    assert "in the queue" in rows[wanted[0]]["progress"]
    labels = {pill["key"]: pill["label"] for pill in tab.of(RequestsState)["scopes"]}
    assert labels["mine"] == "Mine 0"
    assert labels["team"] == labels["all"].replace("All", "Team")
