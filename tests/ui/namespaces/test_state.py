"""The list: rows at once with the answer, and a search box that says what the address says."""

from nsaas_app import runtime
from nsaas_app.ui.namespaces.state import NamespacesState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.namespaces.test_bulk import opened
from tests.ui.tabs import Pages, Tab


def _names(tab: Tab) -> list[str]:
    return [row["name"] for row in tab.rows(NamespacesState)]


async def test_what_is_typed_shows_its_rows_before_the_address_has_changed(
    pages: Pages, open_tab: OpenTab
) -> None:
    name = fresh_name("typed")
    stored(pages, name)
    stored(pages, fresh_name("other"))
    tab = await opened(open_tab)
    await tab.call(NamespacesState, "search", text=name)
    await tab.until(lambda: _names(tab) == [name], "its row shows")
    await tab.until(lambda: tab.told("_redirect"), "the way to its address is told")
    (way,) = tab.told("_redirect")
    assert way["path"] == f"/namespaces?q={name}"
    # Until the browser is there, news is not shown of what was asked for before.
    pages.do(lambda portal: portal.directory.hub.publish("namespaces"))
    await tab.go(f"/namespaces?q={name}")
    hub = runtime.current().directory.hub
    await tab.until(lambda: hub.waiting("namespaces") == 1, "the loop of the address begins")
    assert _names(tab) == [name]
    assert tab.of(NamespacesState)["turn"] == 0


async def test_rows_stay_where_they_are_from_the_moment_somebody_points_at_them(
    pages: Pages, open_tab: OpenTab
) -> None:
    word = fresh_name("held")
    stored(pages, f"{word}-b")
    tab = await open_tab(f"/namespaces?q={word}", "frontend-dev")
    await tab.until(lambda: _names(tab) == [f"{word}-b"], "its row shows")
    await tab.call(NamespacesState, "hold")
    # Events are taken one after the other: after this one's answer the rows are held.
    await tab.call(NamespacesState, "go_to", page=1)
    await tab.until(lambda: tab.told("_redirect"), "the event before is done")
    stored(pages, f"{word}-a")
    await tab.until(lambda: tab.of(NamespacesState).get("waiting"), "the change waits")
    assert _names(tab) == [f"{word}-b"]
    await tab.call(NamespacesState, "release")
    await tab.until(lambda: _names(tab) == [f"{word}-a", f"{word}-b"], "it comes in")
