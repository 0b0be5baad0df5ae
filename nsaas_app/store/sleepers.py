"""Workloads of namespaces that sleep: what each goes back to."""

from collections.abc import Iterable

from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..domain.sleep import SleepingWorkload
from .tables import AsleepWorkloadRow

__all__ = ["SleeperStore"]

_ASLEEP = AsleepWorkloadRow.__table__  # type: ignore[attr-defined]


class SleeperStore:
    """Reads and writes within the caller's transaction."""

    async def list(
        self, connection: AsyncConnection, *, cluster: str, namespace: str
    ) -> tuple[SleepingWorkload, ...]:
        """Every workload that is remembered of a namespace, in a stable order."""
        query = (
            select(_ASLEEP)
            .where(_ASLEEP.c.cluster == cluster, _ASLEEP.c.namespace == namespace)
            .order_by(_ASLEEP.c.kind, _ASLEEP.c.name)
        )
        return tuple(
            SleepingWorkload(row["kind"], row["name"], row["uid"], row["replicas"], row["skipped"])
            for row in (await connection.execute(query)).mappings()
        )

    async def put(
        self,
        connection: AsyncConnection,
        workloads: Iterable[SleepingWorkload],
        *,
        cluster: str,
        namespace: str,
    ) -> None:
        """Remember workloads, each in place of what was remembered of it."""
        listed = tuple(workloads)
        await self.remove(connection, listed, cluster=cluster, namespace=namespace)
        if listed:
            await connection.execute(
                insert(_ASLEEP),
                [
                    {
                        "cluster": cluster,
                        "namespace": namespace,
                        "kind": one.kind,
                        "name": one.name,
                        "uid": one.uid,
                        "replicas": one.replicas,
                        "skipped": one.skipped,
                    }
                    for one in listed
                ],
            )

    async def remove(
        self,
        connection: AsyncConnection,
        workloads: Iterable[SleepingWorkload],
        *,
        cluster: str,
        namespace: str,
    ) -> None:
        """Forget these workloads."""
        these = [and_(_ASLEEP.c.kind == one.kind, _ASLEEP.c.name == one.name) for one in workloads]
        if these:
            await connection.execute(
                delete(_ASLEEP).where(
                    _ASLEEP.c.cluster == cluster, _ASLEEP.c.namespace == namespace, or_(*these)
                )
            )

    async def clear(self, connection: AsyncConnection, *, cluster: str, namespace: str) -> None:
        """Forget everything about a namespace."""
        await connection.execute(
            delete(_ASLEEP).where(_ASLEEP.c.cluster == cluster, _ASLEEP.c.namespace == namespace)
        )
