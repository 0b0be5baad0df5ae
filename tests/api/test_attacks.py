"""Attacks on a running portal, over the wire: each ends with its sender, nobody else notices."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Self

import aiohttp
import httpx
import pytest

from nsaas_app.ui.namespaces.state import NamespacesState
from tests.api.test_websocket import Opening, cookie_of
from tests.support.controlplane import ControlPlane
from tests.support.served import ServedPortal, served_portal
from tests.support.waiting import eventually_async

PLACES = 6
BURST = 100
PER_SECOND = 50
LARGEST = 65_536
SOON_S = 40.0
"""Generous: the machine is shared. Without an attack it takes milliseconds."""


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory, controlplane: ControlPlane
) -> Iterator[ServedPortal]:
    """A portal with limits low enough to be reached."""
    home = tmp_path_factory.mktemp("attacked")
    limits = {
        "live_connections": str(PLACES), "live_message_bytes": str(LARGEST),
        "live_burst": str(BURST), "live_per_second": str(PER_SECOND),
    }  # fmt: skip
    with served_portal(home, controlplane, **limits) as portal:
        yield portal
    # A frame that means nothing is an error to the libraries that read it.
    assert portal.plain_lines() == []


@pytest.fixture
async def tabs(attacked: ServedPortal) -> AsyncIterator[Opening]:
    async with Opening(attacked) as opening:
        yield opening


@pytest.fixture
async def sockets(attacked: ServedPortal) -> AsyncIterator["Sockets"]:
    async with Sockets(attacked) as opened:
        yield opened


class Sockets:
    """Raw sockets of one person, without a client's good manners."""

    def __init__(self, portal: ServedPortal) -> None:
        self._portal = portal
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None
        self._cookies: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession())
        return self

    async def __aexit__(self, *error: object) -> None:
        # Hung up, not closed: a farewell would wait until the server has taken in what came before.
        if self._session is not None:
            await self._session.close()
        await self._stack.aclose()

    async def open(self, identity: str) -> aiohttp.ClientWebSocketResponse:
        """A socket of somebody; raises what the server answers instead."""
        assert self._session is not None
        if identity not in self._cookies:
            self._cookies[identity] = await asyncio.to_thread(cookie_of, self._portal, identity)
        headers = {"Cookie": self._cookies[identity], "Origin": self._portal.url}
        address = f"{self._portal.url}/_event/?EIO=4&transport=websocket&token=t"
        socket = await self._session.ws_connect(address, headers=headers, max_msg_size=0)
        self._stack.push_async_callback(socket.close)
        return socket

    async def status(self, identity: str) -> tuple[int, str]:
        """101 and nothing, or the refusal's status and when to come again."""
        try:
            await self.open(identity)
        except aiohttp.WSServerHandshakeError as refusal:
            headers = refusal.headers
            return refusal.status, headers.get("Retry-After", "") if headers else ""
        return 101, ""


