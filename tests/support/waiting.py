"""Waiting for a condition with a deadline; never a sleep that hopes."""

import asyncio
import time
from collections.abc import Awaitable, Callable

__all__ = ["eventually", "eventually_async", "eventually_sync"]


async def eventually(holds: Callable[[], bool], *, within_s: float = 30.0, what: str = "") -> None:
    """Wait until it holds, or fail with what it was."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what or holds}")
        await asyncio.sleep(0.01)


async def eventually_async(
    holds: Callable[[], Awaitable[bool]], *, within_s: float = 30.0, what: str = ""
) -> None:
    """The same for a condition that has to be awaited."""
    deadline = time.monotonic() + within_s
    while not await holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what or holds}")
        await asyncio.sleep(0.01)


def eventually_sync(holds: Callable[[], bool], *, within_s: float = 30.0, what: str = "") -> None:
    """The same without an event loop."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what or holds}")
        time.sleep(0.01)
