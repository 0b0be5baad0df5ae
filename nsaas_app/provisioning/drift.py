"""Drift: found on the watch event, shown at once, and repaired where nobody has to be asked."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import structlog

from .. import metrics
from ..cluster.cache import Change
from ..cluster.mirror import Mirror
from ..cluster.objects import Object
from ..directory.directory import Directory
from ..domain import keys
from ..domain.drift import DriftItem, Remedy
from ..domain.errors import PortalError
from ..domain.namespaces import Intent, ManagedNamespace
from ..manifests.bundle import Bundle, bundle, identity_of
from ..manifests.comparison import differences
from ..manifests.manifest import Manifest
from ..manifests.network_policies import NetworkSettings
from .identifiers import new_key
from .observation import foreign_policies, is_compared_alike, observed_objects
from .stores import Stores

__all__ = ["AUTOMATIC", "REPAIR", "REPAIR_ALL", "DriftWatch", "desired_bundle", "find_drift"]

log = structlog.get_logger()

REPAIR: Final = "repair"
"""Kind of the job that repairs what repairs itself."""
REPAIR_ALL: Final = "repair-all"
"""Kind of the job that a person asked for: everything that can be repaired."""
AUTOMATIC: Final = frozenset({"NetworkPolicy", "ResourceQuota", "RoleBinding"})
"""Kinds whose tampering opens or overfills a namespace: nobody is asked."""
COALESCE_S: Final = 0.1
"""One kubectl apply touches several objects; they are looked at once."""
FIGHT_REPAIRS: Final = 5
FIGHT_WINDOW_S: Final = 120.0
"""So many repairs in so short a time: another controller holds against us."""


def desired_bundle(record: ManagedNamespace, *, network: NetworkSettings, now: datetime) -> Bundle:
    """What a record implies now."""
    return bundle(
        record.spec,
        request_id=record.request_id,
        provisioned_at=record.created_at,
        now=now,
        settings=network,
    )


def find_drift(
    record: ManagedNamespace, mirror: Mirror, *, network: NetworkSettings, now: datetime
) -> tuple[DriftItem, ...]:
    """Every difference between a record and what the mirror shows of its namespace."""
    name = str(record.name)
    observed = observed_objects(mirror, name)
    planned = tuple(desired_bundle(record, network=network, now=now))
    found = [
        DriftItem(
            object=identity_of(manifest),
            path=drift.path,
            desired=drift.desired,
            observed=drift.observed,
            remedy=Remedy.AUTOMATIC if manifest["kind"] in AUTOMATIC else Remedy.OFFERED,
        )
        for manifest in planned
        for drift in differences(manifest, observed.get(identity_of(manifest)))
    ]
    found += _leftovers(planned, observed)
    note = "A policy of somebody else: policies add up, so it can widen isolation."
    found += [
        DriftItem(f"NetworkPolicy/{policy}", "", None, policy, Remedy.FOREIGN, note)
        for policy in foreign_policies(mirror, name)
    ]
    return tuple(found)


def _leftovers(planned: tuple[Manifest, ...], observed: dict[str, Manifest]) -> list[DriftItem]:
    """Objects that carry our label and that nobody asks for any more: access that has expired."""
    wanted = {identity_of(manifest) for manifest in planned}
    return [
        DriftItem(identity, "", None, identity, Remedy.AUTOMATIC)
        for identity, manifest in observed.items()
        if identity not in wanted
        and identity.partition("/")[0] in AUTOMATIC
        and manifest["metadata"]["labels"].get(keys.MANAGED) == keys.MANAGED_VALUE
    ]


class DriftWatch:
    """Looks at a namespace whenever one of its objects changed."""

    def __init__(
        self,
        *,
        mirror: Mirror,
        directory: Directory,
        stores: Stores,
        network: NetworkSettings,
        clock: Callable[[], datetime],
        wake_worker: Callable[[], None],
    ) -> None:
        self._mirror = mirror
        self._directory = directory
        self._stores = stores
        self._network = network
        self._clock = clock
        self._wake_worker = wake_worker
        self._dirty: dict[str, None] = {}
        """A set that knows which came last."""
        self._wake = asyncio.Event()
        self._repairs: dict[str, deque[float]] = {}
        caches = (mirror.quotas, mirror.limit_ranges, mirror.policies, mirror.bindings)
        for cache in caches:
            cache.listen(self._content_changed)
        mirror.namespaces.listen(self._namespace_changed)
        directory.listen_records(self.look_at)

    def look_at(self, name: str) -> None:
        """Compare a namespace soon."""
        self._dirty.pop(name, None)
        self._dirty[name] = None
        self._wake.set()

    def look_at_expiring(self, *, since: datetime, until: datetime) -> None:
        """Compare the namespaces in which somebody's access ended in a span of time."""
        for record in self._directory.records():
            ends = (grant.expires_at for grant in record.spec.access)
            if any(end is not None and since < end <= until for end in ends):
                self.look_at(str(record.name))

    async def run(self) -> None:
        """Compare what changed until cancelled."""
        await self._mirror.wait_synced()
        while True:
            await self._wake.wait()
            await asyncio.sleep(COALESCE_S)
            self._wake.clear()
            while self._dirty:
                # After a start there are all of them; what changes meanwhile goes first.
                name, _ = self._dirty.popitem()
                began = time.monotonic()
                await self._compare(name)
                # As long again for everybody else: requests, pages, leases.
                await asyncio.sleep(time.monotonic() - began)

    def _content_changed(self, change: Change, before: Object | None, item: Object) -> None:
        if change is Change.MODIFIED and is_compared_alike(before, item):
            return
        if self._directory.record(item.metadata.namespace) is not None:
            self.look_at(item.metadata.namespace)

    def _namespace_changed(self, _change: Change, _before: Object | None, item: Object) -> None:
        if self._directory.record(item.metadata.name) is not None:
            self.look_at(item.metadata.name)

    async def _compare(self, name: str) -> None:
        record = self._directory.record(name)
        seen = self._mirror.namespaces.get(name)
        # While a request runs, differences are its work in progress; a missing namespace is a
        # state of its own, and one that goes away loses its objects one by one.
        if record is None or record.intent is not Intent.ACTIVE:
            self._directory.set_drift(name, ())
            return
        if seen is None or not seen.is_active or seen.metadata.uid != record.uid:
            self._directory.set_drift(name, ())
            return
        found = find_drift(record, self._mirror, network=self._network, now=self._clock())
        if any(item.remedy is Remedy.AUTOMATIC for item in found):
            found = await self._repair(record, found)
        self._count_new(name, found)
        self._directory.set_drift(name, found)

    async def _repair(
        self, record: ManagedNamespace, found: tuple[DriftItem, ...]
    ) -> tuple[DriftItem, ...]:
        """Queue a repair, unless somebody undoes them as fast as they are made."""
        name = str(record.name)
        times = self._repairs.setdefault(name, deque(maxlen=FIGHT_REPAIRS))
        now = time.monotonic()
        if len(times) == FIGHT_REPAIRS and now - times[0] < FIGHT_WINDOW_S:
            log.warning("repair stopped", namespace=name, repairs=FIGHT_REPAIRS)
            note = (
                f"Repaired {FIGHT_REPAIRS} times within {FIGHT_WINDOW_S:.0f} s and undone each "
                "time: another controller manages the same fields. Stop it, then repair."
            )
            return tuple(
                replace(item, remedy=Remedy.STOPPED, note=note)
                if item.remedy is Remedy.AUTOMATIC
                else item
                for item in found
            )
        times.append(now)
        try:
            async with self._stores.database.transaction() as connection:
                await self._stores.jobs.enqueue_again(
                    connection,
                    key=f"repair:{record.cluster}/{name}",
                    kind=REPAIR,
                    correlation_id=new_key(),
                )
        except PortalError as error:
            log.warning("repair not queued", namespace=name, error=error.message)
        self._wake_worker()
        return found

    def _count_new(self, name: str, found: tuple[DriftItem, ...]) -> None:
        before = {item.object for item in self._directory.drift_of(name)}
        for identity in {item.object for item in found} - before:
            metrics.DRIFT.labels(identity.partition("/")[0]).inc()
