"""Somebody whom nobody gave a role: told so on every page, let in once a role is there."""

from typing import Any, Final

import pytest
from reflex_base.registry import RegistrationContext

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.identity.roles import Identity
from nsaas_app.teams.change import TeamChange
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.settings.state import SettingsState
from nsaas_app.ui.shell.state import Shell
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab

PATHS: Final = (
    "/", "/namespaces", "/namespaces/frontend-shop-dev", "/new", "/requests", "/requests/req-x",
    "/approvals", "/teams", "/teams/frontend", "/inbox", "/audit", "/catalog", "/status",
    "/settings", "/insights", "/exports", "/cleanup", "/nowhere",
)  # fmt: skip


def newcomer(*groups: str) -> Identity:
    return Identity("newcomer", "Nora Newcomer", groups, AuthMethod.OIDC)


async def opened(pages: Pages, open_tab: OpenTab, path: str, *groups: str) -> Tab:
    tab = await open_tab(path, cookie=pages.sign_in(newcomer(*groups)))
    await tab.until(lambda: tab.of(Shell).get("subject") == "newcomer", "the frame is filled")
    return tab


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_says_so_and_whom_to_ask(
    pages: Pages, open_tab: OpenTab, path: str
) -> None:
    tab = await opened(pages, open_tab, path, "newcomers", "others")
    shown = tab.of(Shell)
    assert shown["is_outsider"] is True
    assert (shown["role"], shown["groups"]) == ("No team yet", "newcomers, others")
    assert shown["admin_groups"] == "platform-admins"
    assert not any(shown[name] for name in ("may_request", "sees_audit", "sees_approvals"))
    assert (tab.events, tab.toasts) == ([], []), "no refusal pops up besides"


def test_these_are_all_pages() -> None:
    import nsaas_app.nsaas_app  # noqa: PLC0415 - registers every page

    assert nsaas_app.nsaas_app.app is not None
    handlers: dict[str, Any] = dict(RegistrationContext.get().event_handlers)
    assert len([name for name in handlers if name.endswith(".watch")]) == len(PATHS)


async def test_a_role_that_arrives_opens_the_page(pages: Pages, open_tab: OpenTab) -> None:
    tab = await opened(pages, open_tab, "/requests", "late-group")
    assert not tab.of(RequestsState).get("is_loaded")

    team = {"groups": {"developer": ["late-group"], "lead": ["frontend-leads"]}}
    change = TeamChange(actor("admin"), "test")
    pages.run(pages.portal.teams.create(fresh_name("late")[:30].rstrip("-"), team, change))

    # With other rights the session gets another id: the browser connects anew.
    await tab.open_again()
    await tab.until(lambda: tab.of(RequestsState).get("is_loaded"), "the list is there")
    await tab.until(lambda: tab.of(Shell)["is_outsider"] is False, "the frame knows")
    assert tab.of(Shell)["may_request"] is True


async def test_what_needs_a_role_is_refused_all_the_same(pages: Pages, open_tab: OpenTab) -> None:
    tab = await opened(pages, open_tab, "/new")
    await tab.call(NewState, "edit", field="app", value="shop")
    await tab.until(lambda: "Your role does not include this" in str(tab.toasts), "refused")
    assert not tab.of(NewState).get("draft", {}).get("app")


async def test_ones_own_sessions_are_there(pages: Pages, open_tab: OpenTab) -> None:
    tab = await opened(pages, open_tab, "/settings?tab=tokens")
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "one's own page is there")
    assert tab.of(SettingsState)["sessions"]
