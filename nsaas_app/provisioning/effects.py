"""Calls with an effect on the cluster, repeated in place while that can help."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, Final, TypeVar

from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    retry_if_result,
    stop_after_delay,
    wait_exponential,
    wait_exponential_jitter,
)

from ..cluster.faults import ClusterError, Verdict
from ..domain.errors import PortalError

__all__ = ["all_of", "heard_out", "holds_in_time", "repeating"]

T = TypeVar("T")
Failure = TypeVar("Failure", bound=Exception)

PATIENCE_S: Final = 3.0
"""Longer troubles give the job back: its lease and its place in the pool are for others."""
FIRST_PAUSE_S: Final = 0.1
_backoff = wait_exponential_jitter(multiplier=2 * FIRST_PAUSE_S, max=1.0, jitter=0.1)


def _can_help(error: BaseException) -> bool:
    return isinstance(error, ClusterError) and error.verdict is not Verdict.PERMANENT


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, ClusterError) else None
    return max(asked or 0.0, _backoff(state))


async def repeating(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that is safe to repeat until it succeeds, fails for good, or takes too long.

    Raises:
        ClusterError: the last one.
    """
    try:
        # Nearly always this is all. What repeats calls costs as much as a call, so it comes later.
        return await call()
    except ClusterError as error:
        if not _can_help(error):
            raise
        await asyncio.sleep(error.retry_after_s or FIRST_PAUSE_S)
    async for attempt in AsyncRetrying(
        retry=retry_if_exception(_can_help),
        wait=_pause,
        stop=stop_after_delay(PATIENCE_S),
        reraise=True,
    ):
        with attempt:
            return await call()
    raise AssertionError("tenacity ends by a result or an exception")


async def holds_in_time(ask: Callable[[], Awaitable[bool]], *, within_s: float) -> bool:
    """Ask again and again until it holds; False when it still does not once the time is over."""
    if await ask():
        return True
    lag = AsyncRetrying(
        retry=retry_if_result(lambda holds: not holds),
        wait=wait_exponential(multiplier=0.01, max=0.2),
        stop=stop_after_delay(within_s),
        retry_error_callback=lambda _: False,
    )
    return await lag(ask)


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
