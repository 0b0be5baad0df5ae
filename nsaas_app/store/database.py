"""The database: engine, transactions, and the two dialects' differences in one place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext, suppress
from typing import Final, TypeAlias

from sqlalchemy import BigInteger, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ..domain.errors import DuplicateError, StoreBusyError, UnavailableError
from .sqlite import Turns, prepare_sqlite
from .sqlite_driver import Threads

__all__ = ["Database", "StoreConnection", "database_now_ms", "dialect_url"]

StoreConnection: TypeAlias = AsyncConnection
"""The connection of one transaction, as use cases hand it from one repository to the next."""

PATIENCE_S: Final = 10.0
"""How long a transaction waits for SQLite's write lock before it says STORE_BUSY."""
CONNECTIONS: Final = 20

_POSTGRES_OPTIONS: Final = {"options": "-c idle_in_transaction_session_timeout=10s"}
"""A process that hangs within a transaction must not keep its locks from everybody else."""

_BUSY: Final = frozenset(
    {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "40P01", "40001", "55P03"}
)
"""Another writer was first. SQLite's names, and SQLSTATEs of deadlock, conflict, lock timeout."""
_FULL: Final = frozenset({"SQLITE_FULL", "53100"})


class database_now_ms(FunctionElement[int]):  # noqa: N801 - reads as a SQL function
    """Milliseconds since 1970 by the database's own clock: leases must not trust two hosts."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_now_ms, "sqlite")
def _now_on_sqlite(_element: object, _compiler: SQLCompiler, **_: object) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(database_now_ms, "postgresql")
def _now_on_postgresql(_element: object, _compiler: SQLCompiler, **_: object) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


def dialect_url(url: str) -> URL:
    """Turn `sqlite:///…` or `postgresql://…` into the URL of the async driver."""
    parsed = make_url(url)
    driver = "sqlite+aiosqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg"
    return parsed.set(drivername=driver)


class Database:
    """Connections and transactions. Repositories take the connection of one transaction."""

    def __init__(self, url: str, *, patience_s: float = PATIENCE_S) -> None:
        self.url = dialect_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._turns = Turns(3 * patience_s) if self.is_sqlite else nullcontext()
        self._engine = create_async_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            pool_size=CONNECTIONS // 2,
            max_overflow=CONNECTIONS // 2,
            # A queue moves on while a lock may not: it is worth a longer wait.
            pool_timeout=3 * patience_s,
            connect_args={} if self.is_sqlite else _POSTGRES_OPTIONS,
        )
        self._patience_s = patience_s
        self._in_use = 0
        self._unused, self._open = asyncio.Event(), asyncio.Event()
        self._unused.set()
        self._open.set()
        self._threads = Threads()
        if self.is_sqlite:
            prepare_sqlite(self._engine, self._threads, patience_s=patience_s)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: all of it or nothing.

        Raises:
            DuplicateError: another transaction wrote the same key first.
            StoreBusyError: no lock or connection was had in time (`STORE_BUSY`).
            UnavailableError: `STORE_FULL` or `STORE_DOWN`.
        """
        try:
            async with self._using(), self._turns, self._engine.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise DuplicateError(raw=str(error.orig)) from error
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            _ensure_not_cancelled(error)
            raise _store_error(error) from error

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A consistent read that takes no write lock.

        Raises:
            StoreBusyError: no connection was had in time.
            UnavailableError: `STORE_DOWN`.
        """
        try:
            async with self._using(), self._engine.connect() as raw:
                connection = await raw.execution_options(readonly=True)
                async with connection.begin():
                    yield connection
        except (OperationalError, InterfaceError, PoolTimeoutError) as error:
            _ensure_not_cancelled(error)
            raise _store_error(error) from error

    async def ping(self) -> None:
        """Ask whether the database answers."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Let the transactions that are open end, then close every connection.

        A connection that is given back to an engine that is gone would never be closed. Who comes
        meanwhile waits, and opens the database again.
        """
        self._open.clear()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s):
                    await self._unused.wait()
            await self._engine.dispose()
            await self._threads.ended()
        finally:
            self._open.set()

    @asynccontextmanager
    async def _using(self) -> AsyncIterator[None]:
        await self._open.wait()
        self._in_use += 1
        self._unused.clear()
        try:
            yield
        finally:
            self._in_use -= 1
            if not self._in_use:
                self._unused.set()


def _ensure_not_cancelled(error: Exception) -> None:
    """Let a cancelled task end: what failed while it cleaned up must not keep it going.

    Raises:
        CancelledError: the task was told to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from error


def _store_error(error: DBAPIError | PoolTimeoutError) -> UnavailableError:
    if isinstance(error, PoolTimeoutError):
        return StoreBusyError("Every connection to the database is in use.", raw=str(error))
    cause, words = error.orig, str(error.orig)
    # By code, never by words: a server speaks its own language.
    signal = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    if signal in _BUSY:
        return StoreBusyError("The database is busy with another writer.", raw=words)
    if signal in _FULL:
        return UnavailableError("The database's disk is full.", code="STORE_FULL", raw=words)
    return UnavailableError("The database does not answer.", code="STORE_DOWN", raw=words)
