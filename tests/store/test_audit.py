"""The audit log: one unbroken chain; nobody changes it unseen, and hardly anybody at all."""

import asyncio
from datetime import timedelta, timezone
from itertools import pairwise

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from nsaas_app.domain.audit import AuditEvent, Outcome
from nsaas_app.store.audit import AuditStore
from nsaas_app.store.database import Database
from tests.support.databases import plain_connection
from tests.support.specs import NOW

AUDIT = AuditStore(key=b"k" * 32)
WRITERS, EACH = 6, 5
COUNT = WRITERS * EACH


def event(action: str = "request.submit") -> AuditEvent:
    return AuditEvent(
        actor="frontend-dev",
        action=action,
        object="request/r1",
        outcome=Outcome.ALLOWED,
        team="frontend",
        namespace="frontend-shop-dev",
        request_id="r1",
        correlation_id="c-1",
        source="rest/oidc",
        before=None,
        after={"b": 1, "a": [None, "\N{SNOWMAN}"]},
    )


async def append(database: Database, item: AuditEvent, *, store: AuditStore = AUDIT) -> None:
    async with database.transaction() as connection:
        await store.append(connection, item, at=NOW)


async def verify(database: Database, *, store: AuditStore = AUDIT) -> tuple[int, int | None]:
    async with database.reading() as connection:
        return await store.verify(connection)


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@pytest.fixture
async def written(database: Database) -> Database:
    """A log that several writers of two processes filled at the same time."""
    other = Database(address(database))

    async def write(into: Database, writer: int) -> None:
        for n in range(EACH):
            await append(into, event(f"act-{writer}-{n}"))

    await asyncio.gather(*(write((database, other)[n % 2], n) for n in range(WRITERS)))
    await other.close()
    return database


def unguarded(database: Database, connection: Connection) -> None:
    """What an administrator of the database can do and nobody else."""
    if database.is_sqlite:
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'")
        for (name,) in triggers.all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")


def tamper(database: Database, *statements: str, **values: int) -> None:
    with plain_connection(address(database)) as connection:
        unguarded(database, connection)
        for statement in statements:
            assert connection.execute(text(statement), values).rowcount == 1


async def test_the_chain_of_many_writers_is_whole(written: Database) -> None:
    assert await verify(written) == (COUNT, None)
    async with written.reading() as connection:
        events = await AUDIT.newest(connection, limit=COUNT)
    assert [item.seq for item in events] == list(range(COUNT, 0, -1))
    assert len({item.action for item in events}) == COUNT
    for newer, older in pairwise(events):
        assert newer.previous_hash == older.hash


async def test_an_event_comes_back_as_it_was_written(database: Database) -> None:
    await append(database, event())
    await append(database, event("later"))
    async with database.reading() as connection:
        (newest,) = await AUDIT.newest(connection, limit=1)
        _, first = await AUDIT.newest(connection, limit=9)
    assert newest.action == "later"
    assert (first.seq, first.at, first.outcome) == (1, NOW, Outcome.ALLOWED)
    for field in AuditEvent.__slots__:
        if field not in ("seq", "at", "hash", "previous_hash"):
            assert getattr(first, field) == getattr(event(), field), field


async def test_an_empty_log_is_whole(database: Database) -> None:
    assert await verify(database) == (0, None)


CHANGES = (
    "UPDATE audit SET actor = 'mallory' WHERE seq = :seq",
    "UPDATE audit SET action = 'nothing' WHERE seq = :seq",
    "UPDATE audit SET team = 'payments' WHERE seq = :seq",
    "UPDATE audit SET outcome = 'denied' WHERE seq = :seq",
    "UPDATE audit SET object = 'request/r2' WHERE seq = :seq",
    "UPDATE audit SET before = '{}' WHERE seq = :seq",
    "UPDATE audit SET after = '{}' WHERE seq = :seq",
    "UPDATE audit SET source = 'ui/oidc' WHERE seq = :seq",
    "UPDATE audit SET correlation_id = 'c-2' WHERE seq = :seq",
    "UPDATE audit SET request_id = 'r2' WHERE seq = :seq",
    "UPDATE audit SET namespace = 'other' WHERE seq = :seq",
    "UPDATE audit SET at = '2030-01-02 03:04:06' WHERE seq = :seq",
    "UPDATE audit SET hash = 'x' WHERE seq = :seq",
    "UPDATE audit SET previous_hash = 'x' WHERE seq = :seq",
)


async def test_a_row_with_anything_changed_is_found(written: Database) -> None:
    # From the end on: the first bad row is the one that is told.
    for seq, change in zip(range(COUNT, 0, -1), CHANGES, strict=False):
        tamper(written, change, seq=seq)
        assert await verify(written) == (seq, seq), change


async def test_a_removed_row_is_found(written: Database) -> None:
    tamper(written, "DELETE FROM audit WHERE seq = 7")
    assert (await verify(written))[1] == 7


