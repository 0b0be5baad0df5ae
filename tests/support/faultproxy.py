"""A proxy that stands before the API server and breaks what a test tells it to break.

It speaks HTTP/1.1 with TLS on both sides, so that single calls can be picked. Bodies of requests
must have a known length; ours do. Tokens pass through, client certificates do not.
"""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.support.controlplane import ControlPlane

__all__ = ["Call", "Fault", "FaultProxy", "answer", "delay", "drop_call", "drop_reply", "hang"]

CHUNK = 65_536


class _Action(Enum):
    ANSWER = "answer"
    DROP_CALL = "drop the call"
    DROP_REPLY = "drop the reply"
    HANG = "hang"
    DELAY = "delay"


@dataclass
class Fault:
    """What becomes of calls that match; make one with the functions below."""

    action: _Action
    method: str
    path: str
    times: int | None
    """How many calls it is still good for; None: all."""
    reply: bytes = b""
    seconds: float = 0.0

    def takes(self, method: str, path: str) -> bool:
        """Whether the call is one of those, which uses the fault up by one."""
        if self.times == 0 or (self.method and self.method != method):
            return False
        if re.search(self.path, path) is None:
            return False
        if self.times is not None:
            self.times -= 1
        return True


def answer(
    status: int, *, method: str = "", path: str = "", times: int | None = 1, reason: str = "",
    message: str = "", retry_after: int | None = None, body: bytes | None = None,
) -> Fault:  # fmt: skip
    """Answer with a Kubernetes Status, or a body, without asking the server."""
    document = {
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "code": status, "reason": reason, "message": message,
    }  # fmt: skip
    content = json.dumps(document).encode() if body is None else body
    kind = "text/plain" if body is not None and not body.startswith(b"{") else "application/json"
    head = f"HTTP/1.1 {status} Told\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
    head += f"Retry-After: {retry_after}\r\n" if retry_after is not None else ""
    return Fault(_Action.ANSWER, method, path, times, reply=head.encode() + b"\r\n" + content)


def drop_call(*, method: str = "", path: str = "", times: int | None = 1) -> Fault:
    """Break the connection before anything reached the server."""
    return Fault(_Action.DROP_CALL, method, path, times)


def drop_reply(*, method: str = "", path: str = "", times: int | None = 1) -> Fault:
    """Let the server do it and break the connection instead of the reply."""
    return Fault(_Action.DROP_REPLY, method, path, times)


def hang(*, method: str = "", path: str = "", times: int | None = 1) -> Fault:
    """Never answer, and never ask the server."""
    return Fault(_Action.HANG, method, path, times)


def delay(seconds: float, *, method: str = "", path: str = "", times: int | None = 1) -> Fault:
    """Ask the server some time later."""
    return Fault(_Action.DELAY, method, path, times, seconds=seconds)


@dataclass(frozen=True)
class Call:
    """One call that came in, and what was done to it."""

    at: float
    """By the clock of the event loop."""
    method: str
    path: str
    head: bytes
    """Request line and headers as they came."""
    fault: str