async def is_served(portal: ServedPortal, token: str) -> None:
    """Somebody else gets their answer soon."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(trust_env=False, timeout=SOON_S, headers=headers) as client:
        began = time.monotonic()
        reply = await client.get(f"{portal.url}/api/v1/me")
        assert (reply.status_code, reply.json()["subject"]) == (200, "auditor")
        assert time.monotonic() - began < SOON_S


async def closing_code(socket: aiohttp.ClientWebSocketResponse) -> int | None:
    """How the server ended a socket."""
    async with asyncio.timeout(SOON_S):
        async for _ in socket:
            pass
    return socket.close_code


async def test_one_person_has_so_many_sockets_and_others_are_served(
    attacked: ServedPortal, sockets: Sockets
) -> None:
    auditor = attacked.token("auditor")
    mine = [await sockets.open("payments-dev") for _ in range(PLACES)]
    assert (await sockets.status("payments-dev")) == (429, "5")

    answers = await asyncio.gather(*(sockets.status("payments-dev") for _ in range(300)))

    assert {status for status, _ in answers} == {429}
    assert all(int(again) >= 1 for _, again in answers)
    await is_served(attacked, auditor)
    assert (await sockets.status("payments-lead"))[0] == 101

    await mine[0].close()

    async def there_is_room() -> bool:
        return (await sockets.status("payments-dev"))[0] == 101

    await eventually_async(there_is_room, what="who closes one may open another")


async def test_streams_take_places_too_and_say_so(attacked: ServedPortal) -> None:
    headers = {"Authorization": f"Bearer {attacked.token('frontend-lead')}"}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=SOON_S, headers=headers) as client,
        AsyncExitStack() as stack,
    ):
        address = f"{attacked.url}/api/v1/events"
        for _ in range(PLACES):
            stream = await stack.enter_async_context(client.stream("GET", address))
            assert stream.status_code == 200
        refused = await client.get(address)
        assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMIT")
        assert "close some" in refused.json()["detail"]
        assert refused.headers["retry-after"] == "5"
        assert (await client.get(f"{attacked.url}/api/v1/me")).status_code == 200


@pytest.mark.parametrize("is_binary", [False, True])
async def test_an_oversized_message_ends_its_connection_alone(
    attacked: ServedPortal, sockets: Sockets, tabs: Opening, *, is_binary: bool
) -> None:
    auditor = attacked.token("auditor")
    bystander = await tabs.tab("/namespaces", cookie_of(attacked, "frontend-dev"))
    socket = await sockets.open("frontend-dev")
    too_much = "x" * (LARGEST + 1)
    if is_binary:
        await socket.send_bytes(too_much.encode())
    else:
        await socket.send_str(f"42/_event,{json.dumps(['event', {'name': too_much}])}")
    assert await closing_code(socket) == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    await is_served(attacked, auditor)
    await bystander.until(lambda: bystander.of(NamespacesState).get("is_loaded"), "it is served")
    assert not bystander.is_cut


async def test_a_flood_is_taken_in_at_the_pace_of_a_person(
    attacked: ServedPortal, sockets: Sockets
) -> None:
    auditor = attacked.token("auditor")
    socket = await sockets.open("frontend-viewer")
    await socket.send_str("40/_event,")
    began = time.monotonic()
    for _ in range(4 * BURST):  # what is left of it at the end, the portal still takes in
        await socket.send_str('42/_event,["ping"]')
    await is_served(attacked, auditor)
    answered = 0
    while answered < BURST + 2 * PER_SECOND:
        message = await asyncio.wait_for(socket.receive(), SOON_S)
        assert message.type is aiohttp.WSMsgType.TEXT, "nobody is cut off for being fast"
        answered += "pong" in message.data
    assert time.monotonic() - began > 1.9, "what was beyond the burst had to wait"


BOOT = "reflex___state____state.hydrate_and_load"
MALFORMED: list[str | bytes] = [
    "", "9", "4", "42", "42[", "42/_event", "42/_event,", "42/_event,[", '42/_event,["event"]',
    '42/_event,["event",5]', '42/_event,["event","text"]', '42/_event,["event",[1,2]]',
    '42/_event,["event",{"name":5,"payload":7}]', '42/_event,["event",{"payload":{}}]',
    '42/_event,["event",{"name":"no.such.handler","payload":{},"router_data":[]}]',
    f'42/_event,["event",{{"name":"{BOOT}","payload":[],"router_data":"x"}}]',
    '42/_event,["client_error",{"message":{"deep":[[[[]]]]}}]', '42/_event,["disconnect"]',
    '42/_event,["connect",{}]', '42/_event,["no-such-event",1,2,3]', "42/_event," + "[" * 5000,
    '42/_event,["event",' + "9" * 5000 + "]", '451-/_event,["event",{"_placeholder":true,"num":0}]',
    '45999999999999-/_event,["event",1]', "40/no-such-namespace,", '40/_event,["boot"]',
    "41/_event,", "43/_event,1[]", "44/_event,x", "1", "2probe", "5", "6", b"\x00\x01", b"",
]  # fmt: skip


async def test_malformed_frames_harm_nobody(
    attacked: ServedPortal, sockets: Sockets, tabs: Opening
) -> None:
    auditor = attacked.token("auditor")
    bystander = await tabs.tab("/namespaces", cookie_of(attacked, "frontend-dev"))
    await bystander.until(lambda: bystander.of(NamespacesState).get("is_loaded"), "it loads")
    for frame in MALFORMED:
        socket = await opened_again(sockets, "auditor")
        await socket.send_str("40/_event,")
        if isinstance(frame, bytes):
            await socket.send_bytes(frame)
        else:
            await socket.send_str(frame)
        # Whatever it made of that: a good event after it, or none, and then the end.
        await socket.send_str('42/_event,["ping"]')
        await socket.close()
    await is_served(attacked, auditor)
    assert not bystander.is_cut
    await bystander.go("/namespaces?q=after")
    await bystander.until(lambda: bystander.of(NamespacesState).get("q") == "after", "it answers")


async def opened_again(sockets: Sockets, identity: str) -> aiohttp.ClientWebSocketResponse:
    """A socket, as soon as there is room for one."""
    found: list[aiohttp.ClientWebSocketResponse] = []

    async def there_is_room() -> bool:
        try:
            found.append(await sockets.open(identity))
        except aiohttp.WSServerHandshakeError as refusal:
            if refusal.status != httpx.codes.TOO_MANY_REQUESTS:
                raise
            await asyncio.sleep(0.1)
            return False
        return True

    await eventually_async(there_is_room)
    return found[0]
