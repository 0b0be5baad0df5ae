"""Bringing a database to the current schema, by one process at a time."""

import asyncio
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection

from .database import PATIENCE_S, dialect_url

__all__ = ["alembic_config", "upgrade"]

_MIGRATION_LOCK: Final = 4710
"""Key of PostgreSQL's advisory lock. SQLite's write lock does the same by itself."""


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


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
            command.upgrade(alembic_config(connection), "head")
    finally:
        engine.dispose()


async def upgrade(url: str) -> None:
    """Run the migrations that are missing. Safe to call from several processes at once."""
    await asyncio.to_thread(_upgrade, url)
