"""A portal that is killed on purpose, in a process of its own that dies as by kill -9.

Children are forked from a server that has everything imported already: a start takes milliseconds.
"""

import asyncio
import multiprocessing
import os
from multiprocessing.connection import Connection
from typing import Any

from nsaas_app.domain.requests import ProvisioningRequest
from nsaas_app.runtime import Runtime, serving
from nsaas_app.settings import Settings
from tests.support.requests import ended, submission, submit

__all__ = ["KILLED", "crash"]

KILLED = 137
_SECONDS = 90


async def _ask(
    portal: Runtime, kind: str, name: str, fields: dict[str, Any]
) -> ProvisioningRequest:
    if kind == "provision":
        return await submit(portal, name, key=f"{kind}-{name}", **fields)
    if kind == "change":
        changed = await portal.changes.change(name, fields, submission(key=f"{kind}-{name}"))
        assert changed is not None
        return changed
    if kind in ("sleep", "wake"):
        key = submission(key=f"{kind}-{name}")
        changes = portal.changes
        rests = changes.sleep(name, key) if kind == "sleep" else changes.wake(name, key)
        asked_for = await rests
        assert asked_for is not None
        return asked_for
    asked = submission("admin", key=f"{kind}-{name}")
    return await portal.changes.delete(name, asked, confirm=name)


async def _run(settings: Settings, asked: tuple[str, str, dict[str, Any]] | None,
               told: Connection) -> None:  # fmt: skip
    async with serving(settings) as portal:
        if asked is None:
            await asyncio.sleep(_SECONDS)
            return
        request = await _ask(portal, *asked)
        told.send(request.request_id)
        await ended(portal, request, within_s=_SECONDS)


def _main(settings: Settings, asked: tuple[str, str, dict[str, Any]] | None,
          told: Connection) -> None:  # fmt: skip
    asyncio.run(_run(settings, asked, told))
    os._exit(0)


async def crash(
    settings: Settings, asked: tuple[str, str, dict[str, Any]] | None, *, at: str
) -> str:
    """Run a portal that dies at a point; give the id of the request it acknowledged.

    `asked` is kind, name and fields of a request; None for a portal that only finds work.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    told, tells = context.Pipe(duplex=False)
    doomed = settings.model_copy(update={"crash_at": at})
    process = context.Process(target=_main, args=(doomed, asked, tells))
    process.start()
    tells.close()
    await asyncio.to_thread(process.join, _SECONDS)
    assert process.exitcode == KILLED, f"ended with {process.exitcode} instead of crashing"
    process.close()
    request_id: str = told.recv() if asked is not None else ""
    told.close()
    return request_id
