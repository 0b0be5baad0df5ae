"""The worker: takes due jobs, runs a few at once, keeps their leases, drains when told to stop."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from asgi_correlation_id import correlation_id

from .. import metrics
from ..cluster.faults import ClusterError, Verdict
from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.errors import PortalError
from ..domain.requests import Phase, ProvisioningRequest, RequestFailure, RequestKind
from ..store.jobs import Job, LeaseLostError
from .drift import REPAIR, REPAIR_ALL
from .journal import LEASE_MS, Journal
from .kinds.adopt import AdoptRun
from .kinds.change import ChangeRun
from .kinds.departure import DeleteRun, ReleaseRun, RestoreRun
from .kinds.provision import ProvisionRun
from .kinds.repair import repair
from .kinds.sleep import SleepRun, WakeRun
from .orphans import REMOVE_ORPHAN, remove_orphan
from .run import RequestRun, RunTools
from .stores import Stores

__all__ = ["Worker"]

log = structlog.get_logger()

CONCURRENCY: Final = 8
"""Namespaces in the making at once: more only makes each of them slower."""
POLL_S: Final = 1.0
REPAIR_PAUSE_MS: Final = 5_000
DRAIN_S: Final = 20.0


_RUNS: Final[dict[RequestKind, type[RequestRun]]] = {
    RequestKind.PROVISION: ProvisionRun,
    RequestKind.CHANGE: ChangeRun,
    RequestKind.SLEEP: SleepRun,
    RequestKind.WAKE: WakeRun,
    RequestKind.RELEASE: ReleaseRun,
    RequestKind.RESTORE: RestoreRun,
    RequestKind.DELETE: DeleteRun,
    RequestKind.ADOPT: AdoptRun,
}


class Worker:
    """Carries out what was accepted. Any number of processes may run one."""

    def __init__(
        self,
        *,
        stores: Stores,
        tools: RunTools,
        board: RequestBoard,
        directory: Directory,
    ) -> None:
        self._stores = stores
        self._tools = tools
        self._board = board
        self._directory = directory
        self._owner = uuid.uuid4().hex[:12]
        self._running: dict[asyncio.Task[None], Job] = {}
        self._wake = asyncio.Event()
        self._repair_listeners: list[Callable[[str], None]] = []

    def listen_repairs(self, listener: Callable[[str], None]) -> None:
        """Call this with the name of a namespace whenever a repair of it has ended."""
        self._repair_listeners.append(listener)

    def wake(self) -> None:
        """Look for due jobs now instead of at the next poll."""
        self._wake.set()

    async def run(self) -> None:
        """Take and carry out jobs until cancelled, then let running ones come to an end."""
        heart = asyncio.create_task(self._keep_leases(), name="keep leases")
        try:
            # The picture must be whole first: verification waits on it.
            await self._tools.mirror.wait_synced()
            while True:
                await self._turn()
        finally:
            heart.cancel()
            await self._drain()

    async def _turn(self) -> None:
        self._wake.clear()
        room = CONCURRENCY - len(self._running)
        jobs = await self._surviving(self._take(room)) if room else []
        for job in jobs or ():
            task = asyncio.create_task(self._carry_out(job), name=f"job {job.key}")
            self._running[task] = job
            task.add_done_callback(self._ended)
        if not jobs:
            try:
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _take(self, room: int) -> list[Job]:
        async with self._stores.database.transaction() as connection:
            return await self._stores.jobs.take(
                connection, owner=self._owner, limit=room, lease_ms=LEASE_MS
            )

    async def _surviving(self, work: Awaitable[list[Job]]) -> list[Job]:
        try:
            return await work
        except PortalError as error:
            log.warning("store did not answer the worker", error=error.message, raw=error.raw)
            return []

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()

    async def _carry_out(self, job: Job) -> None:
        correlation_id.set(job.correlation_id)
        try:
            if job.kind in (REPAIR, REPAIR_ALL):
                await self._repair(job)
                return
            if job.kind == REMOVE_ORPHAN:
                await self._remove_orphan(job)
                return
            async with self._stores.database.reading() as connection:
                request = await self._stores.requests.get(connection, job.key)
            if request is None or request.is_terminal:
                await self._finish(job)
                return
            journal = self._journal(job, request)
            if job.is_poisoned:
                await self._quarantine(journal)
                return
            await _RUNS[request.kind](self._tools, journal).carry_out()
        except LeaseLostError:
            log.warning("lease lost", request_id=job.key)
        except Exception:
            # The lease runs out and the job is taken again; five such ends set it aside.
            log.exception("job crashed", request_id=job.key)

    def _journal(self, job: Job, request: ProvisioningRequest) -> Journal:
        return Journal(
            stores=self._stores,
            job=job,
            request=request,
            board=self._board,
            directory=self._directory,
            clock=self._tools.clock,
        )

    async def _repair(self, job: Job) -> None:
        """Repair a namespace; what fails now is tried again a little later."""
        try:
            changed = await repair(job, tools=self._tools, stores=self._stores)
        except ClusterError as error:
            log.warning("repair failed", key=job.key, code=error.code, error=error.message)
            async with self._stores.database.transaction() as connection:
                if error.verdict is Verdict.PERMANENT:
                    await self._stores.jobs.finish(connection, job)
                else:
                    await self._stores.jobs.put_back(connection, job, delay_ms=REPAIR_PAUSE_MS)
            return
        if changed:
            log.info("drift repaired", key=job.key, changed=changed)
        await self._finish(job)
        # What was tampered with while the repair ran could not be queued: look once more.
        for listener in self._repair_listeners:
            listener(job.key.rpartition("/")[2])

    async def _remove_orphan(self, job: Job) -> None:
        """Remove an orphan; what fails now is tried again a little later."""
        try:
            await remove_orphan(job, tools=self._tools, stores=self._stores)
        except ClusterError as error:
            log.warning("orphan not removed", key=job.key, code=error.code, error=error.message)
            if error.verdict is not Verdict.PERMANENT:
                async with self._stores.database.transaction() as connection:
                    await self._stores.jobs.put_back(connection, job, delay_ms=REPAIR_PAUSE_MS)
                return
        await self._finish(job)

    async def _quarantine(self, journal: Journal) -> None:
        message = "This request ended its worker five times and was set aside."
        await journal.fail(Phase.ROLLED_BACK, RequestFailure("QUARANTINED", message))

    async def _finish(self, job: Job) -> None:
        async with self._stores.database.transaction() as connection:
            await self._stores.jobs.finish(connection, job)

    async def _keep_leases(self) -> None:
        """Extend the lease of every running job; stop those that another worker took."""
        while True:
            await asyncio.sleep(LEASE_MS / 3000)
            for task, job in list(self._running.items()):
                try:
                    async with self._stores.database.transaction() as connection:
                        await self._stores.jobs.hold(connection, job, lease_ms=LEASE_MS)
                except LeaseLostError:
                    task.cancel()
                except PortalError as error:
                    log.warning("lease not extended", request_id=job.key, error=error.message)
            await self._count_jobs()

    async def _count_jobs(self) -> None:
        try:
            async with self._stores.database.reading() as connection:
                counts = await self._stores.jobs.count_by_state(connection)
        except PortalError:
            return
        for state in ("queued", "running", "done", "quarantined"):
            metrics.JOBS.labels(state).set(counts.get(state, 0))

    async def _drain(self) -> None:
        """Give running jobs time to end; the rest is taken over when its lease runs out."""
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN_S)
        for task in list(self._running):
            task.cancel()
