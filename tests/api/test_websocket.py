"""The WebSocket of the pages, on a socket: who gets one, and what it may do and see."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Self

import aiohttp
import httpx
import pytest

from nsaas_app.ui.namespace.state import NamespacePage
from nsaas_app.ui.namespaces.state import NamespacesState
from nsaas_app.ui.new.state import NewState
from nsaas_app.ui.request.state import RequestState
from nsaas_app.ui.shell.state import Shell
from nsaas_app.ui.toasts import Toasts
from tests.support.names import fresh_name
from tests.support.requests import wait_completed
from tests.support.served import ServedPortal
from tests.ui.tabs import Pages, Tab

SIGNED_OUT_WITHIN_S = 10.0


def cookie_of(served: ServedPortal, identity: str) -> str:
    return "; ".join(f"{name}={value}" for name, value in served.cookie(identity).items())


class Opening:
    """Opens tabs on the served portal and closes them all."""

    def __init__(self, served: ServedPortal) -> None:
        self._served = served
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def tab(self, path: str, cookie: str, *, token: str = "") -> Tab:
        """A tab of the browser that has the cookie."""
        tab = Tab(Pages(self._served.url, asyncio.get_running_loop()), cookie)
        tab.token = token or tab.token
        await tab.open(path, origin=self._served.url)
        self._stack.push_async_callback(tab.close)
        return tab


@pytest.fixture
async def tabs(served: ServedPortal) -> AsyncIterator[Opening]:
    async with Opening(served) as opening:
        yield opening


@pytest.fixture(scope="module")
def theirs(served: ServedPortal) -> dict[str, str]:
    """A namespace of team payments and its request, with a word nobody else may read."""
    name, marker = fresh_name("payments-secret"), fresh_name("marker")
    spec = {"name": name, "team": "payments", "environment": "development", "description": marker}
    with served.client("payments-dev") as client:
        request_id = client.post("/requests", json={"spec": spec}).json()["request_id"]
        path = f"/requests/{request_id}"
        wait_completed(client, path)
    return {"name": name, "marker": marker, "request_id": request_id}


async def handshake(served: ServedPortal, headers: dict[str, str]) -> int:
    """Try to open a socket; give the status of the answer, 101 when it is open."""
    address = f"{served.url}/_event/?EIO=4&transport=websocket&token=t"
    async with aiohttp.ClientSession() as session:
        try:
            async with session.ws_connect(address, headers=headers):
                return 101
        except aiohttp.WSServerHandshakeError as refusal:
            return refusal.status


async def test_a_socket_needs_our_origin_and_a_living_session(served: ServedPortal) -> None:
    cookie, url = cookie_of(served, "frontend-dev"), served.url
    wrong = [
        "null",
        "https://evil.example",
        f"{url}.evil.example",
        f"https://localhost:{served.port}",
        f"http://localhost:{served.port + 1}",
        f"http://evil.example/{url}",
        "",
    ]

    assert await handshake(served, {"Cookie": cookie, "Origin": url}) == 101
    assert await handshake(served, {"Cookie": cookie}) == 403
    assert await handshake(served, {"Origin": url}) == 403
    assert await handshake(served, {"Origin": url, "Cookie": "nsaas=made-up"}) == 403
    bearer = {"Authorization": f"Bearer {served.token('frontend-dev')}"}
    assert await handshake(served, {"Origin": url, **bearer}) == 403
    for origin in wrong:
        assert (origin, await handshake(served, {"Cookie": cookie, "Origin": origin})) == (
            origin,
            403,
        )


async def test_whoever_only_reads_changes_nothing(served: ServedPortal, tabs: Opening) -> None:
    name = fresh_name("frontend-viewer")
    tab = await tabs.tab("/new", cookie_of(served, "frontend-viewer"))
    await tab.until(lambda: tab.of(NewState).get("is_loaded"), "the page answers")

    for field, value in (("team", "frontend"), ("environment", "development"), ("name", name)):
        await tab.call(NewState, "edit", field=field, value=value)
    for handler in ("go_next", "go_to_review", "add_grant", "start_over", "submit"):
        await tab.call(NewState, handler)
    await tab.until(lambda: tab.of(Toasts).get("number") == 8, "8 refusals")

    assert name not in str(tab.vars)
    with served.client("admin") as admin:
        assert admin.get("/requests", params={"namespace": name}).json()["total"] == 0


async def test_a_page_of_anothers_thing_says_what_an_absent_one_says(
    served: ServedPortal, tabs: Opening, theirs: dict[str, str]
) -> None:
    stranger = await tabs.tab("/namespaces", cookie_of(served, "frontend-dev"))
    await stranger.until(lambda: stranger.of(NamespacesState).get("is_loaded"), "the list loads")
    problems = []
    for name in (theirs["name"], "no-such-namespace"):
        await stranger.go(f"/namespaces/{name}")
        await stranger.until(
            lambda: name in str(stranger.of(NamespacePage).get("problem")),  # noqa: B023
            "the page answers",
        )
        problems.append(str(stranger.of(NamespacePage)["problem"]).replace(name, "it"))
    await stranger.go(f"/requests/{theirs['request_id']}")
    await stranger.until(
        lambda: (stranger.of(RequestState).get("problem") or {}).get("code") == "NOT_FOUND",
        "the page answers",
    )

    assert problems[0] == problems[1]
    assert theirs["marker"] not in str(stranger.vars) + str(stranger.events)


async def test_a_clients_token_is_no_proof_of_identity(
    served: ServedPortal, tabs: Opening, theirs: dict[str, str]
) -> None:
    owner = await tabs.tab("/namespaces", cookie_of(served, "payments-dev"))
    await owner.until(lambda: theirs["name"] in str(owner.vars), "the owner sees the namespace")

    # While the owner's tab is open, and after it was closed.
    for _ in range(2):
        thief = await tabs.tab("/new", cookie_of(served, "frontend-dev"), token=owner.token)
        await thief.until(lambda: thief.of(Shell).get("subject") == "frontend-dev", "it loads")  # noqa: B023
        seen = str(thief.vars) + str(thief.events)
        assert theirs["marker"] not in seen
        assert theirs["name"] not in seen
        await thief.close()
        await owner.close()


async def test_signing_out_in_another_tab_stops_the_stream_in_time(
    served: ServedPortal, tabs: Opening
) -> None:
    cookie = cookie_of(served, "frontend-dev")
    tab = await tabs.tab("/namespaces", cookie)
    await tab.until(lambda: tab.of(NamespacesState).get("is_loaded"), "the list loads")

    began = time.monotonic()
    async with httpx.AsyncClient(trust_env=False) as other_tab:
        out = await other_tab.post(f"{served.url}/auth/logout", headers={"Cookie": cookie})
        assert out.status_code == 303
    await tab.until(lambda: tab.of(Shell).get("is_signed_out"), "the tab notices")
    assert time.monotonic() - began < SIGNED_OUT_WITHIN_S

    # Once it had the time to clear the screen it is cut off, whatever it runs.
    await tab.until(lambda: tab.is_cut, "the connection ends")
    name = fresh_name("after")
    with served.client("frontend-lead") as lead:
        spec = {"name": name, "team": "frontend", "environment": "development"}
        path = f"/requests/{lead.post('/requests', json={'spec': spec}).json()['request_id']}"
        wait_completed(lead, path)
    assert name not in str(tab.vars)
    assert tab.of(Shell)["is_signed_out"]
