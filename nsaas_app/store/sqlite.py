"""What is peculiar to SQLite: its pragmas, its one writer, and a driver connection that ends."""

import asyncio
import sqlite3
import weakref
from functools import partial
from typing import Any

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ..domain.errors import StoreBusyError

__all__ = ["Threads", "Turns", "prepare_sqlite"]

_ROWS_PER_FETCH = 64


class _Connection(aiosqlite.Connection):
    """A connection that may be ended twice.

    A transaction that is cancelled while it closes its connection ends it by force, too. The
    library's thread stops at the first end, and whoever asked for the second waits for ever.
    """

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, path, **options), _ROWS_PER_FETCH)
        # A process that ends does not wait for it; SQLAlchemy says the same of those it makes.
        self._thread.daemon = True
        self._end: asyncio.Future[Any] | None = None

    def stop(self) -> "asyncio.Future[Any] | None":
        """End the thread once; give everybody who asks the same end to wait for."""
        if self._end is None:
            self._end = super().stop()
        return self._end

    async def ended(self) -> None:
        """Wait for a thread that was told to end; do not wait for one that was not."""
        if self._end is not None:
            await self._end


class Threads:
    """The driver's threads, one per connection.

    A connection whose transaction was cancelled is ended without anybody who waits for it. Its
    thread then reports to a loop that may have closed meanwhile, and dies of that.
    """

    def __init__(self) -> None:
        self._connections: weakref.WeakSet[_Connection] = weakref.WeakSet()

    def connect(self, path: str, **options: Any) -> _Connection:
        """Make a connection with a thread of its own."""
        connection = _Connection(path, **options)
        self._connections.add(connection)
        return connection

    async def ended(self) -> None:
        """Wait for those that were told to end."""
        await asyncio.gather(*(connection.ended() for connection in self._connections))


def prepare_sqlite(engine: AsyncEngine, threads: Threads, *, patience_s: float) -> None:
    """WAL, full durability, and writers that say so at their first statement.

    A deferred transaction that reads and then writes loses updates silently on SQLite.
    """

    @event.listens_for(engine.sync_engine, "do_connect")
    def _on_do_connect(
        _dialect: object, _record: object, _arguments: object, options: dict[str, Any]
    ) -> None:
        options["async_creator_fn"] = threads.connect

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        try:
            connection.isolation_level = None
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                f"busy_timeout={int(patience_s * 1000)}",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            # Whoever waited for it is gone: the pool does not know it yet, so nobody would end it.
            connection.driver_connection.stop()
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        is_read_only = connection.get_execution_options().get("readonly")
        connection.exec_driver_sql("BEGIN" if is_read_only else "BEGIN IMMEDIATE")


class Turns:
    """SQLite's writers of this process one after another, in the order in which they came.

    SQLite itself lets waiting writers try again and again, and whoever tries at the right moment is
    next: with forty of them some wait for ever, and all of them wait longer.
    """

    def __init__(self, patience_s: float) -> None:
        self._turn = asyncio.Lock()
        self._patience_s = patience_s

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(self._patience_s):
                await self._turn.acquire()
        except TimeoutError as error:
            raise StoreBusyError("The database is busy with other writers.") from error

    async def __aexit__(self, *_: object) -> None:
        self._turn.release()