INSERT = """
    INSERT INTO audit (seq, at, actor, team, action, namespace, object, outcome, correlation_id,
                       request_id, source, before, after, previous_hash, hash)
    SELECT :seq, at, actor, team, action, namespace, object, outcome, correlation_id,
           request_id, source, before, after, hash, 'forged' FROM audit WHERE seq = :copied
"""


@pytest.mark.parametrize(("seq", "found"), [(COUNT + 1, COUNT + 1), (0, 1)])
async def test_an_inserted_row_is_found(written: Database, seq: int, found: int) -> None:
    tamper(written, INSERT, seq=seq, copied=COUNT)
    assert (await verify(written))[1] == found


async def test_rows_that_changed_places_are_found(written: Database) -> None:
    tamper(
        written,
        "UPDATE audit SET seq = -1 WHERE seq = 7",
        "UPDATE audit SET seq = 7 WHERE seq = 8",
        "UPDATE audit SET seq = 8 WHERE seq = -1",
    )
    assert (await verify(written))[1] == 7


async def test_a_row_that_was_signed_for_another_past_is_found(database: Database) -> None:
    for action in ("first", "second", "third"):
        await append(database, event(action))
    with plain_connection(address(database)) as connection:
        unguarded(database, connection)
        connection.exec_driver_sql("CREATE TABLE kept AS SELECT * FROM audit WHERE seq = 3")
        connection.exec_driver_sql("DELETE FROM audit WHERE seq > 1")
    await append(database, event("another second"))
    tamper(database, "INSERT INTO audit SELECT * FROM kept")
    with plain_connection(address(database)) as connection:
        connection.exec_driver_sql("DROP TABLE kept")
    assert await verify(database) == (3, 3)


async def test_another_key_writes_another_chain(database: Database) -> None:
    await append(database, event())
    await append(database, event(), store=AuditStore(key=b"other"))
    assert await verify(database) == (2, 2)
    assert await verify(database, store=AuditStore(key=b"other")) == (1, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'mallory'",
        "UPDATE audit SET seq = seq + 100",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (seq) DO UPDATE SET team=''",
    ],
    ids=lambda statement: " ".join(statement.split()[:2]),
)
async def test_the_database_itself_refuses_to_change_the_log(
    database: Database, statement: str
) -> None:
    await append(database, event())
    words = "append-only"
    if statement.startswith("TRUNCATE" if database.is_sqlite else "REPLACE"):
        # The other database's word: it is no statement here at all.
        words = "syntax error"
    with plain_connection(address(database)) as connection:
        with pytest.raises(DBAPIError, match=words):
            connection.execute(text(statement))
        connection.rollback()
    assert await verify(database) == (1, None)


async def test_an_event_is_stored_with_the_change_it_tells_of_or_not_at_all(
    database: Database,
) -> None:
    async def fail_after_writing() -> None:
        async with database.transaction() as connection:
            await AUDIT.append(connection, event(), at=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_after_writing()
    assert await verify(database) == (0, None)


async def test_the_instant_counts_not_the_zone_it_was_told_in(database: Database) -> None:
    async with database.transaction() as connection:
        await AUDIT.append(connection, event(), at=NOW.astimezone(timezone(timedelta(hours=2))))
    assert await verify(database) == (1, None)


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b", "\N{SNOWMAN}" * 300, "'; DROP TABLE audit"])
async def test_an_action_is_recorded_whatever_its_thing_was_named(
    database: Database, name: str
) -> None:
    await append(database, AuditEvent(name, "submit", name, Outcome.DENIED, after={"n": name}))
    assert await verify(database) == (1, None)


async def test_a_key_is_rotated_in_two_steps_while_processes_of_each_run(
    database: Database,
) -> None:
    old, new = b"o" * 32, b"n" * 32
    before = AuditStore(key=old)
    prepared = AuditStore(key=old, others=(new,))
    after = AuditStore(key=new, others=(old,))
    await append(database, event(), store=before)
    # First every process learns the new key, then each signs with it: both write side by side.
    for store in (before, prepared, before, prepared, after, prepared, after):
        await append(database, event(), store=store)

    assert await verify(database, store=prepared) == (8, None)
    assert await verify(database, store=after) == (8, None)
    assert await verify(database, store=before) == (6, 6), "who lacks the new key cannot tell"
    assert await verify(database, store=AuditStore(key=new)) == (1, 1), "nor without the old one"
    await append(database, event(), store=AuditStore(key=b"forged"))
    assert await verify(database, store=after) == (9, 9)


async def test_an_entry_of_an_older_key_that_misses_its_anchor_was_not_changed(
    database: Database,
) -> None:
    rotated = AuditStore(key=b"n" * 32, others=(b"k" * 32,))
    await append(database, event())
    async with database.reading() as connection:
        assert await rotated.verify(connection, anchors=[(1, "told elsewhere")]) == (1, 1)
        link = await rotated.broken_link(connection, 1)
        assert link.computed_hash == link.hash
        stranger = AuditStore(key=b"x" * 32)
        link = await stranger.broken_link(connection, 1)
        assert link.computed_hash != link.hash
