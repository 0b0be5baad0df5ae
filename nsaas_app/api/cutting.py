"""Cutting a WebSocket from our side when its login session ends, whatever its application does."""

import asyncio
from typing import Any, Final

from starlette.types import Message, Receive, Send

__all__ = ["CutWhenOver"]

_POLICY_CLOSE: Final = 1008


class CutWhenOver:
    """The two ends of one connection, until the event is set."""

    def __init__(self, receive: Receive, send: Send, over: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self._over = over
        self._is_cut = False
        self._ended = asyncio.ensure_future(over.wait())
        self._next: asyncio.Future[Message] | None = None

    async def receive(self) -> Message:
        """The client's next message, or that it is gone."""
        if self._next is None:
            self._next = asyncio.ensure_future(self._receive())
        # Not cancelled with the caller: a message that arrived must not be lost.
        either: set[asyncio.Future[Any]] = {self._next, self._ended}
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if self._over.is_set():
            await self._cut()
            return {"type": "websocket.disconnect", "code": _POLICY_CLOSE}
        message = self._next.result()
        self._next = None
        return message

    async def send(self, message: Message) -> None:
        """Send, unless the connection was cut."""
        if not self._is_cut:
            await self._send(message)

    async def close(self) -> None:
        """Leave nothing running."""
        left = [task for task in (self._next, self._ended) if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _cut(self) -> None:
        if not self._is_cut:
            self._is_cut = True
            await self._send({"type": "websocket.close", "code": _POLICY_CLOSE})
