"""The database: all or nothing, no lost update, and a stable word for each of its troubles."""

import asyncio
import gc
import threading
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from nsaas_app.domain.errors import StoreBusyError, UnavailableError
from nsaas_app.domain.teams import Budget
from nsaas_app.store.database import CONNECTIONS, Database, database_now_ms, dialect_url
from nsaas_app.store.ledger import LedgerStore
from nsaas_app.store.teams import TeamStore
from tests.support.databases import Databases, plain_connection
from tests.support.postgres import PostgresServer
from tests.support.specs import FRONTEND
from tests.support.waiting import eventually, eventually_sync

IMPATIENT_S = 0.2
ON_POSTGRESQL = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def sqlite_url(databases: Databases, tmp_path: Path) -> str:
    return databases.empty("sqlite", tmp_path)


def impatient(database: Database) -> Database:
    """Another process's view of the same database, which does not wait long."""
    return Database(database.url.render_as_string(hide_password=False), patience_s=IMPATIENT_S)


async def count_teams(database: Database) -> int:
    async with database.reading() as connection:
        return len(await TeamStore().all(connection))


async def test_a_transaction_is_all_or_nothing(database: Database) -> None:
    async def fail_after_writing() -> None:
        async with database.transaction() as connection:
            await TeamStore().put(connection, FRONTEND)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_writing()
    assert await count_teams(database) == 0
    async with database.transaction() as connection:
        await TeamStore().put(connection, FRONTEND)
    assert await count_teams(database) == 1


async def test_what_parallel_tasks_read_and_then_write_adds_up(database: Database) -> None:
    teams, ledger = TeamStore(), LedgerStore()
    async with database.transaction() as connection:
        await teams.put(connection, replace(FRONTEND, budget=Budget(namespaces=0)))

    async def add_ten() -> None:
        for _ in range(10):
            async with database.transaction() as connection:
                await ledger.lock(connection, str(FRONTEND.name))
                (team,) = await teams.all(connection)
                await asyncio.sleep(0)
                more = Budget(namespaces=team.budget.namespaces + 1)
                await teams.put(connection, replace(team, budget=more))

    await asyncio.gather(*(add_ten() for _ in range(8)))
    async with database.reading() as connection:
        (team,) = await teams.all(connection)
    assert team.budget.namespaces == 80


async def test_reads_go_on_beside_a_writer_and_see_what_was_committed(database: Database) -> None:
    async with database.transaction() as connection:
        await TeamStore().put(connection, FRONTEND)
        assert await count_teams(database) == 0
    assert await count_teams(database) == 1


async def test_a_reader_never_holds_up_a_writer(database: Database) -> None:
    other = impatient(database)
    async with database.reading() as reading:
        assert await TeamStore().all(reading) == []
        async with other.transaction() as writing:
            await TeamStore().put(writing, FRONTEND)
    await other.close()


async def test_the_databases_clock_runs_in_milliseconds_and_never_stands(
    database: Database,
) -> None:
    async with database.transaction() as connection:
        first = (await connection.execute(database_now_ms().select())).scalar_one()
        await asyncio.sleep(0.05)
        second = (await connection.execute(database_now_ms().select())).scalar_one()
    assert abs(first - time.time() * 1000) < 20_000, "the same clock, and milliseconds"
    assert 40 <= second - first < 20_000


@pytest.mark.produces("STORE_BUSY")
async def test_sqlite_says_busy_when_another_process_keeps_the_write_lock(sqlite_url: str) -> None:
    database = Database(sqlite_url, patience_s=IMPATIENT_S)
    with plain_connection(sqlite_url) as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError) as caught:
            async with database.transaction():
                pass
        assert await count_teams(database) == 0
    assert caught.value.code == "STORE_BUSY"
    async with database.transaction() as connection:
        await TeamStore().put(connection, FRONTEND)
    await database.close()


async def test_writers_of_one_process_are_served_in_the_order_in_which_they_came(
    sqlite_url: str,
) -> None:
    # SQLite's own retries serve whoever is lucky, each holds the lock a while.
    database, served = Database(sqlite_url, patience_s=5), list[int]()

    async def write(number: int) -> None:
        async with database.transaction():
            await asyncio.sleep(0.01)
            served.append(number)

    await asyncio.gather(*(write(number) for number in range(60)))

    assert served == list(range(60))
    await database.close()


async def test_a_writer_that_never_ends_keeps_the_others_only_so_long(sqlite_url: str) -> None:
    database = Database(sqlite_url, patience_s=IMPATIENT_S)
    async with database.transaction():
        with pytest.raises(StoreBusyError):
            async with database.transaction():
                pass
    await database.close()


async def test_sqlite_keeps_what_it_acknowledged_through_a_power_failure(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.transaction() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            found = await connection.exec_driver_sql(f"PRAGMA {pragma}")
            assert found.scalar_one() == value, pragma
    await database.close()


@pytest.mark.produces("STORE_FULL")
async def test_a_full_disk_is_told_harms_nothing_and_heals(sqlite_url: str) -> None:
    database, teams = Database(sqlite_url), TeamStore()
    async with database.transaction() as connection:
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
        await teams.put(connection, FRONTEND)
    big = replace(FRONTEND, display_name="x" * 100_000)
    with pytest.raises(UnavailableError) as caught:
        async with database.transaction() as connection:
            await teams.put(connection, big)
    assert caught.value.code == "STORE_FULL"
    async with database.reading() as connection:
        assert await teams.all(connection) == [FRONTEND]
    async with database.transaction() as connection:
        assert (await connection.exec_driver_sql("PRAGMA integrity_check")).scalar_one() == "ok"
        await connection.exec_driver_sql("PRAGMA max_page_count=100000")
        await teams.put(connection, big)
    await database.close()


async def test_no_free_connection_is_busy_and_not_a_mystery(database: Database) -> None:
    other = impatient(database)
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS):
            await stack.enter_async_context(other.reading())
        with pytest.raises(StoreBusyError):
            await other.ping()
    await other.ping()
    await other.close()


