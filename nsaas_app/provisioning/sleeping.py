"""Putting what runs in a namespace to sleep, and waking it exactly as it was.

What a workload goes back to is stored before it is scaled, so a run that was cut off anywhere goes
on from what it finds. The scale is written only onto the very version that was read: a change of
somebody else in between is seen, and counted.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from .. import metrics
from ..cluster.client import Cluster
from ..cluster.faults import ClusterError
from ..cluster.mirror import Mirror
from ..cluster.objects import Deployment
from ..cluster.workload_objects import StatefulSet
from ..domain.sleep import SleepingWorkload
from .crashpoints import CrashPoints
from .effects import all_of, heard_out, repeating
from .journal import Journal
from .sleep_rules import SCALED, is_awake, replicas_of, skipped_of, why_left_alone

__all__ = ["Sleeping"]

_TO_SLEEP: Final = ("CronJob", "Deployment", "StatefulSet")
"""Nothing new is started first; what others build on goes last."""
READY_WITHIN_S: Final = 30.0
"""How long StatefulSets may take before what builds on them is woken all the same."""
GONE_WITHIN_S: Final = 40.0
"""How long pods may take to end; the usual grace is 30 s."""

Item = Mapping[str, Any]


class Sleeping:
    """Sends the workloads of one request's namespace to sleep, and wakes them."""

    def __init__(
        self, *, cluster: Cluster, mirror: Mirror, journal: Journal, crash: CrashPoints
    ) -> None:
        self._crash = crash
        self._cluster = cluster
        self._mirror = mirror
        self._journal = journal
        self._namespace = str(journal.request.namespace)

    async def put_to_sleep(self) -> tuple[str, ...]:
        """Scale to zero and suspend all that can sleep; give what was touched.

        What is asleep by other hands is not remembered, and so not woken later.

        Raises:
            ClusterError: a call was refused or not answered.
            CancelAskedError: somebody asked to stop.
        """
        scalers = await self._list("HorizontalPodAutoscaler")
        touched: list[str] = []
        for kind in _TO_SLEEP:
            touched += await self._kind_to_sleep(kind, scalers)
        others = await all_of(self._list(kind) for kind in ("DaemonSet", "Pod", "Job"))
        if left_alone := skipped_of(*others):
            await self._journal.note_sleepers(left_alone)
        return tuple(touched)

    async def wake(self) -> tuple[str, ...]:
        """Bring back every workload that is remembered; give what was touched.

        One that was scaled or made anew while it slept stays as it is now.

        Raises:
            ClusterError: a call was refused or not answered; what slept on is still remembered.
            CancelAskedError: somebody asked to stop.
        """
        remembered = await self._journal.sleepers()
        touched: list[str] = []
        for kind in reversed(_TO_SLEEP):
            rows = [row for row in remembered if row.kind == kind and not row.skipped]
            if not rows:
                continue
            self._crash.reach(f"workloads-{kind}", "before")
            await heard_out([self._wake(row) for row in rows])
            self._crash.reach(f"workloads-{kind}", "effect")
            await self._journal.forget_sleepers(rows)
            self._crash.reach(f"workloads-{kind}", "commit")
            metrics.WORKLOADS_RESTED.labels(kind, "awake").inc(len(rows))
            touched += [row.identity for row in rows]
            if kind == "StatefulSet":
                await self._until_ready(rows)
        await self._journal.forget_sleepers([row for row in remembered if row.skipped])
        return tuple(touched)

    async def until_quiet(self) -> tuple[str, ...]:
        """Wait a while until no pod of a sleeping workload is left; give the workloads."""
        rows = [row for row in await self._journal.sleepers() if not row.skipped]
        await self._mirror.until(
            self._namespace,
            lambda: not any(self._has_pods(row) for row in rows),
            timeout_s=GONE_WITHIN_S,
        )
        return tuple(row.identity for row in rows)

    async def _kind_to_sleep(self, kind: str, scalers: list[Item]) -> list[str]:
        items = await self._list(kind)
        reasons = {i["metadata"]["uid"]: why_left_alone(kind, i, scalers) for i in items}
        awake = [item for item in items if is_awake(kind, item)]
        rows = [_row(kind, item, skipped=reasons[item["metadata"]["uid"]]) for item in awake]
        if rows:
            await self._journal.note_sleepers(rows)
        able = [item for item in awake if not reasons[item["metadata"]["uid"]]]
        self._crash.reach(f"workloads-{kind}", "before")
        await heard_out([self._to_sleep(kind, item) for item in able])
        self._crash.reach(f"workloads-{kind}", "effect")
        metrics.WORKLOADS_RESTED.labels(kind, "asleep").inc(len(able))
        metrics.WORKLOADS_RESTED.labels(kind, "left-alone").inc(len(awake) - len(able))
        return [f"{kind}/{item['metadata']['name']}" for item in able]

    async def _to_sleep(self, kind: str, item: Item) -> None:
        """Scale one to zero; what it is now is stored already, a newer version is stored first."""
        seen: Item | None = item

        async def once() -> None:
            nonlocal seen
            if seen is None:
                seen = await self._read(kind, item["metadata"]["name"])
                if seen is None or not is_awake(kind, seen):
                    return
                await self._journal.note_sleepers([_row(kind, seen)])
            current, seen = seen, None
            await self._write(kind, current, replicas=0)

        try:
            await repeating(once)
        except ClusterError as error:
            if error.code == "NOT_FOUND":
                return
            if error.code != "WEBHOOK_DENIED":
                raise
            # A policy of the cluster holds this one: the others can sleep all the same.
            await self._journal.note_sleepers([_row(kind, item, skipped=error.message[:500])])

    async def _wake(self, row: SleepingWorkload) -> None:
        async def once() -> None:
            item = await self._read(row.kind, row.name)
            if item is None or item["metadata"]["uid"] != row.uid or is_awake(row.kind, item):
                return
            await self._write(row.kind, item, replicas=row.replicas)

        try:
            await repeating(once)
        except ClusterError as error:
            if error.code != "NOT_FOUND":
                raise

    async def _write(self, kind: str, item: Item, *, replicas: int) -> None:
        metadata = item["metadata"]
        if kind in SCALED:
            patch, part = {"spec": {"replicas": replicas}}, "scale"
        else:
            patch, part = {"spec": {"suspend": replicas == 0}}, ""
        version = {"metadata": {"resourceVersion": metadata["resourceVersion"]}}
        await self._cluster.merge(
            kind, metadata["name"], patch | version, self._namespace, part=part
        )

    async def _list(self, kind: str) -> list[Item]:
        return [*await repeating(lambda: self._cluster.read_all(kind, self._namespace))]

    async def _read(self, kind: str, name: str) -> Item | None:
        where = {"kind": kind, "metadata": {"name": name, "namespace": self._namespace}}
        return await self._cluster.read(where)

    async def _until_ready(self, rows: Iterable[SleepingWorkload]) -> None:
        listed = tuple(rows)
        await self._mirror.until(
            self._namespace,
            lambda: all(self._is_ready(row) for row in listed),
            timeout_s=READY_WITHIN_S,
        )

    def _seen(self, row: SleepingWorkload) -> Deployment | StatefulSet | None:
        workloads, key = self._mirror.workloads, (row.name, self._namespace)
        if row.kind == "Deployment":
            return workloads.deployments.get(*key)
        return workloads.stateful_sets.get(*key) if row.kind == "StatefulSet" else None

    def _is_ready(self, row: SleepingWorkload) -> bool:
        seen = self._seen(row)
        if seen is None or seen.metadata.uid != row.uid:
            return seen is None
        wanted = seen.spec.replicas or 0
        return wanted > 0 and (seen.status.ready_replicas or 0) >= wanted

    def _has_pods(self, row: SleepingWorkload) -> bool:
        seen = self._seen(row)
        if seen is None:
            return False
        return seen.spec.replicas != 0 or (seen.status.replicas or 0) > 0


def _row(kind: str, item: Item, *, skipped: str = "") -> SleepingWorkload:
    metadata = item["metadata"]
    return SleepingWorkload(
        kind, metadata["name"], metadata["uid"], replicas_of(kind, item), skipped
    )
