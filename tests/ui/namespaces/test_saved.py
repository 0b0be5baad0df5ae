"""Saved views over the real WebSocket: a name for an address, one's own alone."""

from typing import Any

from nsaas_app.ui.namespaces.saved import SavedViews
from nsaas_app.ui.namespaces.state import NamespacesState
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab


async def _listed(open_tab: OpenTab, path: str, identity: str = "frontend-viewer") -> Tab:
    tab = await open_tab(path, identity)
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")
    return tab


def _views(tab: Tab) -> dict[str, str]:
    found: list[dict[str, Any]] = tab.of(SavedViews).get("views", [])
    return {view["name"]: view["href"] for view in found}


async def test_a_view_is_saved_found_again_and_forgotten(open_tab: OpenTab) -> None:
    tab = await _listed(open_tab, "/namespaces?env=staging,production&sort=health&page=3")
    await tab.call(SavedViews, "save", form={"name": "Ours & late"})
    await tab.until(lambda: "Ours & late" in _views(tab), "it is saved")

    again = await _listed(open_tab, "/namespaces")
    await again.call(SavedViews, "open_menu", is_open=True)
    await again.until(lambda: "Ours & late" in _views(again), "it is offered")
    href = _views(again)["Ours & late"]
    assert href == "/namespaces?env=staging,production&sort=health"
    stranger = await _listed(open_tab, "/namespaces", "payments-dev")
    await stranger.call(SavedViews, "open_menu", is_open=True)
    await stranger.until(lambda: stranger.of(SavedViews).get("is_loaded"), "the menu is read")
    assert _views(stranger) == {}

    await again.call(SavedViews, "drop", name="Ours & late")
    await again.until(lambda: not _views(again), "it is forgotten")


async def test_a_view_without_a_name_is_told_at_the_field(open_tab: OpenTab) -> None:
    tab = await _listed(open_tab, "/namespaces")
    await tab.call(SavedViews, "save", form={"name": "  "})
    await tab.until(lambda: tab.of(SavedViews).get("error"), "it is told")
    assert "1 to 63" in tab.of(SavedViews)["error"]
