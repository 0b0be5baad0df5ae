"""Cleanup: what sweeps know and found, what people want to keep, and the plans."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..breath import Breath
from ..domain.cleanup import Stage
from ..domain.cleanup_document import (
    line_from_document,
    line_to_document,
    observation_from_document,
    observation_to_document,
)
from ..domain.cleanup_plans import Plan, PlanState
from ..domain.observation import Observation
from ..domain.sweeps import Keep, Sweep
from .tables import KeepRow, ObservationRow, PlanRow, SweepRow

__all__ = ["CleanupStore"]

_OBSERVATION = ObservationRow.__table__  # type: ignore[attr-defined]
_SWEEP = SweepRow.__table__  # type: ignore[attr-defined]
_PLAN = PlanRow.__table__  # type: ignore[attr-defined]
_KEEP = KeepRow.__table__  # type: ignore[attr-defined]


def _plan(row: RowMapping) -> Plan:
    return Plan(
        plan_id=row["plan_id"],
        cluster=row["cluster"],
        stage=Stage(row["stage"]),
        state=PlanState(row["state"]),
        created_by=row["created_by"],
        created_at=row["created_at"],
        correlation_id=row["correlation_id"],
        lines=tuple(line_from_document(line) for line in row["lines"]),
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


def _changing(plan: Plan) -> dict[str, Any]:
    return {
        "state": plan.state.value,
        "lines": [line_to_document(line) for line in plan.lines],
        "confirmed_by": plan.confirmed_by,
        "confirmed_at": plan.confirmed_at,
        "ended_at": plan.ended_at,
    }


class CleanupStore:
    """Reads and writes within the caller's transaction."""

    async def observations(
        self, connection: AsyncConnection, *, cluster: str
    ) -> dict[str, Observation]:
        """What is known, by namespace."""
        query = select(_OBSERVATION.c.namespace, _OBSERVATION.c.document)
        rows = await connection.execute(query.where(_OBSERVATION.c.cluster == cluster))
        found, breath = {}, Breath()
        for name, document in rows:
            await breath.draw()
            found[name] = observation_from_document(document)
        return found

    async def put_observations(
        self,
        connection: AsyncConnection,
        known: Mapping[str, Observation],
        *,
        cluster: str,
        gone: Iterable[str] = (),
    ) -> None:
        """Store what is known now of some; forget namespaces that are gone."""
        names = [*known, *gone]
        is_outdated = (_OBSERVATION.c.cluster == cluster) & _OBSERVATION.c.namespace.in_(names)
        await connection.execute(delete(_OBSERVATION).where(is_outdated))
        rows = [
            {"cluster": cluster, "namespace": name, "document": observation_to_document(seen)}
            for name, seen in known.items()
        ]
        if rows:
            await connection.execute(insert(_OBSERVATION), rows)

    async def add_sweep(
        self, connection: AsyncConnection, sweep: Sweep, *, cluster: str, remember: int = 200
    ) -> None:
        """Store the result of a sweep; the oldest ones are forgotten."""
        await connection.execute(
            insert(_SWEEP).values(
                sweep_id=sweep.sweep_id, cluster=cluster, started_at=sweep.started_at,
                took_ms=sweep.took_ms, looked_at=sweep.looked_at, found=dict(sweep.found),
                excluded=sweep.excluded, notes=list(sweep.notes),
            )
        )  # fmt: skip
        kept = select(_SWEEP.c.sweep_id).order_by(_SWEEP.c.started_at.desc()).limit(remember)
        await connection.execute(delete(_SWEEP).where(_SWEEP.c.sweep_id.not_in(kept)))

    async def sweeps(
        self, connection: AsyncConnection, *, cluster: str, limit: int = 20
    ) -> list[Sweep]:
        """The latest sweeps, newest first."""
        query = (
            select(_SWEEP)
            .where(_SWEEP.c.cluster == cluster)
            .order_by(_SWEEP.c.started_at.desc())
            .limit(limit)
        )
        return [
            Sweep(
                sweep_id=row["sweep_id"],
                started_at=row["started_at"],
                took_ms=row["took_ms"],
                looked_at=row["looked_at"],
                found=row["found"],
                excluded=row["excluded"],
                notes=tuple(row["notes"]),
            )
            for row in (await connection.execute(query)).mappings()
        ]

    async def keeps(self, connection: AsyncConnection, *, cluster: str) -> dict[str, Keep]:
        """What people want to keep, by namespace."""
        rows = (
            await connection.execute(select(_KEEP).where(_KEEP.c.cluster == cluster))
        ).mappings()
        return {
            row["namespace"]: Keep(
                row["namespace"], row["uid"], row["reason"], row["kept_by"], row["until"]
            )
            for row in rows
        }

    async def put_keep(self, connection: AsyncConnection, keep: Keep, *, cluster: str) -> None:
        """Store somebody's word in place of an earlier one."""
        await self.drop_keep(connection, keep.namespace, cluster=cluster)
        await connection.execute(
            insert(_KEEP).values(
                cluster=cluster, namespace=keep.namespace, uid=keep.uid, reason=keep.reason,
                kept_by=keep.by, until=keep.until,
            )
        )  # fmt: skip

    async def drop_keep(self, connection: AsyncConnection, namespace: str, *, cluster: str) -> bool:
        """Forget somebody's word; False where there was none."""
        dropped = await connection.execute(
            delete(_KEEP).where(_KEEP.c.cluster == cluster, _KEEP.c.namespace == namespace)
        )
        return dropped.rowcount > 0

    async def add_plan(self, connection: AsyncConnection, plan: Plan) -> None:
        """Store a new plan."""
        await connection.execute(
            insert(_PLAN).values(
                plan_id=plan.plan_id, cluster=plan.cluster, stage=plan.stage.value,
                created_by=plan.created_by, created_at=plan.created_at,
                correlation_id=plan.correlation_id, version=plan.version, **_changing(plan),
            )
        )  # fmt: skip

    async def plan(self, connection: AsyncConnection, plan_id: str) -> Plan | None:
        """One plan."""
        query = select(_PLAN).where(_PLAN.c.plan_id == plan_id)
        row = (await connection.execute(query)).mappings().first()
        return None if row is None else _plan(row)

    async def plans(
        self, connection: AsyncConnection, *, cluster: str, limit: int = 100
    ) -> list[Plan]:
        """The latest plans, newest first."""
        query = (
            select(_PLAN)
            .where(_PLAN.c.cluster == cluster)
            .order_by(_PLAN.c.created_at.desc(), _PLAN.c.plan_id)
            .limit(limit)
        )
        return [_plan(row) for row in (await connection.execute(query)).mappings()]

    async def open_plans(self, connection: AsyncConnection, *, cluster: str) -> list[Plan]:
        """Every plan that was confirmed and has something to come, oldest first."""
        query = (
            select(_PLAN)
            .where(
                _PLAN.c.cluster == cluster,
                _PLAN.c.confirmed_at.is_not(None),
                _PLAN.c.ended_at.is_(None),
            )
            .order_by(_PLAN.c.created_at, _PLAN.c.plan_id)
        )
        return [_plan(row) for row in (await connection.execute(query)).mappings()]

    async def count_plans(self, connection: AsyncConnection, *, cluster: str) -> int:
        """How many plans there are."""
        counted = select(func.count()).select_from(_PLAN).where(_PLAN.c.cluster == cluster)
        return (await connection.execute(counted)).scalar_one()

    async def change_plan(self, connection: AsyncConnection, plan: Plan) -> bool:
        """Store a plan as it is now; False when somebody else changed it since it was read."""
        changed = await connection.execute(
            update(_PLAN)
            .where(_PLAN.c.plan_id == plan.plan_id, _PLAN.c.version == plan.version)
            .values(version=plan.version + 1, **_changing(plan))
        )
        return changed.rowcount == 1
