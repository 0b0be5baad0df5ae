"""SQLite's driver: every row arrives, nobody keeps the lock."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from nsaas_app.store.database import Database
from nsaas_app.store.sqlite_driver import Threads

WITHIN_S = 30.0
MANY = 1000
"""More rows than come with their statement."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "driver.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite:///{file}", patience_s=WITHIN_S)
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE number (n INTEGER PRIMARY KEY)"))
        rows = [{"n": n} for n in range(MANY)]
        await connection.execute(text("INSERT INTO number VALUES (:n)"), rows)
    yield database
    await database.close()


BEGIN_WRITING = "BEGIN IMMEDIATE"
NUMBERS = text("SELECT n FROM number ORDER BY n")


async def test_every_row_arrives_in_its_order(database: Database) -> None:
    expected = list(range(MANY))
    async with database.reading() as connection:
        assert list((await connection.execute(NUMBERS)).scalars()) == expected
        stream = await connection.stream_scalars(NUMBERS)
        assert [n async for n in stream] == expected
    async with database.transaction() as connection:
        assert list((await connection.execute(NUMBERS)).scalars()) == expected
        first = (await connection.execute(NUMBERS)).first()
        assert first is not None
        assert first[0] == 0


async def test_a_lock_that_comes_after_its_taker_was_cancelled_is_given_back(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None, timeout=0)
    other.execute("CREATE TABLE number (n INTEGER PRIMARY KEY)")
    connection = Threads().connect(str(file), timeout=WITHIN_S, check_same_thread=False)
    await connection
    connection.isolation_level = None
    try:
        other.execute(BEGIN_WRITING)
        taking = asyncio.create_task(connection.cursor().execute(BEGIN_WRITING))
        await asyncio.sleep(0)  # the thread has its order now, and waits for the file's lock
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        other.execute("COMMIT")
        await connection.rollback()
        await connection._execute(lambda: None)  # whatever the thread was told to do has happened

        other.execute(BEGIN_WRITING)
        other.execute("INSERT INTO number VALUES (1)")
        other.execute("COMMIT")
        numbers = await connection.cursor().execute("SELECT n FROM number")
        assert await numbers.fetchall() == [(1,)]
        assert await numbers.fetchone() is None
        await numbers.close()
    finally:
        other.close()
        await connection.close()
