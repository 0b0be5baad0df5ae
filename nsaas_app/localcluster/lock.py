"""A lock on a file: released by the kernel when its holder ends, however it ends."""

import asyncio
import contextlib
import fcntl
import os
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from .progress import HEARTBEAT_SECONDS, Progress

__all__ = ["AlreadyLockedError", "locked", "waiting_for_lock"]

_POLL_SECONDS: Final = 0.2
_PID_DIGITS: Final = 32


class AlreadyLockedError(Exception):
    """Another process holds the lock."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(f"Process {holder} holds the lock {path}.")
        self.holder = holder


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock for a block, or fail at once; the file stays, empty of meaning.

    Raises:
        AlreadyLockedError: Another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, _PID_DIGITS).decode(errors="replace").strip()
            raise AlreadyLockedError(path, holder or "unknown") from None
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


@contextlib.asynccontextmanager
async def waiting_for_lock(path: Path, *, progress: Progress, phase: str) -> AsyncIterator[None]:
    """Hold the lock for a block; while another process has it, report `phase` and wait."""
    began = reported = time.monotonic()
    with contextlib.ExitStack() as held:
        while True:
            try:
                held.enter_context(locked(path))
                break
            except AlreadyLockedError:
                now = time.monotonic()
                if reported == began or now - reported >= HEARTBEAT_SECONDS:
                    progress(phase, elapsed=now - began)
                    reported = now
                await asyncio.sleep(_POLL_SECONDS)
        yield
