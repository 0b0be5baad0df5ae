"""The pace of a WebSocket: nobody's messages are taken in faster than a person makes them."""

import asyncio
from collections.abc import Callable

from starlette.types import Message, Receive

__all__ = ["Paced"]


class Paced:
    """What a client sends, held back when it comes too fast.

    Nothing is lost and nothing piles up here: what is not taken in waits in the client's own
    machine, and the server reads no further meanwhile.
    """

    def __init__(self, receive: Receive, take: Callable[[], float]) -> None:
        self._receive = receive
        self._take = take

    async def receive(self) -> Message:
        """The next message, when its time has come."""
        message = await self._receive()
        if message["type"] == "websocket.receive":
            while (wait_s := self._take()) > 0:  # noqa: ASYNC110 - time passes, nobody tells of it
                await asyncio.sleep(wait_s)
        return message
