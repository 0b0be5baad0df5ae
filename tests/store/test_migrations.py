"""Migrations: from nothing to the tables of the code, once, whoever starts at the same time."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from nsaas_app.store.schema import alembic_config, upgrade
from nsaas_app.store.tables import metadata
from tests.support.databases import plain_connection

MIGRATE = "import asyncio, sys; from nsaas_app.store.schema import upgrade; "
MIGRATE += "asyncio.run(upgrade(sys.argv[1]))"


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


def test_there_is_one_line_of_migrations(connection: Connection) -> None:
    assert len(ScriptDirectory.from_config(alembic_config(connection)).get_heads()) == 1


async def test_the_file_of_a_first_start_lies_where_it_was_asked_for(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("home") / "deep" / "below"
    await upgrade(f"sqlite:///{home / 'nsaas.db'}")
    assert (home / "nsaas.db").is_file()
