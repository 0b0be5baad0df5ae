"""A portal with its pages, and tabs that talk to it over the real WebSocket, without a browser."""

import asyncio
import contextlib
import functools
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import aiohttp
import pytest
import socketio
import uvicorn

from nsaas_app import runtime
from nsaas_app.identity.dev import DEV_IDENTITIES
from nsaas_app.identity.roles import Identity
from nsaas_app.ui.toasts import Toasts
from tests.support.databases import migrated_home

__all__ = ["Pages", "Tab", "serving_pages"]

T = TypeVar("T")

BOOT = "reflex___state____state.hydrate_and_load"
ON_LOAD = "reflex___state____state.reflex___state____on_load_internal_state.on_load_internal"
NAMESPACE = "/_event"
DEADLINE_S = 40.0
ORIGIN = "http://localhost:8000"
"""The address the application believes in; a page of another one may not open a socket."""

_ENVIRONMENT = {
    "NSAAS_ENV": "dev",
    "NSAAS_NO_CLUSTER": "true",
    "NSAAS_PORT": "8000",
    "__REFLEX_SKIP_COMPILE": "1",
}


@dataclass(frozen=True)
class Pages:
    """The running application, on a loop and thread of its own."""

    url: str
    loop: asyncio.AbstractEventLoop

    @property
    def portal(self) -> runtime.Runtime:
        """The application's runtime; use it by `run`."""
        return runtime.current()

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        """Run a call on the application's loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(call, self.loop).result(DEADLINE_S)

    def do(self, action: Callable[[runtime.Runtime], T]) -> T:
        """Do something with the application's runtime, on its loop."""

        async def act() -> T:
            return action(runtime.current())

        return self.run(act())

    def sign_in(self, identity: str | Identity) -> str:
        """Open a login session; gives the Cookie header of its browser."""
        portal = runtime.current()
        who = DEV_IDENTITIES[identity] if isinstance(identity, str) else identity
        session = self.run(portal.sign_in.begin(who, source="test"))
        return f"{portal.sign_in.cookie_name}={session}"

    def sign_out(self, cookie: str) -> None:
        self.run(runtime.current().sign_in.end(cookie, source="test"))


@contextlib.contextmanager
def serving_pages(home: Path) -> Iterator[Pages]:
    """Serve the whole application, pages included, without a cluster."""
    listener = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in _ENVIRONMENT.items():
            environment.setenv(name, value)
        environment.setenv("NSAAS_HOME", str(migrated_home(home)))
        server = uvicorn.Server(uvicorn.Config(_application(), log_level="warning", lifespan="on"))
        call = server.serve(sockets=[listener])
        thread = threading.Thread(target=loop.run_until_complete, args=(call,))
        thread.start()
        try:
            _wait(lambda: server.started, "the application serves")
            yield Pages(f"http://127.0.0.1:{listener.getsockname()[1]}", loop)
        finally:
            server.should_exit = True
            thread.join(DEADLINE_S)
            _end(loop)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """End what the socket library left running, then the loop."""

    async def end_what_is_left() -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    loop.run_until_complete(end_what_is_left())
    loop.close()


@functools.cache
def _application() -> Any:
    """The ASGI application; Reflex builds it once a process, serving it again is fine."""
    from nsaas_app.nsaas_app import served  # noqa: PLC0415 - importing it reads the environment

    return served()


def _wait(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)


@dataclass
class Tab:
    """One tab: its state as the browser would hold it, and the events it was told to run."""

    pages: Pages
    cookie: str
    token: str = field(default_factory=lambda: str(uuid4()))
    vars: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    """What was said to the person, oldest first."""
    updates: int = 0
    path: str = ""
    client: socketio.AsyncClient | None = None
    _connection: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def open(self, path: str, *, origin: str = ORIGIN) -> "Tab":
        """Connect as a browser does that loads a page."""
        self.path = path
        # A session of our own: the client leaves its own one open when a connection is refused.
        async with contextlib.AsyncExitStack() as stack:
            jar = aiohttp.CookieJar(unsafe=True)  # else it keeps none of an address like ours
            session = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
            self.client = socketio.AsyncClient(reconnection=False, http_session=session)
            self.client.on("event", self._take, namespace=NAMESPACE)
            await self.client.connect(
                f"{self.pages.url}?token={self.token}",
                namespaces=[NAMESPACE],
                transports=["websocket"],
                socketio_path=NAMESPACE,
                auth={"event": self._event(BOOT)},
                wait_timeout=60,
                headers={"Cookie": self.cookie, "Origin": origin},
            )
            self._connection = stack.pop_all()
        name = self.cookie.partition("=")[0]
        kept = [f"{name}={cookie.value}" for cookie in jar if cookie.key == name]
        self.cookie = kept[-1] if kept else self.cookie
        return self

    async def open_again(self) -> None:
        """Connect anew when the server cut the connection, as a browser does by itself."""
        await self.until(lambda: self.is_cut, "the connection is cut")
        await self.close()
        await self.open(self.path)

    async def go(self, path: str) -> None:
        """Navigate inside the application."""
        self.path = path
        await self.emit(ON_LOAD, {})

    async def close(self) -> None:
        if self.client is not None:
            await self.client.disconnect()
        await self._connection.aclose()

    @property
    def is_cut(self) -> bool:
        """Whether the server ended the connection."""
        return self.client is not None and not self.client.connected

    async def emit(self, handler: str, payload: dict[str, Any]) -> None:
        """Send an event by the handler's full name."""
        assert self.client is not None
        await self.client.emit("event", self._event(handler, payload), namespace=NAMESPACE)

    async def call(self, state: type[Any], handler: str, **payload: Any) -> None:
        """Send an event of a page's state."""
        await self.emit(f"{state.get_full_name()}.{handler}", payload)

    def of(self, state: type[Any]) -> dict[str, Any]:
        """The vars of a state, as sent so far."""
        return self.vars.get(state.get_full_name(), {})

    def rows(self, state: type[Any]) -> list[dict[str, Any]]:
        """The rows of a list that is sent row by row, as they stand."""
        own = self.of(state)
        return [own[f"rows_{place}"] for place in own.get("rows_order", [])]

    async def until(self, holds: Callable[[], Any], what: str) -> None:
        """Wait for a condition, or fail with its name."""
        end = time.monotonic() + DEADLINE_S
        while not holds():
            assert time.monotonic() < end, f"waited in vain: {what}; {self.vars}"
            await asyncio.sleep(0.02)

    def told(self, name: str) -> list[dict[str, Any]]:
        """Payloads of the events of that name the server told this tab to run."""
        return [event["payload"] for event in self.events if event["name"].endswith(name)]

    def _event(self, name: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
        router = {"pathname": self.path.split("?", 1)[0], "asPath": self.path}
        return {"name": name, "payload": payload or {}, "router_data": router}

    async def _take(self, data: Any) -> None:
        for state, delta in (data.get("delta") or {}).items():
            self.updates += 1
            known = self.vars.setdefault(state, {})
            known |= {name.removesuffix("_rx_state_"): value for name, value in delta.items()}
            if state == Toasts.get_full_name() and known["number"] and "number_rx_state_" in delta:
                self.toasts.append(f"{known['text']} {known['hint']}")
        self.events.extend(data.get("events") or [])
