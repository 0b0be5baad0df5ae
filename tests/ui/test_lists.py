"""What every list owes its address: the boxes say what it says, and pages have a size in it."""

import functools
from typing import Any

import pytest

from nsaas_app.ui.audit.state import AuditState
from nsaas_app.ui.namespaces.state import NamespacesState
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.teams.state import TeamsState
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab

SEARCHED = {"/namespaces": NamespacesState, "/teams": TeamsState, "/audit": AuditState}
PAGED = SEARCHED | {"/requests": RequestsState}


def _says(tab: Tab, state: type[Any], name: str, value: object) -> bool:
    return bool(tab.of(state).get(name) == value)


@pytest.mark.parametrize("path", SEARCHED)
async def test_another_address_puts_its_text_into_the_box(open_tab: OpenTab, path: str) -> None:
    state = SEARCHED[path]
    tab = await open_tab(path, "admin")
    await tab.until(lambda: tab.of(state).get("is_loaded"), "the list is there")
    for query in ("?q=one", "?q=two", "?q=one"):
        before = tab.of(state).get("turn", 0)
        await tab.go(f"{path}{query}")
        await tab.until(functools.partial(_says, tab, state, "q", query[3:]), "it is read")
        await tab.until(functools.partial(_says, tab, state, "turn", before + 1), "it is put in")


@pytest.mark.parametrize("path", PAGED)
async def test_a_page_of_a_list_has_the_size_of_its_address(open_tab: OpenTab, path: str) -> None:
    state = PAGED[path]
    tab = await open_tab(f"{path}?page=2&size=50", "admin")
    await tab.until(lambda: tab.of(state).get("is_loaded"), "the list is there")
    assert (tab.of(state)["page"], tab.of(state)["size"]) == (2, 50)

    await tab.call(state, "resize", size="20")
    await tab.call(state, "resize", size="7")
    await tab.until(lambda: len(tab.told("_redirect")) == 2, "both lead somewhere")
    # What is usual is left out, a size that there is not is no size; both begin at the first page.
    assert [told["path"] for told in tab.told("_redirect")] == [path, path]
