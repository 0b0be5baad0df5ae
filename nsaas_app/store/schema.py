"""Bringing a database to the current schema, by one process at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Connection

from .database import PATIENCE_S, dialect_url

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["alembic_config", "upgrade"]

_MIGRATIONS: Final = Path(__file__).parent / "migrations"

_MIGRATION_LOCK: Final = 4710
"""Key of PostgreSQL's advisory lock. SQLite's write lock does the same by itself."""


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration bound to an open connection."""
    # Most starts find the schema as it should be, and need not load what would change it.
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _is_current(connection: Connection) -> bool:
    """Whether the last migration has run. Their files are numbered in one line."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    newest = max(file.name for file in (_MIGRATIONS / "versions").glob("[0-9]*.py"))
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return list(found) == [newest.partition("_")[0]]


def _upgrade(url: str) -> None:
    target = dialect_url(url)
    is_sqlite = target.get_backend_name() == "sqlite"
    if is_sqlite and target.database:
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(target.set(drivername="sqlite" if is_sqlite else "postgresql+psycopg"))
    if is_sqlite:

        @event.listens_for(engine, "connect")
        def _on_connect(connection: Any, _record: object) -> None:
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout={int(PATIENCE_S * 1000)}")
            connection.execute("PRAGMA journal_mode=WAL")

        @event.listens_for(engine, "begin")
        def _on_begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            if not is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            if not _is_current(connection):
                from alembic import command  # noqa: PLC0415 - as in `alembic_config`

                command.upgrade(alembic_config(connection), "head")
    finally:
        engine.dispose()


async def upgrade(url: str) -> None:
    """Run the migrations that are missing. Safe to call from several processes at once."""
    await asyncio.to_thread(_upgrade, url)
