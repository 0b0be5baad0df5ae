"""A migrated, empty database for a test, in a moment: nothing is migrated twice."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, create_engine

from nsaas_app.store.database import dialect_url
from nsaas_app.store.schema import _upgrade
from nsaas_app.store.tables import metadata
from tests.support.postgres import PostgresServer

__all__ = ["Databases", "migrated_home", "plain_connection"]


@cache
def _migrated_sqlite() -> bytes:
    """A migrated SQLite file without a row, made at most once a process."""
    with tempfile.TemporaryDirectory(prefix="nsaas-db-") as directory:
        file = Path(directory) / "template.db"
        _upgrade(f"sqlite:///{file}")
        return file.read_bytes()


def migrated_home(home: Path) -> Path:
    """Make the home of a portal whose database needs no migration any more; give it back."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "nsaas.db").write_bytes(_migrated_sqlite())
    return home


@dataclass(frozen=True)
class Databases:
    """A migrated database of each kind: a SQLite file to be copied, a PostgreSQL to be emptied."""

    postgresql: str

    @classmethod
    def make(cls, server: PostgresServer) -> "Databases":
        url = server.create_database()
        _upgrade(url)
        return cls(url)

    def empty(self, kind: str, directory: Path) -> str:
        """Address of one without a row: a file in the directory, or the PostgreSQL of all tests."""
        if kind == "sqlite":
            return f"sqlite:///{migrated_home(directory) / 'nsaas.db'}"
        with plain_connection(self.postgresql) as connection:
            # As a replica would: past the triggers that guard the audit log.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER ALL")
        return self.postgresql


@contextmanager
def plain_connection(url: str) -> Iterator[Connection]:
    """A connection without the product's settings, for those who come in by another door."""
    target = dialect_url(url)
    is_sqlite = target.get_backend_name() == "sqlite"
    engine = create_engine(target.set(drivername="sqlite" if is_sqlite else "postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
