"""Every event handler, every identity: what the table says is what the gate does.

Whether the thing is theirs is decided again by the use case; `tests/api/test_permission_walk.py`
looks at that. Here it is asked whether a role that may do something nowhere gets past the gate.
"""

from typing import Any, get_origin, get_type_hints

import pytest
import reflex as rx
from reflex.istate.data import RouterData
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext

from nsaas_app.domain.actors import AuthMethod
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.permissions import Permission, may_anywhere
from nsaas_app.identity.roles import Identity
from nsaas_app.ui.guard import Guard, required
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.toasts import Toasts
from tests.support.actors import actor
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages

REFUSED = "Your role does not include this."


def handlers() -> dict[str, Permission | str | None]:
    """The full name of every handler there is, ours and the framework's, with what it needs."""
    import nsaas_app.nsaas_app  # noqa: PLC0415 - registers every page

    assert nsaas_app.nsaas_app.app is not None
    return {name: required(name) for name in RegistrationContext.get().event_handlers}


def expected(identity: str) -> dict[str, bool]:
    """By the table alone: who may do it nowhere does not pass."""
    who = actor(identity)
    return {
        name: needed == "" or (isinstance(needed, Permission) and may_anywhere(who, needed))
        for name, needed in handlers().items()
    }


def fitting(name: str) -> dict[str, Any]:
    """A payload that our handler takes; of the framework's own nothing is asked."""
    handler = RegistrationContext.get().event_handlers[name].handler.fn
    if not handler.__module__.startswith("nsaas_app."):
        return {}
    hints = {k: v for k, v in get_type_hints(handler).items() if k not in ("self", "return")}
    return {argument: (get_origin(hint) or hint)() for argument, hint in hints.items()}


async def asked(cookie: str, names: list[str]) -> dict[str, bool]:
    """Send each event through the gate, on the application's loop; run none of them."""
    root: Any = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    router: Any = RouterData.from_router_data({"headers": {"cookie": cookie}, "pathname": "/"})
    root.router = router
    guard, app = Guard(), None
    passed = {}
    for name in names:
        answer = await guard.preprocess(app, root, Event(name, payload=fitting(name)))  # type: ignore[arg-type]
        passed[name] = answer is None
        assert answer is None or REFUSED in str(answer.events), (name, answer)
    return passed


@pytest.mark.parametrize("identity", DEV_IDENTITIES)
def test_a_handler_runs_for_whom_the_table_names_and_nobody_else(
    pages: Pages, identity: str
) -> None:
    wanted = expected(identity)

    observed = pages.run(asked(pages.sign_in(identity), list(wanted)))

    assert observed == wanted
    assert len(wanted) > 60


def test_the_walk_sees_both_answers() -> None:
    ours = [name for name, needed in handlers().items() if isinstance(needed, Permission)]
    assert {expected("auditor")[name] for name in ours} == {True, False}
    assert sum(expected("admin").values()) > sum(expected("frontend-viewer").values())


@pytest.mark.parametrize("identity", ["frontend-viewer", "auditor"])
async def test_what_is_refused_does_not_run_over_the_wire(
    pages: Pages, open_tab: OpenTab, identity: str
) -> None:
    tab = await open_tab("/requests", identity)
    await tab.until(lambda: tab.of(RequestsState).get("is_loaded"), "the page loads")
    refused = [name for name, may in expected(identity).items() if not may]
    assert refused

    for name in refused:
        await tab.emit(name, {})
    await tab.until(lambda: tab.of(Toasts).get("number") == len(refused), "each is answered")

    assert all(REFUSED in toast for toast in tab.toasts)
    assert tab.events == [], "and nothing else came of it"


async def test_somebody_without_a_role_gets_past_with_what_is_about_nobody(
    pages: Pages, open_tab: OpenTab
) -> None:
    nobody = Identity("nobody", "Nobody", (), AuthMethod.OIDC)
    cookie = pages.sign_in(nobody)
    free = {Permission.SELF, Permission.CATALOG_READ, Permission.STATUS_READ, ""}
    needs = handlers()

    observed = pages.run(asked(cookie, list(needs)))

    assert observed == {name: needed in free for name, needed in needs.items()}
    tab = await open_tab("/", cookie=cookie)
    await tab.until(lambda: tab.of(Shell).get("is_outsider"), "the frame is filled")
