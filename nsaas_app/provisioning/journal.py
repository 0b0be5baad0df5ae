"""The journal of one run: every transition is stored before the next effect, then shown.

Each write extends the lease under the job's fence, so a worker that lost its job cannot write.
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from .. import metrics
from ..directory.directory import Directory
from ..directory.requests import RequestBoard
from ..domain.audit import Outcome
from ..domain.exports import Archive, Export
from ..domain.namespaces import Intent, ManagedNamespace
from ..domain.requests import (
    Phase,
    ProvisioningRequest,
    RequestFailure,
    Step,
    StepName,
    StepStatus,
)
from ..domain.sleep import Asleep, SleepingWorkload
from ..store.database import StoreConnection
from ..store.jobs import Job
from ..store.ledger import LedgerStore
from .closing import restore_record
from .request_events import request_event
from .stores import Stores

__all__ = ["LEASE_MS", "CancelAskedError", "Journal", "Settle"]

LEASE_MS: Final = 6_000
"""What a killed worker had is taken over this much later."""


class CancelAskedError(Exception):
    """Somebody asked to stop: the run ends before its next step."""


Settle = Callable[[StoreConnection, datetime], Awaitable[None]]
"""Writes what a completed request leaves true, inside its last transaction."""


class Journal:
    """Writes what happens to one request while a worker holds its job."""

    def __init__(
        self,
        *,
        stores: Stores,
        job: Job,
        request: ProvisioningRequest,
        board: RequestBoard,
        directory: Directory,
        clock: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._job = job
        self.request = request
        self._board = board
        self._directory = directory
        self._clock = clock

    def step(self, name: StepName) -> Step:
        """A step as it stands now."""
        return next(step for step in self.request.steps if step.name is name)

    @property
    def attempts(self) -> int:
        """How often the job was taken, this time included."""
        return self._job.attempts

    async def start(self, names: Sequence[StepName], *, after: Sequence[Step] = ()) -> None:
        """Store that steps run, together with the end of those before them.

        Raises:
            CancelAskedError: somebody asked to stop; the steps have not begun.
        """
        phase = Phase.VERIFYING if StepName.VERIFY in names else Phase.RUNNING
        started_at = self.request.started_at or self._clock()
        async with self._writing() as connection:
            running = self.begin(names)
            self._put_steps(after)
            self.request = replace(self.request, phase=phase, started_at=started_at, failure=None)
            await self._write_steps(connection, [*running, *after])
            await self._move(connection, started_at=started_at, failure=None)

    def begin(self, names: Sequence[StepName]) -> list[Step]:
        """Note that steps run; stored by the next transition only.

        Why one paused stands until it ends: on a page nothing comes and goes with each try.
        """
        now = self._clock()
        running = [
            replace(
                step,
                status=StepStatus.RUNNING,
                attempts=step.attempts + 1,
                started_at=step.started_at or now,
            )
            for step in map(self.step, names)
        ]
        self._put_steps(running)
        return running

    def ended(
        self, name: StepName, status: StepStatus = StepStatus.DONE, objects: tuple[str, ...] = ()
    ) -> Step:
        """A step as it is once it ended now; stored with the next transition."""
        step, now = self.step(name), self._clock()
        ended = replace(
            step,
            status=status,
            started_at=step.started_at or now,
            finished_at=now,
            objects=objects or step.objects,
            error=None,
        )
        if ended.duration is not None:
            metrics.STEP_DURATION.labels(name.value).observe(ended.duration.total_seconds())
        return ended

    async def pause(self, name: StepName, failure: RequestFailure, *, delay_ms: int) -> None:
        """Give the job back for a later try and say why, and when that is."""
        again = self._clock() + timedelta(milliseconds=delay_ms)
        failure = replace(failure, retry_at=again)
        changed = [*self._got_over(name), replace(self.step(name), error=failure)]
        self._put_steps(changed)
        self.request = replace(self.request, phase=Phase.RETRYING, failure=failure)
        async with self._leaving() as connection:
            await self._write_steps(connection, changed)
            await self._move(connection, failure=failure)
            await self._stores.jobs.put_back(connection, self._job, delay_ms=delay_ms)

    def _got_over(self, name: StepName) -> list[Step]:
        """Steps beside the one that failed, without why they paused before: one thing is wrong."""
        return [
            replace(step, error=None)
            for step in self.request.steps
            if step.name is not name and step.status is StepStatus.RUNNING and step.error
        ]

    async def hasten(self) -> None:
        """Make the job due at once after all, should it still wait."""
        async with self._stores.database.transaction() as connection:
            await self._stores.jobs.hasten(connection, self._job.key)

    async def roll_back(self, name: StepName, failure: RequestFailure) -> None:
        """Store that the request failed at a step and is being undone."""
        failed = replace(self.ended(name, StepStatus.FAILED), error=failure)
        changed = [*self._got_over(name), failed]
        self._put_steps(changed)
        self.request = replace(self.request, phase=Phase.ROLLING_BACK, failure=failure)
        async with self._writing(heed_cancel=False) as connection:
            await self._write_steps(connection, changed)
            await self._move(connection, failure=failure)

    async def complete(self, last: Sequence[Step], settle: Settle) -> None:
        """End the request well; `settle` writes in the same transaction what now holds."""
        now = self._clock()
        self._put_steps(last)
        self.request = replace(self.request, phase=Phase.DONE, finished_at=now, failure=None)
        async with self._leaving() as connection:
            await self._write_steps(connection, last)
            await self._move(connection, finished_at=now, failure=None)
            await settle(connection, now)
            await self._end(connection, Outcome.COMPLETED)

    async def fail(self, phase: Phase, failure: RequestFailure | None) -> None:
        """End the request badly: record and budget as they were before it, audit written."""
        now = self._clock()
        skipped = [
            replace(self.ended(step.name, StepStatus.SKIPPED), attempts=step.attempts)
            for step in self.request.steps
            if step.status in (StepStatus.PENDING, StepStatus.RUNNING)
        ]
        self._put_steps(skipped)
        self.request = replace(self.request, phase=phase, finished_at=now, failure=failure)
        async with self._leaving() as connection:
            await self._write_steps(connection, skipped)
            await self._move(connection, finished_at=now, failure=failure)
            await restore_record(connection, self._stores, self.request)
            await self._end(connection, Outcome.FAILED)

    async def record(self) -> ManagedNamespace:
        """The namespace's record as it stands in the database."""
        async with self._stores.database.reading() as connection:
            found = await self._record(connection)
        if found is None:
            raise LookupError(f"no record of {self.request.namespace}")
        return found

    async def set_record(self, connection: StoreConnection, **values: Any) -> None:
        """Change columns of the namespace's record, within a settling transaction."""
        await self._stores.namespaces.change(
            connection,
            cluster=self.request.spec.cluster,
            name=str(self.request.namespace),
            **values,
        )

    async def set_active(self, connection: StoreConnection, *, asleep: Asleep | None) -> None:
        """Write that the namespace is in use, awake or asleep, within a settling transaction."""
        await self.set_record(connection, intent=Intent.ACTIVE, asleep=asleep)

    async def sleepers(self) -> tuple[SleepingWorkload, ...]:
        """The namespace's workloads that are remembered as asleep, or as left alone."""
        async with self._stores.database.reading() as connection:
            return await self._stores.sleepers.list(connection, **self._place)

    async def note_sleepers(self, workloads: Iterable[SleepingWorkload]) -> None:
        """Remember what workloads go back to, before anything happens to them."""
        async with self._writing(heed_cancel=False) as connection:
            await self._stores.sleepers.put(connection, workloads, **self._place)

    async def forget_sleepers(self, workloads: Iterable[SleepingWorkload]) -> None:
        """Forget workloads that are awake again."""
        async with self._writing(heed_cancel=False) as connection:
            await self._stores.sleepers.remove(connection, workloads, **self._place)

    async def forget_all_sleepers(self, connection: StoreConnection) -> None:
        """Forget every workload of a namespace that is gone, within a settling transaction."""
        await self._stores.sleepers.clear(connection, **self._place)

    async def keep_export(self, archive: Archive) -> None:
        """Keep an archive under the request's id, once."""
        request = self.request
        export = Export(
            export_id=request.request_id,
            cluster=request.spec.cluster,
            namespace=str(request.namespace),
            team=request.team,
            requested_by=request.requested_by,
            reason="deletion",
            created_at=self._clock(),
            objects=archive.objects,
            left_out=archive.left_out,
            size=len(archive.content),
            sha256=hashlib.sha256(archive.content).hexdigest(),
        )
        async with self._writing() as connection:
            await self._stores.exports.add(connection, export, archive.content)

    @property
    def _place(self) -> dict[str, str]:
        request = self.request
        return {"cluster": request.spec.cluster, "namespace": str(request.namespace)}

    @property
    def ledger(self) -> LedgerStore:
        """The ledger, for a settling transaction."""
        return self._stores.ledger

    async def _record(self, connection: StoreConnection) -> ManagedNamespace | None:
        return await self._stores.namespaces.get(
            connection, cluster=self.request.spec.cluster, name=str(self.request.namespace)
        )

    async def _write_steps(self, connection: StoreConnection, steps: Sequence[Step]) -> None:
        await self._stores.requests.write_steps(connection, self.request.request_id, steps)

    def _put_steps(self, steps: Sequence[Step]) -> None:
        changed = {step.name: step for step in steps}
        merged = tuple(changed.get(step.name, step) for step in self.request.steps)
        self.request = replace(self.request, steps=merged)

    async def _move(self, connection: StoreConnection, **values: Any) -> None:
        await self._stores.requests.move(
            connection, self.request.request_id, self.request.phase, **values
        )

    async def _end(self, connection: StoreConnection, outcome: Outcome) -> None:
        await self._stores.jobs.finish(connection, self._job)
        request = self.request
        failure = request.failure
        event = request_event(
            request,
            actor="system",
            action=f"request.{request.kind.value}",
            outcome=outcome,
            source="worker",
            after={"phase": request.phase.value, "code": failure.code if failure else ""},
        )
        await self._stores.audit.append(connection, event, at=self._clock())
        code = failure.code if failure else ""
        metrics.REQUESTS.labels(request.kind.value, request.status.value, code).inc()
        if request.duration is not None:
            metrics.REQUEST_DURATION.labels(request.kind.value).observe(
                request.duration.total_seconds()
            )

    @asynccontextmanager
    async def _writing(self, *, heed_cancel: bool = True) -> AsyncIterator[StoreConnection]:
        """A transaction under the fence, shown to pages once it is committed."""
        async with self._stores.database.transaction() as connection:
            is_asked = await self._stores.jobs.hold(connection, self._job, lease_ms=LEASE_MS)
            if is_asked and heed_cancel:
                raise CancelAskedError
            yield connection
        self._board.put(self.request)

    @asynccontextmanager
    async def _leaving(self) -> AsyncIterator[StoreConnection]:
        """The transaction that gives the job away: the fence is checked by its last write."""
        async with self._stores.database.transaction() as connection:
            yield connection
            record = await self._record(connection)
        if record is not None:
            self._directory.put_record(record)
        self._board.put(self.request)
