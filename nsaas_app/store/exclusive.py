"""One process per SQLite file: a second one is refused instead of taking the first one's work."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.errors import UnavailableError
from .database import dialect_url

__all__ = ["only_process"]


@contextmanager
def only_process(url: str) -> Iterator[None]:
    """Hold a SQLite database for this process; PostgreSQL serves any number of them.

    Raises:
        UnavailableError: another process holds it.
    """
    target = dialect_url(url)
    if target.get_backend_name() != "sqlite" or not target.database:
        yield
        return
    path = Path(f"{target.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = f"Another process uses {target.database}: SQLite serves one at a time."
            raise UnavailableError(message, code="STORE_BUSY") from error
        yield
