"""The loops beside the worker: what other processes wrote, what time changes, how fresh it is."""

import asyncio
import gc
import time
from typing import Final

import structlog

from .. import metrics
from ..directory.hub import FRESHNESS, SESSIONS
from ..directory.requests import WINDOW
from ..domain.errors import PortalError
from ..store.ended_requests import ended_requests
from .singletons import Runtime

__all__ = [
    "anchor_audit",
    "read_records",
    "refresh_after_sync",
    "share",
    "tell_freshness",
    "tidy",
    "watch_sessions",
]

log = structlog.get_logger()

SHARE_EVERY_S: Final = 0.5
"""How soon a process learns what another one wrote to the database."""
OVERLAP_MS: Final = 2_000
"""A revision is taken inside a transaction, which may commit after a later one did."""
HOUSEKEEPING_S: Final = 15.0
"""Access that has expired is taken away within twice this time."""
FRESHNESS_S: Final = 0.5
ANCHOR_LOOK_S: Final = 30.0
"""How late an anchor of the audit log may be."""
SESSIONS_S: Final = 1.0
"""How soon a process learns that a session ended in another one, or reached its end."""
RENEW_AGAIN_S: Final = 30.0
"""A browser that was not given a new id is left alone for so long."""
TIDY_S: Final = 60.0
"""What a tab held that was closed may stay so long."""
LAST_WORD_S: Final = 1.0
"""So long a page has to take everything off the screen before its connection is cut."""


async def read_records(runtime: Runtime) -> int:
    """Fill the read models from the database; give the revision they stand at."""
    async with runtime.database.reading() as connection:
        revision = await runtime.stores.requests.newest_revision(connection)
        since = runtime.clock() - WINDOW
        requests = await runtime.stores.requests.since(connection, since)
        past = await ended_requests(connection, since=since - WINDOW, until=since)
        records = await runtime.stores.namespaces.all(connection)
    for request in requests:
        runtime.requests.put(request)
    runtime.requests.remember(past)
    for record in records:
        runtime.directory.put_record(record)
    return revision


async def share(runtime: Runtime, revision: int) -> None:
    """Learn what other processes wrote. One query for all pages of this process."""
    stores, board, directory = runtime.stores, runtime.requests, runtime.directory
    while True:
        await asyncio.sleep(SHARE_EVERY_S)
        # What this process writes during the read is newer than what is read.
        of_board, of_directory = board.arrivals.moment, directory.arrivals.moment
        try:
            async with runtime.database.reading() as connection:
                newest = await stores.requests.newest_revision(connection)
                changed = await stores.requests.changed_since(connection, revision - OVERLAP_MS)
                records = [
                    await stores.namespaces.get(
                        connection, cluster=request.spec.cluster, name=str(request.namespace)
                    )
                    for request in changed
                ]
        except PortalError as error:
            log.warning("changes not read", error=error.message)
            continue
        revision = newest
        for request in changed:
            board.put_read(request, begun=of_board)
        for record in filter(None, records):
            directory.put_read(record, begun=of_directory)


async def refresh_after_sync(runtime: Runtime) -> None:
    """Join every record once the cluster is known, then now and then for what time changes."""
    if runtime.mirror is not None:
        await runtime.mirror.wait_synced()
    await runtime.directory.refresh_all()
    if gc.get_freeze_count():
        # Where a process only serves, see `lifespan`, the picture stays, too: only what comes after
        # it is looked through for garbage, or each look would stop the loop.
        gc.collect()
        gc.freeze()
    looked_at = runtime.clock()
    while True:
        if runtime.drift is not None:
            now = runtime.clock()
            runtime.drift.look_at_expiring(since=looked_at, until=now)
            looked_at = now
        runtime.directory.refresh_due()
        runtime.directory.publish_counts()
        runtime.requests.forget_old()
        await _look_at_approvals(runtime)
        await asyncio.sleep(HOUSEKEEPING_S)


async def _look_at_approvals(runtime: Runtime) -> None:
    """End those that nobody gave in time, remind of the others."""
    try:
        await runtime.decisions.expire()
        await runtime.reminders.remind()
    except PortalError as error:
        log.warning("approvals not looked at", error=error.message)


async def tell_freshness(runtime: Runtime) -> None:
    """Wake pages when the word for the picture's age changes; measure the loop's lag besides."""
    word = None
    while True:
        due = time.monotonic() + FRESHNESS_S
        await asyncio.sleep(FRESHNESS_S)
        metrics.EVENT_LOOP_LAG.set(max(0.0, time.monotonic() - due))
        now = runtime.directory.freshness().liveness
        if now is not word:
            word = now
            runtime.directory.hub.publish(FRESHNESS)


async def watch_sessions(runtime: Runtime) -> None:
    """Cut the connections of sessions that are over or need a new id. One query for all of them."""
    hub = runtime.directory.hub
    told: dict[str, float] = {}
    while True:
        await hub.wait_newer(hub.versions([SESSIONS]), timeout_s=SESSIONS_S)
        open_ones = runtime.connections.sessions
        if not open_ones:
            continue
        try:
            over = await runtime.sign_in.ended_among(open_ones)
            renewed = await runtime.sign_in.renewed_among(over) if over else frozenset()
            outdated = await runtime.sign_in.outdated_among(open_ones)
        except PortalError as error:
            log.warning("sessions not looked at", error=error.message)
            continue
        # These browsers come again at once: with the new id, or to be given one.
        now = time.monotonic()
        told = {key: at for key, at in told.items() if now - at < RENEW_AGAIN_S}
        runtime.connections.cut(renewed | (outdated - told.keys()))
        told |= dict.fromkeys(outdated - told.keys(), now)
        if over - renewed:
            hub.publish(SESSIONS)
            await asyncio.sleep(LAST_WORD_S)
            runtime.connections.cut(over - renewed)


async def tidy(*, every_s: float = TIDY_S) -> None:
    """Look for garbage among what has grown old, and that is every open page, in its own time.

    By itself the interpreter looks whenever so much is new, so in the middle of a change that many
    pages show; with two hundred of them each look stops the loop for a seventh of a second.
    """
    while True:
        await asyncio.sleep(every_s)
        gc.collect()


async def anchor_audit(runtime: Runtime) -> None:
    """Tell the log every hour where the audit chain stands."""
    while True:
        try:
            await runtime.audit_trail.anchors.look()
        except PortalError as error:
            log.warning("audit not anchored", error=error.message)
        await asyncio.sleep(ANCHOR_LOOK_S)