@ON_POSTGRESQL
async def test_a_deadlock_is_busy_for_one_and_done_for_the_other(database: Database) -> None:
    ledger = LedgerStore()
    both = [FRONTEND, replace(FRONTEND, name=type(FRONTEND.name).parse("payments"))]
    async with database.transaction() as connection:
        await connection.execute(text("SELECT 1"))
        for team in both:
            await TeamStore().put(connection, team)
    met = asyncio.Barrier(2)

    async def lock(*names: str) -> None:
        async with database.transaction() as connection:
            await ledger.lock(connection, names[0])
            await met.wait()
            await ledger.lock(connection, names[1])

    first, second = str(both[0].name), str(both[1].name)
    ends = await asyncio.gather(lock(first, second), lock(second, first), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "StoreBusyError"]


@ON_POSTGRESQL
async def test_a_connection_that_was_cut_is_down_once_and_then_replaced(
    postgres: PostgresServer, database: Database
) -> None:
    async def write_over_a_cut() -> None:
        async with database.transaction() as connection:
            own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            postgres._administer(f"SELECT pg_terminate_backend({own}, 5000)")
            await TeamStore().put(connection, FRONTEND)

    with pytest.raises(UnavailableError) as caught:
        await write_over_a_cut()
    assert caught.value.code == "STORE_DOWN"
    assert await count_teams(database) == 0


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.db", "postgresql://nobody@127.0.0.1:1/nothing"]
)
@pytest.mark.produces("STORE_DOWN")
async def test_a_database_that_is_not_there_is_down(url: str) -> None:
    database, threads = Database(url), threading.active_count()
    with pytest.raises(UnavailableError) as caught:
        await database.ping()
    assert caught.value.code == "STORE_DOWN"
    assert caught.value.raw
    await database.close()
    # The driver's thread reports its end to the event loop, which must still be there.
    await eventually(lambda: threading.active_count() <= threads)


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite"),
        ("postgresql://a:b@h/d", "postgresql+psycopg"),
        ("postgres://a:b@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg2://a:b@h/d", "postgresql+psycopg"),
    ],
)
def test_an_address_is_enough_the_driver_is_ours(url: str, driver: str) -> None:
    assert dialect_url(url).drivername == driver


@pytest.mark.parametrize("second_after", [1, 4, 8])
def test_work_that_is_told_twice_to_end_does_not_hold_up_the_end_of_the_process(
    sqlite_url: str, second_after: int
) -> None:
    """As when a server stops: its loop ends only when the last task has ended."""

    async def stopped_twice() -> None:
        database = Database(sqlite_url)

        async def write_for_long() -> None:
            async with database.transaction() as connection:
                await connection.execute(text(FOR_LONG))

        writing = asyncio.create_task(write_for_long())
        await asyncio.sleep(0.05)
        writing.cancel()
        for _ in range(second_after):
            await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait([writing])
        await database.close()

    thread = threading.Thread(target=lambda: asyncio.run(stopped_twice()), daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive(), "the loop waits for a connection whose thread has ended"


def test_work_that_is_told_to_end_while_it_connects_leaves_nothing_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A loop that closed meanwhile cannot be told that the connection has ended."""
    complaints: list[str] = []
    threads_before = threading.active_count()
    monkeypatch.setattr(
        threading, "excepthook", lambda args: complaints.append(repr(args.exc_value))
    )

    async def stopped(after_s: float) -> None:
        database = Database(sqlite_url)

        async def write() -> None:
            async with database.transaction() as connection:
                await connection.execute(text("SELECT 1"))

        writing = asyncio.create_task(write())
        await asyncio.sleep(after_s)
        writing.cancel()
        await asyncio.wait([writing])
        await database.close()

    for tenths_of_ms in range(60):
        asyncio.run(stopped(tenths_of_ms / 10_000))
    eventually_sync(lambda: threading.active_count() <= threads_before)
    assert complaints == []


async def test_closing_waits_for_a_transaction_that_is_open(database: Database) -> None:
    """Its connection would be given back to a pool that is gone, and stay open for ever."""
    began, may_end = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with database.transaction() as connection:
            await TeamStore().put(connection, FRONTEND)
            began.set()
            await may_end.wait()

    writing = asyncio.create_task(write())
    await began.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.wait([closing], timeout=0.2)
    assert not closing.done()

    may_end.set()
    await asyncio.gather(writing, closing)

    assert await count_teams(database) == 1, "a closed database opens again when it is asked"
    gc.collect()  # a connection that nobody closed complains now, and that is an error here


async def test_a_cancelled_task_ends_although_the_database_fails_meanwhile(
    database: Database,
) -> None:
    """Its failure would be taken for a bad turn, and the loop would go on for ever."""
    began = asyncio.Event()

    async def write() -> None:
        async with database.transaction():
            try:
                began.set()
                await asyncio.sleep(60)
            finally:
                raise OperationalError("COMMIT", None, OSError("the disk is gone"))

    writing = asyncio.create_task(write())
    await began.wait()
    writing.cancel()
    await asyncio.wait([writing])
    assert writing.cancelled()


FOR_LONG = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) "
    "SELECT count(*) FROM n"
)
