"""The driver's connection to SQLite, with fewer trips to its thread and an end that may come twice.

The library goes to the connection's thread for every call: four times for one statement, and once
more to roll back what was committed. Each trip costs more than the statement does.
"""

import asyncio
import sqlite3
import weakref
from collections import deque
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import aiosqlite

__all__ = ["Threads"]

_ROWS_PER_FETCH: Final = 64
_ROWS_AT_ONCE: Final = 256
"""Rows that come with their statement; longer results are fetched as they are read."""


class _Cursor(aiosqlite.Cursor):
    """Runs a statement and brings its rows in one trip."""

    _rows: deque[Any]
    _is_over: bool
    """Whether the statement has run to its end: then nothing of it is left in the thread."""

    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._rows, self._is_over = deque(), True

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._is_over = False
        rows, is_over = await self._execute(  # type: ignore[no-untyped-call] # the library has none
            self._run, sql, parameters or ()
        )
        self._rows, self._is_over = deque(rows), is_over
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        self._is_over = False
        await super().executemany(sql, parameters)
        self._is_over = True
        return self

    def _run(self, sql: str, parameters: Any) -> tuple[list[Any], bool]:
        """On the thread: the statement, and as many rows as come at once."""
        self._cursor.execute(sql, parameters)
        if self._cursor.description is None:
            return [], True
        rows = self._cursor.fetchmany(_ROWS_AT_ONCE)
        return rows, len(rows) < _ROWS_AT_ONCE

    async def fetchone(self) -> Any:
        if self._rows:
            return self._rows.popleft()
        return None if self._is_over else await super().fetchone()

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = self.arraysize if size is None else size
        found = [self._rows.popleft() for _ in range(min(wanted, len(self._rows)))]
        if len(found) < wanted and not self._is_over:
            found.extend(await super().fetchmany(wanted - len(found)))
        return found

    async def fetchall(self) -> list[Any]:
        found = list(self._rows)
        self._rows.clear()
        if not self._is_over:
            found.extend(await super().fetchall())
        return found

    async def close(self) -> None:
        """Let go of the statement; one that may still run is waited for on its thread."""
        if self._is_over:
            self._cursor.close()
        else:
            await super().close()


class _Connection(aiosqlite.Connection):
    """A connection that may be ended twice, and that rolls nothing back when nothing is open.

    A transaction that is cancelled while it closes its connection ends it by force, too. The
    library's thread stops at the first end, and whoever asked for the second waits for ever.
    """

    def __init__(self, path: str, **options: Any) -> None:
        super().__init__(partial(sqlite3.connect, path, **options), _ROWS_PER_FETCH)
        # A process that ends does not wait for it; SQLAlchemy says the same of those it makes.
        self._thread.daemon = True
        self._end: asyncio.Future[Any] | None = None
        self._is_settled = False
        """Whether the last thing that happened was the end of a transaction, heard to its end."""

    def cursor(self) -> _Cursor:  # type: ignore[override] # entered at once, nothing to wait for
        return _Cursor(self, self._conn.cursor())

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        # Before it is queued: who is cancelled while it runs does not know what came of it.
        self._is_settled = False
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]

    async def commit(self) -> None:
        await super().commit()
        self._is_settled = True

    async def rollback(self) -> None:
        """Roll back, unless the last thing that happened was a commit or a rollback."""
        if not self._is_settled:
            await super().rollback()
            self._is_settled = True

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
