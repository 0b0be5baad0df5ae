"""Durable work: queue, lease and fence. Leases run by the database's own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, Executable, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .database import database_now_ms
from .tables import JobRow

__all__ = ["Job", "JobStore", "LeaseLostError"]

_JOB = JobRow.__table__  # type: ignore[attr-defined]
MAX_CRASHES: Final = 5

# Statements of every step are built once: building one takes ten times as long as running it.
_LEASE = bindparam("lease_ms", type_=BigInteger)
_HELD = update(_JOB).where(
    _JOB.c.id == bindparam("of_id"),
    _JOB.c.fence == bindparam("of_fence"),
    _JOB.c.state == "running",
)
"""A job whose holder writes it; whoever lost it misses."""
_HOLD = _HELD.values(lease_until_ms=database_now_ms() + _LEASE).returning(_JOB.c.cancel)
_LEAVE = _HELD.values(owner="", lease_until_ms=0).returning(_JOB.c.id)
_PUT_BACK = _LEAVE.values(run_after_ms=database_now_ms() + bindparam("delay_ms", type_=BigInteger))
_ENQUEUE = (
    insert(_JOB)
    .values(
        state="queued",
        owner="",
        fence=0,
        attempts=0,
        crashes=0,
        run_after_ms=database_now_ms(),
        lease_until_ms=0,
        cancel=False,
    )
    .returning(_JOB.c.run_after_ms)
)
_DUE = (
    select(_JOB.c.id)
    .where(
        or_(
            (_JOB.c.state == "queued") & (_JOB.c.run_after_ms <= database_now_ms()),
            (_JOB.c.state == "running") & (_JOB.c.lease_until_ms < database_now_ms()),
        )
    )
    # As `directory/waiting.py` numbers requests: of one millisecond the lower id goes first.
    .order_by(_JOB.c.run_after_ms, _JOB.c.key)
    .limit(bindparam("at_most"))
    .with_for_update(skip_locked=True)
)
_PICKED = _DUE.cte("picked")
_TAKE = (
    update(_JOB)
    # As a table of its own: PostgreSQL may look into a plain subquery more than once, and each
    # look would pass over what is locked already and take more than was asked for.
    .where(_JOB.c.id.in_(select(_PICKED.c.id)))
    .values(
        crashes=_JOB.c.crashes + case((_JOB.c.state == "running", 1), else_=0),
        state="running",
        owner=bindparam("taker"),
        fence=_JOB.c.fence + 1,
        attempts=_JOB.c.attempts + 1,
        lease_until_ms=database_now_ms() + _LEASE,
    )
    .returning(
        _JOB.c.id, _JOB.c.key, _JOB.c.kind, _JOB.c.correlation_id,
        _JOB.c.fence, _JOB.c.attempts, _JOB.c.crashes, _JOB.c.cancel,
    )
)  # fmt: skip


class LeaseLostError(Exception):
    """Another worker holds the job now: whoever reads this must stop at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it was taken."""

    id: int
    key: str
    """The request id."""
    kind: str
    correlation_id: str
    fence: int
    attempts: int
    crashes: int
    is_cancelled: bool

    @property
    def is_poisoned(self) -> bool:
        """Whether it ended its worker so often that it must be set aside."""
        return self.crashes >= MAX_CRASHES


class JobStore:
    """Reads and writes jobs within the caller's transaction."""

    async def enqueue(
        self,
        connection: AsyncConnection,
        *,
        key: str,
        kind: str,
        correlation_id: str,
    ) -> datetime:
        """Put work into the queue, due now; give this moment, by which the queue is ordered."""
        values = {"key": key, "kind": kind, "correlation_id": correlation_id}
        return _instant((await connection.execute(_ENQUEUE, values)).scalar_one())

    async def enqueue_again(
        self, connection: AsyncConnection, *, key: str, kind: str, correlation_id: str
    ) -> None:
        """Put work into the queue that may have been done before; once is enough if it waits."""
        if await self.revive(connection, key) is not None:
            return
        found = await connection.execute(select(_JOB.c.id).where(_JOB.c.key == key))
        if found.first() is None:
            await self.enqueue(connection, key=key, kind=kind, correlation_id=correlation_id)

    async def state_of(self, connection: AsyncConnection, key: str) -> str:
        """Where a job stands: queued, running, done, quarantined; empty where there is none."""
        found = await connection.execute(select(_JOB.c.state).where(_JOB.c.key == key))
        row = found.first()
        return "" if row is None else str(row[0])

    async def take(
        self, connection: AsyncConnection, *, owner: str, limit: int, lease_ms: int
    ) -> list[Job]:
        """Take due jobs and those whose holder vanished; each take raises the fence."""
        values = {"taker": owner, "at_most": limit, "lease_ms": lease_ms}
        rows = (await connection.execute(_TAKE, values)).all()
        return [Job(*row) for row in rows]

    async def reclaim(self, connection: AsyncConnection) -> None:
        """Let every lease run out: only for a process that knows it is the only one."""
        await connection.execute(
            update(_JOB).where(_JOB.c.state == "running").values(lease_until_ms=0)
        )

    async def hold(self, connection: AsyncConnection, job: Job, *, lease_ms: int) -> bool:
        """Extend the lease as part of any write for the job; tell whether to cancel.

        Raises:
            LeaseLostError: another worker took it; the caller's transaction must not commit.
        """
        values = {"of_id": job.id, "of_fence": job.fence, "lease_ms": lease_ms}
        row = (await connection.execute(_HOLD, values)).first()
        if row is None:
            raise LeaseLostError(job.key)
        return bool(row[0])

    async def finish(self, connection: AsyncConnection, job: Job, *, state: str = "done") -> None:
        """End the job.

        Raises:
            LeaseLostError: another worker took it.
        """
        await self._leave(connection, _LEAVE, job, state=state)

    async def put_back(self, connection: AsyncConnection, job: Job, *, delay_ms: int) -> None:
        """Give the job back to the queue, due after a delay.

        Raises:
            LeaseLostError: another worker took it.
        """
        await self._leave(connection, _PUT_BACK, job, state="queued", delay_ms=delay_ms)

    async def revive(self, connection: AsyncConnection, key: str) -> datetime | None:
        """Queue an ended job once more under the same key, behind all that are due.

        Returns:
            This moment, by which the queue is ordered; None where no job of that key has ended.
        """
        again = (
            update(_JOB)
            .where(_JOB.c.key == key, _JOB.c.state.in_(("done", "quarantined")))
            .values(state="queued", attempts=0, crashes=0, cancel=False,
                    run_after_ms=database_now_ms())
            .returning(_JOB.c.run_after_ms)
        )  # fmt: skip
        due_ms = (await connection.execute(again)).scalar_one_or_none()
        return None if due_ms is None else _instant(due_ms)

    async def hasten(self, connection: AsyncConnection, key: str) -> bool:
        """Make a waiting job due now; False when it does not wait."""
        due = (
            update(_JOB)
            .where(_JOB.c.key == key, _JOB.c.state == "queued")
            .values(run_after_ms=database_now_ms())
            .returning(_JOB.c.id)
        )
        return (await connection.execute(due)).first() is not None

    async def cancel(self, connection: AsyncConnection, key: str) -> bool:
        """Ask the holder to stop before its next step; False when the job has ended.

        One that waits for a later moment is due now; one that is due keeps its place.
        """
        is_early = (_JOB.c.state == "queued") & (_JOB.c.run_after_ms > database_now_ms())
        asked = (
            update(_JOB)
            .where(_JOB.c.key == key, _JOB.c.state.in_(("queued", "running")))
            .values(cancel=True, run_after_ms=case(
                (is_early, database_now_ms()), else_=_JOB.c.run_after_ms))
            .returning(_JOB.c.id)
        )  # fmt: skip
        return (await connection.execute(asked)).first() is not None

    async def count_by_state(self, connection: AsyncConnection) -> dict[str, int]:
        """How many jobs are in each state."""
        query = select(_JOB.c.state, func.count()).group_by(_JOB.c.state)
        rows = await connection.execute(query)
        return {str(state): int(count) for state, count in rows}

    async def _leave(
        self, connection: AsyncConnection, left: Executable, job: Job, **values: object
    ) -> None:
        values |= {"of_id": job.id, "of_fence": job.fence}
        if (await connection.execute(left, values)).first() is None:
            raise LeaseLostError(job.key)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
