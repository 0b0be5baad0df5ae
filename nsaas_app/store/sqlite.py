"""What is peculiar to SQLite: its pragmas and its one writer."""

import asyncio
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from ..domain.errors import StoreBusyError
from .sqlite_driver import Threads

__all__ = ["Turns", "prepare_sqlite"]


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
