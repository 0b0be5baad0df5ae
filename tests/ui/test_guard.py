"""The gate: what nobody declared, and what a role does not include, does not run."""

import inspect
from uuid import uuid4

import pytest
import socketio
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from nsaas_app.identity.permissions import Permission
from nsaas_app.runtime import Runtime
from nsaas_app.ui.guard import _objection, guarded, required
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.overview.state import OverviewState
from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.toasts import Toasts
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages, Tab

REFUSED = "Your role does not include this."


def _handlers() -> dict[str, object]:
    import nsaas_app.nsaas_app  # noqa: PLC0415 - registers every page

    assert nsaas_app.nsaas_app.app is not None
    return {
        name: entry.handler.fn
        for name, entry in RegistrationContext.get().event_handlers.items()
        if entry.handler.fn.__module__.startswith("nsaas_app.")
    }


def test_every_handler_of_ours_declares_a_permission() -> None:
    handlers = _handlers()
    assert len(handlers) > 15
    undeclared = [name for name in handlers if not isinstance(required(name), Permission)]
    assert undeclared == []


def test_the_frameworks_handlers_are_refused_but_for_what_a_page_needs() -> None:
    open_ones = {
        name.rsplit(".", 1)[-1]
        for name in RegistrationContext.get().event_handlers
        if required(name) == ""
    }
    assert open_ones <= {
        "hydrate",
        "hydrate_and_load",
        "set_is_hydrated",
        "on_load_internal",
        "update_vars_internal",
        "handle_frontend_exception",
    }
    assert required(f"{OverviewState.get_full_name()}.setvar") is None


def test_an_unknown_name_needs_what_nobody_has() -> None:
    assert required("reflex___state____state.nothing.at_all") is None


def test_a_declaration_keeps_the_handler_a_coroutine() -> None:
    @guarded(Permission.SELF)
    async def handler(self: object) -> None:
        """Do nothing."""

    assert inspect.iscoroutinefunction(handler)
    assert vars(handler)["__permission__"] is Permission.SELF


async def test_a_permitted_event_runs(open_tab: OpenTab) -> None:
    tab = await open_tab("/new", "frontend-dev")
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the wizard loads")
    await tab.call(NewState, "edit", field="app", value="shop")
    await tab.until(lambda: tab.of(NewState)["draft"]["app"] == "shop", "the edit arrives")
    assert tab.toasts == []


async def test_a_role_that_reads_only_is_told_so_and_nothing_changes(open_tab: OpenTab) -> None:
    tab = await open_tab("/new", "frontend-viewer")
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the wizard answers")
    assert tab.of(NewState)["problem"]["code"] == "NOT_ALLOWED"
    await tab.call(NewState, "edit", field="app", value="shop")
    await tab.until(lambda: REFUSED in str(tab.toasts), "the refusal arrives")
    assert tab.of(NewState)["draft"]["app"] == ""


async def test_an_undeclared_method_does_not_run(open_tab: OpenTab) -> None:
    tab = await open_tab("/")
    await tab.until(lambda: tab.of(OverviewState).get("is_loaded"), "the overview loads")
    await tab.call(OverviewState, "setvar", var_name="total", value=99)
    await tab.until(lambda: REFUSED in str(tab.toasts), "the refusal arrives")
    assert tab.of(OverviewState)["total"] == 0


async def test_without_a_login_session_there_is_no_socket(pages: Pages) -> None:
    stranger = Tab(pages, "nsaas=made-up")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await stranger.open("/")


async def test_another_sites_page_gets_no_socket(pages: Pages) -> None:
    tab = Tab(pages, pages.sign_in("admin"))
    with pytest.raises(socketio.exceptions.ConnectionError):
        await tab.open("/", origin="https://elsewhere.example")


async def test_signing_out_elsewhere_takes_everything_off_the_screen(
    pages: Pages, open_tab: OpenTab
) -> None:
    cookie = pages.sign_in("frontend-dev")
    tab = await open_tab("/new", cookie=cookie)
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the wizard loads")
    await tab.call(NewState, "edit", field="app", value="secret-plan")
    await tab.until(lambda: tab.of(NewState)["draft"]["app"] == "secret-plan", "the edit arrives")
    pages.sign_out(cookie)
    await tab.until(lambda: tab.of(Shell)["is_signed_out"], "the loop notices")
    assert tab.of(NewState)["draft"]["app"] == ""
    await tab.until(lambda: tab.is_cut, "the connection ends")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await Tab(pages, cookie).open("/new")


async def test_a_clients_token_shows_nothing_of_its_owner_to_somebody_else(
    pages: Pages, open_tab: OpenTab
) -> None:
    token = str(uuid4())
    owner = await open_tab("/new", "frontend-dev", token=token)
    await owner.until(lambda: owner.of(NewState).get("is_loaded"), "the wizard loads")
    await owner.call(NewState, "edit", field="app", value="secret-plan")
    await owner.until(lambda: owner.of(NewState)["draft"]["app"] == "secret-plan", "edited")
    await owner.close()
    other = await open_tab("/new", "payments-dev", token=token)
    await other.until(lambda: other.of(Shell).get("subject") == "payments-dev", "it loads")
    await other.until(lambda: other.of(NewState).get("is_loaded"), "the wizard loads")
    assert "secret-plan" not in str(other.vars)
    assert "frontend-d" not in str(other.vars)


def _word(**payload: str) -> Event:
    plain = {"text": "Hello.", "hint": "", "tone": "plain", "clipboard": ""}
    return Event(name=f"{Toasts.get_full_name()}.show", payload=plain | payload)


async def test_words_without_end_are_dropped_and_take_nothing_from_what_else_one_does(
    pages: Pages,
) -> None:
    who = actor("frontend-viewer")

    def passed(portal: Runtime) -> tuple[int, float]:
        answers = [_objection(_word(), Permission.SELF, who) for _ in range(3000)]
        return answers.count(None), portal.limits.take(who.subject)

    let_in, wait_s = pages.do(passed)
    assert 100 <= let_in < 3000
    assert wait_s == 0


async def test_a_text_for_the_clipboard_is_whole_or_not_there() -> None:
    toasts = Toasts()
    await toasts.show("Copied.", "", "plain", "x" * 100_000)
    assert len(toasts.clipboard) == 100_000
    await toasts.show("Copied.", "", "plain", "x" * 1_000_000)
    assert toasts.clipboard == ""