@dataclass
class FaultProxy:
    """Forwards every connection to one server. Use `running` or `before`."""

    host: str
    upstream_port: int
    upstream_tls: ssl.SSLContext | None = None
    listening_tls: ssl.SSLContext | None = None
    port: int = 0
    faults: list[Fault] = field(default_factory=list)
    """Looked through in this order; the first that takes a call decides."""
    calls: list[Call] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._flowing = asyncio.Event()
        self._flowing.set()

    @classmethod
    @asynccontextmanager
    async def before(cls, controlplane: ControlPlane) -> "AsyncIterator[FaultProxy]":
        """Stand before the API server, under its own certificate."""
        pki = controlplane.cluster.layout.pki
        listening = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        listening.load_cert_chain(pki / "kube-apiserver.crt", pki / "kube-apiserver.key")
        address = urlsplit(controlplane.server)
        assert address.hostname is not None
        assert address.port is not None
        made = cls(
            address.hostname,
            address.port,
            upstream_tls=ssl.create_default_context(cafile=pki / "ca.crt"),
            listening_tls=listening,
        )
        async with made.running():
            yield made

    @asynccontextmanager
    async def running(self) -> "AsyncIterator[FaultProxy]":
        """Listen on a free port for the length of a block."""
        await self.listen()
        try:
            yield self
        finally:
            await self.stop_listening()
            self.thaw()
            tasks = list(self._open)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def listen(self) -> None:
        """Take connections, again on the same port."""
        self._server = await asyncio.start_server(
            self._connected, "127.0.0.1", self.port, ssl=self.listening_tls
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop_listening(self) -> None:
        """Refuse connections and cut those that stand."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    def cut(self) -> None:
        """Break every connection that stands."""
        for writer in self._open.values():
            writer.transport.abort()

    def freeze(self) -> None:
        """Let every connection stand and no byte pass."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let bytes pass again."""
        self._flowing.set()

    @property
    def connections(self) -> int:
        """How many connections stand."""
        return len(self._open)

    def count(self, *, method: str = "", path: str = "") -> int:
        """How many calls came in that match."""
        return sum(
            (not method or call.method == method) and re.search(path, call.path) is not None
            for call in self.calls
        )

    def kubeconfig(self, controlplane: ControlPlane, directory: Path) -> Path:
        """Write the portal's kubeconfig with this proxy in the place of the API server."""
        document = yaml.safe_load(controlplane.portal_kubeconfig.read_text())
        document["clusters"][0]["cluster"]["server"] = f"https://127.0.0.1:{self.port}"
        path = directory / "behind-proxy.kubeconfig"
        path.write_text(yaml.safe_dump(document))
        return path

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        wire = _Wire(self, reader, writer)
        try:
            # A peer that goes away is no news here.
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await wire.serve()
        finally:
            del self._open[task]
            wire.close()


class _Wire:
    """One connection of a client, with its own to the server once that is needed."""

    def __init__(
        self, proxy: FaultProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._proxy = proxy
        self._reader = reader
        self._writer = writer
        self._upstream: asyncio.StreamWriter | None = None
        self._replies: asyncio.Task[None] | None = None
        self._drops_reply = False

    async def serve(self) -> None:
        while True:
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            body = await self._reader.readexactly(int(length[1])) if length else b""
            await self._proxy._flowing.wait()
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split(" ", 2)
            fault = self._fault_for(method, path, head)
            if fault is not None and fault.action is _Action.ANSWER:
                self._writer.write(fault.reply)
                await self._writer.drain()
            elif fault is None or await self._goes_on(fault):
                await self._send(head + body)
            else:
                return

    def _fault_for(self, method: str, path: str, head: bytes) -> Fault | None:
        fault = next((each for each in self._proxy.faults if each.takes(method, path)), None)
        now = asyncio.get_running_loop().time()
        what = fault.action.value if fault else ""
        self._proxy.calls.append(Call(now, method, path, head, what))
        return fault

    async def _goes_on(self, fault: Fault) -> bool:
        """Break what is to be broken; tell whether the server is asked all the same."""
        if fault.action is _Action.HANG:
            await self._reader.read()
        await asyncio.sleep(fault.seconds)
        self._drops_reply = fault.action is _Action.DROP_REPLY
        return fault.action in (_Action.DELAY, _Action.DROP_REPLY)

    async def _send(self, content: bytes) -> None:
        if self._upstream is None:
            reader, self._upstream = await asyncio.open_connection(
                self._proxy.host, self._proxy.upstream_port, ssl=self._proxy.upstream_tls
            )
            self._replies = asyncio.create_task(self._pass_replies(reader))
        self._upstream.write(content)
        await self._upstream.drain()

    async def _pass_replies(self, reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError, ssl.SSLError):
            while chunk := await reader.read(CHUNK):
                if self._drops_reply:
                    self._writer.transport.abort()
                    return
                await self._proxy._flowing.wait()
                self._writer.write(chunk)
                await self._writer.drain()
        self._writer.close()

    def close(self) -> None:
        if self._replies is not None:
            self._replies.cancel()
        if self._upstream is not None:
            self._upstream.transport.abort()
        self._writer.transport.abort()
