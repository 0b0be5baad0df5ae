"""Handing selected namespaces to cleanup: for platform admins; nothing happens before a plan."""

from nsaas_app.ui.cleanup.state import CleanupState
from nsaas_app.ui.namespaces.bulk import Bulk
from nsaas_app.ui.namespaces.planning import Planning
from nsaas_app.ui.namespaces.state import BULK, PLAN, NamespacesState
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.namespace.stored import stored
from tests.ui.namespaces.test_bulk import opened, select
from tests.ui.tabs import Pages


async def test_an_admin_is_asked_how_far_and_told_what_stands_in_the_way(
    pages: Pages, open_tab: OpenTab
) -> None:
    names = [fresh_name("plan"), fresh_name("plan")]
    for name in names:
        stored(pages, name)
    tab = await opened(open_tab, "admin")
    await select(tab, *names)
    await tab.until(lambda: tab.of(Bulk)["may_plan"], "it is offered")
    await tab.call(Planning, "begin")
    await tab.until(lambda: tab.of(Planning)["is_open"], "the dialog opens")
    assert (tab.of(Planning)["number"], tab.of(Planning)["stage"]) == (2, "notify")
    assert tab.of(NamespacesState)["asked"] == PLAN
    await tab.call(Planning, "choose", stage="of no kind")
    await tab.call(Planning, "choose", stage="sleep")
    await tab.until(lambda: tab.of(Planning)["stage"] == "sleep", "the stage is taken in")

    # There is no cluster behind these pages: no plan is made of what cannot be looked at.
    await tab.call(Planning, "make")
    await tab.until(lambda: tab.toasts, "it is told")
    assert tab.of(Planning)["is_open"]
    assert tab.told("_redirect") == []
    assert not tab.of(CleanupState)["plan"]["plan_id"]
    await tab.call(Planning, "show", is_open=False)
    await tab.until(lambda: not tab.of(Planning)["is_open"], "the dialog closes")

    # One that was left open by going away does not stand beside the other.
    await tab.call(Bulk, "begin", action="sleep")
    await tab.until(lambda: tab.of(NamespacesState)["asked"] == BULK, "that one is open")
    await tab.call(Planning, "begin")
    await tab.until(lambda: tab.of(NamespacesState)["asked"] == PLAN, "this one alone is")


async def test_nobody_else_is_offered_it_nor_may_use_it(pages: Pages, open_tab: OpenTab) -> None:
    name = fresh_name("plan")
    stored(pages, name)
    tab = await opened(open_tab, "frontend-lead")
    await select(tab, name)
    await tab.call(Planning, "begin")
    await tab.until(lambda: "does not include" in str(tab.toasts), "it is refused")
    assert not tab.of(Bulk)["may_plan"]
    assert not tab.of(Planning)["is_open"]
