"""Starting and stopping a portal's machinery, and the one place that hands it out."""

import asyncio
import gc
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Final

from ..domain.errors import PortalError
from ..identity.dev import DEV_TEAMS
from ..settings import Settings, load_settings
from ..store.exclusive import only_process
from .assembly import build
from .loops import (
    anchor_audit,
    read_records,
    refresh_after_sync,
    share,
    tell_freshness,
    tidy,
    watch_sessions,
)
from .singletons import Runtime

__all__ = ["current", "lifespan", "running", "serving"]

NEVER: Final = 2**30
"""So many collections of the middle-aged, then the old ones come along."""
END_AGAIN_S: Final = 20.0
"""Longer than what has begun may take to come to its end."""

_current: Runtime | None = None


def current() -> Runtime:
    """The runtime of this process.

    Raises:
        PortalError: it has not started yet.
    """
    if _current is None:
        raise PortalError("The portal is starting.", code="STORE_DOWN")
    return _current


def _loops(runtime: Runtime, revision: int) -> dict[str, Coroutine[Any, Any, None]]:
    """What runs beside the worker as long as the process does, by name."""
    loops: dict[str, Coroutine[Any, Any, None]] = {
        "housekeeping": refresh_after_sync(runtime),
        "freshness": tell_freshness(runtime),
        "sessions": watch_sessions(runtime),
        "anchors": anchor_audit(runtime),
        "tidying": tidy(),
        "cleanup-candidates": runtime.cleanup.candidates.run(),
        "lifetime": runtime.lifetime.run(is_worker=runtime.worker is not None),
    }
    if not runtime.database.is_sqlite:
        # SQLite serves one process alone; there is nobody to learn from.
        loops["sharing"] = share(runtime, revision)
    if runtime.mirror is not None:
        loops["mirror"] = runtime.mirror.run()
        loops["reviews"] = runtime.checkup.run()
    if runtime.drift is not None:
        loops["drift"] = runtime.drift.run()
    if runtime.consent is not None:
        loops["consent"] = runtime.consent.run()
    if runtime.worker is not None:
        loops["quota-samples"] = runtime.reports.trends.run()
        loops["cleanup"] = runtime.cleanup.sweeps.run()
        loops["cleanup-plans"] = runtime.cleanup.progress.run()
        if runtime.cleanup.pulse is not None:
            loops["pulse"] = runtime.cleanup.pulse.run()
        loops["cleanup-rules"] = runtime.cleanup.rules.run()
    return loops


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: one may have lost the word in the middle of a failure."""
    alive = set(tasks)
    while alive:
        for task in alive:
            task.cancel()
        _, alive = await asyncio.wait(alive, timeout=END_AGAIN_S)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Runtime]:
    """Start a whole portal's machinery and stop it again, in order."""
    async with AsyncExitStack() as stack:
        stack.enter_context(only_process(settings.database))
        runtime = await build(settings, stack)
        if runtime.database.is_sqlite:
            # Whoever held jobs before is gone for certain: nobody waits for leases to run out.
            async with runtime.database.transaction() as connection:
                await runtime.stores.jobs.reclaim(connection)
        if settings.is_dev:
            await runtime.teams.ensure_exist(DEV_TEAMS)
        revision = await read_records(runtime)
        await runtime.lifetime.inbox.refresh()
        loops = _loops(runtime, revision)
        tasks = {name: asyncio.create_task(loop, name=name) for name, loop in loops.items()}
        background = list(tasks.values())
        work = asyncio.create_task(runtime.worker.run()) if runtime.worker else None
        runtime.checkup.attend(tasks | ({"worker": work} if work else {}))
        try:
            yield runtime
        finally:
            # The worker first: it still needs the mirror while it drains.
            for task in [work] if work else []:
                task.cancel()
                await asyncio.wait([task])
            await _end(background)


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Runtime]:
    """Run the machinery and hand it out by `current()` for as long."""
    global _current  # the one allowed global: states and routes cannot be injected
    async with running(settings) as runtime:
        _current = runtime
        try:
            yield runtime
        finally:
            _current = None


@asynccontextmanager
async def lifespan(**_: Any) -> AsyncIterator[None]:
    """Reflex's lifespan task: the runtime lives as long as the application serves."""
    # What is loaded by now stays: looking through it again and again for garbage would stop the
    # loop for a tenth of a second each time.
    gc.freeze()
    gc.enable()
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)  # `tidy` looks through what has grown old
    try:
        async with serving(load_settings()):
            yield
    finally:
        gc.set_threshold(young, middle, old)
        gc.unfreeze()
