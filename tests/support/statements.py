"""What a database is asked: every statement that reaches it, in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from nsaas_app.store.database import Database

__all__ = ["statements_of"]


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """Note the statements that run while the context lasts."""
    seen: list[str] = []
    engine = database._engine.sync_engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
