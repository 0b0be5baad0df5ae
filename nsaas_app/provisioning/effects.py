"""Calls with an effect on the cluster, repeated in place while that can help."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar

from ..cluster.faults import ClusterError, Verdict
from ..domain.errors import PortalError

__all__ = ["all_of", "heard_out", "holds_in_time", "repeating"]

T = TypeVar("T")
Failure = TypeVar("Failure", bound=Exception)

PATIENCE_S: Final = 3.0
"""Longer troubles give the job back: its lease and its place in the pool are for others."""
LONGEST_PAUSE_S: Final = 1.0
LONGEST_LAG_S: Final = 0.2


async def repeating(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that is safe to repeat until it succeeds, fails for good, or takes too long.

    Raises:
        ClusterError: the last one.
    """
    began, pause_s = time.monotonic(), 0.1
    while True:
        try:
            return await call()
        except ClusterError as error:
            is_late = time.monotonic() - began >= PATIENCE_S
            if error.verdict is Verdict.PERMANENT or is_late:
                raise
            jitter_s = random.uniform(0, 0.1)  # noqa: S311 - no secret
            await asyncio.sleep(max(error.retry_after_s or 0, pause_s + jitter_s))
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


async def holds_in_time(ask: Callable[[], Awaitable[bool]], *, within_s: float) -> bool:
    """Ask again and again until it holds; False when it still does not once the time is over."""
    until, pause_s = time.monotonic() + within_s, 0.01
    while not await ask():
        if time.monotonic() >= until:
            return False
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_LAG_S)
    return True


async def all_of(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Make calls at the same time; the first error ends them all.

    Raises:
        ClusterError, PortalError: the first one.
    """
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except* (ClusterError, PortalError) as errors:
        raise _first(errors) from errors
    return [task.result() for task in tasks]


async def heard_out(calls: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Make calls at the same time, and let each come to its end even when another one fails.

    For effects: one that is still on its way must not land after its undoing has begun.

    Raises:
        ClusterError: the error of the first call that failed, in their order.
    """
    ends = await asyncio.gather(*calls, return_exceptions=True)
    results = []
    for end in ends:
        if isinstance(end, BaseException):
            raise end
        results.append(end)
    return results


def _first(group: BaseExceptionGroup[Failure]) -> Failure:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            return _first(error)
        return error
    raise AssertionError("an exception group is never empty")
