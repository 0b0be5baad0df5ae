"""Another process of the portal, on the same database."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
from collections.abc import AsyncIterator
from multiprocessing.synchronize import Event

from nsaas_app.runtime import serving
from nsaas_app.settings import Settings

__all__ = ["rival"]

READY_WITHIN_S = 120


async def _work_until(stop: Event, ready: Event, settings: Settings) -> None:
    async with serving(settings):
        ready.set()
        await asyncio.to_thread(stop.wait)


def _worker(stop: Event, ready: Event, settings: Settings) -> None:
    asyncio.run(_work_until(stop, ready, settings))


@contextlib.asynccontextmanager
async def rival(settings: Settings) -> AsyncIterator[int]:
    """Another process that works on the same database; its pid."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.support.crashing"])
    stop, ready = context.Event(), context.Event()
    process = context.Process(target=_worker, args=(stop, ready, settings))
    process.start()
    try:
        is_ready = await asyncio.to_thread(ready.wait, READY_WITHIN_S)
        assert is_ready, f"the other process does not serve within {READY_WITHIN_S} s"
        assert process.pid is not None
        yield process.pid
    finally:
        if process.pid is not None:
            os.kill(process.pid, signal.SIGCONT)  # a frozen one would never hear of the end
        stop.set()
        await asyncio.to_thread(process.join, 30)
        if process.is_alive():
            process.kill()
