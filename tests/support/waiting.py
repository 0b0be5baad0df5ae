"""Waiting for a condition with a deadline; never a sleep that hopes."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

__all__ = ["eventually", "eventually_async", "eventually_sync"]

FIRST_PAUSE_S: Final = 0.01
LONGEST_PAUSE_S: Final = 0.1
"""Who asks without a breath takes the machine from the one that is to answer."""


def _pauses(within_s: float, what: object) -> Iterator[float]:
    """How long to wait after each look that was in vain; the last look is after the deadline."""
    deadline, pause = time.monotonic() + within_s, FIRST_PAUSE_S
    is_last = False
    while not is_last:
        is_last = time.monotonic() > deadline
        yield pause
        pause = min(LONGEST_PAUSE_S, pause * 1.25)
    raise AssertionError(f"not within {within_s} s: {what}")


async def eventually(holds: Callable[[], bool], *, within_s: float = 30.0, what: str = "") -> None:
    """Wait until it holds, or fail with what it was."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what or holds}")
        # A look at memory costs nothing, and what is there for a moment only must be seen.
        await asyncio.sleep(FIRST_PAUSE_S)


async def eventually_async(
    holds: Callable[[], Awaitable[bool]], *, within_s: float = 30.0, what: str = ""
) -> None:
    """The same for a condition that has to be awaited."""
    for pause_s in _pauses(within_s, what or holds):
        if await holds():
            return
        await asyncio.sleep(pause_s)


def eventually_sync(holds: Callable[[], bool], *, within_s: float = 30.0, what: str = "") -> None:
    """The same without an event loop."""
    for pause_s in _pauses(within_s, what or holds):
        if holds():
            return
        time.sleep(pause_s)
