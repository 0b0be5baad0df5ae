"""A wire to a server on this machine that a test can cut and mend; what passes is not looked at."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from concurrent.futures import Future

__all__ = ["Wire", "wire_to"]

CHUNK = 65_536


class Wire:
    """A port of ours that leads to another one."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._is_cut = False
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Drop what is open, and whatever comes until it is mended."""
        self._is_cut = True
        self._loop.call_soon_threadsafe(self._drop)

    def mend(self) -> None:
        self._is_cut = False

    def _drop(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def serve(self, ready: "Future[None]", over: asyncio.Event) -> None:
        try:
            server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        except OSError as error:
            ready.set_exception(error)
            return
        self.port = server.sockets[0].getsockname()[1]
        ready.set_result(None)
        async with server:
            await over.wait()
            self._drop()

    async def _carry(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        if self._is_cut:
            back.transport.abort()
            return
        try:
            there, forth = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            back.transport.abort()
            return
        self._open |= {back, forth}
        try:
            await asyncio.gather(self._pass(here, forth), self._pass(there, back))
        finally:
            self._open -= {back, forth}
            for writer in (back, forth):
                writer.transport.abort()

    @staticmethod
    async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()

    def run(self, ready: "Future[None]", over: asyncio.Event) -> None:
        """Serve on a loop of its own until told to end."""
        self._loop.run_until_complete(self._all(ready, over))
        self._loop.close()

    async def _all(self, ready: "Future[None]", over: asyncio.Event) -> None:
        await self.serve(ready, over)
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def end(self, over: asyncio.Event) -> None:
        self._loop.call_soon_threadsafe(over.set)


@contextlib.contextmanager
def wire_to(port: int) -> Iterator[Wire]:
    """Lay a wire for a block."""
    wire, ready, over = Wire(port), Future[None](), asyncio.Event()
    thread = threading.Thread(target=wire.run, args=(ready, over), name="wire")
    thread.start()
    try:
        ready.result(30)
        yield wire
    finally:
        wire.end(over)
        thread.join()
