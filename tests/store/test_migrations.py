"""Migrations: from nothing to the tables of the code, once, whoever starts at the same time."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select, text

from nsaas_app.store.schema import _is_current, alembic_config, upgrade
from nsaas_app.store.tables import RequestRow, metadata
from tests.support.databases import migrated_home, plain_connection
from tests.support.specs import NOW

MIGRATE = "import asyncio, sys; from nsaas_app.store.schema import upgrade; "
MIGRATE += "asyncio.run(upgrade(sys.argv[1]))"

HOUR = timedelta(hours=1)
STORED = "2030-01-02 03:04:05"
"""NOW, as SQLite keeps it."""
_QUEUED = RequestRow.__table__  # type: ignore[attr-defined]

_OLD_REQUEST = text(
    "INSERT INTO request (request_id, kind, cluster, namespace, team, phase, spec, approval,"
    " requested_by, idempotency_key, body_hash, correlation_id, source, justification, created_at,"
    " started_at, revision) VALUES (:key, 'provision', 'local', :key, 'frontend', :phase, '{}',"
    " :approval, 'ada', :key, '', '', 'rest', '', :now, :began, 1)"
)
_OLD_STEP = text(
    "INSERT INTO step (request_id, name, position, status, attempts, objects)"
    " VALUES (:key, 'checks', 0, 'done', :tries, '[]')"
)
_OLD_JOB = text(
    "INSERT INTO job (key, kind, correlation_id, state, owner, fence, attempts, crashes,"
    " run_after_ms, lease_until_ms, cancel)"
    " VALUES (:key, 'provision', '', :state, '', 1, 1, :crashes, :at, 0, false)"
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with plain_connection(database_url) as opened:
        yield opened


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


async def test_an_empty_database_gets_every_table(database_url: str) -> None:
    await upgrade(database_url)
    with plain_connection(database_url) as connection:
        assert tables(connection) == {*metadata.tables, "alembic_version"}


async def test_a_second_start_changes_nothing(database_url: str) -> None:
    await upgrade(database_url)
    with plain_connection(database_url) as connection:
        connection.execute(text("INSERT INTO team (name, document) VALUES ('frontend', '{}')"))
    await upgrade(database_url)
    with plain_connection(database_url) as connection:
        assert connection.execute(text("SELECT name FROM team")).scalar_one() == "frontend"


def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, database_url], stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in started:
        _, words = process.communicate()
        assert process.returncode == 0, words.decode()
    with plain_connection(database_url) as connection:
        assert len(connection.execute(text("SELECT * FROM alembic_version")).all()) == 1
        assert tables(connection) == {*metadata.tables, "alembic_version"}


def test_the_tables_of_the_code_are_those_of_the_migrations(connection: Connection) -> None:
    config = alembic_config(connection)
    command.upgrade(config, "head")
    command.check(config)


def test_every_step_can_be_taken_back_and_again(connection: Connection) -> None:
    config = alembic_config(connection)
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert tables(connection) == {"alembic_version"}
    command.upgrade(config, "head")
    command.check(config)


def test_a_queue_from_before_keeps_its_order_and_what_began_its_wait(
    connection: Connection,
) -> None:
    config = alembic_config(connection)
    command.upgrade(config, "0007")
    now = STORED if connection.dialect.name == "sqlite" else f"{STORED}+00"
    yes = json.dumps({"decisions": [{"at": (NOW + 3 * HOUR).isoformat()}]})
    for number, (key, phase, approval, tries, has_begun) in enumerate(
        [
            ("plain", "done", "null", 1, True),
            ("approved", "done", yes, 1, True),
            ("retried", "done", "null", 2, True),
            ("waits", "queued", "null", 0, False),
            ("again", "queued", "null", 1, False),
            ("asks", "awaiting-approval", yes, 0, False),
        ]
    ):
        connection.execute(_OLD_REQUEST, {
            "key": key, "phase": phase, "approval": approval, "now": now,
            "began": now if has_begun else None,
        })  # fmt: skip
        connection.execute(_OLD_STEP, {"key": key, "tries": tries})
        # A moment of its own for each, and not that of its submit.
        connection.execute(_OLD_JOB, {
            "key": key, "at": 1_900_000_000_123 - number, "crashes": 0,
            "state": "queued" if phase == "queued" else "done",
        })  # fmt: skip

    command.upgrade(config, "head")

    rows = connection.execute(select(_QUEUED.c.request_id, _QUEUED.c.queued_at))
    found = {row.request_id: row.queued_at for row in rows}
    due = datetime(2030, 3, 17, 17, 46, 40, tzinfo=UTC)
    assert found == {
        "plain": NOW,
        "approved": NOW + 3 * HOUR,
        "retried": None,
        "waits": due + timedelta(milliseconds=120),
        "again": due + timedelta(milliseconds=119),
        "asks": None,
    }
    command.downgrade(config, "0007")
    assert connection.execute(text("SELECT count(*) FROM request")).scalar_one() == len(found)
    assert connection.execute(text("SELECT count(*) FROM step")).scalar_one() == len(found)


def test_there_is_one_line_of_migrations_and_a_database_at_its_end_is_current(
    connection: Connection,
) -> None:
    config = alembic_config(connection)
    (head,) = ScriptDirectory.from_config(config).get_heads()
    assert not _is_current(connection)
    command.upgrade(config, f"{head}-1")
    assert not _is_current(connection)
    command.upgrade(config, head)
    assert _is_current(connection)


def test_a_start_that_has_nothing_to_migrate_does_not_load_what_would(tmp_path: Path) -> None:
    url = f"sqlite:///{migrated_home(tmp_path / 'home') / 'nsaas.db'}"
    loaded = f"{MIGRATE}; print('alembic' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", loaded, url], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "False\n"


async def test_the_file_of_a_first_start_lies_where_it_was_asked_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home") / "deep" / "below"
    await upgrade(f"sqlite:///{home / 'nsaas.db'}")
    assert (home / "nsaas.db").is_file()
