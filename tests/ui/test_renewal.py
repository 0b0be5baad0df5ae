"""Open pages through a change of their person's rights: cut, connected anew, nothing lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
import reflex as rx
import socketio
from reflex.state import StateUpdate
from reflex_base.event import Event
from sqlalchemy import update

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.identity.roles import Identity
from nsaas_app.store.tables import LoginSessionRow
from nsaas_app.teams.change import TeamChange
from nsaas_app.ui.guard import Guard
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.settings.state import SettingsState
from nsaas_app.ui.shell.state import Shell
from tests.support.actors import actor
from tests.support.names import fresh_name
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab


async def test_a_page_goes_on_with_the_new_id_and_the_old_one_opens_no_socket(
    pages: Pages, open_tab: OpenTab
) -> None:
    group = fresh_name("risers")
    person = Identity(fresh_name("riser"), "Rita Riser", ("frontend-devs", group), AuthMethod.OIDC)
    old = pages.sign_in(person)
    first, second = (
        await open_tab("/new", cookie=old),
        await open_tab("/settings?tab=tokens", cookie=old),
    )
    await first.until(lambda: first.of(NewState).get("is_loaded"), "the wizard loads")
    await second.until(lambda: second.of(SettingsState).get("is_loaded"), "settings load")
    await first.call(NewState, "edit", field="app", value="half-typed")
    await first.until(lambda: first.of(NewState)["draft"]["app"] == "half-typed", "typed")

    groups = {"groups": {"developer": [], "lead": [group]}}
    change = TeamChange(actor("admin"), "test")
    pages.run(pages.portal.teams.create(fresh_name("risen")[:30].rstrip("-"), groups, change))

    await first.open_again()
    assert first.cookie != old
    await second.until(lambda: second.is_cut, "every page of the session is cut")
    assert not second.of(Shell)["is_signed_out"], "nobody is told to be signed out"
    # The new id is younger, or older, than the old one still leads to it.
    _set_renewed(pages, timedelta(hours=1))
    await second.open_again()
    assert second.cookie == first.cookie, "a tab that comes beside it gets the same id"
    _set_renewed(pages, timedelta(hours=-1))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await Tab(pages, old).open("/settings")
    await first.until(lambda: first.of(NewState).get("is_loaded"), "the wizard is back")
    assert first.of(NewState)["draft"]["app"] == "half-typed", "what was typed is still there"
    await second.until(lambda: len(second.of(SettingsState)["sessions"]) == 1, "one session")


def _set_renewed(pages: Pages, ahead: timedelta) -> None:
    async def write() -> None:
        at = pages.portal.clock() + ahead
        async with pages.portal.database.transaction() as connection:
            await connection.execute(update(LoginSessionRow).values(renewed_at=at))

    pages.run(write())


async def test_an_event_on_an_old_connection_is_put_off(pages: Pages, open_tab: OpenTab) -> None:
    cookie = pages.sign_in("payments-dev")
    tab = await open_tab("/new", cookie=cookie)
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the wizard loads")
    portal = pages.portal
    team = next(t for t in pages.run(portal.teams.all()).values() if str(t.name) == "payments")
    raised = replace(team, groups=replace(team.groups, lead=(*team.groups.lead, "payments-devs")))
    late = Event(f"{NewState.get_full_name()}.edit", payload={"field": "app", "value": "late"})
    try:
        pages.run(portal.teams.put(raised, actor=actor("admin"), source="test"))
        assert pages.run(portal.sign_in.renew(cookie, source="test"))
        # Given to the gate by hand: the portal may cut the connection before it comes that way.
        answer = pages.run(_at_the_gate(tab.token, late))
        assert answer is not None, "the handler does not run"
        assert "Your roles changed." in str(answer.events)
        assert "The page connects anew; then do it again." in str(answer.events)
        assert answer.delta == {}, "nobody is signed out, nothing is emptied"
        await tab.until(lambda: tab.is_cut, "it is cut")
        assert tab.of(NewState)["draft"]["app"] != "late"
        assert not tab.of(Shell)["is_signed_out"]
    finally:
        pages.run(portal.teams.put(team, actor=actor("admin"), source="test"))


async def _at_the_gate(token: str, event: Event) -> StateUpdate | None:
    from nsaas_app.nsaas_app import app  # noqa: PLC0415 - importing it reads the environment

    state = await app.state_manager.get_state(rx.BaseStateToken(ident=token, cls=rx.State))
    return await Guard().preprocess(app, state, event)
