"""Every page, every identity: shown to whom the table of permissions names, to nobody else."""

from typing import Any, Final

import pytest

from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.permissions import Permission, may_anywhere
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Tab

NEEDS: Final = {
    "index": Permission.SELF,
    "namespaces": Permission.NAMESPACE_READ,
    "namespaces/[name]": Permission.NAMESPACE_READ,
    "new": Permission.NAMESPACE_REQUEST,
    "requests": Permission.REQUEST_READ,
    "requests/[id]": Permission.REQUEST_READ,
    "approvals": Permission.REQUEST_READ,
    "teams": Permission.TEAM_READ,
    "teams/[team]": Permission.TEAM_READ,
    "catalog": Permission.CATALOG_READ,
    "exports": Permission.NAMESPACE_READ,
    "inbox": Permission.SELF,
    "insights": Permission.NAMESPACE_READ,
    "audit": Permission.AUDIT_READ,
    "status": Permission.STATUS_READ,
    "settings": Permission.SELF,
    "cleanup": Permission.CLEANUP_READ,
    "404": Permission.SELF,
}
"""What each page is about; a page that is new must say it here."""
ABSENT = {"[name]": "no-such-namespace", "[id]": "req-none", "[team]": "frontend"}


def pages_there_are() -> dict[str, str]:
    """By route, the full name of the state that fills the page."""
    from nsaas_app.nsaas_app import app  # noqa: PLC0415 - registers every page

    assert app is not None
    loads: dict[str, Any] = {route: page.on_load for route, page in app._unevaluated_pages.items()}
    return {route: load.state_full_name for route, load in loads.items()}


async def code_of(tab: Tab, state: str) -> str:
    """What the page answers once it is filled: the code of its refusal, or nothing."""
    await tab.until(lambda: tab.vars.get(state, {}).get("is_loaded"), f"{tab.path} is filled")
    return str((tab.vars[state].get("problem") or {}).get("code", ""))


def test_every_page_says_what_it_is_about() -> None:
    assert pages_there_are().keys() == NEEDS.keys()


@pytest.mark.parametrize("identity", DEV_IDENTITIES)
async def test_a_page_opens_for_whom_the_table_names_and_nobody_else(
    open_tab: OpenTab, identity: str
) -> None:
    who, wrong = actor(identity), []
    for route, state in pages_there_are().items():
        path = "/" + route.removesuffix("index")
        for part, value in ABSENT.items():
            path = path.replace(part, value)
        tab = await open_tab(path, identity)

        is_refused = await code_of(tab, state) == "NOT_ALLOWED"

        await tab.close()
        if is_refused is may_anywhere(who, NEEDS[route]):
            wrong.append(f"{identity} at {path}: {'refused' if is_refused else 'let in'}")
    assert wrong == []


@pytest.mark.parametrize("identity", DEV_IDENTITIES)
async def test_another_teams_page_is_one_that_is_not_there(
    open_tab: OpenTab, identity: str
) -> None:
    who, state = actor(identity), pages_there_are()["teams/[team]"]
    is_seen = who.sees_all_teams or "frontend" in {str(team) for team in who.teams}

    own = await code_of(await open_tab("/teams/frontend", identity), state)
    absent = await code_of(await open_tab("/teams/nobodys", identity), state)

    assert absent == "NOT_FOUND"
    assert own == ("" if is_seen else absent)
